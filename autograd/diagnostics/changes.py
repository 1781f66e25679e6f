"""Finds the Values that got another number after a graph was recorded, and warns of them.

A node keeps its number and its slopes (local derivatives). So an operation can be computed again with the numbers that
its operands have now. If the result, or a slope, differs from the one in the node, an operand was changed.
"""

import warnings
from collections.abc import Iterator, Sequence, Set
from math import nan

from .. import floats, table
from ..value import Value, number_of
from ..walk import positions, topological

__all__ = ["WORKED_OUT", "ChangedValueWarning", "changed", "fits", "warn_of_changes"]

AS_RECORDED = "shows the results and slopes of the recording, as backward() does"
WORKED_OUT = "takes the numbers that leaves have now, while backward() keeps those of the recording"
ROUNDING = 1e-12  # relative: differences that another order of a sum, or another machine's exp, may cause
VISIBLE = 1e-6  # relative: a term of a sum that is at least so large would show a change of its operand
MOST_NAMED = 3  # Values that a warning names


class ChangedValueWarning(UserWarning):
    """A Value got another number after the graph was recorded. The graph still has the old one."""


def changed(
    *roots: Value, free: Set[Value] = frozenset(), suspects: Sequence[Value] | None = None
) -> list[tuple[Value, ...]]:
    """Returns the Values in the graphs of the roots whose number is not the one that was recorded.

    Each is in a tuple of its own. Several Values in one tuple are alternatives: one of them was changed, but the graph
    does not show which one: of y = a + b it stores y, but not the old numbers of a and b. Changes that a Value of
    `free` explains are left out. If `suspects` is given, only these nodes are checked.
    """
    order = [] if suspects == [] else topological(*(root for root in roots if root.op is not None))
    misfits = {node for node in (order if suspects is None else suspects) if not fits(node, free)}
    if not misfits:
        return []
    sure = {v for node in misfits for v, number in _recorded_numbers(node) if _differs(v.data, number)}
    sound = {v for node in order if node not in misfits and fits(node) for v in _vouched_for(node)} - sure
    found: dict[tuple[Value, ...], None] = {}
    for node in reversed(order):
        if node in misfits:
            moved = [v for v, _ in _recorded_numbers(node) if v in sure]
            if moved:
                found |= dict.fromkeys((v,) for v in moved if v not in free)
            elif sure.isdisjoint(suspects := _suspects(node, sound)):
                found[suspects] = None
    sure |= {alternatives[0] for alternatives in found if len(alternatives) == 1}
    return [alternatives for alternatives in found if len(alternatives) == 1 or sure.isdisjoint(alternatives)]


def warn_of_changes(
    who: str,
    *roots: Value,
    shows: str = AS_RECORDED,
    free: Set[Value] = frozenset(),
    suspects: Sequence[Value] | None = None,
    stacklevel: int = 3,
) -> str:
    """Warns, at the line that called `who`, if Values in these graphs were changed. Returns the text, or ""."""
    found = changed(*roots, free=free, suspects=suspects)
    if not found:
        return ""
    said = _worded(found, f"{who} {shows}")
    warnings.warn(said, ChangedValueWarning, stacklevel=stacklevel)
    return said


def _worded(found: list[tuple[Value, ...]], shows: str) -> str:
    """Returns the warning's text; it is the same for every caller except for `shows`."""
    names = [" or ".join(map(_named, alternatives)) for alternatives in found[:MOST_NAMED]]
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    *most, last = names + more
    listed = f"{', '.join(most)} and {last}" if most else last
    have = "have been given other numbers" if most else "has been given another number"
    return f"{listed} {have} since this graph was recorded; {shows}: record the graph again for new ones"


def fits(node: Value, free: Set[Value] = frozenset()) -> bool:
    """Returns whether an inner node's number and slopes follow from the numbers that its operands have now.

    Operands in `free` may have any number. If the node has such operands, only its recorded factors are compared: those
    of a product or a weighted sum.
    """
    if free and not free.isdisjoint(node.operands):
        return _keeps_its_factors(node) or all(
            v in free or not _differs(v._data, number) for v, number in _recorded_numbers(node)
        )
    inputs = [number_of(v) for v in node.operands]
    y = _worked_out(node, inputs)
    fits_number = y == node._data or not _differs(y, node._data, _terms(node))
    return fits_number and (_keeps_its_factors(node) or _slopes_fit(node, y, inputs))


def _keeps_its_factors(node: Value) -> bool:
    """Returns whether the node is a weighted sum of Values only with slopes that are the factors' current numbers."""
    if node.op is not table.DOT or node._right is not None:
        return False
    (w, a, _), (by_w, by_a, _) = table.parts(node._left), table.parts(node._d_left)
    return by_w == tuple([v._data for v in a]) and by_a == tuple([v._data for v in w])


def _worked_out(node: Value, inputs: list[float]) -> float:
    """Returns the result of a node's operation on these numbers; nan if it raises, as a user's operation may."""
    assert node.op is not None, "leaves fit"
    try:
        return node.op.forward(floats, *inputs)  # type: ignore[no-any-return]  # rules speak any mathematics
    except (ValueError, ArithmeticError):
        return nan


def _terms(node: Value) -> float:
    """Returns Σ |term| for an operation with any number of operands, else 0: rounding depends on the order of a sum."""
    if node.op is None or node.op.slopes:
        return 0.0
    return sum(abs(parent._data * slope) for parent, slope in zip(node.parents, node.local_grads, strict=True))


def _slopes_fit(node: Value, y: float, inputs: list[float]) -> bool:
    """Returns whether the node's slopes are those at its operands' current numbers; y is the result there."""
    op = node.op
    assert op is not None, "leaves have no slopes"
    if y != y and node._data == node._data:
        return False
    try:
        for i, then in zip(positions(node), node.local_grads, strict=True):
            now = op.slope(floats, y, inputs, i)
            if now != then and now == now and then == then and _differs(now, then):  # nan cannot be compared
                return False
    except (ValueError, ArithmeticError):
        return False
    return True


def _recorded_numbers(node: Value) -> Iterator[tuple[Value, float]]:
    """Yields the factors of a product or a weighted sum with their recorded numbers.

    The recorded number of a factor is the slope by the other factor of its product.
    """
    if node.op is table.MUL or node.op is table.DOT:
        operands = node.operands
        for i, slope in zip(positions(node), node.local_grads, strict=True):
            partner = table.partner_of(i, len(operands))
            if partner is not None and isinstance(operands[partner], Value):
                yield operands[partner], slope


def _vouched_for(node: Value) -> Iterator[Value]:
    """Yields the Values that a fitting node shows to be unchanged: itself, and operands with a large enough term."""
    yield node
    for parent, slope in zip(node.parents, node.local_grads, strict=True):
        if abs(slope * parent._data) > VISIBLE * abs(node._data):
            yield parent


def _suspects(node: Value, sound: set[Value]) -> tuple[Value, ...]:
    """Returns the alternatives for a node that does not fit: one of these Values must have been changed."""
    known = {v for v, _ in _recorded_numbers(node)}
    suspects = [v for v in dict.fromkeys(node.parents) if v not in sound and v not in known]
    inputs = [number_of(v) for v in node.operands]
    if node not in sound and _slopes_fit(node, _worked_out(node, inputs), inputs):
        suspects.append(node)
    return tuple(suspects or (*node.parents, node))


def _differs(a: float, b: float, size: float = 0.0) -> bool:
    """Returns whether two numbers differ by more than the rounding error of a sum with terms of this size."""
    if a == b or a != a or b != b:
        return (a != a) != (b != b)
    return not abs(a - b) <= ROUNDING * max(abs(a), abs(b), size)


def _named(value: Value) -> str:
    return f"{value.label or 'a Value without a label'} (now {value.data!r})"

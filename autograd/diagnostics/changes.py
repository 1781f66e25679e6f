"""Values that were given another number after a graph was recorded: which they are, and the warning about them.

A node keeps its number and its slopes. So the graph shows where it no longer fits: an operation, worked out anew on the
numbers that its operands have now, gives another number or another slope.
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
ROUNDING = 1e-12  # relative: what another order of a sum, or another machine's exp, may change
VISIBLE = 1e-6  # relative: the smallest part of a sum whose change would show
MOST_NAMED = 3  # that a warning names


class ChangedValueWarning(UserWarning):
    """A Value has been given another number since the graph was recorded. The graph keeps the old one."""


def changed(
    *roots: Value, free: Set[Value] = frozenset(), suspects: Sequence[Value] | None = None
) -> list[tuple[Value, ...]]:
    """The Values below the roots that have another number than the graph was recorded with.

    Each is a tuple of its own. Several in one tuple are alternatives: one of them was changed, and the graph cannot
    tell which (of y = a + b, it keeps y alone). What a change of one of the `free` explains is left out. If
    `suspects` are given, all other nodes are known to fit.
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
    """Warn, at the line that called `who`, if Values below the roots have been changed; returns what it said, or ""."""
    found = changed(*roots, free=free, suspects=suspects)
    if not found:
        return ""
    said = _worded(found, f"{who} {shows}")
    warnings.warn(said, ChangedValueWarning, stacklevel=stacklevel)
    return said


def _worded(found: list[tuple[Value, ...]], shows: str) -> str:
    """The sentence about Values that were changed, whoever says it."""
    names = [" or ".join(map(_named, alternatives)) for alternatives in found[:MOST_NAMED]]
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    *most, last = names + more
    listed = f"{', '.join(most)} and {last}" if most else last
    have = "have been given other numbers" if most else "has been given another number"
    return f"{listed} {have} since this graph was recorded; {shows}: record the graph again for new ones"


def fits(node: Value, free: Set[Value] = frozenset()) -> bool:
    """Whether an inner node's number and slopes follow from the numbers that its operands have now.

    The free ones may have any: then only the factors of products are compared, which the slopes keep.
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
    """Whether it is a weighted sum of Values alone whose slopes are its factors' numbers of now. (A fast path.)"""
    if node.op is not table.DOT or node._right is not None:
        return False
    (w, a, _), (by_w, by_a, _) = table.parts(node._left), table.parts(node._d_left)
    return by_w == tuple([v._data for v in a]) and by_a == tuple([v._data for v in w])


def _worked_out(node: Value, inputs: list[float]) -> float:
    """What a node's operation gives on these numbers; nan where somebody's own has no value."""
    assert node.op is not None, "leaves fit"
    try:
        return node.op.forward(floats, *inputs)  # type: ignore[no-any-return]  # rules speak any mathematics
    except (ValueError, ArithmeticError):
        return nan


def _terms(node: Value) -> float:
    """The size of the terms of a sum over any number of operands, which may be added in another order; else 0."""
    if node.op is None or node.op.slopes:
        return 0.0
    return sum(abs(parent._data * slope) for parent, slope in zip(node.parents, node.local_grads, strict=True))


def _slopes_fit(node: Value, y: float, inputs: list[float]) -> bool:
    """Whether the slopes are those at the operands' numbers of now, where the number would be y."""
    op = node.op
    assert op is not None, "leaves have no slopes"
    if y != y and node._data == node._data:
        return False
    try:
        for i, then in zip(positions(node), node.local_grads, strict=True):
            now = op.slope(floats, y, inputs, i)
            if now != then and now == now and then == then and _differs(now, then):  # a nan tells nothing
                return False
    except (ValueError, ArithmeticError):
        return False
    return True


def _recorded_numbers(node: Value) -> Iterator[tuple[Value, float]]:
    """The factors in a product or a weighted sum, with the numbers they had: the slopes by their partners."""
    if node.op is table.MUL or node.op is table.DOT:
        operands = node.operands
        for i, slope in zip(positions(node), node.local_grads, strict=True):
            partner = table.partner_of(i, len(operands))
            if partner is not None and isinstance(operands[partner], Value):
                yield operands[partner], slope


def _vouched_for(node: Value) -> Iterator[Value]:
    """A node that fits, and its operands whose part in its number is large enough to be seen."""
    yield node
    for parent, slope in zip(node.parents, node.local_grads, strict=True):
        if abs(slope * parent._data) > VISIBLE * abs(node._data):
            yield parent


def _suspects(node: Value, sound: set[Value]) -> tuple[Value, ...]:
    """The Values of which one must have been changed, as the node does not fit."""
    known = {v for v, _ in _recorded_numbers(node)}
    suspects = [v for v in dict.fromkeys(node.parents) if v not in sound and v not in known]
    inputs = [number_of(v) for v in node.operands]
    if node not in sound and _slopes_fit(node, _worked_out(node, inputs), inputs):
        suspects.append(node)
    return tuple(suspects or (*node.parents, node))


def _differs(a: float, b: float, size: float = 0.0) -> bool:
    """Whether two numbers differ by more than rounding does in a sum of terms of this size."""
    if a == b or a != a or b != b:
        return (a != a) != (b != b)
    return not abs(a - b) <= ROUNDING * max(abs(a), abs(b), size)


def _named(value: Value) -> str:
    return f"{value.label or 'a Value without a label'} (now {value.data!r})"

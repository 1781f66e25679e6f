"""Finds constants that seem to be copies of a graph's own numbers, made by `float(x)`, `x.data` or a comparison.

A graph does not record where its constants come from. There are two signs of a copy. First, a constant equals the
number of an input, or of a node that depends on an input. Second, a plain 1, −1 or 0 multiplies such a node, as a mask
or a sign does, or a plain condition chooses it.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ... import table
from ...value import Value
from .graph import NOTHING, Graph

__all__ = ["CONDITION", "frozen"]

REMEDY = (
    "it stays as it is for every example. Lift a function instead, which is tried at several examples: "
    "lift(lambda x: ..., parameters, inputs=X)"
)
CONDITION = (
    "it stays what Python found it to be: choose by a comparison of Values itself, which is recorded, as in "
    "autograd.where(x > 0, a, b)"
)


def frozen(graph: Graph, parameters: Sequence[Value], inputs: Sequence[Value]) -> str | None:
    """Returns the text of a warning about the first constant that seems to be a copy; None if no constant does.

    `inputs` are the leaves whose numbers, and the numbers that depend on them, may have been copied.
    """
    order = graph.inner
    depends: set[Value] = set(inputs)
    for node in order:
        if not depends.isdisjoint(node.parents):
            depends.add(node)
    named = {*parameters, *inputs}
    of_inputs = {abs(value.data): (i, value) for i, value in reversed(list(enumerate(inputs)))}
    of_nodes: dict[float, list[Value]] = {}
    for node in order:
        if node in depends:
            of_nodes.setdefault(abs(node.data), []).append(node)
    for node, position, constant in _constants(order, named):
        size = abs(constant)
        if _is_habit(graph, node, position, constant) or not math.isfinite(constant):
            continue
        if size in of_inputs:
            i, value = of_inputs[size]
            called = f" ({value.label})" if value.label else ""
            return (
                f"the graph has the constant {constant!r}, which is the number of inputs[{i}]{called}: if it was taken "
                f"from it, by float(x), x.data or a copy, {REMEDY}"
            )
        if node.op is table.WHERE and position == 0 and _other_factor(node, position) in depends:
            return f"the graph chooses by the constant {constant!r}; if it comes from a comparison, {CONDITION}"
        if size <= 1.0 and size in (0.0, 1.0) and _other_factor(node, position) in depends:
            other = _other_factor(node, position)
            return (
                f"the graph multiplies {_name(other)} = {other.data!r} by the constant {constant!r}: if it comes "
                f"from a comparison, a mask or a sign, as in z * (z > 0), {REMEDY}"
            )
        taken = _apart(of_nodes.pop(size, []), order, named, size)
        if taken:
            return (
                f"the graph has the constant {constant!r}, which is the number of {_name(taken[0])}: "
                f"if it was taken from it, by float(h), h.data or h.detach(), {REMEDY}"
            )
    return None


def _constants(order: Sequence[Value], named: set[Value]) -> Iterator[tuple[Value, int, float]]:
    """Yields each use of a constant: the node, the position among its operands, and the constant's number.

    Leaves that are neither parameters nor inputs are constants too.
    """
    for node in order:
        for position, operand in enumerate(node.operands):
            if type(operand) is float:
                yield node, position, operand
            elif operand.op is None and operand not in named:
                yield node, position, operand.data


def _is_habit(graph: Graph, node: Value, position: int, constant: float) -> bool:
    """Returns whether people often write this number there: 0 + …, 1 − …, 1/…, …/1, …², max(…, 0), … > 0, ½ Σ (…)²."""
    op, first = node.op, position == 0
    if (op is table.MUL and constant == 0.5) or (op is table.DIV and not first and constant.is_integer()):
        return constant == 1.0 or _is_of_squares(graph, node.operands[1 - position])
    if op is table.POW and not first:
        return (2.0 * constant).is_integer()
    if op is table.ADD or op is table.SUB:
        return first and constant in (0.0, 1.0)
    if op is table.DIV:
        return first and constant == 1.0
    if op in (table.MAX, table.MIN, *table.COMPARISONS):
        return constant in (-1.0, 0.0, 1.0)
    return op is table.DOT and constant == 0.0 and position == len(node.operands) - 1 and position % 2 == 0


def _is_of_squares(graph: Graph, sum_of: Any) -> bool:
    """Returns whether an operand is a square or a sum of squares."""
    terms, numbers = graph.terms, [graph.number.get(sum_of, 0)]
    while numbers:
        k = numbers.pop() - graph.first
        mine = range(*terms.start[k : k + 2]) if k >= 0 else ()
        for t in mine:
            if terms.y[t] == NOTHING and terms.x[t] != NOTHING and terms.c[t] == 1.0:
                numbers.append(int(terms.x[t]))
            elif terms.x[t] != terms.y[t]:
                return False
        if not mine:
            return False
    return True


def _other_factor(node: Value, position: int) -> Any:
    """Returns the other factor of the operand at `position`; for a condition, a Value that it chooses; else None."""
    operands = node.operands
    if node.op is table.MUL or node.op is table.DOT:
        partner = table.partner_of(position, len(operands))
        return None if partner is None else operands[partner]
    return next(iter(node.parents), None) if node.op is table.WHERE and position == 0 else None


def _apart(nodes: list[Value], order: Sequence[Value], named: set[Value], size: float) -> list[Value]:
    """Returns the nodes that do not depend on a constant of this magnitude.

    max(z, 6) may be 6 because the constant 6 is in it; that is no sign of a copy.
    """
    if not nodes:
        return nodes
    made_of_it: set[Value] = {node for node, _, constant in _constants(order, named) if abs(constant) == size}
    for node in order:
        if not made_of_it.isdisjoint(node.parents):
            made_of_it.add(node)
    return [node for node in nodes if node not in made_of_it]


def _name(node: Value) -> str:
    return node.label or (f"{node.op.name}(…)" if node.op else "an input")

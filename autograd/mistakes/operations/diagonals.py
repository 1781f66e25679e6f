"""Makes edits that keep only the diagonal of a Jacobian matrix: of x / norm, say, where norm has all of x in it.

Where y depends on x and on s, a sum of x that is broadcast, every entry of y depends on every entry of x. The gradient
of s is therefore a sum over the entries of y. Whoever works out ∂yᵢ/∂xᵢ alone leaves this sum out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Contraction, Fold, Map, Place, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, groups, listed, uses
from ..rules import stopped

__all__ = ["diagonals"]


@dataclass(frozen=True, eq=False)
class _Sum:
    """A sum of an array, and where it is broadcast to the shape of that array again."""

    source: Assignment
    place: Place | None  # of the line that sums
    made_of: dict[Way, tuple[Assignment, Array]]  # each use of the broadcast number, with ∂ of that number / ∂ source


def diagonals(recorded: Recorded) -> Iterator[Edit]:
    """Yields an edit for each sum that meets its terms again, and one for all runs of its line."""
    to = uses(recorded)
    found = {way: each for way in recorded.backward.passed if (each := _sum(recorded, to, way)) is not None}
    for ways in groups(recorded, found):
        rules, jumps, several = stopped(recorded, ways), dict[tuple[int, int], Rule](), [found[way] for way in ways]
        for each in several:
            for use, (_, slope) in each.made_of.items():
                jumps[use.number, each.source.number] = partial(_diagonal, recorded, use, slope)
        tops = [recorded.node(use) for each in several for use in each.made_of]
        numbers = listed(called(number) for each in several for number, _ in each.made_of.values())
        text = (
            f"the sum is missing in the gradient of {numbers}: through it, every entry of {listed(map(called, tops))} "
            f"depends on every entry of {listed(called(_before(each)) for each in several)}, but only the diagonal of "
            "this Jacobian matrix is kept"
        )
        is_known = all(number.name for each in several for number, _ in each.made_of.values())
        rank = (2 if is_known else 4) + (len(ways) > 1)  # whoever gave it a name may have a line for its gradient
        yield fixed(Change(rules=rules, jumps=jumps), text, rank, ways)


def _sum(recorded: Recorded, to: dict[int, list[Way]], way: Way) -> _Sum | None:
    """Returns the sum that a way leads back from; None if it is none, or its number has other uses."""
    node, source = recorded.node(way), recorded.target(way)
    if not isinstance(node, Contraction | Fold) or not 0 < node.value.size < source.value.size:
        return None
    if isinstance(source, Constant) or sum(operand is source for operand in node.operands) > 1:
        return None
    numbers: list[Assignment] = [node]
    waiting: list[Assignment] = [node]
    made_of: dict[Way, Assignment] = {}
    while waiting:
        number = waiting.pop()
        for use in to.get(number.number, ()):
            top = recorded.node(use)
            if _is_elementwise(top) and top.value.size == node.value.size:
                if top not in numbers:
                    numbers.append(top)
                    waiting.append(top)
            elif isinstance(top, Map) and top.shape == source.shape:
                made_of[use] = number
            else:
                return None
    slopes = {number: _slope(numbers, number, node, way.position) for number in set(made_of.values())}
    if not made_of:
        return None  # the number goes into the cost alone
    one_each = len({use.number for use in made_of}) == len(made_of)
    place = next((number.place for number in numbers if number.place), None)  # with keepdims, a view has it
    return _Sum(source, place, {use: (number, slopes[number]) for use, number in made_of.items()}) if one_each else None


def _before(each: _Sum) -> Assignment:
    """Returns the array that is summed; if a call such as np.linalg.norm(x) squares it first, the array before: x."""
    source, place = each.source, each.place
    while place and source.place and source.place.path == place.path and not source.name and source.operands:
        source = source.operands[0]
    return source


def _is_elementwise(node: Assignment) -> bool:
    return isinstance(node, Map) or (isinstance(node, View) and node.of_one is not None)


def _slope(numbers: list[Assignment], of: Assignment, first: Assignment, position: int) -> Array:
    """Returns the derivative of the number `of`, made of the sum `first`, by each term of the sum."""
    flows = {of.number: np.ones(of.shape)}
    for node in sorted(numbers, key=lambda number: -number.number):
        flow = flows.get(node.number)
        if flow is not None and node is not first:
            values = [operand.value for operand in node.operands]
            for k, operand in enumerate(node.operands):
                if operand in numbers:
                    flows[operand.number] = flows.get(operand.number, 0.0) + node.back(k, flow, node.value, values)
    return first.back(position, flows[first.number], first.value, [operand.value for operand in first.operands])


def _diagonal(recorded: Recorded, use: Way, slope: Array, flow: Array) -> Array:
    node = recorded.node(use)
    assert isinstance(node, Map)
    return np.asarray(flow * node.slope(use.position, node.value, [operand.value for operand in node.operands]) * slope)

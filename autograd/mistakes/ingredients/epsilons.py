"""Makes edits in which a small constant, such as the ε in √(variance + ε), is forgotten or differs on the way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ... import table
from ...programs.assignments import Assignment, Constant, Leaf, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, listed, number
from ..judged import Given

__all__ = ["epsilons"]

SMALL = 0.05  # a constant up to this size may be such an ε
OTHERS = (0.0, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-10, 1e-12)  # 0: ε is forgotten; the rest are common values
MOST = 12  # the largest number of arrays that are tried alone


def epsilons(recorded: Recorded, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits whose backward pass uses numbers that were computed with another ε.

    These are the numbers of all arrays that depend on ε, or of one named array. The numbers of all arrays are used on
    the whole way to the wrong gradients, or only in the last step.
    """
    for at, constant in _constants(recorded):
        for other in OTHERS:
            if other != constant:
                yield from _with_another(recorded, at, constant, other, wrong)


def _constants(recorded: Recorded) -> Iterator[tuple[list[Way], float]]:
    """Yields small constants that are added, or that bound an array from below: the operands, and their number.

    Equal operands on one line of source are one constant.
    """
    found: dict[object, list[Way]] = {}
    for node in recorded.backward.order:
        for k, operand in enumerate(node.operands if _may_use(node) else ()):
            if isinstance(operand, Constant) and operand.value.size == 1 and 0 < abs(float(operand.value)) <= SMALL:
                key = node.place.at if node.place else node.number
                found.setdefault((key, float(operand.value)), []).append(Way(node.number, k))
    for ways in found.values():
        first = recorded.target(ways[0])
        yield ways, float(first.value)


def _may_use(node: Assignment) -> bool:
    return isinstance(node, Map) and node.op in (table.ADD, table.MAX)


def _with_another(
    recorded: Recorded, at: Sequence[Way], constant: float, other: float, wrong: Sequence[Given]
) -> Iterator[Edit]:
    assignments = recorded.program.assignments
    anew = Anew(recorded, {way: np.full(recorded.target(way).shape, other) for way in at})
    target = {way: recorded.target(way) for way in recorded.backward.passed}
    of_wrong = {given.assignment.number for given in wrong}
    rules = anew.rules()
    last = {way: rule for way, rule in rules.items() if target[way].number in of_wrong}
    before = {way: rule for way, rule in rules.items() if way in last or not isinstance(target[way], Leaf)}
    gradients = listed(f"d{called(given.assignment)}" for given in wrong)
    are = "are" if len(wrong) > 1 else "is"
    several = {frozenset(last): (f"the numbers in the last step to {gradients}", last),
               frozenset(before): (f"the numbers from which {gradients} {are} computed", before)}  # fmt: skip
    named = [k for k in anew.values if assignments[k].name][:MOST]
    alone = [(f"the {assignments[k].name} that the backward pass uses", anew.rules([k])) for k in named]
    small = number(constant)
    instead = f"{number(other)} is used instead of {small}" if other else f"the constant {small} is missing"
    for where, changed in (*several.values(), *alone):
        if changed:
            yield fixed(Change(rules=changed), f"{instead} in {where}", 3, changed)

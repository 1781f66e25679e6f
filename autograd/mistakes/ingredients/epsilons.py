"""Makes edits in which a small constant, such as the ε in √(variance + ε), is forgotten or differs on the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Leaf, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
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
        first = recorded.program.assignments[ways[0].number].operands[ways[0].position]
        yield ways, float(first.value)


def _may_use(node: Assignment) -> bool:
    return isinstance(node, Map) and node.op in (table.ADD, table.MAX)


def _with_another(
    recorded: Recorded, at: Sequence[Way], constant: float, other: float, wrong: Sequence[Given]
) -> Iterator[Edit]:
    assignments, anew = recorded.program.assignments, _Anew(recorded, at, other)
    target = {way: assignments[way.number].operands[way.position] for way in recorded.backward.passed}
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


class _Anew:
    """The numbers of all arrays that depend on a constant, computed with another constant."""

    def __init__(self, recorded: Recorded, at: Sequence[Way], other: float) -> None:
        self.recorded, self.at, self.other = recorded, set(at), other
        self.values: dict[int, Array] = {}
        holding = {way.number for way in at}
        with np.errstate(all="ignore"):
            for node in recorded.program.assignments:
                if node.number in holding or any(operand.number in self.values for operand in node.operands):
                    self.values[node.number] = node.forward(self._operands(node, self.values))

    def rules(self, only: Iterable[int] = ()) -> dict[Way, Rule]:
        """Returns rules for the ways whose slope uses these numbers; with `only`, the numbers of these arrays alone."""
        values = {at: self.values[at] for at in only} or self.values
        rules: dict[Way, Rule] = {}
        for way in self.recorded.backward.passed:
            node = self.recorded.program.assignments[way.number]
            if way.number in values or any(operand.number in values for operand in node.operands):
                operands = self._operands(node, values)
                rules[way] = partial(_passed, node, way.position, values.get(way.number, node.value), operands)
        return rules

    def _operands(self, node: Assignment, values: Mapping[int, Array]) -> list[Array]:
        return [np.full(operand.shape, self.other) if (node.number, k) in self.at
                else values.get(operand.number, operand.value) for k, operand in enumerate(node.operands)]  # fmt: skip


def _passed(node: Assignment, position: int, y: Array, operands: Sequence[Array], flow: Array) -> Array:
    return node.back(position, flow, y, operands)

"""Finds operations that choose between two branches, element by element: np.where, a store by a mask, a maximum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Map, View, summed_to
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import uses
from ..rules import stopped

__all__ = ["Choice", "Mask", "choices"]

LONGEST = 12  # the largest number of assignments in the branches

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Choice:
    """An array whose elements are taken from the first or from the second operand, each from the same place."""

    recorded: Recorded
    node: Assignment
    first: Mask  # where the first operand is taken; elsewhere it is the second

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways back into the branches."""
        return tuple(self.recorded.backward.ways(self.node))

    @cached_property
    def is_relu(self) -> bool:
        """Whether it is a maximum with 0, by np.maximum or by np.where."""
        if isinstance(self.node, Map):
            others = [operand for operand in self.node.operands if isinstance(operand, Constant)]
            return self.node.op is table.MAX and any(not x.value.any() for x in others)
        return len(self.ways) == 1 and np.array_equal(
            np.maximum(self.branch(self.ways[0].position), 0), self.node.value
        )

    @cached_property
    def x(self) -> Assignment | None:
        """The array x that the branches are functions of: the last array of this shape that all of them are made of.

        A branch that is a constant does not count, and x gets a gradient. None if there is no such array.
        """
        below = [self._below(operand) for operand in self.node.operands if not isinstance(operand, Constant)]
        shared = set.intersection(*below) if below else set()
        arrays, to = self.recorded.program.assignments, uses(self.recorded)
        alike = [number for number in shared if number in to and arrays[number].shape == self.node.shape]
        return arrays[max(alike)] if alike else None

    def _below(self, top: Assignment) -> set[int]:
        found, waiting = {top.number}, [top]
        while waiting and len(found) < LONGEST:
            node = waiting.pop()
            more = [x for x in node.operands if not isinstance(x, Constant) and x.number not in found]
            found |= {x.number for x in more}
            waiting += more
        return found

    @cached_property
    def inside(self) -> set[int]:
        """The numbers of the assignments between x and the choice that are used for the choice alone."""
        to, found, waiting = uses(self.recorded), {self.node.number}, [*self.node.operands]
        while waiting:
            at = max(waiting, key=lambda each: each.number)
            waiting = [each for each in waiting if each is not at]
            is_own = all(way.number in found for way in to.get(at.number, ()))
            if isinstance(at, Map) and at is not self.x and is_own and len(found) < LONGEST:
                found.add(at.number)
                waiting += [operand for operand in at.operands if operand not in waiting]
        return found

    @cached_property
    def targets(self) -> list[Assignment]:
        """The arrays that the branches are made of: x, and others such as the slope of a PReLU."""
        arrays = self.recorded.program.assignments
        operands = {x.number for number in self.inside for x in arrays[number].operands} - self.inside
        return [arrays[n] for n in sorted(operands) if not isinstance(arrays[n], Constant)]

    def into(self, target: Assignment) -> list[Way]:
        """Returns the ways from the branches to a target."""
        return [way for way in uses(self.recorded).get(target.number, ()) if way.number in self.inside]

    def passed(self, target: Assignment, mask: Mask, flow: Array) -> Array:
        """Returns a target's gradient if the first branch gets `flow` inside the mask, and the second outside it."""
        return self._through(target, {way: self.by(way.position, mask, flow) for way in self.ways})

    def _through(self, target: Assignment, into: Mapping[Way, Array]) -> Array:
        flows: dict[int, Array] = {}
        arrays, backward = self.recorded.program.assignments, self.recorded.backward
        for number in sorted(self.inside, reverse=True):
            for way in backward.ways(arrays[number]):
                to = arrays[number].operands[way.position].number
                if way in into or number in flows:
                    passed = into[way] if way in into else backward.through(way, flows[number])
                    flows[to] = flows[to] + passed if to in flows else passed
        return flows.get(target.number, np.zeros(target.shape))

    def branch_slope(self, position: int) -> Array:
        """Returns the slope of a branch by x everywhere, also where the branch is not taken."""
        assert self.x is not None
        way = Way(self.node.number, position)
        return self._through(self.x, {way: summed_to(np.ones(self.node.shape), self.node.operands[position].shape)})

    def branch(self, position: int) -> Array:
        """Returns the numbers of a branch everywhere, also where the branch is not taken."""
        return np.broadcast_to(self.node.operands[position].value, self.node.shape)

    def masked(self, mask: Mask) -> Change:
        """Returns the change that uses another mask for both branches."""
        return Change(rules={way: partial(self.by, way.position, mask) for way in self.ways})

    def by(self, position: int, mask: Mask, flow: Array) -> Array:
        """Returns the part of `flow` for a branch: for the first branch inside the mask, for the second outside."""
        return summed_to(flow * (mask if position == 0 else ~mask), self.node.operands[position].shape)

    def instead(self, target: Assignment, rule: Rule) -> Change:
        """Returns the change that passes a rule's result to one target, and the right gradient to the other targets."""
        return Change(rules=stopped(self.recorded, self.into(target)),
                      jumps={(self.node.number, target.number): rule})  # fmt: skip


def choices(recorded: Recorded) -> Iterator[Choice]:
    """Yields every choice between the result and the inputs."""
    for node in recorded.backward.order:
        choice = _choice(recorded, node)
        if choice is not None:
            yield choice


def _choice(recorded: Recorded, node: Assignment) -> Choice | None:
    if len(node.operands) != 2 or not node.shape:
        return None
    if isinstance(node, Map) and node.op in (table.MAX, table.MIN):
        a, b = (np.broadcast_to(operand.value, node.shape) for operand in node.operands)
        return Choice(recorded, node, a > b if node.op is table.MAX else a < b)
    if not isinstance(node, View):
        return None
    if all(operand.shape != node.shape for operand in node.operands):
        return None  # the operands are concatenated
    first = node.source == 0
    return Choice(recorded, node, first) if all(_stays(node, k) for k in (0, 1)) else None


def _stays(view: View, position: int) -> bool:
    """Returns whether the elements taken from an operand stay in their places; a smaller operand is broadcast first."""
    operand, here = view.operands[position], view.source == position
    if isinstance(operand, Constant):
        return True
    try:
        places = np.broadcast_to(np.arange(operand.value.size).reshape(operand.shape), view.shape)
    except ValueError:
        return False
    return bool(np.array_equal(places[here], view.index[here]))

"""Runs reverse mode on an array program, and the same pass with some of its ways replaced.

A way leads from an assignment back to one of its operands. The right pass is computed once. A pass that differs in a
few ways is computed from it by passing on the differences only.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from copy import copy
from functools import partial
from typing import NamedTuple

import numpy as np

from .assignments import Array, Assignment, Constant, Program

__all__ = ["BackwardPass", "Change", "EditedPass", "Rule", "Way"]


class Way(NamedTuple):
    """A way from an assignment, given by its number, back to its operand at `position`."""

    number: int
    position: int


Rule = Callable[[Array], Array]  # from the arriving gradient to the one that is passed on


class Change(NamedTuple):
    """The changes of a backward pass. By default there are none."""

    rules: Mapping[Way, Rule] = {}  # other rules for some ways
    at: Mapping[int, Rule] = {}  # functions of the gradients that arrive at some assignments
    jumps: Mapping[tuple[int, int], Rule] = {}  # further ways, from one assignment to any other

    def places(self) -> set[int]:
        """Returns the numbers of the assignments whose arriving gradients the changes act on."""
        return {*self.at, *(number for number, _ in self.jumps), *(way.number for way in self.rules)}

    def and_also(self, other: Change) -> Change:
        """Returns both changes as one. Where both change the same way, only `other` counts; at an array, both count."""
        at = {**self.at, **other.at}
        for number in self.at.keys() & other.at.keys():
            at[number] = partial(_one_after_the_other, self.at[number], other.at[number])
        return Change({**self.rules, **other.rules}, at, {**self.jumps, **other.jumps})


def _one_after_the_other(first: Rule, second: Rule, flow: Array) -> Array:
    return second(first(flow))


class BackwardPass:
    """The gradients of a result: `flows` maps the number of each assignment that it depends on to ∂C/∂(the array).

    `upstream` is ∂C/∂result, in the shape of the result. `passed` has the gradient that each way passes on.
    """

    def __init__(self, program: Program, result: Assignment, upstream: Array) -> None:
        self.program, self.result = program, result
        self.order = _needed(program, result)
        self._ways = {node.number: _ways(node) for node in self.order}
        with np.errstate(all="ignore"):
            self._ready = {way: _ready(program, way) for ways in self._ways.values() for way in ways}
        self._steps = self._made()
        self.changed: set[int] = set()  # the places of the changes of an edited pass
        self.flows: dict[int, Array] = {result.number: upstream}
        self.passed: dict[Way, Array] = {}
        with np.errstate(all="ignore"):  # a slope may be infinite; the forward pass warns of that if it matters
            self._go_back()

    def _made(self) -> dict[int, list[tuple[Rule, int]]]:
        """Returns a dict from the number of each assignment to pairs: what a way passes on, and to which array.

        A search calls `differences` thousands of times, which then looks no way up.
        """
        assignments = self.program.assignments
        return {number: [(self._ready[way], assignments[number].operands[way.position].number) for way in ways]
                for number, ways in self._ways.items()}  # fmt: skip

    def _go_back(self) -> None:
        for node in self.order:
            flow = self.flows.setdefault(node.number, np.zeros(node.shape))
            for way in self.ways(node):
                passed = self.passed[way] = self.through(way, flow)
                _add(self.flows, node.operands[way.position].number, passed)

    def ways(self, node: Assignment) -> Iterable[Way]:
        """Returns the ways back from an assignment to the operands that get a gradient."""
        return self._ways[node.number]

    def through(self, way: Way, flow: Array) -> Array:
        """Returns the gradient that the right pass passes on along a way, for the arriving gradient `flow`."""
        return self._ready[way](flow)

    def without(self, ways: Sequence[Way]) -> BackwardPass:
        """Returns the pass in which these ways pass nothing back."""
        other = copy(self)
        other._ways = {number: [way for way in some if way not in ways] for number, some in self._ways.items()}
        other._steps = other._made()
        other.flows, other.passed = {self.result.number: self.flows[self.result.number]}, {}
        with np.errstate(all="ignore"):
            other._go_back()
        return other

    def replaced(self, change: Change, only: Container[int] | None = None) -> dict[int, Array]:
        """Returns a dict from the number of each array that the change reaches to its gradient in the changed pass.

        With `only`, it has no arrays whose numbers are not in it.
        """
        found = self.differences(change).items()
        return {number: self.flows[number] + more for number, more in found if only is None or number in only}

    def differences(self, change: Change) -> dict[int, Array]:
        """Returns a dict from the number of each array that the change reaches to what is added to its gradient."""
        more: dict[int, Array] = {}
        jumps: dict[int, list[tuple[int, Rule]]] = {}
        for (number, target), rule in change.jumps.items():
            jumps.setdefault(number, []).append((target, rule))
        places = change.places()
        for node in self.order:
            number = node.number
            changed = more.get(number)
            if number not in places:
                if changed is None:
                    continue
                for passed_on, target in self._steps[number]:
                    _add(more, target, passed_on(changed))
                continue
            arrived = self.flows[number]
            total = arrived if changed is None else arrived + changed
            if number in change.at:
                total = change.at[number](total)
                changed = more[number] = total - arrived
            for target, rule in jumps.get(number, ()):
                _add(more, target, rule(total))
            for way in self._ways[number]:
                if way in change.rules:
                    _add(more, node.operands[way.position].number, change.rules[way](total) - self.passed[way])
                elif changed is not None:
                    _add(more, node.operands[way.position].number, self._ready[way](changed))
        return more


def _ways(node: Assignment) -> list[Way]:
    return [Way(node.number, k) for k, operand in enumerate(node.operands) if not isinstance(operand, Constant)]


def _ready(program: Program, way: Way) -> Rule:
    node = program.assignments[way.number]
    return node.ready(way.position, node.value, [operand.value for operand in node.operands])


def _add(flows: dict[int, Array], number: int, passed: Array) -> None:
    flows[number] = flows[number] + passed if number in flows else passed


def _needed(program: Program, result: Assignment) -> list[Assignment]:
    """Returns a list: the result, then the assignments that it depends on and that get a gradient, the last first."""
    wanted, found = {result.number}, []
    for node in reversed(program.assignments[: result.number + 1]):
        if node.number in wanted and not isinstance(node, Constant):
            wanted.update(operand.number for operand in node.operands)
            found.append(node)
    return found


class EditedPass(BackwardPass):
    """A changed pass that can be changed again: its flows and ways are the changed ones."""

    def __init__(self, right: BackwardPass, change: Change) -> None:
        self.program, self.result, self.order = right.program, right.result, right.order
        self._ways, self._ready = right._ways, right._ready
        self._right, self._change, self.changed = right, change, right.changed | change.places()
        self.flows = {**right.flows, **right.replaced(change)}
        self.passed = {way: self.through(way, self.flows[way.number]) for way in right.passed}

    def through(self, way: Way, flow: Array) -> Array:
        """Returns the gradient that the changed pass passes on along a way."""
        rule = self._change.rules.get(way)
        return self._right.through(way, flow) if rule is None else rule(flow)

    def replaced(self, change: Change, only: Container[int] | None = None) -> dict[int, Array]:
        """Returns a dict from the number of each array that either change reaches to its gradient under both."""
        return self._right.replaced(self._change.and_also(change), only)

    def differences(self, change: Change) -> dict[int, Array]:
        """Returns the same as what is added to the gradients of this pass."""
        return {number: flow - self.flows[number] for number, flow in self.replaced(change).items()}

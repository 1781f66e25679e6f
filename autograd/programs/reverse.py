"""Reverse mode over an array program, and the same pass with some of its ways replaced.

A way leads from an assignment back to one of its operands. The right pass is worked out once. A pass that differs in a
few ways is worked out from it: the differences alone are passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from .assignments import Array, Assignment, Constant, Program

__all__ = ["BackwardPass", "Change", "EditedPass", "Rule", "Way"]


class Way(NamedTuple):
    """From an assignment (its number) back to the operand at a position."""

    number: int
    position: int


Rule = Callable[[Array], Array]  # what is passed on, from what arrives


class Change(NamedTuple):
    """What is different in a pass: nothing, if nothing is said."""

    rules: Mapping[Way, Rule] = {}  # what these ways pass on
    at: Mapping[int, Rule] = {}  # what becomes of the gradient that arrives at an assignment
    jumps: Mapping[int, tuple[int, Rule]] = {}  # what goes from an assignment to another one besides

    def and_also(self, other: Change) -> Change:
        """Both at once; the other one's word counts where they speak of one way."""
        return Change({**self.rules, **other.rules}, {**self.at, **other.at}, {**self.jumps, **other.jumps})


class BackwardPass:
    """The gradients of a result: `flows` has ∂C/∂ of every assignment that the result depends on.

    `upstream` is ∂C/∂ of the result, of its shape.
    """

    def __init__(self, program: Program, result: Assignment, upstream: Array) -> None:
        self.program, self.result = program, result
        self.order = _needed(program, result)
        self._ways = {node.number: _ways(node) for node in self.order}
        with np.errstate(all="ignore"):
            self._ready = {way: _ready(program, way) for ways in self._ways.values() for way in ways}
        self.flows: dict[int, Array] = {result.number: upstream}
        self.passed: dict[Way, Array] = {}
        with np.errstate(all="ignore"):  # a slope may be infinite: forward itself says so where that matters
            self._go_back()

    def _go_back(self) -> None:
        for node in self.order:
            flow = self.flows.setdefault(node.number, np.zeros(node.shape))
            for way in self.ways(node):
                passed = self.passed[way] = self.through(way, flow)
                _add(self.flows, node.operands[way.position].number, passed)

    def ways(self, node: Assignment) -> Iterable[Way]:
        """The ways back from an assignment, to what gradients go to."""
        return self._ways[node.number]

    def through(self, way: Way, flow: Array) -> Array:
        """What the right pass passes on of what arrives."""
        return self._ready[way](flow)

    def replaced(self, change: Change) -> dict[int, Array]:
        """The gradients that differ from the right ones, if the pass is changed so."""
        more: dict[int, Array] = {}
        for node in self.order:
            arrived, changed = self.flows[node.number], more.get(node.number)
            total = arrived if changed is None else arrived + changed
            if node.number in change.at:
                total = change.at[node.number](total)
                changed = more[node.number] = total - arrived
            if node.number in change.jumps:
                target, rule = change.jumps[node.number]
                _add(more, target, rule(total))
            for way in self.ways(node):
                if way in change.rules:
                    _add(more, node.operands[way.position].number, change.rules[way](total) - self.passed[way])
                elif changed is not None:
                    _add(more, node.operands[way.position].number, self.through(way, changed))
        return {number: self.flows[number] + difference for number, difference in more.items()}


def _ways(node: Assignment) -> list[Way]:
    return [Way(node.number, k) for k, operand in enumerate(node.operands) if not isinstance(operand, Constant)]


def _ready(program: Program, way: Way) -> Rule:
    node = program.assignments[way.number]
    return node.ready(way.position, node.value, [operand.value for operand in node.operands])


def _add(flows: dict[int, Array], number: int, passed: Array) -> None:
    flows[number] = flows[number] + passed if number in flows else passed


def _needed(program: Program, result: Assignment) -> list[Assignment]:
    """What the result is made of and gradients go to, the result first."""
    wanted, found = {result.number}, []
    for node in reversed(program.assignments[: result.number + 1]):
        if node.number in wanted and not isinstance(node, Constant):
            wanted.update(operand.number for operand in node.operands)
            found.append(node)
    return found


class EditedPass(BackwardPass):
    """A pass with a change, to be changed again: its flows and ways are the changed ones."""

    def __init__(self, right: BackwardPass, change: Change) -> None:
        self.program, self.result, self.order = right.program, right.result, right.order
        self._ways, self._ready = right._ways, right._ready
        self._right, self._change = right, change
        self.flows = {**right.flows, **right.replaced(change)}
        self.passed = {way: self.through(way, self.flows[way.number]) for way in right.passed}

    def through(self, way: Way, flow: Array) -> Array:
        """What the changed pass passes on of what arrives."""
        rule = self._change.rules.get(way)
        return self._right.through(way, flow) if rule is None else rule(flow)

    def replaced(self, change: Change) -> dict[int, Array]:
        """The gradients that differ from the right ones, with both changes."""
        return self._right.replaced(self._change.and_also(change))

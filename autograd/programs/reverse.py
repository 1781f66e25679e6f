"""Reverse mode over an array program, and the same pass with some of its ways replaced.

A way leads from an assignment back to one of its operands. The right pass is worked out once. A pass that differs in a
few ways is worked out from it: the differences alone are passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np

from .assignments import Array, Assignment, Constant, Program

__all__ = ["BackwardPass", "Flows", "Way"]


class Way(NamedTuple):
    """From an assignment (its number) back to the operand at a position."""

    number: int
    position: int


Flows = Mapping[int, Array]  # the gradient that arrives at an assignment, by its number
Rule = Callable[[Array], Array]  # what an operand gets, from what arrives at the assignment


class BackwardPass:
    """The gradients of a result: `flows` has ∂C/∂ of every assignment that the result depends on.

    `upstream` is ∂C/∂ of the result, of its shape.
    """

    def __init__(self, program: Program, result: Assignment, upstream: Array) -> None:
        self.program, self.result = program, result
        self.inner = _needed(program, result)
        self.flows: dict[int, Array] = {result.number: upstream}
        self.passed: dict[Way, Array] = {}
        for node in self.inner:
            flow = self.flows.setdefault(node.number, np.zeros(node.shape))
            for way in self.ways(node):
                passed = self.passed[way] = self.through(way, flow)
                target = node.operands[way.position].number
                self.flows[target] = self.flows[target] + passed if target in self.flows else passed

    def ways(self, node: Assignment) -> Iterable[Way]:
        """The ways back from an assignment, to what gradients go to."""
        return [Way(node.number, k) for k, operand in enumerate(node.operands) if not isinstance(operand, Constant)]

    def through(self, way: Way, flow: Array) -> Array:
        """What the right pass passes on of what arrives."""
        node = self.program.assignments[way.number]
        return node.back(way.position, flow, node.value, [operand.value for operand in node.operands])

    def replaced(self, rules: Mapping[Way, Rule], at: Mapping[int, Rule] | None = None) -> dict[int, Array]:
        """The gradients that differ from the right ones, if these ways pass on what their rules say.

        `at` has rules for assignments: what arrives there is replaced before it is passed on.
        """
        more: dict[int, Array] = {}
        for node in self.inner:
            changed = more.get(node.number)
            if at and node.number in at:
                right = self.flows[node.number]
                changed = at[node.number](right if changed is None else right + changed) - right
                more[node.number] = changed
            for way in self.ways(node):
                rule = rules.get(way)
                if rule is not None:
                    flow = self.flows[node.number]
                    difference = rule(flow if changed is None else flow + changed) - self.passed[way]
                elif changed is not None:
                    difference = self.through(way, changed)
                else:
                    continue
                target = node.operands[way.position].number
                more[target] = more[target] + difference if target in more else difference
        return {number: self.flows[number] + difference for number, difference in more.items()}


def _needed(program: Program, result: Assignment) -> list[Assignment]:
    """What the result is made of, with operands that gradients go to: the result first."""
    wanted, found = {result.number}, []
    for node in reversed(program.assignments[: result.number + 1]):
        if node.number in wanted:
            wanted.update(operand.number for operand in node.operands)
            if node.operands:
                found.append(node)
    return found

"""Holds a recorded forward pass: its array program, its inputs, its names, and its right backward pass."""

from __future__ import annotations

from dataclasses import dataclass

from .assignments import Assignment, Program
from .reverse import BackwardPass, Way

__all__ = ["Recorded"]


@dataclass(frozen=True, eq=False)
class Recorded:
    """A forward pass as an array program, with its right backward pass."""

    program: Program
    result: Assignment
    inputs: dict[str, Assignment]  # the leaves by input name: x, or params.W1 for a dict in a dict
    named: dict[str, Assignment]  # all arrays with a name, inputs too, in the order of the program
    backward: BackwardPass

    def node(self, way: Way) -> Assignment:
        """Returns the assignment that a way leads back from."""
        return self.program.assignments[way.number]

    def target(self, way: Way) -> Assignment:
        """Returns the operand that a way leads back to."""
        return self.node(way).operands[way.position]

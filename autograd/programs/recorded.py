"""A recorded forward pass: its array program, its inputs and names, and its right backward pass."""

from __future__ import annotations

from dataclasses import dataclass

from .assignments import Assignment, Program
from .reverse import BackwardPass

__all__ = ["Recorded"]


@dataclass(frozen=True, eq=False)
class Recorded:
    """A forward pass as an array program, and its right backward pass."""

    program: Program
    result: Assignment
    inputs: dict[str, Assignment]  # leaves, by the names of the inputs: x, or params.W1 of a dict in a dict
    named: dict[str, Assignment]  # every array that has a name, the inputs too, in the order of the program
    backward: BackwardPass

"""Holds a recorded forward pass: its array program, its inputs, its names, and its right backward pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from .assignments import Assignment, Program, View
from .reverse import BackwardPass, Way

__all__ = ["Recorded", "once"]

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Recorded:
    """A forward pass as an array program, with its right backward pass."""

    program: Program
    result: Assignment
    inputs: dict[str, Assignment]  # the leaves by input name: x, or params.W1 for a dict in a dict
    named: dict[str, Assignment]  # all arrays with a name, inputs too, in the order of the program
    backward: BackwardPass
    found: dict[object, Any] = field(default_factory=dict, repr=False)  # by `once`

    def node(self, way: Way) -> Assignment:
        """Returns the assignment that a way leads back from."""
        return self.program.assignments[way.number]

    def view(self, way: Way) -> View:
        """Returns the view that a way leads back from."""
        view = self.node(way)
        assert isinstance(view, View)
        return view

    def target(self, way: Way) -> Assignment:
        """Returns the operand that a way leads back to."""
        return self.node(way).operands[way.position]


def once(of: Callable[[Recorded], T]) -> Callable[[Recorded], T]:
    """Returns the function of a pass, which now runs once for each pass: the pass keeps its result."""

    @wraps(of)
    def asked(recorded: Recorded) -> T:
        if of not in recorded.found:
            recorded.found[of] = of(recorded)
        answer: T = recorded.found[of]
        return answer

    return asked

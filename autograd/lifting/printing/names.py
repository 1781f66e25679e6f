"""Gives the arrays of a program their names, which all printers share: z1 in code is z¹ in an equation.

An array gets its name at first use, from its role: a letter, and for most roles a number, such as the 1 of layer 1. A
second array of the same role gets the number 2 as well: W1_2 in code, W¹₂ in an equation.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from ...programs.assignments import Assignment
from ...programs.roles import Role, code_name

__all__ = ["Name", "Names"]


class Name(NamedTuple):
    """A role, and a number that tells arrays of the same role apart."""

    role: Role
    copy: int
    code: str  # the name in code


class Names:
    """Gives each array its own name."""

    def __init__(self) -> None:
        self.of: dict[Assignment, Name] = {}
        self._of_numbers: dict[tuple[Any, ...], Name] = {}
        self._taken: dict[str, int] = {}

    def give(self, x: Assignment) -> Name:
        """Returns the name of an assignment that has a role; at first use, it gets a new one."""
        if x not in self.of:
            assert x.role is not None
            copy, code = self._next(x.name)
            self.of[x] = Name(x.role, copy, code)
        return self.of[x]

    def numbers(self, values: NDArray[Any], role: Role) -> Name:
        """Returns the name of an array of these numbers; equal arrays share a name. A new name comes from `role`."""
        key = values.shape, values.dtype.kind, values.tobytes()
        if key not in self._of_numbers:
            self._of_numbers[key] = Name(role, *self._next(code_name(role)))
        return self._of_numbers[key]

    def free(self, wanted: str) -> str:
        """Returns a name in code that nothing else has: `wanted`, or `wanted` with a number."""
        return self._next(wanted)[1]

    def _next(self, wanted: str) -> tuple[int, str]:
        copy, name = 1, wanted
        while name in self._taken:
            self._taken[wanted] += 1
            copy = self._taken[wanted]
            name = f"{wanted}_{copy}" if wanted[-1].isdigit() else f"{wanted}{copy}"
        self._taken[name] = 1
        return copy, name

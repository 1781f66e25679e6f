"""Gives arrays their symbols in equations: z¹, ∂C/∂W¹, z²ᵃ for a part of z², and aₜ₋₁ in a loop over steps t."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ...formulas import typesetting
from ...programs.assignments import Assignment, Constant
from ...programs.backward_kinds import Put
from ...programs.loops import Carried, Loop, PastSum, Step, leaves
from ...programs.roles import Role
from ..printing.names import Name, Names
from .pieces import Shown, atom, named

__all__ = ["Symbols", "after", "before", "is_written_out"]

SHORT = 6  # operations


class At(NamedTuple):
    """The array whose name is used, and the step as an index: "t", "t-1" or "7"; "" for no index."""

    array: Assignment
    step: str = ""


class Symbols:
    """The symbol of each array. `result` returns the symbol of the output C, for derivatives such as ∂C/∂W¹."""

    def __init__(self, names: Names, result: Callable[[], Shown], assignments: Iterable[Assignment]) -> None:
        self.names, self.result = names, result
        self.at: dict[Assignment, At] = {}
        self.alone: set[Assignment] = set()  # arrays that need no number to be told apart from others of their role
        for x in assignments:
            if isinstance(x, Loop):
                self._of_loop(x)

    def _of_loop(self, loop: Loop) -> None:
        """Gives the arrays of a loop their steps.

        A named array that is handed on has the index of the step before: t − 1, or t + 1 in a loop that runs backwards.
        """
        within = {*loop.body, *(x.operands[0] for x in loop.body if isinstance(x, Put))}
        self.at |= {x: At(x, "t") for x in within}
        roles = Counter(x.role for x in (*within, *(one for one, _ in loop.carried)))
        last = "1" if loop.backwards else str(loop.steps)
        for one, then in loop.carried:
            if then in within and then.name and not is_written_out(then):
                self.at[one] = At(then, before(loop))
            else:
                self.at[one] = At(one, "" if one.is_total else "t")
                if roles[one.role] == 1 and not one.is_total:  # the step tells it apart from arrays outside the loop
                    self.alone.add(one)
        for x in leaves(loop):
            if isinstance(x, Step | PastSum):
                source = x.operands[0]
                is_named = isinstance(x, Step) and source.name and not is_written_out(source)
                self.at[x] = At(self._base(source) if is_named else x, "t")
        self.at |= {kept: At(x) for x, kept in loop.kept.items() if x in within}
        for x, end in loop.ends.items():
            if isinstance(x, Carried) and self._base(x) is x:
                self.at[end] = At(x, "" if x.is_total else "0" if loop.backwards else str(loop.steps + 1))
            else:
                self.at[end] = At(self._base(x), last)

    def _base(self, x: Assignment) -> Assignment:
        return self.at.get(x, At(x)).array

    def is_itself(self, x: Assignment) -> bool:
        """Returns whether x is shown by its own name, not by the name of another array at some step."""
        return self._base(x) is x

    def of(self, x: Assignment, part: str = "", step: str | None = None) -> Shown:
        """Returns the symbol of an array, or of a part of it; `step` replaces the step that belongs to the array."""
        x, usual = self.at.get(x, At(x))
        if isinstance(x, Constant):
            name = self.names.numbers(x.value, x.role or Role("k"))
        elif x in self.alone and x.role is not None:
            name = Name(x.role, 1, "")
        else:
            name = self.names.give(x)
        return self.symbol(name, part, usual if step is None else step)

    def symbol(self, name: Name, part: str = "", step: str = "") -> Shown:
        """Returns the symbol of a name, with the letter of a part and with a step, if there are any."""
        role, copy = name.role, name.copy
        if role.of is not None:
            return self.derivative(self.symbol(Name(role.of, copy, ""), part, step))
        above = str(role.number) if role.of_layer else ""
        below = [str(role.number)] if role.number and not role.of_layer else []
        return named(role.letter, above, ",".join([*below, *([str(copy)] if copy > 1 else [])]), part, step)

    def derivative(self, by: Shown) -> Shown:
        """Returns the derivative of the output by a symbol, such as ∂C/∂W¹."""
        return atom(typesetting.ratio(self.result().piece, by.piece), is_raised=True)


def before(loop: Loop) -> str:
    """Returns the index of the step that runs before step t."""
    return "t+1" if loop.backwards else "t-1"


def after(loop: Loop) -> str:
    """Returns the index of the step that runs after step t."""
    return "t-1" if loop.backwards else "t+1"


def is_written_out(x: Assignment) -> bool:
    """Returns whether x is a common subexpression that is short enough to be written where it is used."""
    return x.role is not None and x.role.letter == "t" and _size(x) <= SHORT


def _size(x: Assignment) -> int:
    """Returns the number of operations of an expression; it stops counting one above `SHORT`."""
    count = 1
    for operand in x.operands:
        is_part = not operand.name or (operand.role is not None and operand.role.letter == "t")
        count += _size(operand) if is_part and count <= SHORT else 0
    return min(count, SHORT + 1)

"""Steps that repeat, as one assignment: what a step works out, what it hands on, and what is kept of all steps.

for each step:    an array of the steps, read at this one    (Step)
                  what the step before handed on             (Carried)
                  a sum over what all steps before made      (PastSum)
                  assignments                                (the body)
after the last:   what it handed on                          (Last)
                  an array of all steps                      (Kept)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .assignments import Assignment, Constant
from .backward_kinds import Put, Slope

__all__ = ["Carried", "Kept", "Last", "Loop", "PastSum", "Step", "everything", "leaves", "outside"]


@dataclass(eq=False, kw_only=True)
class Loop(Assignment):
    """A body, repeated. Operands are what it reads from outside."""

    steps: int
    body: list[Assignment]
    carried: list[tuple[Carried, Assignment]]  # and what the next step gets
    backwards: bool = False  # whether it begins with the last step
    floats: bool = False  # whether all of it is single numbers, none of which varies by example
    kept: dict[Assignment, Kept] = field(default_factory=dict)  # what is kept of all steps, by what it is of one
    ends: dict[Assignment, Last] = field(default_factory=dict)  # what is read of the last step

    def keep(self, x: Assignment) -> Kept:
        """What x is at all steps."""
        if x not in self.kept:
            self.kept[x] = Kept(operands=(self,), of=x, extents=(self.steps, *x.shape), varies=x.varies, role=x.role,
                                name=x.name)  # fmt: skip
        return self.kept[x]

    def end(self, x: Assignment) -> Last:
        """What x is at the last step; of what is carried, what that hands on."""
        if x not in self.ends:
            self.ends[x] = Last(operands=(self,), of=x, extents=x.shape, varies=x.varies, role=x.role, name=x.name)
        return self.ends[x]


@dataclass(eq=False, kw_only=True)
class Carried(Assignment):
    """In a body: what the step before hands on. The operand is what the first step gets."""

    is_total: bool = False  # whether it is 0 at first, and nothing but what is added to it at each step


@dataclass(eq=False, kw_only=True)
class Step(Assignment):
    """In a body: one step's part of an array that has an axis of the steps in front."""


@dataclass(eq=False, kw_only=True)
class PastSum(Assignment):
    """In a body: Σ over the steps before of what `of` was there, times a number of a matrix, a row a step.

    The first operand is the matrix, (steps, steps). The second, if there is one, has what came before the first step;
    the matrix has columns for these in front.
    """

    of: Assignment | None = None  # set when the body is known
    backwards: bool = False  # whether the steps before are those with larger numbers

    @property
    def before(self) -> int:
        """How many numbers came before the first step."""
        return self.operands[1].shape[0] if len(self.operands) > 1 else 0


@dataclass(eq=False, kw_only=True)
class Kept(Assignment):
    """What an assignment of a body is at all steps, in their order: it has an axis of the steps in front."""

    of: Assignment


@dataclass(eq=False, kw_only=True)
class Last(Assignment):
    """What an assignment of the body is at the last step; or, of what is carried, what that step hands on."""

    of: Assignment


def everything(assignments: Iterable[Assignment]) -> Iterator[Assignment]:
    """The assignments, and those of the loops among them."""
    for assignment in assignments:
        yield assignment
        if isinstance(assignment, Loop):
            yield from everything(assignment.body)


def leaves(loop: Loop) -> Iterator[Assignment]:
    """What the expressions of a body are made of, down to what has a name, each once; plain numbers are left out."""
    seen: set[Assignment] = set()
    stack = [*(after for _, after in reversed(loop.carried)), *reversed(loop.kept)]
    for assignment in reversed(loop.body):
        stack += reversed(_read(assignment))
    while stack:
        x = stack.pop()
        if x in seen or (isinstance(x, Constant) and x.shape == ()):
            continue
        seen.add(x)
        if x.name or not x.operands:
            yield x
        else:
            stack += reversed(_read(x))


def outside(loop: Loop) -> Iterator[Assignment]:
    """What a loop reads that is no part of it."""
    within = {*loop.body, *(one for one, _ in loop.carried)}
    within |= {x.operands[0] for x in loop.body if isinstance(x, Put)}
    for one, _ in loop.carried:
        yield one.operands[0]
    for x in leaves(loop):
        if isinstance(x, Step | PastSum):
            yield from x.operands
        elif x not in within:
            yield x


def _read(x: Assignment) -> list[Assignment]:
    """The operands whose numbers it reads."""
    return [operand for k, operand in enumerate(x.operands) if not isinstance(x, Slope) or k in x.uses]

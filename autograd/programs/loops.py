"""Describes repeated steps as one assignment: the body, the values that each step passes on, and the arrays kept.

in each step:     a row of an array with an axis of steps   (Step)
                  a value passed on by the step before      (Carried)
                  a sum over all steps before               (PastSum)
                  assignments                               (the body)
after the last:   the value that the last step passes on    (Last)
                  an array of one value for each step       (Kept)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .assignments import Assignment, Constant
from .backward_kinds import Put, Slope

__all__ = ["Carried", "Kept", "Last", "Loop", "PastSum", "Step", "everything", "leaves", "outside"]


@dataclass(eq=False, kw_only=True)
class Loop(Assignment):
    """A repeated body. The operands are the arrays that it reads from outside."""

    steps: int
    body: list[Assignment]
    carried: list[tuple[Carried, Assignment]]  # each with the assignment whose value the next step gets
    backwards: bool = False  # whether the last step runs first
    floats: bool = False  # whether all values are single numbers that do not vary by example
    kept: dict[Assignment, Kept] = field(default_factory=dict)  # the arrays over all steps, by assignment of the body
    ends: dict[Assignment, Last] = field(default_factory=dict)  # the values of the last step, by assignment of the body

    def keep(self, x: Assignment) -> Kept:
        """Returns the values of x in all steps, as one array. A second call with x returns the same assignment."""
        if x not in self.kept:
            self.kept[x] = Kept(operands=(self,), of=x, extents=(self.steps, *x.shape), varies=x.varies, role=x.role,
                                name=x.name)  # fmt: skip
        return self.kept[x]

    def end(self, x: Assignment) -> Last:
        """Returns the value of x in the last step. For a Carried x, it is the value that the last step passes on."""
        if x not in self.ends:
            self.ends[x] = Last(operands=(self,), of=x, extents=x.shape, varies=x.varies, role=x.role, name=x.name)
        return self.ends[x]


@dataclass(eq=False, kw_only=True)
class Carried(Assignment):
    """In a body: the value passed on by the step before. The operand is the value for the first step."""

    is_total: bool = False  # whether it starts at 0 and each step only adds to it


@dataclass(eq=False, kw_only=True)
class Step(Assignment):
    """In a body: this step's row of an array whose first axis is the steps."""


@dataclass(eq=False, kw_only=True)
class PastSum(Assignment):
    """In a body: a weighted sum Σ mₛₜ · `of`ₜ over the steps t before this step s.

    The first operand is the matrix m, shape (steps, steps). The second, if there is one, holds values from before the
    first step; m then has columns for these in front.
    """

    of: Assignment | None = None  # set once the body is known
    backwards: bool = False  # whether the steps before are those with larger indices

    @property
    def before(self) -> int:
        """The number of values from before the first step."""
        return self.operands[1].shape[0] if len(self.operands) > 1 else 0


@dataclass(eq=False, kw_only=True)
class Kept(Assignment):
    """The values of an assignment of the body in all steps, in order. The first axis is the steps."""

    of: Assignment


@dataclass(eq=False, kw_only=True)
class Last(Assignment):
    """The value of an assignment of the body in the last step; of a Carried, the value that the last step passes on."""

    of: Assignment


def everything(assignments: Iterable[Assignment]) -> Iterator[Assignment]:
    """Yields the assignments, and after each loop among them all assignments in its body."""
    for assignment in assignments:
        yield assignment
        if isinstance(assignment, Loop):
            yield from everything(assignment.body)


def leaves(loop: Loop) -> Iterator[Assignment]:
    """Yields the parts of a body's expressions that have a name or no operands, each once, except single constants."""
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
    """Yields the assignments that a loop reads and that are not part of it; some may come twice."""
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
    """Returns a list of the operands whose numbers an assignment reads."""
    return [operand for k, operand in enumerate(x.operands) if not isinstance(x, Slope) or k in x.uses]

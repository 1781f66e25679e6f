"""The slopes of operations on arrays: the table's rules, run on the arrays of a program.

The rules of × and ÷ become arithmetic again. Those of other operations stay whole, as σ′(z), or are numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from .. import floats, table
from ..formulas.rule_text import Mathematics, Piece
from ..operation import Op
from ..programs.assignments import Assignment, Constant
from ..programs.backward_kinds import Slope
from .arithmetic import added, broadcast, is_number, mapped, negated, number, number_of, subtracted, times

__all__ = ["operands_used", "slope"]


def slope(op: Op, position: int, y: Assignment, inputs: Sequence[Assignment]) -> Assignment | None:
    """The local derivative by the input at `position`; None if the way there is never taken."""
    if op is table.WHERE and isinstance(inputs[0], Constant) and position:
        taken = inputs[0].value != 0.0
        return Constant(value=(taken if position == 1 else ~taken) * 1.0, name=inputs[0].name, role=inputs[0].role)
    given = [Tracked(frozenset([k])) if not is_number(x) else number_of(x) for k, x in enumerate((y, *inputs))]
    tracked = op.slope(TRACKING, given[0], given[1:], position)
    if not isinstance(tracked, Tracked):
        return None if op.is_untaken(tracked) else number(tracked)
    if op in (table.MUL, table.DIV):
        return _assignment(op.slope(ARITHMETIC, Expression(y), [*map(Expression, inputs)], position))
    read = [(y, *inputs)[k] for k in sorted(tracked.uses)]
    return Slope(op=op, position=position, operands=(y, *inputs), uses=tracked.uses, extents=broadcast(*read),
                 varies=any(x.varies for x in read))  # fmt: skip


def operands_used(op: Op, inputs: Sequence[Assignment]) -> frozenset[int]:
    """The inputs that the operation's rule really reads; plain numbers are no more than numbers."""
    given = [number_of(x) if is_number(x) else Tracked(frozenset([k])) for k, x in enumerate(inputs)]
    made = op.forward(TRACKING, *given)
    return made.uses if isinstance(made, Tracked) else frozenset()


class Tracked(Piece):
    """Whatever a rule makes of its arguments: it knows which of them have a part in it."""

    def __init__(self, uses: frozenset[int]) -> None:
        self.uses = uses

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Both sides have a part in it; a factor of 1 has none."""
        return _tracked(left, right)

    def __pow__(self, other: Any) -> Any:
        return 1.0 if isinstance(other, float | int) and other == 0.0 else _tracked(self, other)

    def __rpow__(self, other: Any) -> Any:
        return _tracked(self, other)

    def __neg__(self) -> Tracked:
        return self


def _tracked(*inputs: Any) -> Tracked:
    return Tracked(frozenset().union(*(x.uses for x in inputs if isinstance(x, Tracked))))


class Tracking(Mathematics):
    """The mathematics of what is tracked."""

    def call(self, name: str, *inputs: Any) -> Any:
        """All inputs have a part in it."""
        if not any(isinstance(x, Tracked) for x in inputs):
            return getattr(floats, name)(*inputs)
        return _tracked(*inputs)

    def power(self, a: Any, b: Any) -> Any:
        """aᵇ, which is 1 if b is 0."""
        return 1.0 if isinstance(b, float | int) and b == 0.0 else self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """One of both, where the condition is known."""
        if not isinstance(condition, Tracked):
            return a if condition else b
        return _tracked(condition, a, b)


TRACKING = Tracking()


class Expression(Piece):
    """An array of the program, as an argument of the rules of + − × ÷."""

    def __init__(self, of: Assignment) -> None:
        self.of = of

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """The arithmetic of the program."""
        return Expression(MADE[sign](_assignment(left), _assignment(right)))

    def __neg__(self) -> Expression:
        return Expression(negated(self.of))


def _divided(a: Any, b: Any) -> Expression:
    """a / b, as a times 1 / b."""
    return Expression(times(_assignment(a), mapped(table.DIV, number(1.0), _assignment(b))))


def _assignment(x: Any) -> Assignment:
    return x.of if isinstance(x, Expression) else number(x)


MADE = {"+": added, "-": subtracted, "*": times}
ARITHMETIC = SimpleNamespace(divide=_divided)

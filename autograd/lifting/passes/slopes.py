"""Finds the slopes of operations on arrays by running the table's rules on the arrays of a program.

The slopes of × and ÷ become arithmetic. The slopes of other operations stay one piece, such as σ′(z), or are numbers.
A slope has slopes too: its rule is run on dual numbers, which are pairs of a value and its rate of change.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from ... import floats, table
from ...formulas.rule_text import Mathematics, Piece
from ...operation import Op
from ...programs.assignments import Assignment, Constant, Fold
from ...programs.backward_kinds import Slope
from ...vocabulary import WORDS
from .arithmetic import added, broadcast, is_number, mapped, negated, number, number_of, reshaped, subtracted, times

__all__ = ["fold_slopes", "operands_used", "slope", "slope_as_operation"]


def slope(op: Op, position: int, y: Assignment, inputs: Sequence[Assignment]) -> Assignment | None:
    """Returns the local derivative by the input at `position`; None if it belongs to a branch that is never taken."""
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


def fold_slopes(fold: Fold) -> Slope:
    """Returns the local derivatives of an operation along an axis by all elements, as one array."""
    (x,) = fold.operands
    y = reshaped(fold, (*fold.shape[: fold.axis], 1, *fold.shape[fold.axis :]))
    return Slope(op=fold.op, position=0, operands=(y, x), uses=frozenset((0, 1)), extents=x.shape, varies=x.varies)


def operands_used(op: Op, inputs: Sequence[Assignment]) -> frozenset[int]:
    """Returns the positions of the inputs on which the operation's result depends; plain numbers are left out."""
    given = [number_of(x) if is_number(x) else Tracked(frozenset([k])) for k, x in enumerate(inputs)]
    made = op.forward(TRACKING, *given)
    return made.uses if isinstance(made, Tracked) else frozenset()


def slope_as_operation(op: Op, position: int) -> Op:
    """Returns the slope of `op` by the input at `position`, as an operation whose operands are y and the inputs."""

    def rule(m: Any, *given: Any) -> Any:
        return op.slope(m, given[0], given[1:], position)

    def by(k: int) -> Callable[..., Any]:
        def rate(m: Any, _: Any, *given: Any) -> Any:
            return _rate(rule(Moving(m), *(Moved(m, x, float(i == k)) for i, x in enumerate(given))))

        return rate

    slopes = tuple(map(by, range(1 + len(op.slopes))))
    return Op(f"{op.name}_slope", rule, slopes, short=(), samples=(), symbol="", branches=op.branches)


class Tracked(Piece):
    """Stands for a number while a rule runs, and records on which arguments of the rule this number depends."""

    def __init__(self, uses: frozenset[int]) -> None:
        self.uses = uses

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns a `Tracked` that depends on all that both sides depend on."""
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
    """The functions that rules call, for `Tracked`."""

    def call(self, name: str, *inputs: Any) -> Any:
        """Returns a `Tracked` that depends on all that the inputs depend on; a number if all inputs are numbers."""
        if not any(isinstance(x, Tracked) for x in inputs):
            return getattr(floats, name)(*inputs)
        return _tracked(*inputs)

    def power(self, a: Any, b: Any) -> Any:
        """Returns aᵇ, which is 1 if b is the number 0."""
        return 1.0 if isinstance(b, float | int) and b == 0.0 else self.call("power", a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Returns one branch if the condition is a number; otherwise the result depends on all three inputs."""
        if not isinstance(condition, Tracked):
            return a if condition else b
        return _tracked(condition, a, b)


TRACKING = Tracking()


class Expression(Piece):
    """An array of the program, as an argument of the rules of + − × ÷."""

    def __init__(self, of: Assignment) -> None:
        self.of = of

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns a + b, a − b or a b as an `Expression`."""
        return Expression(MADE[sign](_assignment(left), _assignment(right)))

    def __neg__(self) -> Expression:
        return Expression(negated(self.of))


def _divided(a: Any, b: Any) -> Expression:
    """Returns a / b, as a times 1 / b."""
    return Expression(times(_assignment(a), mapped(table.DIV, number(1.0), _assignment(b))))


def _assignment(x: Any) -> Assignment:
    return x.of if isinstance(x, Expression) else number(x)


MADE = {"+": added, "-": subtracted, "*": times}
ARITHMETIC = SimpleNamespace(divide=_divided)


SIGNS = {"+": operator.add, "-": operator.sub, "*": operator.mul}
COMPARED = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class Moved(Piece):
    """A dual number: a value in the mathematics m, and its rate of change along one argument of a rule."""

    def __init__(self, m: Any, value: Any, rate: Any) -> None:
        self.m, self.value, self.rate = m, value, rate

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns a sum, product or quotient with its rate; for a comparison the value alone."""
        a, b = _value(left), _value(right)
        if sign in COMPARED:
            return COMPARED[sign](a, b)
        if sign == "/":
            return Moving(self.m).call("divide", left, right)
        if sign == "*":
            rate = _plus(_product(_rate(left), b), _product(_rate(right), a))
        else:
            rate = _plus(_rate(left), _product(-1.0 if sign == "-" else 1.0, _rate(right)))
        return Moved(self.m, SIGNS[sign](a, b), rate)

    def __pow__(self, other: Any) -> Any:
        return Moving(self.m).call("power", self, other)

    def __rpow__(self, other: Any) -> Any:
        return Moving(self.m).call("power", other, self)

    def __neg__(self) -> Moved:
        return Moved(self.m, -self.value, _product(-1.0, self.rate))


class Moving(Mathematics):
    """The functions that rules call, for `Moved`: each has the slopes of the operation of the same name."""

    def __init__(self, m: Any) -> None:
        self.m = m

    def call(self, name: str, *inputs: Any) -> Any:
        """Returns the function's value with its rate, Σ slope · rate of the input.

        The rate is 0 for functions without an operation in the table. For `where` it is the rate of the chosen branch.
        """
        values, rates = [*map(_value, inputs)], [*map(_rate, inputs)]
        y, rate = getattr(self.m, name)(*values), 0.0
        if name == "where":
            rate = rates[1] if _is_zero(rates[1]) and _is_zero(rates[2]) else self.m.where(values[0], *rates[1:])
        elif WORDS[name].operation:
            op = table.OPERATIONS[WORDS[name].operation]
            for k, moved in enumerate(rates):
                if not _is_zero(moved):
                    rate = _plus(rate, _product(moved, op.slope(self.m, y, values, k)))
        return Moved(self.m, y, rate)


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Moved) else x


def _rate(x: Any) -> Any:
    return x.rate if isinstance(x, Moved) else 0.0


def _is_zero(x: Any) -> bool:
    return isinstance(x, float | int) and x == 0.0


def _plus(a: Any, b: Any) -> Any:
    return b if _is_zero(a) else a if _is_zero(b) else a + b


def _product(a: Any, b: Any) -> Any:
    if _is_zero(a) or _is_zero(b):
        return 0.0
    for one, other in ((a, b), (b, a)):
        if isinstance(one, float) and abs(one) == 1.0:
            return other if one > 0.0 else -other
    return a * b

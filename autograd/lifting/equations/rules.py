"""Writes the operations of the table in equations, by running their rules on pieces of formulas."""

from __future__ import annotations

from typing import Any

from ... import floats
from ...formulas import typesetting
from ...formulas.mathematics import OPPOSITE
from ...formulas.rule_text import Mathematics
from ...operation import LogSumExp, Op
from ...table import WHERE
from ...vocabulary import WORDS
from .pieces import Shown, atom, bracket, called, compared, power, shown

__all__ = ["applied", "slope"]


def applied(op: Op, *inputs: Any) -> Any:
    """Returns an operation as a piece: a call by its name in formulas, or, without such a name, its rule."""
    if op is WHERE and isinstance(inputs[0], Shown) and inputs[0].condition:
        return called(typesetting.function(op.called), [atom(compared(*inputs[0].condition)), *inputs[1:]])
    if op.called or isinstance(op, LogSumExp):
        return called(typesetting.function(op.called or op.name), inputs)
    return op.forward(SIGNS, *inputs)


def slope(op: Op, y: Any, inputs: Any, position: int) -> Any:
    """Returns the slope by an input as formulas write it: a rule in symbols, a name such as tanh′(z), or softmax(a)."""
    if isinstance(op, LogSumExp):
        return called(typesetting.function("softmax"), inputs)
    rule = op.formulas[position] if op.formulas else None
    if rule is None and op.called:
        return called(typesetting.function(op.called, by=0), inputs)
    return op.slope(SIGNS, y, inputs, position) if rule is None else rule(SIGNS, y, *inputs)


class Signs(Mathematics):
    """The functions that rules call, on pieces of formulas; some are written with signs, the others as calls."""

    def call(self, name: Any, *inputs: Any) -> Any:
        """Returns f(a, b) as a piece; a number if all inputs are numbers. `name` may also be an operation."""
        if isinstance(name, Op):
            return called(typesetting.function(name.called), inputs)
        if not any(isinstance(x, Shown) for x in inputs):
            return getattr(floats, name)(*inputs)
        return called(typesetting.function(WORDS[name].formula or name), inputs)

    def divide(self, a: Any, b: Any) -> Any:
        """Returns a / b as a piece; a number if both are numbers."""
        return a / b if isinstance(a, Shown) or isinstance(b, Shown) else floats.divide(a, b)

    def expm1(self, a: Any) -> Any:
        """Returns eᵃ − 1."""
        return self.exp(a) - 1.0

    def log1p(self, a: Any) -> Any:
        """Returns ln(1 + a)."""
        return self.log(1.0 + a)

    def sqrt(self, a: Any) -> Any:
        """Returns √a."""
        return self.power(a, 0.5)

    def floor_divide(self, a: Any, b: Any) -> Any:
        """Returns floor(a / b)."""
        return called(typesetting.function("floor"), [self.divide(a, b)])

    def power(self, a: Any, b: Any) -> Any:
        """Returns aᵇ as a piece; a number if both are numbers."""
        return power(a, b) if isinstance(a, Shown) or isinstance(b, Shown) else floats.power(a, b)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """Returns where(condition, a, b) as a piece; the bracket [a > b] for 1 and 0; a or b for a known condition."""
        if not isinstance(condition, Shown):
            return a if condition else b
        if [a, b] == [1.0, 0.0]:
            assert condition.condition is not None, "of comparisons alone"
            return bracket(*condition.condition)
        return called(typesetting.function("where"), [condition, a, b])

    def bracket(self, a: Any, sign: str, b: Any) -> Shown:
        """Returns the piece [a > b], which is 1 where a > b holds, 0 elsewhere; `sign` may be another comparison.

        A condition compared with 0 becomes the condition itself, or its opposite.
        """
        if isinstance(a, Shown) and a.condition and sign in OPPOSITE["="] + "=":  # [condition ≠ 0] or [condition = 0]
            one, holds, other = a.condition
            return bracket(one, holds if sign == "≠" else OPPOSITE[holds], other)
        return bracket(shown(a), sign, shown(b))


SIGNS = Signs()

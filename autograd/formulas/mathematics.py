"""The mathematics `m` of formulas: the functions that the table's rules call, which here make formulas.

`m.exp(a)` is a call of exp, and so for most functions; a few are written with signs or by other functions. The rules
that are for formulas alone also use `m.call`, `m.softmax` and `m.bracket`.
"""

import operator
from collections.abc import Iterable
from functools import partial
from types import SimpleNamespace
from typing import Any, NoReturn

from .. import floats
from ..operation import Op
from ..vocabulary import WORDS, Word, no_word
from . import typesetting
from .algebra import Call, Formula, formula, is_number, number, power
from .typesetting import Piece

__all__ = ["FORMULAS", "OPPOSITE", "Bracket", "Choice", "compared"]

MOST_INPUTS = 4  # inputs of softmax and ln Σ exp that are written out
_HOLDS = {">": operator.gt, "<": operator.lt, "≥": operator.ge, "≤": operator.le, "=": operator.eq, "≠": operator.ne}
OPPOSITE = {">": "≤", "<": "≥", "≥": "<", "≤": ">", "=": "≠", "≠": "="}


class Bracket(Formula):
    """Iverson's bracket [a > b]: 1 if it holds, else 0."""

    __slots__ = ("sign",)

    def __init__(self, one: Formula, sign: str, other: Formula, value: float) -> None:
        super().__init__(("bracket", one.key, sign, other.key), value, (one, other))
        self.sign = sign

    def piece(self) -> Piece:
        """Returns the bracket, typeset: [a > b]."""
        return typesetting.enclosed("[", self.condition(), "]")

    def condition(self) -> Piece:
        """Returns the condition a > b, without the bracket."""
        one, other = self.parts
        return typesetting.joined(one.piece(), typesetting.sign(self.sign), other.piece())


class Choice(Call):
    """A choice by a condition: where(a > b, x, y)."""

    __slots__ = ()

    def piece(self) -> Piece:
        """Returns the call, with its condition written without brackets."""
        condition, *sides = self.parts
        first = condition.condition() if isinstance(condition, Bracket) else condition.piece()
        return typesetting.call(typesetting.function(self.function), [first, *(side.piece() for side in sides)])


class LogSumExp(Call):
    """ln(exp(a) + exp(b)), or its derivative softmax(a, b)₁. Of many inputs, the first and the last are written."""

    __slots__ = ()

    def __init__(self, inputs: Iterable[Any], value: float, by: int | None = None) -> None:
        super().__init__("log_sum_exp", inputs, value, by)
        self.size = 1 + 2 * sum(a.size for a in self.shown())

    def shown(self) -> tuple[Formula, ...]:
        """Returns the inputs that are written: all of them, or the first and the last."""
        return self.parts if len(self.parts) <= MOST_INPUTS else (self.parts[0], self.parts[-1])

    def piece(self) -> Piece:
        """Returns the logarithm of the sum, or a component of the softmax, typeset."""
        terms = [a.piece() for a in self.shown()]
        if self.by is None:
            terms = [typesetting.call(typesetting.function("exp"), [term]) for term in terms]
        if len(terms) < len(self.parts):
            terms.insert(1, typesetting.DOTS if self.by is None else typesetting.AND_SO_ON)
        if self.by is None:
            return typesetting.call(typesetting.function("ln"), [typesetting.summed(terms)])
        return typesetting.subscripted(typesetting.call(typesetting.function("softmax"), terms), self.by)


def _values(*inputs: Any) -> list[float]:
    return [formula(a).value for a in inputs]


def _word(word: Word, *inputs: Any) -> Formula:
    """Returns a call of the function of this word."""
    return Call(word.formula, inputs, getattr(floats, word.name)(*_values(*inputs)))


def _divide(a: Any, b: Any) -> Any:
    return formula(a) * power(b, -1.0)


def _floor_divide(a: Any, b: Any) -> Formula:
    return Call("floor", (_divide(a, b),), floats.floor_divide(*_values(a, b)))


def _log_sum_exp(*inputs: Any) -> Formula:
    return LogSumExp(inputs, floats.log_sum_exp(*_values(*inputs)))


def _softmax(position: int, *inputs: Any) -> Formula:
    """Returns the component of the softmax at this position: the slope of ln Σ exp by that input."""
    values = _values(*inputs)
    return LogSumExp(inputs, floats.exp(values[position] - floats.log_sum_exp(*values)), by=position + 1)


def _call(op: Op, *inputs: Any) -> Formula:
    """Returns a call of an operation by its name in formulas: σ(a)."""
    return Call(op.called, inputs, op.forward(floats, *_values(*inputs)))


def _bracket(a: Any, sign: str, b: Any) -> Formula:
    """Returns the bracket [a > b]; the number ½ at a tie of > or <; the number 1 or 0 if both sides are numbers."""
    one, other = formula(a), formula(b)
    if isinstance(one, Bracket) and sign in "=≠":  # a condition compared with 0: itself, or its opposite
        return one if sign == "≠" else Bracket(one.parts[0], OPPOSITE[one.sign], one.parts[1], 1.0 - one.value)
    tied = sign in "<>" and one.value == other.value
    value = 0.5 if tied else float(_HOLDS[sign](one.value, other.value))
    return number(value) if tied or (is_number(one) and is_number(other)) else Bracket(one, sign, other, value)


def compared(op: Op, a: Any, b: Any) -> Formula:
    """Returns the bracket of a recorded comparison, [a > b]. If both sides are numbers, it is a number."""
    one, other = formula(a), formula(b)
    value = op.forward(floats, one.value, other.value)
    return number(value) if is_number(one) and is_number(other) else Bracket(one, op.symbol, other, value)


class _Formulas(SimpleNamespace):
    """The mathematics `m`. A function that it lacks raises an AttributeError with the known ones."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(no_word(name))


FORMULAS: _Formulas = _Formulas(
    **{name: partial(_word, word) for name, word in WORDS.items() if word.formula}
    | {
        "divide": _divide,
        "expm1": lambda a: FORMULAS.exp(a) - 1.0,
        "floor_divide": _floor_divide,
        "log1p": lambda a: FORMULAS.log(1.0 + formula(a)),
        "log_sum_exp": _log_sum_exp,
        "power": power,
        "sqrt": lambda a: power(a, 0.5),
        "where": floats.where,
    },
    bracket=_bracket,
    call=_call,
    softmax=_softmax,
)

"""The mathematics `m` of formulas: the words that the table's rules speak, which here make formulas out of formulas.

A word is a call of a function, `m.exp(a)` that of exp, but for the few that formulas write with signs or in other
words. The table's rules for formulas alone say `m.call`, `m.derivative`, `m.softmax` and `m.bracket` too.
"""

import operator
from functools import partial
from types import SimpleNamespace
from typing import Any

from .. import floats
from ..table import OPERATIONS, Op
from ..vocabulary import WORDS, Word
from .algebra import Bracket, Call, Formula, LogSumExp, formula, is_number, number, power

__all__ = ["FORMULAS", "FUNCTIONS"]

# what formulas call by name, so that somebody's own operation may not have that name
FUNCTIONS = {"softmax", *(word.formula for word in WORDS.values()), *(op.called for op in OPERATIONS.values())} - {""}
_COMPARISONS = {">": operator.gt, "<": operator.lt, "=": operator.eq, "≠": operator.ne}


def _values(*inputs: Any) -> list[float]:
    return [formula(a).value for a in inputs]


def _word(word: Word, *inputs: Any) -> Formula:
    """A call of the word's function."""
    return Call(word.formula, inputs, getattr(floats, word.name)(*_values(*inputs)))


def _divide(a: Any, b: Any) -> Any:
    return formula(a) * power(b, -1.0)


def _floor_divide(a: Any, b: Any) -> Formula:
    return Call("floor", (_divide(a, b),), floats.floor_divide(*_values(a, b)))


def _log_sum_exp(*inputs: Any) -> Formula:
    return LogSumExp(inputs, floats.log_sum_exp(*_values(*inputs)))


def _softmax(position: int, *inputs: Any) -> Formula:
    """The component of the inputs' softmax at this position, the slope of ln Σ exp."""
    values = _values(*inputs)
    return LogSumExp(inputs, floats.exp(values[position] - floats.log_sum_exp(*values)), by=position + 1)


def _call(op: Op, *inputs: Any) -> Formula:
    """An operation by the name that formulas have for it: σ(a)."""
    return Call(op.called, inputs, op.forward(floats, *_values(*inputs)))


def _derivative(op: Op, *inputs: Any) -> Formula:
    """Its derivative by the first input: σ′(a)."""
    values = _values(*inputs)
    return Call(op.called, inputs, op.slope(floats, op.forward(floats, *values), values, 0), by=0)


def _bracket(a: Any, sign: str, b: Any) -> Formula:
    """[a > b], ½ where the two are equal; or [a ≠ b]. If both are numbers, it is one too."""
    one, other = formula(a), formula(b)
    tied = sign in "<>" and one.value == other.value
    value = 0.5 if tied else float(_COMPARISONS[sign](one.value, other.value))
    return number(value) if tied or (is_number(one) and is_number(other)) else Bracket(one, sign, other, value)


FORMULAS: SimpleNamespace = SimpleNamespace(
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
    derivative=_derivative,
    softmax=_softmax,
)

"""The functions that rules call, `m.exp`, `m.log1p` and others, each defined once for every mathematics.

A rule of the table runs on floats (`autograd.floats`), on Values (`VALUES`), on arrays (NumPy), on formulas
(`autograd.formulas.mathematics`) and on parts of programs. This table says how each of them writes a function.
"""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from . import floats
from .table import operation
from .value import apply, number_of

__all__ = ["VALUES", "WORDS", "Word", "no_word"]


class Word(NamedTuple):
    """A function that rules call, and its counterpart on Values, in formulas, JavaScript, sympy and NumPy."""

    name: str  # its name in rules and in `autograd.floats`
    operation: str  # the operation it is on Values; "" if none
    formula: str  # the function's name in formulas; "" if they write it with signs, as a/b
    javascript: str  # a JavaScript expression whose value is the function
    sympy: str | Callable[..., Any]  # sympy's name, or a function of sympy and the inputs
    smooth: bool = True  # False if it has corners or jumps
    numpy: str = ""  # NumPy's name, if it differs; NumPy's function takes two inputs where the word takes any number

    def in_numpy(self) -> str:
        """Returns NumPy's name for the function."""
        return self.numpy or self.name


# Aligned columns make the table readable, so the formatter is off.
# fmt: off
_TABLE = (
    #    m.name       operation      in formulas  JavaScript                                   sympy
    Word("abs",       "abs",         "abs",       "Math.abs",                                  "Abs", smooth=False),
    Word("arccos",    "arccos",      "arccos",    "Math.acos",                                 "acos"),
    Word("arcsin",    "arcsin",      "arcsin",    "Math.asin",                                 "asin"),
    Word("arctan",    "arctan",      "arctan",    "Math.atan",                                 "atan"),
    Word("arctan2",   "arctan2",     "arctan2",   "Math.atan2",                                "atan2", smooth=False),
    Word("cos",       "cos",         "cos",       "Math.cos",                                  "cos"),
    Word("cosh",      "cosh",        "cosh",      "Math.cosh",                                 "cosh"),
    Word("divide",    "div",         "",          "(a, b) => a / b",            lambda sympy, a, b: a / b),
    Word("exp",       "exp",         "exp",       "Math.exp",                                  "exp"),
    Word("expm1",     "expm1",       "",          "Math.expm1",             lambda sympy, a: sympy.exp(a) - 1),
    Word("log",       "log",         "ln",        "Math.log",                                  "log"),
    Word("log1p",     "log1p",       "",          "Math.log1p",             lambda sympy, a: sympy.log(1 + a)),
    Word("maximum",   "maximum",     "max",       "(a, b) => (a > b || Number.isNaN(a) ? a : b)", "Max", smooth=False),
    Word("minimum",   "minimum",     "min",       "(a, b) => (a < b || Number.isNaN(a) ? a : b)", "Min", smooth=False),
    Word("sign",      "",            "sign",      "Math.sign",                                 "sign", smooth=False),
    Word("sin",       "sin",         "sin",       "Math.sin",                                  "sin"),
    Word("sinh",      "sinh",        "sinh",      "Math.sinh",                                 "sinh"),
    Word("sqrt",      "sqrt",        "",          "Math.sqrt",                                 "sqrt"),
    Word("tan",       "tan",         "tan",       "Math.tan",                                  "tan"),
    Word("tanh",      "tanh",        "tanh",      "Math.tanh",                                 "tanh"),
    Word("where",     "",            "",          "(condition, a, b) => (condition ? a : b)",
         lambda sympy, condition, a, b: sympy.Piecewise((a, condition), (b, True)),            smooth=False),
    Word("power",     "pow",         "pow",       # as IEEE 754 has it, but for a fractional power of -inf
         "(a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1"
         " : a === -Infinity && Math.abs(b % 1) > 0 ? NaN : a ** b)",                          "Pow"),
    Word("mod",       "mod",         "mod",       # of the sign of b
         "(a, b) => { const rest = a % b; return rest === 0 ? (b < 0 ? -0 : 0)"
         " : (rest < 0) === (b < 0) ? rest : rest + b; }",                                     "Mod", smooth=False),
    Word("floor_divide", "floor_divide", "floor",
         "(a, b) => (b === 0 ? a / b : Math.round((a - m.mod(a, b)) / b))",                    "floor", smooth=False),
    Word("log_sum_exp", "log_sum_exp", "log_sum_exp",
         "(...a) => { const top = Math.max(...a), k = a.indexOf(top); return Math.abs(top) === Infinity ? top"
         " : top + Math.log1p(a.reduce((sum, x, i) => i === k ? sum : sum + Math.exp(x - top), 0)); }",
         lambda sympy, *a: sympy.log(sympy.Add(*map(sympy.exp, a))),  numpy="logaddexp"),
)
# fmt: on
WORDS = {word.name: word for word in _TABLE}


def no_word(name: str) -> str:
    """Returns the error text for a rule that calls m.name, if the vocabulary has no such function."""
    known = ", ".join(WORDS)
    return f"a rule uses + − × ÷, comparisons, and m's {known}; got m.{name}, which is no row of autograd.vocabulary"


def _sign(x: Any) -> float:
    """Returns the sign of x, −1, 0 or 1, as a plain number, since its slope is 0 wherever it has one."""
    return floats.sign(number_of(x))


# The mathematics of Values. A rule that uses it makes nodes, so its result can be differentiated again.
VALUES = SimpleNamespace(
    **{word.name: partial(apply, operation(word.operation)) for word in WORDS.values() if word.operation},
    sign=_sign,
    where=floats.where,
)

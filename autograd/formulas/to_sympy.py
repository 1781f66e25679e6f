"""Formulas handed to sympy, for whoever wants more algebra than a page of backpropagation takes for granted."""

from functools import partial
from math import isfinite
from typing import Any

from ..vocabulary import WORDS
from . import typesetting
from .algebra import Call, Formula, Name, Product, Total
from .mathematics import Bracket

__all__ = ["CALLED", "to_sympy"]


# what operations that formulas call by name are in sympy: a function of sympy and of the inputs
CALLED = {
    "σ": lambda sympy, a: 1 / (1 + sympy.exp(-a)),
    "relu": lambda sympy, a: sympy.Piecewise((a, a > 0), (0, True)),
    "leaky_relu": lambda sympy, a, b: sympy.Piecewise((a, a > 0), (b * a, True)),
    "softplus": lambda sympy, a: sympy.log(1 + sympy.exp(a)),
    "where": lambda sympy, c, a, b: sympy.Piecewise((a, sympy.Ne(c, 0)), (b, True)),
    **{word.formula: word.sympy for word in WORDS.values() if word.sympy},
}


def to_sympy(formula: Formula) -> Any:
    """The formula as sympy's expression, each name a real symbol.

    A name that two values bear is two symbols, and one that two operations of somebody's own bear is two functions.
    Raises ModuleNotFoundError, naming the extra, where sympy is missing.
    """
    try:
        import sympy
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("formulas for sympy need sympy: pip install 'chalkgrad[sympy]'") from error
    return _Writer(sympy).expression(formula)


class _Writer:
    """Writes formulas in sympy."""

    def __init__(self, sympy: Any) -> None:
        self.sympy = sympy
        self.symbols: dict[Any, Any] = {}
        self.own: dict[tuple[str, Any], Any] = {}

    def expression(self, formula: Formula) -> Any:
        """Any formula."""
        sympy, parts = self.sympy, [self.expression(part) for part in formula.parts]
        if isinstance(formula, Name):
            return self.symbol(formula)
        if isinstance(formula, Total):
            return sympy.Add(*parts)
        if isinstance(formula, Product):
            exponents = [self.number(exponent) for _, exponent in formula.powers]
            return sympy.Mul(self.number(formula.coefficient), *map(sympy.Pow, parts, exponents))
        if isinstance(formula, Bracket):
            holds = {">": sympy.Gt, "<": sympy.Lt, "=": sympy.Eq, "≠": sympy.Ne}[formula.sign](*parts)
            return sympy.Piecewise((1, holds), (0, True))
        assert isinstance(formula, Call), "there are no other formulas"
        return self.called(formula, parts) if formula.own is None else self.function(formula)(*parts)

    def called(self, call: Call, inputs: list[Any]) -> Any:
        """A call of a function, or of its derivative."""
        sympy, made = self.sympy, CALLED[call.function]
        function = getattr(sympy, made) if isinstance(made, str) else partial(made, sympy)
        if call.by is None:
            return function(*inputs)
        i, t = max(call.by - 1, 0), sympy.Dummy("t", real=True)
        return sympy.diff(function(*inputs[:i], t, *inputs[i + 1 :]), t).subs(t, inputs[i])

    def function(self, call: Call) -> Any:
        """The function for somebody's own operation; another one of the same name is name_2."""
        name = typesetting.function(call.function, call.by).text
        if (name, call.own) not in self.own:
            before = sum(name == other for other, _ in self.own)
            self.own[name, call.own] = self.sympy.Function(f"{name}_{before + 1}" if before else name)
        return self.own[name, call.own]

    def symbol(self, name: Name) -> Any:
        """A name's symbol; another value of the same name has another one."""
        if name.key not in self.symbols:
            symbol = self.sympy.Symbol(name.name, real=True)
            again = symbol in self.symbols.values()
            self.symbols[name.key] = self.sympy.Dummy(name.name, real=True) if again else symbol
        return self.symbols[name.key]

    def number(self, x: float) -> Any:
        """A whole number, a half and the like exactly; any other as a float."""
        exact = self.sympy.Rational(x) if isfinite(x) else self.sympy.Float(x)
        return exact if exact.is_Rational and exact.q <= 64 else self.sympy.Float(x)

"""Formulas as sympy expressions, for more algebra than formulas do themselves."""

from functools import partial
from math import isfinite
from types import SimpleNamespace
from typing import Any

from ..table import TABLE
from ..vocabulary import WORDS
from . import typesetting
from .algebra import Call, Formula, Name, Product, Total
from .mathematics import Bracket, Choice

__all__ = ["to_sympy"]

# sympy's functions by their names in formulas: those of the vocabulary, and operations whose rule is written for floats
# and makes a poor formula.
CALLED = {
    "relu": lambda sympy, a: sympy.Piecewise((a, a > 0), (0, True)),  # whose slope is 0 at 0
    "softplus": lambda sympy, a: sympy.log(1 + sympy.exp(a)),
    "where": lambda sympy, c, a, b: sympy.Piecewise((a, c if c.is_Relational else sympy.Ne(c, 0)), (b, True)),
    **{word.formula: word.sympy for word in WORDS.values() if word.formula},
}
OPERATIONS = {op.called: op for op in TABLE if op.called}


def to_sympy(formula: Formula) -> Any:
    """Returns the formula as a sympy expression, in which each name is a real symbol.

    Two Values whose labels are equal have different symbols, and two user-defined operations of one name are different
    functions. Raises ModuleNotFoundError, with the extra to install, if sympy is missing.
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
        self.own: dict[tuple[str, Any], Any] = {}

    def expression(self, formula: Formula) -> Any:
        """Returns any formula as a sympy expression."""
        sympy = self.sympy
        if isinstance(formula, Choice) and isinstance(formula.parts[0], Bracket):
            condition, *sides = formula.parts
            return self.named(CALLED["where"])(self.condition(condition), *map(self.expression, sides))
        parts = [self.expression(part) for part in formula.parts]
        if isinstance(formula, Name):
            return sympy.Symbol(formula.name, real=True)
        if isinstance(formula, Total):
            return sympy.Add(*parts)
        if isinstance(formula, Product):
            exponents = [self.number(exponent) for _, exponent in formula.powers]
            return sympy.Mul(self.number(formula.coefficient), *map(sympy.Pow, parts, exponents))
        if isinstance(formula, Bracket):
            return sympy.Piecewise((1, self.condition(formula)), (0, True))
        assert isinstance(formula, Call), "there are no other formulas"
        return self.called(formula, parts) if formula.own is None else self.function(formula)(*parts)

    def condition(self, bracket: Any) -> Any:
        """Returns the condition of a bracket as a relation."""
        sympy, parts = self.sympy, [self.expression(part) for part in bracket.parts]
        relations = {">": sympy.Gt, "<": sympy.Lt, "≥": sympy.Ge, "≤": sympy.Le, "=": sympy.Eq, "≠": sympy.Ne}
        return relations[bracket.sign](*parts)

    def called(self, call: Call, inputs: list[Any]) -> Any:
        """Returns a call of a function, or of its derivative."""
        sympy = self.sympy
        function = self.named(CALLED[call.function]) if call.function in CALLED else partial(self.by_rule, call)
        if call.by is None:
            return function(*inputs)
        i, t = max(call.by - 1, 0), sympy.Dummy("t", real=True)
        return sympy.diff(function(*inputs[:i], t, *inputs[i + 1 :]), t).subs(t, inputs[i])

    def named(self, made: Any) -> Any:
        """Returns sympy's function of this name, or one composed of several."""
        return getattr(self.sympy, made) if isinstance(made, str) else partial(made, self.sympy)

    def by_rule(self, call: Call, *inputs: Any) -> Any:
        """Returns the result of the rule of an operation, with exact numbers."""
        words = SimpleNamespace(**{name: self.named(word.sympy) for name, word in WORDS.items()})
        made = self.sympy.sympify(OPERATIONS[call.function].forward(words, *inputs))
        return made.xreplace({number: self.number(float(number)) for number in made.atoms(self.sympy.Float)})

    def function(self, call: Call) -> Any:
        """Returns the sympy function of a user-defined operation. A second one of the same name becomes name_2."""
        name = typesetting.function(call.function, call.by).text
        if (name, call.own) not in self.own:
            before = sum(name == other for other, _ in self.own)
            self.own[name, call.own] = self.sympy.Function(f"{name}_{before + 1}" if before else name)
        return self.own[name, call.own]

    def number(self, x: float) -> Any:
        """Returns a whole number or a simple fraction as an exact sympy number, any other number as a float."""
        exact = self.sympy.Rational(x) if isfinite(x) else self.sympy.Float(x)
        return exact if exact.is_Rational and exact.q <= 64 else self.sympy.Float(x)

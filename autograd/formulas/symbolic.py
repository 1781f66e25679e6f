"""Formulas handed to sympy, for whoever wants more algebra than a page of backpropagation takes for granted."""

from typing import Any

from .algebra import Call, Compared, Formula, Name, Product, Total

__all__ = ["symbolic"]


def symbolic(formula: Formula) -> Any:
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
        t = sympy.Dummy("t", real=True)
        self.activations = {
            "σ": sympy.Lambda(t, 1 / (1 + sympy.exp(-t))),
            "tanh": sympy.tanh,
            "relu": sympy.Lambda(t, sympy.Max(t, 0)),
            "softplus": sympy.Lambda(t, sympy.log(1 + sympy.exp(t))),
        }
        self.functions = {
            **self.activations,
            **{f"{name}′": self.slope(function) for name, function in self.activations.items()},
            "leaky_relu": lambda x, s: sympy.Piecewise((x, x > 0), (s * x, True)),
            "leaky_relu′": lambda x, s: sympy.Piecewise((1, x > 0), (s, True)),
            "relu′": sympy.Lambda(t, sympy.Piecewise((1, t > 0), (0, True))),
            "exp": sympy.exp, "ln": sympy.log, "sin": sympy.sin, "cos": sympy.cos, "abs": sympy.Abs,
            "sign": sympy.sign, "max": sympy.Max, "min": sympy.Min, "pow": sympy.Pow, "mod": sympy.Mod,
            "floor": sympy.floor,
        }  # fmt: skip

    def slope(self, function: Any) -> Any:
        """The function's derivative."""
        t = self.sympy.Dummy("t", real=True)
        return self.sympy.Lambda(t, self.sympy.diff(function(t), t))

    def expression(self, formula: Formula) -> Any:
        """Any formula."""
        if isinstance(formula, Name):
            return self.symbol(formula)
        if isinstance(formula, Total):
            return self.sympy.Add(*map(self.expression, formula.terms))
        if isinstance(formula, Product):
            powers = [self.expression(base) ** self.number(exponent) for base, exponent in formula.powers]
            return self.sympy.Mul(self.number(formula.coefficient), *powers)
        if isinstance(formula, Compared):
            one, other = self.expression(formula.one), self.expression(formula.other)
            holds = one > other if formula.sign == ">" else one < other
            return self.sympy.Piecewise((1, holds), (0, True))
        assert isinstance(formula, Call), "there are no other formulas"
        called = self.functions[formula.function] if formula.own is None else self.function(formula)
        return called(*map(self.expression, formula.arguments))

    def function(self, call: Call) -> Any:
        """The function for somebody's own operation; another one of the same name is name_2."""
        key = call.function, call.own
        if key not in self.own:
            before = sum(name == call.function for name, _ in self.own)
            self.own[key] = self.sympy.Function(f"{call.function}_{before + 1}" if before else call.function)
        return self.own[key]

    def symbol(self, name: Name) -> Any:
        """A name's symbol; another value of the same name has another one."""
        if name.key not in self.symbols:
            symbol = self.sympy.Symbol(name.name, real=True)
            self.symbols[name.key] = (
                self.sympy.Dummy(name.name, real=True) if symbol in self.symbols.values() else symbol
            )
        return self.symbols[name.key]

    def number(self, x: float) -> Any:
        """A whole number, a half and the like exactly; any other as a float."""
        exact = self.sympy.Rational(x) if x == x and abs(x) < float("inf") else self.sympy.Float(x)
        return exact if exact.is_Rational and exact.q <= 64 else self.sympy.Float(x)

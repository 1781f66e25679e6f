"""Formulas: what the table's rules say when they are asked in symbols instead of numbers.

A `Formula` is a `Name`, a `Call` such as σ′(z), a sum (`Total`), or a `Product` of powers with a number in front. They
are put together by + − × and by the functions below, under NumPy's names, so that a rule can take this module as its
mathematics. What a page of backpropagation takes for granted is done on the way: numbers are multiplied out, ones and
zeros go, equal factors become powers, −(y − a) is a − y. Each carries its number too, by which `where` decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import floats
from ..writing import constant, is_symbol, latex_function, latex_name, latex_number, raised

__all__ = ["CALLED", "Call", "Compared", "Formula", "Name", "Product", "Total", "abs", "cos", "divide", "exp",
           "floor_divide", "is_compound", "log", "log1p", "maximum", "minimum", "mod", "number", "power", "product",
           "sign", "sin", "sqrt", "tanh", "total", "where"]  # fmt: skip

Powers = tuple[tuple["Formula", float], ...]

# what formulas call by name without being somebody's own operation
CALLED = ("abs", "cos", "exp", "floor", "leaky_relu", "ln", "max", "min", "mod", "pow", "relu", "sign", "sin",
          "softplus", "tanh", "σ")  # fmt: skip

where = floats.where


class Formula:
    """The base of all formulas; `value` is the number it stands for, equal formulas have equal keys, `size` is how
    many names and numbers it writes."""

    __slots__ = ("key", "size", "value")

    key: tuple[Any, ...]
    size: int
    value: float  # the number it stands for

    def text(self) -> str:
        """The formula in Unicode, on one line."""
        raise NotImplementedError

    def latex(self) -> str:
        """The formula in LaTeX, for math mode."""
        raise NotImplementedError

    def mathml(self) -> str:
        """The formula in MathML, for a line of a web page."""
        from .mathml import inline  # here, as pages alone need it

        return inline(self.latex())

    def sympy(self) -> Any:
        """The formula as a sympy expression of real symbols; sympy is an extra."""
        from .symbolic import symbolic

        return symbolic(self)

    def __add__(self, other: Any) -> Formula:
        return total((self, formula(other)))

    def __radd__(self, other: Any) -> Formula:
        return total((formula(other), self))

    def __sub__(self, other: Any) -> Formula:
        return total((self, -formula(other)))

    def __rsub__(self, other: Any) -> Formula:
        return total((formula(other), -self))

    def __mul__(self, other: Any) -> Formula:
        return product((self, formula(other)))

    def __rmul__(self, other: Any) -> Formula:
        return product((formula(other), self))

    def __truediv__(self, other: Any) -> Formula:
        return divide(self, other)

    def __rtruediv__(self, other: Any) -> Formula:
        return divide(other, self)

    def __pow__(self, other: Any) -> Formula:
        return power(self, other)

    def __rpow__(self, other: Any) -> Formula:
        return power(other, self)

    def __neg__(self) -> Formula:
        return product((number(-1.0), self))

    def __gt__(self, other: Any) -> bool:
        return self.value > formula(other).value

    def __ge__(self, other: Any) -> bool:
        return self.value >= formula(other).value

    def __lt__(self, other: Any) -> bool:
        return self.value < formula(other).value

    def __le__(self, other: Any) -> bool:
        return self.value <= formula(other).value

    def __str__(self) -> str:
        return self.text()

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"


class Name(Formula):
    """A value that has a name; `which` tells apart those that bear the same."""

    __slots__ = ("name",)

    def __init__(self, name: str, value: float, which: int = 0) -> None:
        self.name, self.value = name, value
        self.key, self.size = ("name", name, which), 1

    def text(self) -> str:
        """The name, on one line."""
        return " ".join(self.name.splitlines())

    def latex(self) -> str:
        """The name, its indices raised and lowered."""
        return latex_name(self.text())


class Call(Formula):
    """A function of formulas, such as σ′(z); `own` is the operation, if it is somebody's own: two may bear one name."""

    __slots__ = ("arguments", "function", "own")

    def __init__(self, function: str, arguments: Iterable[Any], value: float, own: Any = None) -> None:
        self.function, self.arguments, self.value, self.own = function, tuple(map(formula, arguments)), value, own
        self.key = ("call", function, own, *(argument.key for argument in self.arguments))
        self.size = 1 + sum(argument.size for argument in self.arguments)

    def text(self) -> str:
        """σ′(z)."""
        return f"{self.function}({', '.join(argument.text() for argument in self.arguments)})"

    def latex(self) -> str:
        r"""\sigma'(z)."""
        return f"{latex_function(self.function)}({', '.join(argument.latex() for argument in self.arguments)})"


class Compared(Formula):
    """Iverson's bracket [a > b]: 1 where it holds, 0 where it does not."""

    __slots__ = ("one", "other", "sign")

    def __init__(self, one: Formula, sign: str, other: Formula, value: float) -> None:
        self.one, self.sign, self.other, self.value = one, sign, other, value
        self.key, self.size = ("compared", one.key, sign, other.key), one.size + other.size

    def text(self) -> str:
        """[a > b]."""
        return f"[{self.one.text()} {self.sign} {self.other.text()}]"

    def latex(self) -> str:
        """The same."""
        return f"[{self.one.latex()} {self.sign} {self.other.latex()}]"


class Total(Formula):
    """A sum of two terms or more; `total` makes them."""

    __slots__ = ("terms",)

    def __init__(self, terms: tuple[Formula, ...]) -> None:
        self.terms = terms
        self.value = sum(term.value for term in terms)
        self.key, self.size = ("total", frozenset(term.key for term in terms)), sum(term.size for term in terms)

    def text(self) -> str:
        """The terms with + and − between them."""
        return _joined([term.text() for term in self.terms], "−")

    def latex(self) -> str:
        """The same."""
        return _joined([term.latex() for term in self.terms], "-")


class Product(Formula):
    """A number times powers, in order; a number alone is a product of no powers. `product` makes them."""

    __slots__ = ("coefficient", "powers")

    def __init__(self, coefficient: float, powers: Powers) -> None:
        self.coefficient, self.powers = coefficient, powers
        self.value = coefficient
        for base, exponent in powers:
            self.value *= floats.power(base.value, exponent)
        self.key = ("product", coefficient, frozenset((base.key, exponent) for base, exponent in powers))
        self.size = 1 + sum(base.size for base, _ in powers)

    def text(self) -> str:
        """2 · x · y²/z."""
        above = [_power(base.text(), base, e) for base, e in self.powers if e > 0]
        below = [_power(base.text(), base, -e) for base, e in self.powers if e < 0]
        sign, size = ("−", -self.coefficient) if self.coefficient < 0 else ("", self.coefficient)
        if (written := constant(size)) != "1" or not above:
            above.insert(0, "½" if size == 0.5 and above else written)
        under = below[0] if len(below) == 1 else f"({' · '.join(below)})"
        return sign + " · ".join(above) + (f"/{under}" if below else "")

    def latex(self) -> str:
        r"""\frac{2 \cdot x \cdot y^{2}}{z}."""
        above = [_power_latex(base, e) for base, e in self.powers if e > 0]
        below = [_power_latex(base, -e) for base, e in self.powers if e < 0]
        sign, size = ("-", -self.coefficient) if self.coefficient < 0 else ("", self.coefficient)
        if (written := constant(size)) != "1" or not above:
            above.insert(0, r"\tfrac{1}{2}" if size == 0.5 and above else latex_number(written))
        divisors = [base for base, e in self.powers if e == -1]
        if len(below) == len(divisors) == 1:
            below = [divisors[0].latex()]  # without parentheses: the fraction's line holds it together
        upper, lower = r" \cdot ".join(above), r" \cdot ".join(below)
        return sign + (rf"\frac{{{upper}}}{{{lower}}}" if below else upper)


# ---- putting formulas together


def formula(x: Any) -> Formula:
    """A formula as it is, a number as a formula."""
    return x if isinstance(x, Formula) else number(x)


def number(x: float) -> Formula:
    """A number as a formula."""
    return Product(float(x), ())


def product(factors: Iterable[Formula]) -> Formula:
    """The product, numbers multiplied out and equal factors gathered into powers."""
    coefficient = 1.0
    gathered: dict[Any, tuple[Formula, float]] = {}
    for factor in factors:
        c, powers = _parts(factor)
        coefficient *= c
        for base, exponent in powers:
            gathered[base.key] = base, gathered.get(base.key, (base, 0.0))[1] + exponent
    left = [(base, exponent) for base, exponent in gathered.values() if exponent != 0.0]
    if coefficient == 0.0:
        return number(0.0)
    if any(isinstance(base, Product) and exponent.is_integer() for base, exponent in left):  # √(a b) · √(a b)
        return product([number(coefficient), *(power(base, exponent) for base, exponent in left)])
    for i, (base, exponent) in enumerate(left):
        if coefficient < 0.0 and exponent == 1.0 and isinstance(base, Total) and _is_difference(base):
            left[i] = _turned_round(base), 1.0
            coefficient = -coefficient
    if coefficient == 1.0 and len(left) == 1 and left[0][1] == 1.0:
        return left[0][0]
    return Product(coefficient, tuple(left))


def total(terms: Iterable[Formula]) -> Formula:
    """The sum, equal terms gathered."""
    gathered: dict[Any, tuple[float, Powers]] = {}
    for term in terms:
        for part in term.terms if isinstance(term, Total) else (term,):
            coefficient, powers = _parts(part)
            key = frozenset((base.key, exponent) for base, exponent in powers)
            gathered[key] = gathered.get(key, (0.0, powers))[0] + coefficient, powers
    left = [product((Product(c, powers),)) for c, powers in gathered.values() if c != 0.0]
    return number(0.0) if not left else left[0] if len(left) == 1 else Total(tuple(left))


def power(a: Any, b: Any) -> Formula:
    """aᵇ."""
    base, exponent = formula(a), formula(b)
    if not isinstance(exponent, Product) or exponent.powers:
        return Call("pow", (base, exponent), floats.power(base.value, exponent.value))
    n = exponent.coefficient
    coefficient, powers = _parts(base)
    raised_coefficient = floats.power(coefficient, n)
    in_range = 0.0 < floats.abs(raised_coefficient) < floats.divide(1.0, 0.0) or coefficient == 0.0
    if in_range and (n.is_integer() or (not powers and coefficient >= 0.0)):
        return product((Product(raised_coefficient, tuple((x, e * n) for x, e in powers)),))
    return Product(1.0, ((base, n),))


def divide(a: Any, b: Any) -> Formula:
    """a / b."""
    return formula(a) * power(b, -1.0)


def sqrt(a: Any) -> Formula:
    """√a."""
    return power(a, 0.5)


def exp(a: Any) -> Any:
    """eᵃ."""
    return Call("exp", (a,), floats.exp(formula(a).value))


def log(a: Any) -> Any:
    """The natural logarithm."""
    return Call("ln", (a,), floats.log(formula(a).value))


def log1p(a: Any) -> Any:
    """ln(1 + a)."""
    return log(1.0 + formula(a))


def sin(a: Any) -> Any:
    """sin a."""
    return Call("sin", (a,), floats.sin(formula(a).value))


def cos(a: Any) -> Any:
    """cos a."""
    return Call("cos", (a,), floats.cos(formula(a).value))


def tanh(a: Any) -> Any:
    """tanh a."""
    return Call("tanh", (a,), floats.tanh(formula(a).value))


def abs(a: Any) -> Any:  # noqa: A001  the rules say m.abs, as NumPy does
    """|a|."""
    return Call("abs", (a,), floats.abs(formula(a).value))


def mod(a: Any, b: Any) -> Any:
    """a − b ⌊a/b⌋."""
    return Call("mod", (a, b), floats.mod(formula(a).value, formula(b).value))


def floor_divide(a: Any, b: Any) -> Any:
    """⌊a/b⌋."""
    return Call("floor", (divide(a, b),), floats.floor_divide(formula(a).value, formula(b).value))


def sign(a: Any) -> Any:
    """−1, 0 or 1."""
    return Call("sign", (a,), floats.sign(formula(a).value))


def maximum(a: Any, b: Any) -> Any:
    """The larger of the two."""
    return Call("max", (a, b), floats.maximum(formula(a).value, formula(b).value))


def minimum(a: Any, b: Any) -> Any:
    """The smaller of the two."""
    return Call("min", (a, b), floats.minimum(formula(a).value, formula(b).value))


# ---- how they are taken apart and written


def is_compound(f: Formula) -> bool:
    """Whether a factor is put in parentheses: a sum, and a name that is no symbol, such as a+b."""
    return isinstance(f, Total) or (isinstance(f, Name) and not is_symbol(f.name))


def _parts(f: Formula) -> tuple[float, Powers]:
    return (f.coefficient, f.powers) if isinstance(f, Product) else (1.0, ((f, 1.0),))


def _is_difference(f: Total) -> bool:
    """Whether some of its terms are taken away and some are not."""
    return len({_parts(term)[0] < 0.0 for term in f.terms}) == 2


def _turned_round(f: Total) -> Total:
    """−(y − a) as a − y."""
    return Total(tuple(sorted((-term for term in f.terms), key=lambda term: _parts(term)[0] < 0.0)))


def _joined(terms: list[str], minus: str) -> str:
    joined = terms[0]
    for term in terms[1:]:
        joined += f" {minus} {term.removeprefix(minus)}" if term.startswith(minus) else f" + {term}"
    return joined


def _power(text: str, base: Formula, exponent: float) -> str:
    indexed = isinstance(base, Name) and exponent != 1.0 and any(c in "⁰¹²³⁴⁵⁶⁷⁸⁹" for c in text)
    text = f"({text})" if is_compound(base) or isinstance(base, Product) or indexed else text
    return f"√{text}" if exponent == 0.5 else text + raised(exponent)


def _power_latex(base: Formula, exponent: float) -> str:
    if exponent == 0.5:
        return rf"\sqrt{{{base.latex()}}}"
    indexed = isinstance(base, Name) and exponent != 1.0 and "^" in base.latex()
    fenced = is_compound(base) or isinstance(base, Product) or indexed
    text = rf"\left({base.latex()}\right)" if fenced else base.latex()
    return text if exponent == 1.0 else f"{{{text}}}^{{{latex_number(constant(exponent))}}}"

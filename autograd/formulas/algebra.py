"""Formulas: names, calls such as σ′(z), sums, and products of powers with a number in front.

They are simplified as they are made, as on a page of backpropagation: numbers are multiplied, factors of 1 and terms
of 0 are left out, equal factors become powers, and −(y − a) becomes a − y. A formula also holds its number.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable
from typing import Any

from .. import floats
from ..writing import constant
from . import typesetting
from .operand import Operand
from .typesetting import Piece

__all__ = ["Call", "Formula", "Name", "Product", "Raised", "Total", "as_factor", "formula", "is_number", "number",
           "power", "product", "tidied", "total"]  # fmt: skip

Powers = tuple[tuple["Formula", float], ...]

_COMPARISONS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


class Formula(Operand):
    """The base class of all formulas."""

    __slots__ = ("key", "parts", "size", "value")

    size: int  # the number of names and numbers in it

    def __init__(self, key: tuple[Any, ...], value: float, parts: Iterable[Formula] = (), symbols: int = 0) -> None:
        self.key = key  # equal formulas have equal keys
        self.value = value  # the number it stands for
        self.parts = tuple(parts)  # its direct parts: arguments, terms, bases of powers
        self.size = symbols + sum(part.size for part in self.parts)

    def piece(self) -> Piece:
        """Returns the formula as a Piece: text, LaTeX and MathML."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The formula in Unicode, on one line."""
        return self.piece().text

    @property
    def latex(self) -> str:
        """The formula in LaTeX, for math mode."""
        return self.piece().latex

    @property
    def mathml(self) -> str:
        """The formula in MathML, for a line of a web page."""
        return typesetting.math(self.piece())

    def sympy(self) -> Any:
        """Returns the formula as a sympy expression of real symbols. sympy is an extra."""
        from .to_sympy import to_sympy

        return to_sympy(self)

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns the sum, difference, product or quotient; for a comparison, a bool, by the formulas' numbers."""
        a, b = formula(left), formula(right)
        if sign in _COMPARISONS:
            return _COMPARISONS[sign](a.value, b.value)
        if sign in "+-":
            return total((a, b if sign == "+" else -b))
        return product((a, b if sign == "*" else power(b, -1.0)))

    def __pow__(self, other: Any) -> Formula:
        return power(self, other)

    def __rpow__(self, other: Any) -> Formula:
        return power(other, self)

    def __neg__(self) -> Formula:
        return product((number(-1.0), self))

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex}$"


class Name(Formula):
    """The name of a Value."""

    __slots__ = ("name",)

    def __init__(self, name: str, value: float) -> None:
        super().__init__(("name", name), value, symbols=1)
        self.name = name

    def piece(self) -> Piece:
        """Returns the name on one line, with its indices raised and lowered."""
        return typesetting.label(" ".join(self.name.splitlines()))


class Call(Formula):
    """A function of formulas: f(a, b).

    With `by` it is a derivative of the function: 0 means f′, and i means ∂ᵢf, the derivative by input i. `own` is the
    operation if a user defined it, because two of these may have the same name.
    """

    __slots__ = ("by", "function", "own")

    def __init__(
        self, function: str, arguments: Iterable[Any], value: float, by: int | None = None, own: Any = None
    ) -> None:
        inputs = [formula(argument) for argument in arguments]
        super().__init__(("call", function, by, own, *(a.key for a in inputs)), value, inputs, symbols=1)
        self.function, self.by, self.own = function, by, own

    def piece(self) -> Piece:
        """Returns the call, typeset: σ′(z)."""
        return typesetting.call(typesetting.function(self.function, self.by), [a.piece() for a in self.parts])


class Raised(Call):
    """aᵇ, where the exponent is no plain number."""

    __slots__ = ()

    def piece(self) -> Piece:
        """Returns a power such as a^(b − 1), with the exponent raised in LaTeX and MathML."""
        return typesetting.raised_to(_base(self.parts[0]), _exponent(self.parts[1]))


class Total(Formula):
    """A sum of two or more terms. Use `total` to make one."""

    __slots__ = ()

    def __init__(self, terms: Iterable[Formula]) -> None:
        terms = tuple(terms)
        super().__init__(("total", frozenset(term.key for term in terms)), sum(term.value for term in terms), terms)

    def piece(self) -> Piece:
        """Returns the terms with + and − between them."""
        return typesetting.summed(term.piece() for term in self.parts)


class Product(Formula):
    """A number times powers, in order. A number alone is a product of no powers. Use `product` to make one."""

    __slots__ = ("coefficient", "powers")

    def __init__(self, coefficient: float, powers: Powers) -> None:
        value = coefficient
        for base, exponent in powers:
            value *= floats.power(base.value, exponent)
        key = ("product", coefficient, frozenset((base.key, exponent) for base, exponent in powers))
        super().__init__(key, value, (base for base, _ in powers), symbols=1)
        self.coefficient, self.powers = coefficient, powers

    def piece(self) -> Piece:
        """Returns the product, typeset: 2 · x · y²/z, with a fraction line in LaTeX and MathML."""
        if self.coefficient < 0:
            return typesetting.negated(Product(-self.coefficient, self.powers).piece())
        above = [_power(base, e) for base, e in self.powers if e > 0]
        below = [_power(base, -e) for base, e in self.powers if e < 0]
        if constant(self.coefficient) != "1" or not above:  # a coefficient that is 1 except for rounding is left out
            half = self.coefficient == 0.5 and above
            above.insert(0, typesetting.HALF if half else typesetting.number(self.coefficient))
        upper = typesetting.product(above)
        if not below:
            return upper
        lower = typesetting.product(below)
        return typesetting.fraction(upper, lower if len(below) == 1 else typesetting.fenced(lower))


# ---- putting formulas together


def formula(x: Any) -> Formula:
    """Returns the formula of a number. A formula is returned unchanged."""
    return x if isinstance(x, Formula) else number(x)


def number(x: float) -> Formula:
    """Returns the formula of a number."""
    return Product(float(x), ())


def is_number(f: Formula) -> bool:
    """Returns whether the formula is a number alone."""
    return isinstance(f, Product) and not f.powers


def product(factors: Iterable[Formula]) -> Formula:
    """Returns the product, with numbers multiplied and equal factors gathered into powers."""
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
        mixed = isinstance(base, Total) and len(set(map(_is_negative, base.parts))) == 2
        if coefficient < 0.0 and exponent == 1.0 and mixed:  # −(y − a) is a − y
            left[i] = Total(sorted((-term for term in base.parts), key=_is_negative)), 1.0
            coefficient = -coefficient
    if coefficient == 1.0 and len(left) == 1 and left[0][1] == 1.0:
        return left[0][0]
    return Product(coefficient, tuple(left))


def total(terms: Iterable[Formula]) -> Formula:
    """Returns the sum, with equal terms gathered."""
    gathered: dict[Any, tuple[float, Powers]] = {}
    for term in terms:
        for part in term.parts if isinstance(term, Total) else (term,):
            coefficient, powers = _parts(part)
            key = frozenset((base.key, exponent) for base, exponent in powers)
            gathered[key] = gathered.get(key, (0.0, powers))[0] + coefficient, powers
    left = [product((Product(c, powers),)) for c, powers in gathered.values() if c != 0.0]
    return number(0.0) if not left else left[0] if len(left) == 1 else Total(left)


def tidied(f: Formula) -> Formula:
    """Returns a sum with the coefficient common to its terms in front, and a positive term first if there is one."""
    if not isinstance(f, Total):
        return f
    terms = sorted(f.parts, key=_is_negative) if _is_negative(f.parts[0]) else f.parts
    common = _parts(terms[0])[0]
    shares = [(c / common, powers) for c, powers in map(_parts, terms)]
    if floats.abs(common) == 1.0 or any(floats.abs(c) != 1.0 or not powers for c, powers in shares):
        return Total(terms)
    return product((number(common), Total(product((Product(c, powers),)) for c, powers in shares)))


def power(a: Any, b: Any) -> Formula:
    """Returns the power aᵇ."""
    base, exponent = formula(a), formula(b)
    if not is_number(exponent):
        return Raised("pow", (base, exponent), floats.power(base.value, exponent.value))
    n = exponent.value
    coefficient, powers = _parts(base)
    raised = floats.power(coefficient, n)
    in_range = 0.0 < floats.abs(raised) < floats.divide(1.0, 0.0) or coefficient == 0.0
    if in_range and (n.is_integer() or (not powers and coefficient >= 0.0)):
        return product((Product(raised, tuple((x, e * n) for x, e in powers)),))
    return Product(1.0, ((base, n),))


# ---- how formulas are taken apart and written


def as_factor(f: Formula) -> Piece:
    """Returns the formula as a Piece for a product. Sums, and names such as a+b, are put in parentheses."""
    compound = isinstance(f, Total) or (isinstance(f, Name) and not typesetting.is_symbol(f.name))
    return typesetting.fenced(f.piece()) if compound else f.piece()


def _power(base: Formula, exponent: float) -> Piece:
    """Returns the power as a Piece for a product."""
    if exponent == 1.0:
        return typesetting.fenced(base.piece()) if isinstance(base, Product) else as_factor(base)
    piece = _base(base)
    return typesetting.root(piece) if exponent == 0.5 else typesetting.power(piece, exponent)


def _base(base: Formula) -> Piece:
    """Returns the base of a power as a Piece. Products, powers, and names with an upper index get parentheses."""
    piece = as_factor(base)
    indexed = isinstance(base, Name) and typesetting.is_raised(base.name) and not piece.inside
    digits = is_number(base) and len(piece.mathml) == 1
    return typesetting.fenced(piece) if indexed or (isinstance(base, Product | Raised) and not digits) else piece


def _exponent(f: Formula) -> Piece:
    """Returns the exponent of a power as a Piece. Its parentheses are written in plain text only."""
    return typesetting.fenced(f.piece()) if isinstance(f, Product | Raised) else as_factor(f)


def _parts(f: Formula) -> tuple[float, Powers]:
    return (f.coefficient, f.powers) if isinstance(f, Product) else (1.0, ((f, 1.0),))


def _is_negative(term: Formula) -> bool:
    return _parts(term)[0] < 0.0

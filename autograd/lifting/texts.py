"""Pieces of a program, each written twice: as NumPy that runs and as the equation it is.

A `Term` is a number times factors, as `0.5 * (y - a2) * a2`; a sum of terms is a factor again. What a page takes for
granted is done on the way: numbers are multiplied out, ones go, −(y − a) is a − y.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from ..formulas.rule_text import ATOM, CONDITION, MATRIX, PRODUCT, SUM
from ..writing import subscript
from .multiplying_out import multiply_out

__all__ = ["Term", "Text", "atom", "filled", "literal", "matrix_product", "shown_name", "shown_place",
           "shown_transpose", "spelled", "times", "total"]  # fmt: skip


class Text(NamedTuple):
    """A factor in both languages; `terms` if it is a sum, `truth` if it is an array of True and False."""

    code: str
    shown: str
    rank: int = ATOM
    shown_rank: int = ATOM
    truth: bool = False
    terms: tuple[Term, ...] = ()


class Term(NamedTuple):
    """coefficient × factors; a number if there are none."""

    coefficient: float
    factors: tuple[Text, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is worked out from numbers and n alone, and so is a number, not an array."""
        return all(f.code == "n" or (f.terms and all(term.is_plain for term in f.terms)) for f in self.factors)

    @property
    def is_name(self) -> bool:
        """Whether it is the name of an array, and nothing more."""
        return self.coefficient == 1.0 and len(self.factors) == 1 and self.factors[0].code.isidentifier()

    @property
    def transposed(self) -> Term:
        """The transpose."""
        text, shown = self.code(ATOM), self.equation(ATOM)
        if text.endswith(".T"):
            return atom(text[:-2], shown[1:-2] if shown.endswith(")ᵀ") else shown)
        return atom(f"{text}.T", shown_transpose(shown))

    def code(self, at_least: int = CONDITION) -> str:
        """The term as NumPy, in parentheses if it holds together less firmly than it must."""
        text, rank = _code(self)
        return f"({text})" if rank < at_least else text

    def equation(self, at_least: int = CONDITION) -> str:
        """The term as an equation's side, likewise."""
        text, rank = _equation(self)
        return f"({text})" if rank < at_least else text


def atom(code: str, shown: str, rank: int = ATOM, shown_rank: int = ATOM, truth: bool = False) -> Term:
    """A name or a call as a term."""
    return Term(1.0, (Text(code, shown, rank, shown_rank, truth),))


def times(*terms: Term) -> Term:
    """The product of the terms, element by element.

    A number that cannot be multiplied out with the next one is the last factor: what stands between may make up for it.
    """
    coefficient = 1.0
    factors: list[Text] = []
    apart: list[Text] = []
    among_others = not all(term.is_plain for term in terms)
    for term in terms:
        if among_others and not multiply_out(coefficient, term.coefficient):
            apart.append(Text(spelled(abs(coefficient)), f"{abs(coefficient):.6g}"))
            coefficient = math.copysign(1.0, coefficient)
        coefficient *= term.coefficient
        factors += term.factors
    factors += apart
    if coefficient < 0:
        for i, factor in enumerate(factors):
            if any(term.coefficient < 0 for term in factor.terms):
                factors[i] = _sum(sorted((times(Term(-1.0), term) for term in factor.terms), key=_taken_away))
                return Term(-coefficient, tuple(factors))
    return Term(coefficient, tuple(factors))


def total(terms: Iterable[Term]) -> Term:
    """The sum of the terms; equal ones are not gathered."""
    terms = list(terms)
    parts: list[Term] = []
    for term in terms:
        melts = len(terms) > 1 and len(term.factors) == 1 and abs(term.coefficient) == 1
        inner = term.factors[0].terms if melts else ()
        parts += [times(Term(term.coefficient), part) for part in inner] if inner else [term]
    plain = sum(part.coefficient for part in parts if not part.factors)
    parts = [part for part in parts if part.factors] + ([Term(plain)] if plain else [])
    if len(parts) <= 1:
        return parts[0] if parts else Term(0.0)
    return Term(1.0, (_sum(sorted(parts, key=_taken_away) if parts[0].coefficient < 0 else parts),))


def matrix_product(left: Term, right: Term) -> Term:
    """left @ right."""
    a, b = left._replace(coefficient=1.0), right._replace(coefficient=1.0)
    product = Text(f"{a.code(ATOM)} @ {b.code(ATOM)}", f"{a.equation(ATOM)} {b.equation(ATOM)}", MATRIX, MATRIX)
    return times(Term(left.coefficient), Term(right.coefficient, (product,)))


def filled(value: Term, shape: str) -> Term:
    """The value in each place of an array of this shape."""
    if value.factors:
        return atom(f"np.broadcast_to({value.code()}, {shape})", value.equation())
    return atom(f"np.full({shape}, {spelled(value.coefficient)})", value.equation())


def literal(x: float) -> str:
    """A number in the code: whole ones without a point, which NumPy takes alike."""
    return str(int(x)) if abs(x) < 1e6 and x == int(x) else spelled(x)


def spelled(x: float) -> str:
    """A number in the code, as a float."""
    return repr(x) if math.isfinite(x) else "-np.inf" if x < 0 else f"np.{x}"


def shown_name(name: str) -> str:
    """k2 as k₂."""
    letters = name.rstrip("0123456789")
    return letters + subscript(name[len(letters) :])


def shown_place(place: str, shown: str) -> str:
    """A view in an equation: a transpose has its sign."""
    turned = place.removesuffix(".T")
    return place.format(shown) if turned == place else shown_transpose(turned.format(shown))


def shown_transpose(shown: str) -> str:
    """The same with its sign: xᵀ, (W²)ᵀ."""
    return f"{shown}ᵀ" if len(shown) == 1 else f"({shown})ᵀ"


def _taken_away(term: Term) -> bool:
    return term.coefficient < 0


def _sum(terms: Iterable[Term]) -> Text:
    terms = tuple(terms)
    return Text(
        _joined([term.code(MATRIX) for term in terms], "-"),
        _joined([term.equation(MATRIX) for term in terms], "−"),
        SUM, SUM, terms=terms,
    )  # fmt: skip


def _joined(texts: list[str], minus: str) -> str:
    joined = texts[0]
    for text in texts[1:]:
        joined += f" {minus} {text.removeprefix(minus)}" if text.startswith(minus) else f" + {text}"
    return joined


def _code(term: Term) -> tuple[str, int]:
    c, factors = term
    if not factors:
        return literal(c), ATOM if c >= 0 else PRODUCT
    if len(factors) == 1 and c == 1.0 and not factors[0].truth:
        return factors[0].code, factors[0].rank
    truths = all(factor.truth for factor in factors)  # of which a number makes numbers
    first = [literal(c)] if abs(c) != 1.0 else [f"{c}"] * truths
    minus = "-" if c == -1.0 and not first else ""
    numbers_first = sorted(factors, key=lambda factor: factor.truth)  # NumPy has no −True
    written = [factor.code if factor.rank >= PRODUCT else f"({factor.code})" for factor in numbers_first]
    return minus + " * ".join(first + written).replace(" * 1 / ", " / "), PRODUCT


def _equation(term: Term) -> tuple[str, int]:
    c, factors = term
    size = "½" if abs(c) == 0.5 and factors else f"{abs(c):.6g}"
    minus = "−" if c < 0 else ""
    if not factors:
        return minus + size, ATOM if c >= 0 else PRODUCT
    if len(factors) == 1 and c == 1.0:
        return factors[0].shown, factors[0].shown_rank
    written = [factor.shown if factor.shown_rank >= PRODUCT else f"({factor.shown})" for factor in factors]
    joined = " ∘ ".join(written)
    return minus + (joined if abs(c) == 1.0 else f"{size} {joined}"), PRODUCT

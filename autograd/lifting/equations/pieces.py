"""Joins pieces of formulas, with the parentheses that precedence requires: ½ ‖y − a²‖², ((W²)ᵀ δ²) ∘ σ′(z¹).

The table's rules run on these pieces as they run on numbers. Each piece is text, LaTeX and MathML at once.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from ...formulas import typesetting
from ...formulas.rule_text import ATOM, CONDITION, MATRIX, PRODUCT, SUM, Piece
from ..recorded.multiplying_out import multiply_out

__all__ = ["PARTS", "Shown", "atom", "bracket", "called", "compared", "matrix_product", "named", "outer_product",
           "power", "shown", "squared_norm", "summed"]  # fmt: skip

PARTS = "abcdefghijklmnoprstuvwxyz"  # the letters of parts of arrays
RAISED = {"": ""} | dict(zip(PARTS, "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
LOWERED = str.maketrans("0123456789t+-", "₀₁₂₃₄₅₆₇₈₉ₜ₊₋")
ELEMENTWISE = typesetting.sign("∘", r"\circ")
OUTER = typesetting.sign("⊗", r"\otimes")
SPACE = typesetting.Piece(" ", " ", ())
SIGMA = typesetting.Piece("Σ ", r"\sum ", ("<mo>∑</mo>",))
COMPARISONS = {">": ">", "<": "<", ">=": "≥", "<=": "≤", "≠": "≠", "=": "="}


class Factor(NamedTuple):
    """A factor, and its precedence, the rank."""

    piece: typesetting.Piece
    rank: int = ATOM
    is_raised: bool = False  # whether it ends with an upper index, so that an exponent needs parentheses
    terms: tuple[Shown, ...] = ()  # if it is a sum
    turned: Shown | None = None  # x if it is xᵀ
    condition: tuple[Shown, str, Shown] | None = None  # if it is [a > b]

    def held(self, at_least: int) -> typesetting.Piece:
        """Returns the factor as it is typeset, in parentheses if its rank is below `at_least`."""
        return typesetting.fenced(self.piece) if self.rank < at_least else self.piece

    @property
    def base(self) -> typesetting.Piece:
        """The factor as it is typeset under an exponent or a transpose sign."""
        return typesetting.fenced(self.piece) if self.is_raised else self.held(ATOM)


class Shown(Piece):
    """A piece of a formula: a number times factors, divided by other factors."""

    def __init__(self, number: float, above: tuple[Factor, ...] = (), below: tuple[Factor, ...] = ()) -> None:
        self.number, self.above, self.below = number, above, below
        self.axes = ""  # the letters of its axes, if they are written out in it

    @property
    def piece(self) -> typesetting.Piece:
        """The piece as it is typeset on its own line."""
        return self.held(CONDITION)

    def held(self, at_least: int) -> typesetting.Piece:
        """Returns the piece as it is typeset, in parentheses if its rank is below `at_least`."""
        return self._factor().held(at_least)

    @property
    def is_number(self) -> bool:
        """Whether the piece is a number alone."""
        return not self.above and not self.below

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns two sides joined by a sign. In a product, numbers are multiplied if a float can hold the result."""
        a, b = shown(left), shown(right)
        if sign == "*":
            apart = not multiply_out(a.number, b.number)
            number = a.number if apart else a.number * b.number
            return Shown(number, a.above + b.above + (_plain(b.number),) * apart, a.below + b.below)
        if sign == "/":
            if b.below:
                return Shown(a.number, a.above, (*a.below, b._factor()))
            return Shown(a.number, a.above, a.below + (_plain(b.number),) * (b.number != 1.0) + b.above)
        if sign in "+-":
            terms = [*a.terms, *(b.terms if sign == "+" else (-b,))]
            kept = tuple(term for term in terms if not term.is_number or term.number != 0.0)
            if len(kept) < 2:
                return kept[0] if kept else shown(0.0)
            return _of(Factor(typesetting.summed(term.held(MATRIX) for term in kept), SUM, terms=kept))
        sign = COMPARISONS[sign]
        return _of(Factor(compared(a, sign, b), CONDITION, condition=(a, sign, b)))

    def __neg__(self) -> Shown:
        return Shown(-self.number, self.above, self.below)

    def __pow__(self, other: Any) -> Any:
        return power(self, other)

    def __rpow__(self, other: Any) -> Any:
        return power(other, self)

    @property
    def terms(self) -> tuple[Shown, ...]:
        """The terms of a sum; the piece alone if it is no sum."""
        return self._factor().terms or (self,)

    @property
    def turned(self) -> Shown | None:
        """x, if the piece is xᵀ; None otherwise."""
        return self._factor().turned

    @property
    def condition(self) -> tuple[Shown, str, Shown] | None:
        """(a, ">", b), if the piece is a > b or [a > b]; None otherwise."""
        return self._factor().condition

    @property
    def transposed(self) -> Shown:
        """The transpose, such as (W²)ᵀ; a number stays in front."""
        inner = Shown(1.0, self.above, self.below)._factor()
        if inner.turned is not None:
            return self._times(inner.turned)
        base = inner.base
        mathml = f"<msup>{base.element}<mo>⊤</mo></msup>"
        piece = typesetting.Piece(f"{base.text}ᵀ", rf"{{{base.latex}}}^{{\top}}", (mathml,), base.tall)
        return self._times(_of(Factor(piece, is_raised=True, turned=Shown(1.0, self.above, self.below))))

    def _times(self, other: Shown) -> Shown:
        return Shown(self.number * other.number, other.above, other.below)

    def apart(self) -> tuple[float, Shown]:
        """Returns the number in front, and the rest."""
        return self.number, Shown(1.0, self.above, self.below)

    def placed(self, place: typesetting.Piece) -> Shown:
        """Returns the piece with a position after it, such as a¹[1…3]."""
        return _of(Factor(typesetting.joined(self.held(ATOM), place), is_raised=True))

    def indexed(self, axes: str) -> Shown:
        """Returns the piece with the letters of axes after it, such as δ²[i,j]; without letters, the piece itself."""
        letters = ",".join(axes)
        index = typesetting.Piece(f"[{letters}]", f"{{}}_{{{letters}}}", (f"<mtext>[{letters}]</mtext>",))
        return self.placed(index) if axes else self

    def _factor(self) -> Factor:
        """Returns the whole piece as one factor."""
        if self.number == 1.0 and len(self.above) == 1 and not self.below:
            return self.above[0]
        if self.number < 0:
            return Factor(typesetting.negated(Shown(-self.number, self.above, self.below).held(MATRIX)), PRODUCT)
        if self.is_number:
            return Factor(typesetting.number(self.number))
        top = _gathered(self.above)
        if self.number != 1.0 or not top:
            size = typesetting.HALF if self.number == 0.5 and top else typesetting.number(self.number)
            alone = [self.above[0].held(MATRIX)] if len(self.above) == 1 else top
            top = [typesetting.joined(size, SPACE, typesetting.product(alone, ELEMENTWISE)) if alone else size]
        upper = typesetting.product(top, ELEMENTWISE)
        if not self.below:
            return Factor(upper, PRODUCT)
        lower = _gathered(self.below)
        under = lower[0] if len(lower) == 1 else typesetting.fenced(typesetting.product(lower, ELEMENTWISE))
        if len(self.below) == 1:
            under = self.below[0].held(ATOM)
        return Factor(typesetting.fraction(upper, under), PRODUCT)


def shown(x: Any) -> Shown:
    """Returns a number as a piece; a piece is returned unchanged."""
    return x if isinstance(x, Shown) else Shown(float(x))


def named(letter: str, above: str = "", below: str = "", part: str = "", step: str = "") -> Shown:
    """Returns a letter with its indices, and with the letter of a part and the step of a loop, if there are any."""
    piece = typesetting.indexed(letter, above, below)
    if part or step:
        lower = ",".join(filter(None, (below, step)))
        text = piece.text + RAISED[part] + ("," if below and step else "") + step.translate(LOWERED)
        made, minus = (typesetting.indexed(letter, above + part, x) for x in (lower, lower.replace("-", "−")))
        piece = made._replace(text=text, mathml=minus.mathml)
    return _of(Factor(piece, is_raised=bool(above or part)))


def atom(piece: typesetting.Piece, is_raised: bool = False) -> Shown:
    """Returns a piece that never needs parentheses."""
    return _of(Factor(piece, is_raised=is_raised))


def bracket(a: Shown, sign: str, b: Shown) -> Shown:
    """Returns the piece [a > b], which is 1 where a > b holds, 0 elsewhere; `sign` may be another comparison."""
    piece = typesetting.enclosed("[", compared(a, sign, b), "]")
    return _of(Factor(piece, condition=(a, sign, b)))


def matrix_product(left: Shown, right: Shown) -> Shown:
    """Returns the matrix product A B of two pieces, with the numbers in front."""
    (m, a), (n, b) = left.apart(), right.apart()
    return _of(Factor(typesetting.joined(a.held(ATOM), SPACE, b.held(ATOM)), MATRIX), m, n)


def outer_product(left: Shown, right: Shown) -> Shown:
    """Returns A ⊗ B of two pieces, with the numbers in front: each element of A times each one of B."""
    (m, a), (n, b) = left.apart(), right.apart()
    return _of(Factor(typesetting.product([a.held(ATOM), b.held(ATOM)], OUTER), MATRIX), m, n)


def summed(x: Shown) -> Shown:
    """Returns Σ x, with the number of x in front."""
    number, inner = x.apart()
    return _of(Factor(typesetting.joined(SIGMA, inner.held(MATRIX)), MATRIX), number)


def squared_norm(x: Shown) -> Shown:
    """Returns ‖x‖², with the square of the number of x in front."""
    number, inner = x.apart()
    bars = typesetting.enclosed("‖", inner.piece, "‖")._replace(latex=rf"\left\| {inner.piece.latex} \right\|")
    return _of(Factor(typesetting.power(bars, 2.0), is_raised=True), number, number)


def power(a: Any, b: Any) -> Any:
    """Returns aᵇ as a piece: as a root for b = ½, as 1 / a for −1; the number 1 for 0, and a for 1."""
    base = shown(a)._factor()
    if isinstance(b, Shown):
        return _of(Factor(typesetting.raised_to(base.base, b.held(ATOM)), is_raised=True))
    if b == 0.0 or b == 1.0:
        return 1.0 if b == 0.0 else a
    if b == 0.5:
        return _of(Factor(typesetting.root(base.held(ATOM))))
    if b == -1.0:
        return 1.0 / a
    return _of(Factor(typesetting.power(base.base, float(b)), is_raised=True))


def called(function: typesetting.Piece, inputs: Any) -> Shown:
    """Returns the call of a function, such as f(a, b)."""
    return atom(typesetting.call(function, [shown(x).piece for x in inputs]))


def compared(a: Shown, sign: str, b: Shown) -> typesetting.Piece:
    """Returns a comparison, such as a > b, as it is typeset."""
    between = typesetting.sign(sign)
    return typesetting.joined(a.held(SUM), between, b.held(SUM))


def _of(factor: Factor, *numbers: float) -> Shown:
    """Returns a factor as a piece, times plain numbers."""
    made = Shown(1.0, (factor,))
    for number in numbers:
        made = shown(number) * made
    return made


def _plain(number: float) -> Factor:
    return Factor(typesetting.number(number), SUM if number < 0 else ATOM)


def _gathered(factors: tuple[Factor, ...]) -> list[typesetting.Piece]:
    """Returns the factors as they are typeset; equal ones become one power."""
    counts = Counter(factor.piece.text for factor in factors)
    first = {factor.piece.text: factor for factor in reversed(factors)}
    return [first[text].held(PRODUCT) if n == 1 else typesetting.power(first[text].base, float(n))
            for text, n in counts.items()]  # fmt: skip

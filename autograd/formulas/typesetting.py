"""Typeset mathematics: each piece in Unicode text, in LaTeX and in MathML at once.

Pieces are made of smaller pieces: a product of its factors, a fraction of its numerator and denominator.
The MathML is MathML Core (https://www.w3.org/TR/mathml-core/), which leaves the alignment of columns to CSS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import NamedTuple

from ..writing import constant, raised, subscript, superscript

__all__ = ["AND_SO_ON", "CROSS", "DOT", "DOTS", "HALF", "TO_THE_LEFT", "TO_THE_RIGHT", "Equations", "Piece", "call",
           "enclosed", "fenced", "fraction", "function", "indexed", "is_raised", "is_symbol", "joined",
           "label", "math", "negated", "number", "power", "product", "raised_to", "ratio", "root",
           "rounded", "sign", "subscripted", "summed"]  # fmt: skip


class Piece(NamedTuple):
    """A piece of mathematics in three notations."""

    text: str
    latex: str
    mathml: tuple[str, ...]  # elements, side by side
    tall: bool = False  # whether it contains a fraction, so that parentheses around it must grow
    unsigned: Piece | None = None  # the rest, if it begins with a minus sign
    inside: Piece | None = None  # the content, if it is in parentheses

    @property
    def bare(self) -> Piece:
        """The piece without its parentheses, for places where a line or a root replaces them."""
        return self.inside or self

    @property
    def alone(self) -> Piece:
        """The piece for a line of its own: a sum without its parentheses."""
        return self.inside if self.inside and len(self.inside.mathml) > 1 else self

    @property
    def element(self) -> str:
        """The MathML as one element."""
        return self.mathml[0] if len(self.mathml) == 1 else f"<mrow>{''.join(self.mathml)}</mrow>"


def math(piece: Piece) -> str:
    """Returns a <math> element of MathML, for a line of text."""
    return f"<math>{piece.element}</math>"


# ---- the smallest pieces


def sign(text: str, latex: str = "") -> Piece:
    """Returns the Piece of a sign between two pieces, such as + or ·."""
    return Piece(f" {text} ", f" {latex or COMPARED.get(text, text)} ", (f"<mo>{escape(text)}</mo>",))


COMPARED = {"≥": r"\geq", "≤": r"\leq", "≠": r"\neq"}
BLANK = Piece("", "", ())
COMMA = Piece(", ", ", ", ("<mo>,</mo>",))
PLUS, MINUS, EQUALS = sign("+"), sign("−", "-"), sign("=")
DOT, CROSS = sign("·", r"\cdot"), sign("×", r"\times")
DOTS = Piece("…", r"\cdots", ("<mo>⋯</mo>",))  # for terms left out of a sum
AND_SO_ON = Piece("…", r"\ldots", ("<mo>…</mo>",))  # for items left out of a list


def number(x: float, written: Callable[[float], str] = constant) -> Piece:
    """Returns the Piece of a number, rounded by `written`."""
    text = written(abs(x))
    if x < 0 or text != written(x):  # −0 too
        return negated(number(abs(x), written))
    if text in ("inf", "nan"):
        latex, shown = (r"\infty", "∞") if text == "inf" else (r"\mathrm{nan}", "nan")
        return Piece(text, latex, (f"<mi>{shown}</mi>",))
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return Piece(text, text, (f"<mn>{text}</mn>",))
    ten, size = Piece("10", "10", ("<mn>10</mn>",)), number(int(exponent.replace("−", "-")))
    latex = rf"{mantissa} \cdot 10^{{{size.latex}}}"
    return Piece(text, latex, (f"<mn>{mantissa}</mn>", "<mo>·</mo>", f"<msup>{ten.element}{size.element}</msup>"))


def rounded(x: float) -> str:
    """Returns the text of a number with six significant digits."""
    return f"{x:.6g}".replace("-", "−")


GREEK = {"α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "η": r"\eta", "θ": r"\theta",
         "λ": r"\lambda", "μ": r"\mu", "σ": r"\sigma", "φ": r"\varphi", "ω": r"\omega"}  # fmt: skip
COMMANDS = ("arccos", "arcsin", "arctan", "cos", "cosh", "exp", "ln", "max", "min", "sin", "sinh", "tan", "tanh")


_RAISED, _LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_PLAIN = str.maketrans(_RAISED + _LOWERED, "0123456789" * 2)
_INDEXED = re.compile(rf"([^\W\d_])(\d*)([{_RAISED}]*)([{_LOWERED}]*)(?:\[([\d,]+)\])?(?:\((\d+)\))?")


def label(name: str) -> Piece:
    """Returns the Piece of a label: w¹₂₁ and w1 as a letter with indices, loss as a word, others as plain text."""
    found = _INDEXED.fullmatch(name)
    if found is None:
        if name.isalpha() and name.isascii():
            return Piece(name, rf"\mathrm{{{name}}}", (f"<mi>{name}</mi>",))
        return Piece(name, rf"\text{{{_escaped(name)}}}", (f"<mtext>{_xml(name)}</mtext>",))
    letter, digits, above, below, apart, example = found.groups()
    piece = indexed(letter, above.translate(_PLAIN), digits or below.translate(_PLAIN) or apart or "")
    if example:
        piece = joined(piece, enclosed("(", Piece("", example, (f"<mn>{example}</mn>",)), ")"))
    return piece._replace(text=name)


def indexed(letter: str, above: str = "", below: str = "") -> Piece:
    """Returns a Piece (text, LaTeX, MathML) of a letter with its indices, such as w¹₂₁."""
    latex = GREEK.get(letter, letter) + (f"^{{{above}}}" if above else "") + (f"_{{{below}}}" if below else "")
    scripts = "".join(_indices(index) for index in (below, above) if index)
    tag = f"m{'sub' * bool(below)}{'sup' * bool(above)}"
    mathml = f"<{tag}><mi>{letter}</mi>{scripts}</{tag}>" if scripts else f"<mi>{letter}</mi>"
    return Piece(letter + superscript(above) + subscript(below), latex, (mathml,))


def is_symbol(name: str) -> bool:
    """Returns whether a label reads as one symbol and needs no parentheses in a product: w¹₂₁ does, a+b does not."""
    return re.fullmatch(r"[^\W\d][\w\u0300-\u036f]*['′]*(\[[\w,]*\])*(\(\d+\))?", name) is not None


def is_raised(name: str) -> bool:
    """Returns whether a label has an index above, so that a power of it needs parentheses."""
    return any(character in _RAISED for character in name)


# ---- pieces of pieces


def joined(*pieces: Piece) -> Piece:
    """Returns one Piece made of these pieces, side by side."""
    texts, latex, mathml, tall, *_ = zip(*pieces, strict=True)
    return Piece("".join(texts), "".join(latex), sum(mathml, ()), any(tall))


def listed(pieces: Iterable[Piece], between: Piece = COMMA) -> Piece:
    """Returns one Piece made of these pieces, with a sign between each two."""
    first, *others = pieces
    return joined(first, *(piece for other in others for piece in (between, other)))


def negated(piece: Piece) -> Piece:
    """Returns the Piece of the negative −a."""
    minus = Piece("−", "-", ('<mo form="prefix">−</mo>',))
    return joined(minus, piece)._replace(unsigned=piece)


def product(factors: Iterable[Piece], between: Piece = DOT) -> Piece:
    """Returns the Piece of the product a · b, or the factors with another sign between."""
    first, *others = factors
    if others and first.unsigned:
        return negated(product([first.unsigned, *others], between))
    return listed([first, *others], between) if others else first


def summed(terms: Iterable[Piece]) -> Piece:
    """Returns the Piece of the sum a + b − c."""
    total, *others = terms
    for term in others:
        total = joined(total, MINUS, term.unsigned) if term.unsigned else joined(total, PLUS, term)
    return total


def fenced(inside: Piece) -> Piece:
    """Returns the piece in parentheses, as a factor."""
    grown = Piece(f"({inside.text})", rf"\left({inside.latex}\right)", (_fence("(", inside, ")"),), inside.tall)
    return grown._replace(inside=inside)


def enclosed(left: str, inside: Piece, right: str) -> Piece:
    """Returns the piece in brackets, or in the parentheses of a call."""
    return Piece(left + inside.text + right, left + inside.latex + right, (_fence(left, inside, right),), inside.tall)


def _fence(left: str, inside: Piece, right: str) -> str:
    """Returns the brackets in MathML. They grow around a fraction."""
    mo = "<mo>" if inside.tall else '<mo stretchy="false">'
    return f"<mrow>{mo}{left}</mo>{inside.element}{mo}{right}</mo></mrow>"


def fraction(above: Piece, below: Piece) -> Piece:
    """Returns the Piece of the fraction a/b. Only the plain text needs parentheses around b."""
    mathml = f"<mfrac>{above.element}{below.bare.element}</mfrac>"
    return Piece(f"{above.text}/{below.text}", rf"\frac{{{above.latex}}}{{{below.bare.latex}}}", (mathml,), True)


HALF = Piece("½", r"\tfrac{1}{2}", ('<mfrac displaystyle="false"><mn>1</mn><mn>2</mn></mfrac>',))


def ratio(above: Piece, below: Piece) -> Piece:
    """Returns the Piece of the derivative ∂a/∂b."""
    d = Piece("∂", r"\partial ", ("<mi>∂</mi>",))
    return fraction(joined(d, above), joined(d, below))


def power(base: Piece, exponent: float) -> Piece:
    """Returns the Piece of the power a². The base stands alone or in parentheses."""
    n = number(exponent)
    mathml = f"<msup>{base.element}{n.element}</msup>"
    return Piece(base.text + raised(exponent), f"{{{base.latex}}}^{{{n.latex}}}", (mathml,), base.tall)


def raised_to(base: Piece, exponent: Piece) -> Piece:
    """Returns the Piece of the power a^b. Only the plain text needs parentheses around b."""
    mathml = f"<msup>{base.element}{exponent.bare.element}</msup>"
    text = f"{base.text}^{exponent.text}"
    return Piece(text, f"{{{base.latex}}}^{{{exponent.bare.latex}}}", (mathml,), base.tall)


def root(of: Piece) -> Piece:
    """Returns the Piece of the root √a. Only the plain text needs parentheses around a."""
    return Piece(f"√{of.text}", rf"\sqrt{{{of.bare.latex}}}", (f"<msqrt>{of.bare.element}</msqrt>",), of.tall)


def subscripted(piece: Piece, index: int) -> Piece:
    """Returns the piece with a lower index, for one of several components: a₂."""
    mathml = f"<msub>{piece.element}<mn>{index}</mn></msub>"
    return Piece(piece.text + subscript(index), f"{piece.latex}_{{{index}}}", (mathml,), piece.tall)


def call(of: Piece, arguments: Iterable[Piece]) -> Piece:
    """Returns the Piece of the call f(a, b)."""
    return joined(of, enclosed("(", listed(arguments), ")"))


def function(name: str, by: int | None = None) -> Piece:
    """Returns the function f, or its derivative: f′ if `by` is 0, ∂₁f, ∂₂f, … if `by` is the number of an input."""
    latex = GREEK.get(name) or (f"\\{name}" if name in COMMANDS else rf"\operatorname{{{_escaped(name)}}}")
    plain = Piece(name, latex, (f"<mi>{_xml(name)}</mi>",))
    if by is None:
        return plain
    if by == 0:
        return Piece(f"{name}′", f"{latex}'", (f"<msup>{plain.element}<mo>′</mo></msup>",))
    return joined(subscripted(Piece("∂", r"\partial", ("<mi>∂</mi>",)), by), plain)


# ---- lines of equations


class Equations(NamedTuple):
    """Equations left = right = right …, one under the other, and further equations after "where"."""

    left: Piece
    lines: list[Piece]
    where: list[Equations]

    def text(self) -> str:
        """Returns the lines in Unicode, aligned at their equals signs."""
        margin = " " * len(self.left.text)
        shown = [f"{margin if i else self.left.text} = {line.text}" for i, line in enumerate(self.lines)]
        for other in self.where:
            shown += [("      " if i else "where ") + line for i, line in enumerate(other.text().splitlines())]
        return "\n".join(shown)

    def rows(self) -> list[tuple[Piece, Piece]]:
        """Returns a list with a pair of Pieces for each line: its left side and its right side."""
        rows = [(BLANK if i else self.left, line) for i, line in enumerate(self.lines)]
        return rows + [row for other in self.where for row in other.rows()]

    def latex(self) -> str:
        """Returns the lines in LaTeX, for its aligned environment."""
        return r" \\ ".join(f"{left.latex} &= {right.latex}" for left, right in self.rows())

    def mathml(self) -> str:
        """Returns the lines for a web page, as a block."""
        rows = "".join(
            f"<mtr><mtd {TO_THE_RIGHT}>{left.element}</mtd>"
            f"<mtd {TO_THE_LEFT}>{joined(EQUALS, right).element}</mtd></mtr>"
            for left, right in self.rows()
        )
        return f'<math display="block"><mtable displaystyle="true">{rows}</mtable></math>'


TO_THE_LEFT = 'style="text-align: left"'
TO_THE_RIGHT = 'style="text-align: right; text-align: -webkit-right"'  # Chromium aligns formulas by the second only
_ESCAPES = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
            "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}  # fmt: skip


def _escaped(text: str) -> str:
    """Returns the text, escaped for LaTeX."""
    return "".join(_ESCAPES.get(character, character) for character in text)


def _xml(text: str) -> str:
    """Returns the text, escaped for XML. Characters that XML forbids become U+FFFD."""
    return escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def _indices(digits: str) -> str:
    """Returns the indices in MathML: 21 as one number, 11,2 as two."""
    return listed([Piece("", "", (f"<mn>{n}</mn>",)) for n in digits.split(",")]).element

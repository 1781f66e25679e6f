"""The table's rules in JavaScript: what they write when they are asked for a program instead of a number.

A page works its graph out again with each leaf that is dragged. The rules it does that with are not written a second
time: each is run once on pieces of code, under the mathematics `m` below, and what comes out is its JavaScript.
"""

import math
from functools import partial
from typing import Any

from autograd.formulas.rule_text import Mathematics, Piece
from autograd.table import OPERATIONS, Op
from autograd.vocabulary import WORDS

__all__ = ["Code", "rule"]


class Code(Piece):
    """A piece of JavaScript."""

    def __init__(self, text: str) -> None:
        self.text = text

    def joined(self, left: Any, sign: str, right: Any) -> "Code":
        """In parentheses, whatever is around them."""
        return Code(f"({_text(left)} {sign} {_text(right)})")

    def __pow__(self, other: Any) -> "Code":
        return Code(f"m.power({self.text}, {_text(other)})")

    def __rpow__(self, other: Any) -> "Code":
        return Code(f"m.power({_text(other)}, {self.text})")

    def __neg__(self) -> "Code":
        return Code(f"(-{self.text})")


class _JavaScript(Mathematics):
    """`m`: m.exp(a) is the code of a call, m.where(c, a, b) that of a choice."""

    def call(self, name: str, *inputs: Any) -> Code:
        return Code(f"m.{name}({', '.join(map(_text, inputs))})")

    def where(self, condition: Any, a: Any, b: Any) -> Code:
        return Code(f"({_text(condition)} ? {_text(a)} : {_text(b)})")

    def __getattr__(self, name: str) -> Any:
        """A word of rules; or an operation, by its own rule, as costs say m.softplus(a)."""
        if name in OPERATIONS and name not in WORDS:
            return partial(OPERATIONS[name].forward, self)
        return super().__getattr__(name)


def rule(op: Op, arity: int, positions: set[int]) -> str:
    """An operation on that many inputs x[0], x[1], … as JavaScript: how it is worked out, and its slopes.

    `positions` are the inputs by which slopes are asked for. Raises TypeError if a rule says what cannot be written.
    """
    m, inputs = _JavaScript(), [Code(f"x[{i}]") for i in range(arity)]
    try:
        forward = _bare(op.forward(m, *inputs))
        slopes = [f"{i}: (y, x) => {_bare(op.slope(m, Code('y'), inputs, i))}" for i in sorted(positions)]
    except (AttributeError, TypeError, ValueError) as error:
        raise TypeError(f"a page works {op.name} out in JavaScript by its rules; they failed with: {error}") from error
    return f"{{forward: (x) => {forward}, branches: {str(op.branches).lower()},\n   slopes: {{{', '.join(slopes)}}}}}"


def _text(piece: Any) -> str:
    if isinstance(piece, Code):
        return piece.text
    number = float(piece)
    if math.isnan(number):
        return "NaN"
    sign = "-" if math.copysign(1.0, number) < 0.0 else ""
    size = "Infinity" if math.isinf(number) else repr(abs(number)).removesuffix(".0")
    return f"({sign}{size})" if sign else size


def _bare(piece: Any) -> str:
    """Without the parentheses around the whole of it."""
    text = _text(piece)
    depth = 0
    for i, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[1:-1] if i == len(text) - 1 and text[0] == "(" else text
    return text

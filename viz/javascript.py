"""The table's rules in JavaScript: what they write when they are asked for a program instead of a number.

A page works its graph out again with each leaf that is dragged. The rules it does that with are not written a second
time: each is run once on pieces of code, under the mathematics `m` below, and what comes out is its JavaScript.
"""

import math
from collections.abc import Callable
from typing import Any

from autograd import floats
from autograd.table import Op

__all__ = ["Code", "rule"]

NAMES = [name for name in floats.__all__ if name not in ("as_float", "where")]


class Code:
    """A piece of JavaScript; arithmetic and comparisons make larger ones."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __add__(self, other: Any) -> "Code":
        return _infix(self, "+", other)

    def __radd__(self, other: Any) -> "Code":
        return _infix(other, "+", self)

    def __sub__(self, other: Any) -> "Code":
        return _infix(self, "-", other)

    def __rsub__(self, other: Any) -> "Code":
        return _infix(other, "-", self)

    def __mul__(self, other: Any) -> "Code":
        return _infix(self, "*", other)

    def __rmul__(self, other: Any) -> "Code":
        return _infix(other, "*", self)

    def __truediv__(self, other: Any) -> "Code":
        return _infix(self, "/", other)

    def __rtruediv__(self, other: Any) -> "Code":
        return _infix(other, "/", self)

    def __pow__(self, other: Any) -> "Code":
        return Code(f"m.power({self.text}, {_text(other)})")

    def __rpow__(self, other: Any) -> "Code":
        return Code(f"m.power({_text(other)}, {self.text})")

    def __neg__(self) -> "Code":
        return Code(f"(-{self.text})")

    def __gt__(self, other: Any) -> "Code":
        return _infix(self, ">", other)

    def __ge__(self, other: Any) -> "Code":
        return _infix(self, ">=", other)

    def __lt__(self, other: Any) -> "Code":
        return _infix(self, "<", other)

    def __le__(self, other: Any) -> "Code":
        return _infix(self, "<=", other)

    def __bool__(self) -> bool:
        raise TypeError("a rule has to hold for whatever its inputs are: where it says `if`, let it say m.where")


class _Mathematics:
    """`m`, writing: m.exp(a) is the code of a call, m.where(c, a, b) that of a choice."""

    def where(self, condition: Any, a: Any, b: Any) -> Code:
        return Code(f"({_text(condition)} ? {_text(a)} : {_text(b)})")

    def __getattr__(self, name: str) -> Callable[..., Code]:
        if name not in NAMES:
            raise AttributeError(f"there is no m.{name}")
        return lambda *inputs: Code(f"m.{name}({', '.join(map(_text, inputs))})")


def rule(op: Op, arity: int, positions: set[int]) -> str:
    """An operation on that many inputs x[0], x[1], … as JavaScript: how it is worked out, and its slopes.

    `positions` are the inputs by which slopes are asked for. Raises TypeError if a rule says what cannot be written.
    """
    m, inputs = _Mathematics(), [Code(f"x[{i}]") for i in range(arity)]
    try:
        forward = _bare(op.forward(m, *inputs))
        slopes = [f"{i}: (y, x) => {_bare(op.slope(m, Code('y'), inputs, i))}" for i in sorted(positions)]
    except (AttributeError, TypeError, ValueError) as error:
        raise TypeError(
            f"a page works {op.name} out by its rule in JavaScript, so that rule speaks + − × ÷, comparisons, and m's "
            f"{', '.join(NAMES)}, where; this one failed: {error}"
        ) from error
    return f"{{forward: (x) => {forward},\n   slopes: {{{', '.join(slopes)}}}}}"


def _infix(a: Any, sign: str, b: Any) -> Code:
    return Code(f"({_text(a)} {sign} {_text(b)})")


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

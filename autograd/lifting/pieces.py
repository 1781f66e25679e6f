"""Pieces of NumPy code, put together with the parentheses they need."""

from __future__ import annotations

import math
from typing import Any

from ..formulas.rule_text import ATOM, CONDITION, MATRIX, PRODUCT, SUM, Piece

__all__ = ["Code", "call", "held", "literal", "spelled"]

# how firmly each side must hold together, and how firmly the whole does
BINDING = {"+": (SUM, SUM, SUM), "-": (SUM, PRODUCT, SUM), "*": (PRODUCT, ATOM, PRODUCT),
           "/": (PRODUCT, ATOM, PRODUCT), "**": (ATOM, ATOM, PRODUCT), "@": (ATOM, ATOM, MATRIX)}  # fmt: skip
BINDING |= dict.fromkeys((">", ">=", "<", "<="), (SUM, SUM, CONDITION))


class Code(Piece):
    """Some code, and how firmly it holds together; `truth` if it is an array of True and False."""

    def __init__(self, text: str, rank: int = ATOM, truth: bool = False) -> None:
        self.text, self.rank, self.truth = text, rank, truth

    def __str__(self) -> str:
        return self.text

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Ones are no factors; what is added with a minus sign is taken away."""
        if sign in ("*", "/") and _is(right, 1.0):
            return left
        if sign == "*" and _is(left, 1.0):
            return right
        at_left, at_right, rank = BINDING[sign]
        if sign == "*" and isinstance(left, Code) and left.truth and not (isinstance(right, Code) and right.truth):
            left, right = right, left
        if sign == "*" and isinstance(right, Code) and right.rank == PRODUCT and right.text[0] != "-":
            apart = not isinstance(left, Code) and right.by_number  # two numbers that cannot be multiplied out
            at_right = PRODUCT if right.is_product and not apart else ATOM
        one, other = held(left, at_left), held(right, at_right, truth=sign == "*")
        if sign == "+" and other.startswith("-"):
            sign, other = "-", other[1:]
        made = Code(f"{one} {sign} {other}", rank)
        made.is_product = sign == "*"
        made.by_number = sign == "*" and (not isinstance(left, Code) or left.by_number)
        return made

    ends_in_index = False  # so that something can be assigned to it
    is_product = False  # whether it is factors with * between them
    by_number = False  # the first of which is a number

    def __pow__(self, other: Any) -> Any:
        return 1.0 if _is(other, 0.0) else self if _is(other, 1.0) else self.joined(self, "**", other)

    def __rpow__(self, other: Any) -> Any:
        return self.joined(other, "**", self)

    def __matmul__(self, other: Any) -> Any:
        return self.joined(self, "@", other)

    def __neg__(self) -> Code:
        return Code(f"-{held(self, PRODUCT)}", PRODUCT)

    def then(self, text: str) -> Code:
        """With an attribute, an index or a call of a method behind it."""
        made = Code(held(self, ATOM) + text) if text else self
        made.ends_in_index = made.ends_in_index or text[-1:] == "]"
        return made


def held(x: Any, at_least: int = CONDITION, truth: bool = False) -> str:
    """The code of a piece or a number, in parentheses if it must; True and False made numbers unless `truth`."""
    if not isinstance(x, Code):
        text = literal(float(x))
        return f"({text})" if text.startswith("-") and at_least == ATOM else text
    if x.truth and not truth:
        x = Code(f"1.0 * {held(x, ATOM, truth=True)}", PRODUCT)
    return f"({x.text})" if x.rank < at_least else x.text


def call(function: str, *inputs: Any) -> Code:
    """A function's call."""
    return Code(f"{function}({', '.join(held(x) for x in inputs)})")


def literal(x: float) -> str:
    """A number in the code: whole ones without a point, which NumPy takes alike."""
    return str(int(x)) if abs(x) < 1e6 and x == int(x) else spelled(x)


def spelled(x: float) -> str:
    """A number in the code, as a float."""
    return repr(x) if math.isfinite(x) else "-np.inf" if x < 0 else f"np.{x}"


def _is(x: Any, value: float) -> bool:
    return isinstance(x, float | int) and x == value

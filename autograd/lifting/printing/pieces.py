"""Joins pieces of code, with the parentheses that precedence requires."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ...formulas.rule_text import ATOM, CONDITION, MATRIX, PRODUCT, SUM, Piece

__all__ = ["Code", "as_numbers", "call", "extents", "held", "literal", "pieces_of", "spelled"]

# the precedence that the left and the right side need, and that of the result
BINDING = {"+": (SUM, SUM, SUM), "-": (SUM, PRODUCT, SUM), "*": (PRODUCT, ATOM, PRODUCT),
           "/": (PRODUCT, ATOM, PRODUCT), "**": (ATOM, ATOM, PRODUCT), "@": (ATOM, ATOM, MATRIX)}  # fmt: skip
BINDING |= dict.fromkeys((">", ">=", "<", "<="), (SUM, SUM, CONDITION))


class Code(Piece):
    """A piece of code, and its precedence, the rank."""

    def __init__(self, text: str, rank: int = ATOM, *, is_truth: bool = False, is_name: bool = False) -> None:
        self.text, self.rank = text, rank
        self.is_truth = is_truth  # an array of True and False
        self.as_numbers: Code | None = None  # its code as an array of 1 and 0; None: 1.0 times it
        self.is_name = is_name
        self.opposite: Code | None = None  # x if this is −x
        self.is_product = False  # whether it is a product, written with *
        self.by_number = False  # whether the first factor of the product is a number
        self.inside: tuple[Any, ...] = ()  # the pieces that it was made of

    def __str__(self) -> str:
        return self.text

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns two sides joined by a sign. Factors of 1 are left out, and adding −x becomes subtracting x."""
        if sign in ("*", "/") and _is(right, 1.0):
            return left
        if sign == "*" and _is(left, 1.0):
            return right
        if sign == "+" and isinstance(right, Code) and right.opposite is not None:
            return self.joined(left, "-", right.opposite)
        if sign == "+" and not isinstance(right, Code) and right < 0.0:
            return self.joined(left, "-", -right)
        if (
            sign == "*"
            and isinstance(left, Code)
            and left.is_truth
            and not (isinstance(right, Code) and right.is_truth)
        ):
            left, right = right, left
        is_digits = not isinstance(left, Code) or left.is_truth
        if sign == "*" and is_digits and isinstance(right, Code) and right.as_numbers is not None:
            right = right.as_numbers  # True times a number would have another precision
        at_left, at_right, rank = BINDING[sign]
        if sign == "*" and isinstance(right, Code) and right.is_product:
            apart = not isinstance(left, Code) and right.by_number  # two numbers whose product a float cannot hold
            at_right = ATOM if apart else PRODUCT
        made = Code(f"{held(left, at_left)} {sign} {held(right, at_right, truth=sign == '*')}", rank)
        made.inside = left, right
        made.is_product = sign == "*"
        made.by_number = sign == "*" and (not isinstance(left, Code) or left.by_number)
        return made

    def __pow__(self, other: Any) -> Any:
        return 1.0 if _is(other, 0.0) else self if _is(other, 1.0) else self.joined(self, "**", other)

    def __rpow__(self, other: Any) -> Any:
        return self.joined(other, "**", self)

    def __matmul__(self, other: Any) -> Code:
        made: Code = self.joined(self, "@", other)
        return made

    def __neg__(self) -> Code:
        made = Code(f"-{held(self, PRODUCT)}", PRODUCT)
        made.inside = (self,)
        made.opposite = self
        return made

    def then(self, text: str) -> Code:
        """Returns the piece with an attribute, an index or a method call after it."""
        if not text:
            return self
        made = Code(held(self, ATOM) + text)
        made.inside = (self,)
        return made


def held(x: Any, at_least: int = CONDITION, truth: bool = False) -> str:
    """Returns the text of a piece or a number, in parentheses if its rank is below `at_least`.

    Truth values become numbers unless `truth` is true.
    """
    if not isinstance(x, Code):
        text = literal(float(x))
        return f"({text})" if math.copysign(1.0, x) < 0.0 and at_least == ATOM else text
    if x.is_truth and not truth:
        x = Code(f"1.0 * {held(x, ATOM, truth=True)}", PRODUCT) if x.as_numbers is None else x.as_numbers
    return f"({x.text})" if x.rank < at_least else x.text


def as_numbers(x: Any) -> Code:
    """Returns a number or a piece as a piece of code; truth values become numbers."""
    if isinstance(x, Code):
        return Code(held(x), PRODUCT) if x.is_truth else x
    return Code(literal(x))


def pieces_of(x: Any) -> Iterator[Code]:
    """Yields the piece and all pieces inside it, each as often as it occurs."""
    if isinstance(x, Code):
        yield x
        for part in x.inside:
            yield from pieces_of(part)


def call(function: str, *inputs: Any) -> Code:
    """Returns code for the call of a function."""
    made = Code(f"{function}({', '.join(held(x) for x in inputs)})")
    made.inside = inputs
    return made


def extents(shape: tuple[int, ...], varies: bool) -> str:
    """Returns a shape as code, with n in front for an array that varies by example."""
    written = [*(["n"] * varies), *map(str, shape)]
    return f"({', '.join(written)}{',' * (len(written) == 1)})"


def literal(x: float) -> str:
    """Returns a number as code; a whole number has no decimal point, which makes no difference to NumPy."""
    return str(int(x)) if abs(x) < 1e6 and x == int(x) else spelled(x)


def spelled(x: float) -> str:
    """Returns a number as code, always a float."""
    return repr(x) if math.isfinite(x) else "-np.inf" if x < 0 else f"np.{x}"


def _is(x: Any, value: float) -> bool:
    return isinstance(x, float | int) and x == value

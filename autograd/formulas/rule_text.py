"""Rules of the table, run on text: what they write when they are asked for a program instead of a number.

`lift` writes NumPy this way, and a page JavaScript. Either has a `Piece` of its own, which says how two pieces are
joined by a sign, and a `Mathematics` of its own, which says how a function is called.
"""

from collections.abc import Callable
from typing import Any

from ..vocabulary import WORDS, no_word
from .operand import Operand

__all__ = ["ATOM", "CONDITION", "MATRIX", "PRODUCT", "SUM", "Mathematics", "Piece"]

CONDITION, SUM, MATRIX, PRODUCT, ATOM = range(5)  # how firmly a text holds together


class Piece(Operand):
    """A piece of code; arithmetic and comparisons make larger ones."""

    def __bool__(self) -> bool:
        raise TypeError("a rule has to hold for whatever its inputs are: where it says `if`, let it say m.where")


class Mathematics:
    """`m`, writing: m.exp(a) is the code of a call."""

    def call(self, name: str, *inputs: Any) -> Any:
        """The function of this name, called; an input is a piece or a number."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name[:2] == "__":  # Python itself asks for such names
            raise AttributeError(name)
        if name not in WORDS:
            raise TypeError(no_word(name))
        return lambda *inputs: self.call(name, *inputs)

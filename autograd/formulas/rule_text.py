"""Rules of the table run on program text: their results are code in place of numbers.

`lift` writes NumPy code this way, and the live page JavaScript. Each has its own `Piece`, which joins two pieces by a
sign, and its own `Mathematics`, which writes the call of a function.
"""

from collections.abc import Callable
from typing import Any

from ..vocabulary import WORDS, no_word
from .operand import Operand

__all__ = ["ATOM", "CONDITION", "MATRIX", "PRODUCT", "SUM", "Mathematics", "Piece"]

CONDITION, SUM, MATRIX, PRODUCT, ATOM = range(5)  # precedence, the weakest first


class Piece(Operand):
    """A piece of code. Arithmetic and comparisons make larger pieces."""

    def __bool__(self) -> bool:
        raise TypeError("a rule must hold for all inputs: use m.where in place of `if`")


class Mathematics:
    """The mathematics `m` of code: m.exp(a) is the code of a call."""

    def call(self, name: str, *inputs: Any) -> Any:
        """Returns the code of a call of this function. An input is a piece or a number."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name[:2] == "__":  # Python looks for such names itself
            raise AttributeError(name)
        if name not in WORDS:
            raise TypeError(no_word(name))
        return lambda *inputs: self.call(name, *inputs)

"""Rules of the table, run on text: what they write when they are asked for a program instead of a number.

`lift` writes NumPy this way, and a page JavaScript. Either has a `Piece` of its own, which says how two pieces are
joined by a sign, and a `Mathematics` of its own, which says how a function is called.
"""

from collections.abc import Callable
from typing import Any

from .. import floats

__all__ = ["FUNCTIONS", "Mathematics", "Piece"]

FUNCTIONS = tuple(name for name in floats.__all__ if name not in ("as_float", "where"))


class Piece:
    """A piece of code; arithmetic and comparisons make larger ones."""

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """`left sign right`; one of them is this piece, the other a piece or a number."""
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self.joined(self, "+", other)

    def __radd__(self, other: Any) -> Any:
        return self.joined(other, "+", self)

    def __sub__(self, other: Any) -> Any:
        return self.joined(self, "-", other)

    def __rsub__(self, other: Any) -> Any:
        return self.joined(other, "-", self)

    def __mul__(self, other: Any) -> Any:
        return self.joined(self, "*", other)

    def __rmul__(self, other: Any) -> Any:
        return self.joined(other, "*", self)

    def __truediv__(self, other: Any) -> Any:
        return self.joined(self, "/", other)

    def __rtruediv__(self, other: Any) -> Any:
        return self.joined(other, "/", self)

    def __gt__(self, other: Any) -> Any:
        return self.joined(self, ">", other)

    def __ge__(self, other: Any) -> Any:
        return self.joined(self, ">=", other)

    def __lt__(self, other: Any) -> Any:
        return self.joined(self, "<", other)

    def __le__(self, other: Any) -> Any:
        return self.joined(self, "<=", other)

    def __bool__(self) -> bool:
        raise TypeError("a rule has to hold for whatever its inputs are: where it says `if`, let it say m.where")


class Mathematics:
    """`m`, writing: m.exp(a) is the code of a call."""

    def call(self, name: str, *inputs: Any) -> Any:
        """The function of this name, called; an input is a piece or a number."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in FUNCTIONS:
            raise TypeError(f"a rule speaks + − × ÷, comparisons, and m's {', '.join(FUNCTIONS)}, where; got m.{name}")
        return lambda *inputs: self.call(name, *inputs)

"""The base class of formulas and code, on which a rule of the table can run in place of numbers."""

from collections.abc import Callable
from typing import Any

__all__ = ["Operand"]

Operator = Callable[[Any, Any], Any]


def _operator(sign: str) -> Operator:
    """Returns the method that Python calls for `self sign other`."""
    return lambda self, other: self.joined(self, sign, other)


def _reflected(sign: str) -> Operator:
    """Returns the method that Python calls for `other sign self`."""
    return lambda self, other: self.joined(other, sign, self)


class Operand:
    """The base of formulas and of pieces of programs. Arithmetic and comparisons all call one method, `joined`."""

    __slots__ = ()

    __add__, __radd__ = _operator("+"), _reflected("+")
    __sub__, __rsub__ = _operator("-"), _reflected("-")
    __mul__, __rmul__ = _operator("*"), _reflected("*")
    __truediv__, __rtruediv__ = _operator("/"), _reflected("/")
    __gt__, __ge__, __lt__, __le__ = map(_operator, (">", ">=", "<", "<="))

    def joined(self, left: Any, sign: str, right: Any) -> Any:
        """Returns the result of `left sign right`. One of them is this operand, the other an operand or a number."""
        raise NotImplementedError

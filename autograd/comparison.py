"""The result of comparing Values: True or False, together with the comparison, which `where` records."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from .operation import Op
from .value import Value, operand_of, record

__all__ = ["Compared", "compare", "recorded"]

_new = object.__new__


def compare(op: Op, holds: Callable[[Any, Any], Any], value: Value, other: Any) -> Any:
    """Returns the result of `value < other` and its like: a `Compared`; if `other` is an array, NumPy's result."""
    found = holds(value._data, other._data if isinstance(other, Value) else other)
    if type(found) is not bool and not isinstance(other, float):
        return found
    made = _new(Compared)
    made.holds = found is True or bool(found)
    made.compared = op, value, other
    return made


def recorded(holds: bool, op: Op, *operands: Any) -> Value:
    """Records the comparison as a node and returns the node: 1 if it held when it was made, else 0."""
    a, b = map(operand_of, operands)
    slopes = [0.0 if isinstance(x, Value) else None for x in (a, b)]
    return record(op, float(holds), a, slopes[0], b, slopes[1])


def _operator(sign: Callable[[Any, Any], Any]) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    """Returns two methods for an operator: one for the comparison on its left, one for the comparison on its right."""
    return lambda self, other: sign(self.holds, other), lambda self, other: sign(other, self.holds)


class Compared:
    """A bool that remembers its comparison. It replaces a bool in `if`, isinstance, comparisons, arithmetic and NumPy.

    `is True`, `type(x) is bool`, `case True` and json.dumps see that it is no bool.

    `node` is the comparison as a Value, which `where` records.
    """

    __slots__ = ("compared", "holds")

    holds: bool
    compared: Any  # (operation, left, right); after `node` was read, the node itself

    __class__ = bool  # type: ignore[assignment]  # so that isinstance(…, bool) is True

    @property
    def node(self) -> Value:
        """The comparison as a Value of 1 or 0, whose parents are the compared Values. It is made once."""
        if type(self.compared) is tuple:
            self.compared = recorded(self.holds, *self.compared)
        node: Value = self.compared
        return node

    def __bool__(self) -> bool:
        return self.holds

    def __index__(self) -> int:
        return int(self.holds)

    def __hash__(self) -> int:
        return hash(self.holds)

    def __repr__(self) -> str:
        return repr(self.holds)

    def __format__(self, spec: str) -> str:
        return format(self.holds, spec)

    def __reduce__(self) -> tuple[Any, ...]:
        return bool, (self.holds,)  # a copy is a plain bool and keeps no graph alive

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        from .arrays.conversions import truth  # late: it needs NumPy

        return truth(self.holds, dtype)

    def __neg__(self) -> int:
        return -self.holds

    def __invert__(self) -> int:
        return ~int(self.holds)

    __eq__, __ne__ = _operator(operator.eq)[0], _operator(operator.ne)[0]
    __lt__, __le__ = _operator(operator.lt)[0], _operator(operator.le)[0]
    __gt__, __ge__ = _operator(operator.gt)[0], _operator(operator.ge)[0]
    __add__, __radd__ = _operator(operator.add)
    __sub__, __rsub__ = _operator(operator.sub)
    __mul__, __rmul__ = _operator(operator.mul)
    __truediv__, __rtruediv__ = _operator(operator.truediv)
    __floordiv__, __rfloordiv__ = _operator(operator.floordiv)
    __mod__, __rmod__ = _operator(operator.mod)
    __pow__, __rpow__ = _operator(operator.pow)
    __and__, __rand__ = _operator(operator.and_)
    __or__, __ror__ = _operator(operator.or_)
    __xor__, __rxor__ = _operator(operator.xor)

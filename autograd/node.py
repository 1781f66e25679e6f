"""A node of a computation graph: its number, its gradient, and the operands it was made from."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, SupportsFloat

from . import floats, table, walk
from .grad_mode import blocks, varied, watching
from .operation import Op

if TYPE_CHECKING:
    from .value import Value

__all__ = ["Node", "Number"]

Number = SupportsFloat  # anything float() takes: int, float, Fraction, a NumPy scalar, a 0-d array


@cache
def _comparing() -> Callable[..., Any]:
    from .comparison import compare  # late: read when a Value is first compared

    return compare


def _comparison(op: Op, holds: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Returns the method for a comparison operator."""
    return lambda self, other: _comparing()(op, holds, self, other)


class Node:
    """The data of a `Value`, its backward pass and its conversions; arithmetic is in `value`."""

    # An operation on one or two inputs keeps each operand here beside its local derivative, which is None for a
    # constant. An operation on many inputs (dot) keeps two tuples in _left and _d_left: its parents and their local
    # derivatives. If some of its operands are constants, _right holds all operands. Slots make a node half the size
    # of one with two tuples, and its backward pass more than twice as fast.
    __slots__ = ("_d_left", "_d_right", "_data", "_grad", "_left", "_right", "label", "op")

    _data: float
    _grad: float
    label: str  # its name in pictures, formulas and errors; it may be assigned
    op: Op | None  # the operation that made it; None for a leaf
    _left: Any
    _right: Any
    _d_left: Any
    _d_right: Any

    def __init__(self, data: Number, label: str = "") -> None:
        if isinstance(data, Node) or not isinstance(label, str):
            from .diagnostics.refusals import no_label, value_already

            raise value_already(data) if isinstance(data, Node) else no_label(label)
        self._data = floats.as_float(data)
        self._grad = 0.0
        self.label = label
        self.op = self._left = self._d_left = self._right = self._d_right = None

    # ---- its two numbers, which may be assigned

    @property
    def data(self) -> float:
        """The number. An assigned number counts in later operations.

        Graphs made earlier keep their numbers and slopes; draw, explain, play and lift then give a ChangedValueWarning.
        """
        return self._data

    @data.setter
    def data(self, number: Number) -> None:
        self._data = _number(number)

    @property
    def grad(self) -> float:
        """∂result/∂self, 0 before any `backward()`. On a leaf, each `backward()` adds to it until `zero_grad()`."""
        return self._grad

    @grad.setter
    def grad(self, number: Number) -> None:
        self._grad = _number(number)

    # ---- what a node remembers

    @property
    def operands(self) -> tuple[Any, ...]:
        """The operands it was made from, in order: Values and plain floats. A leaf has none."""
        if self.op is None:
            return ()
        if type(self._d_left) is tuple:
            operands: tuple[Any, ...] = self._left if self._right is None else self._right
            return operands
        return (self._left,) if self._right is None else (self._left, self._right)

    @property
    def parents(self) -> tuple[Value, ...]:
        """The Values among the operands. A Value that occurs twice among them occurs twice here."""
        if type(self._d_left) is tuple:
            parents: tuple[Value, ...] = self._left
            return parents
        if self._d_right is None:
            return () if self._d_left is None else (self._left,)
        return (self._right,) if self._d_left is None else (self._left, self._right)

    @property
    def local_grads(self) -> tuple[float, ...]:
        """∂self/∂parent for each of `parents`, computed when this node was made."""
        if type(self._d_left) is tuple:
            slopes: tuple[float, ...] = self._d_left
            return slopes
        if self._d_right is None:
            return () if self._d_left is None else (self._d_left,)
        return (self._d_right,) if self._d_left is None else (self._d_left, self._d_right)

    # ---- derivatives

    def backward(self, seed: Number = 1.0) -> None:
        """Fills in the gradients: `grad` of each Value v that this one depends on becomes seed · ∂self/∂v.

        Gradients of leaves add up over calls, until `zero_grad` clears them. Gradients of inner nodes start over.
        On a leaf, the seed is added to its own `grad`.

        Threads may each walk a graph of their own. Where graphs share Values, put a lock around `backward()`: it adds
        to their `grad`, and two threads that do so at once may lose an addition. `grad`, `jvp`, `vjp` and
        `backward_steps` write to no Value, and need no lock.

        Args:
            seed: ∂C/∂self, if a cost C is differentiated; 1 differentiates this Value itself.
        """
        number = floats.as_float(seed)
        if blocks and (watch := watching()):
            watch.check_backward(self, number)
        walk.backward(self, number)

    def detach(self) -> Any:
        """Returns a new leaf with the same number and label. For derivatives it is a constant."""
        return type(self)(self._data, self.label)

    def zero_grad(self) -> None:
        """Sets `grad` to 0 on this Value and on every Value that it depends on."""
        for node in walk.nodes(self):
            node._grad = 0.0

    # ---- conversions to numbers, which leave the graph

    def __float__(self) -> float:
        if varied:
            from .diagnostics.leaving import left_graph

            return left_graph(self)
        return float(self._data)

    def __int__(self) -> int:
        return int(self._data)

    __trunc__ = __int__

    def __round__(self, digits: int | None = None) -> int | float:
        return round(self._data, digits)

    def __floor__(self) -> int:
        return math.floor(self._data)

    def __ceil__(self) -> int:
        return math.ceil(self._data)

    def conjugate(self) -> Any:
        """Returns the Value itself, as for any real number. NumPy's var and std call it."""
        return self

    def __bool__(self) -> bool:
        return bool(self._data)

    __lt__, __le__ = _comparison(table.LESS, operator.lt), _comparison(table.LESS_EQUAL, operator.le)
    __gt__, __ge__ = _comparison(table.GREATER, operator.gt), _comparison(table.GREATER_EQUAL, operator.ge)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data}, grad={self._grad}{label})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    # ---- copies, which must not recurse into the graph

    def __copy__(self) -> Any:
        from . import copying  # late, here and below: few programs copy a graph

        return copying.shallow(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        from . import copying

        return copying.deep(self, memo)

    def __reduce__(self) -> tuple[Any, ...]:
        from . import copying

        return copying.reduce(self)


def _number(x: Any) -> float:
    if isinstance(x, Node):
        from .diagnostics.refusals import not_assigned

        raise not_assigned(x)
    return floats.as_float(x)

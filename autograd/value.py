"""A Value is a number that remembers its operation and operands, so that derivatives can be computed."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn

from . import floats, table
from .grad_mode import blocks, observe, paused
from .node import Node
from .operation import Op

__all__ = ["Value", "apply", "number_of", "operand_of", "record"]


def _operators(op: Op) -> tuple[Callable[[Value, Any], Value], Callable[[Value, Any], Value]]:
    """Returns two methods for an operator: one for the Value on its left, one for the Value on its right."""

    def forward(self: Value, other: Any) -> Value:
        number = _constant(other)
        return number if number is NotImplemented else apply(op, self, number)

    def reflected(self: Value, other: Any) -> Value:
        number = _constant(other)
        return number if number is NotImplemented else apply(op, number, self)

    return forward, reflected


def _method(op: Op) -> Callable[[Value], Value]:
    """Returns a method that applies an operation of one input."""

    def method(self: Value) -> Value:
        return apply(op, self)

    method.__name__, method.__qualname__, method.__doc__ = op.name, f"Value.{op.name}", f"{op.about}."
    return method


class Value(Node):
    """A node of a computation graph: a number, the operation it came from, and its gradient.

    `Value(2.0, "x")` is a leaf. Arithmetic on Values makes new Values, and each records its operation and operands.
    Then `backward()` on a result fills in `grad`, ∂result/∂value, for every Value that it depends on.

    Operands are Values and real numbers, on either side of + − * / % // **. NumPy's functions, as in `np.exp(y)`, are
    the same operations; `autograd.array` makes an array of Values. < and > compare the numbers; == and hash go by
    identity. `float(y)` is a plain number, outside the graph.

    Args:
        data: A real number.
        label: Its name in pictures, formulas and errors.
    Raises:
        TypeError: If `data` or an operand is no real number: text, a list, None; or if `data` is a Value.
        DomainError: If an operation has no value, as 1 / 0.
    Example:
        >>> x, w = Value(2.0, "x"), Value(-3.0, "w")
        >>> y = w * x + 7
        >>> y.backward()
        >>> y.data, x.grad, w.grad
        (1.0, -3.0, 2.0)
    """

    __slots__ = ()

    # ---- arithmetic: the most frequent operations written out, the others made from their rows of the table

    def __add__(self, other: Any) -> Value:
        if isinstance(other, Value):
            node = _new(Value)  # `record`, inlined for speed: + and × of two Values are most nodes of a graph
            node._data = self._data + other._data
            node._grad = 0.0
            node.label = ""
            node.op = table.ADD
            node._left = self
            node._right = other
            node._d_left = node._d_right = 1.0
            if blocks:
                observe(node)
            return node
        number = _constant(other)
        return number if number is NotImplemented else record(table.ADD, self._data + number, self, 1.0, number)

    def __radd__(self, other: Any) -> Value:
        number = _constant(other)
        return number if number is NotImplemented else record(table.ADD, number + self._data, number, None, self, 1.0)

    def __sub__(self, other: Any) -> Value:
        if isinstance(other, Value):
            return record(table.SUB, self._data - other._data, self, 1.0, other, -1.0)
        number = _constant(other)
        return number if number is NotImplemented else record(table.SUB, self._data - number, self, 1.0, number)

    def __rsub__(self, other: Any) -> Value:
        number = _constant(other)
        return number if number is NotImplemented else record(table.SUB, number - self._data, number, None, self, -1.0)

    def __mul__(self, other: Any) -> Value:
        if isinstance(other, Value):
            node = _new(Value)  # as in `__add__`
            node._d_right = a = self._data
            node._d_left = b = other._data
            node._data = a * b
            node._grad = 0.0
            node.label = ""
            node.op = table.MUL
            node._left = self
            node._right = other
            if blocks:
                observe(node)
            return node
        number = _constant(other)
        return number if number is NotImplemented else record(table.MUL, self._data * number, self, number, number)

    def __rmul__(self, other: Any) -> Value:
        b = _constant(other)
        return b if b is NotImplemented else record(table.MUL, b * self._data, b, None, self, b)

    __truediv__, __rtruediv__ = _operators(table.DIV)
    __pow__, __rpow__ = _operators(table.POW)
    __mod__, __rmod__ = _operators(table.MOD)
    __floordiv__, __rfloordiv__ = _operators(table.FLOOR_DIVIDE)

    def __divmod__(self, other: Any) -> tuple[Value, Value]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Value, Value]:
        return other // self, other % self

    def __neg__(self) -> Value:
        return record(table.NEG, -self._data, self, -1.0)

    def __pos__(self) -> Value:
        return self

    __abs__ = _method(table.ABS)
    exp, log, sqrt = _method(table.EXP), _method(table.LOG), _method(table.SQRT)
    log1p, expm1 = _method(table.LOG1P), _method(table.EXPM1)
    sin, cos, tan = _method(table.SIN), _method(table.COS), _method(table.TAN)
    arcsin, arccos, arctan = _method(table.ARCSIN), _method(table.ARCCOS), _method(table.ARCTAN)
    sinh, cosh, tanh = _method(table.SINH), _method(table.COSH), _method(table.TANH)
    sigmoid, softplus = _method(table.SIGMOID), _method(table.SOFTPLUS)

    def relu(self) -> Value:
        """Returns max(x, 0). The slope at 0 is taken as 0."""
        a = self._data
        return record(table.RELU, 0.0 if a <= 0.0 else a, self, 1.0 if a > 0.0 else 0.0 if a <= 0.0 else a)

    def leaky_relu(self, slope: Any = table.LEAK) -> Value:
        """Returns x above 0, else slope · x. At 0 the derivative is taken as `slope`, which may be a Value."""
        return apply(table.LEAKY_RELU, self, slope)

    # ---- NumPy's functions on a Value: they mean the operations of the table. NumPy is loaded when they are called.

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from .arrays.ufuncs import call

        return call(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from .arrays.routines import call

        return call(function, types, args, kwargs)

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if not isinstance(vars(Value).get(name), Elsewhere)]

    # ---- micrograd's names, which its lecture's `draw_dot` reads

    @property
    def _prev(self) -> set[Value]:
        """The parents, under micrograd's name for them."""
        return set(self.parents)

    @property
    def _op(self) -> str:
        """The operation in micrograd's writing: "*", "+", "tanh"; "" for a leaf."""
        return "" if self.op is None else self.op.written.replace("{}", "").strip() or self.op.name


class Elsewhere:
    """A name that other libraries have and a Value lacks. Reading or assigning it raises an error with the remedy."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, value: Any, kind: type) -> NoReturn:
        from .diagnostics.other_libraries import missing

        raise missing(self.name, value)

    def __set__(self, value: Any, given: Any) -> NoReturn:
        self.__get__(value, type(value))


ELSEWHERE = (
    "T _backward _children abs absolute acos acosh add arccosh arcsinh arctan2 arctanh asin asinh atan atan2 atanh "
    "cbrt children clamp clip clone detach_ div dtype elu erf exp2 fabs flatten fsum gamma gelu grad_fn hypot "
    "isfinite isnan item log10 log2 log_softmax logaddexp logsigmoid logsumexp max maximum mean min minimum mul ndim "
    "neg numpy pow reciprocal requires_grad requires_grad_ reshape retain_grad rsqrt shape silu size softmax square "
    "std sub sum swish tolist value var where zero_"
)
# A `__getattr__` would do the same, but make every attribute access twice as slow.
for _name in ELSEWHERE.split():
    if hasattr(Value, _name):
        raise NameError(f"a Value has {_name} itself: take the name out of ELSEWHERE")
    setattr(Value, _name, Elsewhere(_name))

_new = object.__new__


def record(op: Op, data: float, left: Any, d_left: Any, right: Any = None, d_right: Any = None) -> Value:
    """Makes a node from its number, its operands and its local derivatives, all computed by the caller."""
    node = _new(Value)
    node._data = data
    node._grad = 0.0
    node.label = ""
    node.op = op
    node._left = left
    node._d_left = d_left
    node._right = right
    node._d_right = d_right
    if blocks:
        observe(node)
    return node


def apply(op: Op, *operands: Any) -> Value:
    """Computes an operation of the table on Values and numbers. From numbers alone it makes a leaf.

    Raises:
        TypeError: If the operation takes another number of operands.
        DomainError: If it has no value at these operands, or no slope by a Value among them.
    """
    if op.slopes and len(operands) != len(op.slopes):
        raise _refusals().wrong_count(op, operands)
    operands = tuple(operand_of(v) for v in operands)
    inputs = [v._data if isinstance(v, Value) else v for v in operands]
    y = op.forward(floats, *inputs)
    if op.needs and not math.isfinite(y) and _leaves_domain(y, inputs):
        raise _refusals().no_value(op, operands)
    if not any(isinstance(v, Value) for v in operands):
        if blocks:
            record(op, y, (), (), operands)  # a mode that watches sees this node; it is not kept
        return Value(y)
    live = not (blocks and paused())
    slopes = [op.slope(floats, y, inputs, i) if isinstance(v, Value) and live else None for i, v in enumerate(operands)]
    if op.is_undecided(y):
        slopes = [None if slope is None else y for slope in slopes]  # a comparison with nan chooses no branch
    if op.needs and all(slope is None or slope != slope for slope in slopes) and all(map(math.isfinite, inputs)):
        for i, slope in enumerate(slopes):
            if slope is not None:
                raise _refusals().no_derivative(op, operands, i)
    if op.slopes and len(operands) <= 2:
        return record(op, y, *(x for pair in zip(operands, slopes, strict=True) for x in pair))
    parents = tuple(v for v in operands if isinstance(v, Value))
    return record(op, y, parents, tuple(slope for slope in slopes if slope is not None), operands)


def _refusals() -> Any:
    from .diagnostics import refusals  # late: a program without errors needs none of it

    return refusals


def operand_of(x: Any) -> Any:
    """Returns an operand as a Value or a float, also from a 0-d array; raises TypeError if it is no real number."""
    if isinstance(x, Value):
        return x
    if _wraps_objects(x) and x.shape == ():
        x = x.item()
    return x if isinstance(x, Value) else floats.as_float(x)


def _wraps_objects(x: Any) -> bool:
    return getattr(getattr(x, "dtype", None), "kind", "") == "O"


def _constant(other: Any) -> Any:
    """Returns `other` as a Value or a float. For None, text and complex numbers, raises TypeError.

    For an array or an object without `__float__`, returns NotImplemented, so that Python calls the other's method."""
    if type(other) is float or isinstance(other, Value):
        return other
    if other is None or isinstance(other, int | str | bytes | complex):
        return floats.as_float(other)
    if _wraps_objects(other) or getattr(other, "shape", ()) != () or not hasattr(type(other), "__float__"):
        return NotImplemented  # an array computes element by element; for anything else Python raises TypeError
    return floats.as_float(other)


def _leaves_domain(y: float, inputs: list[float]) -> bool:
    """Returns whether an infinite or nan result does not come from an infinite or nan input."""
    return not any(x != x for x in inputs) if y != y else all(map(math.isfinite, inputs))


def number_of(x: Any) -> float:
    """Returns the number of a Value or of a plain number. Unlike float(), it gives no LeftGraphWarning."""
    return x._data if isinstance(x, Value) else floats.as_float(x)

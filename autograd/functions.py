"""The operations as functions: `tanh(v)` is `v.tanh()`, and takes plain numbers too.

Of an array or a list they are an array, element by element, so that `sigmoid(W @ a + b)` can be typed as in the notes:
an array of Values where there are Values, of floats where there are none, so that σ can be plotted.
"""

from collections.abc import Callable, Iterable
from typing import Any

from . import table
from .value import Value, apply

__all__ = ["abs", "arccos", "arcsin", "arctan", "arctan2", "cos", "cosh", "each", "exp", "expm1",
           "has_elements", "is_array", "leaky_relu", "log", "log1p", "log_sum_exp", "maximum", "minimum", "relu",
           "sigmoid", "sin", "sinh", "softmax", "softplus", "sqrt", "tan", "tanh", "where"]  # fmt: skip


def _function(op: table.Op) -> Callable[[Any], Any]:
    """An operation of one input as a function, element by element of an array."""

    def function(x: Any) -> Any:
        return each(op, x)

    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = f"Of a Value, a number or each element of an array: {op.about}."
    return function


abs = _function(table.ABS)  # noqa: A001  as NumPy calls it
exp, log, sqrt = _function(table.EXP), _function(table.LOG), _function(table.SQRT)
log1p, expm1 = _function(table.LOG1P), _function(table.EXPM1)
sin, cos, tan = _function(table.SIN), _function(table.COS), _function(table.TAN)
arcsin, arccos, arctan = _function(table.ARCSIN), _function(table.ARCCOS), _function(table.ARCTAN)
sinh, cosh, tanh = _function(table.SINH), _function(table.COSH), _function(table.TANH)
sigmoid, relu, softplus = _function(table.SIGMOID), _function(table.RELU), _function(table.SOFTPLUS)


def leaky_relu(x: Any, slope: Any = table.LEAK) -> Any:
    """x above 0, slope · x below, of a Value, a number or each element of an array.

    At 0 its slope is taken as the left one. `slope` may be a Value, or an array in the shape of x.
    """
    return each(table.LEAKY_RELU, x, slope)


def maximum(a: Any, b: Any) -> Any:
    """The larger of the two; at a tie each gets half the gradient. Arrays, in pairs, have one shape, or ValueError."""
    return each(table.MAX, a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of the two; at a tie each gets half the gradient. Arrays, in pairs, have one shape, or ValueError."""
    return each(table.MIN, a, b)


def arctan2(a: Any, b: Any) -> Any:
    """The angle of the point (b, a), in radians from −π to π. Arrays, in pairs, have one shape, or ValueError."""
    return each(table.ARCTAN2, a, b)


def where(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, `b` elsewhere, recorded: the gradient goes to the one that was chosen, alone.

    The condition is a comparison of Values, which is recorded, or a bool, a number or a Value, of which 0 does not
    hold; or an array of these. Arrays have one shape, or ValueError. Both sides are worked out before: where one has no
    value, choose its input instead.

        >>> x = Value(-2.0)
        >>> y = where(x > 0, x, 0.1 * x)
        >>> y.backward()
        >>> y.data, x.grad
        (-0.2, 0.1)
    """
    return each(table.WHERE, getattr(condition, "node", condition), a, b)


def log_sum_exp(values: Iterable[Any]) -> Value:
    """ln Σ eᵃ of the Values and numbers in a list or an array, as one node; its slopes are their softmax.

    It never overflows. Raises ValueError without any.
    """
    values = _row(values)
    if not values:
        raise ValueError("log_sum_exp is of one Value or more; got none")
    return apply(table.LOG_SUM_EXP, *values)


def softmax(values: Any) -> Any:
    """eᵃ / Σ eᵃ for each of the Values and numbers in a list: numbers above 0 that add up to 1. It never overflows.

        >>> [p.data for p in softmax([Value(0.0), Value(0.0)])]
        [0.5, 0.5]

    Of an array it is an array, along its last axis. Raises ValueError without any.
    """
    if is_array(values):
        from .arrays.elementwise import softmax as of_array

        return of_array(values)
    values = _row(values)
    total = log_sum_exp(values)
    return [(a - total).exp() for a in values]


def _row(values: Any) -> list[Any]:
    if not hasattr(type(values), "__iter__"):
        got = f"{type(values).__name__} {values!r:.60}"
        raise TypeError(f"log_sum_exp and softmax are of a list or an array; got {got}")
    return list(values.flat if is_array(values) else values)


def each(op: table.Op, *operands: Any) -> Any:
    """The operation on Values and numbers, or element by element on arrays and lists of one shape.

    Of numbers in arrays it is an array of floats; if there are Values among them, an array of Values.
    """
    if not any(map(has_elements, operands)):
        return apply(op, *operands)
    from .arrays.elementwise import on_arrays  # here, as it needs NumPy

    return on_arrays(op, operands)


def is_array(x: Any) -> bool:
    """Whether it is an array of at least one dimension."""
    return hasattr(type(x), "flat") and x.shape != ()


def has_elements(x: Any) -> bool:
    """Whether it is such an array, a list or a tuple."""
    return isinstance(x, list | tuple) or is_array(x)

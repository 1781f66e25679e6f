"""The operations as functions: `tanh(v)` is `v.tanh()`, and also takes numbers, arrays and lists.

On an array or a list they work element by element, so that `sigmoid(W @ a + b)` can be typed as in the notes. The
result is an array of Values if there are Values in it, else an array of floats, which can be plotted.
"""

from collections.abc import Callable, Iterable
from typing import Any

from . import table
from .value import Value, apply

__all__ = ["abs", "arccos", "arcsin", "arctan", "arctan2", "cos", "cosh", "each", "exp", "expm1",
           "has_elements", "is_array", "leaky_relu", "log", "log1p", "log_sum_exp", "maximum", "minimum", "relu",
           "sigmoid", "sin", "sinh", "softmax", "softplus", "sqrt", "tan", "tanh", "where"]  # fmt: skip


def _function(op: table.Op) -> Callable[[Any], Any]:
    """Returns a function that applies an operation of one input; to an array, element by element."""

    def function(x: Any) -> Any:
        return each(op, x)

    function.__name__ = function.__qualname__ = op.name
    function.__doc__ = f"Returns, for a Value, a number or each element of an array: {op.about}."
    return function


abs = _function(table.ABS)  # noqa: A001  as NumPy calls it
exp, log, sqrt = _function(table.EXP), _function(table.LOG), _function(table.SQRT)
log1p, expm1 = _function(table.LOG1P), _function(table.EXPM1)
sin, cos, tan = _function(table.SIN), _function(table.COS), _function(table.TAN)
arcsin, arccos, arctan = _function(table.ARCSIN), _function(table.ARCCOS), _function(table.ARCTAN)
sinh, cosh, tanh = _function(table.SINH), _function(table.COSH), _function(table.TANH)
sigmoid, relu, softplus = _function(table.SIGMOID), _function(table.RELU), _function(table.SOFTPLUS)


def leaky_relu(x: Any, slope: Any = table.LEAK) -> Any:
    """Returns x above 0 and slope · x elsewhere.

    At 0 the derivative by x is taken as `slope`.

    Args:
        x: A Value, a number, an array or a list.
        slope: A Value, a number, or an array in the shape of x.
    """
    return each(table.LEAKY_RELU, x, slope)


def maximum(a: Any, b: Any) -> Any:
    """Returns the larger of a and b; of arrays, element by element. At a tie each gets half the gradient.

    Raises:
        ValueError: If two arrays differ in shape.
    """
    return each(table.MAX, a, b)


def minimum(a: Any, b: Any) -> Any:
    """Returns the smaller of a and b; of arrays, element by element. At a tie each gets half the gradient.

    Raises:
        ValueError: If two arrays differ in shape.
    """
    return each(table.MIN, a, b)


def arctan2(a: Any, b: Any) -> Any:
    """Returns the angle of the point (b, a), in radians from −π to π; of arrays, element by element.

    Raises:
        ValueError: If two arrays differ in shape.
        DomainError: If a Value and the other input are both 0, where the angle has no derivative.
    """
    return each(table.ARCTAN2, a, b)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Returns `a` where the condition holds and `b` elsewhere. Only the chosen one gets a gradient.

    Both are computed before the choice. If one of them has no value at some inputs, choose between inputs first and
    apply the function to the chosen one.

    Args:
        condition: A comparison of Values, which is recorded; or a bool, a number or a Value, where 0 means no; or an
            array of these.
        a: A Value, a number or an array.
        b: A Value, a number or an array.
    Raises:
        ValueError: If two arrays differ in shape.
    Example:
        >>> x = Value(-2.0)
        >>> y = where(x > 0, x, 0.1 * x)
        >>> y.backward()
        >>> y.data, x.grad
        (-0.2, 0.1)
    """
    return each(table.WHERE, getattr(condition, "node", condition), a, b)


def log_sum_exp(values: Iterable[Any]) -> Value:
    """Returns ln Σ eᵃ as one node. It never overflows. Its slopes are the softmax of the inputs.

    Args:
        values: Values and numbers, in a list or an array of any shape.
    Raises:
        ValueError: If there are none.
    """
    values = _row(values)
    if not values:
        raise ValueError("log_sum_exp is of one Value or more; got none")
    return apply(table.LOG_SUM_EXP, *values)


def softmax(values: Any) -> Any:
    """Returns eᵃ / Σ eᵃ for each input: numbers above 0 whose sum is 1. It never overflows.

    Args:
        values: Values and numbers in a list, or an array, which is taken along its last axis.
    Raises:
        ValueError: If there are none.
    Example:
        >>> [p.data for p in softmax([Value(0.0), Value(0.0)])]
        [0.5, 0.5]
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
    """Applies the operation to Values and numbers, or element by element to arrays and lists of one shape.

    For arrays and lists the result is an array: of Values if there are Values among the operands, else of floats.
    """
    if not any(map(has_elements, operands)):
        return apply(op, *operands)
    from .arrays.elementwise import on_arrays  # late: it needs NumPy

    return on_arrays(op, operands)


def is_array(x: Any) -> bool:
    """Returns whether x is an array of one dimension or more."""
    return hasattr(type(x), "flat") and x.shape != ()


def has_elements(x: Any) -> bool:
    """Returns whether x is an array of at least one dimension, a list or a tuple."""
    return isinstance(x, list | tuple) or is_array(x)

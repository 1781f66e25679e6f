"""The operations as functions: `tanh(v)` is `v.tanh()`, and takes plain numbers too.

Of an array or a list they are an array, element by element, so that `sigmoid(W @ a + b)` can be typed as in the notes:
an array of Values where there are Values, of floats where there are none, so that σ can be plotted. With a few names
more (where, sign, power, divide, mod, floor_divide, log1p) this module is also the mathematics in which the table's
rules, run on Values, give derivatives that can be differentiated again.
"""

import math
from typing import Any

from . import floats, table
from .derivatives.pytrees import has_elements
from .diagnostics.leaving import number_of
from .floats import where
from .value import Value, apply

__all__ = ["abs", "cos", "divide", "each", "exp", "floor_divide", "leaky_relu", "log", "log1p", "maximum", "minimum",
           "mod", "power", "relu", "sigmoid", "sign", "sin", "softplus", "sqrt", "tanh", "where"]  # fmt: skip


def exp(x: Any) -> Any:
    """eˣ, of a Value, a number or each element of an array. DomainError, if that is more than a float can hold."""
    return each(table.EXP, x)


def log(x: Any) -> Any:
    """The natural logarithm, of a Value, a number or each element of an array. DomainError, unless x is above 0."""
    return each(table.LOG, x)


def sqrt(x: Any) -> Any:
    """√x, of a Value, a number or each element of an array; at 0 its slope is inf, at −0.0 −inf.

    DomainError, if x is below 0.
    """
    return each(table.SQRT, x)


def sin(x: Any) -> Any:
    """sin x, x in radians: a Value, a number or an array. DomainError, if x is infinite."""
    return each(table.SIN, x)


def cos(x: Any) -> Any:
    """cos x, x in radians: a Value, a number or an array. DomainError, if x is infinite."""
    return each(table.COS, x)


def tanh(x: Any) -> Any:
    """tanh x = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), of a Value, a number or each element of an array."""
    return each(table.TANH, x)


def sigmoid(x: Any) -> Any:
    """σ(x) = 1 / (1 + e⁻ˣ), of a Value, a number or each element of an array; no x makes it overflow.

        >>> from autograd import Value
        >>> sigmoid(Value(0.0))
        Value(data=0.5, grad=0.0)

    Of a plain number it is a leaf. Of an array, or a list, it is an array of the same shape: of floats, as `np.tanh`'s,
    or of Values where there are Values.
    """
    return each(table.SIGMOID, x)


def relu(x: Any) -> Any:
    """max(x, 0), of a Value, a number or each element of an array; its slope at 0 is taken as 0."""
    return each(table.RELU, x)


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """x above 0, slope · x below, of a Value, a number or each element of an array.

    At 0 its slope is taken as the left one. `slope` may be a Value, or an array in the shape of x.
    """
    return each(table.LEAKY_RELU, x, slope)


def softplus(x: Any) -> Any:
    """ln(1 + eˣ), a smooth relu, of a Value, a number or each element of an array; no x makes it overflow."""
    return each(table.SOFTPLUS, x)


def maximum(a: Any, b: Any) -> Any:
    """The larger of the two; at a tie each gets half the gradient. Arrays, in pairs, have one shape, or ValueError."""
    return each(table.MAX, a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of the two; at a tie each gets half the gradient. Arrays, in pairs, have one shape, or ValueError."""
    return each(table.MIN, a, b)


def abs(x: Any) -> Any:  # noqa: A001  the rules say m.abs, as NumPy does
    """|x|; its slope at 0 is taken as 0."""
    return each(table.ABS, x)


def power(a: Any, b: Any) -> Value:
    """aᵇ."""
    return apply(table.POW, a, b)


def divide(a: Any, b: Any) -> Value:
    """a / b."""
    return apply(table.DIV, a, b)


def mod(a: Any, b: Any) -> Value:
    """a − b ⌊a/b⌋, which has the sign of b."""
    return apply(table.MOD, a, b)


def floor_divide(a: Any, b: Any) -> Value:
    """⌊a/b⌋, flat wherever it has a slope."""
    return apply(table.FLOOR_DIVIDE, a, b)


def log1p(x: Any) -> Value:
    """ln(1 + x). Near 0 it is given back, as a constant, what rounding takes from 1 + x; no slope has need of it."""
    y = apply(table.LOG, above := 1 + x)
    at, u = number_of(x), number_of(above)
    lost = (at - (u - 1)) / u if math.isfinite(u) else 0.0
    return y + lost if math.fabs(lost) > 1e-15 * math.fabs(y.data) else y


def sign(x: Any) -> float:
    """−1, 0 or 1, a plain number: flat wherever it has a slope."""
    return floats.sign(number_of(x))


def each(op: table.Op, *operands: Any) -> Any:
    """The operation on Values and numbers, or element by element on arrays and lists of one shape.

    Of numbers in arrays it is an array of floats; if there are Values among them, an array of Values.
    """
    if not any(map(has_elements, operands)):
        return apply(op, *operands)
    from .arrays.elementwise import on_arrays  # here, as it needs NumPy

    return on_arrays(op, operands)

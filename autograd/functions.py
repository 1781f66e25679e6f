"""The operations as functions: `tanh(v)` is `v.tanh()`, and takes plain numbers too.

Of an array they are an array, element by element, so that `sigmoid(W @ a + b)` can be typed as in the notes. With a
few names more (where, sign, power, divide, log1p) this module is also the mathematics in which the
table's rules, run on Values, give derivatives that can be differentiated again.
"""

from typing import Any

from . import floats, table
from .floats import where
from .value import Value, apply

__all__ = ["abs", "cos", "divide", "each", "exp", "leaky_relu", "log", "log1p", "maximum", "minimum", "power",
           "relu", "sigmoid", "sign", "sin", "softplus", "sqrt", "tanh", "where"]  # fmt: skip


def exp(x: Any) -> Any:
    """eˣ."""
    return each(table.EXP, x)


def log(x: Any) -> Any:
    """The natural logarithm."""
    return each(table.LOG, x)


def sqrt(x: Any) -> Any:
    """√x; at 0 its slope is inf, at −0.0 −inf."""
    return each(table.SQRT, x)


def sin(x: Any) -> Any:
    """sin x, x in radians."""
    return each(table.SIN, x)


def cos(x: Any) -> Any:
    """cos x, x in radians."""
    return each(table.COS, x)


def tanh(x: Any) -> Any:
    """tanh x."""
    return each(table.TANH, x)


def sigmoid(x: Any) -> Any:
    """σ(x) = 1 / (1 + e⁻ˣ)."""
    return each(table.SIGMOID, x)


def relu(x: Any) -> Any:
    """max(x, 0); its slope at 0 is taken as 0."""
    return each(table.RELU, x)


def leaky_relu(x: Any, slope: Any = 0.01) -> Any:
    """x above 0, slope · x below; at 0 its slope is taken as the left one."""
    return each(table.LEAKY_RELU, x, slope)


def softplus(x: Any) -> Any:
    """ln(1 + eˣ), a smooth relu."""
    return each(table.SOFTPLUS, x)


def maximum(a: Any, b: Any) -> Value:
    """The larger of the two; at a tie each gets half the gradient."""
    return apply(table.MAX, a, b)


def minimum(a: Any, b: Any) -> Value:
    """The smaller of the two; at a tie each gets half the gradient."""
    return apply(table.MIN, a, b)


def abs(x: Any) -> Value:  # noqa: A001  the rules say m.abs, as NumPy does
    """|x|; its slope at 0 is taken as 0."""
    return apply(table.ABS, x)


def power(a: Any, b: Any) -> Value:
    """aᵇ."""
    return apply(table.POW, a, b)


def divide(a: Any, b: Any) -> Value:
    """a / b."""
    return apply(table.DIV, a, b)


def log1p(x: Any) -> Value:
    """ln(1 + x)."""
    return apply(table.LOG, 1 + x)


def sign(x: Any) -> float:
    """−1, 0 or 1, a plain number: flat wherever it has a slope."""
    return floats.sign(float(x))


def each(op: table.Op, x: Any, *others: Any) -> Any:
    """The operation on a Value or a number, or on each element of an array."""
    if getattr(x, "shape", ()) == () or not hasattr(x, "astype"):
        return apply(op, x, *others)
    made = x.astype(object)
    made.flat = [apply(op, element, *others) for element in x.flat]
    return made

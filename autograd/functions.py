"""The operations as functions: `tanh(v)` is `v.tanh()`, and takes plain numbers too.

With a few names more (where, sign, power, divide, log1p) this module is also the mathematics in which the
table's rules, run on Values, give derivatives that can be differentiated again.
"""

from typing import Any

from . import floats, table
from .floats import where
from .value import Value, apply

__all__ = ["abs", "cos", "divide", "exp", "leaky_relu", "log", "log1p", "maximum", "minimum", "power",
           "relu", "sigmoid", "sign", "sin", "softplus", "sqrt", "tanh", "where"]  # fmt: skip


def exp(x: Any) -> Value:
    """eˣ."""
    return apply(table.EXP, x)


def log(x: Any) -> Value:
    """The natural logarithm."""
    return apply(table.LOG, x)


def sqrt(x: Any) -> Value:
    """√x; at 0 its slope is inf."""
    return apply(table.SQRT, x)


def sin(x: Any) -> Value:
    """sin x, x in radians."""
    return apply(table.SIN, x)


def cos(x: Any) -> Value:
    """cos x, x in radians."""
    return apply(table.COS, x)


def tanh(x: Any) -> Value:
    """tanh x."""
    return apply(table.TANH, x)


def sigmoid(x: Any) -> Value:
    """σ(x) = 1 / (1 + e⁻ˣ)."""
    return apply(table.SIGMOID, x)


def relu(x: Any) -> Value:
    """max(x, 0); its slope at 0 is taken as 0."""
    return apply(table.RELU, x)


def leaky_relu(x: Any, slope: Any = 0.01) -> Value:
    """x above 0, slope · x below; at 0 its slope is taken as the left one."""
    return apply(table.LEAKY_RELU, x, slope)


def softplus(x: Any) -> Value:
    """ln(1 + eˣ), a smooth relu."""
    return apply(table.SOFTPLUS, x)


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

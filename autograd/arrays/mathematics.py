"""What each of NumPy's universal functions means on one Value: a row of the table, or what follows from rows.

Arguments are Values and plain floats. Where a formula has branches, they are chosen by the numbers, so that value and
every derivative are accurate on both sides.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

from .. import floats, table
from ..value import apply, number_of

__all__ = ["IDENTITIES", "MATHEMATICS", "log_sum_exp"]


def row(op: table.Op) -> Callable[..., Any]:
    """A row of the table as a function; NumPy's errors call it by its name."""
    function = partial(apply, op)
    function.__name__ = op.name  # type: ignore[attr-defined]
    return function


exp, log, sqrt = row(table.EXP), row(table.LOG), row(table.SQRT)
log1p, expm1 = row(table.LOG1P), row(table.EXPM1)
sin, cos, tan = row(table.SIN), row(table.COS), row(table.TAN)
arcsin, arccos, arctan, arctan2 = row(table.ARCSIN), row(table.ARCCOS), row(table.ARCTAN), row(table.ARCTAN2)
sinh, cosh, tanh = row(table.SINH), row(table.COSH), row(table.TANH)
sigmoid, softplus, absolute = row(table.SIGMOID), row(table.SOFTPLUS), row(table.ABS)
log_sum_exp = row(table.LOG_SUM_EXP)
maximum, minimum = row(table.MAX), row(table.MIN)
divide, power = row(table.DIV), row(table.POW)
remainder, floor_divide = row(table.MOD), row(table.FLOOR_DIVIDE)

LN2, LN10 = math.log(2.0), math.log(10.0)


# ---- powers and logarithms


def square(a: Any) -> Any:
    return a * a


def reciprocal(a: Any) -> Any:
    return divide(1.0, a)


def cbrt(a: Any) -> Any:
    """∛a, the sign of a taken out, as a power needs a base above 0."""
    return power(a, 1 / 3) if number_of(a) >= 0.0 else -power(-a, 1 / 3)


def exp2(a: Any) -> Any:
    return power(2.0, a)


def log2(a: Any) -> Any:
    return log(a) / LN2


def log10(a: Any) -> Any:
    return log(a) / LN10


def logaddexp(a: Any, b: Any) -> Any:
    """ln(eᵃ + eᵇ)."""
    return maximum(a, b) if math.isinf(max(number_of(a), number_of(b))) else log_sum_exp(a, b)


def logaddexp2(a: Any, b: Any) -> Any:
    """log₂(2ᵃ + 2ᵇ)."""
    return logaddexp(a * LN2, b * LN2) / LN2


def hypot(a: Any, b: Any) -> Any:
    """√(a² + b²); where squares would overflow or vanish, in units of a power of 2."""
    unit = 1.0
    size = max(abs(number_of(a)), abs(number_of(b)))
    if 0.0 < size < 1e-140 or 1e140 < size < math.inf:
        unit = 2.0 ** math.frexp(size)[1]
        a, b = a / unit, b / unit
    return sqrt(a * a + b * b) * unit if unit != 1.0 else sqrt(a * a + b * b)


# ---- circular and hyperbolic functions


def radians(a: Any) -> Any:
    return a * (math.pi / 180)


def degrees(a: Any) -> Any:
    return a * (180 / math.pi)


def arcsinh(a: Any) -> Any:
    """ln(a + √(a² + 1)) for a ≥ 0, by way of log1p; the function is odd."""
    if number_of(a) < 0.0:
        return -arcsinh(-a)
    return log1p(a + a * a / (1 + sqrt(a * a + 1))) if number_of(a) < 1e8 else log(a) + LN2


def arccosh(a: Any) -> Any:
    """ln(a + √(a² − 1)), by way of log1p."""
    above = a - 1
    return log1p(above + sqrt(above * (a + 1))) if number_of(a) < 1e8 else log(a) + LN2


def arctanh(a: Any) -> Any:
    """½ ln((1 + a) / (1 − a)) for a ≥ 0, by way of log1p; the function is odd."""
    return -arctanh(-a) if number_of(a) < 0.0 else 0.5 * log1p(2 * a / (1 - a))


# ---- sizes, choices, whole numbers


def copysign(a: Any, b: Any) -> Any:
    return absolute(a) * math.copysign(1.0, number_of(b))


def sign(a: Any) -> float:
    return floats.sign(number_of(a))


def heaviside(a: Any, at_zero: Any) -> Any:
    at = number_of(a)
    return at_zero if at == 0.0 else at if math.isnan(at) else float(at > 0.0)


def clip(a: Any, low: Any, high: Any) -> Any:
    return minimum(maximum(a, low), high)


def fmax(a: Any, b: Any) -> Any:
    """The larger of the two; if one is nan, the other."""
    return b if math.isnan(number_of(a)) else a if math.isnan(number_of(b)) else maximum(a, b)


def fmin(a: Any, b: Any) -> Any:
    """The smaller of the two; if one is nan, the other."""
    return b if math.isnan(number_of(a)) else a if math.isnan(number_of(b)) else minimum(a, b)


def floor(a: Any) -> Any:
    return floor_divide(a, 1.0)


def ceil(a: Any) -> Any:
    return -floor_divide(-a, 1.0)


def trunc(a: Any) -> Any:
    return ceil(a) if number_of(a) < 0.0 else floor(a)


def rint(a: Any) -> float:
    """The nearest whole number, the even one of two: a constant, as it is flat wherever it has a slope."""
    at = number_of(a)
    return float(round(at)) if math.isfinite(at) else at


def modf(a: Any) -> tuple[Any, Any]:
    whole = trunc(a)
    return a - whole, whole


def with_remainder(a: Any, b: Any) -> tuple[Any, Any]:
    return floor_divide(a, b), remainder(a, b)


# ---- NumPy's names. Those of one function have several where NumPy has them.

MATHEMATICS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": divide, "true_divide": divide,
    "negative": operator.neg, "positive": operator.pos, "conjugate": operator.pos,
    "floor_divide": floor_divide, "remainder": remainder, "divmod": with_remainder,
    "power": power, "float_power": power, "square": square, "reciprocal": reciprocal, "sqrt": sqrt, "cbrt": cbrt,
    "exp": exp, "exp2": exp2, "expm1": expm1, "log": log, "log2": log2, "log10": log10, "log1p": log1p,
    "logaddexp": logaddexp, "logaddexp2": logaddexp2, "hypot": hypot,
    "sin": sin, "cos": cos, "tan": tan, "sinh": sinh, "cosh": cosh, "tanh": tanh,
    "arcsin": arcsin, "arccos": arccos, "arctan": arctan, "arctan2": arctan2,
    "arcsinh": arcsinh, "arccosh": arccosh, "arctanh": arctanh,
    "deg2rad": radians, "radians": radians, "rad2deg": degrees, "degrees": degrees,
    "absolute": absolute, "fabs": absolute, "sign": sign, "copysign": copysign, "heaviside": heaviside,
    "maximum": maximum, "minimum": minimum, "clip": clip, "fmax": fmax, "fmin": fmin,
    "floor": floor, "ceil": ceil, "trunc": trunc, "rint": rint, "modf": modf,
    "expit": sigmoid,  # SciPy's name of σ
}  # fmt: skip

# What a reduction over nothing gives; None: an error, but one over several axes may take them in any order.
IDENTITIES = {"logaddexp": -math.inf, "logaddexp2": -math.inf, "hypot": 0.0, "maximum": None, "minimum": None,
              "fmax": None, "fmin": None}  # fmt: skip

"""NumPy's universal functions on a single Value: functions of the vocabulary, or formulas made of these.

Arguments are Values and plain floats. Where a formula has branches, the number decides between them; the value and all
derivatives are accurate in each branch.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .. import table
from ..value import apply, number_of
from ..vocabulary import VALUES

__all__ = ["IDENTITIES", "MATHEMATICS"]

m = VALUES  # the name that rules use
LN2, LN10 = math.log(2.0), math.log(10.0)


# ---- powers and logarithms


def cbrt(a: Any) -> Any:
    """Returns ∛a; for a < 0 as −∛(−a), since a power needs a base above 0."""
    return m.power(a, 1 / 3) if number_of(a) >= 0.0 else -m.power(-a, 1 / 3)


def logaddexp(a: Any, b: Any) -> Any:
    """Returns ln(eᵃ + eᵇ). If the larger is infinite, it is the maximum, and the larger gets the gradient."""
    return m.maximum(a, b) if math.isinf(max(number_of(a), number_of(b))) else m.log_sum_exp(a, b)


def logaddexp2(a: Any, b: Any) -> Any:
    """Returns log₂(2ᵃ + 2ᵇ)."""
    return logaddexp(a * LN2, b * LN2) / LN2


def hypot(a: Any, b: Any) -> Any:
    """Returns √(a² + b²). If the squares would overflow or underflow, it scales by a power of 2 first."""
    size = max(abs(number_of(a)), abs(number_of(b)))
    if 0.0 < size < 1e-140 or 1e140 < size < math.inf:
        unit = 2.0 ** math.frexp(size)[1]
        return hypot(a / unit, b / unit) * unit
    return m.sqrt(a * a + b * b)


# ---- hyperbolic functions


def arcsinh(a: Any) -> Any:
    """Returns ln(a + √(a² + 1)) for a ≥ 0, computed with log1p; the function is odd."""
    if number_of(a) < 0.0:
        return -arcsinh(-a)
    return m.log1p(a + a * a / (1 + m.sqrt(a * a + 1))) if number_of(a) < 1e8 else m.log(a) + LN2


def arccosh(a: Any) -> Any:
    """Returns ln(a + √(a² − 1)), computed with log1p."""
    above = a - 1
    return m.log1p(above + m.sqrt(above * (a + 1))) if number_of(a) < 1e8 else m.log(a) + LN2


def arctanh(a: Any) -> Any:
    """Returns ½ ln((1 + a) / (1 − a)) for a ≥ 0, computed with log1p; the function is odd."""
    return -arctanh(-a) if number_of(a) < 0.0 else 0.5 * m.log1p(2 * a / (1 - a))


# ---- choices, whole numbers


def heaviside(a: Any, at_zero: Any) -> Any:
    at = number_of(a)
    return at_zero if at == 0.0 else at if math.isnan(at) else float(at > 0.0)


def fmax(a: Any, b: Any) -> Any:
    """Returns the larger of the two; if one is nan, the other."""
    return b if math.isnan(number_of(a)) else a if math.isnan(number_of(b)) else m.maximum(a, b)


def fmin(a: Any, b: Any) -> Any:
    """Returns the smaller of the two; if one is nan, the other."""
    return b if math.isnan(number_of(a)) else a if math.isnan(number_of(b)) else m.minimum(a, b)


def floor(a: Any) -> Any:
    return m.floor_divide(a, 1.0)


def ceil(a: Any) -> Any:
    return -floor(-a)


def trunc(a: Any) -> Any:
    return ceil(a) if number_of(a) < 0.0 else floor(a)


def rint(a: Any) -> float:
    """Returns the nearest whole number, at a tie the even one; as a constant, since its derivative is 0."""
    at = number_of(a)
    return float(round(at)) if math.isfinite(at) else at


def modf(a: Any) -> tuple[Any, Any]:
    whole = trunc(a)
    return a - whole, whole


# ---- the functions by NumPy's names; some of them have two names

_WORDS = {getattr(np, word): function for word, function in vars(m).items() if hasattr(np, word)}
MATHEMATICS: dict[str, Callable[..., Any]] = {
    **{ufunc.__name__: function for ufunc, function in _WORDS.items() if isinstance(ufunc, np.ufunc)},
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "true_divide": m.divide,
    "negative": operator.neg, "positive": operator.pos, "conjugate": operator.pos, "fabs": m.abs,
    "divmod": lambda a, b: (m.floor_divide(a, b), m.mod(a, b)), "float_power": m.power,
    "square": lambda a: a * a, "reciprocal": lambda a: m.divide(1.0, a), "cbrt": cbrt, "hypot": hypot,
    "exp2": lambda a: m.power(2.0, a), "log2": lambda a: m.log(a) / LN2, "log10": lambda a: m.log(a) / LN10,
    "logaddexp": logaddexp, "logaddexp2": logaddexp2, "arcsinh": arcsinh, "arccosh": arccosh, "arctanh": arctanh,
    **dict.fromkeys(("deg2rad", "radians"), lambda a: a * (math.pi / 180)),
    **dict.fromkeys(("rad2deg", "degrees"), lambda a: a * (180 / math.pi)),
    "copysign": lambda a, b: m.abs(a) * math.copysign(1.0, number_of(b)), "heaviside": heaviside,
    "clip": lambda a, low, high: m.minimum(m.maximum(a, low), high), "fmax": fmax, "fmin": fmin,
    "floor": floor, "ceil": ceil, "trunc": trunc, "rint": rint, "modf": modf,
    "expit": partial(apply, table.SIGMOID),  # SciPy's name for σ
}  # fmt: skip

# The identities of reductions, their results without elements. None: there is no result, but the axes of a reduction
# over several axes may be reduced in any order.
IDENTITIES = {"logaddexp": -math.inf, "logaddexp2": -math.inf, "hypot": 0.0, "maximum": None, "minimum": None,
              "fmax": None, "fmin": None}  # fmt: skip

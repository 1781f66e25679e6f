"""The mathematics of plain floats: with it as m, a rule of the table computes numbers.

Names and results are NumPy's (IEEE 754): `divide(1, 0)` is inf, `log(-1)` is nan, and nothing is raised. On arrays
NumPy takes the place of this module, so a rule gives the same numbers for both. One result differs: a fractional power
of −inf is nan here, as for every other negative base. NumPy gives inf or 0.
"""

import math
from collections.abc import Callable
from typing import Any

__all__ = ["abs", "arccos", "arcsin", "arctan", "arctan2", "as_float", "cos", "cosh", "divide", "exp", "expm1",
           "floor_divide", "log", "log1p", "log_sum_exp", "maximum", "minimum", "mod", "power", "sign", "sin", "sinh",
           "sqrt", "tan", "tanh", "where"]  # fmt: skip


def _as_numpy(function: Callable[[float], float], pole: float | None = None) -> Callable[[float], float]:
    """Wraps a function of `math`. Where Python raises, the wrapped one returns −inf (at the pole), nan or inf."""

    def of(a: float) -> float:
        try:
            return function(a)
        except OverflowError:
            return math.inf
        except ValueError:
            return -math.inf if a == pole else math.nan

    return of


abs = math.fabs  # noqa: A001  rules say m.abs, NumPy's name
exp, expm1 = _as_numpy(math.exp), _as_numpy(math.expm1)
log, log1p = _as_numpy(math.log, pole=0.0), _as_numpy(math.log1p, pole=-1.0)
sqrt = _as_numpy(math.sqrt)
sin, cos, tan = _as_numpy(math.sin), _as_numpy(math.cos), _as_numpy(math.tan)
arcsin, arccos = _as_numpy(math.asin), _as_numpy(math.acos)
arctan, arctan2 = math.atan, math.atan2
cosh, tanh, _sinh_of_size = _as_numpy(math.cosh), math.tanh, _as_numpy(math.sinh)


def sinh(a: float) -> float:
    return math.copysign(_sinh_of_size(abs(a)), a)


def power(a: float, b: float) -> float:
    if a == -math.inf and b % 1.0 > 0.0:
        return math.nan
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0.0 and b % 2.0 == 1.0 else math.inf
    except ValueError:  # a negative base with a fractional exponent, or 0 with a negative one
        if a != 0.0:
            return math.nan
        return math.copysign(math.inf, a) if b % 2.0 == 1.0 else math.inf


def divide(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        return math.nan if a == 0.0 or a != a else math.copysign(1.0, b) * math.copysign(math.inf, a)


def mod(a: float, b: float) -> float:
    return a % b if b != 0.0 else math.nan


def floor_divide(a: float, b: float) -> float:
    return a // b if b != 0.0 else divide(a, b)


def maximum(a: float, b: float) -> float:
    return a if a > b or a != a else b


def minimum(a: float, b: float) -> float:
    return a if a < b or a != a else b


def sign(a: float) -> float:
    return math.copysign(1.0, a) if a < 0.0 or a > 0.0 else a


def where(condition: bool, a: Any, b: Any) -> Any:
    """Returns `a` if the condition holds, else `b`. Both may be of any type."""
    return a if condition else b


def log_sum_exp(*a: float) -> float:
    """Returns ln Σ eᵃ. The largest a is subtracted first, so that nothing overflows."""
    top = max(a)
    if not math.isfinite(top):
        return math.nan if any(x != x for x in a) else top
    powers = [exp(x - top) for x in a]
    powers.remove(1.0)  # the largest term is e⁰; log1p adds it without losing digits of the others
    return top + log1p(sum(powers))


def as_float(number: Any) -> float:
    """Returns the float of a real number, a NumPy scalar or a 0-d array.

    Raises TypeError, with a remedy, for anything else, and OverflowError for a number beyond the range of floats.
    """
    if type(number) is float:
        return number
    kind = getattr(getattr(number, "dtype", None), "kind", "f")
    is_number = hasattr(type(number), "__float__") or hasattr(type(number), "__index__")
    if is_number and kind in "biuf" and getattr(number, "shape", ()) == ():
        result: float | None
        try:
            result = float(number)
        except OverflowError:
            result = math.inf
        except Warning:  # a LeftGraphWarning, which a warning filter has made an error
            raise
        except Exception:  # a symbol, a signalling NaN, a complex tensor: the error below says more than its own
            result = None
        if result is not None:
            if math.isinf(result) and number != result:
                raise OverflowError(f"a Value holds a float, up to 1.8e308; got a larger {type(number).__name__}")
            return result
    from .diagnostics.refusals import no_number

    raise no_number(number)

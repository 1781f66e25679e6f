"""The mathematics of plain floats: what a rule in the table speaks when it is to compute numbers.

The names and the results are NumPy's (IEEE 754: `divide(1, 0)` is inf, `log(-1)` is nan, nothing is
raised), so that a rule gives the same here as on whole arrays, where NumPy itself takes this module's place. One
result differs: a fractional power of −inf is nan, as one of any other negative base is, and not inf or 0.
"""

import math
from collections.abc import Callable
from typing import Any

__all__ = ["abs", "arccos", "arcsin", "arctan", "arctan2", "as_float", "cos", "cosh", "divide", "exp", "expm1",
           "floor_divide", "log", "log1p", "log_sum_exp", "maximum", "minimum", "mod", "power", "sign", "sin", "sinh",
           "sqrt", "tan", "tanh", "where"]  # fmt: skip


def _as_numpy(function: Callable[[float], float], pole: float | None = None) -> Callable[[float], float]:
    """A function of Python's, with NumPy's results where Python raises; −inf at its pole."""

    def of(a: float) -> float:
        try:
            return function(a)
        except OverflowError:
            return math.inf
        except ValueError:
            return -math.inf if a == pole else math.nan

    return of


abs = math.fabs  # noqa: A001  the rules say m.abs, as NumPy does
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
    """`a` if the condition holds, else `b`; of whatever kind they are."""
    return a if condition else b


def log_sum_exp(*a: float) -> float:
    """ln Σ eᵃ, shifted by the largest a, so that nothing overflows."""
    top = max(a)
    if not math.isfinite(top):
        return math.nan if any(x != x for x in a) else top
    powers = [exp(x - top) for x in a]
    powers.remove(1.0)  # that of the largest; the others keep their digits
    return top + log1p(sum(powers))


def as_float(number: Any) -> float:
    """The float that `number` stands for: any real number, a NumPy scalar, a 0-d array.

    Raises TypeError for what is not one real number, saying what to do instead, and OverflowError for one that no
    float can hold.
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
        except Warning:  # a number leaves the graph, and a filter makes that an error
            raise
        except Exception:  # a symbol, a signalling NaN, a complex tensor: whatever theirs says, the rule is ours
            result = None
        if result is not None:
            if math.isinf(result) and number != result:
                raise OverflowError(f"a Value holds a float, up to 1.8e308; got a larger {type(number).__name__}")
            return result
    from .diagnostics.refusals import no_number

    raise no_number(number)

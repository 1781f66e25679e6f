"""What every operation ought to give, at the edges of floats too.

Numbers come from NumPy's functions (IEEE 754), slopes from formulas of the inputs alone, written here from a calculus
book; where a formula is 0 · inf or the like, its limit stands beside it.
"""

import math

import numpy as np
import pytest

TINY = 5e-324
EDGES = (0.0, -0.0, TINY, -TINY, 1e-300, 1.0, -1.0, 2.0, -2.5, 709.9, -745.5,
         1e308, -1e308, math.inf, -math.inf, math.nan)  # fmt: skip


def sigma(x):
    e = np.exp(-np.abs(x))
    return np.where(x > 0, 1 / (1 + e), e / (1 + e))


def steep_pow(a, b):
    """By a: b aᵇ⁻¹, which is 0 wherever b is; by b: aᵇ ln a, which is 0 at a = 0."""
    by_a = 0.0 if b == 0 else b * np.power(a, b - 1)
    if a == 0:
        return by_a, 0.0 if b >= 0 else math.nan
    return by_a, np.power(a, b) * np.log(a)


FORMULAS = {
    "add": (np.add, lambda a, b: (1, 1)),
    "sub": (np.subtract, lambda a, b: (1, -1)),
    "mul": (np.multiply, lambda a, b: (b, a)),
    "div": (np.divide, lambda a, b: (1 / b, -a / b / b)),
    "pow": (lambda a, b: np.nan if a == -np.inf and b % 1 > 0 else np.power(a, b), steep_pow),
    "mod": (np.mod, lambda a, b: (1, -np.floor_divide(a, b))),
    "floor_divide": (np.floor_divide, lambda a, b: (0, 0)),
    "maximum": (np.maximum, lambda a, b: (np.heaviside(a - b, 0.5), np.heaviside(b - a, 0.5))),
    "minimum": (np.minimum, lambda a, b: (np.heaviside(b - a, 0.5), np.heaviside(a - b, 0.5))),
    "neg": (np.negative, lambda a: (-1,)),
    "abs": (np.abs, lambda a: (np.sign(a),)),
    "exp": (np.exp, lambda a: (np.exp(a),)),
    "log": (np.log, lambda a: (1 / a,)),
    "sqrt": (np.sqrt, lambda a: (0.5 / np.sqrt(np.abs(a)),)),
    "sin": (np.sin, lambda a: (np.cos(a),)),
    "cos": (np.cos, lambda a: (-np.sin(a),)),
    "tanh": (np.tanh, lambda a: (1 / np.cosh(a) / np.cosh(a),)),
    "sigmoid": (sigma, lambda a: (sigma(a) * sigma(-a),)),
    "relu": (lambda a: np.maximum(a, 0.0), lambda a: (np.heaviside(a, 0.0),)),
    "leaky_relu": (lambda a, b: np.where(a > 0, a, b * a), lambda a, b: (np.where(a > 0, 1.0, b), np.minimum(a, 0.0))),
    "softplus": (lambda a: np.logaddexp(a, 0.0), lambda a: (sigma(a),)),
    "dot": (lambda w, a: w * a + 0.0, lambda w, a: (a, w)),
}


SIDES = ("maximum", "minimum", "relu", "leaky_relu", "floor_divide")  # where the result is NaN no side was chosen


def expected(op, at):
    """The number and the slopes, by NumPy and the formulas."""
    forward, steep = FORMULAS[op.name]
    with np.errstate(all="ignore"):
        inputs = [np.float64(x) for x in at]
        y, slopes = float(forward(*inputs)), [float(slope) for slope in steep(*inputs)]
    if op.name in SIDES and math.isnan(y):
        slopes = [math.nan] * len(at)
    elif op.name in ("maximum", "minimum") and at[0] == at[1]:
        slopes = [0.5, 0.5]
    elif op.name == "relu":
        slopes = [float(at[0] > 0)]
    if op.name == "sqrt" and at == (0.0,):
        slopes = [math.copysign(math.inf, at[0])]  # 1/(2y), and y is −0 at −0
    return y, slopes


def is_outside(op, at, y, slopes):
    """Where DomainError is due: no number, none that a float can hold, or no slope at all, where inputs are numbers."""
    finite = all(map(math.isfinite, at))
    undefined = math.isnan(y) and not any(map(math.isnan, at))
    return bool(op.needs) and (
        undefined or (finite and (math.isinf(y) or (bool(slopes) and all(map(math.isnan, slopes)))))
    )


def same(got, wanted, slack=1e-320):
    return got == pytest.approx(wanted, rel=1e-12, abs=slack, nan_ok=True)

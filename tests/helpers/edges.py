"""The right results of every operation, also at the edges of floats.

Numbers come from NumPy's functions (IEEE 754), slopes from sympy's derivatives in 120 digits. Where a formula is
0 · inf or the like, the operation's line in `operations.py` has the limit.
"""

import itertools
import math
from functools import cache

import numpy as np
import pytest

from autograd.table import OPERATIONS
from tests.helpers.operations import IN_NUMPY, KNOWN, in_sympy

TINY = 5e-324
EDGES = (0.0, -0.0, TINY, -TINY, 1e-300, 1.0, -1.0, 2.0, -2.5, 709.9, -745.5,
         1e308, -1e308, math.inf, -math.inf, math.nan)  # fmt: skip


def points(op):
    """Returns every combination of edges as inputs, as many as the operation takes or its samples have."""
    counts = {len(op.slopes)} if op.slopes else {len(at) for at in op.samples if len(at) <= 3}
    return [at for count in sorted(counts) for at in itertools.product(EDGES, repeat=count)]


@cache
def derivatives(op_name, count):
    """Returns sympy's derivative by each input, twice: for 120 digits, and for NumPy where that divides by 0."""
    mpmath, sympy = pytest.importorskip("mpmath"), pytest.importorskip("sympy")
    symbols = sympy.symbols(f"x:{count}", real=True)
    formulas = [in_sympy(OPERATIONS[op_name], *symbols).diff(symbol) for symbol in symbols]
    return [
        (
            sympy.lambdify(symbols, formula, [{"Floor": mpmath.floor}, "mpmath"]),
            sympy.lambdify(symbols, formula, [{"Floor": np.floor}, "numpy"]),
        )
        for formula in formulas
    ]


def steep(op, at):
    """Returns the slopes by each input, from the operation's line or from sympy."""
    mpmath = pytest.importorskip("mpmath")  # it comes with sympy
    line = KNOWN[op.name]
    if at in line.limits:
        return line.limits[at]
    if line.slopes:
        return line.slopes(*map(np.float64, at))
    found = []
    for exact, rounded in derivatives(op.name, len(at)):
        try:
            with mpmath.workdps(120):
                slope = exact(*map(mpmath.mpf, at))
        except ZeroDivisionError:
            slope = rounded(*map(np.float64, at))
        found.append(slope.real if slope.imag == 0 else math.nan)
    return found


def expected(op, at):
    """Returns the number by NumPy, and the slopes by sympy."""
    with np.errstate(all="ignore"):
        y = float(IN_NUMPY[op.name](*map(np.float64, at)))
        if KNOWN[op.name].chooses and math.isnan(y):
            return y, [math.nan] * len(at)
        return y, [float(slope) for slope in steep(op, at)]


def is_outside(op, at, y, slopes):
    """Whether DomainError is due: the inputs are numbers, and the result or every slope is not, or is too large."""
    finite = all(map(math.isfinite, at))
    undefined = math.isnan(y) and not any(map(math.isnan, at))
    return bool(op.needs) and (
        undefined or (finite and (math.isinf(y) or (bool(slopes) and all(map(math.isnan, slopes)))))
    )


def same(got, wanted, slack=1e-320):
    return got == pytest.approx(wanted, rel=1e-12, abs=slack, nan_ok=True)

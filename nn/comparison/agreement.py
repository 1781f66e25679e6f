"""Compares arrays number by number: how far two numbers are apart, and whether they agree.

There are rules for inf and nan. Two numbers agree if they are no further apart than the caller allows.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["agreeing", "difference", "largest"]

Array = NDArray[np.float64]


def difference(mine: Array, ours: Array) -> Array:
    """Returns |mine − ours|: 0 where both are the same infinity or both nan, inf for any other pair with inf or nan."""
    same = (mine == ours) | (np.isnan(mine) & np.isnan(ours))
    with np.errstate(invalid="ignore"):
        return np.where(same, 0.0, np.nan_to_num(np.abs(mine - ours), nan=np.inf, posinf=np.inf))


def agreeing(mine: Array, ours: Array, allowed: float) -> NDArray[np.bool_]:
    """Returns an array of bools: whether the two numbers at each place differ by no more than `allowed`."""
    agree: NDArray[np.bool_] = difference(mine, ours) <= allowed
    return agree


def largest(*arrays: Array) -> float:
    """Returns the largest magnitude of the finite numbers in the arrays; 0 if there are none."""
    return max((float(np.max(np.abs(a), initial=0.0, where=np.isfinite(a))) for a in arrays), default=0.0)

"""The mathematics `m` of arrays of floats: the functions that rules may call, from NumPy."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from ..vocabulary import WORDS

__all__ = ["ARRAYS"]


def _power(a: Any, b: Any) -> Any:
    """Returns aᵇ; a fractional power of −inf is nan, as in `autograd.floats`."""
    return np.where((a == -np.inf) & (np.mod(b, 1.0) > 0.0), np.nan, np.power(a, b))


def _log_sum_exp(*a: Any) -> Any:
    """Returns ln Σ eᵃ of any number of arrays; np.logaddexp takes two."""
    return np.logaddexp.reduce(np.broadcast_arrays(*a))


ARRAYS = SimpleNamespace(
    **{name: getattr(np, word.in_numpy()) for name, word in WORDS.items()}
    | {"power": _power, "log_sum_exp": _log_sum_exp}
)

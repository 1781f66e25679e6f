"""The reason that δ was rounded to a few decimals before it was used.

It is not an edit of the search: few digits are left of rounded numbers, and further mistakes would fit them by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.judged import Given
from autograd.mistakes.search.matching import gradient, is_explained
from autograd.programs.reverse import Change

from ..forward_pass import ForwardPass, one_or_all

__all__ = ["why_rounded"]

Array = NDArray[np.float64]
DECIMALS = range(1, 7)


def why_rounded(forward: ForwardPass, givens: Sequence[Given]) -> str:
    """Returns a text, if all given arrays come from δ of each example's cost rounded in one layer or in all; or ""."""
    for several in one_or_all(forward.layers):
        for k in DECIMALS:
            change = Change(at={layer.z.number: partial(_to_decimals, k, forward.scale) for layer in several})
            made = forward.recorded.backward.replaced(change)
            if all(is_explained(given, gradient(given, made)) for given in givens):
                where = "every layer" if len(several) > 1 else f"layer {several[0].number}"
                return f"in {where}: δ is rounded to {k} decimal{'s' * (k > 1)} before it is used"
    return ""


def _to_decimals(decimals: int, scale: float, flow: Array) -> Array:
    return np.round(flow / scale, decimals) * scale

"""Makes edits in which some entries of a given gradient have a wrong factor, and its other entries are right."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array
from ...programs.reverse import Change
from ..edits import Edit, fixed
from ..factors import CLOSE, Factors
from ..judged import Given

__all__ = ["entries"]


def entries(wrong: list[Given], factors: Factors) -> Iterator[Edit]:
    """Yields an edit for each gradient whose wrong entries are all the same known multiple of the right ones."""
    for given in wrong:
        off = np.asarray(given.differs(given.right), dtype=bool)
        if not off.any() or not np.any(given.right[~off]) or not np.all(given.right[off]):
            continue
        shares = given.array[off] / given.right[off]
        factor = factors.nearest(float(shares[0]))
        if factor not in (None, 0.0, 1.0) and np.allclose(shares, factor, rtol=CLOSE, atol=0.0):
            change = Change(at={given.assignment.number: partial(_multiplied, off, factor)})
            text = f"the wrong entries of d{given.name} are {factors.times(factor, 'they should be')}"
            yield fixed(change, text, 5, kind="entries", data=(given, factor))


def _multiplied(off: NDArray[np.bool_], factor: float, flow: Array) -> Array:
    return np.where(off, factor * flow, flow)

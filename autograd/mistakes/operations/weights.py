"""Makes edits of the weight w in a gradient dx = w (p − y): it is missing, wholly or before p or y, or is another one.

An example: if the target of an example has k labels, its weight is k, and dx = k p − Σ of the one-hot labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...programs.assignments import Array, Constant, Leaf, broadcasts
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called
from ..rules import instead
from .errors import Error, errors

__all__ = ["weights"]

MOST = 12  # the largest number of arrays that are tried as the weight
DIGITS = 9  # the digits of weights that are compared
CLOSE = 1e-9  # relative: weights that differ less are equal


def weights(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the weights of each gradient w (p − y). The factor t of wrong weights, such as 1/n, is fitted."""
    for error in errors(recorded):
        p, y, w = error.p, error.y, error.w
        if _is_slope(w, p):
            continue  # of a squared error of sigmoids: its own p (1 − p) is no weight
        if np.ptp(w) > CLOSE * np.abs(w).max():
            is_mask, each = not np.all(w), "w is the sum of the targets of an example"
            each = "w is 0 where an example does not count" if is_mask else each
            each = "each label has its weight" if error.axis is None and not is_mask else each
            missing = f"the {'mask w is' if is_mask else 'weights are'} missing"
            yield _edit(error, f"{missing}: {each}", p - y)
            yield _edit(error, f"{missing} in the first term: {each}", p, -w * y, rank=2 + (error.axis is None))
            yield _edit(error, f"{missing} in the second term: {each}", -y, w * p)
            for whole in _with_all_rows(recorded, error):
                yield _edit(error, f"{missing}: {each}", p - whole.value, rank=2)
        if len(np.unique(np.round(w / np.abs(w).max(), DIGITS))) == 2:
            yield _edit(error, "the two weights are exchanged", (w.min() + w.max() - w) * (p - y))
        for array in _arrays(recorded, error):
            yield _edit(error, f"the factor {called(array)} is used instead of the weights", array.value * (p - y))


def _is_slope(w: Array, p: Array) -> bool:
    """Returns whether the weights are p (1 − p), up to a factor."""
    with np.errstate(all="ignore"):
        shares = w / (p * (1 - p))
    return p.size > 1 and bool(np.ptp(shares) <= CLOSE * np.abs(shares).max())


def _with_all_rows(recorded: Recorded, error: Error) -> list[Constant | Leaf]:
    """Returns the recorded targets of all examples, also of those with the weight 0."""
    there = np.broadcast_to(error.w != 0.0, error.y.shape)
    arrays = (x for x in recorded.program.assignments if isinstance(x, Constant | Leaf) and x.shape == error.y.shape)
    return [x for x in arrays if np.array_equal(x.value[there], error.y[there]) and np.any(x.value != error.y)]


def _edit(error: Error, text: str, by: Array, rest: Array | float = 0.0, rank: int = 3) -> Edit:
    what = f"the gradient of {called(error.x)}, which is w (p − y) with the probabilities p and the weights w"
    said = f"in {what}, {text}"
    return Edit(partial(_set, error, by, rest), lambda t: said, rank, error.ways, fitted=True)


def _set(error: Error, by: Array, rest: Array | float, t: float) -> Change:
    return Change(at={error.x.number: partial(instead, t * by + rest)})


def _arrays(recorded: Recorded, error: Error) -> list[Constant | Leaf]:
    """Returns constants and inputs that can be broadcast to x and that vary."""
    leaves = [array for array in recorded.program.assignments if isinstance(array, Constant | Leaf)]
    found = [array for array in leaves if array.shape and np.ptp(array.value) > 0.0 and array is not error.x]
    return [array for array in found if broadcasts(array.shape, error.x.shape)][:MOST]

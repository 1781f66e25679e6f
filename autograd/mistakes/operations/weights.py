"""Makes edits of the weight w in a gradient dx = w (p − y): it is missing, wholly or before p or y, or is another one.

An example: if the target of an example has k labels, its weight is k, and dx = k p − Σ of the one-hot labels.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...programs.assignments import Array, Constant, Leaf
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
        if np.ptp(w) > CLOSE * np.abs(w).max():
            each = "each label has its weight" if error.axis is None else "w is the sum of the targets of an example"
            yield _edit(error, f"the weights are missing: {each}", p - y)
            yield _edit(error, f"the weights are missing in the first term: {each}", p, -w * y)
            yield _edit(error, f"the weights are missing in the second term: {each}", -y, w * p)
        if len(np.unique(np.round(w / np.abs(w).max(), DIGITS))) == 2:
            yield _edit(error, "the two weights are exchanged", (w.min() + w.max() - w) * (p - y))
        for array in _arrays(recorded, error):
            yield _edit(error, f"the factor {called(array)} is used instead of the weights", array.value * (p - y))


def _edit(error: Error, text: str, by: Array, rest: Array | float = 0.0) -> Edit:
    what = f"the gradient of {called(error.x)}, which is w (p − y) with the probabilities p and the weights w"
    said = f"in {what}, {text}"
    return Edit(partial(_set, error, by, rest), lambda t: said, 3, error.ways, fitted=True)


def _set(error: Error, by: Array, rest: Array | float, t: float) -> Change:
    return Change(at={error.x.number: partial(instead, t * by + rest)})


def _arrays(recorded: Recorded, error: Error) -> list[Constant | Leaf]:
    """Returns constants and inputs that can be broadcast to x and that vary."""
    leaves = [array for array in recorded.program.assignments if isinstance(array, Constant | Leaf)]
    found = [array for array in leaves if array.shape and np.ptp(array.value) > 0.0 and array is not error.x]
    return [array for array in found if _fits(array.shape, error.x.shape)][:MOST]


def _fits(shape: tuple[int, ...], whole: tuple[int, ...]) -> bool:
    sizes = zip(shape[::-1], whole[::-1], strict=False)
    return len(shape) <= len(whole) and all(size in (1, extent) for size, extent in sizes)

"""Places of windows in an array, and the same windows with other steps between them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array

__all__ = ["Places", "in_straight_lines", "window", "with_other_starts"]

Places = NDArray[np.int64]  # for each axis of an array, the indices of a window's elements along it


def with_other_starts(at: Places) -> Iterator[tuple[list[Places], int, int]]:
    """Yields the places of windows that begin at other steps than the right ones, with the wrong and the right step.

    `at` has the places of each window. A step of 1 is tried along each axis and along all; 0, 2 and 3 along all.
    """
    starts = at.reshape(*at.shape[:2], -1).min(axis=2)
    starts -= starts.min(axis=0)
    steps = np.gcd.reduce(starts, axis=0)
    moving = [d for d, step in enumerate(steps) if step > 0]
    tried = [(along, 1) for along in _axes(steps)] + [(moving, wrong) for wrong in (0, 2, 3) if moving]
    for along, wrong in tried:
        if any(steps[along] != wrong):
            less = np.zeros_like(starts)
            less[:, along] = starts[:, along] // steps[along] * (steps[along] - wrong)
            yield list(at - less.reshape(*less.shape, *(1,) * (at.ndim - 2))), wrong, int(steps[along[0]])


def _axes(steps: Places) -> list[list[int]]:
    wide = [d for d, step in enumerate(steps) if step > 1]
    return [*([d] for d in wide), *([wide] if len(wide) > 1 else [])]


def window(whole: Array, at: Places) -> Array:
    """Returns the elements at these places, and 0 for places outside."""
    inside = np.all([(along >= 0) & (along < size) for along, size in zip(at, whole.shape, strict=True)], axis=0)
    return np.where(inside, whole[tuple(np.where(inside, along, 0) for along in at)], 0.0)


def in_straight_lines(at: Places, here: NDArray[np.bool_]) -> Places:
    """Returns the places of all elements, if they depend linearly on the indices of the window."""
    ones = np.stack([np.ones(here.size), *np.indices(here.shape).reshape(here.ndim, -1)], axis=1)
    known = here.ravel()
    fitted = np.linalg.lstsq(ones[known], at.reshape(len(at), -1)[:, known].T, rcond=None)[0]
    return np.asarray(np.rint(ones @ fitted).T.reshape(at.shape), dtype=np.int64)

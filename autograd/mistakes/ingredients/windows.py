"""Places of windows in an array, and the same windows with other steps between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array

__all__ = ["Places", "in_straight_lines", "window", "with_axes_mistaken", "with_other_starts"]

Places = NDArray[np.int64]  # for each axis of an array, the indices of a window's elements along it


def with_other_starts(at: Places, from_last: bool = False) -> Iterator[tuple[list[Places], int, int]]:
    """Yields the places of windows that begin at other steps than the right ones, with the wrong and the right step.

    `at` has the places of each window. A step of 1 is tried along each axis and along all; 0, 2 and 3 along all, and
    along those on which a window has several elements. The first window stays where it is; with `from_last`, the last
    one does, and the opposite step is tried too.
    """
    starts = at.reshape(*at.shape[:2], -1).min(axis=2)
    starts -= (starts.max if from_last else starts.min)(axis=0)
    steps = np.gcd.reduce(starts, axis=0)
    moving = [d for d, step in enumerate(steps) if step > 0]
    every = [moving, *([wide] if (wide := _wide(at, moving)) != moving else [])]
    tried = [(along, 1) for along in _axes(steps)] + [(along, wrong) for along in every for wrong in (0, 2, 3) if along]
    if from_last and moving:
        tried.append((moving, -int(steps[moving[0]])))
    for along, wrong in tried:
        if any(steps[along] != wrong):
            more = np.zeros_like(starts)
            more[:, along] = starts[:, along] // steps[along] * (wrong - steps[along])
            yield _moved(at, more), wrong, int(steps[along[0]])


def _axes(steps: Places) -> list[list[int]]:
    wide = [d for d, step in enumerate(steps) if step > 1]
    return [*([d] for d in wide), *([wide] if len(wide) > 1 else [])]


def _wide(at: Places, axes: Sequence[int]) -> list[int]:
    """Returns those of the axes along which a window has several elements."""
    return [d for d in axes if np.ptp(at[:, d].reshape(len(at), -1), axis=1).any()]


def with_axes_mistaken(at: Places) -> Iterator[tuple[list[Places], str]]:
    """Yields the places of windows that take the start or the step along one axis for that along another, with a text.

    Those along two axes may also be exchanged.
    """
    starts = at.reshape(*at.shape[:2], -1).min(axis=2)
    moves = starts - starts.min(axis=0)
    steps = np.gcd.reduce(moves, axis=0)
    for d, e in combinations(_wide(at, np.flatnonzero(steps).tolist()), 2):
        for what, to_d, to_e in (
            ("start", moves[:, e], moves[:, d]),
            ("step", moves[:, d] // steps[d] * steps[e], moves[:, e] // steps[e] * steps[d]),
        ):
            by = np.zeros_like(moves)
            by[:, d] = to_d - moves[:, d]
            if by.any():
                yield _moved(at, by), f"the {what} along axis {d} is that along axis {e}"
                by[:, e] = to_e - moves[:, e]
                yield _moved(at, by), f"the {what}s along axes {d} and {e} are exchanged"
                by[:, d] = 0
                yield _moved(at, by), f"the {what} along axis {e} is that along axis {d}"


def _moved(at: Places, by: Places) -> list[Places]:
    """Returns the places of each window, moved by a number of places along each axis."""
    return list(at + by.reshape(*by.shape, *(1,) * (at.ndim - 2)))


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

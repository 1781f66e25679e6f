"""Makes edits of some entries of a given gradient: with a wrong factor, not set, or at other places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array
from ...programs.reverse import Change
from ..edits import Edit, fixed, listed
from ..factors import CLOSE, Factors
from ..judged import Given
from ..rules import instead

__all__ = ["entries", "lost", "moved", "not_set", "one_slice", "written_to"]

MOST_SLICES = 64  # in a longer axis, slices at other places are not looked for
MOST_TOLD = 3  # slices that are named; if there are more, they are counted


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
            are = "have the wrong sign" if factor == -1.0 else f"are {factors.times(factor, 'they should be')}"
            text = f"the wrong entries of d{given.name} {are}"
            yield fixed(change, text, 5, kind="entries", data=(given, factor))


def _multiplied(off: NDArray[np.bool_], factor: float, flow: Array) -> Array:
    return np.where(off, factor * flow, flow)


def not_set(wrong: list[Given]) -> Iterator[Edit]:
    """Yields an edit for each gradient of which some slices along an axis are zeros, as where a loop ends too early."""
    for given in wrong:
        for axis, size in enumerate(given.right.shape):
            yours, right = np.moveaxis(given.array, axis, 0), np.moveaxis(given.right, axis, 0)
            missing = [k for k in range(size) if not np.any(yours[k]) and np.any(right[k])]
            if missing and any(np.any(yours[k]) for k in range(size)):
                kept = np.where(np.isin(np.arange(size), missing), 0.0, 1.0)
                kept = kept.reshape(-1, *(1,) * (given.right.ndim - axis - 1))
                change = Change(at={given.assignment.number: partial(np.multiply, kept)})
                places = f"ind{'ices' if len(missing) > 1 else 'ex'} {listed(map(str, missing))} along axis {axis}"
                ends = ", as where a loop ends too early" * (missing == [*range(missing[0], size)])
                text = f"d{given.name} is 0 at {places}: no gradient is computed there{ends}"
                yield fixed(change, text, 5, kind="not set", data=(given, axis, missing))


def lost(wrong: list[Given]) -> Iterator[Edit]:
    """Yields an edit for each gradient whose wrong entries are all 0, as where a loop leaves a window out."""
    for given in wrong:
        off = np.asarray(given.differs(given.right), dtype=bool)
        if off.sum() > 1 and not np.any(given.array[off]) and np.any(given.right[~off]):
            change = Change(at={given.assignment.number: partial(np.multiply, np.where(off, 0.0, 1.0))})
            text = f"the wrong entries of d{given.name} are 0: no gradient is computed there"
            yield fixed(change, text, 6, kind="lost", data=(given,))


def one_slice(wrong: list[Given]) -> Iterator[Edit]:
    """Yields an edit for each gradient of which one slice is set alone, to the numbers of the last one.

    They are left by a loop whose every step writes to the same index.
    """
    for given in wrong:
        for axis, size in enumerate(given.right.shape):
            yours, right = np.moveaxis(given.array, axis, 0), np.moveaxis(given.right, axis, 0)
            there = [k for k in range(size) if np.any(yours[k])]
            if size > 2 and len(there) == 1 and there[0] < size - 1 and not np.array_equal(right[there[0]], right[-1]):
                alone = np.zeros(right.shape)
                alone[there[0]] = right[-1]
                text = (
                    f"of d{given.name}, only index {there[0]} along axis {axis} is set, to the numbers of index "
                    f"{size - 1}: every step of a loop writes there"
                )
                change = Change(at={given.assignment.number: partial(instead, np.moveaxis(alone, 0, axis))})
                yield fixed(change, text, 4, kind="one slice", data=(given, axis, there[0], size - 1))


def moved(wrong: list[Given]) -> Iterator[Edit]:
    """Yields an edit for each gradient whose wrong slices are those of other places along an axis, or 0.

    They are left by a loop that writes with a wrong index.
    """
    for given in wrong:
        off = given.differs(given.right)
        for axis, size in enumerate(given.right.shape):
            yours, right, is_off = (np.moveaxis(array, axis, 0) for array in (given.array, given.right, off))
            wrong_ones = [k for k in range(size) if np.any(is_off[k])]
            stays = any(np.any(right[k]) for k in range(size) if k not in wrong_ones)
            if not 1 < size <= MOST_SLICES or not wrong_ones or not stays or given.right.size == size:
                continue
            slack = np.moveaxis(np.broadcast_to(given.allowed.max(), given.right.shape), axis, 0)
            of = {k: [j for j in range(size) if j != k and np.all(np.abs(yours[k] - right[j]) <= slack[k])]
                  for k in wrong_ones if np.any(yours[k])}  # fmt: skip
            if of and all(of.values()):
                made = right.copy()
                made[wrong_ones] = 0.0
                for k, places in of.items():
                    made[k] = right[places[0]]
                pairs = [(k, of[k][0] if k in of else None) for k in wrong_ones]
                text = f"along axis {axis} of d{given.name}, {written_to(pairs, 'index', 0)}"
                change = Change(at={given.assignment.number: partial(instead, np.moveaxis(made, 0, axis))})
                yield fixed(change, text, 7, kind="moved", data=(given, axis, pairs))


def written_to(pairs: Sequence[tuple[int, int | None]], what: str, first: int) -> str:
    """Returns a text on slices with the numbers of other slices, or None for 0; they are counted from `first`."""
    told = [f"{what} {k + first} {'is 0' if j is None else f'has the numbers of {what} {j + first}'}" for k, j in pairs]
    more = f", and {len(told) - MOST_TOLD} more" * (len(told) > MOST_TOLD)
    said = listed(told) if not more else ", ".join(told[:MOST_TOLD])
    return f"{said}{more}: the gradient of one {what} is written to another"

"""Finds a pattern in the wrong entries of an array: one row, the sign, a factor, zeros, where z ≤ 0, …

A pattern is a phrase that follows the array's name: "is right, but has the wrong sign", "is wrong only in row 3".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ..mistakes.judged import Given
from ..programs.assignments import Array
from ..writing import constant

__all__ = ["pattern"]

Mask = NDArray[np.bool_]
FEWEST = 3  # the fewest entries in which a pattern is looked for: one or two entries fit any pattern
ROUNDING = 8.0  # times the allowed difference of one number, because a factor and a sum of differences are less exact


def pattern(given: Given, arrays: Mapping[str, Array] | None = None) -> str:
    """Returns a phrase that follows the array's name: the pattern of the wrong entries; without one, their number.

    The given array has the right shape. `arrays` are other arrays by name, such as z: "where z ≤ 0" is a pattern.
    """
    if told := _not_finite(given) or _whole(given):
        return told
    wrong = given.differs(given.right).astype(bool)
    place = _place(wrong) or _condition(given, wrong, arrays or {})
    if place:
        return f"is wrong {place}{_there(given, wrong)}"
    if alike := _alike(given):
        return alike
    count = int(wrong.sum())
    return "is wrong in every entry" if count == wrong.size else f"is wrong in {count} of {wrong.size} entries"


# ---- the array as a whole


def _not_finite(given: Given) -> str:
    odd = ~np.isfinite(given.array) & given.differs(given.right)
    if not odd.any():
        return ""
    what = "nan" if np.isnan(given.array[odd]).all() else "nan or infinite"
    return f"is {what} everywhere" if odd.all() else f"is {what}{_place_or_count(odd)}"


def _whole(given: Given) -> str:
    mine, ours = given.array, given.right
    if np.all(np.abs(mine) <= given.allowed):
        return "is zero everywhere" if mine.size > 1 else "is 0"
    if not ours.any():
        return "should be zero everywhere" if mine.size > 1 else "should be 0"
    relation = _relation(given, np.ones(mine.shape, dtype=bool))
    if relation:
        return f"is {relation}"
    if mine.ndim == 2 and mine.shape[0] == mine.shape[1] and given.equals(ours.T):
        return "is transposed"
    for axis in range(mine.ndim):
        if mine.shape[axis] > 1 and given.equals(np.flip(ours, axis)):
            return f"is in reverse order along axis {axis}"
    return ""


def _relation(given: Given, where: Mask) -> str:
    """Returns a phrase about these entries beside the right ones: zero, the other sign, one factor; "" for none."""
    mine, ours, allowed = given.array[where], given.right[where], given.allowed[where]
    if np.all(np.abs(mine) <= allowed):
        return "zero"
    if np.all(np.abs(mine + ours) <= allowed):
        return "right, but has the wrong sign"
    largest = np.argmax(np.abs(ours))
    if ours[largest] == 0.0 or np.count_nonzero(np.abs(ours) > ROUNDING * allowed) < min(FEWEST, where.size):
        return ""
    factor = float(mine[largest] / ours[largest])
    if mine.size > 1 and np.all(np.abs(mine - factor * ours) <= ROUNDING * max(1.0, abs(factor)) * allowed):
        return f"{_rounded(factor)} times what it should be"
    return ""


def _alike(given: Given) -> str:
    """Returns a phrase if rows or entries are all off by one amount, or equal, or off by a factor each; else ""."""
    mine, ours = given.array, given.right
    off = mine - ours
    slack = ROUNDING * given.allowed
    if mine.size >= FEWEST and np.all(np.abs(off - off.flat[0]) <= slack):
        return f"is {_rounded(abs(float(off.flat[0])))} too {'large' if off.flat[0] > 0 else 'small'} in every entry"
    for axis in range(mine.ndim):
        first = off.take([0], axis)
        if mine.ndim > 1 and mine.shape[axis] > 1 and np.all(np.abs(off - first) <= slack):
            return f"has the same error in every {_kind(mine.ndim, axis)}"
        one = mine.take([0], axis)
        if mine.ndim > 1 and mine.shape[axis] > 1 and np.all(np.abs(mine - one) <= slack):
            return f"has the same numbers in every {_kind(mine.ndim, axis)}, and should not"
    for axis in range(mine.ndim if mine.ndim == 2 else 0):
        if mine.shape[axis] >= FEWEST and mine.shape[1 - axis] > 1 and _factors(given, axis):
            return f"has another wrong factor in every {_kind(2, 1 - axis)}"
    return ""


def _factors(given: Given, axis: int) -> bool:
    """Returns whether each line along the axis is a multiple of the right line."""
    largest = np.argmax(np.abs(given.right), axis=axis, keepdims=True)
    ours, mine = (np.take_along_axis(x, largest, axis) for x in (given.right, given.array))
    if not ours.all():
        return False
    factor = mine / ours
    near = np.abs(given.array - factor * given.right) <= ROUNDING * np.maximum(1.0, np.abs(factor)) * given.allowed
    return bool(near.all())


# ---- some of its entries


def _place(wrong: Mask) -> str:
    """Returns a phrase for the place of the wrong entries: a row, all but a row, the diagonal or the like; else ""."""
    if wrong.size < FEWEST or wrong.all():
        return ""
    if wrong.sum() == 1:
        return f"only in one entry, [{', '.join(map(str, np.argwhere(wrong)[0].tolist()))}]"
    lines = [_lines_with(wrong, axis) for axis in range(wrong.ndim)]
    for axis, there in enumerate(lines):
        if np.array_equal(np.broadcast_to(_along(there, axis, wrong.ndim), wrong.shape), wrong) and not there.all():
            return _span(there, axis, wrong.ndim)
    if wrong.ndim == 2 and wrong.shape[0] == wrong.shape[1]:
        diagonal = np.eye(len(wrong), dtype=bool)
        for place, told in ((diagonal, "only on the diagonal"), (~diagonal, "everywhere except on the diagonal"),
                            (np.tril(~diagonal), "only below the diagonal"),
                            (np.triu(~diagonal), "only above the diagonal")):  # fmt: skip
            if np.array_equal(wrong, place):
                return told
    for axis, there in enumerate(lines):
        if there.sum() == 1 < len(there):
            return f"{_span(there, axis, wrong.ndim)}, in {int(wrong.sum())} entries"
    return ""


def _lines_with(wrong: Mask, axis: int) -> Mask:
    """Returns a mask of the rows (columns, …) that have a wrong entry."""
    return np.asarray(wrong.any(axis=tuple(k for k in range(wrong.ndim) if k != axis)))


def _span(lines: Mask, axis: int, ndim: int) -> str:
    """Returns a phrase for the rows: one, all but one, or a range; "" if they are none of these."""
    at, count = np.flatnonzero(lines), len(lines)
    if len(at) == 1:
        return f"only in {_line(ndim, axis, at[0])}"
    if len(at) == count - 1 and count > 2:
        return f"everywhere except in {_line(ndim, axis, np.flatnonzero(~lines)[0])}"
    if len(at) < count and at[-1] - at[0] == len(at) - 1:
        return f"only from {_line(ndim, axis, at[0])} to {_line(ndim, axis, at[-1])}"
    return ""


def _condition(given: Given, wrong: Mask, arrays: Mapping[str, Array]) -> str:
    """Returns a phrase for where entries are wrong: by the sign of another array, or where the gradient is 0; or ""."""
    if wrong.sum() < FEWEST or wrong.all():
        return ""
    for sign, there in (("is 0", given.right == 0.0), ("is not 0", given.right != 0.0)):
        if np.array_equal(wrong, there):
            return f"where the right gradient {sign}, and right elsewhere"
    for name, array in arrays.items():
        if array.shape != wrong.shape:
            continue
        for sign, there in (("≤ 0", array <= 0.0), ("> 0", array > 0.0), ("< 0", array < 0.0), ("= 0", array == 0.0)):
            if np.array_equal(wrong, there):
                return f"where {name} {sign}, and right elsewhere"
    return ""


def _there(given: Given, wrong: Mask) -> str:
    """Returns the end of a sentence: how the wrong entries differ from the right ones; "" if they have no pattern."""
    relation = _relation(given, wrong) if wrong.sum() > 1 else ""
    return f": there it is {relation}" if relation else ""


def _place_or_count(odd: Mask) -> str:
    place = _place(odd)
    return f" {place}" if place else f" in {int(odd.sum())} of {odd.size} entries"


def _along(lines: Mask, axis: int, ndim: int) -> Mask:
    return lines.reshape([-1 if k == axis else 1 for k in range(ndim)])


def _kind(ndim: int, axis: int) -> str:
    """Returns the name of a part along an axis: entry, row or column."""
    return {(1, 0): "entry", (2, 0): "row", (2, 1): "column"}.get((ndim, axis), f"part along axis {axis}")


def _line(ndim: int, axis: int, at: int) -> str:
    """Returns a part along an axis as text: row 3, or [:, :, 3]."""
    return f"{_kind(ndim, axis)} {at}" if ndim < 3 else f"[{':, ' * axis}{at}]"


def _rounded(x: float) -> str:
    return constant(float(f"{x:.6g}"))

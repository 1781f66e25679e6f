"""Writes positions in an array as a view of it, where there is one: `[:, 0:6]`, `.reshape(4, 6)`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..layout import Ids, coordinates
from .dialects import NUMPY, Dialect

__all__ = ["Place", "place"]

Shape = tuple[int, ...]


class Place(NamedTuple):
    """A view of an array."""

    text: str  # the code after the array's name
    strides: tuple[int, ...] = ()  # if only strides reach the elements: those of a view that begins at `text`
    is_index: bool = False  # whether code can assign to it


def place(index: Ids, shape: Shape, varies: bool, flat: bool = False, dialect: Dialect = NUMPY) -> Place | None:
    """Returns a view of an array of this shape that has the elements at these positions; None if none is found.

    An array that varies by example has one more axis in front, of length n. `flat` says that the array is contiguous,
    so that strides can reach its elements.
    """
    n, front = (("n",), (":",)) if varies else ((), ())
    size = int(np.prod(shape))
    if index.size == size and np.array_equal(index.ravel(), np.arange(size)):
        return Place(_reshaped(shape, index.shape, n, front), is_index=index.shape == () != shape)
    cut = _cut(index, shape, dialect.turns_back)
    if cut is not None:
        return Place(_indexed((*front, *cut)), is_index=True)
    if 1 in index.shape and index.shape != (1,):
        return _with_new_axes(index, shape, varies, flat, dialect, front)
    steps = _steps(index)
    if steps is None:
        return None
    order = sorted(range(index.ndim), key=lambda axis: (-steps[axis], axis))
    turned = index.transpose(order)
    if turned.shape == shape and np.array_equal(turned.ravel(), np.arange(size)):
        return Place(_turned(order, len(front), dialect.permuted))
    block = _block(turned, [steps[axis] for axis in order], size, shape[0], len(shape) == 1, n, front)
    if block is not None:
        return Place(block + _turned(order, len(front), dialect.permuted))
    if flat and len(shape) == 1 and not varies and np.unique(index).size == index.size:
        return Place(f"[{int(index.flat[0])}:]", tuple(8 * step for step in steps))
    return None


def _with_new_axes(
    index: Ids, shape: Shape, varies: bool, flat: bool, dialect: Dialect, front: Sequence[str]
) -> Place | None:
    """Returns a view that is found without the axes of length 1, with these axes added again; None if none is found."""
    alone = index.size == 1
    kept = [k > 1 for k in index.shape]
    kept[-1] = kept[-1] or alone
    found = place(
        index.reshape(tuple(n for n, there in zip(index.shape, kept, strict=True) if there)), shape, varies, flat,
        dialect,
    )  # fmt: skip
    if found is None or found.strides:
        return None
    return Place(found.text + _indexed([*front, *(":" if there else "None" for there in kept)]))


def _reshaped(shape: Shape, wanted: Shape, n: Sequence[str], front: Sequence[str]) -> str:
    """Returns code for another shape: "", an index of one element, new axes of length 1, or a reshape."""
    if shape == wanted:
        return ""
    if not wanted:
        return _indexed([*front, *["0"] * len(shape)])
    if (
        tuple(k for k in wanted if k > 1) == tuple(k for k in shape if k > 1)
        and len(wanted) > len(shape)
        and 1 not in shape
    ):
        return _indexed([*front, *("None" if k == 1 else ":" for k in wanted)])
    return f".reshape({', '.join([*n, *map(str, wanted)])})" if n or len(wanted) != 1 else ".reshape(-1)"


def _indexed(parts: Sequence[str]) -> str:
    kept = list(parts)
    while kept and kept[-1] == ":":
        kept.pop()
    return f"[{', '.join(kept)}]" if kept else ""


def _steps(index: Ids) -> list[int] | None:
    """Returns the distance of neighbours along each axis; None if it is not the same everywhere."""
    first = int(index.flat[0])
    steps = []
    for axis, extent in enumerate(index.shape):
        steps.append(int(index.take(1, axis).flat[0]) - first if extent > 1 else 0)
    made: Ids = np.array(first)
    for axis, step in enumerate(steps):
        made = made + step * np.arange(index.shape[axis]).reshape((-1,) + (1,) * (index.ndim - axis - 1))
    return steps if np.array_equal(made, index) else None


def _cut(index: Ids, shape: Shape, turns_back: bool) -> list[str] | None:
    """Returns a text for each axis, a slice or a position; None if the index has other axes or another order."""
    along = coordinates(index, shape)
    parts, axis = [], 0
    for where, extent in zip(along, shape, strict=True):
        line = np.moveaxis(where, axis, -1).reshape(-1, index.shape[axis])[0] if axis < index.ndim else None
        if line is not None and len(line) > 1 and (text := progression(line, extent, turns_back)) is not None:
            wide = line.reshape((-1,) + (1,) * (index.ndim - axis - 1))
            if np.array_equal(np.broadcast_to(wide, index.shape), where):
                parts.append(text)
                axis += 1
                continue
        if (where != where.flat[0]).any():
            return None
        start = int(where.flat[0])
        if axis < index.ndim and index.shape[axis] == 1:
            parts.append(":" if extent == 1 else f"{start}:{start + 1}")
            axis += 1
        else:
            parts.append(str(start))
    return parts if axis == index.ndim else None


def progression(line: Ids, extent: int, turns_back: bool = True) -> str | None:
    """Returns positions along an axis as a slice, such as "1:4" or "1:8:2", or ":" for the whole axis.

    Returns None if they are not evenly spaced, or if they run backwards in a target whose slices cannot.
    """
    first, n = int(line[0]), len(line)
    step = int(line[1]) - first if n > 1 else 1
    if step == 0 or (np.diff(line) != step).any() or (step < 0 and not turns_back):
        return None
    if first == 0 and step == 1 and n == extent:
        return ":"
    last = first + n * step if step == 1 else first + (n - 1) * step + (1 if step > 0 else -1)
    start, stop = str(first or ""), "" if last < 0 or last == extent else str(last)
    return f"{start}:{stop}" if step == 1 else f"{first}:{stop}:{step}"


def _block(
    index: Ids, steps: list[int], size: int, rows: int, flat: bool, n: Sequence[str], front: Sequence[str]
) -> str | None:
    """Returns code for a view as a reshape into nested blocks with a slice in each; None if it is no such view."""
    extents = [*index.shape]
    if (
        not extents
        or min(steps) <= 0
        or any(a % b or a < b * k for (a, b), k in zip(pairwise(steps), extents[1:], strict=True))
    ):
        return None
    first, rest = int(index.flat[0]), 0
    if first + extents[0] * steps[0] > size:
        rest = first + extents[0] * steps[0] - size
    widths = [a // b for a, b in pairwise(steps)] + ([steps[-1]] if steps[-1] > 1 else [])
    within, left = [], rest
    for block in [*steps[1:], *([1] if steps[-1] > 1 else [])]:
        within.append(left // block)
        left %= block
    start = first - rest
    if start < 0 or any(at + k > width for at, k, width in zip(within, extents[1:], widths, strict=False)):
        return None
    stop = start + extents[0] * steps[0]
    row = size // rows
    if (start, stop) == (0, size) and widths:
        text = ""
    elif start % row == stop % row == 0 and widths:
        text = _indexed([*front, f"{start // row or ''}:{stop // row if stop < size else ''}"])
    else:
        text = ("" if flat else f".reshape({', '.join([*n, '-1'])})") + _indexed([*front, f"{start}:{stop}"])
    if widths:
        text += f".reshape({', '.join([*n, *map(str, [extents[0], *widths])])})"
        taken = [":" if (at, k) == (0, width) else f"{at or ''}:{at + k}"
                 for at, k, width in zip(within, extents[1:], widths, strict=False)]  # fmt: skip
        taken += [str(within[-1])] if steps[-1] > 1 else []
        text += _indexed([*front, ":", *taken])
    return text


def _turned(order: list[int], front: int, permuted: str) -> str:
    """Returns code that puts sorted axes back into the order of the index."""
    back = [0] * len(order)
    for k, axis in enumerate(order):
        back[axis] = k
    if back == sorted(back):
        return ""
    if back == [1, 0] and not front:
        return ".T"
    return f".{permuted}({', '.join(map(str, [*range(front), *(k + front for k in back)]))})"

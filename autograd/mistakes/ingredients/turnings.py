"""Makes wrong orders of the elements of an array that keep its shape, and names the elements along an axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, permutations

import numpy as np

from ...programs.assignments import Array

__all__ = ["REFILLED", "RESHAPED", "Turn", "one_everywhere", "part_along", "places", "turnings"]

REFILLED = "transposed and reshaped to fit"
RESHAPED = "reshaped instead of transposed"
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
FEW = len(ORDINALS)  # on an axis of at most so many elements, each may be taken by mistake

Turn = Callable[[Array], Array]


def turnings(shape: tuple[int, ...]) -> Iterator[tuple[str, Turn]]:
    """Yields wrong orders of an array of this shape, each as a text and a function; no two give the same result."""
    n = len(shape)
    for axes in _orders(shape):
        text = "transposed" if n == 2 else f"transposed to the axis order {', '.join(map(str, axes))}"
        yield text, partial(_reordered, axes)
    for axis in range(n):
        along = f" along axis {axis}" if n > 1 else ""
        if shape[axis] > 1:
            yield f"in reverse order{along}", partial(np.flip, axis=axis)
        if shape[axis] % 2 == 0 and shape[axis] > 2:
            yield f"with its two halves exchanged{along}", partial(np.roll, shift=shape[axis] // 2, axis=axis)
        for step in (1, -1) if shape[axis] > 2 else ():  # a shift of two elements is the reverse order
            by = f"shifted {'' if step > 0 else 'back '}by one place{along}"
            yield by, partial(np.roll, shift=step, axis=axis)
            yield f"{by}, with zeros filled in", partial(_shifted, step, axis)
    if n > 2 and min(shape[:2]) > 1:  # channels last
        yield "rotated by 180° along its first two axes", partial(np.flip, axis=(0, 1))
    if n > 1 and min(shape[-2:]) > 1:
        yield "rotated by 180°", partial(np.flip, axis=(-2, -1))
        if shape[-1] == shape[-2]:
            yield "rotated by 180° and transposed", _turned_and_transposed
        for step in (1, -1):
            by = f"shifted {'' if step > 0 else 'back '}by one place along the last two axes"
            yield f"{by}, with zeros filled in", partial(_shifted_twice, step)
    if n > 2 and 1 < shape[-1] != shape[-2] > 1:
        yield f"with its last two axes {RESHAPED}", partial(_each_reread, shape)
    longer = [size for size in shape if size > 1]
    if longer != longer[::-1]:
        yield REFILLED, partial(_refilled, shape)
        yield RESHAPED, partial(_reread, shape)


def _orders(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yields other orders of the axes that keep the shape; with over four axes longer than 1, only exchanges of two."""
    n, longer = len(shape), [axis for axis, size in enumerate(shape) if size > 1]
    if len(longer) < 5:
        exchanges = [dict(zip(longer, axes, strict=True)) for axes in permutations(longer)]
    else:
        exchanges = [{a: b, b: a} for a, b in combinations(longer, 2)]
    found = [tuple(exchanged.get(axis, axis) for axis in range(n)) for exchanged in exchanges]
    yield from (axes for axes in found if axes != tuple(range(n)) and tuple(shape[axis] for axis in axes) == shape)


def _reordered(axes: tuple[int, ...], value: Array) -> Array:
    return value.transpose(axes)


def _shifted(step: int, axis: int, value: Array) -> Array:
    moved = np.moveaxis(np.roll(value, step, axis), axis, 0).copy()
    moved[0 if step > 0 else -1] = 0.0
    return np.moveaxis(moved, 0, axis)


def _shifted_twice(step: int, value: Array) -> Array:
    return _shifted(step, value.ndim - 1, _shifted(step, value.ndim - 2, value))


def _turned_and_transposed(value: Array) -> Array:
    return np.swapaxes(np.flip(value, axis=(-2, -1)), -1, -2)


def _each_reread(shape: tuple[int, ...], array: Array) -> Array:
    return array.reshape(*shape[:-2], shape[-1], shape[-2]).swapaxes(-1, -2)


def _refilled(shape: tuple[int, ...], value: Array) -> Array:
    return value.T.reshape(shape)


def _reread(shape: tuple[int, ...], value: Array) -> Array:
    return value.reshape(shape[::-1]).T.reshape(shape)


def places(size: int) -> Iterator[tuple[int, str]]:
    """Yields the indices along an axis with their ordinals, (0, "first") and so on; of over six, the first and last."""
    for k in range(size) if size <= FEW else (0, size - 1):
        yield k, "first" if k == 0 else "last" if k == size - 1 else ORDINALS[k]


def one_everywhere(axis: int, k: int, value: Array) -> Array:
    """Returns the array with its k-th part along an axis in the place of every part."""
    return np.broadcast_to(np.take(value, [k], axis=axis), value.shape)


def part_along(shape: tuple[int, ...], axis: int) -> tuple[str, str]:
    """Returns the name of a part along an axis, such as "row" or "slice along axis 1", and " along axis 1"."""
    if len(shape) == 1:
        return "entry", ""
    part = ("row", "column")[axis] if len(shape) == 2 else f"slice along axis {axis}"
    return part, f" along axis {axis}"

"""The orders that the elements of an array may be put in by mistake, and still have its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from ..programs.assignments import Array

__all__ = ["turnings"]

Turn = Callable[[Array], Array]


def turnings(shape: tuple[int, ...]) -> Iterator[tuple[str, Turn]]:
    """What happened to the array, in words, and as a function; none that leaves arrays of this shape as they are."""
    n = len(shape)
    for axes in permutations(range(n)) if n < 5 else ():
        if axes != tuple(range(n)) and tuple(shape[axis] for axis in axes) == shape:
            text = "transposed" if n == 2 else f"with its axes in the order {', '.join(map(str, axes))}"
            yield text, lambda value, axes=axes: value.transpose(axes)
    for axis in range(n):
        if shape[axis] > 1:
            text = "in reverse order" + (f" along axis {axis}" if n > 1 else "")
            yield text, lambda value, axis=axis: np.flip(value, axis)
    if n > 1 and min(shape[-2:]) > 1:
        yield "turned by 180°", lambda value: value[..., ::-1, ::-1]
    if sum(size > 1 for size in shape) > 1:
        yield "transposed, and reshaped so that it fits", lambda value: value.T.reshape(shape)
        yield "read column by column, where it is row by row", lambda value: value.reshape(shape[::-1]).T.reshape(shape)

"""Reads a store such as a[z < 0] = 0.1 * z[z < 0] as a choice between a and 0.1 * z, both of the whole shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from .assignments import Assignment, Constant, Map, View

__all__ = ["with_whole_branches"]

Places = NDArray[np.int64]
Add = Callable[[Assignment], Assignment]

EVERYWHERE = ("add", "sub", "mul", "neg", "exp", "tanh", "sigmoid")  # operations with a finite slope at each number


def with_whole_branches(
    operands: Sequence[Assignment], source: Places, index: Places, add: Add
) -> tuple[tuple[Assignment, ...], Places]:
    """Returns the operands and the index of a view, with a whole array for each operand that was computed in part.

    `add` adds an assignment to the program and returns it.
    """
    found, index = [*operands], index.copy()
    for k, operand in enumerate(operands):
        here = np.flatnonzero(source == k).astype(np.int64)
        if isinstance(operand, Map) and operand.shape == (len(here),) and len(here) < source.size:
            places = np.empty_like(here)
            places[index.ravel()[here]] = here
            whole = _whole(operand, places, source.shape, add)
            if whole is not None:
                operand.place = None  # the whole array stands for its line now
                found[k] = whole
                index.flat[here] = here
    return tuple(found), index


def _whole(part: Assignment, places: Places, shape: tuple[int, ...], add: Add) -> Assignment | None:
    """Returns the array of this shape of which `part` has the elements at these places, computed alike; None if the
    part is made of something else.
    """
    if isinstance(part, Constant) and part.value.size == 1:
        return part
    if isinstance(part, View) and part.of_one is not None:
        return part.of_one if part.of_one.shape == shape and np.array_equal(part.index, places) else None
    if not isinstance(part, Map) or part.op.name not in EVERYWHERE:
        return None
    operands = [_whole(operand, places, shape, add) for operand in part.operands]
    known = [operand for operand in operands if operand is not None]
    if len(known) < len(operands):
        return None
    made = Map(value=np.empty(shape), operands=tuple(known), op=part.op, place=part.place)
    made.value = made.forward([operand.value for operand in known])
    return add(made)

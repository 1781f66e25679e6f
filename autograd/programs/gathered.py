"""Finds what a view is made of, from the origins of its elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .assignments import Assignment, Constant, Index
from .elements import numbers
from .masked_stores import with_whole_branches

__all__ = ["Origin", "gathered"]

Origin = tuple[Assignment, int] | None  # the array of an element, and its position there; None for a number


def gathered(
    elements: Sequence[Any],
    shape: tuple[int, ...],
    origins: Sequence[Origin],
    constant: Callable[[Any], Constant],
    add: Callable[[Assignment], Assignment],
) -> tuple[tuple[Assignment, ...], Index, Index]:
    """Returns the operands of a view, and for each element the index of its operand and its position in that.

    `constant` returns an assignment for plain numbers; `add` adds an assignment to the program.
    """
    sources = {of: k for k, of in enumerate(dict.fromkeys(origin[0] for origin in origins if origin is not None))}
    operands: tuple[Assignment, ...] = tuple(sources)
    if None in origins:
        rest = [0.0 if origin else x for origin, x in zip(origins, elements, strict=True)]
        operands += (constant(numbers(rest, shape)),)
    which = [len(sources) if origin is None else sources[origin[0]] for origin in origins]
    positions = [at if origin is None else origin[1] for at, origin in enumerate(origins)]
    source, index = (np.array(part, dtype=np.int64).reshape(shape) for part in (which, positions))
    operands, index = with_whole_branches(operands, source, index, add)
    if [x.shape for x in operands] == [shape, shape] and operands[0].number > operands[1].number:
        return operands[::-1], 1 - source, index  # the branch that was made first is the first, in all runs
    return operands, source, index

"""Makes edits of (x − mean) / std with a given mean and std: the gradient is taken as if they were those of x itself.

A batch normalisation with running statistics is of this kind, if the backward pass is that of the training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Constant, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed
from ..relatives import below

__all__ = ["fixed_statistics"]


def fixed_statistics(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each array that is shifted and scaled by numbers that do not depend on it."""
    inside = below(recorded)
    for node in recorded.backward.order:
        if not isinstance(node, Map) or node.op not in (table.MUL, table.DIV):
            continue
        for way in recorded.backward.ways(node):
            shifted = node.operands[way.position]
            axes = _axes(node, way.position)
            if axes and _is_shifted(shifted) and not _depends(inside, shifted, node.operands[1 - way.position]):
                yield from _of(recorded, way, shifted, axes)


def _axes(node: Map, position: int) -> tuple[int, ...]:
    """Returns the axes along which the scale is broadcast; () if it is a single number."""
    shape = node.operands[1 - position].shape
    if (position and node.op is table.DIV) or node.operands[position].shape != node.shape or np.prod(shape) == 1:
        return ()
    aligned = (*(1 for _ in range(len(node.shape) - len(shape))), *shape)
    return tuple(axis for axis, size in enumerate(aligned) if size < node.shape[axis])


def _is_shifted(array: Assignment) -> bool:
    if not isinstance(array, Map) or array.op is not table.SUB:
        return False
    return array.operands[0].shape == array.shape and not isinstance(array.operands[0], Constant)


def _depends(inside: dict[int, set[int]], shifted: Assignment, scale: Assignment) -> bool:
    """Returns whether the mean or the scale is made of x, as in a normalisation by the statistics of x itself."""
    x, mean = shifted.operands
    return any(x is array or x.number in inside.get(array.number, ()) for array in (mean, scale))


def _of(recorded: Recorded, way: Way, shifted: Assignment, axes: tuple[int, ...]) -> Iterator[Edit]:
    node = recorded.program.assignments[way.number]
    given = " and ".join(called(array) for array in (shifted.operands[1], node.operands[1 - way.position]))
    mean = partial(_mean, axes)
    terms: dict[str, Callable[[Array], Array]] = {
        "the mean and the variance": lambda g: mean(g) + node.value * mean(g * node.value),
        "the mean": mean,
        "the variance": lambda g: node.value * mean(g * node.value),
    }
    for what, term in terms.items():
        text = (
            f"the gradient of {called(shifted.operands[0])} is that of a normalisation by {what} of "
            f"{called(shifted.operands[0])} itself, but {called(node)} is made with {given}, which do not depend on it"
        )
        back = Way(shifted.number, 0)  # the scale is the same along the axes, so the terms may be taken after it
        yield fixed(Change(rules={back: partial(_less, recorded, back, term)}), text, 4, (back,))


def _mean(axes: tuple[int, ...], values: Array) -> Array:
    return np.asarray(values.mean(axis=axes, keepdims=True))


def _less(recorded: Recorded, way: Way, term: Callable[[Array], Array], flow: Array) -> Array:
    return recorded.backward.through(way, flow - term(flow))

"""Completes groups that do not fill an array, as under a causal mask, with nodes that no other node reads.

If scores exist only for u ≤ t, the array has scores for all t and u. Sums over a row of it have a mask.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import FIRST, TAPE, Ids, Layout, coordinates

__all__ = ["Padded", "cells", "filled", "padded"]

Mask = NDArray[np.bool_]
UNKNOWN = -1  # stands for a missing node


class Padded(NamedTuple):
    """Rows of unequal length, completed to one length: the nodes of each factor, and a mask of the given ones."""

    factors: tuple[Ids, ...]  # each of shape (rows, terms)
    mask: Mask


def padded(layout: Layout, factors: Sequence[Sequence[Ids]]) -> Padded | None:
    """Returns rows of unequal length, completed to lines of the arrays in which they lie; None if that cannot be done.

    A term's column is its position along one axis of the first factor's array.
    """
    first = _lines(layout, factors[0])
    if first is None:
        return None
    base, step, along = first
    low = min(int(c.min()) for c in along)
    width = max(int(c.max()) for c in along) - low + 1
    mask = np.zeros((len(along), width), bool)
    for row, c in enumerate(along):
        mask[row, c - low] = True
    if mask.sum() != sum(map(len, along)):
        return None
    terms = low + np.arange(width)
    made = []
    for rows in factors:
        source = layout.source(np.concatenate(rows))
        if source == TAPE:
            return None
        if rows is not factors[0]:
            found = _along(layout, rows, along)
            if found is None:
                return None
            base, step = found
        positions = base[:, None] + step * terms
        nodes = layout.nodes_at(source)
        if positions.min() < 0 or positions.max() >= len(nodes):
            return None
        ids = nodes[positions]
        if (ids == UNKNOWN).any() or any((ids[k, c - low] != rows[k]).any() for k, c in enumerate(along)):
            return None
        made.append(ids)
    return Padded(tuple(made), mask)


def _lines(layout: Layout, rows: Sequence[Ids]) -> tuple[Ids, int, list[Ids]] | None:
    """Returns where each row's line begins in the flat array, the step between neighbours, and the positions on it.

    Returns None if the rows lie on no such lines of one computed array.
    """
    source = layout.source(np.concatenate(rows))
    if source < FIRST:
        return None
    shape = layout.arrays[source].shape
    for axis in range(len(shape)):
        step = int(np.prod(shape[axis + 1 :]))
        along = [coordinates(layout.position_of[row], shape)[axis] for row in rows]
        begins = [layout.position_of[row] - step * c for row, c in zip(rows, along, strict=True)]
        if all((begin == begin[0]).all() for begin in begins):
            return np.array([begin[0] for begin in begins]), step, along
    return None


def _along(layout: Layout, rows: Sequence[Ids], along: Sequence[Ids]) -> tuple[Ids, int] | None:
    """Returns where each row's line begins in the flat array, and the step between neighbours; None if steps differ."""
    longest = max(range(len(rows)), key=lambda k: len(rows[k]))
    places = [layout.position_of[row] for row in rows]
    if len(rows[longest]) < 2:
        return None
    c = along[longest]
    step = int((places[longest][1] - places[longest][0]) // (c[1] - c[0]))
    begins = [place - step * where for place, where in zip(places, along, strict=True)]
    if any((begin != begin[0]).any() for begin in begins):
        return None
    return np.array([begin[0] for begin in begins]), step


def cells(layout: Layout, columns: Sequence[Ids]) -> tuple[list[Ids], tuple[int, ...]] | None:
    """Returns completed columns, and a shape, if one column of nodes reads all given numbers of a completed array.

    The shape is that of this array. The first column of the result has, for each place of the array, the row that reads
    this place, or −1. Returns None if no column does so, or if another column cannot be completed.
    """
    for column in columns:
        source = layout.source(column)
        if source == TAPE or source not in layout.ragged:
            continue
        everywhere = layout.nodes_at(source)
        if len(column) != layout.real[everywhere].sum() or len(np.unique(column)) != len(column):
            continue
        shape = layout.arrays[source].shape
        which = np.full(len(everywhere), UNKNOWN)
        which[layout.position_of[column]] = np.arange(len(column))
        made = [filled(layout, other, which.reshape(shape)) for other in columns]
        if all(part is not None for part in made):
            return [which, *(part.ravel() for part in made if part is not None)], shape
    return None


def filled(layout: Layout, column: Ids, which: Ids) -> Ids | None:
    """Returns the node at each place of an array. `which` has the row of `column` at each place, or −1 for no row.

    If the nodes lie at the same places of another array of this shape, a place without a row reads that array's node.
    Otherwise a place reads the same node as all others along an axis, if these agree. None if neither is possible.
    """
    known = which >= 0
    full = np.where(known, column[which], UNKNOWN)
    if known.all():
        return full
    source = layout.source(column)
    if source != TAPE and layout.arrays[source].shape == which.shape and source >= FIRST:
        nodes = layout.nodes_at(source).reshape(which.shape)
        if (nodes[known] == full[known]).all():
            return nodes
    for axis in range(which.ndim):
        line = full.max(axis=axis, keepdims=True)
        if (line >= 0).all() and (full == line)[known].all():
            return np.broadcast_to(line, which.shape)
    return None

"""The layout tells in which array of the program each node lies, and at which position in this array.

    parameters   one flat array, in the order given        inputs      one flat array for each example
    constants    an array for each use                     computed    an array for each group of nodes

Nodes that lie in several arrays are read from the tape, an array that holds these arrays one after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .recorded.nodes import Ids

__all__ = ["CONSTANTS", "FIRST", "INPUTS", "PARAMETERS", "TAPE", "Ids", "Laid", "Layout", "Shape", "block_shape",
           "coordinates", "full_rank", "in_order", "is_spread", "whole"]  # fmt: skip

PARAMETERS, CONSTANTS, INPUTS, TAPE = range(4)
FIRST = 4  # the number of the first computed array

Shape = tuple[int, ...]


def whole(shape: Shape) -> Ids:
    """Returns the flat positions 0, 1, 2, … of all elements of an array of this shape, in this shape."""
    return np.arange(int(np.prod(shape))).reshape(shape)


def in_order(index: Ids) -> bool:
    """Returns whether flat positions are 0, 1, 2, … in their order."""
    return np.array_equal(index.ravel(), np.arange(index.size))


def full_rank(shape: Shape, ndim: int) -> Shape:
    """Returns a shape with axes of length 1 in front, so that it has `ndim` axes."""
    return (1,) * (ndim - len(shape)) + shape


def is_spread(index: Ids, shape: Shape) -> bool:
    """Returns whether the index of a view repeats an array of this shape along axes of length 1, or is all of it."""
    full = full_rank(shape, index.ndim)
    fits = len(full) == index.ndim and all(k in (1, n) for k, n in zip(full, index.shape, strict=True))
    return fits and np.array_equal(index, np.broadcast_to(whole(full), index.shape))


def coordinates(positions: Ids, shape: Shape) -> list[Ids]:
    """Returns a list with an array for each axis: the coordinates along it of these positions in the flat array."""
    return [*np.unravel_index(positions, shape)] if shape else []


def block_shape(positions: Ids, shape: Shape) -> Shape | None:
    """Returns the shape of the block of an array that these distinct positions make, without axes of length 1.

    Returns None if they make no block.
    """
    kept = tuple(extent for along in coordinates(positions, shape) if (extent := len(np.unique(along))) > 1)
    return kept if np.prod(kept) == len(positions) else None


class Laid(NamedTuple):
    """An array of the program; if it varies by example, the shape is that for one example."""

    shape: tuple[int, ...]
    varies: bool = False
    active: bool = False  # whether it depends on a parameter

    @property
    def size(self) -> int:
        """The number of its elements."""
        return int(np.prod(self.shape))


@dataclass
class Layout:
    """The arrays so far. Node k lies in array `array_of[k]`, at `position_of[k]` in its flat form."""

    mapped: bool  # whether the program runs over examples
    data: NDArray[np.float64]  # the values of leaves and constants, by node
    array_of: Ids
    position_of: Ids
    parameters: int  # their number
    inputs: int
    plain: int  # nodes from this number on are plain numbers
    root: int  # the node of a single output, or −1
    arrays: list[Laid] = field(init=False)
    real: NDArray[np.bool_] = field(init=False)  # False for nodes that only complete an array
    ragged: set[int] = field(default_factory=set)  # the arrays that have such nodes

    def __post_init__(self) -> None:
        self.real = np.ones(len(self.array_of), bool)
        found = (np.flatnonzero(self.array_of == source) for source in range(FIRST))  # nothing lies on the tape
        self._nodes: list[Ids] = [nodes[np.argsort(self.position_of[nodes])] for nodes in found]
        self.arrays = [
            Laid((self.parameters,), active=True),
            Laid(()),
            Laid((self.inputs,), varies=True),
            Laid((), varies=self.mapped, active=True),
        ]

    def add(self, nodes: Ids, shape: tuple[int, ...], read: Sequence[Ids]) -> int:
        """Adds an array for these nodes, which is computed from the nodes in `read`; returns its number."""
        varies = any(self.varies(ids) for ids in read)
        return self.place(nodes, Laid(shape, varies, any(map(self.is_active, read))))

    def place(self, nodes: Ids, array: Laid) -> int:
        """Places these nodes, in this order, in a new array; returns its number."""
        self.array_of[nodes] = len(self.arrays)
        self.position_of[nodes] = np.arange(nodes.size).reshape(nodes.shape)
        self._nodes.append(nodes.ravel())
        if not self.real[nodes].all():
            self.ragged.add(len(self.arrays))
        self.arrays.append(array)
        return len(self.arrays) - 1

    def fresh(self, count: int) -> Ids:
        """Returns the numbers of new nodes, which are to be placed in an array later."""
        return self._new(np.full(count, np.nan))

    def numbered(self, values: NDArray[np.float64]) -> Ids:
        """Returns new constants with these values, in the same shape; equal values are one node."""
        distinct, which = np.unique(values, return_inverse=True)
        return self._new(distinct)[which.reshape(values.shape)]

    def unread(self, count: int) -> Ids:
        """Returns the numbers of new nodes that complete an array; nothing in the graph reads them."""
        new = self._new(np.full(count, np.nan))
        self.real[new] = False
        return new

    def _new(self, data: NDArray[np.float64]) -> Ids:
        new = len(self.array_of) + np.arange(len(data))
        self.data = np.append(self.data, data)
        self.array_of = np.append(self.array_of, np.full(len(new), CONSTANTS))
        self.position_of = np.append(self.position_of, new)
        self.real = np.append(self.real, np.ones(len(new), bool))
        return new

    def nodes_at(self, source: int) -> Ids:
        """Returns the nodes of an array, position by position."""
        return self._nodes[source]

    def source(self, ids: Ids) -> int:
        """Returns the number of the array from which to read these nodes: the one that holds them all, or TAPE."""
        arrays = self.array_of[ids]
        first = int(arrays.flat[0])
        return first if (arrays == first).all() else TAPE

    def sources(self, ids: Ids) -> list[int]:
        """Returns the numbers of the arrays in which these nodes lie."""
        found: list[int] = np.flatnonzero(np.bincount(self.array_of[ids].ravel())).tolist()
        return found

    def varies(self, ids: Ids) -> bool:
        """Returns whether the array from which these nodes are read varies by example."""
        return self.arrays[self.source(ids)].varies

    def is_active(self, ids: Ids) -> bool:
        """Returns whether one of these nodes lies in an array that depends on a parameter."""
        return any(self.arrays[array].active for array in self.sources(ids))

    def ranks(self, arrays: Ids) -> Ids:
        """Returns sort keys of arrays: their numbers, raised for arrays that vary by example; these come last."""
        varying = [number for number, array in enumerate(self.arrays) if array.varies]
        return np.where(np.isin(arrays, varying), arrays + len(self.arrays), arrays)

    def keys(self, ids: Ids) -> Ids:
        """Returns sort keys that put nodes in the order in which they lie in the arrays."""
        return self.array_of[ids] * len(self.array_of) + self.position_of[ids]

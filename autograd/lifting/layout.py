"""Where each number of the graph lies: in which array of the program, and at which place in it.

    parameters   one flat array, in the order given        inputs      one flat array of each example
    constants    an array for each use                     computed    an array for each group of nodes

A set of numbers that lie in several arrays is read from the tape, which holds these arrays one after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .recorded.nodes import Ids

__all__ = ["CONSTANTS", "FIRST", "INPUTS", "PARAMETERS", "TAPE", "Ids", "Laid", "Layout", "coordinates"]

PARAMETERS, CONSTANTS, INPUTS, TAPE = range(4)
FIRST = 4  # number of the first computed array


def coordinates(positions: Ids, shape: tuple[int, ...]) -> list[Ids]:
    """Where positions in a flat array lie along each of its axes."""
    return [*np.unravel_index(positions, shape)] if shape else []


class Laid(NamedTuple):
    """An array of the program: its shape, that of one example's if it varies from example to example."""

    shape: tuple[int, ...]
    varies: bool = False
    active: bool = False  # whether a parameter has a part in it

    @property
    def size(self) -> int:
        """How many numbers it has."""
        return int(np.prod(self.shape))


@dataclass
class Layout:
    """The arrays so far, and where each node lies: `array_of[node]`, `position_of[node]` in the flat array."""

    mapped: bool  # whether it is a program over examples
    data: NDArray[np.float64]  # the leaves' numbers and the constants, by node
    array_of: Ids
    position_of: Ids
    parameters: int  # how many there are
    inputs: int
    plain: int  # nodes from this number on are plain numbers
    root: int  # the node of a single output, or −1
    arrays: list[Laid] = field(init=False)
    real: NDArray[np.bool_] = field(init=False)  # whether a node is one of the graph: others complete an array
    ragged: set[int] = field(default_factory=set)  # the arrays that have such others

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
        """A new array for these nodes, made of the nodes in `read`."""
        varies = any(self.varies(ids) for ids in read)
        return self.place(nodes, Laid(shape, varies, any(map(self.is_active, read))))

    def place(self, nodes: Ids, array: Laid) -> int:
        """Say that these nodes lie in a new array, in this order."""
        self.array_of[nodes] = len(self.arrays)
        self.position_of[nodes] = np.arange(nodes.size).reshape(nodes.shape)
        self._nodes.append(nodes.ravel())
        if not self.real[nodes].all():
            self.ragged.add(len(self.arrays))
        self.arrays.append(array)
        return len(self.arrays) - 1

    def fresh(self, count: int) -> Ids:
        """Numbers for more nodes, which lie nowhere yet."""
        return self._new(np.full(count, np.nan))

    def numbered(self, values: NDArray[np.float64]) -> Ids:
        """Constants with these values, equal ones with the same number."""
        distinct, which = np.unique(values, return_inverse=True)
        return self._new(distinct)[which.reshape(values.shape)]

    def unread(self, count: int) -> Ids:
        """So many nodes that are none of the graph: they complete an array, and what comes of them is not read."""
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
        """The nodes that lie in an array, place by place."""
        return self._nodes[source]

    def source(self, ids: Ids) -> int:
        """The array from which these nodes are read: the one that they all lie in, or the tape."""
        arrays = self.array_of[ids]
        first = int(arrays.flat[0])
        return first if (arrays == first).all() else TAPE

    def sources(self, ids: Ids) -> list[int]:
        """The arrays that these nodes lie in."""
        found: list[int] = np.flatnonzero(np.bincount(self.array_of[ids].ravel())).tolist()
        return found

    def varies(self, ids: Ids) -> bool:
        """Whether what these nodes are read from varies from example to example."""
        return self.arrays[self.source(ids)].varies

    def is_active(self, ids: Ids) -> bool:
        """Whether a parameter has a part in one of these nodes."""
        return any(self.arrays[array].active for array in self.sources(ids))

    def ranks(self, arrays: Ids) -> Ids:
        """The arrays' numbers, those of arrays that vary above all others."""
        varying = [number for number, array in enumerate(self.arrays) if array.varies]
        return np.where(np.isin(arrays, varying), arrays + len(self.arrays), arrays)

    def keys(self, ids: Ids) -> Ids:
        """Numbers in the order in which nodes lie in the arrays."""
        return self.array_of[ids] * len(self.array_of) + self.position_of[ids]

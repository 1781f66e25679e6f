"""Defines further kinds of assignments, for backward passes: slopes, and arrays that are filled part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays.rules import ARRAYS
from ..operation import Op
from .assignments import Array, Assignment, Index

__all__ = ["Buffer", "Examples", "Put", "Slope"]


@dataclass(eq=False, kw_only=True)
class Slope(Assignment):
    """The local derivative of an operation by one input, element by element. The operands are y and the inputs."""

    op: Op
    position: int
    uses: frozenset[int] = frozenset()  # the indices of the operands that the rule reads

    def forward(self, values: Sequence[Array]) -> Array:
        """Returns the slope at each element, from the numbers of y and of the inputs."""
        y, *inputs = values
        return np.broadcast_to(self.op.slope(ARRAYS, y, inputs, self.position), self.shape)


@dataclass(eq=False, kw_only=True)
class Examples(Assignment):
    """The number of examples, n."""


@dataclass(eq=False, kw_only=True)
class Buffer(Assignment):
    """An array of zeros, into which later assignments put numbers. It stands in the program before its first use.

    Its numbers at any point of the program are the sum of what was put there before.
    """


@dataclass(eq=False, kw_only=True)
class Put(Assignment):
    """Numbers added to a part of a buffer. The operands are the buffer and the numbers, broadcast to the part."""

    index: Index  # the part: positions in the flat buffer

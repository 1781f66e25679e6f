"""The kinds of assignments that a backward pass needs besides: slopes, and arrays that are filled part by part."""

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
    """The local derivative of an operation by one of its inputs, element by element; operands are y and the inputs."""

    op: Op
    position: int
    uses: frozenset[int] = frozenset()  # the operands that the rule really reads

    def forward(self, values: Sequence[Array]) -> Array:
        """The slope of every element."""
        y, *inputs = values
        return np.broadcast_to(self.op.slope(ARRAYS, y, inputs, self.position), self.shape)


@dataclass(eq=False, kw_only=True)
class Examples(Assignment):
    """The number of examples, n."""


@dataclass(eq=False, kw_only=True)
class Buffer(Assignment):
    """An array that is 0 at first, and that assignments put numbers into. Its place in a program is at its first use.

    Its numbers are those of all that was put there earlier in the program.
    """


@dataclass(eq=False, kw_only=True)
class Put(Assignment):
    """Numbers added to a part of a buffer: operands are the buffer and the numbers, which are broadcast to the part."""

    index: Index  # the part: positions in the flat buffer

"""What a verdict on a backward pass is about: the gradients that were given, and the reasons that are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..programs.assignments import Array, Assignment
from ..programs.reverse import Way

__all__ = ["Given", "Reason", "largest"]


@dataclass(frozen=True, eq=False)
class Given:
    """A gradient that the reader has worked out: of which array, their numbers, and how far rounding may take them."""

    name: str  # what the array is called whose gradient this is
    assignment: Assignment
    array: Array  # as it was given; its shape may be wrong
    right: Array  # by the graph
    allowed: Array  # how much each entry may differ, of the shape of `right`

    def equals(self, other: Array, slack: float = 1.0) -> bool:
        """Whether the given numbers are these, to rounding; infinities and nan only where they are the same."""
        return self.array.shape == other.shape and bool(self.differs(other, slack).sum() == 0)

    def differs(self, other: Array, slack: float = 1.0) -> Array:
        """Where the given numbers are others than these; of one shape."""
        same = (self.array == other) | (np.isnan(self.array) & np.isnan(other))
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(self.array - other) <= slack * self.allowed
        return np.asarray(np.logical_not(same | near))

    @property
    def is_right(self) -> bool:
        """Whether it agrees with the graph."""
        return self.equals(self.right)


def largest(array: Array) -> float:
    """The largest finite magnitude; 0 if there is none."""
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


@dataclass(frozen=True)
class Reason:
    """What explains every given array: the edit of the right backward pass, in words, and the ways it is made at."""

    text: str
    ways: tuple[Way, ...] = ()

"""Defines the data of a verdict on a backward pass: the gradients that were given, and the reasons that are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ..programs.assignments import Array, Assignment
from ..programs.reverse import Way

__all__ = ["Given", "Reason", "any_are_telling", "are_telling", "largest", "wrong_numbers"]

SIMPLE = 4  # the digits of a number that chance may give
FEW = 3  # with no more such numbers, a rare mistake fits by chance


@dataclass(frozen=True, eq=False)
class Given:
    """A gradient that the user computed, with the right gradient and a bound on rounding errors."""

    name: str  # the name of the array whose gradient this is
    assignment: Assignment  # that array
    array: Array  # the gradient as it was given; its shape may be wrong
    right: Array  # the gradient by the graph
    allowed: Array  # how much each entry may differ from `right`; of the shape of `right`

    def equals(self, other: Array, slack: float = 1.0) -> bool:
        """Returns whether the given array has the shape of `other` and its numbers, up to rounding.

        An infinity equals only itself, and nan only nan.
        """
        return self.array.shape == other.shape and bool(self.differs(other, slack).sum() == 0)

    def differs(self, other: Array, slack: float = 1.0) -> Array:
        """Returns booleans: where a given number differs from `other` by more than `slack` times the allowed amount."""
        same = (self.array == other) | (np.isnan(self.array) & np.isnan(other))
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(self.array - other) <= slack * self.allowed
        return np.asarray(np.logical_not(same | near))

    def turned(self) -> Given:
        """Returns the same, with the given array transposed if only so it has the right shape."""
        return self if self.array.shape == self.right.shape else replace(self, array=self.array.T)

    @property
    def is_right(self) -> bool:
        """Whether the given gradient agrees with the graph's."""
        return self.equals(self.right)


def largest(array: Array) -> float:
    """Returns the largest finite magnitude in an array; 0 if there is none."""
    return float(np.max(np.abs(array), initial=0.0, where=np.isfinite(array)))


def wrong_numbers(wrong: Iterable[Given]) -> int:
    """Returns how many numbers differ from the right ones. Some edit would give a few numbers by chance."""
    return sum(int(given.differs(given.right).sum()) for given in wrong)


@dataclass(frozen=True)
class Reason:
    """An explanation of every given array: an edit in words, and the ways that it changes."""

    text: str
    ways: tuple[Way, ...] = ()
    of: tuple[str, ...] = ()  # the names of the gradients that it explains, if it does not explain all


def are_telling(wrong: list[Given]) -> bool:
    """Returns whether it is no chance if a rare mistake gives these numbers, as it is for ones or a few whole numbers.

    Each array needs a number of more than four digits, or more than three different numbers.
    """
    return all(
        len(numbers) > FEW or any(float(f"{number:.{SIMPLE}g}") != number for number in numbers.tolist())
        for numbers in (np.unique(given.array[given.differs(given.right)]) for given in wrong)
    )


def any_are_telling(wrong: Iterable[Given]) -> bool:
    """Returns whether the numbers of at least one array, taken alone, are no chance."""
    return any(are_telling([given]) for given in wrong)

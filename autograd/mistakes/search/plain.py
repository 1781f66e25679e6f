"""Finds reasons without a search: numbers that are not finite, or all zeros; and whether only one entry is wrong."""

from __future__ import annotations

import numpy as np

from ..edits import listed
from ..judged import Given, Reason
from ..words import Words

__all__ = ["is_one_whole_number", "plain"]


def plain(wrong: list[Given], words: Words) -> list[Reason]:
    """Returns a list with the one reason that shows without a search, or else an empty list."""
    names = listed(map(words.gradient, wrong))
    if not all(np.all(np.isfinite(given.array)) for given in wrong):
        return [Reason(f"{names}: not all of the numbers are finite")]
    off = [given.differs(given.right) for given in wrong]
    there = [given.right[where] for given, where in zip(wrong, off, strict=True)]
    if not any(np.any(np.isfinite(right)) for right in there):
        yours = [given.array[where] for given, where in zip(wrong, off, strict=True)]
        what = "a finite number" if any(map(np.any, yours)) else "0"
        without = "infinite" if all(np.all(np.isinf(right)) for right in there) else "infinite or nan"
        return [Reason(f"{names}: {what} where the gradient is {without}, as a slope is infinite there")]
    if not any(np.any(given.array) for given in wrong):
        return [Reason(f"{names}: all zeros")]
    return []


def is_one_whole_number(wrong: list[Given]) -> bool:
    """Returns whether a single entry of many is wrong, among whole numbers. Many edits give such a number by chance."""
    entries = sum(int(given.differs(given.right).sum()) for given in wrong)
    return entries == 1 and all(
        given.array.size > 1
        and all(np.array_equal(numbers, np.rint(numbers)) for numbers in (given.array, given.right))
        for given in wrong
    )

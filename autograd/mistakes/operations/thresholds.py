"""Makes edits of masks that compare an array with a number: with another number, or another array with this number.

A comparison that was divided by negative numbers may stand the wrong way round. A branch such as eˣ − 1, whose
derivative is worked out from the output, then gets the numbers of the other branch.

The number is not recorded. But the mask shows which array it separates, and between which numbers it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np

from ...programs.assignments import Array, Assignment, Constant
from ...programs.recorded import Recorded
from ..edits import Edit, called, fixed, number
from .choices import Choice, Mask, choices

__all__ = ["thresholds"]

MOST = 64  # the largest number of cuts that are tried
CLOSE = 1e-12  # relative tolerance for numbers that are computed in two ways
FEW = 4  # the largest number of arrays that may be the compared one


def thresholds(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each choice whose mask compares an array, such as |x|, with a number."""
    for choice in choices(recorded):
        yield from _turned(recorded, choice)
        for array in _compared(recorded, choice):
            low, high = _gap(array, choice.first)
            is_below = bool(array.value[choice.first].max() <= low)
            for cut, _, mask in _cuts(array.value, is_below):
                between = f"a number {'below' if cut < low else 'above'} {cut:.6g}"
                text = (
                    f"compares {called(array)} with {between}, but in the forward pass the number is between "
                    f"{low:.6g} and {high:.6g}"
                )
                yield from _masked(choice, mask, text)
                yield from _by_output(choice, mask, text)
            for other in array.operands:
                if other.shape == array.shape and not isinstance(other, Constant):
                    for cut, following, mask in _cuts(other.value, is_below):
                        if cut < high and low < following:
                            yield from _masked(choice, mask, f"compares {called(other)}, not {called(array)}")


def _turned(recorded: Recorded, choice: Choice) -> Iterator[Edit]:
    """Yields edits whose mask is reversed where labels are negative: x y < 1 became x < 1/y, which holds for y > 0."""
    flows = recorded.backward.flows
    labels = [a for a in recorded.program.assignments if a.shape == choice.node.shape and a.number not in flows]
    for array in labels[:FEW]:
        negative = array.value < 0
        if negative.any() and (array.value > 0).any():
            told = f"is reversed where {called(array)} is negative: dividing by it turns a comparison round"
            yield from _masked(choice, choice.first ^ negative, told)


def _masked(choice: Choice, mask: Mask, text: str) -> Iterator[Edit]:
    if not np.array_equal(mask, choice.first):
        said = f"the mask of {called(choice.node)} {text}"
        yield fixed(choice.masked(mask), said, 3, choice.ways, "choice", (choice,))


def _by_output(choice: Choice, mask: Mask, text: str) -> Iterator[Edit]:
    """Yields the edit with this mask in which the derivative of a branch b is y + c, as b + c is where y is b."""
    slopes, terms = [], []
    for position in (0, 1) if choice.x else ():
        slope, b = choice.branch_slope(position), choice.branch(position)
        c = float(np.mean(slope - b))
        is_of_output = np.ptp(slope) > 0.0 and np.allclose(slope, b + c, rtol=CLOSE, atol=CLOSE)
        slopes.append(choice.node.value + c if is_of_output else slope)
        terms += [c] if is_of_output else []
    if choice.x and terms and not np.array_equal(mask, choice.first):
        slope = np.where(mask, *slopes)
        change = choice.instead(choice.x, partial(np.multiply, slope))
        more = f" + {number(terms[0])}" if terms[0] else ""
        said = (
            f"the mask of {called(choice.node)} {text}; where it is wrong, the derivative is computed from the output "
            f"y, as y{more}"
        )
        yield fixed(change, said, 4, choice.ways, "choice", (choice,))


def _compared(recorded: Recorded, choice: Choice) -> list[Assignment]:
    """Returns the arrays that the mask may compare: those that are computed for it alone, else what it chooses from."""
    arrays = [a for a in recorded.program.assignments if a.shape == choice.node.shape and not isinstance(a, Constant)]
    alone = [array for array in arrays if array.number not in recorded.backward.flows and array.operands]
    chosen = [*alone, *([choice.x] if choice.x else [])]
    return [array for array in chosen if _separates(array, choice.first)][:FEW]


def _separates(array: Assignment, mask: Mask) -> bool:
    if mask.all() or not mask.any():
        return False
    inside, outside = array.value[mask], array.value[~mask]
    return bool(inside.max() < outside.min() or outside.max() < inside.min())


def _gap(array: Assignment, mask: Mask) -> tuple[float, float]:
    """Returns the two numbers of the array between which the mask separates it."""
    inside, outside = array.value[mask], array.value[~mask]
    below, above = (inside, outside) if inside.max() < outside.min() else (outside, inside)
    return float(below.max()), float(above.min())


def _cuts(values: Array, is_below: bool) -> Iterator[tuple[float, float, Mask]]:
    """Yields pairs of successive numbers of an array, and the mask that separates the array between the two."""
    numbers = np.unique(values)
    for cut, following in pairwise(numbers) if len(numbers) <= MOST else ():
        below = values <= cut
        yield float(cut), float(following), below if is_below else ~below

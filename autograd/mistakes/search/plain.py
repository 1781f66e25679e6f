"""Finds reasons that need no search, such as all zeros, and tells where a search would find reasons by chance."""

from __future__ import annotations

import numpy as np

from ...programs.recorded import Recorded
from ...programs.reverse import BackwardPass
from ..edits import listed
from ..judged import Given, Reason, largest, wrong_numbers
from ..operations.functions import functions
from ..relatives import below
from ..words import Words
from .matching import CLEAR

__all__ = ["all_zeros", "are_within_rounding", "cancelled", "plain", "tells_nothing"]

TINY = 1e-13  # relative: what is left of terms that cancel
NEARLY = 1e-6  # relative: any edit may give a smaller error in one number, or near rounding


def plain(givens: list[Given], wrong: list[Given], words: Words) -> list[Reason]:
    """Returns a list with a reason that needs no search: numbers that are not finite, or zeros; or an empty list."""
    names, many = listed(map(words.gradient, wrong)), len(wrong) > 1
    infinite = [given for given in wrong if np.any(np.isfinite(given.right) & ~np.isfinite(given.array))]
    if infinite:
        have = "have" if len(infinite) > 1 else "has"
        return [Reason(f"{listed(map(words.gradient, infinite))} {have} numbers that are not finite: inf or nan")]
    off = [given.differs(given.right) for given in wrong]
    there = [given.right[where] for given, where in zip(wrong, off, strict=True)]
    if not any(np.any(np.isfinite(right)) for right in there):
        yours = [given.array[where] for given, where in zip(wrong, off, strict=True)]
        what = "a finite number" if any(map(np.any, yours)) else "0"
        without = "infinite" if all(np.all(np.isinf(right)) for right in there) else "infinite or nan"
        are = "are" if many else "is"
        return [Reason(f"{names} {are} {what} where the right gradient is {without}: a derivative is infinite there")]
    if not any(np.any(given.array) for given in wrong):
        is_all = many and not any(given.is_right and np.any(given.right) for given in givens)
        return [Reason(all_zeros(wrong, words) + words.nothing_comes_in * is_all)]
    if all(map(_is_sum_of_all, wrong)):
        are, it_is, one = ("are", "they are", "ones") if many else ("is", "it is", "one")
        why = f"as is the sum of all entries of the right {one}: {it_is} summed over the whole array"
        return [Reason(f"{names} {are} 0 but for rounding, {why}")]
    return []


def _is_sum_of_all(given: Given) -> bool:
    """Returns whether the given entries are all the same number, and it is the sum of the right ones, which is 0.

    Rounding is allowed. An example is the gradient of the biases before a softmax.
    """
    rounding = float(np.sum(given.allowed))
    is_one = given.right.size > 1 and np.ptp(given.array) == 0.0
    return is_one and max(abs(float(np.sum(given.right))), largest(given.array)) <= rounding


def all_zeros(givens: list[Given], words: Words) -> str:
    """Returns a text that says that these gradients are all zeros."""
    return f"{listed(map(words.gradient, givens))} {'are' if len(givens) > 1 else 'is'} all zeros"


def cancelled(recorded: Recorded, givens: list[Given], wrong: list[Given], words: Words) -> list[Reason]:
    """Returns the reason if the wrong gradients are 0 but for rounding, as terms cancel; else an empty list.

    The gradients below a softmax may cancel, or the gradients of a normalisation without the incoming gradient.
    """
    if not all(largest(given.array) <= TINY * largest(given.right) for given in wrong):
        return []
    said = f"{listed(map(words.gradient, wrong))} {'are' if len(wrong) > 1 else 'is'} 0 but for rounding"
    softmax = next((function for function in functions(recorded) if function.is_softmax), None)
    if (
        softmax is not None
        and len(givens) == len(wrong)
        and all(given.assignment.number in below(recorded)[softmax.y.number] for given in wrong)
    ):
        why = "each row of the Jacobian matrix p_i (δ_ij − p_j) of a softmax sums to 0, so g goes into the sum"
        return [Reason(f"{said}: {why}, p (g − Σ g p)")]
    ones = BackwardPass(recorded.program, recorded.result, np.ones(recorded.result.shape)).flows
    if all(largest(ones.get(given.assignment.number, given.right)) <= TINY * largest(given.right) for given in wrong):
        return [Reason(f"{said}, as if every incoming gradient were 1: multiply by the incoming gradient")]
    return []


def are_within_rounding(wrong: list[Given]) -> bool:
    """Returns whether all given numbers are smaller than the largest rounding error of the right gradients.

    Every edit that makes the gradients as small would explain such numbers.
    """
    return all(largest(given.array) <= largest(given.allowed) for given in wrong)


def tells_nothing(wrong: list[Given]) -> bool:
    """Returns whether a single whole number is wrong: of many, where 0 is right, or more than twice a right 1 or −1.

    Many edits give such a number by chance. One of several numbers that is nearly right, errors that are hardly larger
    than those of rounding, and numbers that are not finite tell nothing either.
    """
    if not all(np.all(np.isfinite(given.array)) for given in wrong):
        return True
    if not any(map(_is_clear, wrong)):
        return True
    if wrong_numbers(wrong) == 1 and all(
        given.right.size > 1 and largest(given.array - given.right) <= NEARLY * largest(given.right) for given in wrong
    ):
        return True
    return wrong_numbers(wrong) == 1 and all(
        all(np.array_equal(numbers, np.rint(numbers)) for numbers in (given.array, given.right))
        and (given.array.size > 1 or _is_far(abs(given.array.item()), abs(given.right.item())))
        for given in wrong
    )


def _is_clear(given: Given) -> bool:
    """Returns whether some number is wrong by much more than rounding may cause, where this is little."""
    off = np.abs(given.array - given.right)
    return bool(np.any(~(off <= np.minimum(CLEAR * given.allowed, NEARLY * largest(given.right)))))


def _is_far(size: float, right: float) -> bool:
    return right == 0 or (right == 1 and size > 2)

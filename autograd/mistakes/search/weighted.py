"""Finds weights of the entries along one axis, mostly of the examples, that explain the given gradients.

A sum over examples that a loop adds up may count some examples more often than others: it goes on from one update to
the next, or is multiplied in each turn, or leaves examples out. The weights come from least squares. They are told if
they follow a rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Constant
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import leading, listed, number
from ..judged import Given, Reason, largest, wrong_numbers
from ..words import Words
from .matching import EXCESS, gradient, is_explained
from .trials import Trials

__all__ = ["weighted"]

LAST = 3  # the number of named arrays, from the result back, whose entries may have weights
MOST = 32  # the largest number of weights
CLOSE = 1e-7  # relative: the distance of a weight from its rule
WHOLE = 12  # the largest whole number that is told as a weight of some entries


def weighted(trials: Trials, wrong: list[Given], words: Words) -> Iterator[Reason]:
    """Yields a reason if all given gradients are those of a pass whose entries along one axis count w₁, w₂, … times."""
    for array in _last(trials.recorded):
        for axis, size in enumerate(array.shape):
            if 2 < size <= MOST and wrong_numbers(wrong) >= size + EXCESS and not trials.is_over():
                weights = _weights(trials.recorded, trials.givens, array, axis)
                along, entry, first = words.along(array, axis)
                rule = "" if weights is None else _rule(weights, entry, first)
                if rule:
                    yield Reason(f"{along}, {rule}", leading(trials.recorded, array))
                    return


def _last(recorded: Recorded) -> list[Assignment]:
    """Returns the last few named arrays that the gradient goes back through, the last first."""
    named = [array for array in recorded.program.assignments if array.name and not isinstance(array, Constant)]
    found = [array for array in named[::-1] if array.number in recorded.backward.flows and array.shape]
    return [array for array in found if array.name not in recorded.inputs][:LAST]


def _weights(recorded: Recorded, givens: list[Given], array: Assignment, axis: int) -> Array | None:
    """Returns the weights of the entries along an axis that give every given array; None if there are none."""
    only = {given.assignment.number for given in givens}
    size = array.shape[axis]

    def gradients(weights: Array) -> list[Array]:
        column = weights.reshape([-1 if k == axis else 1 for k in range(len(array.shape))])
        changed = recorded.backward.replaced(Change(at={array.number: partial(np.multiply, column)}), only)
        return [gradient(given, changed) for given in givens]

    def stacked(arrays: list[Array]) -> Array:
        pairs = zip(arrays, givens, strict=True)
        return np.concatenate([array.ravel() / (largest(given.right) or 1.0) for array, given in pairs])

    rest = stacked(gradients(np.zeros(size)))
    columns = np.stack([stacked(gradients(one)) - rest for one in np.eye(size)], axis=1)
    yours = stacked([given.array for given in givens]) - rest
    if not (np.all(np.isfinite(columns)) and np.all(np.isfinite(yours))):
        return None
    found, _, rank, _ = np.linalg.lstsq(columns, yours, rcond=CLOSE)
    if rank < size:
        return None
    weights = np.where(np.abs(found - np.round(found)) < CLOSE, np.round(found), found)
    fits = (is_explained(given, made) for given, made in zip(givens, gradients(weights), strict=True))
    return weights if all(fits) else None


def _rule(weights: Array, entry: str, first: int) -> str:
    """Returns the rule that the weights follow, as text; "" if they follow none that is known."""
    size = len(weights)
    for order, others in ((-1, "later"), (1, "earlier")):
        if np.array_equal(weights, np.arange(1, size + 1)[::order]):
            return f"each {entry} also counts in the sums of all {others} ones: set the sum to 0 before each update"
    ratios = weights[:-1] / weights[1:]
    if np.all(weights > 0) and np.ptp(ratios) <= CLOSE * ratios[0] and abs(ratios[0] - 1) > CLOSE:
        last = float(weights[-1])
        rest = "" if abs(last - 1) <= CLOSE else f", and the whole is {number(last)} times too large"
        return f"the sum so far is multiplied by {number(float(ratios[0]))} before each next {entry} is added{rest}"
    wrong = np.unique(weights[weights != 1])
    if len(wrong) != 1 or wrong[0] != np.round(wrong[0]) or abs(wrong[0]) > WHOLE:
        return ""
    places = np.flatnonzero(weights == wrong[0]) + first
    is_one = len(places) == 1
    names = f"{entry if is_one else _plural(entry)} {listed(map(str, places))}"
    if not wrong[0]:
        return f"{names} {'is' if is_one else 'are'} left out"
    return f"{names} {'counts' if is_one else 'count'} {wrong[0]:.0f} times".replace("-", "−")


def _plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"

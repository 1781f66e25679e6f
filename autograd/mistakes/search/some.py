"""Finds a reason for some of the wrong gradients where none explains all: the mistake that is to be mended first."""

from __future__ import annotations

from collections.abc import Callable

from ..edits import Edit
from ..factors import Factors
from ..judged import Given, Reason, are_telling
from ..words import Words
from .matching import EXCESS, gradient, is_explained, multiple
from .trials import Trials

__all__ = ["by_factors", "reason_for_some"]

PLAUSIBLE = 5  # the highest rank of an edit that is told


def reason_for_some(
    trials: Trials, wrong: list[Given], words: Words, factors: Factors, text: Callable[[Edit, float], str]
) -> Reason | None:
    """Returns the trial that explains most of the wrong gradients and changes no right one, as a reason for these.

    It is a known factor if as many gradients have one. It is None if there is no such reason, or if the gradients that
    it explains have few numbers. `text` tells a trial.
    """
    factor, alike = max(by_factors(wrong, factors).items(), key=lambda each: len(each[1]), default=(1.0, []))
    by_factor = Reason(words.times(factor, factors, alike), (), _names(alike, words)) if alike else None
    rights = [given for given in trials.givens if given not in wrong]
    for trial, explained in trials.partly():
        some = [given for given, is_done in zip(trials.givens, explained, strict=True) if is_done and given in wrong]
        if len(some) <= len(alike):
            return by_factor
        if words.rank(trial.edit) <= PLAUSIBLE and any(map(_tells, some)):
            changed = trials.recorded.backward.replaced(trial.change)
            if all(is_explained(given, gradient(given, changed)) for given in (*some, *rights)):
                return Reason(text(trial.edit, trial.t), trial.edit.ways, _names(some, words))
    return by_factor


def by_factors(wrong: list[Given], factors: Factors) -> dict[float, list[Given]]:
    """Returns a dict from each known factor of the right gradients to the wrong gradients that have it."""
    found: dict[float, list[Given]] = {}
    for given in filter(_tells, wrong):
        factor = multiple(given, given.right, factors)
        if factor not in (None, 0.0, 1.0):
            found.setdefault(factor, []).append(given)
    return found


def _names(givens: list[Given], words: Words) -> tuple[str, ...]:
    return tuple(map(words.gradient, givens))


def _tells(given: Given) -> bool:
    return given.right.size > EXCESS and are_telling([given])

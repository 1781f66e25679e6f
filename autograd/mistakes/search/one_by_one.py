"""Explains wrong arrays by several edits, each of which gives some of them: each array had a formula of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ...programs.reverse import Change, Way
from ..edits import Edit, fixed, listed
from ..factors import Factors
from ..judged import Given, Reason, are_telling
from ..words import Words
from .by_themselves import edits_of_each
from .found import AND_ALSO
from .matching import gradient, is_explained
from .some import by_factors
from .trials import Trials

__all__ = ["one_by_one"]

HIGHEST = 5  # the highest rank of an edit that is told
MOST = 5  # the largest number of edits
LEAST = 2  # the least number of entries that an edit must explain


def one_by_one(
    trials: Trials, wrong: list[Given], words: Words, factors: Factors, text: Callable[[Edit, float], str]
) -> list[Reason]:
    """Returns the reason in which each wrong array is explained by one of at most five edits; [] if there is none.

    What an edit does to the arrays that another one explains does not count. `text` tells an edit.
    """
    if len(wrong) < 2 or not all(are_telling([given]) for given in wrong):
        return []
    every = [*_by_name(trials, wrong, words, factors)]
    named = [edit for edit, _, _ in every]  # their texts name the arrays
    every += _trials(trials, wrong, words)
    left, told, ways = [*wrong], list[str](), list[Way]()
    while left and len(told) < MOST:
        every = [each for each in every if sum(given.right.size for given in each[2].intersection(left)) >= LEAST]
        if not every:
            return []
        best = edit, t, explained = max(every, key=lambda each: len(each[2].intersection(left)))
        mine = [given for given in left if given in explained]
        changed = trials.recorded.backward.replaced(edit.change(t))
        if all(is_explained(given, gradient(given, changed)) for given in mine):
            told.append(text(edit, t) + f", for {listed(map(words.gradient, mine))}" * (edit not in named))
            left, ways = [given for given in left if given not in mine], [*ways, *edit.ways]
        else:
            every.remove(best)
    return [] if left else [Reason(AND_ALSO.join(told), tuple(ways))]


def _trials(trials: Trials, wrong: list[Given], words: Words) -> Iterator[tuple[Edit, float, set[Given]]]:
    """Yields the trials with the wrong arrays that each explains, the lowest rank first."""
    for trial, which in sorted(trials.for_some(), key=lambda each: words.rank(each[0].edit)):
        some = {given for given, is_done in zip(trials.givens, which, strict=True) if is_done}
        if words.rank(trial.edit) <= HIGHEST:
            yield trial.edit, trial.t, some.intersection(wrong)


def _by_name(
    trials: Trials, wrong: list[Given], words: Words, factors: Factors
) -> Iterator[tuple[Edit, float, set[Given]]]:
    """Yields factors of wrong arrays, and other arrays' gradients that stand in their place, with these arrays."""
    for factor, alike in by_factors(wrong, factors).items():
        change = Change(at={given.assignment.number: partial(np.multiply, factor) for given in alike})
        yield fixed(change, words.besides(factor, factors, alike), HIGHEST), 1.0, {*alike}
    for edit in edits_of_each(trials.recorded, wrong):
        yield edit, 1.0, {given for given in wrong if given.assignment.number in edit.change(1.0).at}

"""Explains wrong arrays by several edits, each of which gives some of them: each array had a formula of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ...programs.reverse import Change, Way
from ..edits import Edit, fixed, listed
from ..factors import Factors
from ..judged import Given, Reason
from ..words import Words
from .found import AND_ALSO
from .matching import gradient, is_explained
from .some import by_factors, tells
from .trials import Trials

__all__ = ["one_by_one"]

HIGHEST = 5  # the highest rank of an edit that is told
MOST = 5  # the largest number of edits
TIMES = "times"  # the kind of an edit that is a factor, whose text names the arrays


def one_by_one(
    trials: Trials, wrong: list[Given], words: Words, factors: Factors, text: Callable[[Edit, float], str]
) -> list[Reason]:
    """Returns the reason in which each wrong array is explained by one of at most five edits; [] if there is none.

    What an edit does to the arrays that another one explains does not count. `text` tells an edit.
    """
    if len(wrong) < 2 or not all(map(tells, wrong)):
        return []
    every = [*_factors(wrong, words, factors), *_trials(trials, wrong, words)]
    left, told, ways = [*wrong], list[str](), list[Way]()
    while left and len(told) < MOST:
        every = [each for each in every if not each[2].isdisjoint(left)]
        if not every:
            return []
        best = edit, t, explained = max(every, key=lambda each: len(each[2].intersection(left)))
        mine = [given for given in left if given in explained]
        changed = trials.recorded.backward.replaced(edit.change(t))
        if all(is_explained(given, gradient(given, changed)) for given in mine):
            told.append(text(edit, t) + f", for {listed(map(words.gradient, mine))}" * (edit.kind != TIMES))
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


def _factors(wrong: list[Given], words: Words, factors: Factors) -> Iterator[tuple[Edit, float, set[Given]]]:
    """Yields the known factors of wrong arrays, each as an edit with the arrays that have it."""
    for factor, alike in by_factors(wrong, factors).items():
        change = Change(at={given.assignment.number: partial(np.multiply, factor) for given in alike})
        yield fixed(change, words.besides(factor, factors, alike), HIGHEST, kind=TIMES), 1.0, {*alike}

"""Finds pairs of trials of which the second acts on gradients that the first has changed, such as two wrong slopes.

Their effects do not add up. The second must come later in the backward pass than the first, where the tangents are
those of the right pass. If one of them is a path, its factor t need not be known: the effects without the path and with
the whole path determine it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from ...programs.assignments import Array
from ...programs.reverse import Change
from ..edits import Edit
from .deadline import Deadline
from .matching import EXCESS
from .screening import Screen
from .trials import TRIED, Trial, Trials, Which

__all__ = ["chained", "chains"]

PLAUSIBLE = 6  # the highest rank of an edit that is tried before or after any other
MOST = 400  # trials of which any two are tried
MOST_SECONDS = 2.0  # of processor time
FULL = 3  # no more pairs are looked for that explain everything


def chains(trials: Trials, rank: Callable[[Edit], int]) -> list[tuple[Trial, Trial, Which]]:
    """Returns pairs of plausible trials, one of which acts on what the other has changed, and that explain more.

    Each comes with booleans, which say for each given array whether both together explain it. The first explain most
    arrays. The trials of the lowest rank are tried, MOST of them at most, for MOST_SECONDS at most.
    """
    plausible: dict[bytes, Trial] = {}
    for trial in sorted(trials.harmless(), key=lambda trial: rank(trial.edit)):
        if rank(trial.edit) <= PLAUSIBLE:
            plausible.setdefault(trial.rounded, trial)
    tried, screen, is_wrong = [*plausible.values()][:MOST], trials.screen, trials.is_wrong
    effects = np.array([trial.effect for trial in tried]).reshape(len(tried), screen.wanted.size)
    alone, tells = screen.explained(effects), is_wrong & [given.right.size > EXCESS for given in trials.givens]
    end, found, full = Deadline(min(trials.end.left(), MOST_SECONDS)), list[tuple[Trial, Trial, Which]](), 0
    for one, other, effect in chained(screen, [trial.change for trial in tried], effects, end):
        pair = tried[one], tried[other]
        for first, second, changed in ((*pair, effect), *_with_factors(trials, *pair, effect)):
            which = screen.explained(changed)
            if np.any(which & tells & ~alone[one] & ~alone[other]) and np.all(which | is_wrong):
                found.append((first, second, which))
                full += bool(np.all(which)) and trials.hold(first, second)
        if full == FULL:
            break
    return sorted(found, key=lambda each: (-int(each[2].sum()), rank(each[0].edit) + rank(each[1].edit)))[:TRIED]


def _with_factors(trials: Trials, first: Trial, second: Trial, without: Array) -> Iterator[tuple[Trial, Trial, Array]]:
    """Yields the pair with a known factor for the path that is missing in one of them, and the effect of both.

    `without` is the effect of both where the path is missing; the whole path changes nothing.
    """
    if _is_missing(first) == _is_missing(second):
        return
    whole = (second if _is_missing(first) else first).effect
    for t in trials.factors_between(without, whole):
        effect = without + t * (whole - without)
        one, other = (each._replace(t=t, effect=effect) if _is_missing(each) else each for each in (first, second))
        yield one, other, effect


def _is_missing(trial: Trial) -> bool:
    return bool(trial.edit.what) and trial.edit.fitted and trial.t == 0.0


def chained(
    screen: Screen, changes: Sequence[Change], effects: Array, end: Deadline
) -> Iterator[tuple[int, int, Array]]:
    """Yields the positions of two changes, and their effect together, one after the other; until the deadline.

    `effects` has the effect of each change alone. Pairs of the first few changes come before pairs with later ones.
    """
    places, below = [change.places() for change in changes], [screen.reached(change) for change in changes]
    moved: list[dict[int, Array]] = []
    for k, change in enumerate(changes):
        flows = screen.backward.flows
        after = screen.backward.replaced(change)
        moved.append({number: flow for number, flow in after.items() if not np.array_equal(flow, flows[number])})
        for first, second in (*((k, j) for j in range(k)), *((j, k) for j in range(k))):
            if end.is_over():
                return
            is_after = not places[second].isdisjoint(moved[first]) and places[first].isdisjoint(below[second])
            if not is_after or changes[first].rules.keys() & changes[second].rules.keys():
                continue
            yield first, second, effects[first] + screen.effect_on(changes[second], moved[first])

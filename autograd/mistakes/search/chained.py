"""Finds pairs of trials of which the second acts on gradients that the first has changed, such as two wrong slopes.

Their effects do not add up. The second must come later in the backward pass than the first, where the tangents are
those of the right pass.
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
    for first, second, effect in chained(screen, [trial.change for trial in tried], effects, end):
        which = screen.explained(effect)
        if np.any(which & tells & ~alone[first] & ~alone[second]) and np.all(which | is_wrong):
            found.append((tried[first], tried[second], which))
            full += bool(np.all(which)) and trials.hold(tried[first], tried[second])
        if full == FULL:
            break
    return sorted(found, key=lambda each: (-int(each[2].sum()), rank(each[0].edit) + rank(each[1].edit)))[:TRIED]


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

"""Finds a factor that all wrong gradients have, or one for each; or a factor that each has once or several times."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ...programs.recorded import Recorded
from ..causes import cause, cause_of_all
from ..factors import Factors
from ..judged import Given, Reason
from ..words import Words
from .found import Found
from .matching import EXCESS, are_free, clear, is_explained, multiple

__all__ = ["factor_each", "factor_of_all", "factor_of_the_rest"]

PAIR = 2  # two gradients with factors such as 2 and 4 may well have two mistakes
MOST_AGAIN = 30  # the largest number of times that a factor is looked for in one gradient
UNKNOWN = 5  # the rank of a factor for all wrong arrays that is no known one: a mistake that gives it says more


def factor_of_all(
    recorded: Recorded, givens: Sequence[Given], wrong: Sequence[Given], factors: Factors, words: Words
) -> Iterator[Found]:
    """Yields an explanation by one factor for all wrong arrays, if there is one."""
    found, is_free = [multiple(given, given.right, factors) for given in wrong], False
    if None in found and sum(map(clear, wrong)) > EXCESS and are_free(recorded, list(wrong)):
        found, is_free = [multiple(given, given.right, factors, free=True) for given in wrong], True
    factor = found[0]
    if factor in (None, 1.0) or None in found:
        return
    if all(is_explained(given, factor * given.right) for given in wrong):
        rank = UNKNOWN if is_free else 0 if len(wrong) in (1, len(givens)) else 2
        causes = {cause(recorded, [given.assignment], factor, counts=False) for given in wrong}
        because = causes.pop() if len(causes) == 1 else ""
        because = because or cause_of_all(recorded, [given.assignment for given in wrong], factor)
        text = words.times(factor, factors, wrong) + words.because(because)
        yield Found(rank, 1.0, None, Reason(text))


def factor_of_the_rest(rest: Sequence[Given], recorded: Recorded, words: Words, factors: Factors) -> Iterator[Found]:
    """Yields an explanation by one known factor for all arrays that an edited pass does not explain, if there is one.

    `recorded` has the edited pass.
    """
    flows = recorded.backward.flows
    found = {multiple(given, flows.get(given.assignment.number, given.right), factors) for given in rest}
    factor = found.pop() if len(found) == 1 else None
    if factor not in (None, 1.0):
        yield Found(3, 1.0, None, Reason(words.besides(factor, factors, rest)))


def factor_each(wrong: Sequence[Given], factors: Factors, words: Words) -> Iterator[Found]:
    """Yields an explanation by a known factor for each wrong array, if all of them have one."""
    found = [multiple(given, given.right, factors) for given in wrong]
    again = _again(wrong, factors, words) if None in found or len(found) > PAIR else None
    if again is not None:
        yield Found(3, 1.0, None, Reason(again))
    elif None not in found:
        times = [(factor, given) for factor, given in zip(found, wrong, strict=True) if factor is not None]
        yield Found(3, 1.0, None, Reason(words.times_each(times, factors)))


def _again(wrong: Sequence[Given], factors: Factors, words: Words) -> str | None:
    """Returns the text on a known factor that each gradient has once or several times; None if there is none."""
    found = [multiple(given, given.right, factors, free=True) for given in wrong]
    times = [t for t in found if t is not None and t > 0.0]
    known = (t for t in times if factors.nearest(t) not in (None, 1.0))
    once = min(known, key=lambda t: abs(math.log(t)), default=None)
    if once is None or len(times) < len(found):
        return None
    counts = [round(math.log(t) / math.log(once)) for t in times]
    pairs = [*zip(counts, wrong, strict=True)]
    if not all(0 < k <= MOST_AGAIN and is_explained(given, once**k * given.right) for k, given in pairs):
        return None
    if max(counts) == 1:
        return None
    by_count = [[given for at, given in pairs if at == k] for k in range(max(counts) + 1)]
    return words.again(once, factors, by_count)

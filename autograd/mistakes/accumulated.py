"""Makes edits in which what goes back from turn to turn of a loop adds up, as after dh_next += … for dh_next = ….

Each turn then also gets what the turns after it have passed back, or their whole gradients.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ..programs.assignments import Array, Assignment, Constant
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Rule, Way
from .carried import Carried, states
from .edits import Edit, base, called, fixed, listed

__all__ = ["accumulated"]

MOST = 40  # the largest number of turns


def accumulated(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each array that a loop carries, such as h or c, and of all together."""
    several = [uses for uses in states(recorded) if 2 < len(uses[0].read) <= MOST]
    for some in (*([uses] for uses in several), *([several] if len(several) > 1 else [])):
        yield from _of_these(recorded, some)


def _of_these(recorded: Recorded, some: Sequence[Sequence[Carried]]) -> Iterator[Edit]:
    names = listed(dict.fromkeys(base(called(uses[0].made[0])) for uses in some))
    ways = [way for uses in some for each in uses for way in each.ways if way in recorded.backward.passed]
    text = f"what each turn of the loop passes back to {names} is added to what the turns after it passed back"
    passed = Change(jumps={at: rule for uses in some for at, rule in _passed_on(recorded, uses).items()})
    yield fixed(passed, f"{text} (+=): it must be set anew in each turn", 3, ways)
    whole = {(after.number, before.number): np.positive for uses in some for before, after in _pairs(uses[0])}
    text = f"each turn of the loop also passes the whole gradient of {names} back to the turn before, unchanged"
    yield fixed(Change(jumps=whole), text, 4, ways)


def _passed_on(recorded: Recorded, uses: Sequence[Carried]) -> dict[tuple[int, int], Rule]:
    """Returns further ways: from each use to what all turns before it read, as back to what its own turn reads."""
    several: dict[tuple[int, int], list[Way]] = {}
    for each in uses:
        for k, way in enumerate(each.ways):
            for read in each.read[:k] if way in recorded.backward.passed else ():
                if not isinstance(read, Constant):
                    several.setdefault((way.number, read.number), []).append(way)
    return {at: partial(_summed, recorded, ways) for at, ways in several.items()}


def _pairs(use: Carried) -> Iterator[tuple[Assignment, Assignment]]:
    """Yields what each turn reads, and what it makes."""
    for read, made in zip(use.read, use.made, strict=True):
        if not isinstance(read, Constant):
            yield read, made


def _summed(recorded: Recorded, ways: Sequence[Way], flow: Array) -> Array:
    return np.asarray(sum(recorded.backward.through(way, flow) for way in ways))

"""Makes an edit in which the backward pass goes through the turns of a loop from the first to the last.

The gradient that a turn passes on, such as dh_next, then arrives at the turn after it, and not at the turn before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np

from ..programs.assignments import Array, Assignment, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Rule, Way
from .carried import carried
from .edits import Edit, base, called, fixed, listed, uses
from .repeated import settled
from .rules import stopped, with_operands

__all__ = ["unreversed"]

FORWARDS = "the loop of the backward pass runs from the first turn to the last, not in reverse"


def unreversed(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of every loop go on to the next turn, not back to the one before.

    What arrives from after the loop arrives at the last turn, as it should, or at the turn that comes first.
    """
    to, ends = dict[Way, Assignment](), dict[Way, Assignment]()
    for way, target, after in _of_each_loop(recorded):
        to[way] = target
        ends |= after
    if to:
        yield _run_forwards(recorded, to, {})
    if ends:
        yield _run_forwards(recorded, to, ends)


def _run_forwards(recorded: Recorded, to: Mapping[Way, Assignment], ends: Mapping[Way, Assignment]) -> Edit:
    ways = [way for way in (*to, *ends) if way in recorded.backward.passed]
    change = settled(recorded, partial(_arriving, recorded, {**ends, **to}, stopped(recorded, ways)))
    carried = listed(dict.fromkeys(base(called(target)) for target in to.values() if target.place is not None))
    text = f"{FORWARDS}: what a turn passes back to {carried} arrives at the turn after it"
    return fixed(change, text, 3, ways)


def _arriving(
    recorded: Recorded, to: Mapping[Way, Assignment], rules: Mapping[Way, Rule], flows: Mapping[int, Array]
) -> Change:
    at: dict[int, Array] = {}
    for way, target in to.items():
        if target.number in recorded.backward.flows:
            at[target.number] = at.get(target.number, 0.0) + with_operands(recorded, way, {})(flows[way.number])
    return Change(rules, {number: partial(np.add, more) for number, more in at.items()})


def _of_each_loop(recorded: Recorded) -> Iterator[tuple[Way, Assignment, dict[Way, Assignment]]]:
    """Yields each way by which a turn passes a gradient on, and the array at which it arrives by mistake.

    The first turn has its way even to a constant. What the last turn passes on arrives where the loop begins. The dict
    has the ways from after the loop to the array that the last turn makes, each with the array of the first turn.
    """
    to = uses(recorded)
    runs = Counter(node.place.path for node in recorded.backward.order if node.place and not isinstance(node, View))
    for ways, read, made in carried(recorded):
        if len({array.shape for array in (read[0], *made)}) == 1:  # else each turn has its own width
            after = [way for way in to.get(made[-1].number, ()) if _runs(recorded, runs, way) < len(made)]
            for way, target in zip(ways, [*made[1:], read[0]], strict=True):
                yield way, target, dict.fromkeys(after, made[0])


def _runs(recorded: Recorded, runs: Counter[tuple[Any, ...]], way: Way) -> int:
    """Returns how often the line of a way's array ran; 0 for a view."""
    node = recorded.node(way)
    return 0 if node.place is None or isinstance(node, View) else runs[node.place.path]

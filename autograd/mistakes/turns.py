"""Makes edits in which a gradient goes back through too few turns of a loop, as truncated through time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

import numpy as np

from .. import table
from ..programs.assignments import Array, Assignment, Map, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .edits import Edit, base, called, fixed, listed, uses
from .operations.functions import functions
from .repeated import repeated
from .rules import stopped

__all__ = ["crosses", "truncated", "turns"]

FURTHEST = 12  # the largest number of turns of a truncated gradient


def turns(recorded: Recorded) -> Iterator[Edit]:
    """Yields an edit in which no gradient goes from a turn of a loop to the turn before, if there are two such ways."""
    if ways := _back(recorded):
        targets = listed(base(called(recorded.target(way))) for way in ways)
        text = f"no gradient goes from a turn of the loop back to the turn before, through {targets}"
        yield fixed(Change(stopped(recorded, ways)), text, 2, ways)


def truncated(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which a gradient goes back at most k turns of a loop; or so, without the slope of the state."""
    ways = _back(recorded)
    of_state = {function.y.number: function for function in functions(recorded)}
    states = {way: of_state[target] for way in ways if (target := recorded.target(way).number) in of_state}
    none = {node.number: np.zeros(node.shape) for node in recorded.backward.order}
    for rank, skipped in ((3, {}), (5, {way: function.x for way, function in states.items()})):
        if not ways or (rank == 5 and not states):
            return
        primes = f", and {listed(f.prime() for f in states.values())} is missing on this way" if skipped else ""
        changes = list(islice(repeated(recorded, partial(_arriving, recorded, ways, skipped), none), FURTHEST))
        for k, change in enumerate(changes[1:-1], 1):
            several = f"{k} turn{'s' * (k > 1)} of the loop"
            text = f"the gradient is truncated: that of each turn goes back at most {several}{primes}"
            yield fixed(change, text, rank, ways)


def _arriving(
    recorded: Recorded, ways: Sequence[Way], skipped: Mapping[Way, Assignment], flows: Mapping[int, Array]
) -> Change:
    """Returns the change in which these ways pass on the gradients in `flows`, past the slopes of some functions.

    `skipped` maps a way to the input of such a function.
    """
    more: dict[int, Array] = {}
    for way in ways:
        number = skipped.get(way, recorded.target(way)).number
        more[number] = more.get(number, 0.0) + recorded.backward.through(way, flows[way.number])
    return Change(stopped(recorded, ways), {number: partial(np.add, passed) for number, passed in more.items()})


def _back(recorded: Recorded) -> list[Way]:
    """Returns the ways from a turn of a loop back to the turn before, if there are at least two.

    A running sum, such as a cost to which each turn adds, is no state.
    """
    to = uses(recorded)
    ways = []
    for way in recorded.backward.passed:
        node, target = recorded.node(way), recorded.target(way)
        is_total = isinstance(node, Map) and node.op in (table.ADD, table.SUB) and len(to[target.number]) == 1
        is_part = isinstance(node, View) and node.of_one is not None
        if crosses(node, target) and not is_total and not is_part:
            ways.append(way)
    return ways if len(ways) > 1 else []


def crosses(node: Assignment, target: Assignment) -> bool:
    """Returns whether an earlier turn of a loop made the target: by a line after the node's, or by the same line."""
    if node.place is None or target.place is None:
        return False
    for (*function, at), (*other, before) in zip(node.place.path, target.place.path, strict=False):
        if (function, at) != (other, before):
            return bool(function == other and before > at)
    return isinstance(node, Map) and isinstance(target, Map) and node.op is target.op  # one line, such as h = tanh(h)

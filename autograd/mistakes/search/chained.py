"""Finds pairs of trials of which the second acts on gradients that the first has changed, such as two factors of one.

Neither explains any array alone, and their effects do not add up. The tangents of the right pass hold after the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...programs.reverse import Change
from .deadline import Deadline
from .screening import Screen

__all__ = ["chained"]


def chained(screen: Screen, changes: Sequence[Change], end: Deadline) -> Iterator[tuple[int, int]]:
    """Yields the positions of two changes that may explain every given array, one after the other; until the deadline.

    Pairs of the first few changes come before pairs with later ones.
    """
    places, below = [change.places() for change in changes], [screen.reached(change) for change in changes]
    effects, moved = [screen.effect(change) for change in changes], list[dict[int, np.ndarray]]()
    for k, change in enumerate(changes):
        flows = screen.backward.flows
        after = screen.backward.replaced(change)
        moved.append({number: flow for number, flow in after.items() if not np.array_equal(flow, flows[number])})
        for first, second in (*((k, j) for j in range(k)), *((j, k) for j in range(k))):
            if end.is_over():
                return
            effect = effects[first]
            is_after = not places[second].isdisjoint(moved[first]) and places[first].isdisjoint(below[second])
            if effect is None or not is_after or changes[first].rules.keys() & changes[second].rules.keys():
                continue
            if screen.explains(effect + screen.effect_on(changes[second], moved[first])):
                yield first, second

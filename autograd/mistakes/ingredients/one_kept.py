"""Makes edits for elements that are used several times, of whose gradients one alone is kept, whichever it is.

Which one it is depends on the order of loops in the backward pass, which need not be that of the forward pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, uses
from ..judged import Given
from ..rules import instead

__all__ = ["one_kept"]

MOST = 400  # the largest number of uses of an array
NEAR = 1e-9  # relative


def one_kept(recorded: Recorded, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields an edit for each wrong array each of whose given numbers is the gradient of one use, not of all uses."""
    to = uses(recorded)
    for given in wrong:
        ways = sorted(to.get(given.assignment.number, ()))
        if ways and len(ways) <= MOST and all(isinstance(recorded.node(way), View) for way in ways):
            kept = _nearest(recorded, ways, given.array)
            if np.allclose(kept, given.array, rtol=NEAR, atol=0.0):
                text = (
                    f"where parts of {called(given.assignment)} are used several times, only one of their gradients is "
                    "kept: the gradients of all uses add up (+=)"
                )
                yield fixed(Change(at={given.assignment.number: partial(instead, kept)}), text, 4, ways)


def _nearest(recorded: Recorded, ways: Sequence[Way], yours: Array) -> Array:
    """Returns for each element the gradient of the use that is nearest to the given one; 0 if no use has any."""
    places, gradients = [], []
    for way in ways:
        view, flow = recorded.view(way), recorded.backward.flows[way.number]
        here = (view.source == way.position) & (flow != 0.0)
        places.append(view.index[here])
        gradients.append(flow[here])
    at, of = np.concatenate(places), np.concatenate(gradients)
    order = np.lexsort((-np.abs(of - yours.ravel()[at]), at))  # of each element, the nearest comes last
    kept = np.zeros(yours.size)
    kept[at[order]] = of[order]
    return kept.reshape(yours.shape)

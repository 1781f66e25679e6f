"""Makes edits in which a gradient that belongs to an array goes through operations on that array first.

An example is a residual sum x + f(norm(x)), if the gradient that x gets directly goes back through the norm too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np

from ...programs.assignments import Array, Assignment
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, uses
from ..relatives import below
from ..rules import stopped

__all__ = ["detours"]

MOST = 60  # the largest number of pairs of a way and an array that it may go through


def detours(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient from one use of an array x goes through an array z that is made of x.

    Either all arrays that z is made of get this gradient, or x alone.
    """
    for way, x, z in islice(_pairs(recorded), MOST):
        user = called(recorded.node(way))
        text = f"the gradient of {called(x)} from `{user.strip('`')}` goes back through {called(z)} first"
        past = Change(stopped(recorded, [way]), jumps={(way.number, z.number): partial(recorded.backward.through, way)})
        yield fixed(past, text, 4, (way,))
        alone = Change({way: partial(_through, recorded, way, x, z)})
        yield fixed(alone, f"{text}, for {called(x)} alone", 5, (way,))


def _pairs(recorded: Recorded) -> Iterator[tuple[Way, Assignment, Assignment]]:
    under, flows = below(recorded), recorded.backward.flows
    for number, ways in uses(recorded).items():
        x = recorded.program.assignments[number]
        made = [array for array in recorded.backward.order if array.shape == x.shape and number in under[array.number]]
        for way in ways if len(ways) > 1 and x.shape else ():
            for z in made:
                if number < z.number < way.number and np.any(flows[z.number]):
                    yield way, x, z


def _through(recorded: Recorded, way: Way, x: Assignment, z: Assignment, flow: Array) -> Array:
    """Returns the gradient that x gets if z gets what the way passes on."""
    passed = recorded.backward.through(way, flow)
    changed = recorded.backward.replaced(Change(at={z.number: partial(np.add, passed)}))
    return changed.get(x.number, recorded.backward.flows[x.number]) - recorded.backward.flows[x.number]

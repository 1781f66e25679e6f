"""Makes edits in which a part of the gradient skips the slope of a function: the part that comes from one term alone.

An example is an entropy − Σ p ln p of a softmax p, whose gradient by p is taken for that by the logits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

import numpy as np

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed
from ..judged import largest
from ..relatives import below
from .functions import functions

__all__ = ["bypassed"]

MOST = 30  # the largest number of pairs of a function and a term
CLOSE = 1e-9  # relative: a smaller part of a gradient counts as none


def bypassed(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient of y = f(x) that comes through another named array goes to x unchanged."""
    yield from islice(_edits(recorded), MOST)


def _edits(recorded: Recorded) -> Iterator[Edit]:
    under, backward = below(recorded), recorded.backward
    for function in functions(recorded):
        x, y = function.x, function.y
        terms = [
            array for array in recorded.named.values() if y.number in under.get(array.number, ()) and array is not y
        ]
        for term in terms:
            without = backward.replaced(Change(at={term.number: np.zeros_like}))
            part = backward.flows[y.number] - without.get(y.number, backward.flows[y.number])
            if not _is_a_part(part, backward.flows[y.number]):
                continue
            less = backward.replaced(Change(at={y.number: partial(np.add, -part)}))
            more = part - (backward.flows[x.number] - less.get(x.number, backward.flows[x.number]))
            text = (
                f"{function.prime()} is missing for the part of the gradient that comes from {called(term)}: "
                f"it is passed back from {called(y)} to {called(x)} unchanged"
            )
            yield fixed(Change(at={x.number: partial(np.add, more)}), text, 4, function.inside)


def _is_a_part(part: Array, whole: Array) -> bool:
    """Returns whether a part of a gradient is neither nothing nor everything."""
    least = CLOSE * largest(whole)
    return largest(part) > least and largest(whole - part) > least

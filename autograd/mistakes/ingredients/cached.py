"""Makes edits in which the whole backward pass reads another array, as if the cache had it under the wrong name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, permutations

from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..anew import Anew
from ..edits import Edit, called, fixed, uses

__all__ = ["cached"]

MOST = 60  # the largest number of pairs of arrays that are tried


def cached(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that read a named array of its shape in the place of another, and compute again what needs it."""
    to = uses(recorded)
    named = [array for array in recorded.named.values() if array.value.size > 1]
    pairs = ((a, b) for a, b in permutations(named, 2) if a.operands and a.number in to and a.shape == b.shape)
    for a, b in islice(pairs, MOST):
        rules = Anew(recorded, {}, {a.number: b.value}).rules()
        text = f"the backward pass reads {called(b)} wherever it needs {called(a)}, also in what it computes from it"
        yield fixed(Change(rules=rules), text, 4, rules)

"""Makes edits in which the state of another turn of a loop is read, as of a list hs at t + 1 or t − 1, not at t.

Every gradient with the state as a factor is then wrong, in all lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ..programs.assignments import Array
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Rule, Way
from .anew import Anew
from .carried import Carried, states
from .edits import Edit, called, fixed, listed

__all__ = ["misread"]


def misread(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each array that a loop carries, if several lines read it."""
    for uses in (uses for uses in states(recorded) if len(uses) > 1):  # for one use, see `ingredients/operands`
        read, made = uses[0].read, uses[0].made
        names = listed(map(called, read))
        for text, others in (
            (f"{listed(map(called, made))}, which the turns make,", made),
            (f"{listed(map(called, [made[-1], *read[:-1]]))} (a list at index −1 gives its last entry)",
             [made[-1], *read[:-1]]),
            (f"{listed(map(called, [read[0], *read[:-1]]))}, of the turn before,", [read[0], *read[:-1]]),
        ):  # fmt: skip
            rules = _rules(recorded, uses, [array.value for array in others])
            told = f"{text} are read wherever the backward pass needs {names}"
            yield fixed(Change(rules=rules), told, 4, filter(partial(_changes, recorded, rules), rules))


def _rules(recorded: Recorded, uses: Sequence[Carried], values: Sequence[Array]) -> dict[Way, Rule]:
    """Returns rules for what goes back with these values in the place of what the turns read.

    Also what a turn makes of it in one step, such as r ∘ h, is made of these values; what it makes of that is not.
    """
    others = {way: value for use in uses for way, value in zip(use.ways, values, strict=True)}
    made = {way.number: _made(recorded, way, value) for way, value in others.items()}
    return Anew(recorded, others, made).rules(only=made)


def _changes(recorded: Recorded, rules: Mapping[Way, Rule], way: Way) -> bool:
    """Returns whether a rule passes back something else than the right pass does."""
    flow = recorded.backward.flows[way.number]
    return not np.array_equal(rules[way](flow), recorded.backward.passed[way])


def _made(recorded: Recorded, way: Way, value: Array) -> Array:
    """Returns what the array that a way leads back from would be with this value for its operand."""
    node = recorded.node(way)
    return node.forward([value if k == way.position else operand.value for k, operand in enumerate(node.operands)])

"""Makes edits in which the state of another turn of a loop is read, as of a list hs at t + 1 or t − 1, not at t.

Every gradient with the state as a factor is then wrong, in all lines. All that a turn keeps may be of another turn too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import partial

import numpy as np

from ..programs.assignments import Array, Assignment, Constant
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
    yield from _all_of_another_turn(recorded)


def _all_of_another_turn(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which every slope in a turn is that of the turn before, or of the one after."""
    carried = [uses[0] for uses in states(recorded)]
    turns = max((len(use.made) for use in carried), default=0)
    lines: dict[object, list[Assignment]] = {}
    for node in recorded.program.assignments if turns > 1 else ():
        if node.place is not None:
            lines.setdefault((node.place.path, type(node), getattr(node, "op", None)), []).append(node)
    in_the_loop = [nodes for nodes in lines.values() if len(nodes) % turns == 0]
    given = {x.number for nodes in in_the_loop for node in nodes for x in node.operands if isinstance(x, Constant)}
    given -= {array.number for use in carried for array in use.read}
    for which, shift in (("before", -1), ("after", 1)):
        others = {node.number: nodes[(k + shift * (len(nodes) // turns)) % len(nodes)]
                  for nodes in in_the_loop for k, node in enumerate(nodes)}  # fmt: skip
        at_end = " (a list at index −1 gives its last entry)" * (shift < 0)
        for own, but in ((set[int](), ""), (given, ", except for given arrays such as x[t]")):
            rules = {way: partial(_as_in, recorded.node(way), others[way.number], own, way.position)
                     for way in recorded.backward.passed
                     if way.number in others and _is_alike(recorded.node(way), others[way.number])}  # fmt: skip
            told = f"in each turn of a loop, the backward pass reads the numbers of the turn {which}{at_end}{but}"
            yield fixed(Change(rules=rules), told, 4, filter(partial(_changes, recorded, rules), rules))


def _is_alike(node: Assignment, other: Assignment) -> bool:
    return [x.shape for x in (node, *node.operands)] == [x.shape for x in (other, *other.operands)]


def _as_in(node: Assignment, other: Assignment, own: Set[int], position: int, flow: Array) -> Array:
    """Returns what another turn's node passes back; operands with a number in `own` stay those of this turn."""
    pairs = zip(node.operands, other.operands, strict=True)
    return other.back(position, flow, other.value, [(x if x.number in own else y).value for x, y in pairs])


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

"""Makes edits that exchange the gradients of the inputs of two functions, such as two gates, in each turn of a loop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations

from ... import table
from ...programs.assignments import Array, Assignment, Contraction, Leaf, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, listed, uses
from ..operations.functions import Function, functions, inner
from ..relatives import below
from ..repeated import settled

__all__ = ["gates"]

MOST = 6  # the largest number of teams of which any two are tried
Team = Sequence[Function]  # the functions that one line of source made, in the turns of a loop


def gates(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which two gates exchange their gradients, wholly or only for what is not an input of the pass."""
    to, inside = uses(recorded), below(recorded)
    for first, second in combinations(_teams(recorded)[:MOST], 2):
        pairs = [(a.x, b.x) for a, b in zip(first, second, strict=False)]
        if len(first) != len(second) or any(
            a.shape != b.shape or a.number in inside[b.number] or b.number in inside[a.number] for a, b in pairs
        ):
            continue
        names = f"{_inputs(first)} and of {_inputs(second)}"
        for is_below in (False, True):
            ways = [[*zip(_ways(recorded, to, a, is_below), _ways(recorded, to, b, is_below), strict=False)]
                    for a, b in pairs]  # fmt: skip
            if any(recorded.target(way).shape != recorded.target(other).shape for each in ways for way, other in each):
                continue
            change = settled(recorded, partial(_exchanged, recorded, pairs, ways))
            if change.rules:
                reached = listed(called(recorded.target(way)) for way in sorted(change.rules))
                where = f" on the way back to {reached}" if is_below else ""
                yield fixed(change, f"the gradients of {names} are exchanged{where}", 4 + is_below, change.rules)


def _teams(recorded: Recorded) -> list[Team]:
    """Returns the functions σ, tanh and so on that the same lines made, called from the same lines; in order."""
    found: dict[object, list[Function]] = {}
    within = inner(recorded)
    for function in reversed(functions(recorded)):
        place = function.y.place
        if function.op is not None and place is not None and function.y.number not in within and function.y.shape:
            found.setdefault(place.path, []).append(function)
    return list(found.values())


def _inputs(team: Team) -> str:
    inputs, outputs = [function.x for function in team], [function.y for function in team]
    is_known = all(x.name and "." not in x.name for x in inputs)
    return listed(map(called, inputs)) if is_known else f"the input of {listed(map(called, outputs))}"


def _exchanged(
    recorded: Recorded, pairs: Sequence[tuple[Assignment, Assignment]],
    ways: Sequence[Sequence[tuple[Way, Way]]], flows: Mapping[int, Array],
) -> Change:  # fmt: skip
    rules: dict[Way, Rule] = {}
    for (a, b), each in zip(pairs, ways, strict=True):
        for way, other in each:
            rules[way] = _passing(recorded, way, flows[b.number])
            rules[other] = _passing(recorded, other, flows[a.number])
    return Change(rules)


def _passing(recorded: Recorded, way: Way, gradient: Array) -> Rule:
    return lambda flow: recorded.backward.through(way, gradient)


def _ways(recorded: Recorded, to: Mapping[int, Sequence[Way]], x: Assignment, is_below: bool) -> list[Way]:
    """Returns the ways back from x; or those from the products that x is a sum of, back to what is no input."""
    found, waiting = [], [x]
    while waiting:
        node = waiting.pop()
        for way in recorded.backward.ways(node):
            target = recorded.target(way)
            is_inside = isinstance(target, Contraction) or (isinstance(target, Map) and target.op is table.ADD)
            if is_below and is_inside and len(to[target.number]) == 1 and target.shape == x.shape:
                waiting.append(target)
            elif not (is_below and isinstance(target, Leaf)):
                found.append(way)
    return found

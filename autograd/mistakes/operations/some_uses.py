"""Makes edits of the slope of a function for some uses of its output, such as the next step: it is missing, or its own.

In y(t) = f(x(t)), the gradient that comes back from step t + 1 goes through f′(x(t)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from ... import table
from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, groups, listed, uses
from ..relatives import reached
from ..rules import multiplied, stopped
from .functions import Function
from .wrong_slopes import UNDIVIDED

__all__ = ["for_some_uses"]


def for_some_uses(recorded: Recorded, team: Sequence[Function]) -> Iterator[Edit]:
    """Yields edits in which the gradient from some uses of y goes to x without the slope, or with theirs."""
    to = uses(recorded)
    all_uses = [way for function in team for way in to.get(function.y.number, ())]
    if not all(len(to.get(function.y.number, ())) > 1 for function in team) and len(team) == 1:
        return
    of = {function.y.number: function for function in team}
    for ways in groups(recorded, all_uses, alike=True):
        if len({way.number for way in ways}) == len(ways) and len(ways) < len(all_uses):
            yield from _for_these(recorded, {way: of[recorded.target(way).number] for way in ways}, team)


def _for_these(recorded: Recorded, of: Mapping[Way, Function], team: Sequence[Function]) -> Iterator[Edit]:
    """Yields edits of the slopes of these functions for these uses of their outputs."""
    ways = tuple(of)
    names = [listed(map(called, arrays)) for arrays in ([f.y for f in of.values()], map(recorded.node, ways))]
    primes = list(dict.fromkeys(function.prime() for function in of.values()))
    d, is_ = listed(primes), "are" if len(primes) > 1 else "is"
    text = f"{d} {is_} missing for the gradient that comes back to {names[0]} from {names[1]}"
    unchanged = {way: partial(recorded.backward.through, way) for way in ways}
    yield fixed(_past(recorded, of, unchanged), text, 3 + (len(ways) > 1), ways)
    if team[0].op is table.SQRT:
        text = UNDIVIDED.format(y=names[0], d=f"{d}, for the gradient that comes back from {names[1]}")
        rules = {way: multiplied(recorded, way, function.y.value) for way, function in of.items()}
        yield fixed(Change(rules=rules), text, 3 + (len(ways) > 1), ways)
    by_x, by_y = ({getattr(f, which).number: f for f in team} for which in ("x", "y"))
    after = reached(recorded, [recorded.node(way) for way in ways], {number: f.y for number, f in by_x.items()})
    for outputs in after if team[0].op is not None else ():
        functions = [by_y[y.number] for y in outputs]
        others = {way: f.slope(f.y.value, f.x.value) for way, f in zip(ways, functions, strict=True)}
        if [f.x.shape for f in functions] == [f.x.shape for f in of.values()]:
            with_others = {way: partial(_times, recorded, way, slope) for way, slope in others.items()}
            next_primes = dict.fromkeys(function.prime() for function in functions)
            at = listed(next_primes) if [*next_primes] != primes else f"{d} of the step after"
            are = "are" if len(next_primes) > 1 else "is"
            text = f"for the gradient that comes back to {names[0]} from {names[1]}, {at} {are} used instead of {d}"
            yield fixed(_past(recorded, of, with_others), text, 4, ways)


def _past(recorded: Recorded, of: Mapping[Way, Function], passed: Mapping[Way, Rule]) -> Change:
    """Returns a change in which the gradient of each use goes to the function's input by a rule of its own."""
    jumps = {(way.number, function.x.number): passed[way] for way, function in of.items()}
    return Change(stopped(recorded, [*of]), jumps=jumps)


def _times(recorded: Recorded, way: Way, slope: Array, flow: Array) -> Array:
    return recorded.backward.through(way, flow) * slope

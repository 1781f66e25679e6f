"""Edits of whole ways: a path that is left out, counts twice, is off by a factor; one use or one example alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ..programs.assignments import Array, Assignment, Leaf, View
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups, listed, uses
from .factors import Factors
from .judged import Recorded

__all__ = ["alone", "examples", "paths", "scaled"]

MOST_EXAMPLES = 64  # in a larger batch nobody looks for the one example that was differentiated alone


def scaled(factor: float, factors: Factors, what: str) -> str:
    """What it means that a path, or an array, comes times a factor."""
    if factor == 0.0 or abs(factor) < 1e-9:
        return f"{what} is missing"
    if abs(factor - 2.0) < 1e-9:
        return f"{what} counts twice: a factor 2"
    if abs(factor + 1.0) < 1e-9:
        return f"{what} has the wrong sign: it should be subtracted where it is added, or the other way round"
    known = factors.called(factor)
    return f"{what} is {known or f'{factor:.6g}'} times what it should be"


def paths(recorded: Recorded, factors: Factors) -> Iterator[Edit]:
    """What goes through an array, or by one way, times a factor t: 0 if it is left out."""
    assignments = recorded.program.assignments
    for several in _nodes(recorded):
        names = [called(array) for array in several]
        at = {array.number: _times for array in several}
        text = f"the path through {listed(names)}"
        ways = tuple(way for way in recorded.backward.passed if way.number in at)
        rank = 1 if all(array.name for array in several) else 3
        yield Edit(
            lambda t, at=at: Change(at={number: times(t) for number, times in at.items()}),
            lambda t, text=text: scaled(t, factors, text),
            rank + (len(several) > 1),
            ways,
            fitted=True,
            about=tuple(names) if rank == 1 and len(several) == 1 else (),
            what=text,
            kind="path",
            data=tuple(several),
        )
    several_uses = {number for number, ways in uses(recorded).items() if len(ways) > 1}
    for ways in groups(recorded, recorded.backward.passed):
        sources = [assignments[way.number] for way in ways]
        targets = [assignments[way.number].operands[way.position] for way in ways]
        if any(isinstance(target, Leaf) and target.number not in several_uses for target in targets):
            continue  # it is a factor of that gradient
        text = f"the path from {listed(map(called, targets))} to {listed(map(called, sources))}"
        rules = dict.fromkeys(ways, recorded.backward.through)
        named = all(x.name for x in (*sources, *targets))
        shared = any(target.number in several_uses for target in targets)
        yield Edit(
            lambda t, rules=rules: Change(rules={way: _scaled_way(through, way, t) for way, through in rules.items()}),
            lambda t, text=text: scaled(t, factors, text),
            (2 if named and shared else 4) + (len(ways) > 1),
            ways,
            fitted=True,
            what=text,
            kind="way",
        )


def alone(recorded: Recorded) -> Iterator[Edit]:
    """Of several uses of an array, one counts alone: the last time step, one of two tied layers."""
    assignments = recorded.program.assignments
    for number, ways in uses(recorded).items():
        if len(ways) < 2:
            continue
        target = assignments[number]
        for kept in _kept(recorded, ways):
            lost = [way for way in ways if way not in kept]
            if not lost:
                continue
            users = listed(called(_user(recorded, way)) for way in kept)
            yield Edit(
                lambda t, lost=tuple(lost), zeros=np.zeros(target.shape): Change(
                    rules=dict.fromkeys(lost, lambda flow: zeros)
                ),
                lambda t, target=target, users=users, n=len(ways): (
                    f"of the {n} uses of {called(target)} the one in {users} counts alone: gradients "
                    "of several uses add up"
                ),
                3,
                tuple(lost),
            )


def examples(recorded: Recorded) -> Iterator[Edit]:
    """Of several examples (rows of the arrays), one counts alone."""
    batch = _batch(recorded)
    if batch is None:
        return
    first, n = batch
    for k in range(min(n, MOST_EXAMPLES)):
        for factor, text in (
            (1.0, "alone is summed, the others are missing"),
            (float(n), f"alone, not the mean over {n}"),
        ):
            yield Edit(
                lambda t, k=k, factor=factor: Change(at={first.number: lambda flow: _row(flow, k) * factor}),
                lambda t, k=k, text=text: f"example {k + 1} {text}",
                5,
                tuple(way for way in recorded.backward.passed if way.number == first.number),
                kind="example",
                data=(k, factor),
            )


def _nodes(recorded: Recorded) -> Iterator[list[Assignment]]:
    """Each array that a gradient comes to, and those of one name (of one line) together."""
    order = [a for a in recorded.backward.order if not isinstance(a, Leaf) and a is not recorded.result]
    together: dict[object, list[Assignment]] = {}
    for array in order:
        if array.place is not None:
            together.setdefault(array.place.at, []).append(array)
    yield from ([array] for array in order)
    yield from (several for several in together.values() if len(several) > 1)


def _times(t: float) -> Rule:
    return lambda flow: t * flow


def _scaled_way(through: Callable[[Way, Array], Array], way: Way, t: float) -> Rule:
    return lambda flow: t * through(way, flow)


def _kept(recorded: Recorded, ways: list[Way]) -> list[list[Way]]:
    """The uses that may count alone: those of one line, and each."""
    several = [list(group) for group in groups(recorded, ways)]
    return [group for group in several if len(group) < len(ways)]


def _user(recorded: Recorded, way: Way) -> Assignment:
    """The array that a use makes; of a view, what is made of it."""
    array = recorded.program.assignments[way.number]
    while isinstance(array, View) and not array.name:
        above = [w for w in uses(recorded).get(array.number, ())]
        if len(above) != 1:
            break
        array = recorded.program.assignments[above[0].number]
    return array


def _batch(recorded: Recorded) -> tuple[Assignment, int] | None:
    """The first array, going back, that has a row for each example: as many rows as some input."""
    rows = [x.shape[0] for x in recorded.inputs.values() if len(x.shape) > 1 and x.shape[0] > 1]
    for array in recorded.backward.order:
        if array.shape and array.shape[0] in rows and not isinstance(array, Leaf):
            return array, array.shape[0]
    return None


def _row(flow: Array, k: int) -> Array:
    kept = np.zeros_like(flow)
    kept[k] = flow[k]
    return kept

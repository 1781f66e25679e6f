"""Makes edits of the target y in the gradient p − y of a cross-entropy: other labels, or predictions of 0 and 1 for p.

p is a softmax or a sigmoid of x, and dx = w (p − y). The weight w is one number for each example, such as 1/n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed, listed
from ..judged import largest
from .functions import Function, LogSoftmax, functions

__all__ = ["targets"]

CLOSE = 1e-9  # tolerance for numbers that are computed in two ways
MOST_WEIGHTS = 3  # the largest number of different weights of a sigmoid's examples; more are chance
MOST = 20  # the largest number of arrays that are tried as the target


class _Fitted(NamedTuple):
    """A gradient dx = w (p − y) with the target y, whose entries are 0 and 1."""

    function: Function
    p: Array
    y: Array
    w: Array


def targets(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the target in each gradient p − y, and in those of one source line together."""
    together: dict[object, list[_Fitted]] = {}
    for function in functions(recorded):
        fitted = _fitted(recorded, function)
        if fitted is not None:
            place = function.y.place
            together.setdefault((place.at if place else function.y.number, function.x.shape), []).append(fitted)
    for team in together.values():
        yield from _of_team(recorded, sorted(team, key=lambda fitted: fitted.function.x.number))


def _fitted(recorded: Recorded, function: Function) -> _Fitted | None:
    dx = recorded.backward.flows[function.x.number]
    if isinstance(function, LogSoftmax) or function.is_softmax:
        p = np.exp(function.y.value) if isinstance(function, LogSoftmax) else function.y.value
        return _of_softmax(function, p, dx)
    return _of_sigmoid(function, dx) if function.op is table.SIGMOID else None


def _of_softmax(function: Function, p: Array, dx: Array) -> _Fitted | None:
    """Returns the target if it is 1 for one class of each example: there alone, dx and p have different signs."""
    axis = function.axis
    y: Array = np.asarray(dx == dx.min(axis=axis, keepdims=True), dtype=float)
    one = np.sum(p * y, axis=axis, keepdims=True)
    w: Array = np.divide(np.sum(dx * y, axis=axis, keepdims=True), one - 1, out=np.zeros_like(one), where=one < 1.0)
    y = np.where(w == 0.0, 0.0, y)  # an example without weight has no target
    is_one = np.all((y.sum(axis=axis) == 1.0) | ~np.any(dx, axis=axis))
    near = np.allclose(w * (p - y), dx, rtol=CLOSE, atol=CLOSE * largest(dx))
    return _Fitted(function, p, y, w) if is_one and near and np.all(w >= 0.0) and np.any(w) else None


def _of_sigmoid(function: Function, dx: Array) -> _Fitted | None:
    p, y = function.y.value, np.asarray(dx < 0.0, dtype=float)
    w: Array = np.divide(dx, p - y, out=np.zeros_like(p), where=p != y)
    rounded = np.unique(np.round(w / (largest(w) or 1.0), 9))
    return _Fitted(function, p, y, w) if len(rounded) <= MOST_WEIGHTS and np.any(w) else None


# ---- other targets


def _of_team(recorded: Recorded, team: Sequence[_Fitted]) -> Iterator[Edit]:
    xs = listed(called(fitted.function.x) for fitted in team)
    before = f"in the gradient of {xs}, the probabilities minus the target,"
    for text, others in _others(recorded, team):
        if not all(np.array_equal(fitted.y, other) for fitted, other in zip(team, others, strict=True)):
            more = [fitted.w * (fitted.y - other) for fitted, other in zip(team, others, strict=True)]
            yield _edit(team, f"{before} {text}", more)
    rounded = [fitted.w * (_rounded(fitted) - fitted.p) for fitted in team]
    yield _edit(team, f"{before} the predicted labels, 0 and 1, stand in the place of the probabilities", rounded)


def _edit(team: Sequence[_Fitted], text: str, more: Sequence[Array]) -> Edit:
    change = Change(at={fitted.function.x.number: partial(np.add, by) for fitted, by in zip(team, more, strict=True)})
    ways = [way for fitted in team for way in fitted.function.inside]
    return fixed(change, text, 3 + (len(team) > 1), ways)


def _rounded(fitted: _Fitted) -> Array:
    if fitted.function.is_softmax:
        return np.asarray(fitted.p == fitted.p.max(axis=fitted.function.axis, keepdims=True), dtype=float)
    return np.asarray(fitted.p > 0.5, dtype=float)


def _others(recorded: Recorded, team: Sequence[_Fitted]) -> Iterator[tuple[str, list[Array]]]:
    """Yields texts with other targets, an array for each gradient of the team."""
    first = team[0].function
    if first.is_softmax:
        axis = first.axis
        rows = tuple(k for k in range(len(first.x.shape)) if k != axis % len(first.x.shape))
        yield ("1 is subtracted in every row at the labels of all rows: d[:, y] −= 1 stands for "
               "d[np.arange(n), y] −= 1", [np.broadcast_to(f.y.max(axis=rows, keepdims=True), f.y.shape) for f in team],
               )  # fmt: skip
        for step, which in ((1, "above"), (-1, "below")):
            yield f"the labels are off by one, the class {which}", [np.roll(f.y, step, axis=axis) for f in team]
        for step, which in ((1, "before"), (-1, "after")):
            if rows:
                moved = [np.roll(f.y, step, axis=rows[0]) for f in team]
                yield f"the target is that of the example {which}", moved
        if len(team) > 1:
            for step, which in ((1, "before"), (-1, "after")):
                ys = [fitted.y for fitted in team]
                yield f"the target is that of the step {which}", [*ys[-step:], *ys[:-step]]
        yield "the predicted class is the target", [_rounded(fitted) for fitted in team]
    else:
        yield "the labels 0 and 1 are exchanged: 1 − y stands for y", [1 - fitted.y for fitted in team]
        yield "the target is 1 everywhere", [np.ones_like(fitted.y) for fitted in team]
        yield "the target is −1, not 0, for the negative examples", [2 * fitted.y - 1 for fitted in team]
    yield "the target is missing", [np.zeros_like(fitted.y) for fitted in team]
    yield from _recorded(recorded, team)


def _recorded(recorded: Recorded, team: Sequence[_Fitted]) -> Iterator[tuple[str, list[Array]]]:
    """Yields other arrays of this shape as the targets: constants, or inputs; for a loop, one of each turn."""
    shape = team[0].y.shape
    arrays = [array for array in recorded.program.assignments
              if array.shape == shape and not array.operands and np.any(array.value)]  # fmt: skip
    for several in _in_turn(arrays, len(team)):
        yield f"{listed(map(called, several))} stands in the place of the target", [array.value for array in several]


def _in_turn(arrays: Sequence[Assignment], n: int) -> Iterator[Sequence[Assignment]]:
    if n == 1:
        yield from ([array] for array in arrays[:MOST])
        return
    by_name: dict[str, list[Assignment]] = {}
    for array in arrays:
        by_name.setdefault(array.name.partition("(")[0], []).append(array)
    yield from (several for several in by_name.values() if len(several) == n)

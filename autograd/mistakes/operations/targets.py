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

MOST_WEIGHTS = 3  # the largest number of different weights of a sigmoid's examples; with more, the fit is chance
MOST = 20  # the largest number of arrays that are tried as the target


class _Fitted(NamedTuple):
    """A gradient dx = w (p − y) with the target y; its entries are 0 and 1, or a distribution."""

    function: Function
    p: Array
    y: Array
    w: Array


def targets(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the target in each gradient p − y; the gradients of one source line get the same edit."""
    together: dict[object, list[_Fitted]] = {}
    for function in functions(recorded):
        fitted = _fitted(recorded, function)
        if fitted is not None:
            place = function.y.place
            together.setdefault((place.at if place else function.y.number, function.x.shape), []).append(fitted)
    for team in together.values():
        yield from _of_team(recorded, sorted(team, key=lambda fitted: fitted.function.x.number))


def _fitted(recorded: Recorded, function: Function) -> _Fitted | None:
    flow = recorded.backward.flows[function.y.number]
    if isinstance(function, LogSoftmax):
        return _of_softmax(function, np.exp(function.y.value), -flow)
    if function.is_softmax:
        return _of_softmax(function, function.y.value, -flow * function.y.value)
    dx = recorded.backward.flows[function.x.number]
    return _of_sigmoid(function, dx) if function.op is table.SIGMOID else None


def _of_softmax(function: Function, p: Array, weighted: Array) -> _Fitted | None:
    """Returns the target y if the cost is a cross-entropy, − Σ w y ln p; `weighted` is w y."""
    w = np.asarray(weighted.sum(axis=function.axis, keepdims=True))
    if not np.all(weighted >= 0.0) or not np.any(w):
        return None
    y: Array = np.divide(weighted, w, out=np.zeros_like(p), where=w > 0.0)
    return _Fitted(function, p, y, w)


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
    yield _edit(team, f"{before} the predicted labels, 0 and 1, are used instead of the probabilities", rounded)


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
        every = [np.broadcast_to(fitted.y.max(axis=rows, keepdims=True), fitted.y.shape) for fitted in team]
        yield ("1 is subtracted in every row at the labels of all rows: d[:, y] −= 1 is used instead of "
               "d[np.arange(n), y] −= 1"), every  # fmt: skip
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
        yield from _smoothed(team)
    else:
        yield "the labels 0 and 1 are exchanged: 1 − y is used instead of y", [1 - fitted.y for fitted in team]
        yield "the target is 1 everywhere", [np.ones_like(fitted.y) for fitted in team]
        yield "the target is −1, not 0, for the negative examples", [2 * fitted.y - 1 for fitted in team]
    yield "the target is missing", [np.zeros_like(fitted.y) for fitted in team]
    yield from _recorded(recorded, team)


def _smoothed(team: Sequence[_Fitted]) -> Iterator[tuple[str, list[Array]]]:
    """Yields wrong targets for smoothed labels, which are 1 − e + e/k for the right one of k classes, e/k elsewhere."""
    hard, wider = list[Array](), list[Array]()
    for fitted in team:
        axis = fitted.function.axis
        k, top = fitted.y.shape[axis], fitted.y.max(axis=axis, keepdims=True)
        hot: Array = np.asarray(fitted.y == top, dtype=float)
        e = (1 - top) * k / (k - 1)
        hard.append(hot)
        wider.append(hot * (1 - e) + (1 - hot) * e / (k - 1))
    yield "the labels are not smoothed", hard
    yield "the smoothing is shared among the k − 1 other classes, not among all k", wider


def _recorded(recorded: Recorded, team: Sequence[_Fitted]) -> Iterator[tuple[str, list[Array]]]:
    """Yields other arrays of this shape as the targets: constants or inputs; for a loop, an array for each turn."""
    shape = team[0].y.shape
    arrays = [array for array in recorded.program.assignments
              if array.shape == shape and not array.operands and np.any(array.value)]  # fmt: skip
    for several in _in_turn(arrays, len(team)):
        yield f"{listed(map(called, several))} is used instead of the target", [array.value for array in several]


def _in_turn(arrays: Sequence[Assignment], n: int) -> Iterator[Sequence[Assignment]]:
    if n == 1:
        yield from ([array] for array in arrays[:MOST])
        return
    by_name: dict[str, list[Assignment]] = {}
    for array in arrays:
        by_name.setdefault(array.name.partition("(")[0], []).append(array)
    yield from (several for several in by_name.values() if len(several) == n)

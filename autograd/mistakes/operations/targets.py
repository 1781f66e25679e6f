"""Makes edits of the target y in the gradient p − y of a cross-entropy: other labels, or predictions of 0 and 1 for p.

Other edits take p along another axis, or exchange p and 1 − p.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed, listed
from ..rules import instead
from .errors import Error, errors
from .functions import LogSoftmax, functions, softmax

__all__ = ["targets"]

MISSING = "the target is missing"
CLOSE = 1e-9  # relative tolerance
MOST = 20  # the largest number of arrays that are tried as the target


def targets(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the target in each gradient p − y; the gradients of one source line get the same edit."""
    together: dict[object, list[Error]] = {}
    for error in errors(recorded):
        together.setdefault((error.place, error.x.shape), []).append(error)
    for team in together.values():
        yield from _of_team(recorded, sorted(team, key=lambda error: error.x.number))
    yield from _twice(recorded)
    yield from _without_exp(recorded)


# ---- other targets


def _of_team(recorded: Recorded, team: Sequence[Error]) -> Iterator[Edit]:
    xs = listed(called(error.x) for error in team)
    before = f"in the gradient of {xs}, the probabilities minus the target,"
    for text, others in _others(recorded, team):
        if not all(np.array_equal(error.y, other) for error, other in zip(team, others, strict=True)):
            more = [error.w * (error.y - other) for error, other in zip(team, others, strict=True)]
            edit = _edit(team, f"{before} {text}", more)
            yield replace(edit, rank=edit.rank - 1) if text == MISSING else edit
    rounded = [error.w * (_rounded(error) - error.p) for error in team]
    yield _edit(team, f"{before} the predicted labels, 0 and 1, are used instead of the probabilities", rounded)
    for text, of in (("their square is used", np.square), ("only their magnitude is used", np.abs)):
        yield _edit(team, f"{before} {text}", [e.w * (of(e.p - e.y) - (e.p - e.y)) for e in team])
    for text, others in _other_probabilities(team):
        more = [error.w * (other - error.p) for error, other in zip(team, others, strict=True)]
        yield _edit(team, f"{before} {text}", more)


def _other_probabilities(team: Sequence[Error]) -> Iterator[tuple[str, list[Array]]]:
    """Yields texts with other probabilities, an array for each gradient of the team."""
    axis, xs = team[0].axis, listed(called(error.x) for error in team)
    yield f"{xs} is used instead of the probabilities", [error.x.value for error in team]
    with np.errstate(all="ignore"):
        yield "the logarithms of the probabilities are used instead of them", [np.log(error.p) for error in team]
    if axis is None:
        yield "p and 1 − p are exchanged, with p the sigmoid", [1 - error.p for error in team]
        half = [np.full(error.p.shape, 0.5) for error in team]
        yield "1/2 is used instead of each sigmoid, as if all weights were still 0", half
        text = f"exp(x) / exp(1 + x) is used instead of the sigmoid of x = {xs}: it is 1/e for every x"
        yield text, [np.full(error.p.shape, np.exp(-1.0)) for error in team]
        for other, size in enumerate(team[0].x.shape):
            if size > 1:
                text = f"the softmax along axis {other} is used instead of the sigmoid"
                yield text, [softmax(error.x.value, other) for error in team]
        return
    with np.errstate(all="ignore"):
        exp = [np.exp(error.x.value) for error in team]
        yield f"exp({xs}) is used instead of the probabilities: it is not divided by its sum", exp
        even = [np.full(error.p.shape, 1 / error.p.shape[axis]) for error in team]
        yield "1/k is used instead of each probability of k, as if all weights were still 0", even
        yield "the sigmoid of each entry is used instead of the softmax", [1 / (1 + 1 / e) for e in exp]
        if len(team[0].x.shape) > 1:
            text = f"exp({xs}) is divided by its sum over the whole array, not along axis {axis}"
            yield text, [e / e.sum() for e in exp]
    for other, size in enumerate(team[0].x.shape):
        if other != axis and size > 1:
            text = f"the softmax is taken along axis {other}, but the forward pass takes it along axis {axis}"
            yield text, [softmax(error.x.value, other) for error in team]


def _edit(team: Sequence[Error], text: str, more: Sequence[Array]) -> Edit:
    change = Change(at={error.x.number: partial(np.add, by) for error, by in zip(team, more, strict=True)})
    ways = [way for error in team for way in error.ways]
    return fixed(change, text, 3 + (len(team) > 1), ways)


def _twice(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits for costs of logits that get probabilities, so that a softmax or a sigmoid is applied twice."""
    known = [function for function in functions(recorded) if not isinstance(function, LogSoftmax)]
    probabilities = {f.y.number: f for f in known if f.is_softmax or f.op is table.SIGMOID}
    for error in errors(recorded):
        first = probabilities.get(error.x.number)
        if first is not None and first.is_softmax == (error.axis is not None):
            p, z = called(error.x), called(first.x)
            name = "softmax" if first.is_softmax else "sigmoid"
            text = (
                f"the gradient of {z} is {p} minus the target, as if the cost took the {name} of {z}: it takes the "
                f"{name} of {p}, which is a {name} already, so that the {name} is applied twice"
            )
            change = first.passing(partial(instead, error.w * (error.x.value - error.y)))
            yield fixed(change, text, 3, first.inside)


def _without_exp(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of a gradient w (eˣ − y), as of a Poisson regression: x − y, as if the model were linear."""
    flows = recorded.backward.flows
    for function in functions(recorded):
        x, made = function.x, function.y
        ys = (y for y in recorded.program.assignments if y.shape == x.shape and x.shape and not y.operands)
        for y in ys if function.op is table.EXP else ():
            w = float(np.sum(flows[x.number]) / np.sum(made.value - y.value))
            if np.allclose(flows[x.number], w * (made.value - y.value), rtol=CLOSE, atol=CLOSE * abs(w)):
                change = function.passing(partial(instead, w * (x.value - y.value)))
                text = f"the gradient of {called(x)} is that of a linear model: {called(x)} is used instead of its exp"
                yield fixed(change, f"{text}, {called(made)}, in {called(made)} − {called(y)}", 3, function.inside)


def _rounded(error: Error) -> Array:
    if error.axis is not None:
        return np.asarray(error.p == error.p.max(axis=error.axis, keepdims=True), dtype=float)
    return np.asarray(error.p > 0.5, dtype=float)


def _others(recorded: Recorded, team: Sequence[Error]) -> Iterator[tuple[str, list[Array]]]:
    """Yields texts with other targets, an array for each gradient of the team."""
    shape, axis = team[0].x.shape, team[0].axis
    if axis is not None:
        rows = tuple(k for k in range(len(shape)) if k != axis)
        every = [np.broadcast_to(error.y.max(axis=rows, keepdims=True), error.y.shape) for error in team]
        if all(np.all(hot == 1.0) for hot in every):
            yield ("1 is subtracted in every place, as in p − 1 instead of p − y, or in d[:, y] −= 1 instead of "
                   "d[np.arange(n), y] −= 1"), every  # fmt: skip
        else:
            yield ("1 is subtracted in every row at the labels of all rows: d[:, y] −= 1 is used instead of "
                   "d[np.arange(n), y] −= 1"), every  # fmt: skip
            ones = [np.ones_like(error.y) for error in team]
            yield "1 is subtracted in every place: p − 1 is used instead of p − y", ones
        for step, which in ((1, "above"), (-1, "below")):
            yield f"the labels are off by one, the class {which}", [np.roll(f.y, step, axis=axis) for f in team]
        for step, which in ((1, "before"), (-1, "after")):
            if rows:
                moved = [np.roll(f.y, step, axis=rows[0]) for f in team]
                yield f"the target is that of the example {which}", moved
        if len(team) > 1:
            for step, which in ((1, "before"), (-1, "after")):
                ys = [error.y for error in team]
                yield f"the target is that of the step {which}", [*ys[-step:], *ys[:-step]]
        yield from _of_a_sequence(team)
        yield "the predicted class is the target", [_rounded(error) for error in team]
        numbers = [error.y.argmax(axis=axis, keepdims=True) + np.zeros_like(error.y) for error in team]
        yield "the class's number is subtracted in every place, not a one-hot row: p − y with y = 0, 1, 2, …", numbers
        yield from _smoothed(team)
    else:
        if any(np.ptp(error.y) > 0.0 for error in team):
            yield "the labels 0 and 1 are exchanged: 1 − y is used instead of y", [1 - error.y for error in team]
        yield "the labels are not smoothed", [np.asarray(error.y > 0.5, dtype=float) for error in team]
        yield "the target is 1 everywhere", [np.ones_like(error.y) for error in team]
        yield "the target is −1, not 0, for the negative examples", [2 * error.y - 1 for error in team]
    yield "the target is added, not subtracted", [-error.y for error in team]
    yield MISSING, [np.zeros_like(error.y) for error in team]
    yield from _recorded(recorded, team)


def _of_a_sequence(team: Sequence[Error]) -> Iterator[tuple[str, list[Array]]]:
    """Yields the targets of the steps before and after in a sequence of words, whose first or last word may be any."""
    y = team[0].y if len(team) == 1 else np.array([error.y for error in team])
    if y.ndim != 2 or y[0].size != y.shape[-1]:
        return
    for word in np.eye(y.shape[-1]):
        before, after = np.vstack((word[None], y[:-1])), np.vstack((y[1:], word[None]))
        for which, moved in (("before: the input word is used as the target", before), ("after", after)):
            yield f"the target is that of the step {which}", [moved] if len(team) == 1 else [*moved]


def _smoothed(team: Sequence[Error]) -> Iterator[tuple[str, list[Array]]]:
    """Yields wrong targets for smoothed labels, which are 1 − e + e/k for the right one of k classes, e/k elsewhere."""
    hard, wider = list[Array](), list[Array]()
    for error in team:
        axis = error.axis or 0
        k, top = error.y.shape[axis], error.y.max(axis=axis, keepdims=True)
        hot: Array = np.asarray(error.y == top, dtype=float)
        e = (1 - top) * k / (k - 1)
        hard.append(hot)
        wider.append(hot * (1 - e) + (1 - hot) * e / (k - 1))
    yield "the labels are not smoothed", hard
    yield "the smoothing is shared among the k − 1 other classes, not among all k", wider


def _recorded(recorded: Recorded, team: Sequence[Error]) -> Iterator[tuple[str, list[Array]]]:
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

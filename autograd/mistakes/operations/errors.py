"""Finds gradients of the form dx = w (p − y), as of a cross-entropy: p is a softmax or a sigmoid of x, y the target.

The weight w is one number for each example, such as 1/n. The forward pass need not compute p: ln Σ eˣ − x[label] and
ln (1 + e^(−t x)), with t = ±1, have such gradients too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ... import table
from ...arrays.rules import ARRAYS
from ...programs.assignments import Array, Assignment, Constant, Contraction, Leaf
from ...programs.recorded import Recorded, once
from ...programs.reverse import Way
from ..edits import uses
from ..judged import largest
from .functions import Function, LogSoftmax, functions, softmax

__all__ = ["Error", "errors"]

MOST_WEIGHTS = 3  # the largest number of different weights of a sigmoid's examples; with more, the fit is chance
LEAST = 6  # the least number of entries of a gradient that is recognised by its numbers alone
CLOSE = 1e-9  # relative tolerance


@dataclass(frozen=True, eq=False)
class Error:
    """A gradient dx = w (p − y). The target y has the entries 0 and 1, or it is a distribution."""

    x: Assignment
    ways: tuple[Way, ...]  # the ways back to x
    place: object  # equal for all gradients that one line of source made
    axis: int | None  # the axis of the softmax; None for a sigmoid
    p: Array
    y: Array
    w: Array


@once
def errors(recorded: Recorded) -> tuple[Error, ...]:
    """Returns all gradients of this form: those of recorded softmaxes and sigmoids, then those found by the numbers."""
    of: dict[int, Error] = {}
    for function in functions(recorded):
        error = _of_function(recorded, function)
        if error is not None and (function.x.name or function.y.number not in of):
            of[function.y.number] = error
    flows = recorded.backward.flows
    for x in recorded.backward.order:
        if (x.name or isinstance(x, Contraction | Leaf)) and x.value.size >= LEAST:
            is_told = any(_is_near(flows[error.x.number], flows[x.number]) for error in of.values())
            error = None if is_told else _of_gradient(recorded, x)
            if error is not None:
                of[x.number] = error
    return tuple(of.values())


def _is_near(a: Array, b: Array) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=CLOSE, atol=CLOSE * largest(a))


def _of_function(recorded: Recorded, function: Function) -> Error | None:
    x, flow = function.x, recorded.backward.flows[function.y.number]
    place = function.y.place.at if function.y.place else function.y.number
    if function.is_softmax:
        p = np.exp(function.y.value) if isinstance(function, LogSoftmax) else function.y.value
        found = _shared_out(p, -flow * (1.0 if isinstance(function, LogSoftmax) else p), function.axis)
        return Error(x, function.inside, place, function.axis % p.ndim, p, *found) if found else None
    if function.op is not table.SIGMOID:
        return None
    p, dx = function.y.value, recorded.backward.flows[x.number]
    found = _of_two(p, dx) or _of_recorded(recorded, p, dx)
    return Error(x, function.inside, place, None, p, *found) if found else None


def _shared_out(p: Array, weighted: Array, axis: int) -> tuple[Array, Array] | None:
    """Returns y and w of a softmax if the cost is a cross-entropy, − Σ w y ln p; `weighted` is w y."""
    w = np.asarray(weighted.sum(axis=axis, keepdims=True))
    if not np.all(weighted >= 0.0) or not np.any(w):
        return None
    return np.divide(weighted, w, out=np.zeros_like(p), where=w > 0.0), w


def _of_two(p: Array, dx: Array, most: int = MOST_WEIGHTS) -> tuple[Array, Array] | None:
    """Returns y and w of a sigmoid, if there are few different weights."""
    y = np.asarray(dx < 0.0, dtype=float)
    w: Array = np.divide(dx, p - y, out=np.zeros_like(p), where=p != y)
    rounded = np.unique(np.round(w / (largest(w) or 1.0), 9))
    return (y, w) if len(rounded) <= most and np.any(w) else None


def _of_recorded(recorded: Recorded, p: Array, dx: Array) -> tuple[Array, Array] | None:
    """Returns y and w of a sigmoid with soft targets, such as smoothed labels: a constant or an input."""
    for array in recorded.program.assignments:
        if isinstance(array, Constant | Leaf) and array.shape == p.shape and not np.any(array.value == p):
            w = dx / (p - array.value)
            if np.ptp(w) <= CLOSE * largest(w):
                return array.value, w
    return None


def _of_gradient(recorded: Recorded, x: Assignment) -> Error | None:
    """Returns the error of an array x whose gradient has this form, with a target of 0 and 1."""
    dx, ways = recorded.backward.flows[x.number], tuple(uses(recorded).get(x.number, ()))
    if not np.all(np.isfinite(dx)) or not np.all(dx):
        return None
    place = x.place.at if x.place else x.number
    for axis in range(len(x.shape)):
        p = softmax(x.value, axis)
        w = (dx / p).max(axis=axis, keepdims=True)  # of the classes that are not the target
        y = p - dx / w
        if x.shape[axis] > 2 and np.all(w > 0) and np.allclose(y, np.rint(y), rtol=0, atol=CLOSE) and y.any():
            return Error(x, ways, place, axis, p, np.rint(y), w)
    p = np.asarray(table.SIGMOID.forward(ARRAYS, x.value))
    found = _of_two(p, dx, most=1)
    return Error(x, ways, place, None, p, *found) if found else None

"""Makes wrong slopes of a softmax, whose right slope is dx = p (g − Σ g p), and of its logarithm, dx = g − p Σ g.

p is the softmax and g the gradient that arrives. A part of the slope is left out or replaced, or p is the softmax of
another array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, Constant
from ...programs.reverse import Change
from ..edits import Edit, called, fixed, listed, nothing
from ..relatives import relatives
from .functions import Function, LogSoftmax, softmax

__all__ = ["log_softmax_mistakes", "softmax_mistakes", "softmaxes_of_others"]

Slope = Callable[[Array, Array, Array, Function], Array]  # (g, x, y, the function) -> a wrong dx


def softmax_mistakes(axis: int) -> Iterator[tuple[int, str, Slope]]:
    """Yields wrong slopes of a softmax, each with its rank and its text.

    The right one is dx = y (g − Σ g y), summed along the axis. A part of it is left out or replaced.
    """

    def total(values: Array) -> Array:
        return np.asarray(values.sum(axis=axis, keepdims=True))

    def right(g: Array, y: Array) -> Array:
        return y * (g - total(g * y))

    yield (2, "the softmax {y} is taken as a sigmoid, with the diagonal p (1 − p) alone: each of its outputs "
           "depends on every input, by −pᵢ pⱼ off the diagonal", lambda g, x, y, f: g * y * (1 - y))  # fmt: skip
    yield 2, "the sum in the slope of the softmax {y}, p (g − Σ g p), is missing", lambda g, x, y, f: g * y
    yield 2, "softmax′ is missing: the gradient of {y} is taken for that of {x}", lambda g, x, y, f: g
    yield (
        2,
        "the first factor p is missing in the slope of the softmax {y}, p (g − Σ g p)",
        lambda g, x, y, f: g - total(g * y),
    )
    yield (2, "the factor p is missing in the sum in the slope of the softmax {y}, p (g − Σ g p)",
           lambda g, x, y, f: y * (g - total(g)))  # fmt: skip
    yield (
        2,
        "the sum in the slope of the softmax {y} is added, not subtracted",
        lambda g, x, y, f: y * (g + total(g * y)),
    )
    yield (2, "the slope of the softmax {y} has only −pᵢ pⱼ: its diagonal pᵢ is missing",
           lambda g, x, y, f: -y * total(g * y))  # fmt: skip
    yield (2, "the sum in the slope of the softmax {y} runs over all of the array, not along its axis",
           lambda g, x, y, f: y * (g - (g * y).sum()))  # fmt: skip
    for other in range(-3, 0):
        if other != axis:
            yield (2, "the sum in the slope of the softmax {y} runs along another axis", partial(_along, other))
    yield (2, "the mean stands for the sum in the slope of the softmax {y}",
           lambda g, x, y, f: y * (g - total(g * y) / y.shape[axis]))  # fmt: skip
    yield 2, "the slope of the softmax {y} is applied twice", lambda g, x, y, f: right(right(g, y), y)
    yield 3, "{x} stands in the place of {y} in the slope of the softmax", lambda g, x, y, f: x * (g - total(g * x))
    yield 3, "p (p − 1) stands for the slope of the softmax {y}", lambda g, x, y, f: g * y * (y - 1)
    yield 3, "{x} (p − 1) stands for the slope of the softmax {y}", lambda g, x, y, f: g * x * (y - 1)
    yield 3, "{x} (1 − {x}) stands for the slope of the softmax {y}", lambda g, x, y, f: g * x * (1 - x)


def _along(axis: int, g: Array, x: Array, y: Array, f: Function) -> Array:
    if -axis > y.ndim:
        return np.full(y.shape, np.nan)  # there is no such axis
    return np.asarray(y * (g - (g * y).sum(axis=axis, keepdims=True)))


def log_softmax_mistakes(axis: int) -> Iterator[tuple[int, str, Slope]]:
    """Yields wrong slopes of a log softmax, each with its rank and its text.

    The right one is dx = g − p Σ g, summed along the axis. A part of it is left out or replaced.
    """

    def total(g: Array) -> Array:
        return np.asarray(g.sum(axis=axis, keepdims=True))

    yield 2, "the sum in the slope of the log softmax {y}, g − p Σ g, is missing", lambda g, x, y, f: g - np.exp(y)
    yield 2, "in the slope of the log softmax {y}, g − p Σ g, p is added", lambda g, x, y, f: g + np.exp(y)
    yield (
        2,
        "p Σ g is added in the slope of the log softmax {y}, g − p Σ g",
        lambda g, x, y, f: g + np.exp(y) * total(g),
    )
    yield 2, "p g stands for p Σ g in the slope of the log softmax {y}, g − p Σ g", lambda g, x, y, f: g - np.exp(y) * g
    yield 2, "p Σ g is missing in the slope of the log softmax {y}, g − p Σ g", lambda g, x, y, f: g
    yield 2, "the factor p is missing in the slope of the log softmax {y}, g − p Σ g", lambda g, x, y, f: g - total(g)
    yield 2, "g is missing in the slope of the log softmax {y}, g − p Σ g", lambda g, x, y, f: -np.exp(y) * total(g)
    yield (3, "{y} stands in the place of p in the slope of the log softmax {y}, g − p Σ g",
           lambda g, x, y, f: g - y * total(g))  # fmt: skip
    yield (3, "the slope of the softmax, p (g − Σ g p), stands for that of its logarithm {y}, g − p Σ g",
           lambda g, x, y, f: np.exp(y) * (g - total(g * np.exp(y))))  # fmt: skip


# ---- the softmax of another array


def softmaxes_of_others(team: Sequence[Function]) -> Iterator[Edit]:
    """Yields edits that take the softmax of an array that x is made of: before a temperature or a mask, for example.

    The gradient goes to x, or past it to that array.
    """
    for several in relatives([function.x for function in team], [function.x.shape for function in team]):
        to_x, past = Change(), Change()
        for function, other in zip(team, several, strict=True):
            rule = partial(_passed, function, softmax(other.value, function.axis))
            to_x = to_x.and_also(function.passing(rule))
            jump = {function.y.number: (other.number, rule)}
            past = past.and_also(Change(dict.fromkeys(function.inside, nothing(other.shape)), jumps=jump))
        x, y, at = (listed(map(called, of)) for of in ([f.x for f in team], [f.y for f in team], several))
        ways = [way for function in team for way in function.inside]
        text, rank = f"the softmax {y} is taken of {at} on the way back, not of {x}", 3 + (len(team) > 1)
        rank += not team[0].x.name
        yield fixed(to_x, text, rank, ways)
        if not any(isinstance(other, Constant) for other in several):  # no gradient goes to a constant
            yield fixed(past, f"{text}: what is between them, such as a mask, is left out", rank, ways)


def _passed(function: Function, p: Array, flow: Array) -> Array:
    if isinstance(function, LogSoftmax):
        return np.asarray(flow - p * flow.sum(axis=function.axis, keepdims=True))
    return np.asarray(p * (flow - (flow * p).sum(axis=function.axis, keepdims=True)))

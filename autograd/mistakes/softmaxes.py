"""Mistakes in the slope of a softmax, dx = p (g − Σ g p), and of its logarithm, dx = g − p Σ g."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ..programs.assignments import Array
from .functions import Function

__all__ = ["log_softmax_mistakes", "softmax_mistakes"]

Slope = Callable[[Array, Array, Array, Function], Array]  # of (g, x, y, the function): what stands for dx


def softmax_mistakes(axis: int) -> Iterator[tuple[int, str, Slope]]:
    """dx = y (g − Σ g y), the sum along the axis, with a part of it left out or replaced."""

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
    """dx = g − p Σ g, the sum along the axis, with a part of it left out or replaced."""

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

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
from ..edits import Edit, called, fixed, listed
from ..relatives import relatives
from ..rules import instead
from .functions import Function, LogSoftmax, softmax

__all__ = ["log_softmax_mistakes", "softmax_mistakes", "softmaxes_of_others"]

Slope = Callable[[Array, Array, Array], Array]  # (g, x, y) -> a wrong dx


def softmax_mistakes(axis: int) -> Iterator[tuple[int, str, Slope]]:
    """Yields wrong slopes of a softmax, each with its rank and its text.

    The right one is dx = y (g − Σ g y), summed along the axis. A part of it is left out or replaced.
    """

    def total(values: Array) -> Array:
        return np.asarray(values.sum(axis=axis, keepdims=True))

    def right(g: Array, y: Array) -> Array:
        return y * (g - total(g * y))

    yield (2, f"{GRADIENT} is computed as g p (1 − p), as for a sigmoid: it should be p (g − Σ g p), with g the "
           "incoming gradient, because each output of a softmax depends on every input",
           lambda g, x, y: g * y * (1 - y))  # fmt: skip
    yield (3, f"{GRADIENT} is computed as g (1 − p): it should be p (g − Σ g p), with g the incoming gradient",
           lambda g, x, y: g * (1 - y))  # fmt: skip
    yield 2, f"the sum is missing in {THROUGH}", lambda g, x, y: g * y
    yield (2, f"{GRADIENT} is computed as p − g, as if the incoming gradient g were the labels of a cross-entropy: it "
           "should be p (g − Σ g p)", lambda g, x, y: y - g)  # fmt: skip
    yield 2, "softmax′ is missing: the gradient of {y} is passed back to {x} unchanged", lambda g, x, y: g
    yield 2, f"the first factor p is missing in {THROUGH}", lambda g, x, y: g - total(g * y)
    yield 2, f"the factor p of the first term, p g, is missing in {THROUGH}", lambda g, x, y: g - y * total(g * y)
    yield 2, f"the factor p inside the sum is missing in {THROUGH}", lambda g, x, y: y * (g - total(g))
    yield 2, f"the sum is added, not subtracted, in {THROUGH}", lambda g, x, y: y * (g + total(g * y))
    yield (3, f"the term p g, from the diagonal of the Jacobian matrix, is missing in {THROUGH}",
           lambda g, x, y: -y * total(g * y))  # fmt: skip
    yield (2, f"the entries of the Jacobian matrix are p_i (1 − p_j) off the diagonal too in {THROUGH}: they are "
           "−p_i p_j there", lambda g, x, y: y * (total(g) - total(g * y)))  # fmt: skip
    yield (
        2,
        f"the sum is over the whole array, not along its axis, in {THROUGH}",
        lambda g, x, y: y * (g - (g * y).sum()),
    )
    for other in range(-3, 0):
        if other != axis:
            yield 2, f"the sum is along the wrong axis in {THROUGH}", partial(_along, other)
    yield (
        2,
        f"a mean is used instead of the sum in {THROUGH}",
        lambda g, x, y: y * (g - total(g * y) / y.shape[axis]),
    )
    yield 3, f"the result is multiplied by g once more in {THROUGH}", lambda g, x, y: g * right(g, y)
    yield 2, "softmax′({x}) is applied twice", lambda g, x, y: right(right(g, y), y)
    for entry, slope in (
        ("p_i (δ_ij − p_i)", lambda g, x, y: y * (g - y * total(g))),
        ("p_j (δ_ij − p_j)", lambda g, x, y: y * g - total(g * y * y)),
    ):
        yield 3, f"the entries of the Jacobian matrix are {entry}, not p_i (δ_ij − p_j), in {THROUGH}", slope
    for k, which in ((0, "first"), (-1, "last")):
        text = f"the p of the {which} example is used for every example in {THROUGH}"
        yield 3, text, partial(_of_one_example, axis, k)
    yield 3, f"{{x}} is used instead of p in {THROUGH}", lambda g, x, y: x * (g - total(g * x))
    yield (3, f"{{x}} is used instead of p_j in the entries p_i (δ_ij − p_j) of the Jacobian matrix, in {THROUGH}",
           lambda g, x, y: y * g - x * total(g * y))  # fmt: skip
    for k, which, line in ((-1, "last", "column"), (0, "first", "column"), (-1, "last", "row"), (0, "first", "row")):
        for of_x, also in ((False, ""), (True, ", and {x} is used instead of p_j,")):
            text = f"only the {which} {line} of the Jacobian matrix p_i (δ_ij − p_j) is kept{also} in {THROUGH}"
            yield 4, text, partial(_one_line, axis, k, line == "row", of_x)
    yield (3, f"{{x}} is used instead of p inside the sum in {THROUGH}",
           lambda g, x, y: y * (g - total(g * x)))  # fmt: skip
    yield (3, f"the softmax of the incoming gradient is used instead of p in {THROUGH}",
           lambda g, x, y: right(g, softmax(g, axis)))  # fmt: skip
    for written, slope in WRONG_SLOPES:
        yield (
            3,
            f"{GRADIENT} is computed as g {written}: it should be p (g − Σ g p), with g the incoming gradient",
            slope,
        )


GRADIENT = "the gradient through the softmax {p_is_y}"
THROUGH = f"{GRADIENT} (the right one is p (g − Σ g p), with g the incoming gradient)"
WRONG_SLOPES: tuple[tuple[str, Slope], ...] = (
    ("p (p − 1)", lambda g, x, y: g * y * (y - 1)),
    ("(1 − p)", lambda g, x, y: g * (1 - y)),
    ("{x} (p − 1)", lambda g, x, y: g * x * (y - 1)),
    ("{x} (1 − {x})", lambda g, x, y: g * x * (1 - x)),
    ("e^{x}", lambda g, x, y: g * np.exp(x)),
)


def _of_one_example(axis: int, k: int, g: Array, x: Array, y: Array) -> Array:
    """Returns the slope with the softmax of the k-th example; the examples lie along the first other axis."""
    if y.ndim == 1:
        return np.full(y.shape, np.nan)  # there is one example
    p = np.take(y, [k], axis=1 if axis in (0, -y.ndim) else 0)
    return np.asarray(p * (g - (g * p).sum(axis=axis, keepdims=True)))


def _one_line(axis: int, k: int, is_row: bool, of_x: bool, g: Array, x: Array, y: Array) -> Array:
    """Returns g times one column, or one row, of the matrix p_i (δ_ij − q_j); q is the softmax p, or x.

    This is what remains where every step of a loop over i, or over j, writes to the same entry.
    """
    q, at = (x if of_x else y), [k % y.shape[axis]]
    here = np.moveaxis(np.zeros(y.shape), axis, -1)
    here[..., at] = 1.0
    there = np.moveaxis(here, -1, axis)
    if is_row:
        return np.asarray(g * np.take(y, at, axis=axis) * (there - q))
    return np.asarray(g * y * (there - np.take(q, at, axis=axis)))


def _along(axis: int, g: Array, x: Array, y: Array) -> Array:
    if -axis > y.ndim:
        return np.full(y.shape, np.nan)  # there is no such axis
    return np.asarray(y * (g - (g * y).sum(axis=axis, keepdims=True)))


def log_softmax_mistakes(axis: int) -> Iterator[tuple[int, str, Slope]]:
    """Yields wrong slopes of a log softmax, each with its rank and its text.

    The right one is dx = g − p Σ g, summed along the axis. A part of it is left out or replaced.
    """

    def total(g: Array) -> Array:
        return np.asarray(g.sum(axis=axis, keepdims=True))

    yield 2, f"the sum is missing in {THROUGH_LOG}", lambda g, x, y: g - np.exp(y)
    yield 2, f"the sum is missing in {THROUGH_LOG}, and p is added, not subtracted", lambda g, x, y: g + np.exp(y)
    yield 2, f"p Σ g is added, not subtracted, in {THROUGH_LOG}", lambda g, x, y: g + np.exp(y) * total(g)
    yield 2, f"p g is used instead of p Σ g in {THROUGH_LOG}", lambda g, x, y: g - np.exp(y) * g
    yield 2, f"p Σ g is missing in {THROUGH_LOG}", lambda g, x, y: g
    yield 2, f"the factor p is missing in {THROUGH_LOG}", lambda g, x, y: g - total(g)
    yield 2, f"the first term g is missing in {THROUGH_LOG}", lambda g, x, y: -np.exp(y) * total(g)
    yield 3, f"{{y}} is used instead of p in {THROUGH_LOG}", lambda g, x, y: g - y * total(g)
    yield 3, f"Σ g y, with y the output, is used instead of p Σ g in {THROUGH_LOG}", lambda g, x, y: g - total(g * y)
    yield (3, f"Σ g p is used instead of p Σ g, as if p belonged to the sum, in {THROUGH_LOG}",
           lambda g, x, y: g - total(g * np.exp(y)))  # fmt: skip
    yield (3, f"p (g − Σ g p), the gradient through the softmax, is used instead of {THROUGH_LOG}",
           lambda g, x, y: np.exp(y) * (g - total(g * np.exp(y))))  # fmt: skip


THROUGH_LOG = (
    "the gradient through the log softmax {y} (the right one is g − p Σ g, with g the incoming gradient, and p the "
    "softmax)"
)


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
            jump = {(function.y.number, other.number): rule}
            none = dict.fromkeys(function.inside, partial(instead, np.zeros(other.shape)))
            past = past.and_also(Change(none, jumps=jump))
        x, y, at = (listed(map(called, of)) for of in ([f.x for f in team], [f.y for f in team], several))
        ways = [way for function in team for way in function.inside]
        right = f"{y} is the log softmax of {x}" if isinstance(team[0], LogSoftmax) else f"{y} is that of {x}"
        text, rank = f"the backward pass uses the softmax of {at}", 3 + (len(team) > 1)
        rank += not team[0].x.name
        yield fixed(to_x, f"{text}; {right}", rank, ways)
        if not any(isinstance(other, Constant) for other in several):  # no gradient goes to a constant
            yield fixed(past, f"{text}, and skips the operations from {at} to {x}, such as a mask; {right}", rank, ways)


def _passed(function: Function, p: Array, flow: Array) -> Array:
    if isinstance(function, LogSoftmax):
        return np.asarray(flow - p * flow.sum(axis=function.axis, keepdims=True))
    return np.asarray(p * (flow - (flow * p).sum(axis=function.axis, keepdims=True)))

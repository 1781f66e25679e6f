"""Mistakes in the derivative of the cost, as edits of a network's backward pass: another array, or other targets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd import table
from autograd.arrays.rules import ARRAYS
from autograd.mistakes.edits import Edit, fixed
from autograd.mistakes.rules import instead
from autograd.programs.reverse import Change, Way

from ...costs import Cost
from ...notation import name
from ..forward_pass import ForwardPass
from ..words.factors import SQUARES
from ..words.network_words import NetworkWords
from .at_the_softmax import at_the_softmax, softmax_and_targets
from .cross_entropy import CROSS_ENTROPY, terms
from .scaled import KIND, is_a_multiple, times

__all__ = ["at_the_cost", "slope_of_sigmoid"]

Array = NDArray[np.float64]


def at_the_cost(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits that put another array in the place of ∇ₐC, or of δᴸ."""
    cost, last, scale = forward.closed.formula, forward.layers[-1], forward.scale
    a, y = last.a.value, forward.y
    nabla = forward.nabla
    if cost.squash == "σ" or cost is CROSS_ENTROPY:
        yield from _of_the_terms(forward, words)
    for text, value in (*_instead_of_nabla(cost, a, y, nabla), *_with_other_targets(cost, a, y, nabla)):
        if not is_a_multiple(value, nabla):
            yield times(last.a.number, value * scale, text, words)
    if last.a is not last.z:
        text = f"∇ₐC is {cost.nabla_written}, not z − y, with the outputs before σ"
        yield times(last.a.number, (last.z.value - y) * scale, text, words)
    yield from at_the_softmax(forward, words)
    if cost.squash == "σ":
        yield _constant(forward)
    if cost.squash:
        yield _smoothed(forward)
    for t in sorted({scale, 1.0}) if nabla.size > 1 else ():  # not fitted: any number would be such a mean
        mean = np.full(nabla.shape, t * nabla.mean())
        text = "one number, the mean of all errors, is passed back for every output"
        yield fixed(Change(at={last.a.number: partial(instead, mean)}), text, 4, kind=KIND)
    if last.a is not last.z:
        text = f"in layer {last.number}: the formula for σ′ is applied to the targets y, not to a"
        yield fixed(Change(rules={Way(last.a.number, 0): partial(np.multiply, last.formula(y))}), text, 3, kind=KIND)
    if cost.squash and last.a is not last.z:
        yield times(last.z.number, (a - y) * scale,
                     f"{name('δ', len(forward.layers))} is computed as a − y, which is right only with "
                     f"output=\"linear\": {cost.name} takes logits and applies the {cost.squash} itself",
                     words)  # fmt: skip


def _instead_of_nabla(cost: Cost, a: Array, y: Array, nabla: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs: a text, and the wrong array that it describes, which people put in the place of ∇ₐCₓ; (n, nᴸ)."""
    if cost.name not in SQUARES:
        yield f"∇ₐC is {cost.nabla_written} for this cost, not a − y", a - y
    if cost.squash:
        p, p_written = nabla + y, "p" if cost.squash == "softmax" else "σ(a)"
        cancelled = f"δ = {p_written} − y contains the derivative of {cost.squash} already, and it is applied again as "
        yield f"{cancelled}{p_written} (1 − {p_written})", nabla * p * (1 - p)
        yield f"{cancelled}1 − {p_written}", nabla * (1 - p)
        yield (f"the slope {p_written} (1 − {p_written}) alone is passed back: ∇ₐC is {cost.nabla_written}, which is "
               f"∂C/∂{p_written} times this slope"), p * (1 - p)  # fmt: skip
        yield f"{cancelled}{p_written}", nabla * p
        for slope, by in _slopes_of_logits(a):
            yield (
                f"δ = {p_written} − y contains the derivative of {cost.squash} already, and is multiplied by {slope}",
                nabla * by,
            )
        if cost.squash == "softmax":
            yield f"{cancelled}its Jacobian matrix", p * (nabla - (nabla * p).sum(axis=1, keepdims=True))
        yield f"y is missing: ∇ₐC is {cost.nabla_written}, not {p_written}", p
        yield f"the square ({cost.nabla_written})² is passed back: ∇ₐC is {cost.nabla_written}", nabla**2
        yield from softmax_and_targets(a, y) if cost.squash == "softmax" else ()
        yield f"the magnitude |{cost.nabla_written}| is passed back: ∇ₐC is {cost.nabla_written}", np.abs(nabla)
        with np.errstate(all="ignore"):
            if cost.squash == "σ":
                slope = "the derivative of σ is taken as {}, not p (1 − p), with p = σ(a)"
                yield slope.format("1 − p"), nabla / p
                yield slope.format("p"), nabla / (1 - p)
                constant = "σ(a) is computed as e^a / e^(1 + a), which is 1/e for every a: it is e^a / (1 + e^a)"
                yield constant, 1 / np.e - y
            yield f"∇ₐC is {cost.nabla_written}, not −y/{p_written}, the derivative by the probabilities", -y / p
            by_p = ", the derivative by the probabilities" * (cost.squash != "softmax")
            yield (f"∇ₐC is {cost.nabla_written}, not ({p_written} − y)/({p_written} (1 − {p_written})){by_p}",
                   nabla / (p * (1 - p)))  # fmt: skip
    yield f"y is missing: ∇ₐC is {cost.nabla_written}, not a", a
    yield f"a is missing: ∇ₐC is {cost.nabla_written}, not y", y
    yield f"the square (a − y)² is passed back, not its derivative: ∇ₐC is {cost.nabla_written}", (a - y) ** 2
    yield f"the magnitude |a − y| is passed back: ∇ₐC is {cost.nabla_written}", np.abs(a - y)
    with_sign = "the square with the sign of the error, (a − y) |a − y|, is passed back, not the derivative of the cost"
    yield f"{with_sign}: ∇ₐC is {cost.nabla_written}", (a - y) * np.abs(a - y)
    if not cost.squash:
        yield f"the cube (a − y)³ is passed back: ∇ₐC is {cost.nabla_written}", (a - y) ** 3
        yield f"a − y is clipped to ±1, as for a Huber loss: ∇ₐC is {cost.nabla_written}", np.clip(a - y, -1.0, 1.0)
        yield f"a is rounded to 0 or 1: ∇ₐC is {cost.nabla_written}", np.round(a) - y
    if cost.name == "hinge":
        yield "the margin is y a < 1 in this cost, not y a < 0", np.where(y * a < 0, -y, 0.0)
    if np.all(y):
        yield f"({cost.nabla_written})/y, a relative error, is passed back: ∇ₐC is {cost.nabla_written}", nabla / y
    yield f"the sum a + y is passed back: ∇ₐC is {cost.nabla_written}", a + y
    yield f"only the sign of a − y is passed back: ∇ₐC is {cost.nabla_written}", np.sign(a - y)


def slope_of_sigmoid(x: Array) -> Array:
    """Returns the derivative of the sigmoid, whatever the network's σ is."""
    return np.asarray(table.SIGMOID.slope(ARRAYS, table.SIGMOID.forward(ARRAYS, x), (x,), 0))


def _slopes_of_logits(a: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs of a text and an array: derivatives of activations at the logits, which need none."""
    yield "sigmoid′(z)", slope_of_sigmoid(a)
    yield "1 − tanh(z)²", 1 - np.tanh(a) ** 2
    yield "relu′(z)", np.where(a > 0, 1.0, 0.0)
    yield "z (1 − z)", a * (1 - a)


def _of_the_terms(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits in which a term of the derivative by the probabilities, −y/p + (1 − y)/(1 − p), is wrong.

    In a cost of logits, it is multiplied by the slope p (1 − p) of the sigmoid.
    """
    cost, number = forward.closed.formula, forward.layers[-1].a.number
    of_logits = cost.squash == "σ"
    p = forward.probabilities if of_logits else forward.layers[-1].a.value
    told = "σ(a)" if of_logits else "a"
    right = f"∂C/∂{told} is −y/{told} + (1 − y)/(1 − {told})"
    for text, of_p in terms(p, forward.y):
        value, said = of_p * (p * (1 - p) if of_logits else 1.0), f"{text.format(p=told)}: {right}"
        yield fixed(Change(at={number: partial(instead, value * forward.scale)}), said, 3, kind=KIND)
        yield times(number, value * forward.scale, said, words, rank=4)


def _with_other_targets(cost: Cost, a: Array, y: Array, nabla: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs as `_instead_of_nabla` does, for other targets, or for a part of the classes."""
    reshaped = y.reshape(y.shape[::-1]).T, y.T.reshape(y.shape)
    for which, others in (
        ("y of the next example", np.roll(y, -1, axis=0)),
        ("y of the example before", np.roll(y, 1, axis=0)),
        ("y of the examples in reverse order", y[::-1]),
        ("y of the outputs in reverse order", y[:, ::-1]),
        *(("y that is reshaped, but should be transposed", others) for others in reshaped),
        (
            "the mean of y over the examples, as where a y of shape (n,) stands beside an a of shape (n, 1)",
            np.broadcast_to(y.mean(axis=0), y.shape),
        ),
    ):
        if not np.array_equal(others, y):
            yield (
                f"∇ₐC is computed with {which}",
                nabla + y - others if cost.squash else cost.gradients(a.T, others.T).T,
            )
    is_hot = np.array_equal(y, y**2) and np.all(y.sum(axis=1) == 1)
    if is_hot and y.shape[1] > 1:
        right_alone = "∇ₐC is computed for the right class alone: the other outputs have a gradient too"
        if cost.squash == "softmax":
            right_alone = (
                "∇ₐC is computed for the right class alone, as if the Jacobian matrix of the softmax were its diagonal "
                f"p (1 − p): the whole matrix gives {cost.nabla_written}"
            )
        yield right_alone, nabla * y
        yield (
            "∇ₐC is computed for the wrong classes alone: the output of the right class has a gradient too",
            (nabla * (1 - y)),
        )


def _constant(forward: ForwardPass) -> Edit:
    """Returns an edit in which the probability is one number t for all examples."""
    number, y, scale = forward.layers[-1].a.number, forward.y, forward.scale
    return Edit(
        lambda t: Change(at={number: partial(instead, (t - y) * scale)}),
        lambda t: f"σ(a) is {t:.6g} for every example: it does not depend on x and the weights",
        4,
        fitted=True,
        kind=KIND,
    )


def _smoothed(forward: ForwardPass) -> Edit:
    """Returns an edit in which the targets are smoothed towards their mean over the classes by the share t."""
    number, y, scale = forward.layers[-1].a.number, forward.y, forward.scale
    even = 1 / y.shape[1] if forward.closed.formula.squash == "softmax" else 0.5
    return Edit(
        lambda t: Change(at={number: partial(np.add, t * (y - even) * scale)}),
        lambda t: f"the targets are smoothed: {1 - t:.6g} y + {t * even:.6g} is used instead of y",
        4,
        fitted=True,
        kind=KIND,
    )

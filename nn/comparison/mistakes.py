"""Mistakes that only a network with a cost can have, as edits of its backward pass.

They are mistakes at the cost, with the examples, in the forward pass, and in the order of updates. The mistakes that
any backward pass can have are in `autograd.mistakes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.arrays.rules import ARRAYS
from autograd.mistakes.edits import Edit, fixed
from autograd.mistakes.judged import Given
from autograd.programs.assignments import Map
from autograd.programs.reverse import Change, Rule, Way

from .. import closed_form
from ..costs import Cost
from ..notation import name
from .factors import SQUARES
from .forward_pass import ForwardPass, Layer
from .words import NetworkWords

__all__ = ["mistakes"]

Array = NDArray[np.float64]
MOST_EXAMPLES = 100  # in a larger batch, a gradient of one example alone is not looked for: it takes too long
LEAST_RATE = 1e-6
KIND = "network"  # the kind of edits whose text is in the words of the notes already


def mistakes(forward: ForwardPass, words: NetworkWords, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields an edit of the backward pass for each mistake of this file that this network can have."""
    yield from _at_the_cost(forward, words)
    yield from _of_the_error(forward)
    yield from _errors_passed_back(forward)
    yield from _examples(forward)
    yield from _without_biases(forward)
    yield from _updated(forward, wrong)


# ---- the cost's slope


def _at_the_cost(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits that put another array in the place of ∇ₐC, or of δᴸ."""
    cost, last, scale = forward.closed.formula, forward.layers[-1], forward.scale
    a, y = last.a.value, forward.y
    nabla = forward.recorded.backward.flows[last.a.number] / scale
    for text, value in (*_instead_of_nabla(cost, a, y, nabla), *_with_other_targets(cost, a, y, nabla)):
        yield _times(last.a.number, value * scale, text, words)
    if cost.squash and last.a is not last.z:
        yield _times(last.z.number, (a - y) * scale,
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
        yield f"{cancelled}{p_written}", nabla * p
        if cost.squash == "softmax":
            yield f"{cancelled}its Jacobian matrix", p * (nabla - (nabla * p).sum(axis=1, keepdims=True))
        yield f"y is missing: ∇ₐC is {cost.nabla_written}, not {p_written}", p
        yield f"the square ({cost.nabla_written})² is passed back: ∇ₐC is {cost.nabla_written}", nabla**2
        yield f"the magnitude |{cost.nabla_written}| is passed back: ∇ₐC is {cost.nabla_written}", np.abs(nabla)
        with np.errstate(all="ignore"):
            yield f"∇ₐC is {cost.nabla_written}, not −y/{p_written}, the derivative by the probabilities", -y / p
            yield (f"∇ₐC is {cost.nabla_written}, not ({p_written} − y)/({p_written} (1 − {p_written})), the "
                   "derivative by the probabilities"), nabla / (p * (1 - p))  # fmt: skip
    yield f"y is missing: ∇ₐC is {cost.nabla_written}, not a", a
    yield f"the square (a − y)² is passed back, not its derivative: ∇ₐC is {cost.nabla_written}", (a - y) ** 2
    yield f"the magnitude |a − y| is passed back: ∇ₐC is {cost.nabla_written}", np.abs(a - y)
    yield f"the sum a + y is passed back: ∇ₐC is {cost.nabla_written}", a + y
    yield f"only the sign of a − y is passed back: ∇ₐC is {cost.nabla_written}", np.sign(a - y)


def _with_other_targets(cost: Cost, a: Array, y: Array, nabla: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs as `_instead_of_nabla` does, for other targets, or for a part of the classes."""
    for which, others in (("the next example", np.roll(y, -1, axis=0)), ("the example before", np.roll(y, 1, axis=0)),
                          ("the examples in reverse order", y[::-1])):  # fmt: skip
        if not np.array_equal(others, y):
            yield f"∇ₐC is computed with y of {which}", cost.gradients(a.T, others.T).T
    is_hot = np.array_equal(y, y**2) and np.all(y.sum(axis=1) == 1)
    if is_hot and y.shape[1] > 1:
        yield "∇ₐC is computed for the right class alone: the other outputs have a gradient too", nabla * y
        yield (
            "∇ₐC is computed for the wrong classes alone: the output of the right class has a gradient too",
            (nabla * (1 - y)),
        )


def _times(number: int, value: Array, text: str, words: NetworkWords) -> Edit:
    """Returns an edit that puts t · value in the place of the gradient of the array `number`; t is a factor to fit."""
    return Edit(
        lambda t: Change(at={number: lambda flow: t * value}),
        lambda t: text if abs(t - 1) < 1e-9 else f"{text}, and also the gradient is multiplied by {words.factor(t)}",
        3,
        fitted=True,
        kind=KIND,
    )


# ---- the error in the place of the output, or of δ


def _of_the_error(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits that apply the formula of σ′ to the error e = ∂C/∂a, in one layer or in all.

    For a sigmoid they give δ = e (1 − e), or e ∘ e (1 − e). If the mean's 1/n comes later, e is n times as large.
    """
    whole, layers = 1 / forward.scale, [layer for layer in forward.layers if layer.a is not layer.z]
    for several in [*([layer] for layer in layers), *([layers] if len(layers) > 1 else [])]:
        where = f"in layer {several[0].number}" if len(several) == 1 else "in every layer"
        for times, scale in ((False, 1.0), (False, whole), (True, whole)):  # autograd.mistakes has (True, 1.0)
            rules = {Way(layer.a.number, 0): partial(_formula, layer, times, scale) for layer in several}
            used = "e ∘ the result is" if times else "the result is"
            text = f"{where}: the formula for σ′ is applied to the error e = ∂C/∂a, not to a, and {used} used as δ"
            yield fixed(Change(rules=rules), text, 3 + (not times) + (len(several) > 1), kind=KIND)


def _formula(layer: Layer, times: bool, scale: float, flow: Array) -> Array:
    assert isinstance(layer.a, Map)
    e, others = flow * scale, [operand.value for operand in layer.a.operands[1:]]
    slope = np.broadcast_to(layer.a.op.slope(ARRAYS, e, (e, *others), 0), e.shape)
    return (e * slope if times else slope) / scale


def _errors_passed_back(forward: ForwardPass) -> Iterator[Edit]:
    """Yields an edit in which BP2 passes ∂C/∂a back instead of δ in every layer, so that σ′(z) is missing there.

    Yields nothing if fewer than two layers after the first have an activation other than linear.
    """
    layers = [layer for layer in forward.layers[1:] if layer.a is not layer.z]
    if len(layers) > 1:
        nothing = {Way(layer.product.number, 0): partial(_nothing, layer) for layer in layers}
        jumps = {layer.a.number: (layer.before.number, partial(_through_weights, layer)) for layer in layers}
        text = "in every layer: BP2 passes ∂C/∂a back, not δ, so σ′(z) is missing in BP2 only"
        yield fixed(Change(rules=nothing, jumps=jumps), text, 4, kind=KIND)


def _through_weights(layer: Layer, flow: Array) -> Array:
    return flow @ layer.W.value


def _nothing(layer: Layer, flow: Array) -> Array:
    return np.zeros(layer.before.shape)


# ---- the examples, the forward pass, the order of updates


def _examples(forward: ForwardPass) -> Iterator[Edit]:
    """Yields two edits for each example of a batch, and for the first and the last k: they alone count.

    Each counts with its share of C, or C is the mean over them. Nothing is yielded for more than MOST_EXAMPLES.
    """
    n, outputs = forward.n, forward.layers[-1].a.number
    for some in _some(n) if 1 < n <= MOST_EXAMPLES else ():
        for factor in (1.0, n / len(some)):
            rows = np.where(np.isin(np.arange(n), some), factor, 0.0)[:, None]
            yield fixed(Change(at={outputs: partial(np.multiply, rows)}), "", 4, kind="example", data=(some, factor))


def _some(n: int) -> Iterator[range]:
    """Yields each of n examples alone, then the first k and the last k examples, for each k."""
    yield from (range(k, k + 1) for k in range(n))
    for k in range(2, n):
        yield from (range(k), range(n - k, n))


def _without_biases(forward: ForwardPass) -> Iterator[Edit]:
    closed = forward.closed
    if any(biases.any() for biases in closed.biases):
        none = [np.zeros_like(biases) for biases in closed.biases]
        made = closed_form.columns(closed.weights, none, forward.x.T, forward.y.T, closed.activations,
                                   cost=closed.formula, own=closed.own, over=closed.over)  # fmt: skip
        at: dict[int, Rule] = {}
        for layer, dW, db, delta in zip(forward.layers, made.dW, made.db, made.delta, strict=True):
            for array, gradient in ((layer.W, dW), (layer.b, db), (layer.z, delta.T)):
                at[array.number] = partial(_instead, gradient)
        yield fixed(Change(at=at), "the biases are missing from the forward pass", 4, kind=KIND)


def _instead(by: Array, flow: Array) -> Array:
    return by


def _updated(forward: ForwardPass, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields the edit in which each layer's weights are updated before BP2 uses them for the layer below.

    Yields nothing unless a learning rate above LEAST_RATE is found.
    """
    rate = _learning_rate(forward, wrong)
    if rate > LEAST_RATE:
        rules = {Way(layer.product.number, 0): partial(_moved, layer, rate) for layer in forward.layers[1:]}
        text = (
            f"BP2 uses weights that were already updated (learning rate {rate:.6g}): compute every δ first, then update"
        )
        yield fixed(Change(rules=rules), text, 2, kind=KIND)


def _moved(layer: Layer, rate: float, flow: Array) -> Array:
    return flow @ (layer.W.value - rate * (flow.T @ layer.before.value))


def _learning_rate(forward: ForwardPass, wrong: Sequence[Given]) -> float:
    """Returns the learning rate with which updated weights best explain a wrong array of layer L − 1; 0 for none.

    The array depends on the rate linearly, so least squares finds the rate.
    """
    if len(forward.layers) < 2:
        return 0.0
    last, before = forward.layers[-1], forward.layers[-2]
    made = forward.recorded.backward.replaced(Change(rules={Way(last.product.number, 0): partial(_moved, last, 1.0)}))
    for given in wrong:
        number = given.assignment.number
        if number in (before.W.number, before.b.number, before.z.number) and number in made:
            slope, off = made[number] - given.right, given.array - given.right
            size = float(np.max(np.abs(slope), initial=0.0))
            if size and given.array.shape == slope.shape and not _is_multiple(given.array, given.right):
                return float(np.sum(off / size * (slope / size)) / np.sum((slope / size) ** 2))
    return 0.0


def _is_multiple(mine: Array, right: Array) -> bool:
    """Returns whether `mine` is a multiple of `right`, or `right` is 0. A rate would fit to that by chance."""
    size = float(np.max(np.abs(right), initial=0.0))
    if not size:
        return True
    scaled = right / size
    factor = float(np.sum(mine / size * scaled) / np.sum(scaled**2))
    return bool(np.allclose(mine / size, factor * scaled, rtol=1e-9, atol=1e-12))

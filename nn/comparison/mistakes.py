"""Mistakes that only a network with a cost can have, as edits of its backward pass.

They are mistakes at the error, with the examples, in the forward pass, and in the order of updates. The mistakes that
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
from .at_the_cost import KIND, at_the_cost
from .forward_pass import ForwardPass, Layer
from .words import NetworkWords

__all__ = ["mistakes"]

Array = NDArray[np.float64]
MOST_EXAMPLES = 100  # in a larger batch, a gradient of one example alone is not looked for: it takes too long
LEAST_RATE = 1e-6


def mistakes(forward: ForwardPass, words: NetworkWords, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields an edit of the backward pass for each mistake of this file that this network can have."""
    yield from at_the_cost(forward, words)
    yield from _of_the_error(forward)
    yield from _errors_passed_back(forward)
    yield from _with_the_bias_for_a_weight(forward)
    yield from _examples(forward)
    yield from _without_biases(forward)
    yield from _updated(forward, wrong)


# ---- the error in the place of the output, or of δ


def _of_the_error(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits that apply the formula of σ′ to the error e = ∂C/∂a, in one layer or in all.

    For a sigmoid they give δ = e (1 − e), or e ∘ e (1 − e). If the mean's 1/n comes later, e is n times as large. Other
    edits take σ′(e) as δ.
    """
    whole, layers = 1 / forward.scale, [layer for layer in forward.layers if layer.a is not layer.z]
    for where, several in _together(forward, layers):
        for times, scale in ((False, 1.0), (False, whole), (True, whole)):  # autograd.mistakes has (True, 1.0)
            rules = {Way(layer.a.number, 0): partial(_formula, layer, times, scale) for layer in several}
            used = "e ∘ the result is" if times else "the result is"
            text = f"{where}: the formula for σ′ is applied to the error e = ∂C/∂a, not to a, and {used} used as δ"
            yield fixed(Change(rules=rules), text, 3 + (not times) + (len(several) > 1), kind=KIND)
        for scale in dict.fromkeys((1.0, whole)):
            rules = {Way(layer.a.number, 0): partial(_at_the_error, layer, scale) for layer in several}
            text = f"{where}: σ′ of the error, σ′(∂C/∂a), is used as δ, not ∂C/∂a ∘ σ′(z)"
            yield fixed(Change(rules=rules), text, 4 + (len(several) > 1), kind=KIND)


def _together(forward: ForwardPass, layers: Sequence[Layer]) -> Iterator[tuple[str, Sequence[Layer]]]:
    """Yields pairs of a text and layers that may share a mistake: each alone, all, and all but the network's last."""
    yield from ((f"in layer {layer.number}", [layer]) for layer in layers)
    hidden = [layer for layer in layers if layer is not forward.layers[-1]]
    for several in (layers, hidden)[: 1 + (len(hidden) < len(layers))]:
        if len(several) > 1:
            yield f"in every layer{' but the last' * (several is hidden or len(hidden) == len(layers))}", several


def _formula(layer: Layer, times: bool, scale: float, flow: Array) -> Array:
    assert isinstance(layer.a, Map)
    e, others = flow * scale, [operand.value for operand in layer.a.operands[1:]]
    slope = np.broadcast_to(layer.a.op.slope(ARRAYS, e, (e, *others), 0), e.shape)
    return (e * slope if times else slope) / scale


def _at_the_error(layer: Layer, scale: float, flow: Array) -> Array:
    assert isinstance(layer.a, Map)
    e, others = flow * scale, [operand.value for operand in layer.a.operands[1:]]
    values = (e, *others)
    slope = layer.a.op.slope(ARRAYS, layer.a.op.forward(ARRAYS, *values), values, 0)
    return np.broadcast_to(slope, e.shape) / scale


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


def _with_the_bias_for_a_weight(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits for biases and weights in one matrix, such as (b W), of whose product with δ a wrong entry is cut.

    The entry of the bias is to be cut; its column is taken for that of a neuron if the entry at the other end is cut.
    """
    layers = forward.layers[1:]
    for several in [*([layer] for layer in layers), *([layers] if len(layers) > 1 else [])]:
        where = f"in layer {several[0].number - 1}" if len(several) == 1 else "in every layer but the last"
        for stacked, cut, of in ((_bias_first, "last", "first"), (_bias_last, "first", "last")):
            rules = {Way(layer.product.number, 0): partial(_through, stacked(layer)) for layer in several}
            text = (
                f"{where}: the bias has the {of} column in the next layer's matrix of biases and weights, and BP2 cuts "
                f"the {cut} entry of the product off, not the {of}"
            )
            yield fixed(Change(rules=rules), text, 3, kind=KIND)


def _bias_first(layer: Layer) -> Array:
    return np.column_stack([layer.b.value, layer.W.value[:, :-1]])


def _bias_last(layer: Layer) -> Array:
    return np.column_stack([layer.W.value[:, 1:], layer.b.value])


def _through(weights: Array, flow: Array) -> Array:
    return flow @ weights


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
    for counts, first, last in ((np.arange(n, 0, -1), n, 1), (np.arange(1, n + 1), 1, n)) if n > 1 else ():
        text = (
            f"the sums of one example are not set to 0 before the next, and are added up again: example 1 is counted "
            f"{_times_counted(first)}, and example {n} {_times_counted(last)}"
        )
        yield fixed(Change(at={outputs: partial(np.multiply, counts[:, None])}), text, 4, kind=KIND)


def _times_counted(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


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

"""Mistakes in BP2, δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ∘ σ′(zˡ), as edits of a network's backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed
from autograd.mistakes.rules import instead, stopped
from autograd.programs.reverse import Change, Rule, Way

from ...notation import name
from ..forward_pass import ForwardPass, Layer, one_or_all
from .scaled import KIND

__all__ = ["in_bp2"]

Array = NDArray[np.float64]
MOST_COLUMNS = 30  # columns of a matrix of weights and biases of which each may be cut off in the place of the biases


def in_bp2(forward: ForwardPass) -> Iterator[Edit]:
    """Yields the edits of this file that this network can have."""
    yield from _errors_passed_back(forward)
    yield from _with_the_bias_for_a_weight(forward)
    yield from _slopes_of_the_next_layer(forward)
    yield from _shares(forward)
    yield from _slopes_alone(forward)
    yield from _outputs_passed_back(forward)
    yield from _gradients_passed_back(forward)
    yield from _the_last_error_everywhere(forward)


def _errors_passed_back(forward: ForwardPass) -> Iterator[Edit]:
    """Yields an edit in which BP2 passes ∂C/∂a back instead of δ in every layer, so that σ′(z) is missing there.

    Yields nothing if fewer than two layers after the first have an activation other than linear.
    """
    layers = [layer for layer in forward.layers[1:] if layer.a is not layer.z]
    if len(layers) > 1:
        nothing = stopped(forward.recorded, [Way(layer.product.number, 0) for layer in layers])
        jumps = {(layer.a.number, layer.before.number): partial(_through, layer.W.value) for layer in layers}
        text = "in every layer: BP2 passes ∂C/∂a back, not δ, so σ′(z) is missing in BP2 only"
        yield fixed(Change(rules=nothing, jumps=jumps), text, 4, kind=KIND)


def _with_the_bias_for_a_weight(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits for biases and weights in one matrix, such as (b W): BP2 cuts a wrong entry off its product with δ.

    The entry of the bias is to be cut; its column is taken for that of a neuron if another entry is cut.
    """
    layers = forward.layers[1:]
    for several in one_or_all(layers):
        where = f"in layer {several[0].number - 1}" if len(several) == 1 else "in every layer but the last"
        most = min(min(layer.W.shape[1] for layer in several), MOST_COLUMNS)
        cuts = [(_bias_first, "last", "first", -1), (_bias_last, "first", "last", 0)]
        cuts += [(stacked, f"{k + 1 + (stacked is _bias_first)}.", of, k)
                 for stacked, of in ((_bias_first, "first"), (_bias_last, "last")) for k in range(most)]  # fmt: skip
        for stacked, cut, of, k in cuts:
            rules = {Way(layer.product.number, 0): partial(_through, stacked(layer, k)) for layer in several}
            text = (
                f"{where}: the bias has the {of} column in the next layer's matrix of biases and weights, and BP2 cuts "
                f"the {cut} entry of the product off, not the {of}"
            )
            yield fixed(Change(rules=rules), text, 3 + (k not in (0, -1)), kind=KIND)
            if len(several) == 1:
                updated = partial(_through_updated, several[0], stacked, k)
                said = f"{text}, and uses weights that were already updated (learning rate {{t:.6g}})"
                yield Edit(
                    partial(_with_rate, several[0], updated, {}), partial(_told_rate, said), 5, fitted=True, kind=KIND
                )


def _slopes_of_the_next_layer(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits of BP2 with σ′ of the next layer, which δ has already, in the place of the layer's own."""
    pairs = [*zip(forward.layers, forward.layers[1:], strict=False)]
    for several in one_or_all(pairs):
        rules: dict[Way, Rule] = {}
        for layer, above in several:
            rules[Way(above.product.number, 0)] = partial(_with_the_slope, above)
            if layer.a is not layer.z:
                rules[Way(layer.a.number, 0)] = _unchanged
        where = f"in layer {several[0][0].number}" if len(several) == 1 else "in every layer but the last"
        text = f"{where}: BP2 multiplies by σ′ of the next layer once more, and the layer's own σ′(z) is missing"
        yield fixed(Change(rules=rules), text, 4 + (len(several) > 1), kind=KIND)
        if len(several) == 1:
            ((layer, above),) = several
            unchanged = {way: rule for way, rule in rules.items() if way.number == layer.a.number}
            told = f"{text}, and the weights were already updated (learning rate {{t:.6g}})"
            change = partial(_with_rate, above, partial(_with_the_slope_updated, above), unchanged)
            yield Edit(change, partial(_told_rate, told), 5, fitted=True, kind=KIND)


def _slopes_alone(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP2 passes σ′(zᴸ) of the last layer back, without ∂C/∂aᴸ, or ∂C/∂aᴸ is 1/n there."""
    last = forward.layers[-1]
    for scale in dict.fromkeys((1.0, forward.scale)) if len(forward.layers) > 1 and last.a is not last.z else ():
        text = (
            f"in layer {last.number - 1}: BP2 passes σ′({name('z', last.number)}) back, not {name('δ', last.number)}: "
            "the derivative of the cost is missing in BP2 only"
        )
        rules = {Way(last.product.number, 0): partial(instead, scale * last.slope @ last.W.value)}
        yield fixed(Change(rules=rules), text, -1, kind=KIND)  # it says more than a factor that fits one neuron


def _outputs_passed_back(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP2 passes the next layer's outputs a back, in the place of δ."""
    layers = forward.layers[1:]
    for several in one_or_all(layers):
        rules = {Way(layer.product.number, 0): partial(instead, layer.a.value @ layer.W.value) for layer in several}
        where = f"in layer {several[0].number - 1}" if len(several) == 1 else "in every layer but the last"
        text = f"{where}: BP2 passes the outputs a of the next layer back, not δ"
        yield fixed(Change(rules=rules), text, 3 + (len(several) > 1), kind=KIND)


def _gradients_passed_back(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP2 adds up the gradients ∂C/∂w of the next layer, δ a, where it should add up δ w."""
    layers = forward.layers[1:]
    for several in one_or_all(layers):
        rules = {Way(layer.product.number, 0): partial(_times_inputs, layer.before.value) for layer in several}
        where = f"in layer {several[0].number - 1}" if len(several) == 1 else "in every layer but the last"
        text = f"{where}: BP2 adds up ∂C/∂w of the next layer, δ a: it should add up δ w"
        yield fixed(Change(rules=rules), text, 3 + (len(several) > 1), kind=KIND)


def _times_inputs(a: Array, flow: Array) -> Array:
    return np.asarray(flow.sum(axis=1, keepdims=True) * a)


def _the_last_error_everywhere(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which every layer takes ∂C/∂aᴸ for its own ∂C/∂a: BP2 is missing. The widths must fit.

    For a cost with a sigmoid in it, ∂C/∂aᴸ may be the derivative by the probabilities.
    """
    *hidden, last = forward.layers
    if len(hidden) > 1 and all(last.W.shape[0] in (1, layer.W.shape[0]) for layer in hidden):
        rules = stopped(forward.recorded, [Way(layer.product.number, 0) for layer in forward.layers[1:]])
        found = [(f"∂C/∂{name('a', last.number)}", np.ones(()))]
        if forward.closed.formula.squash == "σ":
            p = forward.probabilities
            found.append(("the derivative by the probabilities", p * (1 - p)))
        for of_last, by in found:
            jumps = {(last.a.number, layer.a.number): partial(_everywhere, layer.a.shape, by) for layer in hidden}
            text = f"in every layer but the last: {of_last}, of the last layer, is used as ∂C/∂a, so BP2 is missing"
            yield fixed(Change(rules=rules, jumps=jumps), text, 3, kind=KIND)


def _shares(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP2 splits δ, or the error ∂C/∂a, among the neurons in proportion to their weights."""
    layers = forward.layers[1:]
    with np.errstate(all="ignore"):
        shares = {layer: layer.W.value / layer.W.value.sum(axis=1, keepdims=True) for layer in layers}
    where = "in layer 1" if len(layers) == 1 else "in every layer but the last"
    text = f"{where}: BP2 splits {{what}} in proportion to the weights, by w/Σ w, where it should multiply by w"
    rules = {Way(layer.product.number, 0): partial(_through, shares[layer]) for layer in layers}
    if layers:
        yield fixed(Change(rules=rules), text.format(what="δ"), 4, kind=KIND)
        nothing = stopped(forward.recorded, rules)
        jumps = {(layer.a.number, layer.before.number): partial(_through, shares[layer]) for layer in layers}
        if all(layer.a is not layer.z for layer in layers):
            yield fixed(Change(rules=nothing, jumps=jumps), text.format(what="∂C/∂a, not δ,"), 5, kind=KIND)


def _everywhere(shape: tuple[int, ...], by: Array, flow: Array) -> Array:
    return np.broadcast_to(flow / by, shape)


def _bias_first(layer: Layer, cut: int) -> Array:
    return np.column_stack([layer.b.value, np.delete(layer.W.value, cut, axis=1)])


def _bias_last(layer: Layer, cut: int) -> Array:
    return np.column_stack([np.delete(layer.W.value, cut, axis=1), layer.b.value])


def _through_updated(layer: Layer, stacked: Callable[[Layer, int], Array], cut: int, rate: float, flow: Array) -> Array:
    """Returns what BP2 passes back through weights and biases after an update with this learning rate."""
    after = replace(
        layer,
        W=replace(layer.W, value=_updated(layer, rate, flow)),
        b=replace(layer.b, value=layer.b.value - rate * flow.sum(axis=0)),
    )
    return flow @ stacked(after, cut)


def _with_rate(layer: Layer, of: Callable[[float, Array], Array], more: Mapping[Way, Rule], t: float) -> Change:
    return Change(rules={Way(layer.product.number, 0): partial(of, t), **more})


def _told_rate(text: str, t: float) -> str:
    return text.format(t=t)


def _with_the_slope_updated(layer: Layer, rate: float, flow: Array) -> Array:
    return (flow * layer.slope) @ _updated(layer, rate, flow)


def _updated(layer: Layer, rate: float, flow: Array) -> Array:
    """Returns the weights of a layer after an update with this learning rate; `flow` is its δ."""
    return layer.W.value - rate * (flow.T @ layer.before.value)


def _with_the_slope(layer: Layer, flow: Array) -> Array:
    return (flow * layer.slope) @ layer.W.value


def _through(weights: Array, flow: Array) -> Array:
    return flow @ weights


def _unchanged(flow: Array) -> Array:
    return flow

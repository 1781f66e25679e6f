"""Mistakes in BP4, ∂C/∂wˡ = δˡ (aˡ⁻¹)ᵀ, as edits of a network's backward pass."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd import table
from autograd.mistakes.edits import Edit, fixed, listed
from autograd.mistakes.rules import instead
from autograd.programs.assignments import Map
from autograd.programs.reverse import Change, Rule, Way

from ..forward_pass import ForwardPass, Layer, one_or_all
from .at_the_cost import slope_of_sigmoid
from .scaled import KIND

__all__ = ["in_bp4"]

Array = NDArray[np.float64]


def in_bp4(forward: ForwardPass) -> Iterator[Edit]:
    """Yields the edits of this file that this network can have."""
    yield from _overwritten(forward)
    yield from _formulas_of_inputs(forward)
    yield from _own_outputs(forward)
    yield from _own_weights(forward)
    yield from _slopes_of_inputs(forward)
    yield from _dots(forward)
    yield from _slopes_in_bp4(forward)
    yield from _products_of_inputs(forward)


def _products_of_inputs(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 multiplies by all inputs up to the k-th: gradient *= x[k] in a loop, never set back."""
    for several in one_or_all([layer for layer in forward.layers if layer.W.shape[1] > 1]):
        where = f"in layer {several[0].number}" if len(several) == 1 else "in every layer"
        made = {layer: np.asarray(np.cumprod(layer.before.value, axis=1), dtype=np.float64) for layer in several}
        rules: dict[Way, Rule] = {Way(layer.product.number, 1): partial(_with, made[layer]) for layer in several}
        text = f"{where}: BP4 multiplies δ by the product of all inputs up to the k-th, not by the k-th alone"
        yield fixed(Change(rules=rules), text, 3 + (len(several) > 1), kind=KIND)


def _overwritten(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 reads σ′(z) of the layer before where its a should be, as if a was overwritten."""
    pairs = [pair for pair in zip(forward.layers, forward.layers[1:], strict=False) if pair[0].a is not pair[0].z]
    for several in one_or_all(pairs):
        rules = {Way(above.product.number, 1): partial(_with, layer.slope) for layer, above in several}
        where = f"in layer {several[0][1].number}" if len(several) == 1 else "in every layer"
        text = f"{where}: BP4 uses σ′(z) of the layer before, not its a, as if σ′ was written into the array of a"
        yield fixed(Change(rules=rules), text, 3 + (len(several) > 1), kind=KIND)


def _formulas_of_inputs(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 takes the formula of σ′ of a layer's input, of x too, in the place of the input."""
    pairs = zip(forward.layers, [forward.layers[0], *forward.layers], strict=False)
    found = [(layer, before.formula(layer.before.value)) for layer, before in pairs if before.a is not before.z]
    for several in one_or_all(found):
        rules = {Way(layer.product.number, 1): partial(_with, slope) for layer, slope in several}
        where = f"in layer{'s' * (len(several) > 1)} {listed(str(layer.number) for layer, _ in several)}"
        text = f"{where}: BP4 uses σ′ of the layer's inputs, by its formula, not the inputs themselves"
        yield fixed(Change(rules=rules), text, 4 + (len(several) > 1), kind=KIND)


def _own_outputs(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 of the last layer uses the probabilities that the cost makes of its logits.

    The other layers may use their own a too. This fits only where the numbers of neurons are equal, or where there is
    one neuron.
    """
    last = forward.layers[-1]
    if forward.closed.formula.squash and last.before.shape == last.a.shape:
        rules: dict[Way, Rule] = {Way(last.product.number, 1): partial(_with, _output(forward, last))}
        text = f"in layer {last.number}: BP4 uses the layer's own output, the probabilities, not a of the layer before"
        yield fixed(Change(rules=rules), text, 3, kind=KIND)
        others = [layer for layer in forward.layers[:-1] if layer.before.shape == layer.a.shape]
        if others:
            rules = rules | {Way(layer.product.number, 1): partial(_with, layer.a.value) for layer in others}
            where = listed(str(layer.number) for layer in (*others, last))
            text = f"in layers {where}: BP4 uses the layer's own output, not a of the layer before"
            yield fixed(Change(rules=rules), text, 4, kind=KIND)
    if last.a.shape[1] == 1 < last.W.value.size:
        rules = {Way(last.product.number, 1): partial(_with_one, last.W.shape, _output(forward, last))}
        text = (
            f"in layer {last.number}: BP4 uses the layer's own output, not a of the layer before: this is one number, "
            "which NumPy broadcasts"
        )
        yield fixed(Change(rules=rules), text, 3, kind=KIND)


def _with_one(shape: tuple[int, ...], own: Array, flow: Array) -> Array:
    return np.broadcast_to(flow.T @ own, shape)


def _slopes_of_inputs(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which the derivative of the sigmoid, or σ′, at a layer's inputs is a factor of BP4.

    It comes beside σ′(z), or in its place.
    """
    for layer in forward.layers:
        x = layer.before.value
        slopes = [("sigmoid′", slope_of_sigmoid(x))]
        if isinstance(layer.a, Map) and layer.a is not layer.z and layer.a.op is not table.SIGMOID:
            slopes.append(("σ′", layer.slope_at(x)))
        for called, slope in slopes:
            where, of = f"in layer {layer.number}", f"{called} of the layer's inputs, one by one"
            rules: dict[Way, Rule] = {Way(layer.product.number, 1): partial(_with, x * slope)}
            yield fixed(
                Change(rules=rules), f"{where}: BP4 multiplies by {of}, which does not belong there", 4, kind=KIND
            )
            if layer.a is not layer.z:
                rules = {Way(layer.product.number, 1): partial(instead, np.zeros(layer.W.shape))}
                jumps = {(layer.a.number, layer.W.number): partial(_with, x * slope)}
                yield fixed(Change(rules=rules, jumps=jumps), f"{where}: BP4 multiplies ∂C/∂a by {of}, not by σ′(z)", 4,
                            kind=KIND)  # fmt: skip


def _own_weights(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 multiplies δ by the layer's own weights, one by one, not by the inputs."""
    for several in one_or_all(forward.layers):
        rules = {Way(layer.product.number, 1): partial(_times_weights, layer.W.value) for layer in several}
        where = f"in layer {several[0].number}" if len(several) == 1 else "in every layer"
        text = f"{where}: BP4 multiplies δ by the layer's own weights, not by a of the layer before"
        yield fixed(Change(rules=rules), text, 3 + (len(several) > 1), kind=KIND)


def _dots(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 of one example has δ · a, the dot product of two vectors: one number for all of dW."""
    for own in (True, False) if forward.n == 1 else ():
        arrays = {layer: _output(forward, layer) if own else layer.before.value for layer in forward.layers}
        fit = [layer for layer, array in arrays.items() if array.shape == layer.a.shape and layer.W.value.size > 1]
        for several in one_or_all(fit):
            rules = {Way(layer.product.number, 1): partial(_dot, layer.W.shape, arrays[layer]) for layer in several}
            where = f"in layer{'s' * (len(several) > 1)} {listed(str(layer.number) for layer in several)}"
            a = "the layer's own a, not that of the layer before," if own else "a,"
            text = f"{where}: BP4 uses the dot product of δ and {a} which is one number, not their outer product"
            yield fixed(Change(rules=rules), text, 4 + (len(several) > 1), kind=KIND)


def _slopes_in_bp4(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP4 of a layer multiplies δ by a (1 − a) or 1 − a², and BP2 and BP3 use δ itself."""
    for layer in forward.layers:
        a = _output(forward, layer)
        for text, by in (("a (1 − a)", a * (1 - a)), ("1 − a²", 1 - a * a)):
            rules = {Way(layer.product.number, 1): partial(_multiplied, layer.before.value, by)}
            said = f"in layer {layer.number}: BP4 multiplies δ by {text}, which does not belong there"
            yield fixed(Change(rules=rules), said, 4, kind=KIND)


def _multiplied(before: Array, by: Array, flow: Array) -> Array:
    return (flow * by).T @ before


def _output(forward: ForwardPass, layer: Layer) -> Array:
    """Returns a of a layer; for the last one the probabilities, if the cost makes them of its logits."""
    if layer is forward.layers[-1] and forward.closed.formula.squash:
        return forward.probabilities
    return layer.a.value


def _times_weights(weights: Array, flow: Array) -> Array:
    return np.asarray(flow.sum(axis=0)[:, None] * weights)


def _dot(shape: tuple[int, ...], a: Array, flow: Array) -> Array:
    return np.full(shape, np.sum(flow * a))


def _with(a: Array, flow: Array) -> Array:
    return flow.T @ a

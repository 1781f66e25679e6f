"""Mistakes in the loops that add up dW and db, as edits of a network's backward pass.

The sums run over the examples and, where δ is passed back inside the same loop, over the neurons of the next layer.
With = for +=, the last one alone counts. Where δ is forgotten, the sums are those of the other factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed, listed
from autograd.mistakes.rules import instead
from autograd.programs.reverse import Change, Rule

from ...notation import name
from ..forward_pass import ForwardPass, Layer, one_or_all
from ..words.network_words import NetworkWords
from .scaled import KIND, times

__all__ = ["in_loops"]

Array = NDArray[np.float64]


def in_loops(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields the edits of this file that this network can have."""
    yield from _set_anew(forward)
    yield from _without_delta(forward, words)


def _set_anew(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which dW, db or both are set by =, so that only the last turn of the loops counts."""
    layers = forward.layers
    for keys in (("W",), ("b",), ("W", "b")):
        for several in one_or_all(layers):
            names = listed(f"d{key}[{layer.number - 1}]" for layer in several for key in keys)
            if forward.n > 1 and len(keys) * len(several) < 2 * len(layers):  # all of them are found elsewhere
                at = _last(forward, several, keys, of_neurons=False)
                text = f"in {names}, only the last example counts: = must be += in the loop over the examples"
                yield fixed(Change(at=at), text, 3 if len(several) < len(layers) else 5, kind=KIND)
        for several in one_or_all([layer for layer in layers[:-1] if layers[layer.number].W.shape[0] > 1]):
            names = listed(f"d{key}[{layer.number - 1}]" for layer in several for key in keys)
            at = _last(forward, several, keys, of_neurons=True)
            which = "the last example and the last neuron" if forward.n > 1 else "the last neuron"
            count = "count" if forward.n > 1 else "counts"
            text = f"in {names}, only {which} of the next layer {count}: = must be += in the loops"
            yield fixed(Change(at=at), text, 3, kind=KIND)


def _last(forward: ForwardPass, some: Sequence[Layer], keys: tuple[str, ...], of_neurons: bool) -> dict[int, Rule]:
    """Returns rules for the gradients of the last example, passed back from all neurons or from the last one alone."""
    at: dict[int, Rule] = {}
    for layer in some:
        delta = forward.recorded.backward.flows[layer.z.number][-1:]
        if of_neurons:
            above = forward.layers[layer.number]
            passed = forward.recorded.backward.flows[above.z.number][-1:, -1:] @ above.W.value[-1:]
            delta = passed * layer.slope[-1:] if layer.a is not layer.z else passed
        made = {"W": delta.T @ layer.before.value[-1:], "b": delta.sum(axis=0)}
        at |= {getattr(layer, key).number: partial(instead, made[key]) for key in keys}
    return at


def _without_delta(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits in which BP4, or BP2, has 1 in the place of δ."""
    for layer in forward.layers:
        ones = np.full(layer.z.shape, forward.scale)
        text = f"in layer {layer.number}: δ is missing in BP4, which adds up a of the layer before alone"
        yield times(layer.W.number, ones.T @ layer.before.value, text, words)
        if layer.number > 1:
            text = (
                f"in layer {layer.number - 1}: {name('δ', layer.number)} is missing in BP2, which adds up the weights "
                "alone"
            )
            yield times(layer.before.number, ones @ layer.W.value, text, words)

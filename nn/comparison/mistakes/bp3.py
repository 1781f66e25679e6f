"""Mistakes in BP3, ∂C/∂bˡ = δˡ summed over the examples, as edits of a network's backward pass."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed
from autograd.programs.reverse import Change, Way

from ..forward_pass import ForwardPass, one_or_all
from .scaled import KIND

__all__ = ["in_bp3"]

Array = NDArray[np.float64]


def in_bp3(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which BP3 sums dW over the layer's inputs, or multiplies δ by the biases."""
    for several in one_or_all(forward.layers):
        where, more = f"in layer {several[0].number}" if len(several) == 1 else "in every layer", len(several) > 1
        rules = {Way(layer.z.number, 1): partial(_summed, layer.before.value) for layer in several}
        text = f"{where}: BP3 sums dW over the layer's inputs, not δ over the examples"
        yield fixed(Change(rules=rules), text, 2 + more, kind=KIND)
        at = {layer.b.number: partial(np.multiply, layer.b.value) for layer in several}
        text = f"{where}: BP3 multiplies by the biases b, which do not belong there: ∂z/∂b is 1"
        yield fixed(Change(at=at), text, 2 + more, kind=KIND)


def _summed(before: Array, flow: Array) -> Array:
    return np.asarray((flow.T @ before).sum(axis=1))

"""Weights that are updated before BP2 uses them, as edits of a network's backward pass, with the learning rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed
from autograd.mistakes.judged import Given
from autograd.mistakes.rules import stopped
from autograd.mistakes.search.matching import gradient, is_explained
from autograd.programs.reverse import Change, Way

from ..forward_pass import ForwardPass, Layer
from .scaled import KIND

__all__ = ["updated"]

Array = NDArray[np.float64]
Move = Callable[[Layer, float, Array], Array]  # a layer, the learning rate, the gradient -> what goes back
LEAST_RATE = 1e-6


def updated(forward: ForwardPass, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits in which each layer's weights are updated before BP2 uses them: to pass δ back, or ∂C/∂a.

    In others, δ is passed back through the weights, and once more through the updated ones. Yields nothing unless a
    learning rate above LEAST_RATE is found.
    """
    layers = forward.layers[1:]
    for move, also, rank in MOVES if layers else ():
        rate = _learning_rate(forward, wrong, move)
        change = _change(forward, layers, rate, move)
        if rate > LEAST_RATE and (rank == 2 or _explains(forward, wrong, change)):
            text = (
                f"BP2 {also} weights that were already updated (learning rate {rate:.6g}): compute every δ first, then "
                "update"
            )
            yield fixed(change, text, rank, kind=KIND)


def _explains(forward: ForwardPass, wrong: Sequence[Given], change: Change) -> bool:
    """Returns whether a changed pass gives all wrong arrays: two mistakes at once are not one of three."""
    made = forward.recorded.backward.replaced(change)
    return all(is_explained(given, gradient(given, made)) for given in wrong)


def _change(forward: ForwardPass, layers: Sequence[Layer], rate: float, move: Move) -> Change:
    rules = {Way(layer.product.number, 0): partial(move, layer, rate) for layer in layers}
    if move is not _errors_moved:
        return Change(rules=rules)
    jumps = {(layer.a.number, layer.before.number): partial(move, layer, rate) for layer in layers}
    return Change(rules=stopped(forward.recorded, rules), jumps=jumps)


def _moved(layer: Layer, rate: float, flow: Array) -> Array:
    return flow @ (layer.W.value - rate * (flow.T @ layer.before.value))


def _errors_moved(layer: Layer, rate: float, flow: Array) -> Array:
    return flow @ (layer.W.value - rate * ((flow * layer.slope).T @ layer.before.value))


def _moved_too(layer: Layer, rate: float, flow: Array) -> Array:
    return flow @ layer.W.value + _moved(layer, rate, flow)


MOVES: tuple[tuple[Move, str, int], ...] = (  # what BP2 passes back, the beginning of the text, the rank
    (_moved, "uses", 2),
    (_errors_moved, "passes ∂C/∂a back, not δ, and uses", 3),
    (_moved_too, "passes δ back twice: through the weights, and through", 3),
)


def _learning_rate(forward: ForwardPass, wrong: Sequence[Given], move: Move) -> float:
    """Returns the learning rate with which updated weights best explain a wrong array of layer L − 1; 0 for none.

    The array depends on the rate linearly, so least squares finds the rate.
    """
    last, before = forward.layers[-1], forward.layers[-2]
    none, one = (forward.recorded.backward.replaced(_change(forward, [last], rate, move)) for rate in (0.0, 1.0))
    for given in wrong:
        number = given.assignment.number
        if number in (before.W.number, before.b.number, before.z.number) and number in one:
            start = none.get(number, given.right)
            slope, off = one[number] - start, given.array - start
            size = float(np.max(np.abs(slope), initial=0.0))
            if size and given.array.shape == slope.shape and not _is_multiple(given.array, start):
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

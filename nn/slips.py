"""The slips people make in matrix backprop, each as a backward pass that makes it.

A pass here is the closed form's (examples as columns) with one ingredient replaced. If somebody's arrays equal such a
pass throughout, that is what went wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .closed_form import ACTIVATIONS, ClosedForm

__all__ = ["Gradients", "Problem", "backward_pass", "slips", "updated_weights"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Problem:
    """What a backward pass starts from: W of each layer, the names of σ, and the forward pass as columns (nₗ, n)."""

    weights: list[Array]
    activations: list[str]
    z: list[Array]
    a: list[Array]  # starts with a⁰ = x
    y: Array

    @classmethod
    def of(cls, weights: list[Array], activations: list[str], closed: ClosedForm, y: Array) -> "Problem":
        """From the closed form of one example or a batch."""
        return cls(weights, activations, [_column(z) for z in closed.z], [_column(a) for a in closed.a], _column(y))

    @property
    def depth(self) -> int:
        """L."""
        return len(self.weights)

    def slope(self, l: int, at: Array) -> Array:
        """σ′ of layer l + 1 at `at`."""
        return ACTIVATIONS[self.activations[l]][1](at)


@dataclass(frozen=True, eq=False)
class Gradients:
    """What a backward pass gives, layer 1 first: dW (nₗ, nₗ₋₁), db (nₗ,), delta (nₗ, n)."""

    dW: list[Array]
    db: list[Array]
    delta: list[Array]


def backward_pass(
    p: Problem,
    error: Array | None = None,
    slope: Callable[[int], Array] | None = None,
    back: Callable[[int], Array] | None = None,
    before: Callable[[int], Array] | None = None,
) -> Gradients:
    """BP1 to BP4 with any of the ingredients replaced.

    error: ∇ₐC (nᴸ, n). For the layer at list position l: slope(l) stands for σ′(z), back(l) for the transposed weights
    of the layer after it, before(l) for the activations of the layer before it.
    """
    last = p.depth - 1
    nabla = (p.a[-1] - p.y) / p.y.shape[1] if error is None else error
    slope = slope or (lambda l: p.slope(l, p.z[l]))
    back = back or (lambda l: p.weights[l + 1].T)
    before = before or (lambda l: p.a[l])
    delta = [nabla * slope(last)]
    for l in reversed(range(last)):
        delta.insert(0, (back(l) @ delta[0]) * slope(l))
    return Gradients([d @ before(l).T for l, d in enumerate(delta)], [d.sum(axis=1) for d in delta], delta)


def slips(p: Problem) -> Iterator[tuple[str, Gradients]]:
    """Every known slip that gives numbers of the right shapes here, with what it gives."""
    n, last = p.y.shape[1], p.depth - 1
    nabla = (p.a[-1] - p.y) / n
    yield "the sign: the cost's derivative is a − y, not y − a", backward_pass(p, error=-nabla)
    if n > 1:
        yield (f"a factor n: the sum over the {n} examples instead of their mean, C = (1/n) Σ Cₓ",
               backward_pass(p, error=n * nabla))  # fmt: skip
        yield f"a factor 1/n too many: the mean over the {n} examples taken twice", backward_pass(p, error=nabla / n)
    yield (
        "a factor 2: the cost is ½ ‖y − a‖², so its derivative is a − y, not 2 (a − y)",
        backward_pass(p, error=2 * nabla),
    )

    def at_z(l: int) -> Array:
        return p.slope(l, p.z[l])

    def at_a(l: int) -> Array:
        return p.slope(l, p.a[l + 1])

    def next_weights(l: int) -> Array:
        return p.weights[l + 1].T

    for where, layers in _scopes(range(p.depth)):
        yield f"{where}: σ′ is taken at a instead of z", backward_pass(p, slope=_in(layers, at_a, at_z))
        missing = _in(layers, lambda l: np.ones_like(p.z[l]), at_z)
        yield f"{where}: σ′(z) is missing", backward_pass(p, slope=missing)
        undifferentiated = _in(layers, lambda l: p.a[l + 1], at_z)
        yield f"{where}: σ(z) stands where σ′(z) belongs", backward_pass(p, slope=undifferentiated)
        if 0 not in layers:
            unactivated = _in(layers, lambda l: p.z[l - 1], lambda l: p.a[l])
            yield f"{where}: BP4 takes z of the layer before instead of its a", backward_pass(p, before=unactivated)
        if all(p.a[l].shape == p.a[l + 1].shape for l in layers):
            own = _in(layers, lambda l: p.a[l + 1], lambda l: p.a[l])
            yield f"{where}: BP4 takes the layer's own a instead of the layer before's", backward_pass(p, before=own)
    for where, layers in _scopes(range(last)):
        if all(p.weights[l].shape == p.weights[l + 1].shape for l in layers):
            own = _in(layers, lambda l: p.weights[l].T, next_weights)
            yield f"{where}: BP2 takes the layer's own weights instead of the next layer's", backward_pass(p, back=own)
        if all(len(p.weights[l + 1].T) == len(p.weights[l + 1]) for l in layers):
            upright = _in(layers, lambda l: p.weights[l + 1], next_weights)
            yield f"{where}: BP2 takes the next layer's weights untransposed", backward_pass(p, back=upright)


def updated_weights(p: Problem, learning_rate: float) -> Gradients:
    """The pass in which each layer's weights were updated before the layer below used them in BP2."""
    right = backward_pass(p)
    dW, deltas = [right.dW[-1]], [right.delta[-1]]
    for l in reversed(range(p.depth - 1)):
        moved = p.weights[l + 1] - learning_rate * dW[0]
        deltas.insert(0, (moved.T @ deltas[0]) * p.slope(l, p.z[l]))
        dW.insert(0, deltas[0] @ p.a[l].T)
    return Gradients(dW, [d.sum(axis=1) for d in deltas], deltas)


def _in(
    layers: tuple[int, ...], there: Callable[[int], Array], elsewhere: Callable[[int], Array]
) -> Callable[[int], Array]:
    return lambda l: there(l) if l in layers else elsewhere(l)


def _scopes(positions: range) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The layers a slip may have been made in: all of them, or any single one."""
    if len(positions) > 1:
        yield "in every layer", tuple(positions)
    if len(positions) > 2:
        yield "in every layer but the last", tuple(positions[:-1])
    for l in positions:
        yield f"in layer {l + 1}", (l,)


def _column(array: Array) -> Array:
    return array[:, None] if array.ndim == 1 else array

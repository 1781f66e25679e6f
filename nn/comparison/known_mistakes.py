"""The slips people make in matrix backprop, each as a backward pass that makes it.

A pass here is the closed form's (examples as columns) with one ingredient replaced. If somebody's arrays equal such a
pass throughout, that is what went wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..activations import ACTIVATIONS
from ..closed_form import ClosedForm, columns
from ..costs import ARRAYS, Cost

__all__ = ["Gradients", "Problem", "backward_pass", "factors", "magnitudes", "slips", "updated_weights"]

Array = NDArray[np.float64]
Ingredient = Callable[[int], Array]  # of the layer at a list position
SQUARES = ("quadratic", "mean_squared_error")
MOST_EXAMPLES = 100  # in a larger batch nobody looks for the one example that was differentiated alone


@dataclass(frozen=True, eq=False)
class Problem:
    """What a backward pass starts from: W of each layer, names of σ, the cost, the forward pass as columns (nₗ, n)."""

    weights: list[Array]
    activations: list[str]
    own: dict[str, Any]  # σ and σ′ of those that the closed form does not know
    cost: Cost
    z: list[Array]
    a: list[Array]  # starts with a⁰ = x
    y: Array

    @classmethod
    def of(cls, closed: ClosedForm) -> "Problem":
        """From the closed form, examples as columns, of one example or a batch."""
        z, a = [_column(v) for v in closed.z], [_column(v) for v in closed.a]
        return cls(closed.weights, closed.activations, closed.own, closed.formula, z, a, _column(closed.y))

    @property
    def depth(self) -> int:
        """L."""
        return len(self.weights)

    @property
    def nabla(self) -> Array:
        """∇ₐC of the mean cost, (nᴸ, n)."""
        gradient: Array = self.cost.gradients(self.a[-1], self.y) / self.y.shape[1]
        return gradient

    def slope(self, l: int, at: Array) -> Array:
        """σ′ of layer l + 1 at `at`."""
        slope: Array = (ACTIVATIONS | self.own)[self.activations[l]][1](at)
        return slope


@dataclass(frozen=True, eq=False)
class Gradients:
    """What a backward pass gives, layer 1 first: dW (nₗ, nₗ₋₁), db (nₗ,), delta (nₗ, n)."""

    dW: list[Array]
    db: list[Array]
    delta: list[Array]


def backward_pass(
    p: Problem,
    nabla: Array | None = None,
    slope: Ingredient | None = None,
    back: Ingredient | None = None,
    before: Ingredient | None = None,
) -> Gradients:
    """BP1 to BP4 with any of the ingredients replaced.

    nabla: ∇ₐC (nᴸ, n). For the layer at list position l: slope(l) stands for σ′(z), back(l) for the transposed weights
    of the layer after it, before(l) for the activations of the layer before it.
    """
    last = p.depth - 1
    nabla = p.nabla if nabla is None else nabla
    slope = slope or (lambda l: p.slope(l, p.z[l]))
    back = back or (lambda l: p.weights[l + 1].T)
    before = before or (lambda l: p.a[l])
    delta = [nabla * slope(last)]
    for l in reversed(range(last)):
        delta.insert(0, (back(l) @ delta[0]) * slope(l))
    return Gradients([d @ before(l).T for l, d in enumerate(delta)], [d.sum(axis=1) for d in delta], delta)


def magnitudes(p: Problem) -> Gradients:
    """The same sums with the magnitude of every term, and 1 for each σ′: what rounding errors are measured by.

    σ′ itself is a difference of terms up to 1, as in 1 − a², so its own rounding does not shrink where it is small.
    """
    weights, a = [np.abs(w) for w in p.weights], [np.abs(v) for v in p.a]
    nabla = np.array(p.cost.terms(ARRAYS, list(a[-1]), list(np.abs(p.y)))) / p.y.shape[1]
    return backward_pass(replace(p, weights=weights, a=a), nabla=nabla, slope=lambda l: np.ones_like(p.z[l]))


def slips(p: Problem, biases: list[Array]) -> Iterator[tuple[str, Gradients]]:
    """Every known slip that gives numbers of the right shapes here, with what it gives."""
    n, last = p.y.shape[1], p.depth - 1
    if 1 < n <= MOST_EXAMPLES:
        for k in range(n):
            alone = np.where(np.arange(n) == k, p.nabla, 0.0)
            yield f"of example {k + 1} alone, not of the mean over {n}", backward_pass(p, nabla=n * alone)
            yield f"example {k + 1} alone is summed, the others are missing", backward_pass(p, nabla=alone)
    yield "the biases are missing from the forward pass", _without_biases(p, biases)
    if p.cost.name not in SQUARES:
        text = f"∇ₐC is {p.cost.nabla_written} for this cost, not a − y with its outputs a"
        yield text, backward_pass(p, nabla=(p.a[-1] - p.y) / n)
    if p.cost.squash:
        s = n * p.nabla + p.y  # σ(a) or softmax(a)
        text = f"∇ₐC is {p.cost.nabla_written}: the slope of σ or softmax is cancelled in it, and comes twice here"
        yield text, backward_pass(p, nabla=p.nabla * s * (1 - s))

    def at_z(l: int) -> Array:
        return p.slope(l, p.z[l])

    def inputs(l: int) -> Array:
        return p.a[l]

    def next_weights(l: int) -> Array:
        return p.weights[l + 1].T

    every, inner, later = range(p.depth), range(last), range(1, p.depth)
    spoilt: list[tuple[str, str, range, Ingredient, Ingredient]] = [
        ("σ′ is taken at a instead of z", "slope", every, lambda l: p.slope(l, p.a[l + 1]), at_z),
        ("σ′(z) is missing", "slope", every, lambda l: np.ones_like(p.z[l]), at_z),
        ("σ(z) stands where σ′(z) belongs", "slope", every, lambda l: p.a[l + 1], at_z),
        ("a (1 − a) is the slope of the sigmoid, not of this layer's σ", "slope", every,
         lambda l: p.a[l + 1] * (1 - p.a[l + 1]), at_z),
        ("BP4 takes z of the layer before instead of its a", "before", later, lambda l: p.z[l - 1], inputs),
        ("BP4 takes the layer's own a instead of the layer before's", "before", every, lambda l: p.a[l + 1], inputs),
        ("BP2 takes the layer's own weights instead of the next layer's", "back", inner,
         lambda l: p.weights[l].T, next_weights),
        ("BP2 takes the next layer's weights untransposed", "back", inner, lambda l: p.weights[l + 1], next_weights),
    ]  # fmt: skip
    for text, ingredient, positions, there, elsewhere in spoilt:
        for where, layers in _scopes(positions):
            if all(_changes(there(l), elsewhere(l)) for l in layers):
                replaced: dict[str, Any] = {ingredient: _in(layers, there, elsewhere)}
                yield f"{where}: {text}", backward_pass(p, **replaced)


def factors(p: Problem) -> list[tuple[float, str]]:
    """The factors by which a whole pass is often off, in words."""
    n, n_out = p.y.shape[1], p.y.shape[0]
    cost, slope = p.cost.written, p.cost.nabla_written
    backwards = "y − a" if p.cost.name == "quadratic" else f"−({slope})"
    known = [(-1.0, f"the sign: the cost's derivative is {slope}, not {backwards}")]
    if p.cost.name == "quadratic":
        known.append((2.0, f"a factor 2: the cost is {cost}, so its derivative is a − y, not 2 (a − y)"))
    if p.cost.name == "mean_squared_error" and n_out != 2:
        known.append((n_out / 2, f"a factor nᴸ/2: the cost is {cost}, so its derivative is {slope}, not a − y"))
    if n > 1:
        known += [
            (float(n), f"a factor n = {n}: the sum over the examples, not their mean, C = (1/n) Σ Cₓ"),
            (
                -float(n),
                f"the sign, and a factor n = {n}: the sum over the examples of {backwards}, not the mean of {slope}",
            ),
            (1 / n, f"a factor 1/n = 1/{n} too many: the mean over the examples taken twice"),
        ]
    if n_out not in (1, n):
        if p.cost.name == "mean_squared_error":
            known.append((float(n_out), f"a factor nᴸ = {n_out}: the sum over the outputs, not their mean"))
        else:
            sums = "½ of their sum" if p.cost.name == "quadratic" else "their sum"
            known.append((1 / n_out, f"a factor 1/{n_out}: the mean over the {n_out} outputs, not {sums}"))
    return known


def updated_weights(p: Problem, learning_rate: float) -> Gradients:
    """The pass in which each layer's weights were updated before the layer below used them in BP2."""
    dW: list[Array] = []
    delta = [p.nabla * p.slope(p.depth - 1, p.z[-1])]
    for l in reversed(range(p.depth)):
        dW.insert(0, delta[0] @ p.a[l].T)
        if l > 0:
            moved = p.weights[l] - learning_rate * dW[0]
            delta.insert(0, (moved.T @ delta[0]) * p.slope(l - 1, p.z[l - 1]))
    return Gradients(dW, [d.sum(axis=1) for d in delta], delta)


def _without_biases(p: Problem, biases: list[Array]) -> Gradients:
    made = columns(p.weights, [np.zeros_like(b) for b in biases], p.a[0], p.y, p.activations, cost=p.cost, own=p.own)
    return Gradients(made.dW, made.db, made.delta)


def _in(layers: tuple[int, ...], there: Ingredient, elsewhere: Ingredient) -> Ingredient:
    return lambda l: there(l) if l in layers else elsewhere(l)


def _changes(there: Array, elsewhere: Array) -> bool:
    """Whether one can stand for the other, and is not the same anyway (as every slope of a linear layer is)."""
    return there.shape == elsewhere.shape and not np.allclose(there, elsewhere, rtol=1e-6, atol=0.0)


def _scopes(positions: range) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The layers a slip may have been made in: any single one, or all, or all but the last."""
    for l in positions:
        yield f"in layer {l + 1}", (l,)
    if len(positions) > 1:
        yield "in every layer", tuple(positions)
    if len(positions) > 2:
        yield "in every layer but the last", tuple(positions[:-1])


def _column(array: Array) -> Array:
    return array[:, None] if array.ndim == 1 else array

"""The four equations of backpropagation in NumPy, for the same networks and costs, with no graph and no autograd.

    z = W a + b,  a = σ(z),  C = (1/n) Σₓ Cₓ

    BP1  δᴸ = ∇ₐC ∘ σ′(zᴸ)               BP3  ∂C/∂bˡⱼ = δˡⱼ
    BP2  δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ∘ σ′(zˡ)     BP4  ∂C/∂wˡⱼₖ = δˡⱼ aˡ⁻¹ₖ

`columns` follows note 2: each example is a column of X. `rows` follows note 1: each example is a row of X. Both return
a `ClosedForm`. δ is ∂C/∂z of the mean cost C: in a batch of n, the δ of each example has the factor 1/n, and BP3 and
BP4 sum over the examples. The costs whose names end in cross_entropy take the last layer's a as logits. With a linear
last layer BP1 is then δᴸ = σ(z) − y or softmax(z) − y, the well-known "a − y" of a layer that ends in σ or softmax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .activations import ACTIVATIONS, Activation
from .arrays import layer_arrays, real_array
from .choices import chosen
from .costs import COSTS, Cost, cost_called

__all__ = ["ACTIVATIONS", "COSTS", "ClosedForm", "columns", "rows"]

Array = NDArray[np.float64]
Formulas = Activation | tuple[Callable[[Array], Array], Callable[[Array], Array]]  # (σ, σ′), both as functions of z


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """Every number of one forward and one backward pass.

    Each list has one entry per layer, layer 1 first. Only `a` has one more: a[0] is the input x, a[l] is the output of
    layer l. The weights, biases, activations and y are copies of the arguments.
    """

    cost: float  # C: the mean of the examples' costs, or their sum, plus the penalty
    formula: Cost  # Cₓ and ∇ₐCₓ
    costs: Array  # Cₓ of each example, (n,)
    nabla: Array  # ∇ₐC = ∂C/∂aᴸ, shaped as the last of `a`
    weights: list[Array]  # (nₗ, nₗ₋₁) in columns, (nₗ₋₁, nₗ) in rows
    biases: list[Array]  # (nₗ,)
    activations: list[str]  # keys of ACTIVATIONS, or of `own`
    own: dict[str, Formulas]  # σ and σ′ of the other activations
    y: Array  # (nᴸ,) for one example; for a batch (nᴸ, n) in columns, (n, nᴸ) in rows
    z: list[Array]  # (nₗ,) for one example; for a batch (nₗ, n) in columns, (n, nₗ) in rows
    a: list[Array]  # shaped as z; it starts with a⁰ = x, so that a[l] is aˡ where z[l-1] is zˡ
    delta: list[Array]  # δˡ = ∂C/∂zˡ, shaped as z
    dW: list[Array]  # ∂C/∂Wˡ, shaped as the weights
    db: list[Array]  # ∂C/∂bˡ, (nₗ,)
    over: str = "mean"  # "mean" or "sum": how C is made of the examples' costs
    l2: float = 0.0  # the strength of the penalty ½ l2 Σ w² over all weights, a part of C


def columns(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], x: ArrayLike, y: ArrayLike,
    activation: str | Sequence[str] = "relu", output: str = "linear", cost: str | Cost = "quadratic",
    own: Mapping[str, Formulas] | None = None, over: str = "mean", l2: float = 0.0,
) -> ClosedForm:  # fmt: skip
    """Computes BP1 to BP4 in note 2's convention, z = W a + b: each example is a column.

    Args:
        weights: One W per layer, shape (nₗ, nₗ₋₁).
        biases: One b per layer, shape (nₗ,).
        x: One example, shape (n₀,), or a batch, shape (n₀, n).
        y: The targets, shape (nᴸ,) or (nᴸ, n).
        activation: The name of the hidden layers' activation, or a sequence with a name for every layer.
        output: The name of the last layer's activation, if `activation` is a single name.
        cost: A name in COSTS, or a `Cost`.
        own: Further activations by name, each a pair of functions of arrays, (σ, σ′).
        over: Whether C is the "mean" or the "sum" of the examples' costs.
        l2: Adds ½ l2 Σ w² over all weights to C, and so l2 W to ∂C/∂W.
    Raises:
        ValueError: If shapes do not fit or a name is unknown.
        TypeError: If something is not an array of real numbers.
    Example:
        >>> one = columns([[[2.0, -1.0]]], [[0.5]], x=[1.0, 3.0], y=[0.0])  # one neuron
        >>> one.cost, one.delta[0].tolist(), one.dW[0].tolist()
        (0.125, [-0.5], [[-0.5, -1.5]])
    """
    return _both_passes(weights, biases, x, y, activation, output, cost, own, over, l2, by_rows=False)


def rows(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], x: ArrayLike, y: ArrayLike,
    activation: str | Sequence[str] = "relu", output: str = "linear", cost: str | Cost = "quadratic",
    own: Mapping[str, Formulas] | None = None, over: str = "mean", l2: float = 0.0,
) -> ClosedForm:  # fmt: skip
    """Computes BP1 to BP4 in note 1's convention, Z = A W + b: each example is a row.

    Args:
        weights: One W per layer, shape (nₗ₋₁, nₗ).
        biases: One b per layer, shape (nₗ,).
        x: One example, shape (n₀,), or a batch, shape (n, n₀).
        y: The targets, shape (nᴸ,) or (n, nᴸ).
        activation: This and the arguments after it are as in `columns`.
    """
    return _both_passes(weights, biases, x, y, activation, output, cost, own, over, l2, by_rows=True)


def _both_passes(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], x: ArrayLike, y: ArrayLike,
    activation: str | Sequence[str], output: str, cost: str | Cost, own: Mapping[str, Formulas] | None, over: str,
    l2: float, by_rows: bool,
) -> ClosedForm:  # fmt: skip
    formula, given = cost_called(cost), dict(own or {})
    W, b = layer_arrays(weights, biases, inputs_axis=0 if by_rows else 1)
    W = [_turned(w, by_rows) for w in W]  # (nₗ, nₗ₋₁)
    X, Y, single = _examples(x, y, W[0].shape[1], len(W[-1]), by_rows)  # (n₀, n), (nᴸ, n)
    names = [activation] * (len(W) - 1) + [output] if isinstance(activation, str) else list(activation)
    if len(names) != len(W):
        raise ValueError(f"each of {len(W)} layers has one activation; got {names}")
    known: dict[str, Any] = ACTIVATIONS | given
    sigma, slope = zip(*(chosen(name, "activation", known)[:2] for name in names), strict=True)

    z, a = [], [X]
    for l in range(len(W)):
        z.append(W[l] @ a[l] + b[l][:, None])  # (nₗ, n)
        a.append(sigma[l](z[l]))
    n = X.shape[1] if chosen(over, "total of the costs", {"mean": True, "sum": False}) else 1
    costs, nabla = formula.costs(a[-1], Y), formula.gradients(a[-1], Y) / n
    C = float(np.sum(costs)) / n + (0.5 * l2 * sum(float(np.sum(w * w)) for w in W) if l2 else 0.0)

    delta = [nabla * slope[-1](z[-1])]  # BP1
    for l in reversed(range(len(W) - 1)):
        delta.insert(0, (W[l + 1].T @ delta[0]) * slope[l](z[l]))  # BP2
    db = [d.sum(axis=1) for d in delta]  # BP3
    dW = [d @ a_before.T for d, a_before in zip(delta, a, strict=False)]  # BP4
    if l2:
        dW = [gradient + l2 * w for gradient, w in zip(dW, W, strict=True)]

    def shown(array: Array) -> Array:
        return array[:, 0] if single else _turned(array, by_rows)

    Y, nabla, z, a, delta = shown(Y), shown(nabla), list(map(shown, z)), list(map(shown, a)), list(map(shown, delta))
    W, dW = ([_turned(array, by_rows) for array in arrays] for arrays in (W, dW))
    return ClosedForm(C, formula, costs, nabla, W, b, names, given, Y, z, a, delta, dW, db, over, l2)


def _turned(array: Array, by_rows: bool) -> Array:
    return array.T if by_rows else array


def _examples(x: ArrayLike, y: ArrayLike, nin: int, nout: int, by_rows: bool) -> tuple[Array, Array, bool]:
    """Returns x and y as matrices with examples as columns, and whether they are a single example."""
    X, Y = real_array(x, "x"), real_array(y, "y")
    single = X.ndim == Y.ndim == 1
    X, Y = (array[:, None] if single else _turned(array, by_rows) for array in (X, Y))
    if not (X.ndim == Y.ndim == 2 and X.shape == (nin, Y.shape[1]) and len(Y) == nout and X.size):
        kind, *shapes = (
            ("rows", f"(n, {nin})", f"(n, {nout})") if by_rows else ("columns", f"({nin}, n)", f"({nout}, n)")
        )
        raise ValueError(
            f"with examples as {kind}, x has shape ({nin},) or {shapes[0]} and y ({nout},) or {shapes[1]}; "
            f"got {np.shape(x)} and {np.shape(y)}"
        )
    return X, Y, single

"""The four equations of backpropagation in NumPy: the same networks and costs, with no graph and no autograd.

    z = W a + b,  a = σ(z),  C = (1/n) Σₓ Cₓ

    BP1  δᴸ = ∇ₐC ∘ σ′(zᴸ)               BP3  ∂C/∂bˡⱼ = δˡⱼ
    BP2  δˡ = ((wˡ⁺¹)ᵀ δˡ⁺¹) ∘ σ′(zˡ)     BP4  ∂C/∂wˡⱼₖ = δˡⱼ aˡ⁻¹ₖ

`columns` writes them as note 2 does, an example being a column; `rows` as note 1 does, an example being a row of X.
Each gives a `ClosedForm`, for the costs in `COSTS` and the activations in `ACTIVATIONS`, or `own` ones. δ is ∂C/∂z of
the mean cost C: in a batch of n each example's δ carries the factor 1/n, and BP3 and BP4 sum over the examples. The
costs that end in cross_entropy take the last layer's a for logits: with a linear last layer BP1 is then δᴸ = σ(z) − y
or softmax(z) − y, the well-known "a − y" of a layer that ends in that σ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .activations import ACTIVATIONS
from .costs import COSTS, Cost, cost_called

__all__ = ["ACTIVATIONS", "COSTS", "ClosedForm", "columns", "real_array", "rows"]

Array = NDArray[np.float64]
Formulas = tuple[Callable[[Array], Array], Callable[[Array], Array]]  # (σ, σ′), both as functions of z


@dataclass(frozen=True, eq=False)
class ClosedForm:
    """Every number of one forward and one backward pass. Lists have an entry a layer, that of layer 1 first.

    The weights, biases, activations and y are copies of what the others were worked out from.
    """

    cost: float  # C, the mean over the examples
    formula: Cost  # Cₓ and ∇ₐCₓ
    costs: Array  # Cₓ of each example, (n,)
    nabla: Array  # ∇ₐC: ∂C/∂aᴸ of the mean cost, shaped as the last of `a`
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


def columns(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    activation: str | Sequence[str] = "relu",
    output: str = "linear",
    cost: str | Cost = "quadratic",
    own: Mapping[str, Formulas] | None = None,
) -> ClosedForm:
    """BP1 to BP4 in note 2's convention, z = W a + b.

    Layer l has W of shape (nₗ, nₗ₋₁) and b of shape (nₗ,). x is one example (n₀,) or a batch (n₀, n), y the same with
    nᴸ. `activation` names the hidden layers' (or, as a sequence, every layer's), `output` the last one's, `cost` is
    a key of COSTS. `own` has further activations by name, each a pair of functions of arrays, (σ, σ′). Raises
    ValueError for shapes that do not fit, and for names it does not know, TypeError for what is no array of real
    numbers.

        >>> one = columns([[[2.0, -1.0]]], [[0.5]], x=[1.0, 3.0], y=[0.0])  # one neuron
        >>> one.cost, one.delta[0].tolist(), one.dW[0].tolist()
        (0.125, [-0.5], [[-0.5, -1.5]])
    """
    formula = cost_called(cost)
    own = dict(own or {})
    W, b, names = _network(weights, biases, activation, output, own, inputs_axis=1)
    sigma, sigma_prime = zip(*((ACTIVATIONS | own)[name][:2] for name in names), strict=True)
    X, Y, single = _examples(x, y, W[0].shape[1], len(W[-1]), axis=0)
    n = X.shape[1]

    z, a = [], [X]
    for l in range(len(W)):
        z.append(W[l] @ a[l] + b[l][:, None])  # (nₗ, n)
        a.append(sigma[l](z[l]))
    costs, nabla = formula.costs(a[-1], Y), formula.gradients(a[-1], Y) / n

    delta = [nabla * sigma_prime[-1](z[-1])]  # BP1
    for l in reversed(range(len(W) - 1)):
        delta.insert(0, (W[l + 1].T @ delta[0]) * sigma_prime[l](z[l]))  # BP2
    db = [d.sum(axis=1) for d in delta]  # BP3
    dW = [d @ a_before.T for d, a_before in zip(delta, a, strict=False)]  # BP4
    if single:
        Y, nabla = Y[:, 0], nabla[:, 0]
        z, a, delta = ([array[:, 0] for array in arrays] for arrays in (z, a, delta))
    return ClosedForm(float(np.mean(costs)), formula, costs, nabla, W, b, names, own, Y, z, a, delta, dW, db)


def rows(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    activation: str | Sequence[str] = "relu",
    output: str = "linear",
    cost: str | Cost = "quadratic",
    own: Mapping[str, Formulas] | None = None,
) -> ClosedForm:
    """Note 1's convention, Z = A W + b: as `columns`, with every matrix transposed.

    Layer l has W of shape (nₗ₋₁, nₗ) and b of shape (nₗ,). x is one example (n₀,) or a batch (n, n₀), y the same with
    nᴸ. The others are as in `columns`.
    """
    formula = cost_called(cost)
    own = dict(own or {})
    W, b, names = _network(weights, biases, activation, output, own, inputs_axis=0)
    sigma, sigma_prime = zip(*((ACTIVATIONS | own)[name][:2] for name in names), strict=True)
    X, Y, single = _examples(x, y, len(W[0]), W[-1].shape[1], axis=1)
    n = len(X)

    z, a = [], [X]
    for l in range(len(W)):
        z.append(a[l] @ W[l] + b[l])  # (n, nₗ)
        a.append(sigma[l](z[l]))
    costs, nabla = formula.costs(a[-1].T, Y.T), formula.gradients(a[-1].T, Y.T).T / n

    delta = [nabla * sigma_prime[-1](z[-1])]  # BP1
    for l in reversed(range(len(W) - 1)):
        delta.insert(0, (delta[0] @ W[l + 1].T) * sigma_prime[l](z[l]))  # BP2
    db = [d.sum(axis=0) for d in delta]  # BP3
    dW = [a_before.T @ d for d, a_before in zip(delta, a, strict=False)]  # BP4
    if single:
        Y, nabla = Y[0], nabla[0]
        z, a, delta = ([array[0] for array in arrays] for arrays in (z, a, delta))
    return ClosedForm(float(np.mean(costs)), formula, costs, nabla, W, b, names, own, Y, z, a, delta, dW, db)


def _network(
    weights: Sequence[ArrayLike],
    biases: Sequence[ArrayLike],
    activation: str | Sequence[str],
    output: str,
    own: Mapping[str, Formulas],
    inputs_axis: int,
) -> tuple[list[Array], list[Array], list[str]]:
    W = [real_array(w, f"the weights of layer {i}") for i, w in enumerate(weights, 1)]
    b = [real_array(v, f"the biases of layer {i}") for i, v in enumerate(biases, 1)]
    if len(W) != len(b) or not W:
        raise ValueError(f"each layer has a weight matrix and its biases; got {len(W)} matrices and {len(b)} biases")
    for i, (matrix, vector) in enumerate(zip(W, b, strict=True), 1):
        if matrix.ndim != 2 or vector.shape != (matrix.shape[1 - inputs_axis],):
            raise ValueError(
                f"layer {i} has a weight matrix and a bias for each of its neurons; "
                f"got weights {matrix.shape} and biases {vector.shape}"
            )
        if i > 1 and matrix.shape[inputs_axis] != len(b[i - 2]):
            raise ValueError(f"layer {i} takes the {len(b[i - 2])} activations before it; got weights {matrix.shape}")
    names = [activation] * (len(W) - 1) + [output] if isinstance(activation, str) else list(activation)
    known = [*ACTIVATIONS, *own]
    if len(names) != len(W) or not all(name in known for name in names):
        raise ValueError(f"each of {len(W)} layers has one activation of {', '.join(known)}; got {names}")
    return W, b, names


def _examples(x: ArrayLike, y: ArrayLike, nin: int, nout: int, axis: int) -> tuple[Array, Array, bool]:
    X, Y = real_array(x, "x"), real_array(y, "y")
    single = X.ndim == 1
    if single and Y.ndim == 1:
        X, Y = np.expand_dims(X, 1 - axis), np.expand_dims(Y, 1 - axis)
    fits = X.ndim == Y.ndim == 2 and X.shape[axis] == nin and Y.shape[axis] == nout
    if not fits or X.shape[1 - axis] != Y.shape[1 - axis] or not X.size:
        layout = ("columns", f"({nin}, n)", f"({nout}, n)") if axis == 0 else ("rows", f"(n, {nin})", f"(n, {nout})")
        raise ValueError(
            f"with examples as {layout[0]}, x has shape ({nin},) or {layout[1]} and y ({nout},) or {layout[2]}; "
            f"got {np.shape(x)} and {np.shape(y)}"
        )
    return X, Y, single


def real_array(numbers: ArrayLike, what: str) -> Array:
    """A new array of float64. Raises TypeError for what is no array of real numbers, naming `what`."""
    if np.ma.is_masked(numbers):
        raise TypeError(f"{what}: real numbers, all of them; some of this array are masked: give .filled(...) instead")
    try:
        array = np.asarray(numbers)
        if array.dtype.kind in "biuf":
            return array.astype(np.float64)
        got = f"an array of {array.dtype}"
    except ValueError:  # rows of different lengths
        got = "rows of different lengths"
    raise TypeError(f"{what}: real numbers, in rows of equal length; got {got}")

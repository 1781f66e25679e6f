"""Why a training taught a model nothing: dead, saturated or symmetric neurons, and gradients that do not arrive.

Two questions are asked when a training ends. Was anything learnt: is the cost below what the best constant outputs
would have? And is there a reason why not, in the neurons, the parameters or the gradients? Only both together make a
warning: a training that is merely short, or whose examples hold nothing to be learnt, has no such reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import closed_form
from .activations import Elementwise
from .history import History
from .layers import MLP
from .module import Module

__all__ = ["NotLearningWarning", "diagnose"]

Array = NDArray[np.float64]
MOST_EXAMPLES = 200  # that are looked at
MOST_CALLS = 2000  # of an activation of one's own, a number each
LEARNT = 0.98  # of the cost of the best constant outputs: below it, something is learnt
WELL_LEARNT = 0.05  # of the same: below it, nobody minds how
FLAT = 1e-3  # of an activation's largest slope: below it, it is saturated
NEARLY_ALL = 0.99  # of a layer's neurons and examples
VANISHED = 1e-4  # of the largest layer's gradient: below it, a layer learns nothing
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "softplus": 1.0}  # σ′ where it is largest, of what saturates

REMEDIES = {
    "dead": "take a lower learning rate, another initialisation (init='he_uniform'), or leaky_relu",
    "saturated": "scale the inputs, draw smaller weights (init='xavier_uniform'), or take a lower learning rate",
    "symmetric": "draw their weights at random, as MLP(..., seed=0) does",
    "vanished": "take another activation (relu, or tanh for sigmoid), fewer layers, or another initialisation",
    "zero": "look for what leaves the graph (.data, float(...), no_grad), or for where the cost is flat",
}


class NotLearningWarning(UserWarning):
    """A training ended, the model has learnt nothing or too little, and it can be told why."""


def diagnose(
    model: Module, X: Array, Y: Array, cost: object, history: History, outputs: Callable[[Array], Array]
) -> tuple[list[str], bool]:
    """The reasons why a model has not learnt, a sentence each, and whether it has learnt anything.

    X (n, n₀) and Y (n, nᴸ) are the examples, `outputs` gives the model's, (n, nᴸ). No reasons are given for a model
    that has learnt, but that its neurons are symmetric.
    """
    if not history.epochs:
        return [], False
    numbers = np.linspace(0, len(X) - 1, min(len(X), MOST_EXAMPLES)).astype(int)
    X, Y = X[numbers], Y[numbers]
    with np.errstate(all="ignore"):
        layers = _layers(model, X) if type(model) is MLP else []
        alike, hindered = list(_symmetric(model)), list(_unlearnable(layers))
        blocked = list(_blocked(history, every_group=type(model) is MLP))
        if not (alike or hindered or blocked):
            return [], True
        a = layers[-1].a if layers else outputs(X)
        share = _share(cost, a, Y, history)
    if share < LEARNT or (np.ptp(a, axis=0).any() and not (layers or _all_zero(history))):
        return (alike if share > WELL_LEARNT else []), True
    return [*alike, *hindered] or blocked, False


@dataclass(frozen=True)
class _Layer:
    """One layer with its forward pass over n examples."""

    number: int  # from 1
    activation: str
    slope: Array  # σ′(z), (n, nₗ)
    a: Array  # (n, nₗ)


def _layers(model: MLP, X: Array) -> list[_Layer]:
    """The forward pass in NumPy; with activations of one's own, of as many examples as there is time for."""
    known = closed_form.ACTIVATIONS
    calls = sum(len(layer.neurons) for layer in model.layers if layer.activation not in known)
    a = X[: max(1, MOST_CALLS // calls)] if calls else X
    layers = []
    for l, (layer, w, b) in enumerate(zip(model.layers, model.weights, model.biases, strict=True), 1):
        own = Elementwise(layer.neurons[0].function)
        sigma, slope = known.get(layer.activation, (own.of, own.slope))
        z = a @ w.T + b
        a = sigma(z)
        layers.append(_Layer(l, layer.activation, np.abs(slope(z)), a))
    return layers


def _share(cost: object, a: Array, Y: Array, history: History) -> float:
    """The cost, as a share of that of the best constant outputs; of a cost that is not known, of the first epoch's."""
    if isinstance(cost, str):
        Y = Y[: len(a)]
        of = closed_form.COSTS[cost].of
        least = float(np.mean(of(np.tile(_best_constant(cost, Y), (len(Y), 1)).T, Y.T)))
        rounding = 1e-6 * float(np.mean(of(np.zeros_like(Y).T, Y.T)))
        return max(0.0, float(np.mean(of(a.T, Y.T))) - rounding) / max(least, rounding, 1e-300)
    first, last = history.cost[0], history.cost[-1]
    if not np.ptp(a, axis=0).any() and np.ptp(Y, axis=0).any():
        return 1.0  # the same for every example, and others were wanted
    return last / first if first > 0 else float(last == first != 0)


def _best_constant(cost: str, Y: Array) -> Array:
    """The outputs, (nᴸ,), that have the least cost if they are the same for every example."""
    mean: Array = Y.mean(axis=0)
    inside = np.clip(mean, 1e-12, 1 - 1e-12)
    return {
        "hinge": np.where(mean >= 0, 1.0, -1.0),
        "binary_cross_entropy": np.log(inside / (1 - inside)),
        "softmax_cross_entropy": np.log(inside),
    }.get(cost, mean)


# ---- reasons


def _unlearnable(layers: list[_Layer]) -> Iterator[str]:
    """Layers that let no gradient through, whatever the example."""
    n = len(layers[0].a) if layers else 0
    dead = [layer.number for layer in layers if layer.activation == "relu" and not layer.slope.any()]
    if dead:
        yield (
            f"every relu of {_listed(dead)} is dead: z is not above 0 for any of the {n} examples looked at, so its "
            f"slope is 0 and no gradient gets through: {REMEDIES['dead']}"
        )
    flat = [layer for layer in layers if layer.number not in dead and _is_flat(layer)]
    if flat:
        names = " and ".join(dict.fromkeys(layer.activation for layer in flat))
        yield (
            f"{names} is saturated in {_listed([layer.number for layer in flat])}: σ′(z) is nearly 0 in nearly every "
            f"neuron for each of the {n} examples looked at, so no gradient gets through: {REMEDIES['saturated']}"
        )


def _is_flat(layer: _Layer) -> bool:
    flat = layer.slope <= FLAT * STEEPEST.get(layer.activation, 0.0)
    return bool(np.mean(flat) >= NEARLY_ALL)


def _symmetric(model: Module) -> Iterator[str]:
    """Rows of parameters, each a neuron's, that are equal: their gradients are equal too."""
    rows: dict[str, dict[str, dict[str, float]]] = {}  # by what holds them, by row, by the rest of the path
    for path, parameter in model.named_parameters():
        parts = path.split(".")
        numbered = [i for i, part in enumerate(parts[:-1]) if part.isdigit()]
        if numbered:
            i = numbered[-1]
            row = rows.setdefault(".".join(parts[:i]), {}).setdefault(parts[i], {})
            row[".".join(parts[i + 1 :])] = parameter.data
    last = f"layers.{len(model.layers) - 1}.neurons" if isinstance(model, MLP) else ""
    for holder, of_neurons in rows.items():
        first, *others = of_neurons.values()
        same = all(other.keys() == first.keys() for other in others)
        if holder != last and others and same and all(_equal(other, first) for other in others):
            layer = holder.split(".")[1] if isinstance(model, MLP) else ""
            where = f"layer {int(layer) + 1}" if layer else holder
            yield (
                f"the {len(of_neurons)} neurons of {where} are symmetric: they have the same weights, get the same "
                f"gradient and stay equal for ever, so they are worth one: {REMEDIES['symmetric']}"
            )


def _equal(one: dict[str, float], other: dict[str, float]) -> bool:
    return bool(np.allclose(list(one.values()), [other[key] for key in one], rtol=1e-9, atol=0.0))


def _blocked(history: History, every_group: bool) -> Iterator[str]:
    """Gradients that do not arrive, or hardly do."""
    norms = history.gradient_norms
    if _all_zero(history):
        yield f"every gradient is exactly 0, so the cost does not depend on the parameters there: {REMEDIES['zero']}"
        return
    largest = [max(of_epoch) for of_epoch in zip(*norms.values(), strict=True)]
    shares = {
        name: max(norm / most for norm, most in zip(of_group, largest, strict=True) if most)
        for name, of_group in norms.items()
    }
    least = min(shares, key=lambda name: shares[name])
    gone = [name for name, of_group in norms.items() if of_group[-1] == 0.0]
    if gone:
        yield (
            f"no gradient arrives in {', '.join(gone)}, where it is exactly 0: {REMEDIES['dead']}"
            if every_group
            else f"no gradient arrives in {', '.join(gone)}, where it is exactly 0: {REMEDIES['zero']}"
        )
    elif shares[least] < VANISHED and every_group:
        most = max(shares, key=lambda name: shares[name])
        yield (
            f"the gradient vanishes on its way back: ‖∂C/∂p‖ of {least} has been at most {shares[least]:.0e} of that "
            f"of {most}: {REMEDIES['vanished']}"
        )


def _all_zero(history: History) -> bool:
    return not any(of_group[-1] for of_group in history.gradient_norms.values())


def _listed(numbers: list[int]) -> str:
    *before, last = map(str, numbers)
    return f"layers {', '.join(before)} and {last}" if before else f"layer {last}"

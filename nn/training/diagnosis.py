"""Why a training taught a model nothing: neurons that are dead, saturated or symmetric, gradients that do not arrive,
steps that are far too short or too long.

Two questions are asked when a training ends. Was anything learnt: is the cost below what the best constant outputs
would have? And is there a reason why not, in the neurons, the parameters or the gradients? Only both together make a
warning: a training that is merely short, or whose examples hold nothing to be learnt, has no such reason.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from ..activations import ACTIVATIONS, DYING, FLAT
from ..costs import Cost
from ..layers import MLP
from ..module import Module
from ..notation import counted
from ..own_activations import on_arrays
from .history import History

__all__ = ["NotLearningWarning", "diagnose"]

Array = NDArray[np.float64]
MOST_EXAMPLES = 200  # that are looked at
MOST_CALLS = 2000  # of an activation of one's own, a number each
LEARNT = 0.98  # of the cost of the best constant outputs: below it, something is learnt
WELL_LEARNT = 0.05  # of the same: below it, nobody minds how
NEARLY_ALL = 0.99  # of a layer's neurons and examples
ROUNDING = 1e-9  # of the cost of outputs 0: as small, the cost of the best constant outputs is 0
STILL = 1e-5  # of the parameters' size: a training that moves them less has not begun
RISEN = 1.2  # times the first epoch's cost: above it, the cost rose
VANISHED = 1e-3  # of the largest gradient of a layer: below it, in the middle of the epochs, a layer learns nothing

REMEDIES = {
    "dead": "take a lower learning rate, another initialisation (init='he_uniform'), or leaky_relu",
    "saturated": "scale inputs and targets, draw smaller weights (init='xavier_uniform'), or lower the learning rate",
    "symmetric": "draw their weights at random, as MLP(..., seed=0) does",
    "vanished": "take another activation (relu, or tanh for sigmoid), fewer layers, or another initialisation",
    "gone": "look for dead relus, and for what leaves the graph (.data, float(...), no_grad)",
    "still": "take a higher learning rate",
    "rose": "steps so long lead away, take a lower learning rate",
    "zero": "look for what leaves the graph (.data, float(...), no_grad), or for where the cost is flat",
}


class NotLearningWarning(UserWarning):
    """`fit` ended, the model has learnt nothing or too little, and the message says why."""


def diagnose(
    model: Module,
    X: Array,
    Y: Array,
    cost: Cost | None,
    history: History,
    outputs: Callable[[Array], Array],
    moved: float | None = None,
) -> tuple[list[str], bool]:
    """The reasons why a model has not learnt, a sentence each, and whether it has learnt anything.

    X (n, n₀) and Y (n, nᴸ) are the examples, `outputs` gives the model's, (n, nᴸ). The training `moved` the parameters
    by this share of their size; None if it was not meant to. No reasons are given for a model
    that has learnt, except that its neurons are symmetric.
    """
    if not history.epochs:
        return [], False
    network = model if _is_network(model) else None
    numbers = np.linspace(0, len(X) - 1, min(len(X), _most_examples(network))).astype(int)
    X, Y = X[numbers], Y[numbers]
    with np.errstate(all="ignore"):
        layers = [] if network is None else _layers(network, X)
        alike, hindered = list(_symmetric(model, network)), list(_unlearnable(layers))
        blocked = list(_blocked(history, of_layers=network is not None)) or list(_still(history, moved))
        if not (alike or hindered or blocked):
            return [], True
        a = layers[-1].a if layers else outputs(X)
        share = _share(cost, a, Y, history)
    if share < LEARNT or (np.ptp(a, axis=0).any() and not (layers or _all_zero(history))):
        return (alike if share > WELL_LEARNT else []), True
    return [*alike, *hindered, *_rose(history, hindered)] or blocked, False


@dataclass(frozen=True)
class _Layer:
    """One layer with its forward pass over n examples."""

    number: int  # from 1
    activation: str
    slope: Array  # σ′(z), (n, nₗ)
    a: Array  # (n, nₗ)
    steepest: float | None  # σ′ where it is largest, of what saturates


def _is_network(model: Module) -> TypeGuard[MLP]:
    """Whether it computes what an MLP does, with one activation a layer."""
    return type(model) is MLP and all(
        neuron.function is layer.neurons[0].function for layer in model.layers for neuron in layer.neurons
    )


def _most_examples(network: MLP | None) -> int:
    """As many as there is time for: an activation of one's own is called for each neuron."""
    layers = [] if network is None else network.layers
    calls = sum(len(layer.neurons) for layer in layers if layer.neurons[0].activation not in ACTIVATIONS)
    return min(MOST_EXAMPLES, max(1, MOST_CALLS // calls)) if calls else MOST_EXAMPLES


def _layers(network: MLP, X: Array) -> list[_Layer]:
    """The forward pass in NumPy."""
    layers, a = [], X
    for l, (layer, w, b) in enumerate(zip(network.layers, network.weights, network.biases, strict=True), 1):
        neuron = layer.neurons[0]
        sigma = on_arrays(neuron.activation, neuron.function)
        z = a @ w.T + b
        a = sigma.of(z)
        layers.append(_Layer(l, neuron.activation, np.abs(sigma.slope(z)), a, sigma.steepest))
    return layers


def _share(cost: Cost | None, a: Array, Y: Array, history: History) -> float:
    """The cost, as a share of that of the best constant outputs; where that is 0 or not known, of the first epoch's."""
    if cost is not None and cost.best is not None:
        best = np.broadcast_to(cost.best(Y.mean(axis=0)), Y.shape)
        least, of_zeros, ours = (float(np.mean(cost.costs(out.T, Y.T))) for out in (best, np.zeros_like(Y), a))
        if least > ROUNDING * of_zeros:
            return ours / least
    first, last = history.cost[0], history.cost[-1]
    if (cost is None or cost.best is None) and not np.ptp(a, axis=0).any() and np.ptp(Y, axis=0).any():
        return 1.0  # the same for every example, and others were wanted
    return last / first if first > 0 else float(last == first != 0)


# ---- reasons


def _unlearnable(layers: list[_Layer]) -> Iterator[str]:
    """Layers that let no gradient through, whatever the example."""
    dead = [layer.number for layer in layers if layer.activation in DYING and not layer.slope.any()]
    flat = [layer for layer in layers if layer.number not in dead and _is_flat(layer)]
    n = len(layers[0].a) if layers else 0
    if dead:
        names = " and ".join(dict.fromkeys(layer.activation for layer in layers if layer.number in dead))
        output = f", or, as outputs of {names} are never below 0, output='linear'" * (dead[-1] == len(layers))
        yield (
            f"every {names} of {_listed(dead)} is dead: z is not above 0 for any of the {n} examples looked at, so its "
            f"slope is 0 and no gradient gets through: {REMEDIES['dead']}{output}"
        )
    if flat:
        names = " and ".join(dict.fromkeys(layer.activation for layer in flat))
        how = "saturated" if all(layer.steepest for layer in flat) else "flat"
        yield (
            f"{names} is {how} in {_listed([layer.number for layer in flat])}: σ′(z) is 0, or nearly, in nearly every "
            f"neuron for each of the {n} examples looked at, so no gradient gets through: {REMEDIES['saturated']}"
        )


def _is_flat(layer: _Layer) -> bool:
    """Whether σ′ is nearly 0 nearly everywhere; of a σ that is not known to saturate, 0 everywhere."""
    if layer.steepest is None:
        return not layer.slope.any()
    return bool(np.mean(layer.slope <= FLAT * layer.steepest) >= NEARLY_ALL)


def _symmetric(model: Module, network: MLP | None) -> Iterator[str]:
    """Layers whose neurons are all alike: their gradients are alike too."""
    if network is not None:
        both = [np.column_stack(pair) for pair in zip(network.weights, network.biases, strict=True)]
        found = [l for l, rows in enumerate(both[:-1], 1) if _alike(rows)]
        where = _listed(found) if found else ""
    else:
        where = ", ".join(holder for holder, rows in _rows(model).items() if _alike(rows))
    if where:
        yield (
            f"the neurons of {where} are symmetric: those of a layer have the same weights, so they get the same "
            f"gradient, stay equal for ever, and are worth a single one: {REMEDIES['symmetric']}"
        )


def _alike(rows: Array) -> bool:
    """Whether there are two or more, and all the same."""
    return len(rows) > 1 and bool(np.allclose(rows, rows[0], rtol=1e-9, atol=0.0))


def _rows(model: Module) -> dict[str, Array]:
    """The parameters that stand in rows, by the path of what holds them: lists of lists, and the neurons of a layer."""
    found: dict[str, dict[str, list[float]]] = {}
    for path, parameter in model.named_parameters():
        parts = path.split(".")
        numbered = [i for i, part in enumerate(parts[:-1]) if part.isdigit()]
        if numbered:
            holder, row = ".".join(parts[: numbered[-1]]).removesuffix(".neurons"), parts[numbered[-1]]
            found.setdefault(holder, {}).setdefault(row, []).append(parameter.data)
    rows = {holder: list(of_holder.values()) for holder, of_holder in found.items()}
    return {holder: np.array(of) for holder, of in rows.items() if len({len(row) for row in of}) == 1}


def _blocked(history: History, of_layers: bool) -> Iterator[str]:
    """Gradients that do not arrive, or hardly do; the history's are of layers, or of whatever a module's parts are."""
    norms = history.gradient_norms
    if _all_zero(history):
        yield f"every gradient is exactly 0, so the cost does not depend on the parameters there: {REMEDIES['zero']}"
        return
    gone = [name for name, of_epochs in norms.items() if of_epochs[-1] == 0.0]
    if gone:
        yield f"no gradient arrives in {', '.join(gone)}, where it is exactly 0: {REMEDIES['gone']}"
        return
    largest = np.max(list(norms.values()), axis=0)
    shares = {name: float(np.median(np.array(of_epochs) / largest)) for name, of_epochs in norms.items()}
    least, most = min(shares, key=lambda name: shares[name]), max(shares, key=lambda name: shares[name])
    if of_layers and shares[least] < VANISHED:
        yield (
            f"the gradient vanishes on its way back: ‖∂C/∂p‖ of {least} is {shares[least]:.0e} of that of {most}: "
            f"{REMEDIES['vanished']}"
        )


def _still(history: History, moved: float | None) -> Iterator[str]:
    """Parameters that stay where they were, though gradients arrive."""
    if moved is not None and moved < STILL:
        epochs = counted(len(history.epochs), "epoch")
        yield f"the parameters have hardly moved, by {moved:.0e} of their size in {epochs}: {REMEDIES['still']}"


def _rose(history: History, hindered: list[str]) -> Iterator[str]:
    """A cost that is higher than at first, where neurons were lost on the way."""
    first, last = history.cost[0], history.cost[-1]
    if hindered and last > RISEN * first:
        yield f"the cost rose, from {first:.3g} in the first epoch to {last:.3g} in the last: {REMEDIES['rose']}"


def _all_zero(history: History) -> bool:
    return not any(of_group[-1] for of_group in history.gradient_norms.values())


def _listed(numbers: list[int]) -> str:
    *before, last = map(str, numbers)
    return f"layers {', '.join(before)} and {last}" if before else f"layer {last}"

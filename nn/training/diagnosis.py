"""The reasons why a training taught a model nothing: neurons that are dead, saturated or symmetric, gradients that do
not arrive, steps that are far too short or too long.

When a training ends, two questions are asked. Is there a reason in the neurons, the parameters or the gradients? If so,
was anything learnt: is the cost lower than that of the best constant outputs? If there is a reason and nothing was
learnt, a warning gives the reason. Symmetric neurons are also reported if something was learnt, unless the cost is very
low. A training that is merely short, or examples with nothing to learn, give no reason.
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
MOST_EXAMPLES = 200  # this many examples are looked at
MOST_CALLS = 2000  # this many calls of a user's activation, each for one number
LEARNT = 0.98  # something is learnt if the cost is below this share of the cost of the best constant outputs
WELL_LEARNT = 0.05  # below this share, not even symmetric neurons are reported
NEARLY_ALL = 0.99  # a layer is flat if σ′ is small in this share of its neurons and examples
ROUNDING = 1e-9  # the best constant outputs cost 0 if their cost is below this share of the cost of outputs 0
STILL = 1e-5  # the parameters have hardly moved if they moved by less than this share of their size
RISEN = 1.2  # the cost rose if the last epoch's is more than this many times the first's
VANISHED = 1e-3  # a layer's gradient vanishes if, in the median epoch, it is below this share of the largest layer's

REMEDIES = {
    "dead": "take a lower learning rate, another initialisation (init='he_uniform'), or leaky_relu",
    "saturated": "scale inputs and targets, draw smaller weights (init='xavier_uniform'), or lower the learning rate",
    "symmetric": "draw their weights at random, as MLP(..., seed=0) does",
    "vanished": "take another activation (relu, or tanh for sigmoid), fewer layers, or another initialisation",
    "gone": "look for dead relus, and for what leaves the graph (.data, float(...), no_grad)",
    "still": "take a higher learning rate",
    "rose": "the steps are too long, take a lower learning rate",
    "zero": "look for what leaves the graph (.data, float(...), no_grad), or for where the cost is flat",
}


class NotLearningWarning(UserWarning):
    """The warning that a model learnt nothing, or too little, in `fit`; the message says why."""


def diagnose(
    model: Module,
    X: Array,
    Y: Array,
    cost: Cost | None,
    history: History,
    outputs: Callable[[Array], Array],
    moved: float | None = None,
) -> tuple[list[str], bool]:
    """Returns a list of sentences, the reasons why a model has not learnt, and whether it has learnt anything.

    X (n, n₀) and Y (n, nᴸ) are the examples; `outputs` computes the model's outputs, (n, nᴸ), from X. `moved` is the
    distance between the parameters before and after training, divided by the larger of their two norms; None if the
    learning rate was 0. A model without such reasons counts as one that has learnt. For a model that has learnt, the
    only reason reported is that its neurons are symmetric.
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
    """One layer with its numbers for n examples."""

    number: int  # from 1
    activation: str
    slope: Array  # |σ′(z)|, (n, nₗ)
    a: Array  # (n, nₗ)
    steepest: float | None  # the largest σ′, for an activation that saturates


def _is_network(model: Module) -> TypeGuard[MLP]:
    """Returns whether the model is an MLP, not a subclass, with the same activation in all neurons of a layer."""
    return type(model) is MLP and all(
        neuron.function is layer.neurons[0].function for layer in model.layers for neuron in layer.neurons
    )


def _most_examples(network: MLP | None) -> int:
    """Returns how many examples to look at: fewer if a user's activation is called for each neuron."""
    layers = [] if network is None else network.layers
    calls = sum(len(layer.neurons) for layer in layers if layer.neurons[0].activation not in ACTIVATIONS)
    return min(MOST_EXAMPLES, max(1, MOST_CALLS // calls)) if calls else MOST_EXAMPLES


def _layers(network: MLP, X: Array) -> list[_Layer]:
    """Returns a `_Layer` for each layer, with its numbers from a forward pass in NumPy."""
    layers, a = [], X
    for l, (layer, w, b) in enumerate(zip(network.layers, network.weights, network.biases, strict=True), 1):
        neuron = layer.neurons[0]
        sigma = on_arrays(neuron.activation, neuron.function)
        z = a @ w.T + b
        a = sigma.of(z)
        layers.append(_Layer(l, neuron.activation, np.abs(sigma.slope(z)), a, sigma.steepest))
    return layers


def _share(cost: Cost | None, a: Array, Y: Array, history: History) -> float:
    """Returns the cost as a share of the cost of the best constant outputs.

    If the cost of the best constant outputs is 0 or not known, it returns the last epoch's cost as a share of the
    first's. Exception: if the best outputs are not known, and the model gives the same outputs for all examples
    although their targets differ, it returns 1. If the first epoch's cost is 0 or below, it returns 1 if the last
    epoch's cost is equal to it and not 0, else 0.
    """
    if cost is not None and cost.best is not None:
        best = np.broadcast_to(cost.best(Y.mean(axis=0)), Y.shape)
        least, of_zeros, ours = (float(np.mean(cost.costs(out.T, Y.T))) for out in (best, np.zeros_like(Y), a))
        if least > ROUNDING * of_zeros:
            return ours / least
    first, last = history.cost[0], history.cost[-1]
    if (cost is None or cost.best is None) and not np.ptp(a, axis=0).any() and np.ptp(Y, axis=0).any():
        return 1.0  # the outputs are the same for every example, and the targets are not
    return last / first if first > 0 else float(last == first != 0)


# ---- reasons


def _unlearnable(layers: list[_Layer]) -> Iterator[str]:
    """Yields a sentence on the dead layers, and one on the flat layers, which let hardly any gradient through."""
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
    """Returns whether σ′ is nearly 0 nearly everywhere; if σ is not known to saturate, whether σ′ is 0 everywhere."""
    if layer.steepest is None:
        return not layer.slope.any()
    return bool(np.mean(layer.slope <= FLAT * layer.steepest) >= NEARLY_ALL)


def _symmetric(model: Module, network: MLP | None) -> Iterator[str]:
    """Yields a sentence on the layers whose neurons all have the same parameters, and so the same gradients.

    In an MLP, the last layer is left out. In another module, the rows that `_rows` finds stand for neurons.
    """
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
    """Returns whether there are two or more rows, all the same up to rounding."""
    return len(rows) > 1 and bool(np.allclose(rows, rows[0], rtol=1e-9, atol=0.0))


def _rows(model: Module) -> dict[str, Array]:
    """Returns a dict from the path of a layer, or of a list of lists, to its parameters as an array.

    Each neuron of the layer, or each inner list, is a row. If the rows differ in length, the dict has no such entry.
    """
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
    """Yields one sentence if gradients are exactly 0 in the last epoch, or if they vanish on their way back.

    `of_layers` says whether the history's gradients are those of layers. Only these are checked for vanishing.
    """
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
    """Yields a sentence if the parameters have hardly moved."""
    if moved is not None and moved < STILL:
        epochs = counted(len(history.epochs), "epoch")
        yield f"the parameters have hardly moved, by {moved:.0e} of their size in {epochs}: {REMEDIES['still']}"


def _rose(history: History, hindered: list[str]) -> Iterator[str]:
    """Yields a sentence if the cost rose and `hindered`, the sentences on dead and flat layers, is not empty."""
    first, last = history.cost[0], history.cost[-1]
    if hindered and last > RISEN * first:
        yield f"the cost rose, from {first:.3g} in the first epoch to {last:.3g} in the last: {REMEDIES['rose']}"


def _all_zero(history: History) -> bool:
    return not any(of_group[-1] for of_group in history.gradient_norms.values())


def _listed(numbers: list[int]) -> str:
    *before, last = map(str, numbers)
    return f"layers {', '.join(before)} and {last}" if before else f"layer {last}"

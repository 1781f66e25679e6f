"""Mistakes that only a network with a cost can have, as edits of its backward pass.

They are mistakes at the error, with the examples, in the forward pass, and in the order of updates. The mistakes that
any backward pass can have are in `autograd.mistakes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd import table
from autograd.arrays.rules import ARRAYS
from autograd.mistakes.edits import Edit, fixed, listed
from autograd.mistakes.judged import Given
from autograd.mistakes.rules import instead
from autograd.programs.assignments import Assignment, Map
from autograd.programs.recorded import Recorded
from autograd.programs.reverse import Change, Rule, Way

from .at_the_cost import at_the_cost
from .bp2 import in_bp2
from .bp3 import in_bp3
from .bp4 import in_bp4
from .forward_pass import ForwardPass, Layer
from .forwards import in_the_forward_pass
from .loops import in_loops
from .penalties import of_penalties
from .scaled import KIND
from .updates import updated
from .words import NetworkWords

__all__ = ["mistakes"]

Array = NDArray[np.float64]
MOST_EXAMPLES = 100  # in a larger batch, a gradient of one example alone is not looked for: it takes too long


def mistakes(forward: ForwardPass, words: NetworkWords, recorded: Recorded, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields an edit of a backward pass for each mistake that only a network can have.

    `recorded` has the right backward pass, or one that is edited already.
    """
    forward = forward.after(recorded)
    yield from at_the_cost(forward, words)
    yield from _of_the_error(forward)
    yield from in_bp2(forward)
    yield from in_bp4(forward)
    yield from in_bp3(forward)
    yield from in_loops(forward, words)
    yield from of_penalties(forward, words, wrong)
    yield from _one_array_for_all(forward)
    yield from _examples(forward)
    yield from _divided_by_widths(forward)
    yield from in_the_forward_pass(forward)
    yield from updated(forward, wrong)


# ---- the error in the place of the output, or of δ


def _of_the_error(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits that apply the formula of σ′ to the error e = ∂C/∂a, in one layer or in all.

    For a sigmoid they give δ = e (1 − e), or e ∘ e (1 − e). If the mean's 1/n comes later, e is n times as large. Other
    edits take σ′(e) as δ.
    """
    whole, layers = 1 / forward.scale, [layer for layer in forward.layers if layer.a is not layer.z]
    for where, several in _together(forward, layers):
        for times, scale in ((False, 1.0), (False, whole), (True, whole)):  # autograd.mistakes has (True, 1.0)
            rules = {Way(layer.a.number, 0): partial(_formula, layer, times, scale) for layer in several}
            used = "e ∘ the result is" if times else "the result is"
            text = f"{where}: the formula for σ′ is applied to the error e = ∂C/∂a, not to a, and {used} used as δ"
            yield fixed(Change(rules=rules), text, 3 + (not times) + (len(several) > 1), kind=KIND)
        for scale in dict.fromkeys((1.0, whole)):
            rules = {Way(layer.a.number, 0): partial(_at_the_error, layer, scale) for layer in several}
            text = f"{where}: σ′ of the error, σ′(∂C/∂a), is used as δ, not ∂C/∂a ∘ σ′(z)"
            yield fixed(Change(rules=rules), text, 4 + (len(several) > 1), kind=KIND)
            is_sigmoid = all(isinstance(layer.a, Map) and layer.a.op is table.SIGMOID for layer in several)
            for text, mixed in (("a (1 − e)", _second), ("e (1 − a)", _first)) if is_sigmoid else ():
                rules = {Way(layer.a.number, 0): partial(_mixed, layer, mixed, scale) for layer in several}
                said = f"{where}: {text}, with the error e = ∂C/∂a, is used instead of σ′(z) = a (1 − a)"
                yield fixed(Change(rules=rules), said, 4 + (len(several) > 1), kind=KIND)
            formulas = [("σ(∂C/∂a)", _activation, 4), ("σ(1 − σ(∂C/∂a))", _bracketed, 5)]
            for text, of, rank in formulas[: 1 + is_sigmoid]:
                rules = {Way(layer.a.number, 0): partial(_of_the_error_itself, layer, of, scale) for layer in several}
                said = (
                    f"{where}: σ of {'the error' if of is _activation else '1 − σ of the error'}, {text}, is used as δ"
                )
                yield fixed(Change(rules=rules), f"{said}, not ∂C/∂a ∘ σ′(z)", rank + (len(several) > 1), kind=KIND)


def _together(forward: ForwardPass, layers: Sequence[Layer]) -> Iterator[tuple[str, Sequence[Layer]]]:
    """Yields pairs of a text and layers that may share a mistake: each alone, all, and all but the network's last."""
    yield from ((f"in layer {layer.number}", [layer]) for layer in layers)
    hidden = [layer for layer in layers if layer is not forward.layers[-1]]
    for several in (layers, hidden)[: 1 + (len(hidden) < len(layers))]:
        if len(several) > 1:
            yield f"in every layer{' but the last' * (several is hidden or len(hidden) == len(layers))}", several


def _formula(layer: Layer, times: bool, scale: float, flow: Array) -> Array:
    e = flow * scale
    slope = layer.formula(e)
    return (e * slope if times else slope) / scale


def _mixed(layer: Layer, slope: Callable[[Array, Array], Array], scale: float, flow: Array) -> Array:
    return flow * slope(layer.a.value, flow * scale)


def _first(a: Array, e: Array) -> Array:
    return e * (1 - a)


def _second(a: Array, e: Array) -> Array:
    return a * (1 - e)


def _at_the_error(layer: Layer, scale: float, flow: Array) -> Array:
    return layer.slope_at(flow * scale) / scale


def _of_the_error_itself(layer: Layer, of: Callable[[Layer, Array], Array], scale: float, flow: Array) -> Array:
    return np.broadcast_to(of(layer, flow * scale), flow.shape) / scale


def _activation(layer: Layer, at: Array) -> Array:
    assert isinstance(layer.a, Map)
    others = [operand.value for operand in layer.a.operands[1:]]
    return np.asarray(layer.a.op.forward(ARRAYS, at, *others))


def _bracketed(layer: Layer, at: Array) -> Array:
    return _activation(layer, 1 - _activation(layer, at))


# ---- the examples, the lists of gradients, the penalty, the number of examples


def _examples(forward: ForwardPass) -> Iterator[Edit]:
    """Yields two edits for each example of a batch, and for the first and the last k: they alone count.

    Each counts with its share of C, or C is the mean over them. Nothing is yielded for more than MOST_EXAMPLES.
    """
    n, outputs = forward.n, forward.layers[-1].a.number
    for some in _some(n) if 1 < n <= MOST_EXAMPLES else ():
        for factor in (1.0, n / len(some)):
            rows = np.where(np.isin(np.arange(n), some), factor, 0.0)[:, None]
            yield fixed(Change(at={outputs: partial(np.multiply, rows)}), "", 4, kind="example", data=(some, factor))
    for counts, first, last in ((np.arange(n, 0, -1), n, 1), (np.arange(1, n + 1), 1, n)) if n > 1 else ():
        text = (
            f"the sums of one example are not set to 0 before the next, and are added up again: example 1 is counted "
            f"{_times_counted(first)}, and example {n} {_times_counted(last)}"
        )
        yield fixed(Change(at={outputs: partial(np.multiply, counts[:, None])}), text, 4, kind=KIND)


def _times_counted(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _some(n: int) -> Iterator[range]:
    """Yields each of n examples alone, then the first k and the last k examples, for each k."""
    yield from (range(k, k + 1) for k in range(n))
    for k in range(2, n):
        yield from (range(k), range(n - k, n))


def _one_array_for_all(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which gradients of one shape are one array, to which the gradients of all layers were added."""
    of_biases = _groups((f"db[{layer.number - 1}]", layer.b) for layer in forward.layers)
    of_weights = _groups((f"dW[{layer.number - 1}]", layer.W) for layer in forward.layers)
    for groups in (of_biases, of_weights, [*of_weights, *of_biases]):
        if groups:
            at: dict[int, Rule] = {}
            for group in groups:
                total = np.sum([forward.recorded.backward.flows[array.number] for _, array in group], axis=0)
                at |= {array.number: partial(instead, total) for _, array in group}
            names = ", and ".join(listed(name for name, _ in group) for group in groups)
            text = f"{names} are one array, to which the gradients of several layers were added"
            yield fixed(Change(at=at), text, 3, kind=KIND)


def _groups(named: Iterable[tuple[str, Assignment]]) -> list[list[tuple[str, Assignment]]]:
    """Returns the names and arrays of each shape that several arrays have."""
    alike: dict[tuple[int, ...], list[tuple[str, Assignment]]] = {}
    for name, array in named:
        alike.setdefault(array.shape, []).append((name, array))
    return [group for group in alike.values() if len(group) > 1]


def _divided_by_widths(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which the gradients of each layer are divided by its number of inputs or neurons.

    They are divided by n too, or not. With one layer, this is a factor.
    """
    if len(forward.layers) == 1:
        return
    ways = [(1.0, "", 4)]
    if forward.n > 1 and forward.closed.over == "mean":
        ways.insert(0, (float(forward.n), ", not by the number of examples n", 3))
    for axis, what in ((1, "inputs"), (0, "neurons")):
        for keys in (("W", "b"), ("W",)):
            for n, instead_of, rank in ways:
                at = {getattr(layer, key).number: partial(np.multiply, n / layer.W.shape[axis])
                      for layer in forward.layers for key in keys}  # fmt: skip
                names = " and ".join(f"d{key}" for key in keys)
                text = (
                    f"{names} of each layer {'are' if keys[1:] else 'is'} divided by its number of {what}{instead_of}"
                )
                yield fixed(Change(at=at), text, rank, kind=KIND)

"""Mistakes at the error ∂C/∂a of a layer: it is put where the output belongs, or where δ belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd import table
from autograd.arrays.rules import ARRAYS
from autograd.mistakes.edits import Edit, fixed
from autograd.programs.assignments import Map
from autograd.programs.reverse import Change, Way

from ..forward_pass import ForwardPass, Layer
from .scaled import KIND

__all__ = ["at_the_error"]

Array = NDArray[np.float64]


def at_the_error(forward: ForwardPass) -> Iterator[Edit]:
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

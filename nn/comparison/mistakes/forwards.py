"""Mistakes in the forward pass of a network, as edits of its backward pass: no biases, or another activation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.arrays.rules import ARRAYS
from autograd.mistakes.edits import Edit, fixed
from autograd.mistakes.rules import instead
from autograd.programs.reverse import Change, Rule
from autograd.table import OPERATIONS

from ... import closed_form
from ...activations import ACTIVATIONS
from ...closed_form import ClosedForm, Formulas
from ..forward_pass import ForwardPass
from .scaled import KIND

__all__ = ["in_the_forward_pass"]

Array = NDArray[np.float64]
NAMES = {"sigmoid": "σ(z)", "tanh": "tanh(z)", "relu": "max(0, z)", "linear": "z"}
OTHERS: dict[str, Callable[[Array], Array]] = {
    **{NAMES[name]: ACTIVATIONS[name].of for name in NAMES},
    "σ(−z)": lambda z: ACTIVATIONS["sigmoid"].of(-z),
}


def in_the_forward_pass(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which both passes are those of another network: without biases, or with other activations.

    The derivative is that of the other activation, or the network's own formula for σ′, applied to the other a.
    """
    closed = forward.closed
    if any(biases.any() for biases in closed.biases):
        made = _computed(closed, closed.activations, closed.own, [np.zeros_like(biases) for biases in closed.biases])
        yield _edit(forward, made, "the biases are missing from the forward pass")
    for kind in (name for name in dict.fromkeys(closed.activations) if name in NAMES):
        for written, of in OTHERS.items():
            if written == NAMES[kind]:
                continue
            own = [ACTIVATIONS[name].slope for name in NAMES if NAMES[name] == written]
            slopes: list[Callable[[Array], Array]] = [*own, partial(_formula, kind, of)]
            for slope in slopes:
                for where, changed in _changed(closed.activations, kind, written):
                    made = _computed(closed, changed, {**closed.own, written: (of, slope)}, closed.biases)
                    yield _edit(forward, made, f"the forward pass uses {written} instead of {NAMES[kind]}{where}")


def _formula(kind: str, of: Callable[[Array], Array], z: Array) -> Array:
    """Returns an activation's formula for σ′, as a (1 − a) for a sigmoid, for the a of another function."""
    a = of(z)
    return np.broadcast_to(OPERATIONS[kind].slope(ARRAYS, a, (a,), 0), z.shape) if kind != "linear" else np.ones_like(z)


def _changed(names: list[str], kind: str, other: str) -> Iterator[tuple[str, list[str]]]:
    """Yields pairs of a text and activations, `other` for `kind`: everywhere, in the hidden layers, in the last one."""
    yield "", [other if name == kind else name for name in names]
    if names[-1] == kind and kind in names[:-1]:
        yield " in the hidden layers", [*(other if name == kind else name for name in names[:-1]), kind]
        yield " in the last layer", [*names[:-1], other]


def _computed(
    closed: ClosedForm, activations: list[str], own: Mapping[str, Formulas], biases: list[Array]
) -> ClosedForm:
    with np.errstate(all="ignore"):
        return closed_form.columns(closed.weights, biases, closed.a[0], closed.y, activations, cost=closed.formula,
                                   own=own, over=closed.over)  # fmt: skip


def _edit(forward: ForwardPass, made: ClosedForm, text: str) -> Edit:
    at: dict[int, Rule] = {}
    for layer, dW, db, delta in zip(forward.layers, made.dW, made.db, made.delta, strict=True):
        for array, gradient in ((layer.W, dW), (layer.b, db), (layer.z, np.atleast_2d(delta.T))):
            at[array.number] = partial(instead, gradient)
    return fixed(Change(at=at), text, 4, kind=KIND)

"""Tells mistakes in the gradients that were given, each by itself: penalties, examples, entries that are not set."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograd.mistakes.edits import Edit, listed
from autograd.mistakes.factors import Factors
from autograd.mistakes.ingredients.entries import written_to
from autograd.mistakes.ingredients.penalties import differ
from autograd.mistakes.judged import Given
from autograd.programs.assignments import Assignment

from ..forward_pass import ForwardPass
from .factors import FactorWords

__all__ = ["GivenWords"]

CLOSE = 1e-9


class GivenWords(FactorWords):
    """Writes sentences about the user's own arrays dW, db and delta."""

    def __init__(self, forward: ForwardPass, givens: Sequence[Given]) -> None:
        super().__init__(forward, givens)
        self._factors = Factors(forward.recorded)
        self.roles: dict[int, tuple[str, int]] = {}  # from the number of an array to its letter and its layer
        for layer in forward.layers:
            for role in ("a", "z", "product", "W", "b"):
                self.roles[getattr(layer, role).number] = role, layer.number

    def along(self, array: Assignment, axis: int) -> tuple[str, str, int]:
        """Returns words for an axis, as `Words` does: the examples, or the neurons of a layer, are counted from 1."""
        if axis == 0:
            return "in the sums over the examples", "example", 1
        return f"along the neurons of layer {self.roles[array.number][1]}", "neuron", 1

    def _example(self, edit: Edit, t: float, factors: Factors) -> str:
        some, factor = edit.data
        several = f"the {'last' if some.start else 'first'} {len(some)} examples are"
        only = f"only {several if len(some) > 1 else f'example {some.start + 1} is'}"
        if factor == 1.0:
            return f"{only} counted: the others are missing"
        return f"{only} used, not the mean over all {self.forward.n}"

    def _penalty(self, edit: Edit, t: float, factors: Factors) -> str:
        of, *arrays = edit.data
        has, keys = self.forward.closed.l2, {self.roles[array.number][0] for array in arrays}
        if has and of is np.ones_like and keys == {"b"} and math.isclose(t, has):
            told = differ([f"d{array.name}" for array in arrays], [f"{has:g} in every entry"])
            return f"{told}, as if the biases had the penalty's weight {has:g} and were 1: biases have no penalty"
        if has and of is np.positive and keys == {"b"} and math.isclose(t, has):
            told = differ([f"d{array.name}" for array in arrays], [f"{has:g} · {array.name}" for array in arrays])
            return f"{told}: the L2 penalty is put on the biases too, but this cost has it for the weights alone"
        if of is not np.positive or keys != {"W"}:
            return ""
        if has and (1 + t / has == 0.0 or self._factors.nearest(1 + t / has) is not None):
            return self.penalty_times(1 + t / has, arrays)
        own = listed(f"{has:g} · {array.name}" for array in arrays)
        factor = self.factor(t)
        factor = f"({factor})" if "=" in factor else factor
        told = differ([f"d{array.name}" for array in arrays], [f"{factor} · {array.name}" for array in arrays])
        if has:
            return f"{told}: the gradient of the L2 penalty is {own}"
        if t < 0:
            return f"{told}: an L2 penalty that this cost does not have, with the wrong sign"
        return f"{told}: an L2 penalty that this cost does not have (compare(..., l2={t:.6g}) adds it)"

    def penalty_times(self, c: float, weights: Sequence[Assignment]) -> str:
        """Returns a text: the penalty's gradient in the gradients of these weights is c times what it should be."""
        own = listed(f"{self.forward.closed.l2:g} · {array.name}" for array in weights)
        if math.isclose(c, 0.0, abs_tol=CLOSE):
            return f"the gradient of the L2 penalty, {own}, is missing"
        if math.isclose(c, -1.0):
            return f"the gradient of the L2 penalty, {own}, is subtracted, but should be added"
        return f"the gradient of the L2 penalty, {own}, is {self.factor(c)} times what it should be"

    def _turned(self, edit: Edit, t: float, factors: Factors) -> str:
        given, text = edit.data
        return f"{self.gradient(given)} is {text}"

    def _one_sum(self, edit: Edit, t: float, factors: Factors) -> str:
        names = listed(map(self.gradient, edit.data))
        return f"{names} {'have' if len(edit.data) > 1 else 'has'} one number for all neurons, their sum" * all(
            given.name.startswith("b") for given in edit.data
        )

    def _entries(self, edit: Edit, t: float, factors: Factors) -> str:
        given, factor = edit.data
        times = f"{self.factor(factor, factors)} times what they should be"
        return f"{self.but([given])}the wrong entries of {self.gradient(given)} are {times}"

    def _not_set(self, edit: Edit, t: float, factors: Factors) -> str:
        given, axis, missing = edit.data
        what, has = f"{self._along(given, axis)}{'s' * (len(missing) > 1)}", "have" if len(missing) > 1 else "has"
        which = listed(str(k + 1) for k in missing)
        layer = self.roles[given.assignment.number][1]
        return f"{what} {which} of layer {layer} {has} no gradient in {self.gradient(given)}: it is 0 there"

    def _one_slice(self, edit: Edit, t: float, factors: Factors) -> str:
        given, axis, there, k = edit.data
        what, of = self._along(given, axis), f"of layer {self.roles[given.assignment.number][1]}"
        moved = f"to the numbers of {what} {k + 1}: every step of a loop writes there"
        return f"in {self.gradient(given)}, only {what} {there + 1} {of} is set, {moved}"

    def _moved(self, edit: Edit, t: float, factors: Factors) -> str:
        given, axis, pairs = edit.data
        layer = self.roles[given.assignment.number][1]
        return f"in {self.gradient(given)} of layer {layer}, {written_to(pairs, self._along(given, axis), 1)}"

    def _lost(self, edit: Edit, t: float, factors: Factors) -> str:
        (given,) = edit.data
        return f"the wrong entries of {self.gradient(given)} are 0: no gradient is computed there"

    @staticmethod
    def _along(given: Given, axis: int) -> str:
        """Returns what an axis of our own arrays counts: neurons, inputs or examples, without the s."""
        return ("example", "neuron")[axis] if given.name.startswith("delta") else ("neuron", "input")[axis]

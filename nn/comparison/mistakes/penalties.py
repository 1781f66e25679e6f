"""Mistakes in the gradient λ W of the L2 penalty of a cost, as edits of a network's backward pass.

The penalty is not in the recorded pass: the user's gradients are compared without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed, listed
from autograd.mistakes.factors import Factors
from autograd.mistakes.judged import Given
from autograd.mistakes.rules import instead
from autograd.mistakes.search.plain import are_within_rounding
from autograd.programs.reverse import Change

from ..forward_pass import ForwardPass, one_or_all
from ..words.network_words import NetworkWords
from .scaled import KIND

__all__ = ["of_penalties", "why_only_the_penalty"]

Array = NDArray[np.float64]


def of_penalties(forward: ForwardPass, words: NetworkWords, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits of each kind, if the cost has a penalty."""
    if forward.closed.l2:
        yield _with_a_factor(forward, words, wrong, biases=True)
        yield _with_a_factor(forward, words, wrong, biases=False)
        yield from _times(forward, words)
        yield from _of_other_arrays(forward)
        yield from _of_biases(forward)
        yield from _without_data(forward)


def why_only_the_penalty(forward: ForwardPass, givens: Sequence[Given]) -> str:
    """Returns the reason if the wrong gradients are 0 but for the penalty's; else ""."""
    wrong = [given for given in givens if not given.is_right]
    if not forward.closed.l2 or not wrong or not are_within_rounding(wrong):
        return ""
    return f"the gradient of the data is missing: only that of the L2 penalty is left, {forward.closed.l2:g} · W"


def _with_a_factor(forward: ForwardPass, words: NetworkWords, wrong: Sequence[Given], biases: bool) -> Edit:
    """Returns an edit in which the gradients of data and penalty together have the factor t, and biases too or not.

    A t of 0, all zeros, is told elsewhere.
    """
    strength, factors = forward.closed.l2, Factors(forward.recorded)

    def change(t: float) -> Change:
        of_weights = {layer.W.number: partial(_scaled, t, strength * layer.W.value) for layer in forward.layers}
        of_biases = {layer.b.number: partial(np.multiply, t) for layer in forward.layers if biases}
        return Change(at=of_weights | of_biases)

    return Edit(change, lambda t: words.with_penalty(t or 1.0, factors, wrong), 3, fitted=True, kind=KIND)


def _scaled(t: float, penalty: Array, flow: Array) -> Array:
    return t * (flow + penalty) - penalty


def _times(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits in which the penalty's gradient is missing, subtracted, or has a usual factor.

    A penalty of any strength is found elsewhere, but not where a layer has few weights.
    """
    strength, n = forward.closed.l2, float(forward.n)
    for several in one_or_all(forward.layers):
        for c in dict.fromkeys((0.0, -1.0, 2.0, 0.5, n, 1 / n)):
            at = {layer.W.number: partial(np.add, (c - 1) * strength * layer.W.value) for layer in several}
            if c != 1.0:
                text = words.penalty_times(c, [layer.W for layer in several])
                yield fixed(Change(at=at), text, 3, kind=KIND)


def _of_other_arrays(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which λ times another function of W stands for λ W."""
    strength = forward.closed.l2
    for text, of in (("the sign of W, the gradient of an L1 penalty,", np.sign), ("W²", np.square), ("|W|", np.abs),
                     ("the number 1, in every entry,", np.ones_like),
                     ("the sum of W, one number for all entries,", _sum_everywhere),
                     ("the sum of W², one number for all entries,", _sum_of_squares)):  # fmt: skip
        at = {layer.W.number: partial(np.add, strength * (of(layer.W.value) - layer.W.value))
              for layer in forward.layers}  # fmt: skip
        said = f"{strength:g} times {text} is added to dW: the gradient of the L2 penalty is {strength:g} · W"
        yield fixed(Change(at=at), said, 3, kind=KIND)


def _sum_everywhere(W: Array) -> Array:
    return np.full(W.shape, W.sum())


def _sum_of_squares(W: Array) -> Array:
    return np.full(W.shape, np.sum(W * W))


def _of_biases(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which the biases have a penalty: λ W, or λ b in the place of the one of the first or last input.

    The second is the mistake of those who keep the biases with the weights and leave out the wrong index.
    """
    strength = forward.closed.l2
    for several in one_or_all(forward.layers):
        indices = [layer.number - 1 for layer in several]
        dbs, bs, Ws = (listed(f"{of}[{k}]" for k in indices) for of in ("db", "b", "W"))
        if all(layer.W.shape[1] == 1 for layer in several):
            at = {layer.b.number: partial(np.add, strength * layer.W.value[:, 0]) for layer in several}
            text = f"the gradient of the L2 penalty, {strength:g} · {Ws}, is added to {dbs} too: biases have no penalty"
            yield fixed(Change(at=at), text, 2, kind=KIND)
        for k, which in ((0, "first"), (-1, "last")):
            at = {layer.b.number: partial(np.add, strength * layer.b.value) for layer in several}
            at |= {layer.W.number: partial(_without_penalty, strength * layer.W.value, k) for layer in several}
            text = (
                f"the L2 penalty leaves out the weights of the {which} input, but it should leave out {bs}: {dbs} "
                f"{'have' if len(several) > 1 else 'has'} {strength:g} · {bs} too"
            )
            yield fixed(Change(at=at), text, 2, kind=KIND)


def _without_penalty(penalty: Array, k: int, flow: Array) -> Array:
    changed = np.array(flow)
    changed[:, k] -= penalty[:, k]
    return changed


def _without_data(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which dW is all zeros, or W itself."""
    strength = forward.closed.l2
    for several in one_or_all(forward.layers):
        names = listed(f"dW[{layer.number - 1}]" for layer in several)
        own = listed(f"W[{layer.number - 1}]" for layer in several)
        are, themselves = ("are", "themselves") if len(several) > 1 else ("is", "itself")
        for text, times in ((f"{names} {are} all zeros", 0.0), (f"{names} {are} {own} {themselves}", 1.0)):
            at = {layer.W.number: partial(instead, (times - strength) * layer.W.value) for layer in several}
            yield fixed(Change(at=at), text, 2, kind=KIND)

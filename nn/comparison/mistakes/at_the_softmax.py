"""Mistakes in the derivative of a softmax, whether the cost has it in it or is one of its probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed
from autograd.mistakes.operations.functions import softmax
from autograd.mistakes.operations.softmaxes import softmax_mistakes
from autograd.mistakes.rules import instead, of_another
from autograd.programs.reverse import Change, Way

from ...notation import name
from ..forward_pass import ForwardPass
from ..words.network_words import NetworkWords
from .cross_entropy import terms_of_softmax
from .scaled import KIND, is_a_multiple, times

__all__ = ["at_the_softmax", "softmax_and_targets"]

Array = NDArray[np.float64]
CLOSE = 1e-9
DIGITS = 9  # of numbers up to 1 that are compared


def at_the_softmax(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits that put another array in the place of ∇ₐC, or of δᴸ."""
    if forward.closed.formula.squash == "softmax":
        with np.errstate(all="ignore"):
            yield from _of_the_jacobian(
                forward, forward.probabilities, -forward.y / forward.probabilities, "−y/p", words
            )
            yield from _before_the_jacobian(forward, words)
            yield from _without_the_jacobian(forward)
    elif not forward.closed.formula.squash:
        yield from _of_a_softmax(forward, words)


def softmax_and_targets(a: Array, y: Array) -> Iterator[tuple[str, Array]]:
    """Yields pairs as `_instead_of_nabla` does, for a cost with a softmax in it."""
    yield "the softmax is taken twice, in the forward pass too", softmax(softmax(a, -1), -1) - y
    if len(y) > 1:
        powers = np.exp(a - a.max())
        text = "the softmax divides by the sum over all examples, not by that of each example"
        yield text, powers / powers.sum() - y


def _of_a_softmax(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields the mistakes in the slope of a softmax p of a, if the user's own cost is a known one of p, by its numbers.

    It is known if ∂C/∂p is p − y, as for squares, or that of a binary cross-entropy of each output, up to a factor.
    """
    y, nabla, p = forward.y, forward.nabla, softmax(forward.layers[-1].a.value, -1)
    with np.errstate(all="ignore"):
        for g, flow in (("p − y", p - y), ("(p − y)/(p (1 − p))", (p - y) / (p * (1 - p)))):
            right = p * (flow - (flow * p).sum(axis=1, keepdims=True))
            factor = np.sum(nabla * right) / np.sum(right**2)
            if np.isfinite(factor) and np.allclose(factor * right, nabla, rtol=CLOSE, atol=CLOSE * np.abs(nabla).max()):
                yield from _of_the_jacobian(forward, p, flow, g, words)


def _of_the_jacobian(forward: ForwardPass, p: Array, flow: Array, g: str, words: NetworkWords) -> Iterator[Edit]:
    """Yields the mistakes in the slope of a softmax p, where the gradient that it gets is `flow`, ∂C/∂p, written g.

    Of slopes that differ only in a factor, it yields the first.
    """
    last, seen = forward.layers[-1], set[bytes]()
    with np.errstate(all="ignore"):
        for _, text, slope in softmax_mistakes(-1):
            wrong = slope(flow, last.a.value, p)
            direction = np.round(wrong / wrong.flat[np.abs(wrong).argmax()], DIGITS).tobytes()
            if direction not in seen:
                seen.add(direction)
                told = f"{text.format(p_is_y='p', x=name('a', last.number), y='p')}, and g = {g} here"
                if is_a_multiple(wrong, forward.nabla):  # of two classes: the factor is told too
                    yield fixed(Change(at={last.a.number: partial(instead, wrong * forward.scale)}), told, 0, kind=KIND)
                else:
                    yield times(last.a.number, wrong * forward.scale, told, words, rank=4)


def _before_the_jacobian(forward: ForwardPass, words: NetworkWords) -> Iterator[Edit]:
    """Yields edits in which the derivative −y/p by the softmax p is wrong, and its Jacobian matrix is right."""
    p, last = forward.probabilities, forward.layers[-1]
    for text, of_p in terms_of_softmax(p, forward.y):
        value = p * (of_p - (of_p * p).sum(axis=1, keepdims=True))
        said = f"{text.format(p='p')}: with p the softmax of {name('a', last.number)}, ∂C/∂p is −y/p"
        if not is_a_multiple(value, forward.nabla):
            yield times(last.a.number, value * forward.scale, said, words)


def _without_the_jacobian(forward: ForwardPass) -> Iterator[Edit]:
    """Yields edits in which one equation gets −y/p, the derivative by the softmax p, in the place of δᴸ."""
    last, by_p = forward.layers[-1], -forward.y / forward.probabilities * forward.scale
    delta, z = name("δ", last.number), name("z", last.number)
    for equation, uses, layer, node, position in (
        ("BP4", "uses", last.number, last.product, 1),
        ("BP3", "uses", last.number, last.z, 1),
        ("BP2", "passes back", last.number - 1, last.product, 0),
    ):
        if layer:
            text = (
                f"in layer {layer}: {equation} {uses} −y/p, the derivative by the softmax p, not {delta}, so the "
                f"derivative of p by {z} is missing in {equation} only"
            )
            rules = {(way := Way(node.number, position)): of_another(forward.recorded, way, by_p)}
            yield fixed(Change(rules=rules), text, 3, kind=KIND)

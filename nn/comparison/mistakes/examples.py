"""Mistakes in what is added up, and how often: some examples alone, all layers in one array, a wrong divisor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograd.mistakes.edits import Edit, fixed, listed
from autograd.mistakes.rules import instead
from autograd.programs.assignments import Assignment
from autograd.programs.reverse import Change, Rule

from ..forward_pass import ForwardPass
from .scaled import KIND

__all__ = ["of_examples"]

Array = NDArray[np.float64]
MOST_EXAMPLES = 100  # in a larger batch, a gradient of one example alone is not looked for: it takes too long


def of_examples(forward: ForwardPass) -> Iterator[Edit]:
    """Yields the edits of this file that this network can have."""
    yield from _one_array_for_all(forward)
    yield from _some_examples(forward)
    yield from _divided_by_widths(forward)
    yield from _once_per_input(forward)


def _some_examples(forward: ForwardPass) -> Iterator[Edit]:
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


def _once_per_input(forward: ForwardPass) -> Iterator[Edit]:
    """Yields an edit in which db is added up inside the loop over the inputs, once for each weight of a neuron."""
    if len(forward.layers) > 1:
        at = {layer.b.number: partial(np.multiply, layer.W.shape[1]) for layer in forward.layers}
        names = listed(f"db[{layer.number - 1}] is {layer.W.shape[1]} times" for layer in forward.layers)
        text = f"{names} what it should be: db is added up once for each input, as inside the loop over the inputs"
        yield fixed(Change(at=at), text, 2, kind=KIND)

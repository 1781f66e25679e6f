"""The data of a published or invented mistake, and functions that the cases share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# The design's table of mistakes was collected from public questions; not every address was kept.
TABLE = "the table that check_backward was designed with; its address was not kept"
GIT = "https://github.com/"


@dataclass(frozen=True)
class Mistake:
    """A forward pass, its right gradients, and wrong gradients: of a mistake that was published, or invented.

    `forward(*inputs.values())` returns an array or a cost, with or without a cache. `upstream` is ∂C/∂ of the array.
    `right()` and `wrong()` return gradients by the names of the inputs, or of local variables in the cache.
    A good explanation matches one of the regular expressions in `says`, in upper or lower case.
    """

    name: str
    source: str
    forward: Callable[..., Any]
    inputs: dict[str, Any]
    right: Callable[[], dict[str, Any]]
    wrong: Callable[[], dict[str, Any]]
    says: tuple[str, ...]
    upstream: Any = None
    in_table: bool = False


def case(name, where, says, forward, inputs, right, fault, upstream=None):
    """Returns a mistake whose wrong gradients are right(fault).

    `where` is an address, or the end of one on GitHub, or "" if no page shows the mistake.
    """
    address = GIT + where if where and not where.startswith("https") else where
    return Mistake(name, address, forward, inputs, right, lambda: right(fault), says, upstream)


def parted(cases):
    """Returns two lists: the mistakes that a page shows, and those that no page shows."""
    return [case for case in cases if case.source], [case for case in cases if not case.source]


def draw(seed, *shapes):
    """Returns normally distributed numbers: an array for each shape, or a single array for one shape."""
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(size=shape) for shape in shapes]
    return arrays if len(shapes) > 1 else arrays[0]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

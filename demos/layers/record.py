"""The record of a layer by hand: its passes, its data, and mistakes in the backward pass."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getsource
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Backward", "ByHand", "rewritten"]

# dout, of the output's shape, and the cache -> the gradient of each input, by its name
Backward = Callable[[NDArray[np.float64], Any], dict[str, NDArray[np.float64]]]


@dataclass(frozen=True)
class ByHand:
    """A layer, forward and backward.

    `forward(*inputs.values())` returns `(output, cache)`, for arrays of floats and for arrays of Values.
    `backward(upstream, cache)` returns the gradient of each input of floats, by its name. Inputs of ints or bools have
    no gradient.

    An edit is a mistake: `(its description, the right piece of backward's source, the wrong piece)`.
    """

    name: str
    forward: Callable[..., tuple[Any, Any]]
    inputs: dict[str, NDArray[Any]]
    upstream: NDArray[np.float64]  # ∂C/∂output, made up
    backward: Backward
    edits: tuple[tuple[str, str, str], ...]

    @property
    def mistakes(self) -> tuple[tuple[str, Backward], ...]:
        """Each mistake's description, and a backward pass with the mistake."""
        return tuple((text, rewritten(self.backward, right, wrong)) for text, right, wrong in self.edits)

    def gradients(self, backward: Backward) -> dict[str, NDArray[np.float64]]:
        """Returns the gradients of a backward pass, at the record's inputs and upstream gradient."""
        _, cache = self.forward(*self.inputs.values())
        return backward(self.upstream, cache)


def rewritten(function: Backward, right: str, wrong: str) -> Backward:
    """Returns the function with one piece of its source replaced. Raises ValueError unless the piece occurs once."""
    source = getsource(function)
    if source.count(right) != 1:
        raise ValueError(
            f"an edit is of a piece that stands once in {function.__name__}; {right!r} stands there "
            f"{source.count(right)} times: give more of the line"
        )
    made: dict[str, Any] = {}
    exec(source.replace(right, wrong), function.__globals__, made)
    return made[function.__name__]

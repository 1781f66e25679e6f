"""The activations that have a name: σ and σ′ on arrays, written by hand.

On Values, an activation is the operation of the same name. The closed form uses this file, so it imports no autograd.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from .numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["ACTIVATIONS", "DYING", "FLAT", "LEAK", "Activation", "linear"]

FLAT = 0.01  # an activation counts as saturated where σ′ is at most this share of its steepest slope
LEAK = 0.01  # the slope of leaky_relu below 0, the same as `autograd.table.LEAK`

Z = TypeVar("Z")


class Activation(NamedTuple):
    """One activation with its derivative, applied to each number of an array."""

    of: Callable[[Array], Array]  # σ(z)
    slope: Callable[[Array], Array]  # σ′(z)
    steepest: float | None = None  # the largest σ′, for an activation that saturates
    dies: bool = False  # σ′ is 0 below 0: a neuron whose z is below 0 for every example learns nothing


def linear(z: Z) -> Z:
    """Returns z itself; for Values this is the same node."""
    return z


def sigmoid(z: Array) -> Array:
    """Returns 1 / (1 + e⁻ᶻ), without overflow for large |z|."""
    t = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, t) / (1.0 + t)


def softplus(z: Array) -> Array:
    """Returns ln(1 + eᶻ), without overflow for large |z|."""
    return np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z)))


ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(linear, lambda z: np.ones_like(z)),
    "sigmoid": Activation(sigmoid, lambda z: sigmoid(z) * (1.0 - sigmoid(z)), steepest=0.25),
    "tanh": Activation(lambda z: np.tanh(z), lambda z: 1.0 - np.tanh(z) ** 2, steepest=1.0),
    "relu": Activation(lambda z: np.maximum(z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0), dies=True),
    "leaky_relu": Activation(lambda z: np.where(z > 0, z, LEAK * z), lambda z: np.where(z > 0, 1.0, LEAK)),
    "softplus": Activation(softplus, sigmoid, steepest=1.0),
}
DYING = {name for name, sigma in ACTIVATIONS.items() if sigma.dies}

"""The activations that are known by name, each said once, by hand, for arrays; on Values each is the operation of its
name. The closed form reads them, so nothing here knows of autograd.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from .numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["ACTIVATIONS", "DYING", "FLAT", "LEAK", "Activation", "linear"]

FLAT = 0.01  # of an activation's steepest slope: where σ′ is less, it is saturated
LEAK = 0.01  # the slope of leaky_relu below 0; the engine's is `autograd.table.LEAK`, of which nothing here knows

Z = TypeVar("Z")


class Activation(NamedTuple):
    """One activation on arrays, number by number."""

    of: Callable[[Array], Array]  # σ(z)
    slope: Callable[[Array], Array]  # σ′(z)
    steepest: float | None = None  # the largest slope, of what saturates
    dies: bool = False  # its slope below 0 is 0: where z is below 0 for every example, nothing is learnt


def linear(z: Z) -> Z:
    """A linear layer's a is its z: of Values the same node."""
    return z


def sigmoid(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), without overflow at either end."""
    t = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, t) / (1.0 + t)


def softplus(z: Array) -> Array:
    """ln(1 + eᶻ), without overflow at either end."""
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

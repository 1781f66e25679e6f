"""The activations a layer can have, by name."""

from collections.abc import Callable

from autograd import Value

from .choices import chosen

__all__ = ["ACTIVATIONS", "activation"]


def linear(z: Value) -> Value:
    """A linear layer's a is its z: the same node."""
    return z


ACTIVATIONS: dict[str, Callable[[Value], Value]] = {
    "linear": linear,
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
    "relu": Value.relu,
    "leaky_relu": Value.leaky_relu,
    "softplus": Value.softplus,
}


def activation(name: str) -> Callable[[Value], Value]:
    """The activation of this name; a ValueError that lists the known ones, otherwise."""
    if name == "softmax":
        raise ValueError(
            f"no activation is called 'softmax'; the known ones are {', '.join(ACTIVATIONS)}: softmax belongs to the "
            "cost, 'softmax_cross_entropy', and the output is linear"
        )
    return chosen(name, "activation", ACTIVATIONS)

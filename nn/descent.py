"""Gradient descent: every parameter takes a step against its gradient."""

from collections.abc import Iterable

from autograd import Value

__all__ = ["SGD"]


class SGD:
    """p ← p − η ∂C/∂p for each parameter, η being the learning rate."""

    def __init__(self, parameters: Iterable[Value], learning_rate: float = 0.1) -> None:
        self.parameters = list(parameters)
        self.learning_rate = learning_rate

    def step(self) -> None:
        """Move every parameter at once, from the gradients of the last backward pass."""
        for parameter in self.parameters:
            parameter.data -= self.learning_rate * parameter.grad

    def zero_grad(self) -> None:
        """Set the parameters' `grad` to 0, as the next pass would add to it."""
        for parameter in self.parameters:
            parameter.grad = 0.0

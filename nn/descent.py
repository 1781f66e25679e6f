"""Gradient descent: every parameter takes a step against its gradient."""

from collections.abc import Iterable

from autograd import Value

__all__ = ["SGD"]


class SGD:
    """p ← p − η ∂C/∂p for each parameter, η being the learning rate.

    `parameters` are leaves, as `model.parameters()` gives them; one that is there twice takes one step.
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: float = 0.1) -> None:
        listed = list(parameters) if isinstance(parameters, Iterable) else [parameters]
        strange = [p for p in listed if not isinstance(p, Value)]
        if strange:
            got = type(strange[0]).__name__
            raise TypeError(f"SGD takes the Values it is to move; got {got}: SGD(model.parameters())")
        self.parameters = list(dict.fromkeys(listed))
        self.learning_rate = Value(learning_rate).data

    def step(self) -> None:
        """Move every parameter at once, from the gradients of the last backward pass."""
        moved = [parameter.data - self.learning_rate * parameter.grad for parameter in self.parameters]
        for parameter, number in zip(self.parameters, moved, strict=True):
            parameter.data = number

    def zero_grad(self) -> None:
        """Set the parameters' `grad` to 0, as the next pass would add to it."""
        for parameter in self.parameters:
            parameter.grad = 0.0

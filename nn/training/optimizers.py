"""Gradient descent: every parameter takes a step against its gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Never

from autograd import Value

from ..arguments import not_negative
from ..keywords import refuse
from ..notation import counted
from ..objective import listed
from .vectors import quiet, square_root, vector

if TYPE_CHECKING:
    from .vectors import Array

__all__ = ["SGD", "Adam", "Optimizer"]

Rate = float | Callable[[int], float]


class Optimizer:
    """The base class of SGD and Adam: it moves parameters by a rule that a subclass defines.

    Args:
        parameters: Leaves, such as `model.parameters()`. A leaf that is given twice takes one step.
        learning_rate: A number, 0 or more, or a function of the step number, from 0: `lambda k: 1 / (1 + k)`.
    Raises:
        ValueError: If there are no parameters, some are not leaves, or a number is out of range.
        TypeError: If a parameter is not a Value, or a number not a number.
    """

    def __init__(self, parameters: Iterable[Value], learning_rate: Rate) -> None:
        leaves = listed(parameters)
        strange = [p for p in leaves if not isinstance(p, Value)]
        if strange:
            got, name = type(strange[0]).__name__, type(self).__name__
            raise TypeError(f"{name} takes the Values it is to move; got {got}: {name}(model.parameters())")
        made = [p for p in leaves if p.op is not None]
        if made or not leaves:
            got = f"{made[0]!r:.60}, which was worked out" if made else "none"
            raise ValueError(f"{type(self).__name__} moves leaves, one or more; got {got}")
        self.parameters = list(dict.fromkeys(leaves))  # each once, in the order given
        self.learning_rate = learning_rate if callable(learning_rate) else _rate(learning_rate)  # may be assigned
        self.steps = 0  # taken so far

    def step(self) -> None:
        """Moves every parameter, using the gradients of the last backward pass."""
        numbers = vector(parameter.data for parameter in self.parameters)
        moved = self.moved(numbers, vector(parameter.grad for parameter in self.parameters))
        for parameter, number in zip(self.parameters, moved.tolist(), strict=True):
            parameter.data = number

    def moved(self, numbers: Array, gradient: Array) -> Array:
        """Takes a step on plain numbers, and leaves the Values alone. It counts as a step.

        Args:
            numbers: The parameters as a flat array, in the order of `parameters`.
            gradient: The gradient in the same order.
        Returns:
            The numbers after the step, as a new array.
        """
        rate = self.learning_rate
        eta = _rate(rate(self.steps) if callable(rate) else rate)
        with quiet():  # overflow gives inf, then nan, without a warning
            change = self._change(gradient, self.steps + 1)
            self.steps += 1
            return numbers - change * eta

    def zero_grad(self) -> None:
        """Sets the `grad` of every parameter to 0; otherwise the next backward pass adds to it."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def _settings(self) -> list[str]:
        """Returns a list of texts for the repr: the settings other than the learning rate."""
        return []

    def __repr__(self) -> str:
        rate = "a function of the step" if callable(self.learning_rate) else f"{self.learning_rate:g}"
        told = [f"learning rate {rate}", *self._settings(), f"{counted(self.steps, 'step')} taken"]
        told.append(counted(len(self.parameters), "parameter"))
        return f"<{type(self).__name__}: {', '.join(told)}>"

    def _change(self, gradient: Array, step: int) -> Array:
        """Returns the array that a step multiplies by the learning rate and subtracts; `step` counts from 1."""
        raise NotImplementedError(f"{type(self).__name__} has no rule for a step: take SGD or Adam")


class SGD(Optimizer):
    """Gradient descent with momentum: v ← μ v + ∂C/∂p, then p ← p − η v, for each parameter p.

    η is the learning rate, μ the momentum. Without momentum, v is the gradient itself.

    Example:
        >>> w = Value(3.0)
        >>> descent = SGD([w], learning_rate=0.1)
        >>> (w * w).backward()
        >>> descent.step()
        >>> round(w.data, 12)  # 3 − 0.1 · 6
        2.4
    """

    def __init__(
        self, parameters: Iterable[Value], learning_rate: Rate = 0.1, momentum: float = 0.0, **unknown: Never
    ) -> None:
        refuse(SGD, unknown)
        super().__init__(parameters, learning_rate)
        self.momentum = _fraction(momentum, "momentum")  # μ, from 0 up to 1
        self._velocity = vector([0.0] * len(self.parameters))

    def _settings(self) -> list[str]:
        return [f"momentum {self.momentum:g}"] if self.momentum else []

    def _change(self, gradient: Array, step: int) -> Array:
        self._velocity = self._velocity * self.momentum + gradient
        return self._velocity


class Adam(Optimizer):
    """Adam: p ← p − η m̂ / (√v̂ + ε), with running means of the gradient, m, and of its square, v.

    m ← β₁ m + (1 − β₁) ∂C/∂p and v ← β₂ v + (1 − β₂) (∂C/∂p)². Both start at 0; m̂ = m / (1 − β₁ᵏ) and
    v̂ = v / (1 − β₂ᵏ) correct for that at step k = 1, 2, … η is the learning rate, β₁ and β₂ are the `betas`, ε is
    `epsilon`. From Kingma & Ba, "Adam: A Method for Stochastic Optimization", 2015.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: Rate = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        **unknown: Never,
    ) -> None:
        refuse(Adam, unknown)
        super().__init__(parameters, learning_rate)
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise TypeError(f"betas are two numbers, such as (0.9, 0.999); got {betas!r:.40}")
        self.betas = (_fraction(betas[0], "each of betas"), _fraction(betas[1], "each of betas"))  # β₁, β₂
        self.epsilon = not_negative(epsilon, "epsilon")  # keeps the divisor from 0
        self._mean = vector([0.0] * len(self.parameters))
        self._square = vector([0.0] * len(self.parameters))

    def _settings(self) -> list[str]:
        return [f"betas {self.betas}"]

    def _change(self, gradient: Array, step: int) -> Array:
        beta1, beta2 = self.betas
        self._mean = self._mean * beta1 + gradient * (1 - beta1)
        self._square = self._square * beta2 + gradient * gradient * (1 - beta2)
        mean, square = self._mean / (1 - beta1**step), self._square / (1 - beta2**step)
        change: Array = mean / (square_root(square) + self.epsilon)
        return change


def _rate(number: Any) -> float:
    return not_negative(number, "a learning rate")


def _fraction(number: Any, what: str) -> float:
    fraction = not_negative(number, what)
    if fraction >= 1:
        raise ValueError(f"{what} is a number from 0 up to, but not including, 1; got {fraction}")
    return fraction

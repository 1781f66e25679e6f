"""The history of a training: costs, accuracies and gradient norms of each epoch."""

from dataclasses import dataclass, field
from typing import Any

from ..notation import counted

__all__ = ["DivergedError", "Epoch", "History"]


@dataclass(frozen=True)
class Epoch:
    """The results of one pass over the examples."""

    cost: float  # the mean over the examples, each batch before its step; it includes the l2 penalty
    gradient_norms: dict[str, float]  # ‖∂C/∂p‖ of each layer's parameters, the mean over the batches
    accuracy: float | None  # the share of examples that are right after the epoch; None if the cost defines no "right"
    validation_cost: float | None  # the mean over the validation examples; None without any
    validation_accuracy: float | None  # the share of validation examples that are right


@dataclass(repr=False)
class History:
    """The course of a training. Lists of costs, accuracies and norms have one entry per epoch, or are empty."""

    epochs: list[Epoch] = field(default_factory=list)  # the source of the lists below
    lifted: bool = False  # whether the passes ran as a lifted NumPy program
    interrupted: bool = False  # whether Ctrl-C ended the training
    notes: list[str] = field(default_factory=list)  # the known reasons why nothing was learnt, a sentence each

    @property
    def cost(self) -> list[float]:
        """The mean cost C of each epoch, measured batch by batch before the steps."""
        return [epoch.cost for epoch in self.epochs]

    @property
    def accuracy(self) -> list[float]:
        """The share of right examples after each epoch; empty if the cost does not define which are right."""
        return [epoch.accuracy for epoch in self.epochs if epoch.accuracy is not None]

    @property
    def validation_cost(self) -> list[float]:
        """C of the validation examples after each epoch; empty if there are no such examples."""
        return [epoch.validation_cost for epoch in self.epochs if epoch.validation_cost is not None]

    @property
    def validation_accuracy(self) -> list[float]:
        """The share of right validation examples after each epoch; empty as `accuracy` is, or without such examples."""
        return [epoch.validation_accuracy for epoch in self.epochs if epoch.validation_accuracy is not None]

    @property
    def gradient_norms(self) -> dict[str, list[float]]:
        """A dict from the name of each layer, in order, to ‖∂C/∂p‖ of its parameters in each epoch."""
        names = self.epochs[0].gradient_norms if self.epochs else {}
        return {name: [epoch.gradient_norms[name] for epoch in self.epochs] for name in names}

    def __repr__(self) -> str:
        told = [f"{counted(len(self.epochs), 'epoch')}{', interrupted' if self.interrupted else ''}"]
        if self.epochs:
            told.append(f"C {self.cost[0]:.4g} → {self.cost[-1]:.4g}")
        for name, numbers in (("accuracy", self.accuracy), ("validation accuracy", self.validation_accuracy)):
            told += [f"{name} {numbers[-1]:.2%}"] if numbers else []
        return f"<History: {'; '.join([', '.join(told), *self.notes])}>"


class DivergedError(ArithmeticError):
    """The error that the cost or a parameter is no longer finite. `history` has the epochs before the error."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history  # the epochs before the error

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.history)

"""The history of a training: what each epoch gave."""

from dataclasses import dataclass, field
from typing import Any

from ..notation import counted

__all__ = ["DivergedError", "Epoch", "History"]


@dataclass(frozen=True)
class Epoch:
    """What one pass over the examples gave."""

    cost: float  # the mean over its batches, each before its step; with the l2 penalty, if there is one
    gradient_norms: dict[str, float]  # ‖∂C/∂p‖ of each layer's parameters, the mean over the batches
    accuracy: float | None  # the share of examples that are right after it; None if the cost does not say what is right
    validation_cost: float | None  # the mean over the validation examples; None without any
    validation_accuracy: float | None  # the share of them that are right


@dataclass(repr=False)
class History:
    """How training went, epoch by epoch; each list has an entry an epoch."""

    epochs: list[Epoch] = field(default_factory=list)  # what the lists below are read from
    lifted: bool = False  # whether the passes ran as a NumPy program
    interrupted: bool = False  # by Ctrl-C
    notes: list[str] = field(default_factory=list)  # why nothing was learnt, where that can be told; a sentence each

    @property
    def cost(self) -> list[float]:
        """C as each epoch met it."""
        return [epoch.cost for epoch in self.epochs]

    @property
    def accuracy(self) -> list[float]:
        """The share of right examples after each epoch; empty for a cost that does not say what is right."""
        return [epoch.accuracy for epoch in self.epochs if epoch.accuracy is not None]

    @property
    def validation_cost(self) -> list[float]:
        """C of the validation examples after each epoch; empty if there are none."""
        return [epoch.validation_cost for epoch in self.epochs if epoch.validation_cost is not None]

    @property
    def validation_accuracy(self) -> list[float]:
        """The share of validation examples that are right after each epoch."""
        return [epoch.validation_accuracy for epoch in self.epochs if epoch.validation_accuracy is not None]

    @property
    def gradient_norms(self) -> dict[str, list[float]]:
        """‖∂C/∂p‖ of each layer's parameters, in the order of the layers."""
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
    """The cost or a parameter is no longer finite. `history` is what was recorded until then."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history  # of the epochs before

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.history)

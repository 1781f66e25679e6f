"""A playground: a network of two inputs that learns on the page, beside the graph of one of its examples."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn import MLP, Comparison, Cost, compare
from nn.costs import cost_called
from nn.targets import inputs_of, targets_of

__all__ = ["Playground"]

MOST = 1000  # examples; with more, the page would be large
MOST_CLASSES = 5  # the page has so many colours and shapes for classes


class Playground:
    """A model and its examples, checked; `comparison` compares the first example.

    Raises TypeError or ValueError if model and examples do not fit.
    """

    def __init__(self, model: Any, X: ArrayLike, y: ArrayLike | None, cost: str | Cost) -> None:
        if not isinstance(model, MLP):
            raise TypeError(f"play(model, X, y) shows an MLP that learns; got {type(model).__name__}")
        if y is None:
            raise TypeError("play(model, X, y) needs the targets too; got no y")
        if model.sizes[0] != 2:
            raise ValueError(
                f"play(model, X, y) draws examples of two inputs in a plane; this model has {model.sizes[0]}: "
                "play(compare(model, x, y)) shows the network at one example or a few"
            )
        self._cost = cost_called(cost)
        self._X = inputs_of(X)
        if len(self._X) > MOST:
            raise ValueError(
                f"a page has room for {MOST} examples; got {len(self._X)}: play(model, X[:{MOST}], y[:{MOST}])"
            )
        self._Y = targets_of(y, len(self._X), model.sizes[-1], self._cost)
        self.comparison: Comparison = compare(model, self._X[0], self._Y[0], cost=self._cost)

    def data(self) -> dict[str, Any]:
        """Returns the page's data about the examples."""
        return {
            "X": self._X.tolist(),
            "Y": self._Y.tolist(),
            "classes": self._classes().tolist(),
            "middle": self._middle(),
        }

    def _classes(self) -> NDArray[np.float64]:
        """Returns the distinct targets; if there are more than MOST_CLASSES, the first and the last in order."""
        found = np.unique(self._Y, axis=0)
        return found if len(found) <= MOST_CLASSES else found[[0, -1]]

    def _middle(self) -> list[float]:
        """Returns the output and the target at which a single output changes class."""
        between = float((self._Y.min() + self._Y.max()) / 2)
        return [0.0 if self._cost.squashed else between, between]

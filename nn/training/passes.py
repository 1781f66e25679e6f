"""Both passes for a batch, in the two ways there are: the graph built anew each time, or the program it stands for."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value, lift, no_grad

from .. import objective

__all__ = ["QUIET", "CostOf", "Eager", "Lifted", "Passes"]

Array = NDArray[np.float64]
Model = Callable[[Any], Any]  # of one example to its outputs: a list of Values, or a single one
CostOf = Callable[[Any, Any], Value]  # of an example's outputs and targets
# as floats have it: inf, then nan; who trains is told by DivergedError
QUIET: dict[str, Any] = {"over": "ignore", "invalid": "ignore", "divide": "ignore"}


class Eager:
    """The graph of each batch, built and walked.

    X and Y are examples as rows; numbers are flat, in the order of the parameters.
    """

    def __init__(self, model: Model, cost_of: CostOf, parameters: list[Value], penalised: list[Value], l2: float):
        self._model, self._cost_of, self._parameters = model, cost_of, parameters
        self._penalised, self._l2 = penalised, l2

    def _graph(self, X: Array, Y: Array) -> Value:
        pairs = zip(X.tolist(), Y.tolist(), strict=True)
        C = objective.mean(self._cost_of(self._model(x), y) for x, y in pairs)
        return C + objective.l2(self._penalised, self._l2) if self._l2 else C

    def gradient(self, X: Array, Y: Array) -> tuple[float, Array]:
        """C of the batch, and its derivative by each parameter."""
        C = self._graph(X, Y)
        for parameter in (*self._penalised, *self._parameters):
            parameter.grad = 0.0
        C.backward()
        return C.data, np.array([parameter.grad for parameter in self._parameters])

    def cost(self, X: Array, Y: Array) -> float:
        """C of the batch alone."""
        with no_grad():
            return self._graph(X, Y).data

    def outputs(self, X: Array) -> Array:
        """The outputs, (n, nᴸ)."""
        with no_grad():
            return np.array([[a.data for a in objective.listed(self._model(x))] for x in X.tolist()])

    def move(self, numbers: Array) -> None:
        """Go on with these numbers as parameters."""
        for parameter, number in zip(self._parameters, numbers.tolist(), strict=True):
            parameter.data = number

    finish = move  # the model has them


class Lifted:
    """The graph of one example, turned into NumPy, which then does all of them at a time.

    X and Y are examples to record with, at several of which the graph must be the same: ValueError, if it is not.
    """

    def __init__(
        self,
        model: Model,
        cost_of: CostOf,
        parameters: list[Value],
        penalised: list[Value],
        l2: float,
        X: Array,
        Y: Array,
    ):
        def cost(x: Any, y: Any) -> Value:
            C = cost_of(model(list(x)), list(y))
            return C + objective.l2(penalised, l2) if l2 else C

        self._program = lift(cost, parameters=parameters, inputs=(X, Y))
        self._predict = lift(lambda x: objective.listed(model(list(x))), parameters=parameters, inputs=X)

    def gradient(self, X: Array, Y: Array) -> tuple[float, Array]:
        """C of the batch, and its derivative by each parameter."""
        with np.errstate(**QUIET):
            return self._program(np.hstack([X, Y]))

    def cost(self, X: Array, Y: Array) -> float:
        """C of the batch alone."""
        with np.errstate(**QUIET):
            return float(np.mean(self._program.forward(np.hstack([X, Y]))))

    def outputs(self, X: Array) -> Array:
        """The outputs, (n, nᴸ), from a program of their own."""
        self._predict.parameters[:] = self._program.parameters
        with np.errstate(**QUIET):
            return np.asarray(self._predict.forward(X))

    def move(self, numbers: Array) -> None:
        """Go on with these numbers as parameters."""
        self._program.parameters[:] = numbers

    def finish(self, numbers: Array) -> None:
        """Leave these numbers in the model."""
        self.move(numbers)
        self._program.to_values()


Passes = Eager | Lifted

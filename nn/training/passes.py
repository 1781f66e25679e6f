"""The forward and the backward pass of a batch, in two ways: on a new graph each time, or by a lifted program."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import Value, lift, no_grad

from .. import objective

__all__ = ["QUIET", "CostOf", "Eager", "Lifted", "Passes"]

Array = NDArray[np.float64]
Model = Callable[[Any], Any]  # one example -> its outputs: a list of Values, or a single one
CostOf = Callable[[Any, Any], Value]  # (the outputs, the targets) of one example -> its cost
# overflow gives inf, then nan, without a warning; `fit` raises DivergedError then
QUIET: dict[str, Any] = {"over": "ignore", "invalid": "ignore", "divide": "ignore"}


class Eager:
    """The passes on a graph that is built anew for each batch.

    X and Y have an example per row. Gradients and parameters are flat arrays, in the order of the parameters.
    """

    def __init__(self, model: Model, cost_of: CostOf, parameters: list[Value], penalised: list[Value], l2: float):
        self._model, self._cost_of, self._parameters = model, cost_of, parameters
        self._penalised, self._l2 = penalised, l2

    def _graph(self, X: Array, Y: Array) -> Value:
        pairs = zip(X.tolist(), Y.tolist(), strict=True)
        C = objective.mean(self._cost_of(self._model(x), y) for x, y in pairs)
        return C + objective.l2(self._penalised, self._l2) if self._l2 else C

    def gradient(self, X: Array, Y: Array) -> tuple[float, Array]:
        """Returns C of the batch, and its derivative by each parameter."""
        C = self._graph(X, Y)
        for parameter in (*self._penalised, *self._parameters):
            parameter.grad = 0.0
        C.backward()
        return C.data, np.array([parameter.grad for parameter in self._parameters])

    def cost(self, X: Array, Y: Array) -> float:
        """Returns C of the batch, without a backward pass."""
        with no_grad():
            return self._graph(X, Y).data

    def outputs(self, X: Array) -> Array:
        """Returns the outputs, shape (n, nᴸ)."""
        with no_grad():
            return np.array([[a.data for a in objective.listed(self._model(x))] for x in X.tolist()])

    def move(self, numbers: Array) -> None:
        """Sets the parameters to these numbers."""
        for parameter, number in zip(self._parameters, numbers.tolist(), strict=True):
            parameter.data = number

    finish = move  # as `move` has written the numbers into the model


class Lifted:
    """The passes by a lifted program: the graph of one example, turned into NumPy code for the whole batch.

    The graph is recorded at several of the examples X and Y; a ValueError is raised if it is not the same at each.
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
        """Returns C of the batch, and its derivative by each parameter."""
        with np.errstate(**QUIET):
            return self._program(np.hstack([X, Y]))

    def cost(self, X: Array, Y: Array) -> float:
        """Returns C of the batch, without a backward pass."""
        with np.errstate(**QUIET):
            return float(np.mean(self._program.forward(np.hstack([X, Y]))))

    def outputs(self, X: Array) -> Array:
        """Returns the outputs, shape (n, nᴸ); they have a program of their own."""
        self._predict.parameters[:] = self._program.parameters
        with np.errstate(**QUIET):
            return np.asarray(self._predict.forward(X))

    def move(self, numbers: Array) -> None:
        """Sets the parameters of the program to these numbers."""
        self._program.parameters[:] = numbers

    def finish(self, numbers: Array) -> None:
        """Writes these numbers into the model."""
        self.move(numbers)
        self._program.to_values()


Passes = Eager | Lifted

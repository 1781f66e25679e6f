"""`compare`: one network, computed once as a graph of Values and once by the matrix equations."""

from __future__ import annotations

import warnings
from functools import reduce
from operator import add
from typing import Never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd import Value, dot

from .. import closed_form
from ..activations import ACTIVATIONS, Activation
from ..arguments import not_negative
from ..arrays import finite, real_array
from ..choices import chosen
from ..closed_form import ClosedForm
from ..costs import Cost, cost_called
from ..keywords import refuse
from ..layers import MLP, Trace, leaves
from ..notation import name
from ..objective import OutputWarning, mean, misfit
from ..own_activations import Function, on_arrays
from ..targets import one_hot
from .result import Comparison, Row

__all__ = ["compare"]

Array = NDArray[np.float64]


def compare(
    model: MLP, x: ArrayLike, y: ArrayLike, cost: str | Cost = "quadratic", *, over: str = "mean", l2: float = 0.0,
    **unknown: Never,
) -> Comparison:  # fmt: skip
    """Computes a network's gradients as a graph of Values and by the equations BP1 to BP4, and compares all numbers.

    The `grad` of each parameter p is set to ∂C/∂p. An output layer that does not suit the cost gives an
    `OutputWarning`. For an activation of your own, the equations take σ and σ′ from the function.

    Args:
        model: The network.
        x: One example, shape (n₀,), or a batch, shape (n, n₀).
        y: The targets, shape (nᴸ,) or (n, nᴸ); for softmax_cross_entropy class numbers of a batch too, shape (n,).
        cost: quadratic, mean_squared_error, hinge, binary_cross_entropy, softmax_cross_entropy, or a `Cost` of your
            own.
        over: Whether C is the "mean" or the "sum" of the examples' costs.
        l2: Adds ½ l2 Σ w² over all weights, not the biases, to C. (The `l2` of `fit` is λ Σ p² over all parameters.)
    Returns:
        The comparison, with a `Row` for each quantity of each layer and one for C.
    Raises:
        ValueError: If something does not fit (TypeError if it is of the wrong kind). The gradients stay as they were.
        RuntimeError: Inside `no_grad()`.
    Example:
        >>> both = compare(MLP(2, [3, 1], activation="tanh", output="sigmoid", seed=1), [0.5, -1.0], [1.0])
        >>> both.agrees(), [row.name for row in both.rows]
        (True, ['z¹', 'a¹', 'z²', 'a²', 'C', 'δ²', '∂C/∂b²', '∂C/∂w²', 'δ¹', '∂C/∂b¹', '∂C/∂w¹'])
    """
    refuse(compare, unknown)
    if not isinstance(model, MLP):
        raise TypeError(f"compare takes an nn.MLP; got {type(model).__name__}")
    cost, penalty = cost_called(cost), not_negative(l2, "l2")
    chosen(over, "total of the costs", {"mean": True, "sum": False})
    _check_neurons(model)
    X, Y = examples(x, "x"), examples(y, "y")
    n_in, n_out = model.sizes[0], model.sizes[-1]
    if X.ndim == 1 and n_in == 1 and len(X) > 1:
        X = X[:, None]  # a network of one input: a flat list of several numbers is a batch
    if Y.ndim == 1 and X.ndim == 2 and n_out == 1:
        Y = Y[:, None]
    elif Y.shape == (len(X),) and X.ndim == 2 and cost.squash == "softmax":
        Y = one_hot(Y, n_out)
    if (X.shape[-1], Y.shape[-1]) != (n_in, n_out) or X.shape[:-1] != Y.shape[:-1]:
        raise ValueError(
            f"this network takes x as {n_in} and y as {n_out} numbers, or the same number of rows of each; "
            f"got x of shape {X.shape} and y of shape {Y.shape}"
        )
    traces, wanted, costs = [], [], []
    for numbers, targets in zip(np.atleast_2d(X).tolist(), np.atleast_2d(Y).tolist(), strict=True):
        trace = model.trace(numbers)
        wanted.append(leaves(targets, n_out, "y", "the cost"))
        costs.append(cost(trace.a[-1], wanted[-1]))
        traces.append(trace)
    if wrong := misfit(cost, traces[0].a[-1]):
        warnings.warn(wrong, OutputWarning, stacklevel=2)
    if len(traces) > 1:
        _number(traces, wanted)
    C = mean(costs) if over == "mean" else reduce(add, costs)
    if penalty:
        weights = [w for layer in model.layers for neuron in layer.neurons for w in neuron.weights]
        C = C + 0.5 * penalty * dot(weights, weights)
    if C.op is None:
        raise RuntimeError("compare works on the graph, and inside no_grad() none is recorded: call it outside")
    C.label = "C"
    names, own = _activations(model)
    with np.errstate(over="ignore", invalid="ignore"):  # as in the graph, floats become inf and nan without a warning
        closed = closed_form.columns(model.weights, model.biases, X.T, Y.T, names, cost=cost, own=own,
                                   over=over, l2=penalty)  # fmt: skip
    model.zero_grad()
    C.backward()
    each = np.array([of_example.data for of_example in costs])
    return Comparison(model, X, Y, C, traces, wanted, closed, each, _rows(model, C, traces, closed, batch=X.ndim == 2))


def _activations(model: MLP) -> tuple[list[str], dict[str, Activation]]:
    """Returns a list and a dict: the name of each layer's activation; σ and σ′ by those names not in ACTIVATIONS."""
    names: list[str] = []
    functions: dict[str, Function] = {}
    for l, layer in enumerate(model.layers, 1):
        called, function = layer.activation, layer.neurons[0].function
        if called not in ACTIVATIONS and functions.setdefault(called, function) is not function:
            called = name(called, l)  # a different function already has this name
            functions[called] = function
        names.append(called)
    return names, {called: on_arrays(called, function) for called, function in functions.items()}


def _number(traces: list[Trace], targets: list[tuple[Value, ...]]) -> None:
    """Adds the number of the example to the labels of its nodes: a¹₂(3) is a¹₂ of example 3."""
    for x, (trace, wanted) in enumerate(zip(traces, targets, strict=True), 1):
        layers = (*trace.z, *trace.a)
        for value in dict.fromkeys((*trace.inputs, *wanted, *(value for layer in layers for value in layer))):
            value.label += f"({x})"


def _check_neurons(model: MLP) -> None:
    """Raises ValueError if layers or neurons are missing, or if a weight or a bias is not a Value."""
    parts = [[v for n in layer.neurons for v in (*n.weights, n.bias)] for layer in model.layers]
    strange = [v for of_layer in parts for v in of_layer if not isinstance(v, Value)]
    if strange or not parts or not all(parts):
        got = f"{strange[0]!r:.40}: write neuron.bias.data = ..." if strange else f"{list(map(len, parts))} of them"
        raise ValueError(f"each layer has neurons, and each neuron Values as weights and bias; got {got}")


def examples(numbers: ArrayLike, what: str) -> Array:
    """Returns one example as an array (k,), or a batch as (n, k); raises TypeError or ValueError for anything else."""
    array = real_array(numbers, what)
    if array.ndim not in (1, 2) or not array.size:
        raise ValueError(f"{what} is a flat list of numbers, or a list of such lists; got shape {array.shape}")
    return finite(array, what)


def _rows(model: MLP, C: Value, traces: list[Trace], closed: ClosedForm, batch: bool) -> list[Row]:
    def side(of_examples: list[list[float]]) -> Array:
        return np.array(of_examples if batch else of_examples[0])

    depth = len(model.layers)
    rows = []
    for l in range(depth):
        z = side([[v.data for v in trace.z[l]] for trace in traces])
        a = side([[v.data for v in trace.a[l]] for trace in traces])
        rows.append(Row("z", l + 1, "z = W a + b", z, closed.z[l].T))
        rows.append(Row("a", l + 1, "a = σ(z)", a, closed.a[l + 1].T))
    rows.append(Row("C", 0, closed.formula.written, np.array(C.data), np.array(closed.cost)))
    for l in reversed(range(depth)):
        delta = side([[v.grad for v in trace.z[l]] for trace in traces])
        neurons = model.layers[l].neurons
        rows.append(Row("δ", l + 1, "BP1" if l == depth - 1 else "BP2", delta, closed.delta[l].T))
        rows.append(Row("∂C/∂b", l + 1, "BP3", np.array([n.bias.grad for n in neurons]), closed.db[l]))
        weight_grads = np.array([[w.grad for w in n.weights] for n in neurons])
        rows.append(Row("∂C/∂w", l + 1, "BP4", weight_grads, closed.dW[l]))
    return rows

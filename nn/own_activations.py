"""The activations that a user gives: by name, as an operation of their own, or as any other function of a Value."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import autograd
from autograd import DomainError, OwnOperation, Value, functions, grad, no_grad
from autograd.table import operation

from .activations import ACTIVATIONS, Activation, linear
from .choices import chosen
from .numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["FUNCTIONS", "Function", "Given", "activation", "never_branches", "no_value", "on_arrays", "on_values",
           "one_a_layer"]  # fmt: skip

RULE = "an activation is a function of one Value that gives a Value"

Function = Callable[[Value], Value]
Given = str | Function


def on_values(name: str) -> Function:
    """Returns σ on Values for a known name: the operation of the same name; KeyError if there is none."""
    return linear if name == "linear" else getattr(Value, operation(name).name)


FUNCTIONS = {name: on_values(name) for name in ACTIVATIONS}


def activation(given: Any) -> tuple[str, Function]:
    """Returns the name of an activation, and σ itself.

    `autograd.tanh`, `Value.tanh` and `np.tanh` all count as the activation tanh. Another function of that name is
    called "own tanh", and a lambda "lambda". ValueError for an unknown name; TypeError for a function that does not
    return a Value.
    """
    if not callable(given):
        return given, _called(given)
    for name, function in FUNCTIONS.items():
        same = (getattr(place, name, None) for place in (functions, sys.modules.get("numpy")))
        if given is function or any(given is known for known in same):
            return name, function
    name = str(getattr(given, "__name__", type(given).__name__)).strip("<>")
    for z in (0.5, -0.5):
        try:
            made = given(Value(z))
        except DomainError:
            continue  # σ may have a value at the other number
        if not isinstance(made, Value):
            raise no_value(name, made)
    return (f"own {name}" if name in ACTIVATIONS else name), given


def one_a_layer(hidden: Any, output: Any, layers: int) -> list[Any]:
    """Returns a list with the activation of each layer. `hidden` is one activation for all hidden layers, or a list.

    A list has an entry for each layer, or for each hidden layer; `output` is then the last layer's. A list of another
    length raises ValueError. So does a list for each layer together with another `output` than its last entry, unless
    `output` is the default "linear".
    """
    if not isinstance(hidden, list | tuple) or callable(hidden):  # an operation is a tuple too
        activation(hidden)  # checked even if there is no hidden layer
        return [hidden] * (layers - 1) + [output]
    if len(hidden) == layers - 1:
        return [*hidden, output]
    if len(hidden) == layers and output in ("linear", hidden[-1]):
        return list(hidden)
    beside = f", and output={activation(output)[0]!r} beside them" if len(hidden) == layers else ""
    raise ValueError(
        f"a list of activations has one for each layer, here {layers}, or {layers - 1} and output=... for the last; "
        f"got {len(hidden)}{beside}"
    )


def never_branches(function: Function) -> bool:
    """Returns whether σ is an operation, the library's or a user's: it then records the same graph for every z."""
    if isinstance(function, OwnOperation) or function is linear:
        return True
    name = getattr(function, "__name__", "")
    return any(function is getattr(place, name, None) for place in (functions, Value))


def on_arrays(name: str, function: Function) -> Activation:
    """Returns σ and σ′ on arrays: the known activation of this name, or else the function applied to each number.

    σ and σ′ of a function are nan where it has no value.
    """
    return ACTIVATIONS.get(name) or Activation(partial(_of_each, function), partial(_slope_of_each, function))


def _of_each(function: Function, z: Array) -> Array:
    with no_grad():
        return _each(lambda x: function(Value(x)).data, z)


def _slope_of_each(function: Function, z: Array) -> Array:
    return _each(grad(function), z)


def _each(function: Callable[[float], float], z: Array) -> Array:
    def computed(x: float) -> float:
        try:
            return function(x)
        except DomainError:
            return float("nan")

    return np.array([computed(x) for x in z.ravel().tolist()]).reshape(z.shape)


def _called(name: Any) -> Function:
    if name == "softmax":
        raise ValueError(
            f"no activation is called 'softmax'; the known ones are {', '.join(FUNCTIONS)}: softmax belongs to the "
            "cost, 'softmax_cross_entropy', and the output is linear"
        )
    known = isinstance(name, str) and callable(getattr(autograd, name, None))
    other = f"autograd.{name} itself" if known else "an operation of your own, or a function of a Value,"
    return chosen(name, "activation", FUNCTIONS, f"; {other} will do too")


def no_value(name: str, made: Any) -> TypeError:
    """Returns a TypeError for an activation that returns no Value, such as max(z, 0), which is the int 0 for z < 0."""
    same = name if hasattr(autograd, name) else "maximum"
    remedy = f": autograd.{same} stays in the graph" if isinstance(made, float | int) else ""
    return TypeError(f"{RULE}; {name} gives {type(made).__name__} {made!r:.40}{remedy}")

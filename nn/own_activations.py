"""The activations that people give: by name, an operation of their own, or any other function of a Value."""

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
    """σ on Values of an activation that is known by name: the operation of that name; KeyError, if there is none."""
    return linear if name == "linear" else getattr(Value, operation(name).name)


FUNCTIONS = {name: on_values(name) for name in ACTIVATIONS}


def activation(given: Any) -> tuple[str, Function]:
    """What an activation is called, and σ itself.

    `autograd.tanh`, `Value.tanh` and `np.tanh` are the one called tanh. Another function of that name is called
    "own tanh", a lambda "lambda". Raises ValueError for a name that is not known, TypeError for what is no function
    of one Value that gives a Value.
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
            continue  # it has no value there, but elsewhere
        if not isinstance(made, Value):
            raise no_value(name, made)
    return (f"own {name}" if name in ACTIVATIONS else name), given


def one_a_layer(hidden: Any, output: Any, layers: int) -> list[Any]:
    """Each layer's activation, as given: `hidden` is one for every layer before the last, or a list.

    A list has one for each layer, or one for each layer before the last, which is then `output`. Raises ValueError
    for a list of another length, and for one that says another output than `output` does, unless that is "linear".
    """
    if not isinstance(hidden, list | tuple) or callable(hidden):  # an operation is a tuple too
        activation(hidden)  # unused where there is one layer, but no less wrong
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
    """Whether σ is known to record the same graph whatever z is: the library's operations do, and one's own."""
    if isinstance(function, OwnOperation) or function is linear:
        return True
    name = getattr(function, "__name__", "")
    return any(function is getattr(place, name, None) for place in (functions, Value))


def on_arrays(name: str, function: Function) -> Activation:
    """σ and σ′ on arrays: the one that is known by this name, or by the function, nan where it has no value."""
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
    """The error for an activation that gives something else than a Value, as Python's max(z, 0) does below 0."""
    same = name if hasattr(autograd, name) else "maximum"
    remedy = f": autograd.{same} stays in the graph" if isinstance(made, float | int) else ""
    return TypeError(f"{RULE}; {name} gives {type(made).__name__} {made!r:.40}{remedy}")

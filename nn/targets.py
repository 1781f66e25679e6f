"""Targets: which of them a cost takes, and when an output counts as right."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .closed_form import real_array

__all__ = ["RIGHT", "inputs_of", "one_hot", "targets_of"]

Array = NDArray[np.float64]

# name of the cost: which examples are right, (n,), by the outputs and the targets, both (n, nᴸ)
RIGHT: dict[Any, Callable[[Array, Array], NDArray[np.bool_]]] = {
    "hinge": lambda a, y: np.all(a * y > 0, axis=1),
    "binary_cross_entropy": lambda a, y: np.all((a > 0) == (y > 0.5), axis=1),
    "softmax_cross_entropy": lambda a, y: a.argmax(axis=1) == y.argmax(axis=1),
}

# name of the cost: what its targets are, and whether these are such
SUITABLE: dict[Any, tuple[str, Callable[[Array], bool]]] = {
    "hinge": ("1 or −1", lambda y: bool(np.all(np.abs(y) == 1))),
    "binary_cross_entropy": ("numbers from 0 to 1", lambda y: bool(np.all((y >= 0) & (y <= 1)))),
    "softmax_cross_entropy": (
        "the number of the class, from 0, or a probability for each class",
        lambda y: bool(np.all(y >= 0) and np.allclose(y.sum(axis=1), 1.0)),
    ),
}


def inputs_of(X: ArrayLike) -> Array:
    """Examples as rows, (n, n₀). Raises TypeError or ValueError if they are none."""
    return _finite(real_array(X, "X"), "X")


def targets_of(y: ArrayLike, n: int, n_out: int, cost: Any) -> Array:
    """The targets of n examples, (n, n_out); for a softmax the numbers of their classes will do.

    Raises TypeError or ValueError for targets that do not fit the examples, the outputs or the cost.
    """
    array = real_array(y, "y")
    if cost == "softmax_cross_entropy":
        array = one_hot(array, n_out)
    if array.ndim == 1 and n_out == 1:
        array = array[:, None]
    if array.shape != (n, n_out):
        raise ValueError(f"y has {n_out} targets for each of {n} examples, shape ({n}, {n_out}); got {np.shape(y)}")
    what, suits = SUITABLE.get(cost, ("", lambda y: True))
    if not suits(_finite(array, "y")):
        raise ValueError(f"the targets of {cost} are {what}; got {array[:3].tolist()}, …")
    return array


def one_hot(array: Array, n_out: int) -> Array:
    """The numbers of classes, (n,), as rows of one 1 among 0s; anything else as it is."""
    if n_out == 1:
        raise ValueError(
            "softmax_cross_entropy takes an output for each class, two or more; got a model of one: "
            "binary_cross_entropy is for that"
        )
    if array.ndim != 1:
        return array
    strange = array[~np.isin(array, range(n_out))]
    if strange.size:
        raise ValueError(
            f"the targets of softmax_cross_entropy are the numbers of the classes, 0 to {n_out - 1} as the model has "
            f"{n_out} outputs; got {strange[0]:g} among them"
        )
    rows: Array = np.eye(n_out)[array.astype(int)]
    return rows


def _finite(array: Array, what: str) -> Array:
    if array.ndim != 2 or not array.size:
        alone = f": np.reshape({what}, (-1, 1)) if each number is an example" if array.ndim == 1 and array.size else ""
        raise ValueError(f"{what} holds the examples as rows; got shape {array.shape}{alone}")
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{what} holds finite numbers; got {array[~np.isfinite(array)][0]} among them")
    return array

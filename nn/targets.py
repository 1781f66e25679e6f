"""Examples as rows: the inputs, and the targets in the form that a cost takes."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import finite, real_array
from .costs import Cost

__all__ = ["inputs_of", "one_hot", "targets_of"]

Array = NDArray[np.float64]


def inputs_of(X: ArrayLike) -> Array:
    """Returns the inputs as an array, shape (n, n₀); TypeError or ValueError if X has no finite numbers in rows."""
    return _rows(real_array(X, "X"), "X")


def targets_of(y: ArrayLike, n: int, n_out: int, cost: Cost | None) -> Array:
    """Returns the targets of n examples, shape (n, n_out). A cost with a softmax also takes the numbers of the classes.

    TypeError or ValueError if the targets do not fit the examples, the outputs or the cost.
    """
    array = real_array(y, "y")
    if cost and cost.squash == "softmax":
        array = one_hot(array, n_out)
    if array.ndim == 1 and n_out == 1:
        array = array[:, None]
    if array.shape != (n, n_out):
        raise ValueError(f"y has {n_out} targets for each of {n} examples, shape ({n}, {n_out}); got {np.shape(y)}")
    targets = _rows(array, "y")
    if cost and cost.suits and not cost.suits(targets):
        raise ValueError(f"the targets of {cost.name} are {cost.takes}; got {targets[:3].tolist()}, …")
    return targets


def one_hot(array: Array, n_out: int) -> Array:
    """Returns class numbers, shape (n,), as one-hot rows: a 1 at the class, 0 elsewhere. Other shapes are unchanged."""
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


def _rows(array: Array, what: str) -> Array:
    if array.ndim != 2 or not array.size:
        alone = f": np.reshape({what}, (-1, 1)) if each number is an example" if array.ndim == 1 and array.size else ""
        raise ValueError(f"{what} holds the examples as rows; got shape {array.shape}{alone}")
    return finite(array, what)

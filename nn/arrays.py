"""Arrays of real numbers, made from what a user passes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["finite", "layer_arrays", "real_array"]


def real_array(numbers: ArrayLike, what: str) -> Array:
    """Returns a new array of float64; TypeError, which names `what`, if these are not real numbers in an array."""
    if np.ma.is_masked(numbers):
        raise TypeError(f"{what}: real numbers, all of them; some of this array are masked: give .filled(...) instead")
    try:
        array = np.asarray(numbers)
        if array.dtype.kind in "biuf":
            return array.astype(np.float64)
        got = f"an array of {array.dtype}"
    except ValueError:  # rows of different lengths
        got = "rows of different lengths"
    raise TypeError(f"{what}: real numbers, in rows of equal length; got {got}")


def finite(array: Array, what: str) -> Array:
    """Returns the array; ValueError, which names `what`, if some of its numbers are not finite."""
    if not np.all(np.isfinite(array)):
        raise ValueError(f"{what} holds finite numbers; got {array[~np.isfinite(array)][0]} among them")
    return array


def layer_arrays(
    weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], inputs_axis: int = 1
) -> tuple[list[Array], list[Array]]:
    """Returns the weights and biases of consecutive layers as new arrays, after a check that they fit each other.

    The weights of one neuron lie along `inputs_axis`. TypeError or ValueError if something does not fit.
    """
    if not hasattr(weights, "__len__") or not hasattr(biases, "__len__"):
        raise TypeError(f"weights and biases are lists with one array per layer; got {type(weights).__name__}")
    W = [real_array(w, f"the weights of layer {l}") for l, w in enumerate(weights, 1)]
    b = [real_array(v, f"the biases of layer {l}") for l, v in enumerate(biases, 1)]
    if len(W) != len(b) or not W:
        raise ValueError(f"each layer has a weight matrix and its biases; got {len(W)} matrices and {len(b)} biases")
    for l, (matrix, vector) in enumerate(zip(W, b, strict=True), 1):
        if matrix.ndim != 2 or not matrix.size or vector.shape != (matrix.shape[1 - inputs_axis],):
            raise ValueError(
                f"layer {l} has a weight matrix and a bias for each of its neurons; "
                f"got weights {matrix.shape} and biases {vector.shape}"
            )
        if l > 1 and matrix.shape[inputs_axis] != len(b[l - 2]):
            raise ValueError(f"layer {l} takes the {len(b[l - 2])} activations before it; got weights {matrix.shape}")
    return W, b

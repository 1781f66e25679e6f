"""Reads the user's arrays, which have examples as columns or as rows, in our own layout.

Arrays may be right but transposed, in reverse order, or in float32: this is told here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograd.mistakes.edits import listed
from autograd.mistakes.judged import Given

from ..arrays import real_array
from .agreement import difference, largest
from .forward_pass import ForwardPass
from .words.factors import given_name

__all__ = ["ReadArray", "apart", "arrays_by_layer", "conventions", "read_array", "why_as_given"]

Array = NDArray[np.float64]
SINGLE = 1e-5  # the largest relative error that numbers computed in float32 may have


@dataclass(frozen=True, eq=False)
class ReadArray:
    """One of the user's arrays, in our layout: dW (nₗ, nₗ₋₁), db (nₗ,), delta (n, nₗ) with an example per row."""

    key: str
    layer: int
    given: Given  # without the slope of an L2 penalty
    read: Array  # with it
    turned: bool = False  # whether its shape fits the convention only after a transposition

    @property
    def is_right(self) -> bool:
        """Whether its shape is right and its numbers agree."""
        return not self.turned and self.given.is_right

    @property
    def is_transposed(self) -> bool:
        """Whether its numbers are the right ones, transposed."""
        array, right = self.given.array.T, self.given.right
        return right.ndim == 2 and array.shape == right.shape and replace(self.given, array=array).is_right

    def __str__(self) -> str:
        return f"{self.key}[{self.layer - 1}]"


def arrays_by_layer(key: str, value: Sequence[ArrayLike | None], depth: int) -> dict[int, Array]:
    """Returns a dict from the number of a layer to its array, without layers for which None is given.

    Raises ValueError if the list does not have one entry per layer.
    """
    is_list = hasattr(value, "__len__") and not isinstance(value, str | Mapping)
    if not is_list or len(value) != depth:
        shape = getattr(value, "shape", None)
        got = f"one array of shape {shape}" if shape else len(value) if is_list else type(value).__name__
        raise ValueError(f"{key} is a list with one array for each of the {depth} layers, layer 1 first; got {got}")
    return {i + 1: real_array(array, f"{key}[{i}]") for i, array in enumerate(value) if array is not None}


def conventions(arrays: list[Array], ours: list[Array]) -> list[str]:
    """Returns a list: the convention that fits more of the shapes, or both if they fit equally many.

    If all right arrays are vectors, or have a side of 1, it is "columns" alone.
    """
    pairs = list(zip(arrays, ours, strict=True))
    columns = sum(mine.shape == right.shape for mine, right in pairs)
    rows = sum(mine.T.shape == right.shape for mine, right in pairs)
    vectors = all(right.ndim == 1 or 1 in right.shape for right in ours)
    return ["columns"] if columns > rows or vectors else ["rows"] if rows > columns else ["columns", "rows"]


def read_array(forward: ForwardPass, key: str, layer: int, array: Array, convention: str, tol: float) -> ReadArray:
    """Returns one of the user's arrays in our layout; `convention` says how it lies.

    Raises:
        ValueError: If its shape fits neither as it is nor transposed.
    """
    right, allowed = forward.right(key, layer), forward.rounding(key, layer)
    allowed = allowed + tol * largest(right)
    shape = right.shape

    penalty = forward.penalty(key, layer)
    allowed = allowed + 8 * np.finfo(float).eps * np.abs(penalty)

    def given(read: Array, turned: bool = False) -> ReadArray:
        plain = read - (penalty.T if turned else penalty)
        named = Given(given_name(key, layer), forward.array(key, layer), plain, right, allowed)
        return ReadArray(key, layer, named, read, turned)

    turns = convention == ("rows" if key == "dW" else "columns")
    upright = array.T if turns else array
    if upright.shape == shape:
        return given(upright)
    if array.ndim and array.size == right.size == max(array.shape) == max(shape):
        return given(array.reshape(shape))  # a vector, as a row or as a column
    if upright.T.shape == shape:
        return given(upright, turned=True)
    if key in ("dW", "db") and array.size == 1:
        return given(np.broadcast_to(array.reshape(()), shape))  # one number for all, which NumPy broadcasts
    expected = shape[::-1] if turns else shape
    axis = array.shape.index(forward.n) if array.shape.count(forward.n) == 1 else int(convention == "columns")
    more, examples = "", f" with examples as {convention}" * (key != "db")
    if key == "db" and array.size == forward.n:
        more = (
            f", and there are {array.size} examples: BP3 sums δ over them, which is axis 0 where they are the rows of "
            "δ, and axis 1 where they are its columns"
        )
    elif key == "db" and array.size == forward.n * right.size:
        more = f", which is δ of each of the {forward.n} examples: BP3 sums over them, axis {axis}"
    elif key == "dW" and forward.n > 1 and forward.n in array.shape and forward.n not in expected:
        more = f", and there are {forward.n} examples: BP4 sums over them, as in a matrix product"
    raise ValueError(
        f"{key}[{layer - 1}], of layer {layer}, has shape {expected}{examples}; got {array.shape}"
        f"{more or f'. {key}[0] is that of layer 1'}"
    )


def apart(yours: list[ReadArray]) -> float:
    """Returns −Σ |cosine| of the angles between given and right arrays: the smaller it is, the closer they are.

    Arrays with the wrong shape, zeros alone, or numbers that are not finite are left out.
    """
    total = 0.0
    for mine in yours:
        array, right = mine.given.array.ravel(), mine.given.right.ravel()
        if not mine.turned and np.all(np.isfinite(array)) and array.any() and right.any():
            array, right = array / largest(array), right / largest(right)
            total -= abs(float(array @ right)) / float(np.linalg.norm(array) * np.linalg.norm(right))
    return total


def why_as_given(forward: ForwardPass, yours: list[ReadArray]) -> str:
    """Returns a text, if the arrays may be right but are given transposed, in reverse order or in float32; or ""."""
    wrong = [mine for mine in yours if not mine.is_right]
    if all(mine.is_transposed for mine in wrong):
        return f"{listed(map(str, wrong))} {'are' if len(wrong) > 1 else 'is'} transposed"
    if any(mine.turned for mine in wrong):
        return ""
    if len(forward.layers) > 1 and _in_reverse(yours):
        return "the arrays are in reverse order: give layer 1 first"
    off = max(float(np.max(difference(m.given.array, m.given.right))) / (largest(m.given.right) or 1.0) for m in wrong)
    if off <= SINGLE:
        return f"the largest relative error is {off:.0e}, as in float32: pass tol={SINGLE:g} if you compute in float32"
    return ""


def _in_reverse(yours: list[ReadArray]) -> bool:
    layers = max(mine.layer for mine in yours)
    by_place = {(mine.key, mine.layer): mine.given for mine in yours}
    if any((mine.key, layers + 1 - mine.layer) not in by_place for mine in yours):
        return False
    mirrored = [(mine.given, by_place[mine.key, layers + 1 - mine.layer]) for mine in yours]
    return all(
        mine.array.shape == other.right.shape and replace(other, array=mine.array).is_right for mine, other in mirrored
    )

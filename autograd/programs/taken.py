"""Finds the arrays that variables hold from which another array takes its elements, and the places of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import eq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays.value_array import plain
from ..value import Value
from .assignments import Assignment, Constant, View

__all__ = ["chosen_from", "is_ambiguous", "is_array_of_values", "is_of_values", "memory", "places_in", "view_above"]


def chosen_from(
    elements: Sequence[Any], shape: tuple[int, ...], arrays: Iterable[Any], is_number: Callable[[Any], bool]
) -> Any:
    """Returns an array without numbers that has the same Values at their places, and others where numbers are; or None.

    So np.where(z > 0, z, 0) has elements of z. `is_number` returns whether an element is no Value of the run.
    """
    are_numbers = list(map(is_number, elements))
    if not any(are_numbers) or all(are_numbers):
        return None
    for array in arrays:
        if array.shape == shape:
            others = plain(array).ravel().tolist()
            same = [x is y for x, y in zip(others, elements, strict=True)]
            if not any(map(eq, same, are_numbers)) and not any(map(is_number, others)):
                return array
    return None


def is_array_of_values(held: Any) -> bool:
    """Returns whether this is an array whose elements may be Values."""
    return isinstance(held, np.ndarray) and held.dtype == object


def is_of_values(held: Any) -> bool:
    """Returns whether this is a Value, or an array whose elements may be Values."""
    return isinstance(held, Value) or is_array_of_values(held)


def is_ambiguous(view: View) -> bool:
    """Returns whether places of a view cannot be told by the elements: some are numbers, as in a choice, or repeat."""
    varying = [k for k, operand in enumerate(view.operands) if not isinstance(operand, Constant)]
    if len(varying) != 1:
        return False
    here = view.source == varying[0]
    taken = view.index[here]
    is_choice = len(view.operands) == 2 and np.array_equal(taken, np.flatnonzero(here))
    return is_choice or len(np.unique(taken)) < taken.size


def places_in(whole: Any, part: Any) -> NDArray[np.int64] | None:
    """Returns the places in the flat `whole` of the elements of `part`, which shares its memory; None if some are out.

    A slice, a reshape and a transpose share the memory of their array.
    """
    known = _addresses(whole).ravel()
    order = np.argsort(known)
    at = np.searchsorted(known, wanted := _addresses(part), sorter=order)
    found = order[np.minimum(at, len(order) - 1)]
    return found if np.array_equal(known[found], wanted) else None


def view_above(array: Any, known: Callable[[Any], Assignment | None]) -> tuple[View, NDArray[np.int64]] | None:
    """Returns the nearest view that this array was made from, with the places of its elements in it; None if none.

    `known` returns the assignment of an array. So y.T is made from y, where y is x.reshape(2, 3), and y from x.
    """
    whole = getattr(array, "made_from", None)
    while isinstance(whole, np.ndarray) and whole.size and memory(whole) is memory(array):
        found = known(whole)
        if isinstance(found, View) and (places := places_in(whole, array)) is not None:
            is_same = found.shape == array.shape and np.array_equal(places.ravel(), np.arange(places.size))
            return None if is_same else (found, places)
        if found is not None and not isinstance(found, View):
            return None  # it was computed, or is an input
        whole = getattr(whole, "made_from", None)
    return None


def memory(array: Any) -> Any:
    """Returns the array that owns the memory of an array."""
    while array.base is not None:
        array = array.base
    return array


def _addresses(array: Any) -> NDArray[np.int64]:
    steps = np.indices(array.shape, dtype=np.int64)
    first: int = array.__array_interface__["data"][0]
    return first + np.tensordot(np.array(array.strides, dtype=np.int64), steps, axes=1)

"""Finds the arrays that variables hold from which another array takes its elements, and the places of these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from operator import eq
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays.value_array import plain
from ..value import Value
from .assignments import Assignment
from .run_arrays import memory

__all__ = [
    "chosen_from",
    "is_array_of_values",
    "is_of_values",
    "is_same_region",
    "is_slice",
    "made_from",
    "places_in",
    "view_above",
]


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


def is_slice(mask: NDArray[np.bool_]) -> bool:
    """Returns whether the mask is True in one block, a range along each axis, and False elsewhere."""
    within = [at.max() - at.min() + 1 for at in np.nonzero(mask)]
    return int(np.prod(within)) == np.count_nonzero(mask)


def places_in(whole: Any, part: Any) -> NDArray[np.int64] | None:
    """Returns the places in the flat `whole` of the elements of `part`, which shares its memory; None if some are out.

    A slice, a reshape and a transpose share the memory of their array. In windows that overlap, only a transpose is
    found: an element of them has several places.
    """
    known = _addresses(whole).ravel()
    order = np.argsort(known)
    if np.any(known[order][1:] == known[order][:-1]):
        return _transposed(whole, part)
    at = np.searchsorted(known, wanted := _addresses(part), sorter=order)
    found = order[np.minimum(at, len(order) - 1)]
    return found if np.array_equal(known[found], wanted) else None


def _transposed(whole: Any, part: Any) -> NDArray[np.int64] | None:
    """Returns the places if both begin at one address and their axes have the same lengths and strides, in any order.

    Axes that are alike stay in their order.
    """
    axes = [*zip(whole.shape, whole.strides, strict=True)]
    taken: list[int] = []
    for axis in zip(part.shape, part.strides, strict=True):
        taken += [k for k, each in enumerate(axes) if each == axis and k not in taken][:1]
    is_all = len(taken) == part.ndim == whole.ndim and _address(whole) == _address(part)
    return np.arange(whole.size).reshape(whole.shape).transpose(taken) if is_all else None


def is_same_region(one: Any, other: Any) -> bool:
    """Returns whether two arrays have the same elements of one memory, in the same shape."""
    return (one.shape, one.strides, _address(one)) == (other.shape, other.strides, _address(other))


def view_above(array: Any, known: Callable[[Any], Assignment | None]) -> tuple[Assignment, NDArray[np.int64]] | None:
    """Returns the nearest known array that this one is a view of, with the places of its elements in it; None if none.

    `known` returns the assignment of an array. So y.T is made from y, where y is x.reshape(2, 3), and y from x.
    """
    whole = made_from(array)
    while whole is not None:
        found = known(whole)
        if found is not None:
            places = places_in(whole, array)
            return None if places is None else (found, places)
        whole = made_from(whole)
    return None


def made_from(array: Any) -> Any:
    """Returns the array that a view was made from; for a plain view, as np.asarray makes it, the owner of the memory.

    Returns None for all other arrays.
    """
    whole = array.base if type(array) is np.ndarray else getattr(array, "made_from", None)
    is_view = isinstance(whole, np.ndarray) and whole.size and memory(whole) is memory(array)
    return whole if is_view else None


def _address(array: Any) -> int:
    first: int = array.__array_interface__["data"][0]
    return first


def _addresses(array: Any) -> NDArray[np.int64]:
    steps = np.indices(array.shape, dtype=np.int64)
    return _address(array) + np.tensordot(np.array(array.strides, dtype=np.int64), steps, axes=1)

"""ValueArray: the class of arrays whose elements are Values, with NumPy's functions on them.

Invariant: every element is a Value. A number that is written to such an array becomes a Value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import functions
from ..value import Value
from .conversions import gradients, numbers

__all__ = ["ValueArray", "arranged", "asked", "in_class", "of_values", "plain", "shaped", "writable"]

# Attributes of a Value or of a tensor that an array x lacks, and what to write instead.
REMEDIES = {
    "backward": "x.sum().backward(), or take one Value, as x[0]",
    "detach": "autograd.array(x.data)",
    "numpy": "x.data",
    "zero_grad": "x.grad = 0",
}


class ValueArray(np.ndarray):
    """An array of Values, made by `autograd.array`. It has the methods of NumPy's arrays.

    `data` and `grad` are the numbers and the gradients as new float arrays. So `x.data[0] = 1.0` changes only a copy,
    while `x[0] = 1.0` stores a new leaf. Functions that return places or answers (argmax, argsort, nonzero, ==, <) use
    the numbers and return plain arrays; `np.where` records the comparison of its condition. `astype(float)` leaves the
    graph.
    """

    __array_priority__ = 1.0  # so that X.dot(x), with a plain array X, gives such an array

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from .ufuncs import call  # here, as that module imports this one

        return call(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from .routines import call  # here, as that module imports this one

        return call(func, types, args, kwargs)

    # ---- its numbers

    @property  # type: ignore[override]  # NumPy's is the buffer of memory
    def data(self) -> NDArray[np.float64]:
        """The numbers as a new float array. Assigning it changes the numbers of the Values, for later operations."""
        return numbers(self)

    @data.setter
    def data(self, given: Any) -> None:
        for value, number in _beside(self, given):
            value.data = number

    @property
    def grad(self) -> NDArray[np.float64]:
        """The gradients as a new float array. Assigning it changes the gradients of the Values: `x.grad = 0`."""
        return gradients(self)

    @grad.setter
    def grad(self, given: Any) -> None:
        for value, number in _beside(self, given):
            value.grad = number

    def __repr__(self) -> str:
        shown = np.array2string(numbers(self), separator=", ", prefix="ValueArray(", suffix=")")
        return f"ValueArray({shown})"

    def __str__(self) -> str:
        return str(numbers(self))

    def __getattr__(self, name: str) -> Any:
        remedy = f"autograd.{name}(x)" if name in functions.__all__ else REMEDIES.get(name, "")
        told = f": write {remedy}" if remedy else ""
        raise AttributeError(f"an array of Values has no {name}{told}", name=name, obj=self)

    # ---- writing to it

    @property  # type: ignore[override]
    def flat(self) -> _Flat:
        """The elements as a flat sequence, which can be read and written."""
        return _Flat(self)

    @flat.setter
    def flat(self, given: Any) -> None:
        _Flat(self)[...] = given

    def __setitem__(self, key: Any, given: Any) -> None:
        if not isinstance(given, Value):
            given = _fitting(np.asarray(given), super().__getitem__(key))
        super().__setitem__(key, given)

    def fill(self, value: Any) -> None:
        """Writes a number, or one Value, to each place."""
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Writes to the places that have these indices in the flat array."""
        given = np.resize(np.asarray(plain(values)), np.shape(indices))  # so that each place gets a leaf of its own
        super().put(indices, plain(of_values(given)), mode)

    # ---- methods that NumPy's protocols do not reach

    def astype(
        self, dtype: Any, order: Any = "K", casting: Any = "unsafe", subok: bool = True, copy: Any = True
    ) -> Any:
        """Returns a copy of this dtype; unless it is object, a plain array outside the graph."""
        made = super().astype(dtype, order=order, casting=casting, subok=subok, copy=copy)
        return made if made.dtype == object else made.view(np.ndarray)

    @property  # type: ignore[misc]  # NumPy's may be assigned, for complex numbers
    def real(self) -> Any:
        """The array itself. NumPy's var and std ask for it; from NumPy 2.5 on, its own `real` is a ufunc."""
        return self

    @property  # type: ignore[misc]
    def imag(self) -> Any:
        """Zeros, since the numbers are real."""
        return np.zeros(self.shape)

    def dot(self, b: Any, out: Any = None) -> Any:
        """Returns the dot product, like `np.dot`."""
        return np.dot(self, b, out=out)

    def argmax(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """Returns the index of the largest number."""
        return numbers(self).argmax(axis, out, keepdims=keepdims)

    def argmin(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """Returns the index of the smallest number."""
        return numbers(self).argmin(axis, out, keepdims=keepdims)

    def argsort(self, axis: Any = -1, kind: Any = None, order: Any = None, **kwargs: Any) -> Any:
        """Returns the indices that sort the numbers."""
        return numbers(self).argsort(axis, kind, **kwargs)

    def argpartition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> Any:
        """Returns indices that put the k-th number in its place, with smaller ones before it."""
        return numbers(self).argpartition(kth, axis, kind)

    def sort(self, axis: Any = -1, kind: Any = None, order: Any = None, **kwargs: Any) -> None:
        """Sorts the Values in place, by their numbers."""
        if self.ndim:
            self[...] = np.take_along_axis(self, self.argsort(axis, kind, **kwargs), axis)

    def partition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> None:
        """Puts the k-th number in its place, the smaller ones before it and the larger ones after it."""
        self[...] = np.take_along_axis(self, self.argpartition(kth, axis, kind), axis)

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """Returns the index at which v would be inserted into the sorted numbers."""
        return numbers(self).searchsorted(numbers(v), side, sorter)

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        """Returns the rounded numbers as constants, since the derivative of rounding is 0."""
        rounded = of_values(numbers(self).round(decimals))
        if out is None:
            return rounded
        out[...] = rounded
        return out

    def nonzero(self) -> Any:
        """Returns the indices of the numbers that are not 0."""
        return numbers(self).nonzero()


class _Flat:
    """The attribute `flat` of an array of Values: its elements in one row."""

    def __init__(self, array: ValueArray) -> None:
        self._array, self._elements = array, plain(array).flat

    def __setitem__(self, key: Any, given: Any) -> None:
        self._array.put(np.arange(self._array.size)[key], given)

    def __getitem__(self, key: Any) -> Any:
        found = self._elements[key]
        return found.view(ValueArray) if isinstance(found, np.ndarray) else found

    def __iter__(self) -> Iterator[Any]:
        return iter(self._elements)

    def __next__(self) -> Any:
        return next(self._elements)

    def __len__(self) -> int:
        return len(self._elements)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        return np.array(self._elements, dtype=dtype)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._elements, name)


def of_values(given: NDArray[Any]) -> ValueArray:
    """Returns a new ValueArray. Each number becomes a leaf; a Value stays the same object."""
    values = [x if isinstance(x, Value) else Value(x) for x in given.ravel().tolist()]
    return shaped(values, given.shape).view(ValueArray)


def in_class(result: Any) -> Any:
    """Converts a result of NumPy to a ValueArray; to a plain array, if it has elements that are no numbers."""
    if isinstance(result, ValueArray) and result.dtype != object:
        return result.view(np.ndarray)
    if not isinstance(result, np.ndarray) or result.dtype != object:
        return result
    elements = result.ravel().tolist()
    if not all(isinstance(x, Value) for x in elements):
        try:
            elements = [x if isinstance(x, Value) else Value(0.0 if x is None else x) for x in elements]
        except TypeError:
            return result.view(np.ndarray)
        if not isinstance(result, ValueArray):  # it may belong to the caller, so it is not changed
            result = np.empty(result.shape, dtype=object)
        result.view(np.ndarray)[...] = shaped(elements, result.shape)
    return result.view(ValueArray)


def plain(x: Any) -> Any:
    """Returns a ValueArray as a plain array with the same memory, a Value as a 0-d array, anything else unchanged."""
    if isinstance(x, Value):
        return shaped([x], ())
    return x.view(np.ndarray) if isinstance(x, ValueArray) else x


def asked(x: Any) -> Any:
    """Returns the numbers of an array of Values or of a Value; anything else unchanged."""
    if isinstance(x, Value):
        return x.data
    return numbers(x) if isinstance(x, np.ndarray) and x.dtype == object else x


def writable(out: Any) -> Any:
    """Returns the argument `out` as a plain array with the same memory. Raises TypeError if it cannot hold Values."""
    if out is not None and out.dtype != object:
        raise TypeError(
            f"an array of {out.dtype} holds no Values, so results cannot be written to it: write total = total + x in "
            "the place of total += x, or make it an array of Values, autograd.array(total)"
        )
    return plain(out)


def arranged(items: list[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Returns numbers or Values in this shape: a ValueArray if there are Values among them, else an array of floats."""
    made = shaped(items, shape)
    return of_values(made) if any(isinstance(x, Value) for x in items) else made.astype(float)


def shaped(items: list[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Returns a plain array of these objects, in this shape."""
    # np.array(items) would try to convert each item to an array
    return np.fromiter(items, dtype=object, count=len(items)).reshape(shape)


def _fitting(given: NDArray[Any], place: Any) -> Any:
    """Converts what is written to a place: to one Value if the place is one element, else to an array of Values.

    Each element gets a leaf of its own, even if one number is written to several elements.
    """
    if not isinstance(place, np.ndarray):
        if given.size != 1:
            raise ValueError(f"a place of an array holds one number; got {given.size}, of shape {given.shape}")
        (element,) = given.ravel().tolist()
        return element if isinstance(element, Value) else Value(element)
    if given.dtype.kind in "biuf":
        spread = np.empty(place.shape)
        spread[...] = given
        given = spread
    return plain(of_values(given))


def _beside(array: ValueArray, given: Any) -> Any:
    """Returns pairs of a Value of the array and the number that is given for the Value."""
    return zip(array.ravel().tolist(), np.broadcast_to(given, array.shape).ravel().tolist(), strict=True)

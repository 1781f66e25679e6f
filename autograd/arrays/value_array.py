"""The class of arrays whose elements are Values: what NumPy does with it, it does to Values.

Invariant: every element is a Value. Whatever is written to such an array becomes one.
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

# what a Value has, or a tensor, and what to write for an array x
REMEDIES = {
    "backward": "x.sum().backward(), or take one Value, as x[0]",
    "detach": "autograd.array(x.data)",
    "numpy": "x.data",
    "zero_grad": "x.grad = 0",
}


class ValueArray(np.ndarray):
    """An array of Values; `autograd.array` makes one. Its methods are those of any array.

    `data` and `grad` are its numbers and gradients, as new float arrays: `x.data[0] = 1.0` changes such a copy alone,
    and `x[0] = 1.0` puts a new leaf there. What gives places or answers (argmax, argsort, nonzero, ==, <) asks the
    numbers, and gives plain arrays; `np.where` records what < compared. `astype(float)` leaves the graph.
    """

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from .ufuncs import call  # here, as it is written in terms of this class

        return call(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from .routines import call  # here, as it is written in terms of this class

        return call(func, types, args, kwargs)

    # ---- its numbers

    @property  # type: ignore[override]  # NumPy's is the memory, which nobody wants here
    def data(self) -> NDArray[np.float64]:
        """The numbers, as a new float array; assigning changes the Values' own, for operations to come."""
        return numbers(self)

    @data.setter
    def data(self, given: Any) -> None:
        for value, number in _beside(self, given):
            value.data = number

    @property
    def grad(self) -> NDArray[np.float64]:
        """The gradients, as a new float array; assigning changes the Values' own: `x.grad = 0`."""
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

    # ---- what is written to it

    @property  # type: ignore[override]
    def flat(self) -> _Flat:
        """Its elements in one row, to be read and written."""
        return _Flat(self)

    @flat.setter
    def flat(self, given: Any) -> None:
        _Flat(self)[...] = given

    def __setitem__(self, key: Any, given: Any) -> None:
        if not isinstance(given, Value):
            given = _fitting(np.asarray(given), super().__getitem__(key))
        super().__setitem__(key, given)

    def fill(self, value: Any) -> None:
        """Write a number, or one Value, to each place."""
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Write to the places that these indices have in the flat array."""
        given = np.resize(np.asarray(plain(values)), np.shape(indices))  # so that each place gets a leaf of its own
        super().put(indices, plain(of_values(given)), mode)

    # ---- methods of NumPy's that ask no protocol

    def astype(
        self, dtype: Any, order: Any = "K", casting: Any = "unsafe", subok: bool = True, copy: Any = True
    ) -> Any:
        """A copy; of any dtype but object it is plain, and outside the graph."""
        made = super().astype(dtype, order=order, casting=casting, subok=subok, copy=copy)
        return made if made.dtype == object else made.view(np.ndarray)

    @property  # type: ignore[misc]  # NumPy's may be assigned, for complex numbers
    def real(self) -> Any:
        """The array itself. NumPy's var and std ask for it; from NumPy 2.5 on, its own `real` is a ufunc."""
        return self

    @property  # type: ignore[misc]
    def imag(self) -> Any:
        """Zeros, as of any real numbers."""
        return np.zeros(self.shape)

    def dot(self, b: Any, out: Any = None) -> Any:
        """The dot product, as `np.dot`."""
        return np.dot(self, b, out=out)

    def argmax(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """Where the largest number is."""
        return numbers(self).argmax(axis, out, keepdims=keepdims)

    def argmin(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """Where the smallest number is."""
        return numbers(self).argmin(axis, out, keepdims=keepdims)

    def argsort(self, axis: Any = -1, kind: Any = None, order: Any = None, **kwargs: Any) -> Any:
        """The order of the numbers."""
        return numbers(self).argsort(axis, kind, **kwargs)

    def argpartition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> Any:
        """An order of the numbers in which the k-th is in its place."""
        return numbers(self).argpartition(kth, axis, kind)

    def sort(self, axis: Any = -1, kind: Any = None, order: Any = None, **kwargs: Any) -> None:
        """Sort in place, by the numbers."""
        if self.ndim:
            self[...] = np.take_along_axis(self, self.argsort(axis, kind, **kwargs), axis)

    def partition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> None:
        """Put the k-th number in its place, the smaller ones before it and the larger ones behind it."""
        self[...] = np.take_along_axis(self, self.argpartition(kth, axis, kind), axis)

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """Where v would stand among the numbers."""
        return numbers(self).searchsorted(numbers(v), side, sorter)

    def round(self, decimals: Any = 0, out: Any = None) -> Any:
        """The numbers, rounded: constants, as rounding is flat."""
        rounded = of_values(numbers(self).round(decimals))
        if out is None:
            return rounded
        out[...] = rounded
        return out

    def nonzero(self) -> Any:
        """Where the numbers are not 0."""
        return numbers(self).nonzero()


class _Flat:
    """The elements of an array of Values in one row: what `array.flat` is of any array."""

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
    """A new array of the class: each number becomes a leaf, a Value stays what it is."""
    values = [x if isinstance(x, Value) else Value(x) for x in given.ravel().tolist()]
    return shaped(values, given.shape).view(ValueArray)


def in_class(result: Any) -> Any:
    """An array that NumPy has made of Values, in the class; plain, if there is something else than numbers in it."""
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
        if not isinstance(result, ValueArray):  # somebody else's, perhaps
            result = np.empty(result.shape, dtype=object)
        result.view(np.ndarray)[...] = shaped(elements, result.shape)
    return result.view(ValueArray)


def plain(x: Any) -> Any:
    """An array of the class as NumPy's own, on the same memory; a Value as a 0-d array; anything else as it is."""
    if isinstance(x, Value):
        return shaped([x], ())
    return x.view(np.ndarray) if isinstance(x, ValueArray) else x


def asked(x: Any) -> Any:
    """An array of Values, or a Value, as its numbers; anything else as it is."""
    if isinstance(x, Value):
        return x.data
    return numbers(x) if isinstance(x, np.ndarray) and x.dtype == object else x


def writable(out: Any) -> Any:
    """The memory of an array that results are to be written to."""
    if out is not None and out.dtype != object:
        raise TypeError(
            f"an array of {out.dtype} holds no Values, so results cannot be written to it: write total = total + x in "
            "the place of total += x, or make it an array of Values, autograd.array(total)"
        )
    return plain(out)


def arranged(items: list[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Numbers or Values in this shape: an array of the class if there are Values among them, else one of floats."""
    made = shaped(items, shape)
    return of_values(made) if any(isinstance(x, Value) for x in items) else made.astype(float)


def shaped(items: list[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A plain array of these objects, in this shape."""
    # np.array(items) would ask each whether it is an array itself
    return np.fromiter(items, dtype=object, count=len(items)).reshape(shape)


def _fitting(given: NDArray[Any], place: Any) -> Any:
    """What is written to a place: one Value where that is one element, else an array of them.

    Each number becomes a leaf of its own, also where one number is for several elements.
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
    """Each Value of the array, and the number that is given for it."""
    return zip(array.ravel().tolist(), np.broadcast_to(given, array.shape).ravel().tolist(), strict=True)

"""The result of comparing arrays: an array of bools that remembers its operands, so that `where` can record it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..comparison import recorded
from ..table import COMPARISONS, OPERATIONS
from .value_array import ValueArray, plain, shaped

__all__ = ["ComparedArray", "remembered"]


class ComparedArray(np.ndarray):
    """An array of bools that remembers its operands. A slice of it remembers its part of them.

    `node` is the comparison as an array of Values; `where` records it. NumPy's functions of it return plain arrays.
    """

    compared: Any = None  # the operation, and the arrays or numbers that were compared

    @property
    def node(self) -> Any:
        """The comparison as an array of Values, 1 or 0, whose parents are the operands; plain if they are unknown."""
        if self.compared is None:
            return _plain(self)
        op, *sides = self.compared
        rows = [np.broadcast_to(plain(side), self.shape).ravel().tolist() for side in sides]
        made = [recorded(holds, op, a, b) for holds, a, b in zip(self.ravel().tolist(), *rows, strict=True)]
        return shaped(made, self.shape).view(ValueArray)

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if self.compared is not None and isinstance(found, ComparedArray):
            op, *sides = self.compared
            found.compared = op, *(np.broadcast_to(plain(side), self.shape)[key] for side in sides)
        return found

    def __repr__(self) -> str:
        return repr(_plain(self))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return getattr(ufunc, method)(*map(_plain, inputs), **{name: _plain(x) for name, x in kwargs.items()})

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func is np.where and any(issubclass(kind, ValueArray) or not issubclass(kind, np.ndarray) for kind in types):
            return NotImplemented  # so that the method of the other class records it
        return func(*map(_plain, args), **{name: _plain(x) for name, x in kwargs.items()})


def remembered(found: Any, name: str, *sides: Any) -> Any:
    """Returns the result `found` of a comparison as a ComparedArray, if it is an array and `where` can record it.

    `name` is the ufunc, such as "greater", and `sides` are its operands.
    """
    op = OPERATIONS.get(name)
    if op not in COMPARISONS or not isinstance(found, np.ndarray):
        return found
    made = found.view(ComparedArray)
    made.compared = op, *sides
    return made


def _plain(x: Any) -> Any:
    """Converts a ComparedArray to a plain array, also inside a list or a tuple."""
    if type(x) in (list, tuple):
        return type(x)(map(_plain, x))
    return x.view(np.ndarray) if isinstance(x, ComparedArray) else x

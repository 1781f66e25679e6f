"""What a comparison of arrays gives: an array of True and False, which remembers what was compared."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..comparison import recorded
from ..table import COMPARISONS, OPERATIONS
from .value_array import ValueArray, plain, shaped

__all__ = ["ComparedArray", "remembered"]


class ComparedArray(np.ndarray):
    """An array of True and False. What NumPy makes of it is a plain array; a part of it remembers its part.

    `node` is the comparison as an array of Values, which `where` records.
    """

    compared: Any = None  # the operation, and the arrays and numbers that were compared

    @property
    def node(self) -> Any:
        """1 or 0, as it was found to be, made from what was compared; plain, where that is not known."""
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
            return NotImplemented  # it is recorded
        return func(*map(_plain, args), **{name: _plain(x) for name, x in kwargs.items()})


def remembered(found: Any, name: str, *sides: Any) -> Any:
    """What was found by comparing these, if it is an array and `where` can record it."""
    op = OPERATIONS.get(name)
    if op not in COMPARISONS or not isinstance(found, np.ndarray):
        return found
    made = found.view(ComparedArray)
    made.compared = op, *sides
    return made


def _plain(x: Any) -> Any:
    """NumPy's own in its place, also in a list."""
    if type(x) in (list, tuple):
        return type(x)(map(_plain, x))
    return x.view(np.ndarray) if isinstance(x, ComparedArray) else x

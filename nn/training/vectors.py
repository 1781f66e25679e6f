"""Elementwise arithmetic on lists of numbers: NumPy's arrays, or a small substitute where NumPy is not installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

from autograd import floats

from ..numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["quiet", "square_root", "vector"]


class Vector:
    """A list of floats with elementwise arithmetic; the other operand is a Vector of this length, or one number."""

    def __init__(self, numbers: Iterable[float]) -> None:
        self._numbers = list(numbers)

    def tolist(self) -> list[float]:
        """Returns the numbers as a new list."""
        return list(self._numbers)

    def _with(self, rule: Callable[[float, float], float], other: Any) -> Vector:
        partners = other._numbers if isinstance(other, Vector) else [other] * len(self._numbers)
        return Vector(map(rule, self._numbers, partners))

    def __add__(self, other: Any) -> Vector:
        return self._with(add, other)

    def __sub__(self, other: Any) -> Vector:
        return self._with(sub, other)

    def __mul__(self, other: Any) -> Vector:
        return self._with(mul, other)

    def __truediv__(self, other: Any) -> Vector:
        return self._with(floats.divide, other)


def _has_numpy() -> bool:
    return find_spec("numpy") is not None


def vector(numbers: Iterable[float]) -> Array | Any:
    """Returns the numbers as an array, or as a Vector without NumPy."""
    return np.array(list(numbers)) if _has_numpy() else Vector(numbers)


def square_root(numbers: Array | Any) -> Array | Any:
    """Returns √ of each number; none may be below 0."""
    return Vector(map(floats.sqrt, numbers.tolist())) if isinstance(numbers, Vector) else np.sqrt(numbers)


def quiet() -> AbstractContextManager[Any]:
    """Returns a context in which overflow gives inf, then nan, without NumPy's warning; it needs no NumPy itself."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore") if _has_numpy() else nullcontext()

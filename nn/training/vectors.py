"""Numbers that are worked out side by side: arrays, or where there is no NumPy, lists that do the same."""

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
    """Floats in a row. Arithmetic is that of each with its partner, or with the one number beside them."""

    def __init__(self, numbers: Iterable[float]) -> None:
        self._numbers = list(numbers)

    def tolist(self) -> list[float]:
        """The numbers in a new list."""
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
    """The numbers as an array, or as a Vector."""
    return np.array(list(numbers)) if _has_numpy() else Vector(numbers)


def square_root(numbers: Array | Any) -> Array | Any:
    """√ of each, none of which is below 0."""
    return Vector(map(floats.sqrt, numbers.tolist())) if isinstance(numbers, Vector) else np.sqrt(numbers)


def quiet() -> AbstractContextManager[Any]:
    """Overflow without a warning, as floats have it: inf, then nan."""
    return np.errstate(over="ignore", invalid="ignore", divide="ignore") if _has_numpy() else nullcontext()

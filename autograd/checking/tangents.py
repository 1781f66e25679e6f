"""Functions of a list of numbers, and their derivatives along a direction or by each number, as such functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..derivatives.transforms import jacobian, jvp
from ..grad_mode import no_grad
from ..value import Value
from .finite_differences import Vector
from .points import Flat, number

__all__ = ["along", "derived", "remembered", "values"]


def values(flat: Flat, x: list[float]) -> list[float]:
    """What the function gives, in numbers."""
    with no_grad():
        return [number(y) for y in flat([Value(moved) for moved in x])]


def remembered(f: Vector) -> Vector:
    """The same function, which is worked out once at each point."""
    known: dict[tuple[float, ...], list[float]] = {}

    def known_or_new(x: list[float]) -> list[float]:
        at = tuple(x)
        if at not in known:
            known[at] = f(x)
        return known[at]

    return known_or_new


def derived(flat: Flat, mode: str) -> Flat:
    """The Jacobian of a function of a list, row after row, as such a function."""
    rows = jacobian(flat, mode=mode)
    return lambda x: [entry for row in rows(x) for entry in row]


def along(flat: Flat, direction: Sequence[float], mode: str) -> Flat:
    """The derivative of a function of a list along a direction, as such a function."""
    if mode == "forward":
        return lambda x: list(jvp(flat, x, list(direction))[1])
    rows = jacobian(flat)
    return lambda x: [_weighted(row, direction) for row in rows(x)]


def _weighted(row: list[Any], weights: Sequence[float]) -> Any:
    return sum((entry * weight for entry, weight in zip(row, weights, strict=True) if weight), 0.0)

"""Computes the derivatives of one order at a point, by the library and by finite differences.

For order n, the library takes n − 1 derivatives along directions and one by each input. The result is a list of
numbers. Finite differences of the derivatives of order n − 1, along the last direction, give the same list.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import isfinite, prod
from typing import Any

from ..derivatives.transforms import jacobian, jvp
from ..grad_mode import no_grad
from ..value import Value, number_of
from ..writing import superscript
from .directions import FAR, Direction, along_input, scale
from .finite_differences import ONE, Estimate, Line, Size, estimates
from .points import Flat, Point

__all__ = ["Derivatives", "along", "by_each_input"]


class Derivatives:
    """The derivatives of one order (`degree`) at a point, along directions."""

    def __init__(self, point: Point, degree: int, modes: tuple[str, ...]) -> None:
        self.point, self.degree, self.modes = point, degree, modes
        self.depth = max(degree - 1, 1)  # the number of directions
        self.singly = [along_input(point.at, i) for i in range(len(point.at))]

    def names(self, directions: tuple[Direction, ...]) -> list[str]:
        """Returns a list with the name of each number, such as ∂²f/∂x∂y."""
        by = [self.point.inputs[one.input] for one in directions if one.input is not None]
        if self.degree == 1:
            return [_quotient(output, *by) for output in self.point.outputs]
        return [_quotient(output, *by[:-1], x, by[-1]) for output in self.point.outputs for x in self.point.inputs]

    def analytic(self, modes: tuple[str, ...], directions: tuple[Direction, ...]) -> list[float]:
        """Returns the library's numbers: the derivative along the directions and, from order 2 on, by each input.

        The order of differentiation does not change the result. The derivative by each input is taken where it costs
        least: at the last level in reverse mode, if there is one.
        """
        flat: Flat = self.point.flat
        if self.degree == 1:
            return _numbers(along(flat, directions[0].along, modes[0])(self.point.at))
        each = max((level for level, mode in enumerate(modes) if mode == "reverse"), default=self.degree - 1)
        remaining = iter(directions)
        for level, mode in enumerate(modes):
            flat = by_each_input(flat, mode) if level == each else along(flat, next(remaining).along, mode)
        return _numbers(flat(self.point.at))

    def line(self, directions: tuple[Direction, ...]) -> Line:
        """Returns the derivatives of one order less, as a function along the last direction. It caches each point."""
        *inner, last = directions
        flat: Flat = self.point.flat
        for direction in inner:
            flat = along(flat, direction.along, self.modes[0])
        if self.degree > 1:
            flat = by_each_input(flat, self.modes[0])

        def in_numbers(x: tuple[float, ...]) -> list[float]:
            if self.degree > 1:
                return _numbers(flat(x))
            with no_grad():
                return _numbers(flat([Value(moved) for moved in x]))

        return Line(cache(in_numbers), self.point.at, last)

    def numeric(self, directions: tuple[Direction, ...], finest: int = 4) -> list[Estimate]:
        """Returns an Estimate of each number, by finite differences along the last direction."""
        point, last = self.point, directions[-1]
        h = last.size / 4 or ONE
        moved = tuple(x + h * share for x, share in zip(point.at, last.along, strict=True))
        growth = [size / h / 2 if isfinite(size) else 0.0 for size in point.magnitudes(moved)]  # per unit of the run
        floor = self._size(directions, [abs(y) for y in point.values], [0.0] * len(growth))
        rounded = self._size(directions, point.magnitudes(point.at), growth)
        return estimates(self.line(directions), floor, rounded, finest)

    def _size(self, directions: tuple[Direction, ...], sizes: list[float], growth: list[float]) -> Size:
        """Returns a function (j, run) → size of the j-th derivative of order n − 1: a result's size / runⁿ⁻¹."""
        *inner, last = directions
        by = self.singly if self.degree > 1 else [last]
        shares = [prod(_longer(one, last) for one in (*inner, each)) for each in by]

        def size(j: int, run: float) -> float:
            result, share = divmod(j, len(shares))
            over = (sizes[result] + growth[result] * run) / shares[share]
            for _ in range(self.degree - 1):
                over /= run
            return over

        return size


def along(flat: Flat, direction: Sequence[float], mode: str) -> Flat:
    """Returns a function from a list of inputs to the list of derivatives of `flat` along a direction."""
    if mode == "forward":
        return lambda x: list(jvp(flat, list(x), list(direction))[1])
    rows = jacobian(flat)
    return lambda x: [_weighted(row, direction) for row in rows(list(x))]


def by_each_input(flat: Flat, mode: str) -> Flat:
    """Returns a function from a list of inputs to the entries of the Jacobian of `flat`, row after row."""
    rows = jacobian(flat, mode=mode)
    return lambda x: [entry for row in rows(list(x)) for entry in row]


def _weighted(row: list[Any], weights: Sequence[float]) -> Any:
    return sum((entry * weight for entry, weight in zip(row, weights, strict=True) if weight), 0.0)


def _numbers(results: Sequence[Any]) -> list[float]:
    return [number_of(y) for y in results]


def _longer(other: Direction, moved: Direction) -> float:
    """Returns the ratio |other| / |moved| of the sizes of two directions, if it is above `FAR`; else 1."""
    larger = other.size / scale(moved)
    return larger if larger > FAR else 1.0


def _quotient(output: str, *by: str) -> str:
    degree = superscript(len(by)) if len(by) > 1 else ""
    return f"∂{degree}{output}/" + "".join(f"∂{name}" for name in by)

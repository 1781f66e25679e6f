"""Finds normalisations in a forward pass: xhat = (x − mean) / √(variance + ε), along some axes of x."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Contraction, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Way
from ..edits import uses
from ..relatives import below

__all__ = ["Normalised", "norm_axes", "normalised"]

CLOSE = 1e-9  # tolerance for numbers that are computed in two ways
LONGEST = 24  # the largest number of assignments between x and xhat


@dataclass(frozen=True, eq=False)
class Normalised:
    """A normalisation of x along some axes. `made` is the result: xhat, or gamma · xhat."""

    x: Assignment
    made: Assignment
    axes: tuple[int, ...]
    s: Array  # 1/√(variance + ε), with the axes kept
    inside: tuple[Way, ...]  # the ways from the arithmetic between x and `made` back to x
    between: frozenset[int]  # the numbers of the assignments of that arithmetic
    gamma: Assignment | None = None  # a factor in the same arithmetic

    @property
    def factor(self) -> Array:
        """The factor of xhat in `made`: gamma or 1."""
        return np.asarray(1.0) if self.gamma is None else self.gamma.value

    @property
    def xhat(self) -> Array:
        """The normalised numbers."""
        return np.asarray(self.made.value / self.factor)

    @property
    def n(self) -> int:
        """The number of elements in each mean."""
        return prod(self.made.shape[axis] for axis in self.axes)

    @property
    def plain(self) -> Array:
        """x itself; nan if its means are 0, as it is x − mean then."""
        is_centred = np.all(np.abs(self.mean(self.x.value)) <= CLOSE * np.abs(self.x.value).max())
        return np.full_like(self.x.value, np.nan) if is_centred else self.x.value

    @property
    def without_epsilon(self) -> Array:
        """√(variance + ε) / √variance, with the axes kept."""
        return np.asarray(1 / (self.s * self.x.value.std(axis=self.axes, keepdims=True)))

    def mean(self, values: Array) -> Array:
        """Returns the mean along the axes, which are kept."""
        return np.asarray(values.mean(axis=self.axes, keepdims=True))

    def dx(self, g: Array, first: Array, second: Array) -> Array:
        """Returns s (g − first − second): the right dx if first is mean g and second is xhat · mean(g xhat)."""
        return self.s * (g - first - second)


def normalised(recorded: Recorded) -> Iterator[Normalised]:
    """Yields every normalisation; one with a factor gamma only if no array is xhat itself."""
    nodes = [node for node in recorded.backward.order if isinstance(node, Map) and node.op.name in ("div", "mul")]
    blocks = [block for node in nodes if node.shape for block in _blocks(recorded, node)]
    plain = {block.made.number for block in blocks if block.gamma is None}
    yield from (block for block in blocks if block.gamma is None or not plain & block.between)


def _blocks(recorded: Recorded, made: Assignment) -> Iterator[Normalised]:
    """Yields the normalisations that end in `made`: of one array x of the same shape, and at most one factor."""
    inside, frontier = {made.number}, _varying(made)
    while frontier and len(inside) < LONGEST:
        for at in sorted(frontier, reverse=True)[:2]:
            x = recorded.program.assignments[at]
            factors = _factors(recorded, x, inside, frontier) if x.shape == made.shape else None
            if factors is not None and len(factors) < 2 and all(_may_multiply(factor, made) for factor in factors):
                yield from _along_its_axes(recorded, x, made, frozenset(inside), factors)
        at = max(frontier)
        frontier.discard(at)
        inside.add(at)
        frontier |= _varying(recorded.program.assignments[at])


def _along_its_axes(
    recorded: Recorded, x: Assignment, made: Assignment, between: frozenset[int], factors: list[Assignment]
) -> Iterator[Normalised]:
    if not any(isinstance(recorded.program.assignments[number], Contraction) for number in between):
        return  # there is no mean or sum in between
    ways = tuple(way for way in uses(recorded).get(x.number, ()) if way.number in between)
    for axes in norm_axes(x.shape):
        block = Normalised(x, made, axes, np.asarray(1.0), ways, between, next(iter(factors), None))
        s = _scale(x.value, block.xhat, axes)
        if s is not None and _is_its_own(x.value, s, axes):
            yield replace(block, s=s)


def _factors(recorded: Recorded, x: Assignment, inside: set[int], frontier: set[int]) -> list[Assignment] | None:
    """Returns the arrays besides x that the arithmetic after x reads; None if another array of the frontier uses x."""
    assignments = recorded.program.assignments
    if any(x.number in below(recorded)[number] for number in frontier - {x.number}):
        return None
    made_of_x = {x.number}
    for number in sorted(inside):
        if made_of_x & _varying(assignments[number]):
            made_of_x.add(number)
    others = {other for number in inside & made_of_x for other in _varying(assignments[number])} - made_of_x
    return [assignments[number] for number in others]


def _may_multiply(gamma: Assignment, made: Assignment) -> bool:
    sizes = zip(gamma.shape[::-1], made.shape[::-1], strict=False)
    return bool(np.all(gamma.value)) and all(size in (1, n) for size, n in sizes)


def _varying(array: Assignment) -> set[int]:
    return {operand.number for operand in array.operands if not isinstance(operand, Constant)}


def norm_axes(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yields the axes along which people normalise an array of this shape."""
    n = len(shape)
    yield from ((axis,) for axis in range(n))
    if n > 1:
        yield tuple(range(n))
    if n > 3:  # without the first axes, or over all but the channels
        yield from ((0, *range(2, n)), *(tuple(range(k, n)) for k in range(1, n - 1)))
    if n == 3:
        yield from ((0, 1), (0, 2), (1, 2))


def _scale(x: Array, xhat: Array, axes: tuple[int, ...]) -> Array | None:
    """Returns the factor from x − mean to xhat, if it is one number for each mean; else None."""
    centred = x - x.mean(axis=axes, keepdims=True)
    size = np.sum(centred**2, axis=axes, keepdims=True)
    if not np.all(size > 0.0):
        return None
    s: Array = np.sum(centred * xhat, axis=axes, keepdims=True) / size
    return s if np.allclose(centred * s, xhat, rtol=CLOSE, atol=CLOSE) and np.all(s > 0.0) else None


def _is_its_own(x: Array, s: Array, axes: tuple[int, ...]) -> bool:
    """Returns whether the scale s is 1/√(variance + ε): 1/s² − variance is the same small ε everywhere."""
    variance = x.var(axis=axes, keepdims=True)
    epsilon = 1 / (s * s) - variance
    return bool(np.all(np.abs(epsilon) <= 0.01 * variance + 1e-2) and np.ptp(epsilon) <= 1e-6 + 1e-9 * np.max(variance))

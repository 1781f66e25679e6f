"""Computes derivatives by central differences along a line, with steps of many sizes and an error estimate for each."""

from collections.abc import Callable, Sequence
from itertools import repeat
from math import inf, isfinite, isnan, nan
from sys import float_info
from typing import NamedTuple

from .directions import FAR, Direction, along_input

__all__ = ["ENOUGH", "ONE", "Estimate", "Line", "Size", "Vector", "corner", "estimates", "jump"]

LEVELS = 6  # halvings of the step in one Richardson extrapolation
ENOUGH = 1e-9  # relative: an error at which the search ends
PLENTY = 1e-10  # relative: an error at which no smaller step is tried when many inputs are moved
PLAIN = 1e-4  # relative: an error so small that the value cannot be rounding noise
NOISE = 8 * float_info.epsilon  # relative: the rounding error of a function's value
TINY = 8 * float_info.min * float_info.epsilon  # absolute: the rounding error of a subnormal value
LOUDEST = float_info.max / 1e6  # the noise of a useless estimate; finite, so that it can be added and compared
SMALL = 1e-2  # relative: along a direction, a derivative smaller than this needs no relative accuracy of its own
ONE = 0.125  # the longest step on the scale of 1
FINER = 64.0  # the ratio of one scale to the next

Vector = Callable[[tuple[float, ...]], list[float]]
Size = Callable[[int, float], float]  # (j, run) -> the size of the j-th result, if differences over this run make it


class Line(NamedTuple):
    """A function of many numbers along a line through a point."""

    f: Vector
    x: Sequence[float]
    direction: Direction

    @property
    def here(self) -> list[float]:
        """f at x."""
        return self.f(tuple(self.x))

    def at(self, h: float) -> list[float]:
        """Returns f at x + h · direction; [] if f has no value there."""
        moved = tuple(
            number + h * share if share else number for number, share in zip(self.x, self.direction.along, strict=True)
        )
        try:
            return self.f(moved) if all(map(isfinite, moved)) else []
        except (ValueError, ArithmeticError):
            return []

    def run(self, h: float) -> float:
        """Returns the distance from x − h · direction to x + h · direction, with its rounding if one input is moved."""
        i = self.direction.input
        return 2 * h if i is None else (self.x[i] + h) - (self.x[i] - h)


class Estimate(NamedTuple):
    """A derivative by finite differences."""

    value: float
    spread: float  # the difference between estimates with several steps
    noise: float  # the error that rounding may cause
    size: float = 0.0  # |f| over the longest step: the measure for derivatives of f that are small

    @property
    def error(self) -> float:
        """An estimate of the error of the value."""
        return self.spread + self.noise

    @property
    def settled(self) -> bool:
        """Whether the estimates converged as the step became smaller."""
        return self.spread <= max(1e-3 * abs(self.value), 1e-6 * self.size, self.noise)


def estimates(line: Line, floor: Size, rounded: Size | None = None, finest: int = 4) -> list[Estimate]:
    """Returns a list with an Estimate of the derivative of each fⱼ along the line, at its point x.

    `floor(j, run)` is a size of fⱼ(x) to compare with, and `rounded(j, run)` is the size of the numbers that fⱼ is
    computed from: rounding takes some of their digits. Both depend on the run if fⱼ is a derivative itself.

    Central differences with halved steps are extrapolated (C. Ridders, Advances in Engineering Software 4, 1982;
    Numerical Recipes, 5.7). This is done on several scales, around the size of the inputs and around 1, from 64 to the
    power of −`finest` upwards. Keep the estimate with the smallest error that a neighbouring scale confirms and no
    smaller scale contradicts: on too small a scale rounding shows, and too large a scale steps over waves or corners.
    A ValueError or ArithmeticError of f, as outside a domain, means that a step was too long. Along several inputs at
    once, two large scales suffice if both give nearly all digits.
    """
    own = line.direction.size / 4 or ONE
    careful = sorted({*(own / FINER**k for k in range(finest + 1)), *(ONE / FINER**k for k in range(finest - 1))})
    sizes, shaken = _sizes(line, careful, floor), _shaken(line)
    attempts = [(careful, 0.0)] if line.direction.input is not None else [([own / 8, own], SMALL), (careful, 0.0)]
    for starts, small in attempts:
        found: list[list[Estimate]] = [[] for _ in sizes]
        least = [small * size for size in sizes]
        for h in starts:
            new = _extrapolated(line, h, rounded or floor, shaken, least if small else [])
            for tried, estimate in zip(found, new, strict=False):
                tried.append(estimate)
            pairs = zip(found, least, strict=True)
            is_enough = all(len(tried) > 1 and _is_good(tried[-1], y) and _confirms(*tried[-2:]) for tried, y in pairs)
            if is_enough:
                break
        if is_enough:
            break
    return [_best(tried)._replace(size=size) for tried, size in zip(found, sizes, strict=True)]


def _is_good(e: Estimate, least: float, enough: float = ENOUGH) -> bool:
    """Returns whether the error is small relative to the value, or to `least`, the smallest value that matters."""
    return e.error <= enough * max(abs(e.value), least)


def _best(tried: list[Estimate]) -> Estimate:
    """Returns the estimate with the smallest error: of the settled and confirmed ones, else the confirmed, else all."""
    confirmed: list[Estimate] = []
    for k, e in enumerate(tried):
        neighbours = (*tried[max(k - 1, 0) : k], *tried[k + 1 : k + 2])
        if any(_confirms(other, e) for other in neighbours) and not any(_contradicts(finer, e) for finer in confirmed):
            confirmed.append(e)
    settled = [e for e in confirmed if e.settled]
    return min(settled or confirmed or tried, key=lambda e: e.error, default=Estimate(nan, inf, 0.0))


def _confirms(other: Estimate, e: Estimate) -> bool:
    """Returns whether the estimate of a neighbouring scale is accurate enough to compare, and agrees with e."""
    clear = other.error <= max(1e-2 * abs(other.value), 1e4 * e.error)
    return clear and abs(e.value - other.value) <= 4 * (e.error + other.error)


def _contradicts(finer: Estimate, e: Estimate) -> bool:
    """Returns whether the estimate of a smaller scale is accurate enough to compare, and differs from e."""
    clear = finer.error <= PLAIN * max(abs(finer.value), abs(e.value))
    return clear and abs(e.value - finer.value) > 4 * (e.error + finer.error)


def _sizes(line: Line, starts: list[float], floor: Size) -> list[float]:
    """Returns the size of fⱼ, divided by the run, over the longest run on which f has values."""
    for h in reversed(starts):
        above, below = line.at(h), line.at(-h)
        if above and below and h > 0.0:
            pairs = enumerate(zip(above, below, strict=True))
            return [max(abs(a), abs(b), floor(j, 2 * h)) / h / 2 for j, (a, b) in pairs]
    return [0.0] * len(line.here)


def _shaken(line: Line) -> list[float]:
    """Returns the change of each fⱼ if inputs far larger than the moved ones change by their rounding error; or inf."""
    here = line.here
    change = [0.0] * len(here)
    for k, other in enumerate(line.x):
        if abs(other) > FAR * line.direction.size:
            alone = line._replace(direction=along_input(line.x, k))
            moved = alone.at(NOISE * other) or alone.at(-NOISE * other) or [inf] * len(here)
            change = [before + abs(there - y) for before, there, y in zip(change, moved, here, strict=True)]
    return change


def _extrapolated(line: Line, start: float, rounded: Size, shaken: list[float], least: list[float]) -> list[Estimate]:
    """Returns the best entry of Ridders' tableau for each output, with steps from `start` down; [] if f has no value.

    If `least` is given, the smallest values that matter, it ends once every error is small enough beside them.
    """
    tableaus: list[list[float]] = []  # the last row of each tableau
    best: list[Estimate] = []
    here = line.here
    near = max((abs(other) for other in line.x if abs(other) <= FAR * line.direction.size), default=0.0)
    for level in range(LEVELS):
        h = start / 2**level
        run, above, below = line.run(h), line.at(h), line.at(-h)
        if not above or not below or not 0.0 < run < inf:
            tableaus, best = [], []  # start again with the next step
            continue
        tableaus = tableaus or [[] for _ in above]
        best = best or [Estimate(nan, inf, inf)] * len(above)
        for j, (a, b, y) in enumerate(zip(above, below, here, strict=True)):
            curvature = abs((a - y) + (b - y)) / h / h  # rounding moves x itself, so the slope changes by f″ times that
            noise = (NOISE * max(abs(a), abs(b), rounded(j, run)) + TINY + shaken[j]) / run + NOISE * curvature * near
            noise = min(noise, LOUDEST)
            row, before = [(a - b) / run], tableaus[j]
            for k, rougher in enumerate(before):
                row.append(row[k] + (row[k] - rougher) / (4.0 ** (k + 1) - 1))
                spread = max(abs(row[-1] - row[-2]), abs(row[-1] - rougher))
                if spread + noise < best[j].error:
                    best[j] = Estimate(row[-1], spread, noise)
            tableaus[j] = row
        if least and all(map(_is_good, best, least, repeat(PLENTY))):
            break
    return best


# ---- corners and jumps

SCALES = range(3, 12)  # exponents k of steps 16⁻ᵏ of an input: from 2⁻¹² to 2⁻⁴⁴
SLIGHT = 1e-6  # relative: slopes that differ by less count as equal
STEADY = 0.05  # relative: the change from scale to scale below which the difference of two slopes counts as constant


def corner(line: Line, j: int, rounded: float = 0.0) -> tuple[float, float] | None:
    """Returns the slopes of fⱼ on the left and on the right of x if x is a corner or an end of the domain, else None.

    At an end, f has no value on one side, and the slope there is nan. At a corner, the difference of the two slopes
    stays constant down to the smallest step that rounding allows. On a curve, even a sharp one, it shrinks with the
    step; at a jump it grows. `rounded` is the size of the numbers that fⱼ is computed from.
    """
    left, right = _one_sided(line, j, 1e-7 * max(line.direction.size, 1e-3))
    if isnan(left) != isnan(right):
        return left, right
    size = max(abs(line.here[j]), rounded)
    seen = []
    for k in SCALES:
        h = (line.direction.size or 1.0) / 16.0**k
        left, right = _one_sided(line, j, h)
        if NOISE * (size + h * max(abs(left), abs(right))) / h <= STEADY * abs(right - left):
            seen.append((left, right))
    gaps = [right - left for left, right in seen[-3:]]
    steady = len(gaps) == 3 and all(abs(gap - gaps[0]) < STEADY * abs(gaps[0]) for gap in gaps)
    return seen[-2] if steady and abs(gaps[-1]) > SLIGHT * max(map(abs, seen[-1])) else None


def jump(line: Line, j: int) -> tuple[float, float] | None:
    """Returns the values of fⱼ on the left and on the right of x if f jumps at x, else None."""
    sides = []
    for k in (8, 10):
        h = (line.direction.size or 1.0) / 16.0**k
        below, above = line.at(-h), line.at(h)
        if not below or not above:
            return None
        sides.append((below[j], above[j]))
    far, near = (right - left for left, right in sides)
    is_seen = abs(near) > 1e3 * NOISE * max(map(abs, sides[-1]))
    return sides[-1] if is_seen and abs(far - near) < STEADY * abs(near) else None


def _one_sided(line: Line, j: int, h: float) -> tuple[float, float]:
    here, left, right = line.here, line.at(-h), line.at(h)
    return (here[j] - left[j]) / h if left else nan, (right[j] - here[j]) / h if right else nan

"""Derivatives without derivatives: rise over run along a line, with steps that are chosen by what the function does."""

from collections.abc import Callable, Sequence
from itertools import repeat
from math import inf, isfinite, isnan, nan
from sys import float_info
from typing import NamedTuple

from .directions import FAR, Direction, along_input

__all__ = ["ENOUGH", "ONE", "Estimate", "Line", "Size", "Vector", "corner", "estimates", "jump"]

LEVELS = 6  # of halving, between which Richardson's extrapolation runs
ENOUGH = 1e-9  # relative: an error that need not get smaller
PLENTY = 1e-10  # relative: an error at which no smaller step is tried, where many inputs are moved
PLAIN = 1e-4  # relative: an error so small that rounding cannot have made up the value
NOISE = 8 * float_info.epsilon  # relative: what rounding leaves of a function's value
TINY = 8 * float_info.min * float_info.epsilon  # what it leaves of one too small to be rounded by its size
LOUDEST = float_info.max / 1e6  # when nothing can be told: a number all the same, to be compared and added
SMALL = 1e-2  # relative: a derivative that need not be known by its own size, among those of a direction
ONE = 0.125  # the longest step around the scale of 1
FINER = 64.0  # times: from one scale to the next

Vector = Callable[[tuple[float, ...]], list[float]]
Size = Callable[[int, float], float]  # of the j-th result, seen over a run


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
        """f at x + h · direction; empty where it has no value."""
        moved = tuple(
            number + h * share if share else number for number, share in zip(self.x, self.direction.along, strict=True)
        )
        try:
            return self.f(moved) if all(map(isfinite, moved)) else []
        except (ValueError, ArithmeticError):
            return []

    def run(self, h: float) -> float:
        """How far it is from x − h · direction to x + h · direction; as rounded, where one input is moved."""
        i = self.direction.input
        return 2 * h if i is None else (self.x[i] + h) - (self.x[i] - h)


class Estimate(NamedTuple):
    """A derivative by finite differences."""

    value: float
    spread: float  # how far the differences over several steps are apart
    noise: float  # what rounding may do to them
    size: float = 0.0  # |f| over the longest step: what derivatives of f are compared with when they are small

    @property
    def error(self) -> float:
        """How wrong the value may be."""
        return self.spread + self.noise

    @property
    def settled(self) -> bool:
        """Whether the differences came close to each other as the step became smaller."""
        return self.spread <= max(1e-3 * abs(self.value), 1e-6 * self.size, self.noise)


def estimates(line: Line, floor: Size, rounded: Size | None = None, finest: int = 4) -> list[Estimate]:
    """The derivative of each fⱼ along the line, at its point x.

    `floor(j, run)` is the size that fⱼ(x) may be compared with, seen over that run. `rounded(j, run)` is the size of
    the numbers that fⱼ is made from: it loses some of their digits.

    Central differences over steps that are halved, extrapolated (C. Ridders, Advances in Engineering Software 4, 1982;
    Numerical Recipes, 5.7). This is begun on ever larger scales, around that of the inputs and around that of 1; the
    smallest is 64 to the power of -`finest`. Keep the estimate with the smallest error that a neighbouring scale
    confirms and no smaller scale contradicts: too small a scale sees the steps of rounding, too large a one steps over
    whole waves, or beyond a corner. Where f raises ValueError or ArithmeticError, as outside a domain, a step was too
    long. Along several inputs at once, two large scales suffice if both give nearly all digits.
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
    """Whether its error is small enough beside its value, or beside the `least` value that need be told from 0."""
    return e.error <= enough * max(abs(e.value), least)


def _best(tried: list[Estimate]) -> Estimate:
    """The one with the smallest error, of those that a neighbour confirms, and that settled, if there are any."""
    confirmed: list[Estimate] = []
    for k, e in enumerate(tried):
        neighbours = (*tried[max(k - 1, 0) : k], *tried[k + 1 : k + 2])
        if any(_confirms(other, e) for other in neighbours) and not any(_contradicts(finer, e) for finer in confirmed):
            confirmed.append(e)
    settled = [e for e in confirmed if e.settled]
    return min(settled or confirmed or tried, key=lambda e: e.error, default=Estimate(nan, inf, 0.0))


def _confirms(other: Estimate, e: Estimate) -> bool:
    """Whether another scale, on which something could be seen, saw the same."""
    clear = other.error <= max(1e-2 * abs(other.value), 1e4 * e.error)
    return clear and abs(e.value - other.value) <= 4 * (e.error + other.error)


def _contradicts(finer: Estimate, e: Estimate) -> bool:
    """Whether a smaller scale, on which all could be seen, saw something else."""
    clear = finer.error <= PLAIN * max(abs(finer.value), abs(e.value))
    return clear and abs(e.value - finer.value) > 4 * (e.error + finer.error)


def _sizes(line: Line, starts: list[float], floor: Size) -> list[float]:
    """The size of fⱼ over the longest run on which f has values."""
    for h in reversed(starts):
        above, below = line.at(h), line.at(-h)
        if above and below and h > 0.0:
            pairs = enumerate(zip(above, below, strict=True))
            return [max(abs(a), abs(b), floor(j, 2 * h)) / h / 2 for j, (a, b) in pairs]
    return [0.0] * len(line.here)


def _shaken(line: Line) -> list[float]:
    """By how much each fⱼ changes where the inputs that are far larger than those moved are rounded, or inf."""
    here = line.here
    change = [0.0] * len(here)
    for k, other in enumerate(line.x):
        if abs(other) > FAR * line.direction.size:
            alone = line._replace(direction=along_input(line.x, k))
            moved = alone.at(NOISE * other) or alone.at(-NOISE * other) or [inf] * len(here)
            change = [before + abs(there - y) for before, there, y in zip(change, moved, here, strict=True)]
    return change


def _extrapolated(line: Line, start: float, rounded: Size, shaken: list[float], least: list[float]) -> list[Estimate]:
    """The best of Ridders' tableau from this step on, for each output; nothing where f has no value.

    If the `least` values are given that are to be told from 0, it ends once all is known well enough for that.
    """
    tableaus: list[list[float]] = []  # the last row of each
    best: list[Estimate] = []
    here = line.here
    near = max((abs(other) for other in line.x if abs(other) <= FAR * line.direction.size), default=0.0)
    for level in range(LEVELS):
        h = start / 2**level
        run, above, below = line.run(h), line.at(h), line.at(-h)
        if not above or not below or not 0.0 < run < inf:
            tableaus, best = [], []  # begin again with the next step
            continue
        tableaus = tableaus or [[] for _ in above]
        best = best or [Estimate(nan, inf, inf)] * len(above)
        for j, (a, b, y) in enumerate(zip(above, below, here, strict=True)):
            curvature = abs((a - y) + (b - y)) / h / h  # for what rounding does to x is as if x had been another
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

SCALES = range(3, 12)  # of powers of 16, from 2⁻¹² of an input to 2⁻⁴⁴
SLIGHT = 1e-6  # relative: two slopes that differ by less are one
STEADY = 0.05  # relative: how little the difference of the two slopes changes from one scale to the next


def corner(line: Line, j: int, rounded: float = 0.0) -> tuple[float, float] | None:
    """The slopes of fⱼ on the left and on the right of x, if this is a corner or an end, else None.

    At an end there is no value on one side; the slope there is nan. At a corner the difference of the two slopes stays
    what it is down to the smallest steps at which rounding leaves something of it. In a curve, however sharp, it
    shrinks with the step, and at a jump it grows. `rounded` is how large the numbers are from which fⱼ is made.
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
    """The values of fⱼ on the left and on the right of x, if it jumps there, else None."""
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

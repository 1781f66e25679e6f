"""Derivatives without derivatives: rise over run, with steps that are chosen by what the function does."""

from collections.abc import Callable
from math import inf, isnan, nan
from sys import float_info
from typing import NamedTuple

from .errors import DomainError

__all__ = ["Estimate", "corner", "estimates"]

LEVELS = 6  # of halving, between which Richardson's extrapolation runs
ENOUGH = 1e-9  # relative: an error that need not get smaller
NOISE = 8 * float_info.epsilon  # relative: what rounding leaves of a function's value

Vector = Callable[[list[float]], list[float]]


class Estimate(NamedTuple):
    """A derivative by finite differences."""

    value: float
    spread: float  # how far the differences over several steps are apart
    noise: float  # what rounding may do to them
    size: float  # |f| over the longest step: what derivatives of f are compared with when they are small

    @property
    def error(self) -> float:
        """How wrong the value may be."""
        return self.spread + self.noise

    @property
    def settled(self) -> bool:
        """Whether the differences came close to each other as the step became smaller."""
        return self.spread <= max(1e-3 * abs(self.value), 1e-6 * self.size, self.noise)


def estimates(f: Vector, x: list[float], i: int, floor: Callable[[int, float], float]) -> list[Estimate]:
    """∂fⱼ/∂xᵢ at x, for each j. `floor(j, run)` is the size of what fⱼ(x) is made from, seen over that run.

    Central differences over steps that are halved, extrapolated (C. Ridders, Advances in Engineering Software 4, 1982;
    Numerical Recipes, 5.7). This is begun on ever larger scales, around that of xᵢ and around that of 1. Kept is what
    has the smallest error among those that the scale before or behind confirms: too small a scale sees the steps of
    rounding, too large a one steps over whole waves, or beyond a corner. Where f raises DomainError, a step was too
    long.
    """
    own = abs(x[i]) / 4 or 0.1
    starts = sorted({scale * 64.0**-k for scale, most in ((own, 5), (0.1, 3)) for k in range(most)})
    sizes = _sizes(f, x, i, starts, floor)
    found: list[list[Estimate]] = [[] for _ in sizes]
    for h in starts:
        for tried, new in zip(found, _extrapolated(f, x, i, h, floor), strict=False):
            tried.append(new)
        if all(len(tried) > 1 and _is_good(tried) for tried in found):
            break
    return [_best(tried)._replace(size=size) for tried, size in zip(found, sizes, strict=True)]


def _is_good(tried: list[Estimate]) -> bool:
    """Whether the last scale leaves nothing to be desired."""
    return tried[-1].error <= ENOUGH * abs(tried[-1].value) and _confirms(tried[-2], tried[-1])


def _best(tried: list[Estimate]) -> Estimate:
    """The one with the smallest error, of those that a neighbour confirms, and that settled, if there are any."""
    confirmed = [
        e
        for k, e in enumerate(tried)
        if any(_confirms(other, e) for other in (*tried[max(k - 1, 0) : k], *tried[k + 1 : k + 2]))
    ]
    settled = [e for e in confirmed if e.settled]
    return min(settled or confirmed or tried, key=lambda e: e.error, default=Estimate(nan, inf, 0.0, 0.0))


def _confirms(other: Estimate, e: Estimate) -> bool:
    """Whether another scale, on which something could be seen, saw the same."""
    clear = other.error <= max(1e-2 * abs(other.value), 1e4 * e.error)
    return clear and abs(e.value - other.value) <= 4 * (e.error + other.error)


def _sizes(f: Vector, x: list[float], i: int, starts: list[float], floor: Callable[[int, float], float]) -> list[float]:
    """The size of fⱼ over the longest run on which f has values."""
    for h in reversed(starts):
        above, below = _moved(f, x, i, h), _moved(f, x, i, -h)
        if above and below and h > 0.0:
            pairs = enumerate(zip(above, below, strict=True))
            return [max(abs(a), abs(b), floor(j, 2 * h)) / h / 2 for j, (a, b) in pairs]
    return [0.0] * len(f(x))


def corner(f: Vector, x: list[float], i: int, j: int) -> tuple[float, float] | None:
    """The slopes of fⱼ along xᵢ on the left and on the right of x, if this is a corner or an end, else None.

    At an end there is no value on one side, whose slope is nan. At a corner two different slopes stay what they are
    over a shorter step; at a jump, or where a step goes over whole waves, they do not.
    """
    h = 1e-7 * max(abs(x[i]), 1e-3)
    left, right = _one_sided(f, x, i, j, h)
    if isnan(left) != isnan(right):
        return left, right
    nearer_left, nearer_right = _one_sided(f, x, i, j, h / 4)
    apart = abs(left - right)
    stays = abs(left - nearer_left) < 0.1 * apart and abs(right - nearer_right) < 0.1 * apart
    return (left, right) if stays and apart > 1e-3 * max(abs(left), abs(right)) else None


def _one_sided(f: Vector, x: list[float], i: int, j: int, h: float) -> tuple[float, float]:
    here = _moved(f, x, i, 0.0)
    left, right = _moved(f, x, i, -h), _moved(f, x, i, h)
    return (here[j] - left[j]) / h if left else nan, (right[j] - here[j]) / h if right else nan


def _extrapolated(
    f: Vector, x: list[float], i: int, start: float, floor: Callable[[int, float], float]
) -> list[Estimate]:
    """The best of Ridders' tableau from this step on, for each output; nothing where f has no value."""
    tableaus: list[list[list[float]]] = []
    best: list[Estimate] = []
    here = f(x)
    for level in range(LEVELS):
        h = start / 2**level
        run = (x[i] + h) - (x[i] - h)
        above, below = _moved(f, x, i, h), _moved(f, x, i, -h)
        if not above or not below or not 0.0 < run < inf:
            tableaus, best = [], []  # begin again with the next step
            continue
        if not tableaus:
            tableaus = [[] for _ in above]
            best = [Estimate(nan, inf, inf, 0.0)] * len(above)
        for j, (a, b, y) in enumerate(zip(above, below, here, strict=True)):
            curvature = abs((a - y) + (b - y)) / h / h  # for what rounding does to x is as if x had been another
            noise = NOISE * (max(abs(a), abs(b), floor(j, run)) / run + curvature * max(map(abs, x)))
            row, before = [(a - b) / run], tableaus[j]
            for k, rougher in enumerate(before):
                row.append(row[k] + (row[k] - rougher) / (4.0 ** (k + 1) - 1))
                spread = max(abs(row[-1] - row[-2]), abs(row[-1] - rougher))
                if spread + noise < best[j].error:
                    best[j] = Estimate(row[-1], spread, noise, 0.0)
            tableaus[j] = row
    return best


def _moved(f: Vector, x: list[float], i: int, h: float) -> list[float]:
    """f with xᵢ moved by h; empty where it has no value."""
    try:
        return f([*x[:i], x[i] + h, *x[i + 1 :]])
    except DomainError:
        return []

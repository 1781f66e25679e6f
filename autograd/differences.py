"""Derivatives without derivatives: rise over run, with steps that are chosen by what the function does."""

from collections.abc import Callable
from math import inf, isfinite, isnan, nan
from sys import float_info
from typing import NamedTuple

__all__ = ["FAR", "Estimate", "Size", "corner", "estimates"]

LEVELS = 6  # of halving, between which Richardson's extrapolation runs
ENOUGH = 1e-9  # relative: an error that need not get smaller
PLAIN = 1e-6  # relative: an error so small that rounding cannot have made up the value
NOISE = 8 * float_info.epsilon  # relative: what rounding leaves of a function's value
TINY = 8 * float_info.min * float_info.epsilon  # what it leaves of one too small to be rounded by its size
LOUDEST = float_info.max / 1e6  # when nothing can be told: a number all the same, to be compared and added
FAR = 1e3  # times: an input so much larger is rounded far more coarsely

Vector = Callable[[list[float]], list[float]]
Size = Callable[[int, float], float]


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


def estimates(f: Vector, x: list[float], i: int, floor: Size, rounded: Size | None = None) -> list[Estimate]:
    """∂fⱼ/∂xᵢ at x, for each j. `floor(j, run)` is the size that fⱼ(x) may be compared with, seen over that run, and
    `rounded(j, run)` that of the numbers it is made from, of whose digits it loses some.

    Central differences over steps that are halved, extrapolated (C. Ridders, Advances in Engineering Software 4, 1982;
    Numerical Recipes, 5.7). This is begun on ever larger scales, around that of xᵢ and around that of 1. Kept is what
    has the smallest error among those that the scale before or behind confirms and no smaller scale contradicts: too
    small a scale sees the steps of rounding, too large a one steps over whole waves, or beyond a corner. Where f
    raises ValueError or ArithmeticError, as outside a domain, a step was too long.
    """
    own = abs(x[i]) / 4 or 0.1
    starts = sorted({scale * 64.0**-k for scale, most in ((own, 5), (0.1, 3)) for k in range(most)})
    sizes = _sizes(f, x, i, starts, floor)
    shaken = _shaken(f, x, i)
    found: list[list[Estimate]] = [[] for _ in sizes]
    for h in starts:
        for tried, new in zip(found, _extrapolated(f, x, i, h, rounded or floor, shaken), strict=False):
            tried.append(new)
        if all(len(tried) > 1 and _is_good(tried) for tried in found):
            break
    return [_best(tried)._replace(size=size) for tried, size in zip(found, sizes, strict=True)]


def _is_good(tried: list[Estimate]) -> bool:
    """Whether the last scale leaves nothing to be desired."""
    return tried[-1].error <= ENOUGH * abs(tried[-1].value) and _confirms(tried[-2], tried[-1])


def _best(tried: list[Estimate]) -> Estimate:
    """The one with the smallest error, of those that a neighbour confirms, and that settled, if there are any."""
    confirmed: list[Estimate] = []
    for k, e in enumerate(tried):
        neighbours = (*tried[max(k - 1, 0) : k], *tried[k + 1 : k + 2])
        if any(_confirms(other, e) for other in neighbours) and not any(_contradicts(finer, e) for finer in confirmed):
            confirmed.append(e)
    settled = [e for e in confirmed if e.settled]
    return min(settled or confirmed or tried, key=lambda e: e.error, default=Estimate(nan, inf, 0.0, 0.0))


def _confirms(other: Estimate, e: Estimate) -> bool:
    """Whether another scale, on which something could be seen, saw the same."""
    clear = other.error <= max(1e-2 * abs(other.value), 1e4 * e.error)
    return clear and abs(e.value - other.value) <= 4 * (e.error + other.error)


def _contradicts(finer: Estimate, e: Estimate) -> bool:
    """Whether a smaller scale, on which all could be seen, saw something else."""
    return finer.error <= PLAIN * abs(finer.value) and abs(e.value - finer.value) > 4 * (e.error + finer.error)


def _sizes(f: Vector, x: list[float], i: int, starts: list[float], floor: Size) -> list[float]:
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


def _shaken(f: Vector, x: list[float], i: int) -> list[float]:
    """By how much each fⱼ changes where the inputs that are far larger than xᵢ are rounded, or inf."""
    here = f(x)
    change = [0.0] * len(here)
    for k, other in enumerate(x):
        if abs(other) > FAR * abs(x[i]):
            moved = _moved(f, x, k, NOISE * other) or _moved(f, x, k, -NOISE * other) or [inf] * len(here)
            change = [before + abs(there - y) for before, there, y in zip(change, moved, here, strict=True)]
    return change


def _extrapolated(
    f: Vector, x: list[float], i: int, start: float, rounded: Size, shaken: list[float]
) -> list[Estimate]:
    """The best of Ridders' tableau from this step on, for each output; nothing where f has no value."""
    tableaus: list[list[list[float]]] = []
    best: list[Estimate] = []
    here = f(x)
    near = max(abs(other) for other in x if abs(other) <= FAR * abs(x[i]))
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
            noise = (NOISE * max(abs(a), abs(b), rounded(j, run)) + TINY + shaken[j]) / run + NOISE * curvature * near
            noise = min(noise, LOUDEST)
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
        return f([*x[:i], x[i] + h, *x[i + 1 :]]) if isfinite(x[i] + h) else []
    except (ValueError, ArithmeticError):
        return []

"""Finds gradients that were clipped: each number to an interval, or the array by its norm."""

from __future__ import annotations

import math

import numpy as np

from ...programs.assignments import Array
from ..edits import listed, number
from ..factors import Factors
from ..judged import Given, Reason, largest
from ..words import Words
from .matching import EXCESS, clear, is_explained

__all__ = ["clipped"]

CLOSE = 1e-9  # relative tolerance for a norm
ROUND = 4  # the largest number of characters of a limit for a norm: people take 5, 0.25 or 1000


def clipped(givens: list[Given], wrong: list[Given], factors: Factors, words: Words) -> list[Reason]:
    """Returns a list with the reason that the wrong gradients are clipped, or else an empty list."""
    names = listed(map(words.gradient, wrong))
    are, them = ("are", "them") if len(wrong) > 1 else ("is", "it")
    limit = max(largest(given.array) for given in wrong)
    at_limit = sum(int(np.sum(np.abs(given.array) == limit)) for given in wrong)
    is_limit = at_limit > EXCESS and all(largest(given.right) <= limit for given in givens if given not in wrong)
    if is_limit and all(is_explained(given, np.clip(given.right, -limit, limit)) for given in wrong):
        said = f"clipped to between −{number(limit)} and {number(limit)}: compare {them} before that"
        return [Reason(f"{names} {are} {said}")]
    norm = _norm(wrong, factors)
    if norm is None:
        return []
    each = "each " if len(wrong) > 1 and norm == _norm(wrong[:1], factors) else ""
    return [Reason(f"{names} {are} {each}scaled to the norm {number(norm)}: compare {them} before the clipping")]


def _norm(wrong: list[Given], factors: Factors) -> float | None:
    """Returns the norm to which all wrong arrays together, or each of them, are scaled; None if they are not scaled."""
    yours, right = ([_size(array) for array in arrays]
                    for arrays in ((g.array for g in wrong), (g.right for g in wrong)))  # fmt: skip
    if not all(right) or not all(a < b for a, b in zip(yours, right, strict=True)):
        return None
    ratios = [a / b for a, b in zip(yours, right, strict=True)]
    if any(factors.nearest(ratio) for ratio in ratios):
        return None
    is_one = np.ptp(ratios) <= CLOSE * ratios[0]
    norm = math.hypot(*yours) if is_one else yours[0]
    near = float(f"{norm:.3g}")
    is_each = all(math.isclose(size, near, rel_tol=CLOSE) for size in ([norm] if is_one else yours))
    explained = (is_explained(given, ratio * given.right) for given, ratio in zip(wrong, ratios, strict=True))
    is_long = sum(map(clear, wrong)) > EXCESS
    return near if is_each and is_long and len(number(near)) <= ROUND and all(explained) else None


def _size(array: Array) -> float:
    return float(np.linalg.norm(array))

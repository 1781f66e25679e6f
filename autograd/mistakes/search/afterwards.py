"""Finds right gradients that were changed afterwards: clipped, rounded, squared, or used for a step already."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from ...programs.assignments import Array
from ..edits import listed, number
from ..factors import Factors
from ..judged import Given, Reason, largest
from ..words import Words
from .matching import EXCESS, clear, is_explained

__all__ = ["changed_afterwards", "each_entry"]

CLOSE = 1e-9  # relative tolerance for a norm
ROUND = 4  # the largest number of characters of a limit for a norm: people take 5, 0.25 or 1000
DIGITS = range(1, 13)  # the numbers of digits, or of decimals, that are tried for rounded gradients
SHOWN = 2.5  # with fewer digits in all, rounded gradients may be chance
RATES = (1e-6, 10.0)  # the least and the largest learning rate
ROUGH = 1e-6  # relative tolerance for a step, of which a parameter keeps fewer digits
EPS = float(np.finfo(float).eps)


def changed_afterwards(givens: list[Given], wrong: list[Given], factors: Factors, words: Words) -> list[Reason]:
    """Returns a list with the reason that the wrong gradients are right but for a later change, or an empty list."""
    names = listed(map(words.gradient, wrong))
    return _clipped(givens, wrong, factors, names) or _rounded(wrong, names) or _stepped(wrong, names)


# ---- clipped


def _clipped(givens: list[Given], wrong: list[Given], factors: Factors, names: str) -> list[Reason]:
    are, them = ("are", "them") if len(wrong) > 1 else ("is", "it")
    limit = max(largest(given.array) for given in wrong)
    at_limit = sum(int(np.sum(np.abs(given.array) == limit)) for given in wrong)
    beyond = [np.abs(given.right[np.abs(given.array) == limit]) for given in wrong]
    are_varied = len(np.unique(np.concatenate(beyond))) > EXCESS  # equal ones, such as counts, may have other causes
    others_are_less = all(largest(given.right) <= limit for given in givens if given not in wrong)
    is_limit = at_limit > EXCESS and are_varied and others_are_less
    if is_limit and all(is_explained(given, np.clip(given.right, -limit, limit)) for given in wrong):
        said = f"clipped to between −{number(limit)} and {number(limit)}: compare {them} before that"
        return [Reason(f"{names} {are} {said}")]
    norm = _norm(wrong, factors)
    if norm is None:
        return []
    each = "each " if len(wrong) > 1 and norm == _norm(wrong[:1], factors) else ""
    return [Reason(f"{names} {are} {each}scaled to the norm {number(norm)}: compare {them} before that")]


def _norm(wrong: list[Given], factors: Factors) -> float | None:
    """Returns the norm to which all wrong arrays together, or each of them, are scaled; None if they are not scaled."""
    yours, right = ([_size(array) for array in arrays]
                    for arrays in ((g.array for g in wrong), (g.right for g in wrong)))  # fmt: skip
    is_unit = all(math.isclose(size, 1.0, rel_tol=CLOSE) for size in yours)
    if not all(right) or not (is_unit or all(a < b for a, b in zip(yours, right, strict=True))):
        return None
    ratios = [a / b for a, b in zip(yours, right, strict=True)]
    if not is_unit and any(factors.nearest(ratio) for ratio in ratios):
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


# ---- a function of each entry

FUNCTIONS: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("without their signs: each number is |∂C/∂…|, not ∂C/∂…", np.abs),
    ("their signs alone: each number is 1 or −1", np.sign),
    ("squared", np.square),
)


def each_entry(wrong: list[Given], words: Words) -> list[Reason]:
    """Returns a list with the reason that each wrong number is a function of the right one, or an empty list."""
    names = listed(map(words.gradient, wrong))
    signs = np.concatenate([np.sign(given.right).ravel() for given in wrong])
    if min(np.sum(signs < 0), np.sum(signs > 0)) <= EXCESS // 2 or np.sum(signs != 0) <= EXCESS:
        return []
    are = "are the right gradients" if len(wrong) > 1 else "is the right gradient"
    for text, function in FUNCTIONS:
        if all(is_explained(given, function(given.right)) for given in wrong):
            said = text if len(wrong) > 1 else text.replace("their", "its")
            return [Reason(f"{names} {are}, {said}")]
    return []


# ---- rounded


def _rounded(wrong: list[Given], names: str) -> list[Reason]:
    """Returns a list with the reason that the wrong gradients are rounded, as printed numbers are, or an empty list."""
    is_, it = ("are the right gradients", "them") if len(wrong) > 1 else ("is the right gradient", "it")
    for kind, unit in (("decimals", _decimals), ("digits", _digits)):
        for count in DIGITS:
            digits = [_digits_shown(given, unit(given.array, count)) for given in wrong]
            if all(shown >= 0.0 for shown in digits):
                told = kind if count > 1 else kind.removesuffix("s")
                said = [Reason(f"{names} {is_} rounded to {count} {told}: compare {it} before that")]
                return said if sum(digits) >= SHOWN else []
    return []


def _decimals(array: Array, count: int) -> Array:
    """Returns the unit of the last of so many decimals, for each number."""
    return np.full(array.shape, 10.0**-count)


def _digits(array: Array, count: int) -> Array:
    """Returns the unit of the last of so many significant digits of each number."""
    sizes = np.abs(array)
    return 10.0 ** (np.floor(np.log10(sizes, out=np.zeros(array.shape), where=sizes > 0.0)) - (count - 1))


def _digits_shown(given: Given, units: Array) -> float:
    """Returns how many digits the given numbers have in all, if they are the right ones rounded to these units; or −1.

    Whole numbers count as none: a right number may be near one by chance.
    """
    whole = given.array / units
    is_round = np.abs(whole - np.rint(whole)) <= CLOSE + 4 * EPS * np.abs(whole)
    is_near = np.abs(given.array - given.right) <= (0.5 + CLOSE) * units + given.allowed
    if not np.all(is_round & is_near):
        return -1.0
    return float(np.sum(np.log10(1.0 + np.abs(whole)), where=given.array != np.rint(given.array)))


# ---- used for a step


def _stepped(wrong: list[Given], names: str) -> list[Reason]:
    """Returns a list with the reason that parameters are given after a step, not gradients, or an empty list."""
    count = sum(map(clear, wrong))
    if count < 2 or not all(np.any(given.right) and np.any(given.assignment.value) for given in wrong):
        return []
    several = [given for given in wrong if given.right.size > 1]
    if any(_is_multiple([given]) for given in several) or _is_multiple(wrong):  # as for ½ x², whose gradient is x
        return []
    steps = [given.assignment.value - given.array for given in wrong]
    rates = [float(np.sum(step * given.right) / np.sum(given.right**2))
             for step, given in zip(steps, wrong, strict=True)]  # fmt: skip
    rate = float(f"{rates[0]:.{1 if count <= EXCESS else 2}g}")  # few numbers fit a rate of one digit only by a mistake
    is_rate = RATES[0] <= abs(rate) <= RATES[1] and np.allclose(rates, rate, rtol=ROUGH)
    if not is_rate or not all(map(_is_step, wrong, steps, [rate] * len(wrong))):
        return []
    are, what = ("are", "gradients") if len(wrong) > 1 else ("is", "gradient")
    after = f"after an update with the learning rate {number(rate)}: give the {what}"
    return [Reason(f"{names} {are} {listed(given.name for given in wrong)} {after}")]


def _is_multiple(givens: Sequence[Given]) -> bool:
    yours, right = (np.concatenate([array.ravel() for array in arrays])
                    for arrays in ((given.array for given in givens), (given.right for given in givens)))  # fmt: skip
    share = float(np.sum(yours * right) / np.sum(right**2))
    return np.allclose(yours, share * right, rtol=ROUGH, atol=0.0)


def _is_step(given: Given, step: Array, rate: float) -> bool:
    lost = 4 * EPS * (largest(given.assignment.value) + largest(given.array))
    return np.allclose(step, rate * given.right, rtol=ROUGH, atol=lost) and largest(step) > lost / ROUGH

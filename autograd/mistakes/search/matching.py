"""Tests whether the gradients of an edited pass are the given ones, and fits the number that an edit leaves open."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial

import numpy as np

from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule
from ..edits import Edit
from ..factors import CLOSE, Factors
from ..judged import Given, largest

__all__ = ["CLEAR", "EXCESS", "are_free", "clear", "fitted", "gradient", "is_explained", "multiple"]

LEAST = 1e-14  # the least relative rounding error of an array
SURE, MOST = 1e-12, 1e-6  # the least and the largest relative rounding error that is assumed in an edited pass
NEAR = 1e-4  # the share of the error in the given gradient that an explanation may leave unexplained
EXCESS = 3  # how many more numbers must be given than are fitted
SHAKEN = 1e-6  # relative: a smaller singular value counts as 0 in a rank
CLEAR = 100.0  # a number carries information if it is more than this many times its rounding error
ROUNDS = 12  # the largest number of steps of the fit for an edit that is not linear in t
NARROW = 1e-3  # the width of the difference quotient for such an edit
STRONGEST = 0.1  # a penalty of a known strength is no stronger
SETTLED = 1e-13  # relative: the fit ends at a smaller step


def gradient(given: Given, changed: Mapping[int, Array]) -> Array:
    """Returns the gradient of this array in an edited pass; `changed` maps numbers of arrays to changed gradients."""
    return changed.get(given.assignment.number, given.right)


def is_explained(given: Given, other: Array, nearly: bool = False) -> bool:
    """Returns whether the given numbers equal the numbers in `other`, up to rounding.

    With `nearly`, or if `other` is zero except for rounding, the rounding error of the largest entry is allowed for all
    entries. Otherwise, at most the share NEAR of the error of a wrong entry may remain unexplained.
    """
    if given.array.shape != other.shape:
        return False
    same = (given.array == other) | (np.isnan(given.array) & np.isnan(other))
    if same.all():
        return True
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.where(same, 0.0, np.abs(given.array - other))
        from_right = np.abs(given.array - given.right)
    size, size_right = largest(other), largest(given.right)
    relative = min(max(largest(given.allowed) / size_right, SURE), MOST) if size_right else SURE
    is_even = nearly or size <= SURE * size_right
    rounding = np.full(off.shape, largest(given.allowed)) if is_even else given.allowed
    allowed = rounding * max(1.0, size / size_right if size_right else 1.0) + relative * size
    wrong = ~(from_right <= given.allowed)
    if not nearly:
        allowed = np.where(wrong, np.minimum(allowed, np.maximum(given.allowed, NEAR * from_right)), allowed)
    return bool(np.all(off <= allowed))


def fitted(edit: Edit, recorded: Recorded, givens: list[Given], factors: Factors) -> float | None:
    """Returns the open number t of an edit by least squares, or the known factor close to it.

    Returns None if the given numbers do not determine t, if t is no known factor and does not explain them, or if t is
    0 and the words of the edit do not say that its gradient is missing.
    """
    t, count = 0.0, 0
    for _ in range(ROUNDS if edit.bends else 1):
        found = _step(edit, t, recorded, givens)
        if found is None:
            return None
        step, count = found
        t += step
        if abs(step) <= SETTLED * max(1.0, abs(t)):
            break
    known = _strength(t) if edit.kind == "penalty" else None
    known = factors.nearest(t) if known is None else known
    if known == 0.0 and edit.text(0.0) == edit.text(1.0):
        return None
    if (
        known is None
        and (near := factors.nearest(t, MOST)) not in (None, 1.0)
        and _explains(edit, near, recorded, givens)
    ):
        known = near
    if known is not None or count <= EXCESS or not _explains(edit, t, recorded, givens):
        return known
    wrong = [given for given in givens if not given.is_right]
    is_right = factors.nearest(t, MOST) == 1.0
    is_multiple = edit.kind == "path" and (is_right or not are_free(recorded, wrong, edit))
    return None if is_multiple or _independent(edit, recorded, givens) <= EXCESS else t


def _strength(t: float) -> float | None:
    """Returns the usual strength of a penalty that t equals, such as 0.01 or 5e-4; None if there is none.

    Even a single number shows it: by chance, hardly any number is that close to one of these.
    """
    usual = float(f"{t:.0e}")
    return usual if 0.0 < usual <= STRONGEST and math.isclose(t, usual, rel_tol=CLOSE) else None


def _explains(edit: Edit, t: float, recorded: Recorded, givens: list[Given]) -> bool:
    changed = recorded.backward.replaced(edit.change(t))
    return all(is_explained(given, gradient(given, changed)) for given in givens)


def _step(edit: Edit, t: float, recorded: Recorded, givens: list[Given]) -> tuple[float, int] | None:
    """Returns the Gauss–Newton step of t to the least-squares fit, and how many numbers determine the step.

    Returns None if no number depends on t, or if one is not finite. One step is enough if the edit is linear in t.
    """
    width = NARROW if edit.bends else 1.0
    here, there = (recorded.backward.replaced(edit.change(at)) for at in (t, t + width))
    count, above, below = 0, 0.0, 0.0
    for given in givens:
        base, slope = gradient(given, here), (gradient(given, there) - gradient(given, here)) / width
        if given.array.shape != base.shape:
            continue
        scale = given.allowed + LEAST * max(largest(given.right), largest(base)) + 1e-300
        c, d = slope / scale, (given.array - base) / scale
        if not (np.all(np.isfinite(c)) and np.all(np.isfinite(d))):
            return None
        size = max(1.0, largest(c), largest(d))
        above, below = (
            above + float(np.sum((c / size) * (d / size)) * size),
            below + float(np.sum((c / size) ** 2) * size),
        )
        count += int(np.sum(np.abs(c) > CLEAR))
    return (above / below, count) if below else None


def _independent(edit: Edit, recorded: Recorded, givens: list[Given]) -> int:
    """Returns how many independent numbers, up to 4, the effect of an edit has. Each can refute a fitted factor.

    If a gradient passes through a single number, as in a layer of one neuron, every mistake only multiplies it by a
    factor. To find this out, the edit is applied with random factors, and the rank of the effects is computed.
    """
    random = np.random.default_rng(0)
    right = recorded.backward.replaced(edit.change(1.0))
    rows = []
    for _ in range(EXCESS + 1):
        moved = recorded.backward.replaced(_shaken(edit, random))
        rows.append(np.concatenate([_in_roundings(given, gradient(given, moved) - gradient(given, right))
                                    for given in givens if given.array.shape == given.right.shape]))  # fmt: skip
    effects = np.array([row / size for row in rows if (size := largest(row)) > CLEAR])
    return int(np.linalg.matrix_rank(effects, tol=SHAKEN)) if effects.size and np.all(np.isfinite(effects)) else 0


def _in_roundings(given: Given, difference: Array) -> Array:
    return (difference / (given.allowed + LEAST * largest(given.right) + 1e-300)).ravel()


def _shaken(edit: Edit, random: np.random.Generator) -> Change:
    """Returns the change of an edit with a random t for each element."""
    none, one = edit.change(0.0), edit.change(1.0)

    def between(first: Rule, second: Rule) -> Rule:
        return lambda flow: first(flow) + (second(flow) - first(flow)) * random.normal(size=np.shape(second(flow)))

    return Change(
        {way: between(none.rules[way], rule) for way, rule in one.rules.items()},
        {number: between(none.at[number], rule) for number, rule in one.at.items()},
        {jump: between(none.jumps[jump], rule) for jump, rule in one.jumps.items()},
    )


def are_free(recorded: Recorded, givens: list[Given], edit: Edit | None = None) -> bool:
    """Returns whether other mistakes could change these gradients, or an edit's effect on them, by more than a factor.

    They could not if the gradients come through a layer of one neuron: every mistake before it only scales them. To
    find out, the gradients of all other arrays are multiplied by random numbers, one for each element or each row.
    """
    random, numbers = np.random.default_rng(0), {given.assignment.number for given in givens}
    above = [array for array in recorded.backward.order if array.number not in numbers]
    rows = [array for array in above if len(array.shape) > 1 and array.shape[0] > 1]
    of_numbers = {array.number: random.uniform(0.5, 1.5, size=array.shape) for array in above}
    of_rows = {array.number: random.uniform(0.5, 1.5, size=(array.shape[0], *(1,) * (len(array.shape) - 1)))
               for array in rows}  # fmt: skip
    right = _effect(recorded, givens, edit, {})
    for factors in filter(None, (of_numbers, of_rows)):
        both = np.array([right, _effect(recorded, givens, edit, factors)])
        if not np.all(np.isfinite(both)) or np.linalg.matrix_rank(both, tol=SHAKEN) < 2:
            return False
    return True


def _effect(recorded: Recorded, givens: list[Given], edit: Edit | None, factors: Mapping[int, Array]) -> Array:
    """Returns the gradients, or the effect of an edit on them, as one flat array, scaled to at most 1.

    `factors` maps numbers of arrays to factors; in the pass, the gradients of these arrays are multiplied by them.
    """
    shaken = Change(at={number: partial(_times, by) for number, by in factors.items()})
    passes = [shaken] if edit is None else [shaken.and_also(edit.change(t)) for t in (1.0, 0.0)]
    first, *rest = (recorded.backward.replaced(change) for change in passes)
    effect = np.concatenate([
        _in_roundings(given, gradient(given, first) - (gradient(given, rest[0]) if rest else 0.0)) for given in givens
    ])  # fmt: skip
    return effect / (largest(effect) or 1.0)


def _times(factors: Array, flow: Array) -> Array:
    return flow * factors


def clear(given: Given) -> int:
    """Returns how many of the right numbers are much larger than their rounding errors."""
    return int(np.count_nonzero(np.abs(given.right) > CLEAR * given.allowed))


def multiple(given: Given, other: Array, factors: Factors, free: bool = False) -> float | None:
    """Returns the factor by which the given gradient is a multiple of `other`; None if there is no factor but 0.

    Without `free`, the factor must be 1 or a known one.
    """
    size = largest(other)
    if given.array.shape != other.shape or not size:
        return None
    scaled = other / size
    factor = float(np.sum(given.array / size * scaled) / np.sum(scaled**2))
    known = factors.nearest(factor)
    if known is None and (near := factors.nearest(factor, MOST)) and is_explained(given, near * other):
        return near  # numbers in float32 give fewer digits of the factor
    if known is None and not free:
        return None
    factor = factor if known is None else known
    return factor if factor and is_explained(given, factor * other) else None

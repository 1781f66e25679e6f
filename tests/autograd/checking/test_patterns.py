"""Claims about patterns: what the wrong entries have in common is said in words, and nothing else is said."""

import numpy as np
import pytest

from autograd.checking.patterns import pattern
from autograd.mistakes.judged import Given
from autograd.programs.assignments import Leaf

RNG = np.random.default_rng(3)
RIGHT = RNG.normal(size=(5, 4))
SQUARE = RNG.normal(size=(4, 4))
STACK = RNG.normal(size=(3, 2, 4))
STEPS = RNG.normal(size=(2, 3, 4))
Z = RNG.normal(size=(5, 4))


def given(mine, right=RIGHT, name="x"):
    right = np.asarray(right, dtype=float)
    return Given(name, Leaf(value=right), np.asarray(mine, dtype=float), right, np.full(right.shape, 1e-13))


def changed(where, by=None, right=RIGHT):
    """Returns the right array with changes at these places."""
    mine = right.copy()
    mine[where] = RNG.normal(size=mine[where].shape) if by is None else by * right[where]
    return mine


CASES = {
    "zeros": (0 * RIGHT, RIGHT, "is zero everywhere"),
    "the sign": (-RIGHT, RIGHT, "is right, but has the wrong sign"),
    "a factor": (RIGHT / 5, RIGHT, "is 0.2 times what it should be"),
    "a transpose": (SQUARE.T, SQUARE, "is transposed"),
    "rows reversed": (RIGHT[::-1], RIGHT, "is in reverse order along axis 0"),
    "columns reversed": (RIGHT[:, ::-1], RIGHT, "is in reverse order along axis 1"),
    "entries reversed": (RIGHT[0, ::-1], RIGHT[0], "is in reverse order along axis 0"),
    "a constant": (RIGHT + 0.5, RIGHT, "is 0.5 too large in every entry"),
    "rows alike": (RIGHT + Z[0], RIGHT, "has the same error in every row"),
    "columns alike": (RIGHT + Z[:, :1], RIGHT, "has the same error in every column"),
    "equal rows": (np.tile(RIGHT.mean(axis=0), (5, 1)), RIGHT, "has the same numbers in every row, and should not"),
    "a factor a column": (RIGHT * Z[0], RIGHT, "has another wrong factor in every column"),
    "a factor a row": (RIGHT * Z[:, :1], RIGHT, "has another wrong factor in every row"),
    "one row": (changed(3), RIGHT, "is wrong only in row 3"),
    "one row is zero": (changed(3, 0.0), RIGHT, "is wrong only in row 3: there it is zero"),
    "one row is doubled": (changed(3, 2.0), RIGHT, "is wrong only in row 3: there it is 2 times what it should be"),
    "one row alone right": (
        changed(slice(1, None), 0.0), RIGHT, "is wrong everywhere except in row 0: there it is zero"),
    "first rows": (changed(slice(0, 2)), RIGHT, "is wrong only from row 0 to row 1"),
    "one column": (
        changed(np.s_[:, 1], -1.0), RIGHT, "is wrong only in column 1: there it is right, but has the wrong sign"),
    "part of a row": (changed((2, slice(0, 2))), RIGHT, "is wrong only in row 2, in 2 entries"),
    "one entry": (changed((2, 1)), RIGHT, "is wrong only in one entry, [2, 1]"),
    "the diagonal": (changed(np.diag_indices(4), right=SQUARE), SQUARE, "is wrong only on the diagonal"),
    "but the diagonal": (SQUARE * np.eye(4), SQUARE, "is wrong everywhere except on the diagonal: there it is zero"),
    "above": (np.tril(SQUARE), SQUARE, "is wrong only above the diagonal: there it is zero"),
    "below": (np.triu(SQUARE), SQUARE, "is wrong only below the diagonal: there it is zero"),
    "an example of many": (changed(1, right=STACK), STACK, "is wrong only in [1]"),
    "but one step": (
        changed(np.s_[:, 1:], 0.0, STEPS), STEPS, "is wrong everywhere except in [:, 0]: there it is zero"),
    "alike along an axis": (STEPS + STEPS[:1] ** 2, STEPS, "has the same error in every part along axis 0"),
    "an entry of a vector": (changed(2, right=RIGHT[0]), RIGHT[0], "is wrong only in one entry, [2]"),
    "all but one": (changed(slice(1, 4), right=RIGHT[0]), RIGHT[0], "is wrong everywhere except in entry 0"),
    "where z ≤ 0": (np.where(Z <= 0, 7.0 * Z, RIGHT), RIGHT, "is wrong where z ≤ 0, and right elsewhere"),
    "where it is 0": (
        RIGHT, np.where(Z <= 0, 0.0, RIGHT), "is wrong where the right gradient is 0, and right elsewhere"),
    "nan": (RIGHT * np.nan, RIGHT, "is nan everywhere"),
    "a row of nan": (changed(0, np.inf), RIGHT, "is nan or infinite only in row 0"),
    "no pattern": (Z, RIGHT, "is wrong in every entry"),
    "a number": (2.5, 1.0, "is wrong in every entry"),
    "a number of 0": (0.0, 1.0, "is 0"),
    "what should be 0": (Z, 0 * RIGHT, "should be zero everywhere"),
}  # fmt: skip


@pytest.mark.parametrize(("mine", "right", "told"), CASES.values(), ids=CASES.keys())
def test_what_wrong_entries_have_in_common(mine, right, told):
    assert pattern(given(mine, right), {"z": Z}) == told


def test_rounding_breaks_no_pattern():
    noise = 1e-14 * RNG.normal(size=RIGHT.shape)
    for mine, right, told in CASES.values():
        if np.shape(mine) == RIGHT.shape and np.isfinite(mine).all() and np.any(mine) and np.any(right):
            assert pattern(given(mine + noise, right), {"z": Z}) == told


def test_numbers_at_random_have_no_pattern():
    for seed in range(300):
        rng = np.random.default_rng(seed)
        shape = [(4,), (3, 4), (4, 4), (2, 3, 2)][seed % 4]
        assert pattern(given(rng.normal(size=shape), rng.normal(size=shape)), {"z": Z}) == "is wrong in every entry"


def test_some_entries_at_random_are_counted():
    for seed in range(100):
        rng = np.random.default_rng(seed)
        there = rng.choice(30, size=7, replace=False)
        right = rng.normal(size=(6, 5))
        mine = right.copy()
        mine.flat[there] += 1.0 + rng.random(7)
        told = pattern(given(mine, right), {"z": rng.normal(size=(6, 5))})
        assert told == "is wrong in 7 of 30 entries"

"""Claims about when two numbers count as the same."""

import numpy as np

from nn.comparison.agreement import agreeing, difference, largest

inf, nan = np.inf, np.nan


def test_numbers_that_are_not_finite_differ_by_0_or_by_inf():
    mine, ours = np.array([1.0, inf, nan, inf, nan, -inf]), np.array([1.5, inf, nan, 2.0, 0.0, inf])
    assert difference(mine, ours).tolist() == [0.5, 0.0, 0.0, inf, inf, inf]
    assert agreeing(mine, ours, 0.5).tolist() == [True, True, True, False, False, False]


def test_the_largest_is_finite():
    assert largest(np.array([1.0, -3.0, inf]), np.array([nan])) == 3.0
    assert largest(np.array([])) == largest() == 0.0

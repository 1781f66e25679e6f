"""Claims about gradients that were given: which of their numbers differ from the right ones."""

import numpy as np

from autograd.mistakes.judged import Given, wrong_numbers
from autograd.programs.assignments import Leaf

RIGHT = np.array([1.0, 2.0, np.inf, np.nan])


def given(array, allowed=1e-9):
    return Given("x", Leaf(value=np.zeros(4)), np.asarray(array, dtype=float), RIGHT, np.full(4, allowed))


def test_they_are_right_to_rounding():
    assert given([1.0, 2.0, np.inf, np.nan]).is_right
    assert given([1 + 1e-10, 2.0, np.inf, np.nan]).is_right
    assert not given([1 + 1e-8, 2.0, np.inf, np.nan]).is_right


def test_infinities_and_nan_are_right_only_where_they_are_the_same():
    assert not given([1.0, 2.0, -np.inf, np.nan]).is_right
    assert not given([1.0, 2.0, 3.0, np.nan]).is_right
    assert not given([1.0, 2.0, np.inf, 0.0]).is_right
    assert not given([1.0, np.nan, np.inf, np.nan]).is_right
    assert not given([1.0, np.inf, np.inf, np.nan]).is_right


def test_another_shape_is_wrong():
    assert not given([1.0, 2.0]).is_right
    assert not given([[1.0], [2.0], [np.inf], [np.nan]]).is_right


def test_where_they_differ():
    assert given([1.0, 2.5, np.inf, 0.0]).differs(RIGHT).tolist() == [False, True, False, True]
    assert wrong_numbers([given([1.0, 2.5, np.inf, 0.0]), given(RIGHT), given([0.0, 2.0, np.inf, np.nan])]) == 3


def test_slack_allows_more():
    assert not given([1 + 5e-9, 2.0, np.inf, np.nan]).equals(RIGHT)
    assert given([1 + 5e-9, 2.0, np.inf, np.nan]).equals(RIGHT, slack=10.0)

"""Claims about the places of windows: steps between windows and between their elements become 1."""

import numpy as np

from autograd.mistakes.ingredients.steps import in_straight_lines, window, with_closer_elements, with_closer_starts

ROWS = np.array([[0, 2, 4], [6, 8, 10]])[:, None]  # two windows of an axis, 6 apart, their elements 2 apart


def test_windows_a_step_of_one_apart():
    ((closer, step),) = with_closer_starts(ROWS)
    assert step == 6
    assert np.array_equal(np.stack(closer), [[[0, 2, 4]], [[1, 3, 5]]])


def test_elements_a_step_of_one_apart():
    ((closer, step),) = with_closer_elements(list(ROWS))
    assert step == 2
    assert np.array_equal(np.stack(closer), [[[0, 1, 2]], [[6, 7, 8]]])


def test_a_place_outside_holds_zero():
    assert np.array_equal(window(np.arange(5.0) + 1, np.array([[-1, 0, 4, 5]])), [0, 1, 5, 0])


def test_places_that_are_not_known_lie_in_line():
    at, here = np.array([[[0, 1], [2, 3]], [[5, 0], [5, 6]]]), np.array([[True, False], [True, True]])
    assert np.array_equal(in_straight_lines(at, here), [[[0, 1], [2, 3]], [[5, 6], [5, 6]]])

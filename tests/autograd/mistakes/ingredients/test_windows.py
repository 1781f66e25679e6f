"""Claims about the places of windows: other steps between windows."""

import numpy as np

from autograd.mistakes.ingredients.windows import in_straight_lines, window, with_axes_mistaken, with_other_starts

ROWS = np.array([[0, 2, 4], [6, 8, 10]])[:, None]  # two windows of an axis, 6 apart, their elements 2 apart


def test_windows_at_other_steps():
    found = {wrong: np.stack(at) for at, wrong, step in with_other_starts(ROWS) if step == 6}
    assert found.keys() == {0, 1, 2, 3}
    for wrong, at in found.items():
        assert np.array_equal(at, [[[0, 2, 4]], [[wrong, 2 + wrong, 4 + wrong]]])


def test_along_one_axis_and_along_both():
    at = np.array([[[0], [0]], [[0], [3]], [[2], [0]], [[2], [3]]])  # two axes, with steps of 2 and 3
    ones = [np.stack(places)[..., 0].tolist() for places, wrong, _ in with_other_starts(at) if wrong == 1]
    assert ones == [
        [[0, 0], [0, 3], [1, 0], [1, 3]],
        [[0, 0], [0, 1], [2, 0], [2, 1]],
        [[0, 0], [0, 1], [1, 0], [1, 1]],
    ]


def test_a_place_outside_holds_zero():
    assert np.array_equal(window(np.arange(5.0) + 1, np.array([[-1, 0, 4, 5]])), [0, 1, 5, 0])


def test_places_that_are_not_known_lie_in_line():
    at, here = np.array([[[0, 1], [2, 3]], [[5, 0], [5, 6]]]), np.array([[True, False], [True, True]])
    assert np.array_equal(in_straight_lines(at, here), [[[0, 1], [2, 3]], [[5, 6], [5, 6]]])


def test_the_start_along_one_axis_for_the_start_along_another():
    at = np.array([[[0], [0]], [[0], [3]], [[2], [0]], [[2], [3]]]) + np.arange(2)  # of two elements along both
    found = {text: np.stack(places)[:, :, 0].tolist() for places, text in with_axes_mistaken(at)}
    assert found == {
        "the start along axis 0 is that along axis 1": [[0, 0], [3, 3], [0, 0], [3, 3]],
        "the starts along axes 0 and 1 are exchanged": [[0, 0], [3, 0], [0, 2], [3, 2]],
        "the start along axis 1 is that along axis 0": [[0, 0], [0, 0], [2, 2], [2, 2]],
        "the step along axis 0 is that along axis 1": [[0, 0], [0, 3], [3, 0], [3, 3]],
        "the steps along axes 0 and 1 are exchanged": [[0, 0], [0, 2], [3, 0], [3, 2]],
        "the step along axis 1 is that along axis 0": [[0, 0], [0, 2], [2, 0], [2, 2]],
    }


def test_windows_of_one_element_have_no_such_starts():
    at = np.array([[[0], [0]], [[0], [3]], [[2], [0]], [[2], [3]]])
    assert not list(with_axes_mistaken(at))

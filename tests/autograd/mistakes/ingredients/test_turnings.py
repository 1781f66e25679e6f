"""Claims about wrong orders of elements: each keeps the shape, and no two are the same."""

import numpy as np
import pytest

from autograd.mistakes.ingredients.turnings import turnings

SHAPES = [(), (5,), (2,), (1,), (3, 3), (3, 4), (2, 3), (4, 6), (1, 4), (4, 1), (2, 2), (2, 3, 4), (3, 3, 2), (2, 2, 2),
          (2, 2, 3, 3), (1, 3, 1), (3, 1, 5), (2, 1, 1, 1, 2), (2, 2, 1, 1, 1), (2, 2, 2, 2, 2), (2, 3, 2)]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_they_keep_the_shape_and_the_elements(shape):
    x = np.arange(1.0, 1 + np.prod(shape, dtype=int)).reshape(shape)
    for text, turn in turnings(shape):
        turned = turn(x)
        assert turned.shape == shape
        left_out = "zeros" in text
        assert left_out == (0.0 in turned)
        if not left_out:
            assert sorted(turned.ravel()) == sorted(x.ravel()), text
        assert not np.array_equal(turned, x), text


@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_come_to_the_same(shape):
    x = np.sin(np.arange(1.0, 1 + np.prod(shape, dtype=int))).reshape(shape)
    found = [(text, turn(x)) for text, turn in turnings(shape)]
    assert len({text for text, _ in found}) == len(found)
    alike = [(a, b) for k, (a, one) in enumerate(found) for b, other in found[:k] if np.array_equal(one, other)]
    assert alike == []


def turned(shape, text):
    return dict(turnings(shape))[text]


def test_what_the_words_mean():
    square, x, row = np.arange(9.0).reshape(3, 3), np.arange(6.0).reshape(2, 3), np.arange(3.0)
    np.testing.assert_array_equal(turned((3, 3), "transposed")(square), square.T)
    np.testing.assert_array_equal(turned((3,), "in reverse order")(row), [2, 1, 0])
    np.testing.assert_array_equal(turned((2, 3), "in reverse order along axis 1")(x), x[:, ::-1])
    np.testing.assert_array_equal(turned((3,), "shifted by one place")(row), [2, 0, 1])
    np.testing.assert_array_equal(turned((3,), "shifted back by one place")(row), [1, 2, 0])
    zeros = turned((3,), "shifted by one place, with zeros filled in")
    np.testing.assert_array_equal(zeros(row + 1), [0, 1, 2])
    back = turned((2, 3), "shifted back by one place along axis 1, with zeros filled in")
    np.testing.assert_array_equal(back(x), [[1, 2, 0], [4, 5, 0]])
    np.testing.assert_array_equal(turned((2, 3), "rotated by 180°")(x), x[::-1, ::-1])
    np.testing.assert_array_equal(turned((2, 3), "transposed and reshaped to fit")(x), x.T.reshape(2, 3))
    np.testing.assert_array_equal(turned((2, 3), "reshaped instead of transposed")(x),
                                  x.reshape(3, 2).T)  # fmt: skip
    stack = np.arange(8.0).reshape(2, 2, 2)
    axes = turned((2, 2, 2), "transposed to the axis order 2, 0, 1")
    np.testing.assert_array_equal(axes(stack), stack.transpose(2, 0, 1))


def test_a_number_has_none():
    assert list(turnings(())) == []
    assert list(turnings((1,))) == []

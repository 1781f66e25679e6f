"""Claims about masks that compare an array with a number: with another number, or another array with this one."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, OUT = normal(5, 6), normal(5, 6)


def huber(x):
    y = np.where(np.abs(x) < 0.7, 0.5 * x**2, 0.7 * np.abs(x) - 0.245)
    return y * 1.0


def shrunk(x):
    small = x * x < 0.6
    y = np.where(small, 0.1 * x, x)
    return y * 1.0


def of_huber(mask):
    return {"x": OUT * np.where(mask, X, 0.7 * np.sign(X))}


def of_shrunk(mask):
    return {"x": OUT * np.where(mask, 0.1, 1.0)}


@pytest.mark.parametrize(
    ("forward", "by_hand", "right", "wrong", "said"),
    [
        (huber, of_huber, np.abs(X) < 0.7, np.abs(X) < 0.2, "the mask of y compares `np.abs(x)` with a number below"),
        (huber, of_huber, np.abs(X) < 0.7, np.abs(X) < 1.2, "the mask of y compares `np.abs(x)` with a number above"),
        (huber, of_huber, np.abs(X) < 0.7, X < 0.7, "the mask of y compares x, not `np.abs(x)`"),
        (shrunk, of_shrunk, X * X < 0.6, X * X < 0.1, "the mask of y compares `x * x` with a number below"),
        (shrunk, of_shrunk, X * X < 0.6, X < 0.6, "the mask of y compares x, not `x * x`"),
    ],
)
def test_another_number_or_another_array(forward, by_hand, right, wrong, said):
    assert check_backward(forward, {"x": X}, by_hand(right), OUT)
    assert said in why(forward, {"x": X}, by_hand(wrong), OUT)


def test_the_derivative_of_the_output_behind_a_wrong_threshold():
    """A published mistake: the gradient of ELU in tfjs was y ≥ 1 ? dy : dy (y + 1), for y ≥ 0."""

    def elu(x):
        return np.where(x >= 0, x, np.exp(x) - 1)

    y = elu(X)
    assert check_backward(elu, {"x": X}, {"x": OUT * np.where(y >= 0, 1.0, y + 1)}, OUT)
    said = why(elu, {"x": X}, {"x": OUT * np.where(y >= 1, 1.0, y + 1)}, OUT)
    assert "compares x with a number above" in said
    assert "where it is wrong, the derivative is computed from the output y, as y + 1" in said
    assert "compares" not in why(elu, {"x": X}, {"x": OUT * np.where(y >= 1, 1.0, np.abs(y) + 1)}, OUT)


def test_a_mask_of_no_number_has_no_reason():
    """The mask takes single elements from both sides, which no comparison of one of the arrays does."""
    mask = np.abs(X) < 0.7
    mask[[0, 1, 4], [1, 3, 2]] ^= True
    found = why(huber, {"x": X}, of_huber(mask), OUT)
    assert "compares" not in found


def test_a_comparison_that_was_divided_by_negative_labels():
    """A published mistake, of a hinge loss in C++: x < 1/y for x y < 1."""
    y = np.where(np.arange(30).reshape(5, 6) % 3 > 0, 1.0, -1.0)

    def hinge(x):
        return np.maximum(1 - x * y, 0.0) * 1.5

    assert check_backward(hinge, {"x": X}, {"x": -1.5 * y * OUT * (X * y < 1)}, OUT)
    said = why(hinge, {"x": X}, {"x": -1.5 * y * OUT * (1 / y > X)}, OUT)
    assert "is reversed where y is negative: dividing by it turns a comparison round" in said

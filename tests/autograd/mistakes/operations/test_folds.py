"""Claims about maxima: mistakes in their gradient are named, also when several elements are equal."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X = np.random.default_rng(0).normal(size=(5, 4))  # in some row, the largest number is not the largest without its sign
V, DOUT = normal(5, 2), normal(2)


def pooled(x, v):
    y = x.max(axis=1)
    return y @ v


G = (V @ DOUT)[:, None]
MASK = X.max(axis=1, keepdims=True) == X
LAST, FIRST = np.eye(4)[[3] * 5], np.eye(4)[[0] * 5]


@pytest.mark.parametrize(
    ("dx", "said"),
    [
        (G * np.ones((5, 4)), "the mask of y is missing: each element of x gets the whole gradient"),
        (G * np.ones((5, 4)) / 4, "each element of x gets an equal share of the gradient, as if y were a mean"),
        (G * (X.min(axis=1, keepdims=True) == X), "the smallest element of x gets the gradient, not the largest"),
        (G * (np.abs(X) == np.abs(X).max(axis=1, keepdims=True)), "largest without its sign, |x|, gets the gradient"),
        (G * MASK * X, "the gradient is multiplied by y itself, not only by its mask"),
        (G * ~MASK, "the mask of y is reversed"),
        (G * X, "x is used instead of the mask of y"),
        (G * FIRST, "the first element of x gets the gradient, not the chosen one"),
        (G * LAST, "the last element of x gets the gradient, not the chosen one"),
    ],
)
def test_the_gradient_of_a_maximum(dx, said):
    inputs = {"x": X, "v": V}
    dv = np.outer(X.max(axis=1), DOUT)
    assert check_backward(pooled, inputs, {"x": G * MASK, "v": dv}, DOUT)
    assert said in why(pooled, inputs, {"x": dx, "v": dv}, DOUT)


def test_the_gradient_of_a_minimum():
    def lowest(x):
        y = x.min(axis=0)
        return y * 1.0

    dout = normal(4)
    dx = dout * (X.max(axis=0) == X)
    assert "the largest element of x gets the gradient, not the smallest" in why(lowest, {"x": X}, {"x": dx}, dout)


def test_where_elements_are_equal():
    """The verdict accepts each convention that shares the slope among the equal elements."""
    x = np.array([[1.0, 3.0, 3.0, 3.0], [2.0, 0.0, 2.0, 1.0], [0.5, 0.1, 0.2, 0.3]])
    mask = x == x.max(axis=1, keepdims=True)
    dout = np.array([1.0, -2.0, 0.7])
    whole = dout[:, None] * mask

    def largest(x):
        y = x.max(axis=1)
        return y * 1.0

    said = why(largest, {"x": x}, {"x": whole}, dout)
    assert "where several elements of x are equal, each gets the whole gradient" in said


IMAGES = np.random.default_rng(0).normal(size=(2, 4, 6))  # the same whichever tests run


def max_pool(x):
    blocks = x.reshape(2, 2, 2, 3, 2)
    y = blocks.max(axis=(2, 4))
    return y * 1.0


def pooled_along(axis, dy):
    blocks = IMAGES.reshape(2, 2, 2, 3, 2)
    return ((blocks == blocks.max(axis=axis, keepdims=True)) * dy[:, :, None, :, None]).reshape(2, 4, 6)


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        (2, "axis 2"),
        (4, "axis 4"),
        ((1, 2, 4), "axes 1, 2 and 4"),
        ((0, 2, 4), "axes 0, 2 and 4"),
        ((1, 2, 3, 4), "axes 1, 2, 3 and 4"),
    ],
)
def test_the_largest_along_other_axes(axis, said):
    dy = normal(2, 2, 3)
    assert check_backward(max_pool, {"x": IMAGES}, {"x": pooled_along((2, 4), dy)}, dy)
    told = why(max_pool, {"x": IMAGES}, {"x": pooled_along(axis, dy)}, dy)
    assert f"the gradient of y goes to the largest element of blocks along {said}, not along axes 2 and 4" in told


def test_the_smallest_along_another_axis():
    def lowest(x):
        y = x.min(axis=1)
        return y * 1.0

    dx = DOUT[:1] * np.ones(5)[:, None] * (X.min(axis=0) == X)
    said = "the gradient of y goes to the smallest element of x along axis 0, not along axis 1"
    assert said in why(lowest, {"x": X}, {"x": dx}, DOUT[:1] * np.ones(5))


def test_maxima_of_maxima_taken_for_means():
    x, dout = normal(4, 6), normal(2, 3)

    def pooled(x):
        return x.reshape(2, 2, 3, 2).max(axis=1).max(axis=2)

    blocks = x.reshape(2, 2, 3, 2)
    right = (blocks == blocks.max(axis=(1, 3), keepdims=True)) * dout[:, None, :, None]
    assert check_backward(pooled, {"x": x}, {"x": right.reshape(4, 6)}, dout)
    shares = np.broadcast_to(dout[:, None, :, None] / 4, blocks.shape).reshape(4, 6)
    assert "gets an equal share of the gradient" in why(pooled, {"x": x}, {"x": shares}, dout)


def test_every_element_above_0_gets_the_gradient():
    said = why(pooled, {"x": X, "v": V}, {"x": G * (X > 0)}, DOUT)
    assert "each element of x above 0 gets the whole gradient, not only the chosen one" in said


@pytest.mark.parametrize(
    ("first_alone", "said"),
    [
        (False, "the mask of a is missing, and where several elements that p compares are 0, each gets the whole"),
        (True, "the mask of a is missing, and where several elements that p compares are 0, only the first gets"),
    ],
)
def test_relus_mask_is_missing_before_a_maximum_of_equal_zeros(first_alone, said):
    def forward(z, v):
        a = np.maximum(0, z)
        p = a.reshape(4, 2, 3).max(axis=2)
        return p * v

    z, v, dout = normal(4, 6) - 0.8, normal(2), normal(4, 2)
    blocks = np.maximum(0, z).reshape(4, 2, 3)
    mask = blocks == blocks.max(axis=2, keepdims=True)
    assert np.any(mask.sum(axis=2) > 1)
    if first_alone:
        mask &= mask.cumsum(axis=2) == 1
    dz = (mask * (dout * v)[:, :, None]).reshape(4, 6)
    dv = (dout * blocks.max(axis=2)).sum(axis=0)
    assert check_backward(forward, {"z": z, "v": v}, {"z": dz * (z > 0), "v": dv}, dout)
    assert said in why(forward, {"z": z, "v": v}, {"z": dz, "v": dv}, dout)

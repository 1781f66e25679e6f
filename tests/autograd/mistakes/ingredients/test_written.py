"""Claims about parts that are written or added to an array: their gradients are read at other places of it."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import why


def scattered(x, w):
    """A transposed convolution with a stride of 2, of whose result a border of 1 is cut off."""
    out = np.zeros((9, 9), like=x)
    for i in range(4):
        for j in range(4):
            out[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += x[i, j] * w
    y = out[1:-1, 1:-1]
    return y * 1.0


DRAW = np.random.default_rng(7)
X, W, OUT = (DRAW.normal(size=size) for size in ((4, 4), (3, 3), (7, 7)))


def by_hand(for_x=2, for_w=2, border=1):
    out = np.zeros((9, 9))
    out[border : border + 7, border : border + 7] = OUT
    dx, dw = np.zeros_like(X), np.zeros_like(W)
    for i in range(4):
        for j in range(4):
            dx[i, j] = np.sum(out[for_x * i :, for_x * j :][:3, :3] * W)
            dw += X[i, j] * out[for_w * i :, for_w * j :][:3, :3]
    return {"x": dx, "w": dw}


PLACES = "with a stride of 1, but the forward pass puts the parts there with one of 2"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"for_x": 1, "for_w": 1}, "the gradient of `x[i, j] * w` is read from"),
        ({"for_x": 1}, "for the gradient of x, the gradient of `x[i, j] * w` is read from"),
        ({"for_w": 1}, "for the gradient of w, the gradient of `x[i, j] * w` is read from"),
    ],
)
def test_the_stride_of_a_transposed_convolution_is_forgotten(wrong, said):
    assert check_backward(scattered, {"x": X, "w": W}, by_hand(), OUT)
    found = why(scattered, {"x": X, "w": W}, by_hand(**wrong), OUT)
    assert said in found
    assert PLACES in found


def test_the_border_that_was_cut_off_is_forgotten():
    found = why(scattered, {"x": X, "w": W}, by_hand(border=0), OUT)
    assert "as if the first part began at the first entry, but it begins at (-1, -1)" in found

"""Claims about windows: they come back at another stride, or their border is made of copies."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def overlapping(x, w):
    out = np.zeros((4, 4), like=x)
    for i in range(4):
        for j in range(4):
            out[i, j] = np.sum(x[i : i + 2, j : j + 2] * w)
    return out


@pytest.mark.parametrize(
    ("stride", "said"),
    [
        (2, "are added to x with a stride of 2, but the forward pass takes them with a stride of 1"),
        (3, "are added to x with a stride of 3"),
        (0, "every window is at the place of the first"),
    ],
)
def test_the_windows_come_back_at_another_stride(stride, said):
    x, w, out = normal(5, 5), normal(2, 2), normal(4, 4)

    def by_hand(stride):
        dx, dw = np.zeros((12, 12)), np.zeros_like(w)
        for i in range(4):
            for j in range(4):
                dx[stride * i :, stride * j :][:2, :2] += w * out[i, j]
                dw += x[i : i + 2, j : j + 2] * out[i, j]
        return {"x": dx[:5, :5], "w": dw}

    assert check_backward(overlapping, {"x": x, "w": w}, by_hand(1), out)
    assert said in why(overlapping, {"x": x, "w": w}, by_hand(stride), out)


def causal(x, w):
    p = np.concatenate([np.zeros(4), x])
    return w[0] * p[0:8] + w[1] * p[2:10] + w[2] * p[4:12]


NUMBERS, STRETCH, STRETCH_OUT = normal(3), normal(8), normal(8)


def causal_by_hand(step=2, at=4):
    p, dp = np.concatenate([np.zeros(4), STRETCH]), np.zeros(12)
    for k in range(3):
        dp[step * k : step * k + 8] += NUMBERS[k] * STRETCH_OUT
    return {"x": dp[at : at + 8], "w": np.array([p[2 * k : 2 * k + 8] @ STRETCH_OUT for k in range(3)])}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"at": 0}, "the padding around x is cut off only at the end, the wrong one"),
        ({"step": 1}, "with a step of 1, but the forward pass takes them with a step of 2"),
    ],
)
def test_windows_that_several_expressions_take(wrong, said):
    inputs = {"x": STRETCH, "w": NUMBERS}
    assert check_backward(causal, inputs, causal_by_hand(), STRETCH_OUT)
    assert said in why(causal, inputs, causal_by_hand(**wrong), STRETCH_OUT)

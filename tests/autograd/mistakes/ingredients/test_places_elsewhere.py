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


def delayed(x, w):
    past = np.concatenate([np.zeros(2), x[:-2]])
    return w[0] * past + w[1] * x


@pytest.mark.parametrize(("by", "said"), [(1, "with a step of 1"), (-2, "they are shifted in the opposite direction")])
def test_a_shift_by_another_number_of_steps(by, said):
    x, w, dout = normal(7), normal(2), normal(7)

    def gone_back(by):
        early = dout * w[0]
        moved = np.concatenate([early[by:], np.zeros(by)] if by > 0 else [np.zeros(-by), early[:by]])
        return {"x": moved + dout * w[1], "w": np.array([dout[2:] @ x[:-2], dout @ x])}

    assert check_backward(delayed, {"x": x, "w": w}, gone_back(2), dout)
    assert said in why(delayed, {"x": x, "w": w}, gone_back(by), dout)


def pooled(x):
    rows = []
    for n in range(2):
        for i in range(2):
            for j in range(2):
                rows.append(np.max(x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]))
    return np.array(rows).reshape(2, 2, 2)


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        ((lambda i, j: (i, i), lambda i, j: (i, i)), "in all gradients, the windows of x are taken at wrong "
         "places: the start along axis 2 is that along axis 1"),
        ((lambda i, j: (i, j), lambda i, j: (j, i)), "the gradients of the windows of x are added to x at wrong "
         "places: the starts along axes 1 and 2 are exchanged"),
        ((lambda i, j: (i, j), lambda i, j: (0, 0)), "every window is at the place of the first"),
    ],
)  # fmt: skip
def test_the_windows_of_a_maximum_begin_elsewhere(starts, said):
    x, dout = normal(2, 4, 4), normal(2, 2, 2)

    def by_hand(taken, added):
        dx = np.zeros_like(x)
        for n, i, j in np.ndindex(2, 2, 2):
            (a, b), (c, d) = taken(i, j), added(i, j)
            seen = x[n, 2 * a : 2 * a + 2, 2 * b : 2 * b + 2]
            dx[n, 2 * c : 2 * c + 2, 2 * d : 2 * d + 2] += (seen == seen.max()) * dout[n, i, j]
        return {"x": dx}

    assert check_backward(pooled, {"x": x}, by_hand(lambda i, j: (i, j), lambda i, j: (i, j)), dout)
    assert said in why(pooled, {"x": x}, by_hand(*starts), dout)

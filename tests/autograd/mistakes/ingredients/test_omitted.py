"""Claims about operations that the backward pass leaves out, and sums that it takes over the whole array."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, Y, V = normal(7, 4), normal(4), normal(7), normal(4, 3)
E = X @ W - Y


def squared_hinge(w):
    return np.sum(np.maximum(0, 0.1 - X @ w) ** 2)


def student_t(w):
    nu = 4.0
    e = X @ w - Y
    return np.sum(np.log(1 + e**2 / nu))


def shifted(w):
    score = X @ w - 0.7
    return np.sum(score**4)


@pytest.mark.parametrize(
    ("forward", "right", "wrong", "said"),
    [
        (
            squared_hinge,
            -2 * np.maximum(0, 0.1 - X @ W),
            -2 * (0.1 - X @ W),
            "`0.1 - X @ w` is used instead of `np.maximum",
        ),
        (student_t, 2 * E / (4 + E**2), 2 * E / (1 + E**2), "`e**2` is used instead of `e**2 / nu` in the whole"),
        (shifted, 4 * (X @ W - 0.7) ** 3, 4 * (X @ W) ** 3, "`X @ w`"),
    ],
)
def test_an_operation_is_left_out(forward, right, wrong, said):
    assert check_backward(forward, {"w": W}, {"w": X.T @ right})
    assert said in why(forward, {"w": W}, {"w": X.T @ wrong})


def test_one_norm_for_all_rows():
    def forward(V):
        return np.sum(np.sqrt(np.sum(V**2, axis=1)))

    assert check_backward(forward, {"V": V}, {"V": V / np.sqrt(np.sum(V**2, axis=1, keepdims=True))})
    said = why(forward, {"V": V}, {"V": V / np.sqrt(np.sum(V**2))})
    assert "the sum over the whole array is used instead of `np.sum(V**2, axis=1)`" in said


def test_a_product_with_a_constant_matrix_is_left_out():
    """The probabilities are mixed by the noise of the labels, but the gradient is that of the plain cross-entropy."""
    z, labels = normal(6, 4), np.array([1, 3, 0, 2, 2, 1])
    mixing = np.abs(normal(4, 4)) + 2 * np.eye(4)
    mixing /= mixing.sum(axis=1, keepdims=True)

    def forward(z):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        q = p @ mixing
        return -np.sum(np.log(q[np.arange(6), labels]))

    p, hot = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), np.eye(4)[labels]
    dp = -(hot / (p @ mixing)) @ mixing.T
    assert check_backward(forward, {"z": z}, {"z": p * (dp - (dp * p).sum(axis=1, keepdims=True))})
    assert "p is used instead of q in the whole backward pass" in why(forward, {"z": z}, {"z": p - hot})


def test_a_factor_that_is_left_out():
    seen = (normal(7) > 0) * 1.0

    def masked(w):
        e = seen * (X @ w - Y)
        return np.sum(e**4)

    assert check_backward(masked, {"w": W}, {"w": X.T @ (4 * seen * E**3)})
    said = why(masked, {"w": W}, {"w": X.T @ (4 * E**3)})
    assert "the factor seen is left out: `X @ w - Y` is used instead of e in the whole backward pass" in said


def test_a_target_that_is_added_and_a_term_of_the_other_sign():
    def squared(w):
        return np.sum((X @ w - Y) ** 2)

    said = why(squared, {"w": W}, {"w": 2 * X.T @ (X @ W + Y)})
    assert "Y has the wrong sign in `X @ w - Y`, where the backward pass uses its numbers" in said

    def steps(w):
        z = X @ w
        for _ in range(2):
            z = 0.5 * z + Y
            z = z * z
        return np.sum(z)

    def by_hand(sign):
        z, numbers = X @ W, []
        for _ in range(2):
            y = 0.5 * z + sign * Y
            numbers.append(y)
            z = y * y
        dz = np.ones(7)
        for y in reversed(numbers):
            dz = 2 * y * dz * 0.5
        return X.T @ dz

    assert check_backward(steps, {"w": W}, {"w": by_hand(1)})
    assert "Y has the wrong sign in z(2) and z(4)" in why(steps, {"w": W}, {"w": by_hand(-1)})


@pytest.mark.parametrize(("which", "kept"), [("first", slice(1, None)), ("last", slice(None, -1))])
def test_the_prediction_without_a_term(which, kept):
    """A published mistake: the intercept, the weight of a column of ones, is left out of the prediction."""
    x, w, y = normal(7, 4), normal(4), normal(7)

    def loss(w):
        return np.mean((x @ w - y) ** 2)

    assert check_backward(loss, {"w": w}, {"w": 2 / 7 * x.T @ (x @ w - y)})
    said = why(loss, {"w": w}, {"w": 2 / 7 * x.T @ (x[:, kept] @ w[kept] - y)})
    assert f"`x @ w` is computed without the {which} term of its sum, such as an intercept's" in said

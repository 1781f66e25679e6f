"""Claims about slopes at the arrays of other layers, and of functions within a call."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_slopes_at_the_arrays_of_the_next_layers_are_told_in_order():
    x, V1, V2, V3 = normal(4, 3), normal(3, 3), normal(3, 3), normal(3, 3)

    def forward(V1, V2, V3):
        a = x
        for V in (V1, V2):
            z = a @ V
            a = np.maximum(0, z)
        out = a @ V3
        return np.sum(np.sin(out))

    def by_hand(moved):
        z1 = x @ V1
        z2 = np.maximum(0, z1) @ V2
        out = np.maximum(0, z2) @ V3
        d3 = np.cos(out)
        d2 = d3 @ V3.T * ((out if moved else z2) > 0)
        d1 = d2 @ V2.T * ((z2 if moved else z1) > 0)
        return {"V1": x.T @ d1, "V2": np.maximum(0, z1).T @ d2, "V3": np.maximum(0, z2).T @ d3}

    inputs = {"V1": V1, "V2": V2, "V3": V3}
    assert check_backward(forward, inputs, by_hand(moved=False))
    assert "evaluated at z(2) and out, not at z(1) and z(2)" in why(forward, inputs, by_hand(moved=True))


def test_inside_a_call_input_and_output_have_one_name_and_are_not_told_apart():
    def forward(w):
        return np.linalg.norm(w) ** 2 + np.sum(np.sin(w))

    w = normal(4)
    assert check_backward(forward, {"w": w}, {"w": 2 * w + np.cos(w)})
    said = why(forward, {"w": w}, {"w": 2 * w / np.linalg.norm(w) + np.cos(w)})
    assert "needs `np.linalg.norm(w)`, but gets the input" not in said


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (lambda a1, a2: a2 * (1 - a1), "y (1 − u), with y = a2 and u = a1, is used instead of σ′"),
        (lambda a1, a2: a1 * (1 - a2), "u (1 − y), with y = a2 and u = a1, is used instead of σ′"),
    ],
)
def test_half_of_the_formula_is_of_another_layer(slope, said):
    x, W1, W2, W3, dout = normal(5, 3), normal(3, 4), normal(4, 4), normal(4, 2), normal(5, 2)

    def network(W1, W2, W3):
        a1 = sigmoid(x @ W1)
        a2 = sigmoid(a1 @ W2)
        return a2 @ W3

    a1 = sigmoid(x @ W1)
    a2 = sigmoid(a1 @ W2)

    def by_hand(slope):
        d2 = dout @ W3.T * slope(a1, a2)
        d1 = d2 @ W2.T * a1 * (1 - a1)
        return {"W1": x.T @ d1, "W2": a1.T @ d2, "W3": a2.T @ dout}

    given = {"W1": W1, "W2": W2, "W3": W3}
    assert check_backward(network, given, by_hand(lambda a1, a2: a2 * (1 - a2)), dout)
    assert said in why(network, given, by_hand(slope), dout)


def test_a_skipped_slope_is_named_by_its_own_input():
    """A sum of a2 comes back to a2 without σ′(z2); the other sigmoid of the same line has nothing to do with it."""
    x, W1, W2 = normal(3, 4), normal(5, 3), normal(2, 5)

    def cost(W1, W2):
        z2 = W1 @ x
        a2 = sigmoid(z2)
        a3 = sigmoid(W2 @ a2)
        return np.sum(a3**2) + np.sum(a2 * 0.3)

    a2 = sigmoid(W1 @ x)
    a3 = sigmoid(W2 @ a2)
    d3 = 2 * a3 * a3 * (1 - a3)
    right = (W2.T @ d3 + 0.3) * a2 * (1 - a2)
    wrong = (W2.T @ d3) * a2 * (1 - a2) + 0.3
    assert check_backward(cost, {"W1": W1, "W2": W2}, {"W1": right @ x.T, "W2": d3 @ a2.T})
    said = why(cost, {"W1": W1, "W2": W2}, {"W1": wrong @ x.T, "W2": d3 @ a2.T})
    assert "σ′(z2) is missing for the gradient that comes back to a2" in said
    assert "σ′(`W2 @ a2`)" not in said


@pytest.mark.parametrize("is_sum", [False, True])
def test_the_derivative_of_a_square_is_taken_with_another_sign_inside(is_sum):
    a, b = normal(4, 3), normal(4, 3)

    def cost(a, b):
        return np.sum(np.exp(-((a + b) ** 2))) if is_sum else np.sum(np.exp(-((a - b) ** 2)))

    e = a + b if is_sum else a - b
    outer, sign = -np.exp(-(e**2)), 1 if is_sum else -1
    assert check_backward(cost, {"a": a, "b": b}, {"a": outer * 2 * e, "b": sign * outer * 2 * e})
    wrong = outer * 2 * (a - b if is_sum else a + b)
    said = why(cost, {"a": a, "b": b}, {"a": wrong, "b": sign * wrong})
    assert f"evaluated at a {'−' if is_sum else '+'} b, not at" in said

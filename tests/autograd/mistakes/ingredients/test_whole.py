"""Claims about whole matrices: a gradient made symmetric, J g instead of Jᵀ g."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

W, V, X, OUT = normal(3, 3), normal(3, 3), normal(5, 3), normal(5, 3)
INPUTS = {"x": X, "W": W}


def twice(x, W):
    h = np.tanh(x @ W)
    return h @ W


def by_hand(turned=False):
    h = np.tanh(X @ W)
    dh = OUT @ (W if turned else W.T)
    dz = dh * (1 - h * h)
    return {"x": dz @ (W if turned else W.T), "W": X.T @ dz + h.T @ OUT}


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        (lambda g: (g + g.T) / 2, "dW is made symmetric: (G + Gᵀ)/2 instead of G"),
        (np.tril, "dW is cut to its lower triangle: the numbers above the diagonal are missing"),
        (lambda g: np.diag(np.diag(g)), "dW is cut to its diagonal: all other numbers are missing"),
    ],
)
def test_a_part_of_the_gradient_of_a_square_matrix(part, reason):
    right = by_hand()
    assert reason in why(twice, INPUTS, right | {"W": part(right["W"])}, OUT)


def test_the_jacobian_matrix_instead_of_its_transpose():
    def turned(x):
        return np.concatenate([x[:2] * 0.6 - x[2:] * 0.8, x[:2] * 0.8 + x[2:] * 0.6])

    x, g = normal(4), normal(4)
    assert "which gives J g, with J the Jacobian matrix" in why(turned, {"x": x}, {"x": turned(g)}, g)
    back = np.concatenate([g[:2] * 0.6 + g[2:] * 0.8, g[2:] * 0.6 - g[:2] * 0.8])
    assert check_backward(turned, {"x": x}, {"x": back}, g)


@pytest.mark.parametrize(("step", "which"), [(1, "before"), (-1, "after")])
def test_a_gradient_that_is_not_set_to_zero_between_rows(step, which):
    dx = by_hand()["x"]
    kept = {"x": np.cumsum(dx[::step], axis=0)[::step]}
    assert f"each row of dx also has the gradients of all rows {which} it" in why(twice, INPUTS, kept, OUT)


@pytest.mark.parametrize(("number", "which"), [(np.sum, "sum"), (np.mean, "mean")])
def test_one_number_for_all_parameters(number, which):
    x, y, w, b = normal(6, 3), normal(6), normal(3), normal(1)

    def cost(w, b):
        return np.mean((x @ w + b - y) ** 2)

    e = 2 * (x @ w + b - y) / 6
    right = {"w": e @ x, "b": e.sum(keepdims=True)}
    assert check_backward(cost, {"w": w, "b": b}, right)
    one = number(np.concatenate([right["w"], right["b"]]))
    said = why(cost, {"w": w, "b": b}, {"w": np.full(3, one), "b": np.full(1, one)})
    assert f"every entry of dw and db is the {which} of all their entries" in said

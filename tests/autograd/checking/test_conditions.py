"""Claims about conditions in loops of forward: the backward pass may have forgotten them."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

RATINGS = np.array([[5.0, 0, 3], [0, 1, 4], [2, 5, 0]])
P, Q, W, X = normal(3, 2), normal(2, 3), normal(4, 3), normal(5, 4)
LABELS = [2, 0, 1, 1, 0]


def factors(P, Q):
    cost = 0
    for i in range(3):
        for j in range(3):
            if RATINGS[i][j] > 0:
                cost = cost + (RATINGS[i][j] - np.dot(P[i], Q[:, j])) ** 2 + 0.1 * np.sum(P[i] ** 2)
    return cost


def factors_by_hand(all_count):
    rated = np.ones_like(RATINGS) if all_count else RATINGS > 0
    e = 2 * rated * (P @ Q - RATINGS)
    return {"P": e @ Q.T + 0.2 * rated.sum(axis=1, keepdims=True) * P, "Q": P.T @ e}


def hinges(W):
    loss = 0.0
    for x, label in zip(X, LABELS, strict=True):
        scores = x @ W
        for j in range(3):
            if j == label:
                continue
            loss += scores[j] ** 2 * scores[label]
    return loss


def hinges_by_hand(all_count):
    dW = np.zeros_like(W)
    for x, label in zip(X, LABELS, strict=True):
        s = x @ W
        for j in range(3):
            if all_count or j != label:
                dW[:, j] += 2 * s[j] * s[label] * x
                dW[:, label] += s[j] ** 2 * x
    return {"W": dW}


@pytest.mark.parametrize(
    ("forward", "inputs", "by_hand", "told"),
    [(factors, {"P": P, "Q": Q}, factors_by_hand, "`if RATINGS[i][j] > 0:` is forgotten on the way back"),
     (hinges, {"W": W}, hinges_by_hand, "`if j == label: continue` is forgotten on the way back")],
)  # fmt: skip
def test_a_forgotten_condition(forward, inputs, by_hand, told):
    assert check_backward(forward, inputs, by_hand(all_count=False))
    assert why(forward, inputs, by_hand(all_count=True)).startswith(told)
    assert why(forward, inputs, {name: normal(*array.shape) for name, array in inputs.items()}) == ""


def test_a_forgotten_condition_of_a_function_in_a_function():
    chosen, values = [True, False, True], normal(3)

    def forward(w):
        total = 0
        for k, is_chosen in enumerate(chosen):
            if is_chosen:
                total = total + values[k] * w[k] ** 2
        return total

    w = normal(3)
    assert check_backward(forward, {"w": w}, {"w": 2 * values * w * chosen})
    assert why(forward, {"w": w}, {"w": 2 * values * w}).startswith("`if is_chosen:` is forgotten")


def test_the_end_of_a_loop_is_no_such_condition():
    def forward(w):
        for _ in range(3):
            w = w * w
            if np.sum(w) > -1.0:
                break
        return np.sum(w)

    w = normal(4)
    assert check_backward(forward, {"w": w}, {"w": 2 * w})
    assert "if" not in why(forward, {"w": w}, {"w": w})


def test_a_default_keeps_its_value():
    def outer():
        scale = [2.0, 3.0]

        def forward(w, factors=(*scale, 1.0)):  # the name of the default is gone when forward runs
            total = 0
            for k in range(3):
                if k > 0:
                    total = total + factors[k] * w[k] ** 2
            return total

        return forward

    w = normal(3)
    assert check_backward(outer(), {"w": w}, {"w": 2 * np.array([0, 3, 1]) * w})
    assert why(outer(), {"w": w}, {"w": 2 * np.array([2, 3, 1]) * w}).startswith("`if k > 0:` is forgotten")


def test_a_function_without_source_has_no_such_reason():
    made, w = {}, normal(3)
    exec("def forward(w):\n    for k in range(2):\n        if k:\n            w = w * w\n    return w.sum()", made)
    assert "if" not in why(made["forward"], {"w": w}, {"w": 3 * w**2})

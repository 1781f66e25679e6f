"""Claims about labels y and 1 − y that are exchanged."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, W1, W2 = normal(6, 4), normal(4), normal(4), normal(4)
SAME = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])


def pairs(w):
    d = X @ w
    return np.sum(SAME * d**2 + (1 - SAME) * np.exp(-d))


def one_by_one(w):
    cost = 0.0
    for x, same in zip(X, SAME, strict=True):
        d = x @ w
        cost = cost + (same * d**2 + (1 - same) * np.exp(-d))
    return cost


def by_hand(same):
    d = X @ W
    return {"w": X.T @ (same * 2 * d - (1 - same) * np.exp(-d))}


def test_a_label_and_its_complement_are_exchanged():
    for cost in (pairs, one_by_one):
        assert check_backward(cost, {"w": W}, by_hand(SAME))
    assert why(pairs, {"w": W}, by_hand(1 - SAME)) == "SAME and 1 − SAME are exchanged in the backward pass"
    assert "same(6) are exchanged in the backward pass" in why(one_by_one, {"w": W}, by_hand(1 - SAME))

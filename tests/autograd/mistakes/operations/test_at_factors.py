"""Claims about slopes that are taken at the factors of their argument: this is told."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, Y = normal(6, 4), normal(4), normal(6)


def cost(X, w):
    h = X @ w
    return 0.5 * np.sum((np.tanh(h) - Y) ** 2)


def by_hand(slope):
    error = np.tanh(X @ W) - Y
    return {"w": ((error[:, None] * slope) * X).sum(axis=0)}


def test_a_slope_at_the_features():
    """A published mistake, of an exercise: error_term = (y - output) * sigmoid_prime(x), with the features x."""
    assert check_backward(cost, {"X": X, "w": W}, by_hand(1 - np.tanh(X @ W)[:, None] ** 2))
    said = why(cost, {"X": X, "w": W}, by_hand(1 - np.tanh(X) ** 2), None)
    assert said == "tanh′ is evaluated at X, one by one, not at h, in the gradient of the other factor"


def test_functions_of_two_numbers_and_constants_are_left_out():
    """A leaky ReLU has its slope as a second number, and X @ w has no gradient for a constant X."""
    for f in (lambda h: np.where(h > 0, h, 0.1 * h), np.tanh):
        assert why(lambda w, f=f: f(X @ w), {"w": W}, {"w": normal(4)}, normal(6)) == ""

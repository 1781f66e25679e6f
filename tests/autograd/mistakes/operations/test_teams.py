"""Claims about functions that may share a mistake: of several with one output, the nearest counts alone."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_functions_inside_another_one_have_no_mistake_of_their_own():
    """Where y is −1, the margin's negative equals its score: the slope is told of the nearest array, in each turn."""
    X, w, y = normal(5, 3), normal(3), np.array([1, -1, -1, 1, -1])

    def logistic(w):
        loss = 0.0
        for i in range(5):
            margin = y[i] * np.dot(X[i], w)
            loss = loss + np.log(1 + np.exp(-margin))
        return loss

    def by_hand(sign):
        return {"w": -(X * (y / (1 + np.exp(sign * y * (X @ w))))[:, None]).sum(axis=0)}

    assert check_backward(logistic, {"w": w}, by_hand(1))
    assert "softplus′ is evaluated at −`-margin`, not at `-margin`" in why(logistic, {"w": w}, by_hand(-1), None)

"""Claims about masks that are applied on another way too, by a gradient that is changed in place."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, OUT = normal(5, 4), normal(4, 4), normal(5, 4)
KEPT = (normal(5, 4) > -0.4) * 1.0


def around_relu(x, W):
    h = np.maximum(x @ W, 0.0)
    return h + 0.5 * x


def around_dropout(x, W):
    h = np.tanh(x @ W) * KEPT
    return h + 0.5 * x


def of_relu(around=1.0):
    z = X @ W
    dz = OUT * (z > 0)
    return {"x": dz @ W.T + 0.5 * OUT * around, "W": X.T @ dz}


def of_dropout(around=1.0):
    dz = OUT * KEPT * (1 - np.tanh(X @ W) ** 2)
    return {"x": dz @ W.T + 0.5 * OUT * around, "W": X.T @ dz}


@pytest.mark.parametrize(
    ("forward", "by_hand", "mask", "name"),
    [(around_relu, of_relu, X @ W > 0, "h"), (around_dropout, of_dropout, KEPT, "KEPT")],
)
def test_the_mask_of_another_way(forward, by_hand, mask, name):
    inputs = {"x": X, "W": W}
    assert check_backward(forward, inputs, by_hand(), OUT)
    found = why(forward, inputs, by_hand(around=mask), OUT)
    assert f"is multiplied by the mask of {name}, which belongs to another gradient" in found

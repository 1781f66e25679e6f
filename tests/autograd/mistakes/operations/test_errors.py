"""Claims about gradients w (p − y): they are found in costs that never compute p, and not where there are none."""

import numpy as np
import pytest

from autograd.mistakes.operations.errors import errors
from tests.helpers.by_hand import normal, recorded

Z = normal(6, 4)
LABELS = np.array([1, 3, 0, 2, 2, 1])
SIGNS = np.array([1.0, -1, -1, 1, 1, -1])
SOFT = np.array([0.9, 0.1, 0.1, 0.9, 0.9, 0.1])
SIGMOID = 1 / (1 + np.exp(-Z[:, 0]))
SOFTMAX = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)


def log_sum_exp(z):
    m = z.max(axis=1)
    return np.mean(m + np.log(np.exp(z - m[:, None]).sum(axis=1)) - z[np.arange(6), LABELS])


def of_signs(z):
    return np.mean(np.log(1 + np.exp(-SIGNS * z)))


def soft_labels(z):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(SOFT * np.log(p) + (1 - SOFT) * np.log(1 - p))


@pytest.mark.parametrize(
    ("forward", "z", "p", "y"),
    [
        (log_sum_exp, Z, SOFTMAX, np.eye(4)[LABELS]),
        (of_signs, Z[:, 0], SIGMOID, (SIGNS + 1) / 2),
        (soft_labels, Z[:, 0], SIGMOID, SOFT),
    ],
)
def test_costs_with_this_gradient(forward, z, p, y):
    (found,) = errors(recorded(forward, {"z": z}))
    assert found.x.name in ("z", "sigmoid.z")
    assert np.allclose(found.p, p)
    assert np.allclose(found.y, y)
    assert np.allclose(found.w, 1 / 6)


def square(z):
    return np.sum(z**2)


def hinge(z):
    return np.mean(np.maximum(0, 1 - SIGNS * z))


@pytest.mark.parametrize(("forward", "z"), [(square, Z), (hinge, Z[:, 0]), (square, Z[:, 0])])
def test_costs_with_another_gradient(forward, z):
    assert errors(recorded(forward, {"z": z})) == ()

"""Claims about p − y with other numbers in the place of the probabilities p."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

Z, LABELS = normal(5, 4), np.array([0, 3, 2, 1, 1])
Y = np.eye(4)[LABELS]


def softmax(z, axis=1):
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=axis is not None)


def cross_entropy(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(5), LABELS]))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def binary_cross_entropy(z):
    p = sigmoid(z)
    return -np.sum(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (np.log(softmax(Z)), "the logarithms of the probabilities are used instead of them"),
        (np.exp(Z), "exp(z) is used instead of the probabilities: it is not divided by its sum"),
        (softmax(Z, axis=None), "exp(z) is divided by its sum over the whole array, not along axis 1"),
        (softmax(Z, axis=0), "the softmax is taken along axis 0, but the forward pass takes it along axis 1"),
        (np.full((5, 4), 0.25), "1/k is used instead of each probability of k, as if all weights were still 0"),
        (sigmoid(Z), "the sigmoid of each entry is used instead of the softmax"),
    ],
)
def test_for_a_softmax(p, said):
    assert check_backward(cross_entropy, {"z": Z}, {"z": (softmax(Z) - Y) / 5})
    assert said in why(cross_entropy, {"z": Z}, {"z": (p - Y) / 5})


def test_for_a_sigmoid():
    assert check_backward(binary_cross_entropy, {"z": Z}, {"z": sigmoid(Z) - Y})
    said = why(binary_cross_entropy, {"z": Z}, {"z": softmax(Z) - Y})
    assert "the softmax along axis 1 is used instead of the sigmoid" in said
    said = why(binary_cross_entropy, {"z": Z}, {"z": np.log(sigmoid(Z)) - Y})
    assert "the logarithms of the probabilities are used instead of them" in said
    given = {"w": normal(5, 4)}  # varied numbers, as 1/2 − y alone has two

    def weighted(w):
        return binary_cross_entropy(w * Z)

    assert check_backward(weighted, given, {"w": (sigmoid(given["w"] * Z) - Y) * Z})
    said = why(weighted, given, {"w": (0.5 - Y) * Z})
    assert "1/2 is used instead of each sigmoid, as if all weights were still 0" in said


def test_a_quotient_of_exponentials_that_is_constant():
    said = why(binary_cross_entropy, {"z": Z}, {"z": np.exp(Z) / np.exp(1 + Z) - Y})
    assert "exp(x) / exp(1 + x) is used instead of the sigmoid of x =" in said

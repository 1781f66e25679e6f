"""Claims about a term of a cost whose gradient skips the slope of a function, while the other terms do not."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, R = normal(6, 3), normal(3, 4), normal(6)
ACTIONS = np.array([1, 3, 0, 2, 2, 1])
P = np.exp(X @ W) / np.exp(X @ W).sum(axis=1, keepdims=True)
ENTROPY = -np.sum(P * np.log(P), axis=1, keepdims=True)
REWARD = (P - np.eye(4)[ACTIONS]) * R[:, None]


def policy(W):
    z = X @ W
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    log_p = np.log(p)
    entropy = -np.sum(p * log_p, axis=1)
    return -np.mean(log_p[np.arange(6), ACTIONS] * R) - 0.1 * np.mean(entropy)


def test_an_entropys_gradient_by_the_probabilities_for_that_by_the_logits():
    right = REWARD + 0.1 * P * (np.log(P) + ENTROPY)
    assert check_backward(policy, {"W": W}, {"W": X.T @ right / 6})
    wrong = REWARD + 0.1 * (np.log(P) + 1)
    said = why(policy, {"W": W}, {"W": X.T @ wrong / 6})
    assert "softmax′(z) is missing for the part of the gradient that comes from entropy" in said


def test_a_penalty_of_activations_that_skips_their_slope():
    def forward(W):
        h = np.tanh(X @ W)
        size = np.sum(np.sum(h, axis=0) ** 2)
        return np.sum(h**3) + size

    h = np.tanh(X @ W)
    assert check_backward(forward, {"W": W}, {"W": X.T @ ((3 * h**2 + 2 * h.sum(axis=0)) * (1 - h**2))})
    wrong = X.T @ (3 * h**2 * (1 - h**2) + 2 * h.sum(axis=0))
    said = why(forward, {"W": W}, {"W": wrong})
    assert "tanh′(`X @ W`) is missing for the" in said

"""Claims about gradients that were clipped, number by number or by their norm."""

import numpy as np
import pytest

from tests.helpers.by_hand import normal, why

X, W, V, OUT = normal(6, 3), normal(3, 4), normal(4, 2), normal(6, 2)


def net(x, W, V):
    return np.tanh(x @ W) @ V


def by_hand():
    h = np.tanh(X @ W)
    dz = OUT @ V.T * (1 - h * h)
    return {"x": dz @ W.T, "W": X.T @ dz, "V": h.T @ OUT}


def each_to_norm(gradients, norm):
    return {name: g * min(1.0, norm / np.linalg.norm(g)) for name, g in gradients.items()}


def all_to_norm(gradients, norm):
    size = np.sqrt(sum(np.sum(g * g) for g in gradients.values()))
    return {name: g * norm / size for name, g in gradients.items()}


INPUTS = {"x": X, "W": W, "V": V}


@pytest.mark.parametrize(
    ("gradients", "said"),
    [
        ({name: np.clip(g, -0.5, 0.5) for name, g in by_hand().items()},
         "dx, dW and dV are clipped to between −0.5 and 0.5"),
        (each_to_norm(by_hand(), 0.25), "dx, dW and dV are each scaled to the norm 0.25"),
        (all_to_norm(by_hand(), 1.0), "dx, dW and dV are scaled to the norm 1"),
    ],
)  # fmt: skip
def test_clipped_gradients(gradients, said):
    assert said in why(net, INPUTS, gradients, OUT)


def test_random_numbers_are_not_clipped_gradients():
    random = {name: np.clip(normal(*array.shape), -0.5, 0.5) for name, array in INPUTS.items()}
    assert why(net, INPUTS, random, OUT) == ""

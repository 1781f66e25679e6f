"""Claims about small constants: one that is forgotten, or differs, on the way back is named."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import BN_OUT, normal, why

EPS = 1e-3
X, GAMMA, BETA = 0.05 * normal(*BN_OUT.shape), normal(BN_OUT.shape[1]), normal(BN_OUT.shape[1])
INPUTS = {"x": X, "gamma": GAMMA, "beta": BETA}


def batchnorm(x, gamma, beta):
    xc = x - x.mean(axis=0)
    var = (xc**2).mean(axis=0)
    xhat = xc / np.sqrt(var + EPS)
    return gamma * xhat + beta


def by_hand(eps, eps_of_gamma=EPS):
    """Returns the gradients, step by step, with another ε for dx, and for dgamma."""
    n, xc = len(X), X - X.mean(axis=0)
    var = (xc**2).mean(axis=0)
    std, dxhat = np.sqrt(var + eps), BN_OUT * GAMMA
    dvar = -0.5 * (dxhat * xc).sum(axis=0) / std**3
    dxc = dxhat / std + 2 / n * xc * dvar
    xhat = xc / np.sqrt(var + eps_of_gamma)
    return {"x": dxc - dxc.mean(axis=0), "gamma": (BN_OUT * xhat).sum(axis=0), "beta": BN_OUT.sum(axis=0)}


@pytest.mark.parametrize(
    ("eps", "eps_of_gamma", "reason"),
    [
        (0.0, 0.0, "the constant 0.001 is missing in the numbers from which dx and dgamma are computed"),
        (1e-5, EPS, "1e-05 is used instead of 0.001 in the numbers from which dx is computed"),
        (EPS, 0.0, "the constant 0.001 is missing in the numbers in the last step to dgamma"),
        (1e-5, 1e-5, "1e-05 is used instead of 0.001 in the numbers from which dx and dgamma are computed"),
    ],
)
def test_another_epsilon_on_the_way_back(eps, eps_of_gamma, reason):
    assert why(batchnorm, INPUTS, by_hand(eps, eps_of_gamma), BN_OUT) == reason


def test_the_same_epsilon_is_right():
    assert check_backward(batchnorm, INPUTS, by_hand(EPS), BN_OUT)


def test_an_epsilon_inside_a_logarithm():
    def cost(z, y):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return -(y * np.log(np.maximum(p, 1e-2))).sum() / len(z)

    z, y = 5 * normal(6, 3), np.eye(3)[[0, 1, 2, 0, 1, 2]]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert (p[y > 0] < 1e-2).any()
    assert "the constant 0.01 is missing in" in why(cost, {"z": z, "y": y}, {"z": (p - y) / len(z)})


XB, WB, YB = normal(7, 3), normal(3), (normal(7) > 0) * 1.0


def logistic(w):
    a = 1 / (1 + np.exp(-(XB @ w)))
    return -np.mean(YB * np.log(a) + (1 - YB) * np.log(1 - a))


def lengths(w):
    d = np.sqrt(np.sum((XB - w) ** 2, axis=1))
    return np.sum(d**3)


A = 1 / (1 + np.exp(-(XB @ WB)))
OFF = WB - XB
D = np.sqrt(np.sum(OFF**2, axis=1, keepdims=True))


@pytest.mark.parametrize(
    ("forward", "by_hand", "said"),
    [
        (logistic, lambda eps: XB.T @ ((-YB / (A + eps) + (1 - YB) / (1 - A + eps)) * A * (1 - A)) / 7,
         "is added to `1 - a` and a in the backward pass, but not in the forward pass"),
        (logistic, lambda eps: XB.T @ ((A - YB) / (A * (1 - A) + eps) * A * (1 - A)) / 7,
         "is added to a (1 − a) in the backward pass, but not in the forward pass"),
        (lengths, lambda eps: (3 * D**2 * OFF / (D + eps)).sum(axis=0),
         "is added to d in the backward pass, but not in the forward pass"),
    ],
)  # fmt: skip
def test_an_epsilon_on_the_way_back_alone(forward, by_hand, said):
    assert check_backward(forward, {"w": WB}, {"w": by_hand(0.0)})
    for eps in (1e-5, 1e-8):
        assert f"{eps:g} {said}" in why(forward, {"w": WB}, {"w": by_hand(eps)})


def test_an_epsilon_may_be_an_array_of_one_number():
    eps, x, w, out = np.array([[1e-3]]), normal(1, 3), normal(3, 1), normal(1, 1)

    def root(w):
        return np.sqrt((x @ w) ** 2 + eps)

    z = x @ w
    assert check_backward(root, {"w": w}, {"w": x.T @ (out * z / np.sqrt(z**2 + eps))}, out)
    said = why(root, {"w": w}, {"w": x.T @ (out * z / np.sqrt(z**2))}, out)
    assert "the constant 0.001 is missing in the numbers" in said


def test_a_constant_that_smooths_a_share_is_missing_at_both_places():
    """A published mistake in a Dice loss: the backward pass leaves out `smooth`, which stands above and below."""
    x, t = np.random.default_rng(4).uniform(size=(2, 6))

    def dice(x):
        return 1 - (2 * np.sum(x * t) + 1) / (np.sum(x * x) + np.sum(t * t) + 1)

    def by_hand(smooth):
        above, below = 2 * np.sum(x * t) + smooth, np.sum(x * x) + np.sum(t * t) + smooth
        return {"x": -(2 * t * below - 2 * x * above) / below**2}

    assert check_backward(dice, {"x": x}, by_hand(1.0))
    said = why(dice, {"x": x}, by_hand(0.0))
    assert said.startswith("the constant 1, which is added in ")
    assert said.endswith(" is missing in the numbers from which dx is computed")

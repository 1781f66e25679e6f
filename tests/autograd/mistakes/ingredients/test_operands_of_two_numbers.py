"""Claims about factors of two numbers, which may be exchanged, and about roots in the place of factors."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

XO, WO, YO = normal(8, 5), normal(5), normal(8)
EO = YO - XO @ WO


def pinball(w):
    e = YO - XO @ w
    return np.sum(np.maximum(0.9 * e, -0.1 * e))


def expectile(w):
    e = YO - XO @ w
    return np.sum(np.where(e > 0, 0.8, 0.2) * e**2)


def bumps(g):
    r = XO**2
    return np.sum(np.exp(-g * r))


@pytest.mark.parametrize(
    ("forward", "name", "value", "right", "wrong", "said"),
    [
        (pinball, "w", WO, XO.T @ np.where(EO > 0, -0.9, 0.1), XO.T @ np.where(EO > 0, -0.1, 0.9),
         "are exchanged, but for their signs"),
        (expectile, "w", WO, XO.T @ (-2 * EO * np.where(EO > 0, 0.8, 0.2)),
         XO.T @ (-2 * EO * np.where(EO > 0, 0.2, 0.8)), "with 0.2 and 0.8 exchanged, is used instead of"),
        (bumps, "g", WO**2, -(XO**2 * np.exp(-(WO**2) * XO**2)).sum(axis=0),
         -(np.abs(XO) * np.exp(-(WO**2) * XO**2)).sum(axis=0), "the square root of"),
    ],
)  # fmt: skip
def test_numbers_exchanged_and_roots(forward, name, value, right, wrong, said):
    assert check_backward(forward, {name: value}, {name: right})
    assert said in why(forward, {name: value}, {name: wrong})


XT, WT = np.random.default_rng(3).normal(size=(12, 3)), np.array([0.4, -0.3, 0.6])
TS = np.where(np.arange(12) % 2 > 0, 1.0, -1.0)


def perceptron(w):
    return np.sum(np.maximum(0, -TS * (XT @ w)))


def weighted(w):
    share = np.where(TS > 0, 0.2, 0.7)
    return np.sum(share * np.sin(XT @ w))


def test_signs_that_are_left_out_and_one_number_for_all():
    f = XT @ WT
    right, without = XT.T @ (-TS * (-TS * f > 0)), -(XT.T @ (-TS * f > 0))
    assert check_backward(perceptron, {"w": WT}, {"w": right})
    said = why(perceptron, {"w": WT}, {"w": without})
    assert "the factor `TS` is missing in the gradient of `XT @ w`" in said
    assert check_backward(weighted, {"w": WT}, {"w": XT.T @ (np.where(TS > 0, 0.2, 0.7) * np.cos(f))})
    said = why(weighted, {"w": WT}, {"w": XT.T @ (0.7 * np.cos(f))})
    assert "0.7, one of its two numbers, in every place is used instead of share" in said


def test_returns_are_forgotten_and_the_minus_stays():
    returns = normal(4)

    def policy(w):
        loss = 0.0
        for k in range(4):
            loss = loss + -returns[k] * np.log(1 / (1 + np.exp(-(XT[k] @ w))))
        return loss

    p = 1 / (1 + np.exp(-(XT[:4] @ WT)))
    assert check_backward(policy, {"w": WT}, {"w": (returns * (p - 1)) @ XT[:4]})
    assert "the factor `returns[k]` is missing" in why(policy, {"w": WT}, {"w": (p - 1) @ XT[:4]})

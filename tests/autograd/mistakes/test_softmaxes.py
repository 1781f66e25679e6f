"""Claims about softmaxes: a part of their slope that is missing or replaced is named, and of their logarithm's."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def attended(S, V):
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    return P @ V


S, VALUES, G = normal(4, 3), normal(3, 2), normal(4, 2)
SOFT = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
DP = G @ VALUES.T


def total(values):
    return values.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("dS", "said"),
    [
        (DP * SOFT * (1 - SOFT), "taken as a sigmoid, with the diagonal p (1 − p) alone"),
        (DP * SOFT, "the sum in the slope of the softmax P, p (g − Σ g p), is missing"),
        (DP, "softmax′ is missing: the gradient of P is taken for that of S"),
        (DP - total(DP * SOFT), "the first factor p is missing in the slope of the softmax P"),
        (SOFT * (DP - total(DP)), "the factor p is missing in the sum in the slope of the softmax P"),
        (SOFT * (DP + total(DP * SOFT)), "the sum in the slope of the softmax P is added, not subtracted"),
        (-SOFT * total(DP * SOFT), "has only −pᵢ pⱼ"),
        (SOFT * (DP - (DP * SOFT).sum()), "runs over all of the array"),
        (SOFT * (DP - (DP * SOFT).sum(axis=0, keepdims=True)), "runs along another axis"),
        (SOFT * (DP - total(DP * SOFT) / 3), "the mean stands for the sum"),
        (S * (DP - total(DP * S)), "S stands in the place of P in the slope of the softmax"),
    ],
)
def test_the_slope_of_a_softmax(dS, said):
    assert check_backward(attended, {"S": S, "V": VALUES}, {"S": SOFT * (DP - total(DP * SOFT))}, G)
    assert said in why(attended, {"S": S, "V": VALUES}, {"S": dS, "V": SOFT.T @ G}, G)


def test_the_slope_of_a_softmax_twice():
    once = SOFT * (DP - total(DP * SOFT))
    twice = SOFT * (once - total(once * SOFT))
    assert "is applied twice" in why(attended, {"S": S, "V": VALUES}, {"S": twice, "V": SOFT.T @ G}, G)


def test_a_softmax_along_the_other_axis():
    """p − y with p of the wrong axis."""

    def cost(z, y):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return -(y * np.log(p)).sum()

    y = np.eye(3)[[0, 2, 1, 1]]
    other = np.exp(S) / np.exp(S).sum(axis=0)
    assert check_backward(cost, {"z": S, "y": y}, {"z": SOFT - y})
    assert "is taken along axis 0 on the way back, and along axis 1 in the forward pass" in why(
        cost, {"z": S, "y": y}, {"z": other - y}
    )


def log_softmax(S, V):
    L = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return L @ V


DL = G @ VALUES.T
LOGS = np.log(SOFT)


@pytest.mark.parametrize(
    ("dS", "said"),
    [
        (DL - SOFT, "the sum in the slope of the log softmax L, g − p Σ g, is missing"),
        (DL + SOFT * total(DL), "p Σ g is added in the slope of the log softmax L"),
        (DL, "p Σ g is missing in the slope of the log softmax L"),
        (DL - total(DL), "the factor p is missing in the slope of the log softmax L"),
        (DL - SOFT * DL, "p g stands for p Σ g"),
    ],
)
def test_the_slope_of_a_log_softmax(dS, said):
    inputs, dV = {"S": S, "V": VALUES}, LOGS.T @ G
    assert check_backward(log_softmax, inputs, {"S": DL - SOFT * total(DL), "V": dV}, G)
    assert said in why(log_softmax, inputs, {"S": dS, "V": dV}, G)

"""Claims about a normalisation's one-line gradient with several wrong parts: all of them are named, and none else."""

from itertools import product

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.operations.normalised_parts import FRONT, SECOND, THIRD
from tests.helpers.by_hand import normal, why

X, GAMMA, OUT = normal(4, 6), normal(6), normal(4, 6)


def layernorm(x, gamma):
    mu = x.mean(axis=1, keepdims=True)
    xhat = (x - mu) / np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    return gamma * xhat


def mean(values):
    return values.mean(axis=1, keepdims=True)


XC = X - mean(X)
S = 1 / np.sqrt(mean(XC**2) + 1e-5)
XHAT = XC * S
G = OUT * GAMMA

# the same parts as the file has, written by hand; n is 6
SECONDS = [np.zeros((4, 1)), G.sum(axis=1, keepdims=True), mean(G) / 6, -mean(G)]
THIRDS = [
    np.zeros((4, 6)), XHAT * (G * XHAT).sum(axis=1, keepdims=True), XHAT * mean(G * XHAT) / 6, -XHAT * mean(G * XHAT),
    mean(G * XHAT), XHAT * mean(G), mean(G), XC * mean(G * XC), XHAT * mean(G * XC), XC * mean(G * XHAT),
    XHAT * G * XHAT, XHAT, XHAT * mean(G * XHAT) / 2, XHAT * mean(G * XHAT) * 2,
]  # fmt: skip
FRONTS = [np.ones((4, 1)), S**2, 1 / S]


def gradients(second=None, third=None, front=None):
    second = mean(G) if second is None else second
    third = XHAT * mean(G * XHAT) if third is None else third
    return {"x": (S if front is None else front) * (G - second - third), "gamma": (OUT * XHAT).sum(axis=0)}


def test_the_line_is_right():
    assert check_backward(layernorm, {"x": X, "gamma": GAMMA}, gradients(), OUT)
    assert [len(parts) for parts in (SECOND, THIRD, FRONT)] == [len(parts) for parts in (SECONDS, THIRDS, FRONTS)]


FACTORS = (0, 1, 2, 3, 12, 13)  # the third parts that are factors of a path: they are told as two wrong paths
PAIRS = [*product(range(len(SECONDS)), range(len(THIRDS)))]


@pytest.mark.parametrize(("second", "third"), PAIRS[1::3])
def test_two_wrong_parts(second, third):
    said = why(layernorm, {"x": X, "gamma": GAMMA}, gradients(SECONDS[second], THIRDS[third]), OUT)
    told = f"{SECOND[second][0]} and {THIRD[third][0]}, in the gradient of x"
    assert ("the path through mu" if third in FACTORS else told) in said


@pytest.mark.parametrize(("second", "third", "front"), [(3, 9, 0), (1, 4, 2), (2, 8, 1)])
def test_three_wrong_parts(second, third, front):
    wrong = gradients(SECONDS[second], THIRDS[third], FRONTS[front])
    said = why(layernorm, {"x": X, "gamma": GAMMA}, wrong, OUT)
    assert f"{SECOND[second][0]}, {THIRD[third][0]} and {FRONT[front][0]}, in the gradient of x" in said


def test_a_mean_that_is_forgotten():
    said = why(layernorm, {"x": X, "gamma": GAMMA}, gradients(third=XHAT), OUT)
    assert "xhat stands alone, without the factor mean(g xhat)" in said
    said = why(layernorm, {"x": X, "gamma": GAMMA}, gradients(third=XHAT * G * XHAT), OUT)
    assert "g xhat is used instead of its mean" in said


def test_random_numbers_have_no_reason():
    assert not why(layernorm, {"x": X, "gamma": GAMMA}, gradients() | {"x": normal(4, 6)}, OUT)

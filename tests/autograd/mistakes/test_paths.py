"""Claims about paths: one that is missing, counts twice or has a wrong factor is named; so is a lone use."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.factors import Factors
from autograd.mistakes.paths import scaled
from tests.helpers.by_hand import (
    BN,
    BN_OUT,
    NET,
    NET_OUT,
    RNN,
    RNN_OUT,
    batchnorm,
    batchnorm_by_hand,
    first_layer,
    network,
    network_by_hand,
    normal,
    recorded,
    recurrent,
    recurrent_by_hand,
    why,
)


def test_the_passes_by_hand_are_right():
    assert check_backward(batchnorm, BN, batchnorm_by_hand(), BN_OUT)
    p = network_by_hand()
    assert check_backward(network, NET, first_layer(p, p.dz1), NET_OUT)
    assert check_backward(recurrent, RNN, recurrent_by_hand(), RNN_OUT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"through_mu": 0.0}, "the path through mu is missing"),
        ({"through_mu": 2.0}, "the path through mu is counted twice"),
        ({"through_mu": -1.0}, "the path through mu has the wrong sign"),
        ({"through_var": 0.0}, "the path through var and std is missing"),
        ({"through_var": 6 / 5}, "6/(6 − 1) times what it should be"),
        ({"through_var": 0.5}, "is 1/2 of what it should be"),
        ({"through_var": 1.2345}, "the path through var and std is 1.2345 times what it should be"),
        ({"through_var": -1.0}, "the path through var and std has the wrong sign"),
    ],
)
def test_a_path_through_an_array(given, said):
    assert said in why(batchnorm, BN, batchnorm_by_hand(**given), BN_OUT)


def test_a_path_from_one_array_to_another():
    """x goes into the product and past it, and the path past it is missing."""

    def residual(x, W):
        z = x @ W
        a = np.tanh(z)
        y = x + a
        return y * 1.0

    x, W, dout = normal(4, 3), normal(3, 3), normal(4, 3)
    dz = dout * (1 - np.tanh(x @ W) ** 2)
    wrong = {"x": dz @ W.T, "W": x.T @ dz}
    assert "the path from x to y is missing" in why(residual, {"x": x, "W": W}, wrong, dout)
    wrong["x"] = dout
    assert "the path through z and a is missing" in why(residual, {"x": x, "W": W}, {"x": dout}, dout)


def test_nothing_comes_back_from_the_next_step():
    """No gradient comes back through either of the two states."""

    def forward(x, U, W):
        h, c = np.full(3, 0.5), np.full(3, 0.2)
        hs = []
        for t in range(3):
            c = 0.5 * c + x[t] @ U
            h = np.tanh(c + h @ W)
            hs.append(h)
        return np.stack(hs)

    def by_hand(next_step):
        h, c, states = np.full(3, 0.5), np.full(3, 0.2), []
        for t in range(3):
            c, before = 0.5 * c + x[t] @ U, h
            h = np.tanh(c + h @ W)
            states.append((before, h))
        dx, dU, dW, dh, dc = np.zeros_like(x), np.zeros_like(U), np.zeros_like(W), 0.0, 0.0
        for t in (2, 1, 0):
            before, h = states[t]
            ds = (dout[t] + dh) * (1 - h * h)
            dct = dc + ds
            dx[t], dU, dW = dct @ U.T, dU + np.outer(x[t], dct), dW + np.outer(before, ds)
            dh, dc = next_step * (ds @ W.T), next_step * 0.5 * dct
        return {"x": dx, "U": dU, "W": dW}

    x, U, W, dout = normal(3, 2), normal(2, 3), normal(3, 3), normal(3, 3)
    inputs = {"x": x, "U": U, "W": W}
    assert check_backward(forward, inputs, by_hand(1.0), dout)
    assert "no gradient goes from a turn of the loop back to the turn before, through" in why(
        forward, inputs, by_hand(0.0), dout
    )
    said = why(recurrent, RNN, recurrent_by_hand(back=lambda dz, W: np.zeros(4)), RNN_OUT)
    assert said == "no gradient goes from a turn of the loop back to the turn before, through h"


@pytest.mark.parametrize(
    ("t", "said"),
    [(0.0, "it is missing"), (2.0, "it is counted twice"), (-1.0, "it has the wrong sign"),
     (0.5, "it is 1/2 of"), (6.0, "it is 6 times"), (1.2, "it is 6/(6 − 1) times"), (0.123456789, "it is 0.123457")],
)  # fmt: skip
def test_what_a_factor_of_a_path_means(t, said):
    assert said in scaled(t, Factors(recorded(batchnorm, BN, BN_OUT)), "it")


def test_a_path_of_several_uses_between_two_names():
    x, w, v = normal(6, 3), normal(3), normal(3)

    def cost(w, v):
        m, s = x @ v, x @ w
        kl = np.sum(np.exp(s) - s + m**2)
        return np.sum(s**2 * m) + kl

    m, s = x @ v, x @ w
    right = {"w": x.T @ (2 * s * m + np.exp(s) - 1), "v": x.T @ (s**2 + 2 * m)}
    assert check_backward(cost, {"w": w, "v": v}, right)
    wrong = {**right, "w": x.T @ (2 * s * m - np.exp(s) + 1)}
    assert "the path from s to kl has the wrong sign" in why(cost, {"w": w, "v": v}, wrong)

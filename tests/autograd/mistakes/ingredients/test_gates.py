"""Claims about two gates whose gradients are exchanged in each turn of a loop."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

H = 3
GIVEN = {"x": normal(3, 2), **{f"W{k}": normal(H + 2, H) for k in "fig"}}
OUT = normal(H)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def in_one_line(x, Wf, Wi, Wg):
    h = np.zeros(H)
    for t in range(3):
        z = np.concatenate([h, x[t]])
        f, i = 1 / (1 + np.exp(-(z @ Wf))), 1 / (1 + np.exp(-(z @ Wi)))
        h = f * h + i * np.tanh(z @ Wg)
    return h


def by_a_helper(x, Wf, Wi, Wg):
    h = np.zeros(H)
    for t in range(3):
        z = np.concatenate([h, x[t]])
        f = sigmoid(z @ Wf)
        i = sigmoid(z @ Wi)
        h = f * h + i * np.tanh(z @ Wg)
    return h


def by_hand(exchanged=""):
    x, Wf, Wi, Wg = GIVEN.values()
    h, kept = np.zeros(H), []
    for t in range(3):
        z = np.concatenate([h, x[t]])
        f, i, g = sigmoid(z @ Wf), sigmoid(z @ Wi), np.tanh(z @ Wg)
        kept.append((z, h, f, i, g))
        h = f * h + i * g
    d, dh = {name: np.zeros_like(array) for name, array in GIVEN.items()}, OUT
    for t in (2, 1, 0):
        z, h, f, i, g = kept[t]
        df, di, dg = dh * h * f * (1 - f), dh * g * i * (1 - i), dh * i * (1 - g**2)
        if exchanged == "everywhere":
            df, di = di, df
        for name, gate in (("Wf", df), ("Wi", di), ("Wg", dg)):
            d[name] += np.outer(z, gate)
        if exchanged == "on the way back":
            df, di = di, df
        dz = Wf @ df + Wi @ di + Wg @ dg
        dh, d["x"][t] = dh * f + dz[:H], dz[H:]
    return d


@pytest.mark.parametrize("forward", [in_one_line, by_a_helper])
def test_two_gates_with_exchanged_gradients(forward):
    assert check_backward(forward, GIVEN, by_hand(), OUT)
    said = why(forward, GIVEN, by_hand("everywhere"), OUT)
    assert "the gradients of the input of f(1) … f(3) and of the input of i(1) … i(3) are exchanged" in said
    said = why(forward, GIVEN, by_hand("on the way back"), OUT)
    assert "are exchanged on the way back to z(1) … z(3)" in said


@pytest.mark.all_the_time
@pytest.mark.parametrize("forward", [in_one_line, by_a_helper])
def test_random_gradients_are_of_no_gates(forward):
    assert why(forward, GIVEN, {name: normal(*array.shape) for name, array in GIVEN.items()}, OUT) == ""

"""Claims about an array, or the gradient of another one, that stands in for a gradient in a product."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

N, D = 5, 4
X, OUT = normal(N, D), normal(N, D)
ATTENTION = {"x": X, "Wq": normal(D, D), "Wk": normal(D, D), "Wv": normal(D, D)}


def attention(x, Wq, Wk, Wv):
    Q, K, V = x @ Wq, x @ Wk, x @ Wv
    S = Q @ K.T / 2.0
    P = np.exp(S)
    P = P / P.sum(axis=1, keepdims=True)
    return P @ V


def by_hand(for_dK=None, for_dS=None, for_dV=None):
    """`for_dK`, `for_dS` and `for_dV` name what stands for the gradient of K, S or V in one product."""
    x, Wq, Wk, Wv = ATTENTION.values()
    Q, K, V = x @ Wq, x @ Wk, x @ Wv
    S = Q @ K.T / 2.0
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    dP, dV = OUT @ V.T, P.T @ OUT
    dS = P * (dP - (dP * P).sum(axis=1, keepdims=True))
    dQ, dK = dS @ K / 2.0, dS.T @ Q / 2.0
    it = {"Q": Q, "K": K, "S": S, "dP": dP, "dQ": dQ, None: None}
    dQ = it[for_dS] @ K / 2.0 if for_dS else dQ
    read = {"dV": it[for_dV] if for_dV else dV, "dK": it[for_dK] if for_dK else dK}
    dx = dQ @ Wq.T + dK @ Wk.T + read["dV"] @ Wv.T
    return {"x": dx, "Wq": x.T @ dQ, "Wk": x.T @ read["dK"], "Wv": x.T @ dV}


def test_the_right_gradients_are_right():
    assert check_backward(attention, ATTENTION, by_hand(), OUT)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"for_dK": "Q"}, "the gradient of Wk is computed from Q, not from the gradient of K"),
        ({"for_dV": "K"}, "the gradient of x through V is computed from K, not from the gradient of V"),
        ({"for_dS": "S"}, "the gradient of Q is computed from S, not from the gradient of S"),
        ({"for_dS": "dP"}, "the gradient of Q is computed from the gradient of P(2), not from the gradient of S"),
    ],
)
def test_another_array_stands_for_a_gradient(wrong, said):
    assert said in why(attention, ATTENTION, by_hand(**wrong), OUT)


@pytest.mark.parametrize("name", ["Wq", "Wk", "Wv"])
def test_random_numbers_stand_for_no_array(name):
    gradients = by_hand()
    gradients[name] = X.T @ np.random.default_rng(1).normal(size=(N, D))
    assert why(attention, ATTENTION, gradients, OUT) == ""


# ---- in a loop

T, UP = 3, normal(3, D)
STATES = {"x": normal(T, 3), "W": normal(D, D), "U": normal(3, D)}


def loop(x, W, U):
    h, hs = np.zeros((1, D)), []
    for t in range(T):
        h = np.tanh(h @ W + x[[t]] @ U)
        hs.append(h[0])
    return np.stack(hs)


def test_what_another_product_passes_back_stands_for_the_gradient():
    """A published mistake: δ5 = δ4 Wᵀ is what goes back to the state before, and is used for dU too."""
    x, W, U = STATES.values()
    for is_right in (True, False):
        hs, dx = loop(x, W, U), np.zeros_like(x)
        dW, dU, dh = np.zeros_like(W), np.zeros_like(U), np.zeros((1, D))
        for t in (2, 1, 0):
            dz = (UP[t] + dh) * (1 - hs[t] ** 2)
            dh = dz @ W.T
            dW += (hs[t - 1 : t] if t else np.zeros((1, D))).T @ dz
            dU += x[t : t + 1].T @ (dz if is_right else dh)
            dx[t] = (dz @ U.T)[0]
        gradients = {"x": dx, "W": dW, "U": dU}
        if is_right:
            assert check_backward(loop, STATES, gradients, UP)
    said = why(loop, STATES, gradients, UP)
    assert "is computed from what `h @ W` passes back to h … h(2), not from the gradient of `x[[t]] @ U`" in said

"""Claims about the state of another turn of a loop, which the backward pass reads."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

U, V, H, OUT = normal(3, 3) / 2, normal(3, 3) / 2, normal(3), normal(3)
INPUTS = {"h": H, "U": U, "V": V}


def forward(h, U, V):
    for _ in range(4):
        r = np.exp(-(h @ U))
        h = np.tanh((r * h) @ V) - h / 2
    return h


def by_hand(shift=0):
    """`shift` is added to the index of the states in the list."""
    hs, rs = [H], []
    for _ in range(4):
        rs.append(np.exp(-(hs[-1] @ U)))
        hs.append(np.tanh((rs[-1] * hs[-1]) @ V) - hs[-1] / 2)
    dU, dV, dh = np.zeros_like(U), np.zeros_like(V), OUT
    for t in (3, 2, 1, 0):
        read, r, tanh = hs[t + shift], rs[t], hs[t + 1] + hs[t] / 2
        dz = dh * (1 - tanh**2)
        dV += np.outer(r * read, dz)
        drh = V @ dz
        da = -drh * read * r
        dU += np.outer(read, da)
        dh = drh * r + U @ da - dh / 2
    return {"h": dh, "U": dU, "V": dV}


def test_the_state_of_each_turn_is_right():
    assert check_backward(forward, INPUTS, by_hand(), OUT)


@pytest.mark.parametrize(
    ("shift", "said"),
    [(1, "h(1) … h(4), which the turns make, are read wherever the backward pass needs h … h(3)"),
     (-1, "(a list at index −1 gives its last entry) are read wherever the backward pass needs h … h(3)")],
)  # fmt: skip
def test_the_state_of_another_turn(shift, said):
    assert said in why(forward, INPUTS, by_hand(shift), OUT)


# ---- all of a turn


def gated(x, W, U):
    h = H
    for t in range(4):
        g = 1 / (1 + np.exp(-(x[t] @ W)))
        h = g * np.tanh(h @ U) + (1 - g) * h
    return h


@pytest.mark.parametrize("of_x", [False, True])
@pytest.mark.parametrize(("shift", "said"), [(-1, "before (a list at index −1 gives its last entry)"), (1, "after")])
def test_all_that_a_turn_keeps_is_of_another_turn(shift, said, of_x):
    x, W, U = normal(4, 5), normal(5, 3), normal(3, 3)
    for by in (0, shift):
        cache, h = [], H
        for t in range(4):
            g, n = 1 / (1 + np.exp(-(x[t] @ W))), np.tanh(h @ U)
            cache.append((x[t], h, g, n))
            h = g * n + (1 - g) * h
        dW, dU, dh = np.zeros_like(W), np.zeros_like(U), OUT
        for t in (3, 2, 1, 0):
            xt, h, g, n = cache[(t + by) % 4]
            xt = xt if of_x else x[t]
            da, dn = dh * (n - h) * g * (1 - g), dh * g * (1 - n**2)
            dh = dh * (1 - g) + U @ dn
            dW += np.outer(xt, da)
            dU += np.outer(h, dn)
        gradients = {"W": dW, "U": dU}
        if not by:
            assert check_backward(lambda W, U: gated(x, W, U), {"W": W, "U": U}, gradients, OUT)
    but = "" if of_x else ", except for given arrays such as x[t]"
    reason = why(lambda W, U: gated(x, W, U), {"W": W, "U": U}, gradients, OUT)
    assert f"in each turn of a loop, the backward pass reads the numbers of the turn {said}{but}" in reason

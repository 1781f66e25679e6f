"""Claims about what goes back from turn to turn of a loop and adds up."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, U, H0, C0, UP = normal(4, 2, 3), normal(3, 3), normal(3, 3) / 2, normal(2, 3), normal(2, 3), normal(4, 2, 3)
INPUTS = {"W": W, "U": U, "h": H0, "c": C0}
ANEW = "is added to what the turns after it passed back (+=): it must be set anew in each turn"


def forward(W, U, h, c):
    hs = []
    for x in X:
        c = c / 2 + np.tanh(x @ W + h @ U)
        h = np.sin(c)
        hs.append(h)
    return np.stack(hs)


def by_hand(fault=""):
    states, h, c = [], H0, C0
    for x in X:
        t = np.tanh(x @ W + h @ U)
        states.append((x, h, t, c / 2 + t))
        h, c = np.sin(c / 2 + t), c / 2 + t
    dW, dU, dh, dc = np.zeros_like(W), np.zeros_like(U), np.zeros_like(H0), np.zeros_like(C0)
    for t in (3, 2, 1, 0):
        x, h, tanh, c = states[t]
        whole = UP[t] + dh
        dcell = dc + whole * np.cos(c)
        dz = dcell * (1 - tanh**2)
        dW += x.T @ dz
        dU += h.T @ dz
        dh = dz @ U.T + {"h": dh, "both": dh, "whole": whole}.get(fault, 0)
        dc = dcell / 2 + (dc if fault in ("c", "both") else 0)
    return {"W": dW, "U": dU, "h": dh, "c": dc}


def test_set_anew_in_each_turn_is_right():
    assert check_backward(forward, INPUTS, by_hand(), UP)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("h", f"what each turn of the loop passes back to h {ANEW}"),
        ("c", f"what each turn of the loop passes back to c {ANEW}"),
        ("both", f"what each turn of the loop passes back to c and h {ANEW}"),
        ("whole", "each turn of the loop also passes the whole gradient of h back to the turn before, unchanged"),
    ],
)
def test_what_adds_up(fault, said):
    assert said in why(forward, INPUTS, by_hand(fault), UP)

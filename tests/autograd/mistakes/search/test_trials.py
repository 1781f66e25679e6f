"""Claims about trials: the number of an edit whose places depend on each other, and two edits at once."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


T, H = 4, 3
X, WZ, WN, UZ, UN, OUT = normal(T, 2), normal(H, 2), normal(H, 2), normal(H, H), normal(H, H), normal(T, H)
GATED = {"x": X, "Wz": WZ, "Wn": WN, "Uz": UZ, "Un": UN}


def gated(x, Wz, Wn, Uz, Un):
    h, hs = np.zeros(3), []
    for t in range(4):
        z = sigmoid(Wz @ x[t] + Uz @ h)
        n = np.tanh(Wn @ x[t] + Un @ h)
        h = (1 - z) * n + z * h
        hs.append(h)
    return np.stack(hs)


def gated_by_hand(*faults):
    h, steps = np.zeros(H), []
    for t in range(T):
        z, n = sigmoid(WZ @ X[t] + UZ @ h), np.tanh(WN @ X[t] + UN @ h)
        steps.append((h, z, n))
        h = (1 - z) * n + z * h
    found = {name: np.zeros_like(array) for name, array in GATED.items()}
    dh, after = np.zeros(H), h
    for t in reversed(range(T)):
        h, z, n = steps[t]
        dh = dh + OUT[t]
        dn = dh * (1 - z) * (1 - (np.tanh(n) if "twice" in faults else n) ** 2)
        dz = dh * (h - n) * (1 if "slope" in faults else z * (1 - z)) * (-1 if "sign" in faults else 1)
        found["x"][t] = WZ.T @ dz + WN.T @ dn
        found["Wz"] += np.outer(dz, X[t])
        found["Wn"] += np.outer(dn, X[t])
        found["Uz"] += np.outer(dz, after if "h(t)" in faults else h)
        found["Un"] += np.outer(dn, h)
        dh, after = UZ.T @ dz + UN.T @ dn + (0 if "around" in faults else dh * z), h
    return found


def test_a_sign_at_every_time_step():
    said = why(gated, GATED, gated_by_hand("sign"), OUT)
    assert "the path through z(1) … z(4) has the wrong sign" in said


@pytest.mark.parametrize("factor", [-1.0, 2.0])
def test_a_path_from_step_to_step_times_a_number(factor):
    """In another kind of layer, a decaying sum, in which each step uses the one before."""

    def decaying(x, w):
        s = np.zeros(5)
        for t in range(3):
            m = w * s
            s = np.sin(x[t] + m)
        return s

    x, w, out = normal(3, 5), normal(5), normal(5)
    states = [np.zeros(5)]
    for t in range(3):
        states.append(np.sin(x[t] + w * states[-1]))
    dx, dw, ds = np.zeros_like(x), np.zeros_like(w), out
    for t in reversed(range(3)):
        dx[t] = ds * np.cos(x[t] + w * states[t])
        dm = factor * dx[t]
        dw += dm * states[t]
        ds = dm * w
    said = why(decaying, {"x": x, "w": w}, {"x": dx, "w": dw}, out)
    assert {-1.0: "has the wrong sign", 2.0: "is counted twice"}[factor] in said


@pytest.mark.no_cover  # coverage would take most of the time of a search
@pytest.mark.parametrize(
    ("faults", "first", "second"),
    [
        (("slope", "h(t)"), "the gradient of z(1) … z(4) is passed back to", "h(1) … h(4), is used instead of h …"),
        (("twice", "h(t)"), "is evaluated at the output n(1) … n(4)", "h(1) … h(4), is used instead of h …"),
        (("slope", "around"), "z(1) … z(4) is passed back to", "the path from h(1) … h(3) to `z * h` is"),
    ],
)  # fmt: skip
def test_two_at_every_time_step(faults, first, second):
    said = why(gated, GATED, gated_by_hand(*faults), OUT)
    assert first in said
    assert ", and also " in said
    assert second in said


@pytest.mark.all_the_time
def test_right_ones_agree_and_random_ones_have_no_reason():
    assert check_backward(gated, GATED, gated_by_hand(), OUT)
    assert why(gated, GATED, {name: normal(*array.shape) for name, array in GATED.items()}, OUT) == ""
    nearly = {**gated_by_hand("slope"), "Uz": normal(H, H)}
    assert why(gated, GATED, nearly, OUT) == ""

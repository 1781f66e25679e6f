"""Claims about the slope of a function for some uses of its output: it is missing there, or is that of these uses."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def states_and_cost(U, V, w, x):
    s, cost = np.zeros(3), 0.0
    for row in x:
        s = np.tanh(U @ row + V @ s)
        cost = cost + np.exp(w @ s)
    return cost


X = normal(4, 2)
INPUTS = {"U": normal(3, 2), "V": normal(3, 3), "w": normal(3)}


def forward(U, V, w):
    return states_and_cost(U, V, w, X)


def by_hand(fault=""):
    """As is often written: from each step's cost back through all steps before."""
    U, V, w = INPUTS.values()
    s = [np.zeros(3)]
    for row in X:
        s.append(np.tanh(U @ row + V @ s[-1]))
    dU, dV, dw = np.zeros_like(U), np.zeros_like(V), np.zeros_like(w)
    for t in range(1, 5):
        dw += np.exp(w @ s[t]) * s[t]
        delta = np.exp(w @ s[t]) * w * (1 - s[t] ** 2)
        for k in range(t, 0, -1):
            dU += np.outer(delta, X[k - 1])
            dV += np.outer(delta, s[k - 1])
            slope = {"": 1 - s[k - 1] ** 2, "after": 1 - s[k] ** 2, "missing": 1.0}[fault]
            delta = V.T @ delta * slope
    return {"U": dU, "V": dV, "w": dw}


def test_the_slope_of_each_step_is_right():
    assert check_backward(forward, INPUTS, by_hand())


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("after", "for the gradient that comes back to s(1) … s(3) from `V @ s`, tanh′(`U @ row + V @ s`) of the step"
                  " after is used instead of tanh′(`U @ row + V @ s`)"),
        ("missing", "tanh′(`U @ row + V @ s`) is missing for the gradient that comes back to s(1) … s(3) from `V @ s`"),
    ],
)  # fmt: skip
def test_the_slope_on_the_way_from_the_next_step(fault, said):
    assert said in why(forward, INPUTS, by_hand(fault))

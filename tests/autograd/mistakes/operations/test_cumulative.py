"""Claims about running sums: the reason says over which places their gradient was summed."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, OUT = normal(3, 5), normal(3, 5)
U = np.exp(X)
S = U.cumsum(axis=1)
DS = 2 * OUT * S


def running(x):
    u = np.exp(x)
    s = np.cumsum(u, axis=1)
    return s**2


RIGHT = DS[:, ::-1].cumsum(axis=1)[:, ::-1]
TOTAL = DS.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("dx", "said"),
    [
        (DS.cumsum(axis=1), "summed from the start, not from the end"),
        (DS, "passed back unchanged, not summed from the end"),
        (np.broadcast_to(TOTAL, X.shape), "summed over the whole axis, not from the end"),
        (RIGHT - DS, "summed from the end without its own place"),
    ],
)
def test_another_sum_for_the_sum_from_the_end(dx, said):
    assert check_backward(running, {"x": X}, {"x": RIGHT * U}, OUT)
    assert f"the gradient of the running sum s is {said}" in why(running, {"x": X}, {"x": dx * U}, OUT)


def test_the_sum_of_all_for_the_running_sum():
    total = 2 * U.sum(axis=1, keepdims=True)
    dx = U * (OUT * total).sum(axis=1, keepdims=True)
    said = why(running, {"x": X}, {"x": dx}, OUT)
    assert "the sum over the whole axis is used instead of the running sum s" in said


def test_an_array_of_other_sums_is_no_running_sum():
    def forward(x):
        s = np.stack([x[:, 0], x[:, 1] + x[:, 2], x[:, 3]], axis=1)
        return s**2

    dx = np.zeros_like(X)
    dx[:, 0] = 1.0
    assert "running sum" not in why(forward, {"x": X}, {"x": dx}, OUT[:, :3])


@pytest.mark.parametrize("axis", [0, 1])
def test_a_sum_that_is_never_set_to_0(axis):
    x, V, W, dout = normal(4, 3), normal(3, 5), normal(5, 2), normal(4, 2)

    def network(V, W):
        h = np.tanh(x @ V)
        return h @ W

    def by_hand(dh):
        h = np.tanh(x @ V)
        return {"V": x.T @ (dh * (1 - h**2)), "W": h.T @ dout}

    dh = dout @ W.T
    assert check_backward(network, {"V": V, "W": W}, by_hand(dh), dout)
    said = why(network, {"V": V, "W": W}, by_hand(dh.cumsum(axis=axis)), dout)
    assert f"the sum in the gradient of h is not set to 0 for each entry along axis {axis}" in said

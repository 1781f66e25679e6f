"""Claims about orders: what is transposed, reversed or shifted is named; so is a slice that counts alone."""

import numpy as np
import pytest

from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
RIGHT = first_layer(P, P.dz1)


def square(x, W):
    z = x @ W
    return np.tanh(z)


X, W, DOUT = normal(4, 3), normal(3, 3), normal(4, 3)
DZ = DOUT * (1 - np.tanh(X @ W) ** 2)


@pytest.mark.parametrize(
    ("dW", "said"),
    [
        (DZ.T @ X, "dW comes transposed"),
        ((X.T @ DZ)[::-1], "dW comes in reverse order along axis 0"),
        ((X.T @ DZ)[:, ::-1], "dW comes in reverse order along axis 1"),
        (np.roll(X.T @ DZ, 1, axis=0), "dW comes shifted by one along axis 0"),
        ((X.T @ DZ)[::-1, ::-1], "dW comes turned by 180°"),
    ],
)
def test_a_gradient_in_another_order(dW, said):
    assert said in why(square, {"x": X, "W": W}, {"x": DZ @ W.T, "W": dW}, DOUT)


def test_a_gradient_that_fits_by_a_reshape():
    given = {**RIGHT, "W1": (P.dz1.T @ P.x).reshape(3, 4)}
    assert "dW1 comes transposed, and reshaped so that it fits" in why(network, NET, given, NET_OUT)


def test_what_is_taken_in_another_order_on_the_way():
    """The heads of an attention: out.reshape(…) for what wants a transpose."""

    def heads(x, W):
        a = (x @ W).reshape(4, 2, 3).transpose(1, 0, 2)
        return np.tanh(a)

    x, w, dout = normal(4, 5), normal(5, 6), normal(2, 4, 3)
    a = (x @ w).reshape(4, 2, 3).transpose(1, 0, 2)
    da = dout * (1 - np.tanh(a) ** 2)
    wrong = da.reshape(4, 6)
    said = why(heads, {"x": x, "W": w}, {"x": wrong @ w.T, "W": x.T @ wrong}, dout)
    assert "the gradient of a is reshaped as it stands on the way to" in said


def two_parts(a, b):
    both = np.concatenate([a, b], axis=1)
    return np.tanh(both)


def test_parts_that_are_exchanged():
    a, b, dout = normal(3, 2), normal(3, 2), normal(3, 4)
    d = dout * (1 - np.tanh(np.concatenate([a, b], axis=1)) ** 2)
    said = why(two_parts, {"a": a, "b": b}, {"a": d[:, 2:], "b": d[:, :2]}, dout)
    assert "da and db are exchanged" in said


def test_a_slice_alone():
    def forward(x, w):
        y = x * w
        return y.sum(axis=0)

    x, w, dout = normal(4, 3), normal(3), normal(3)
    first = np.zeros((4, 3))
    first[0] = dout * w
    said = why(forward, {"x": x, "w": w}, {"x": first, "w": x[0] * dout}, dout)
    assert "the first one along axis 0 counts alone" in said or "example 1 alone" in said


def test_one_that_is_left_out():
    def forward(x, w):
        y = np.exp(x * w)
        return y.sum(axis=0)

    x, w, dout = normal(4, 3), normal(3), normal(3)
    d = dout * np.exp(x * w)
    d[-1] = 0.0
    said = why(forward, {"x": x, "w": w}, {"x": d * w, "w": (d * x).sum(axis=0)}, dout)
    assert "the last one along axis 0 is left out" in said

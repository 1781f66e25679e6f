"""Claims about slopes that are passed back alone: the reason says that the incoming gradient is forgotten."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W1, W2, DOUT = normal(5, 3), normal(3, 4), normal(4, 2), normal(5, 2)
FUNCTIONS = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "sin": (np.sin, np.cos),
}


def layers(f):
    def forward(W1, W2):
        z = X @ W1
        a = f(z)
        return a @ W2

    return forward


def by_hand(f, df, through):
    z = X @ W1
    da = DOUT @ W2.T
    return {"W1": X.T @ through(da, df(z), df), "W2": f(z).T @ DOUT}


def judged(f, df, through):
    given = {"W1": W1, "W2": W2}
    assert check_backward(layers(f), given, by_hand(f, df, lambda g, slope, df: g * slope), DOUT)
    return why(layers(f), given, by_hand(f, df, through), DOUT)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("n", [1, 5])
def test_the_slope_alone(name, n):
    said = judged(*FUNCTIONS[name], lambda g, slope, df: slope / n)
    assert "alone is passed back, not multiplied by the incoming gradient" in said


@pytest.mark.parametrize("name", ["tanh", "sin"])
def test_the_derivative_of_the_incoming_gradient(name):
    said = judged(*FUNCTIONS[name], lambda g, slope, df: df(g))
    assert "of the incoming gradient is passed back alone, not" in said


@pytest.mark.parametrize("n", [1, 5])
def test_one_factor_of_the_slope_of_a_sigmoid_alone(n):
    sigmoid = (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2)
    a = sigmoid[0](X @ W1)
    assert "1 − a alone is passed back, not σ′(z) times" in judged(*sigmoid, lambda g, slope, df: (1 - a) / n)


def test_the_slope_in_one_branch_alone():
    def forward(z, w):
        return np.abs(z) * w

    z, w, dout = normal(5, 3), normal(3), normal(5, 3)
    g, sign, given = dout * w, np.sign(z), {"z": z, "w": w}
    dw = (dout * np.abs(z)).sum(axis=0)
    assert check_backward(forward, given, {"z": sign * g, "w": dw}, dout)
    said = why(forward, given, {"z": np.where(z > 0, g, -1.0), "w": dw}, dout)
    assert "is not 1," in said
    assert said.endswith("is passed back alone, not multiplied by the incoming gradient")


def test_a_slope_where_every_incoming_gradient_is_1_is_right():
    def cost(x):
        return np.sum(np.tanh(x))

    assert check_backward(cost, {"x": X}, {"x": 1 - np.tanh(X) ** 2})
    assert "alone" not in why(cost, {"x": X}, {"x": 3 * (1 - np.tanh(X) ** 2)})


def test_random_numbers_get_no_reason():
    f, df = FUNCTIONS["tanh"]
    random = normal(5, 4)
    assert judged(f, df, lambda g, slope, df: random) == ""


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


BY_OUTPUT = {
    "tanh": (np.tanh, lambda y: 1 - y * y, lambda g, y: g * 1 - y * y, "g · 1 − y² is computed"),
    "sigmoid": (sigmoid, lambda y: y * (1 - y), lambda g, y: g * y * 1 - y, "g · y · 1 − y is computed"),
}


@pytest.mark.parametrize("name", BY_OUTPUT)
def test_brackets_are_missing(name):
    """A published mistake: grad * 1 - a * a."""
    f, slope, wrong, said = BY_OUTPUT[name]
    df = lambda z: slope(f(z))  # noqa: E731
    assert said in judged(f, df, lambda g, slope, df: wrong(g, f(X @ W1)))


def test_a_sigmoid_of_one_minus_a_sigmoid():
    """A published mistake: sigmoid(1 - sigmoid(next_dz)), where the layer's z plays no part."""
    df = lambda z: sigmoid(z) * (1 - sigmoid(z))  # noqa: E731
    said = judged(sigmoid, df, lambda g, slope, df: sigmoid(1 - sigmoid(g)))
    assert said == "σ(1 − σ(g)), with g the incoming gradient, is passed back alone, not σ′(z) times g"


def test_the_mask_alone_of_another_function():
    """A published mistake: the derivative of a leaky ReLU is z >= 0, and the incoming gradient is dropped."""
    said = judged(np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda g, slope, df: 1.0 * (X @ W1 > 0))
    assert said == "the mask (z > 0) alone is passed back, not tanh′(z) times the incoming gradient"

"""Claims about gradients that go back through an operation that is not on their way."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

DRAW = np.random.default_rng(5)
X, W, DOUT = (DRAW.normal(size=shape) for shape in ((4, 3), (3, 3), (4, 3)))


def block(x, w):
    z = np.tanh(x)
    return x + z @ w


def of_block(fault=""):
    z = np.tanh(X)
    dz = DOUT @ W.T
    found = {"x": DOUT + dz * (1 - z**2), "w": z.T @ DOUT}
    return found | ({"x": (DOUT + dz) * (1 - z**2)} if fault else {})


def test_the_gradient_of_a_way_around_goes_through_the_function_too():
    assert check_backward(block, {"x": X, "w": W}, of_block(), DOUT)
    said = why(block, {"x": X, "w": W}, of_block("tanh"), DOUT)
    assert "the gradient of x from `x + z @ w` goes back through z first" in said


@pytest.mark.parametrize("alone", [True, False])
def test_another_array_may_get_the_gradient_too(alone):
    g = normal(3)

    def norm(x, g):
        n = x / np.sqrt(np.sum(x**2, axis=1, keepdims=True))
        y = n * g
        return x * 2 + np.sin(y)

    r = 1 / np.sqrt(np.sum(X**2, axis=1, keepdims=True))
    dy = DOUT * np.cos(X * r * g)

    def gone_back(dy, dx=0.0, dy_of_g=dy):
        dn = dy * g
        dx = dx + dn * r - X * r**3 * (dn * X).sum(axis=1, keepdims=True)
        return {"x": dx, "g": (dy_of_g * X * r).sum(axis=0)}

    inputs = {"x": X, "g": g}
    assert check_backward(norm, inputs, gone_back(dy, 2 * DOUT), DOUT)
    both = dy + 2 * DOUT
    said = why(norm, inputs, gone_back(both, dy_of_g=dy if alone else both), DOUT)
    assert f"goes back through y first{', for x alone' if alone else ''}" in said

"""Claims about powers of positive arrays with a wrong exponent."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, normal, why

X, OUT = normal(4, 5), normal(4, 5)


def of_batchnorm(exponent):
    x, n = BN["x"], len(BN["x"])
    xc = x - x.mean(axis=0)
    var = (xc**2).mean(axis=0)
    dxhat = BN_OUT * BN["gamma"]
    dvar = (dxhat * xc).sum(axis=0) * -0.5 * (var + 1e-5) ** exponent
    dxc = dxhat / np.sqrt(var + 1e-5) + dvar * 2 * xc / n
    return {"x": dxc - dxc.mean(axis=0)}


@pytest.mark.parametrize(("exponent", "power"), [(1.5, "3"), (1.0, "2.5"), (3.0, "4.5"), (-2.5, "-1")])
def test_a_wrong_exponent_of_the_variance(exponent, power):
    assert check_backward(batchnorm, BN, of_batchnorm(-1.5), BN_OUT)
    said = why(batchnorm, BN, of_batchnorm(exponent), BN_OUT)
    assert f"the gradient of `var + 1e-5` is multiplied by (var + 1e-5)^{power}: an exponent is wrong" in said


def test_the_numerator_is_multiplied_by_a_wrong_power_too():
    def forward(x, s):
        return np.tanh(x) / np.sqrt(s)

    s = np.array([[0.5], [2.0], [1.5], [3.0]])
    dx = OUT * (1 - np.tanh(X) ** 2)
    assert check_backward(forward, {"x": X, "s": s}, {"x": dx / np.sqrt(s)}, OUT)
    assert why(forward, {"x": X, "s": s}, {"x": dx * s**1.5}, OUT).startswith(
        "the gradient of `np.tanh(x)` is multiplied by s^2: an exponent is wrong"
    )


def test_arrays_that_cannot_be_broadcast_are_left_out():
    def forward(x, g):
        return x / np.sqrt(np.mean(x**2, axis=1, keepdims=True)) * g

    g = normal(5)
    r = 1 / np.sqrt(np.mean(X**2, axis=1, keepdims=True))
    right = OUT * g * r - X * r**3 * np.mean(OUT * g * X, axis=1, keepdims=True)
    assert check_backward(forward, {"x": X, "g": g}, {"x": right}, OUT)
    assert not check_backward(forward, {"x": X, "g": g}, {"x": normal(4, 5)}, OUT)


def test_in_every_turn_of_a_loop():
    def forward(x):
        for _ in range(3):
            x = np.sin(x / np.sqrt(x**2 + 1))
        return x

    def back(exponent):
        states, flow = [X], OUT
        for _ in range(2):
            states.append(forward_once(states[-1]))
        for x in reversed(states):
            dy = flow * np.cos(x / np.sqrt(x**2 + 1))
            flow = dy / np.sqrt(x**2 + 1) - dy * x**2 * (x**2 + 1) ** exponent
        return {"x": flow}

    def forward_once(x):
        return np.sin(x / np.sqrt(x**2 + 1))

    assert check_backward(forward, {"x": X}, back(-1.5), OUT)
    assert "^3: an exponent is wrong" in why(forward, {"x": X}, back(1.5), OUT)

"""Claims about wrong slopes of single operations: a power without its base, a root that multiplies."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_the_slope_of_a_power_without_its_base():
    def cubes(x):
        return np.power(x, 3) + x

    x, dout = normal(4, 3), normal(4, 3)
    assert check_backward(cubes, {"x": x}, {"x": dout * (3 * x**2 + 1)}, dout)
    assert "the factor xⁿ⁻¹ is missing in the derivative n xⁿ⁻¹" in why(cubes, {"x": x}, {"x": dout * 4}, dout)


def test_a_root_that_multiplies():
    def lengths(x):
        n = np.sqrt((x * x).sum(axis=1))
        return n * 1.0

    x, dout = normal(4, 3), normal(4)
    n = np.sqrt((x * x).sum(axis=1, keepdims=True))
    assert check_backward(lengths, {"x": x}, {"x": dout[:, None] * x / n}, dout)
    said = why(lengths, {"x": x}, {"x": dout[:, None] * x * n}, dout)
    assert "the root n multiplies, but should divide, in the derivative of n" in said


def test_slopes_that_lack_a_part():
    """−y² for 1 − y², published for tanh; 1 − σ(a) for a (1 − a), published for a sigmoid a."""
    x, dout = normal(4, 3), normal(4, 3)
    y = np.tanh(x)
    said = why(lambda x: np.tanh(x) * 1.0, {"x": x}, {"x": -dout * y**2}, dout)
    assert "is used instead of tanh′(x), 1 − y²: the 1 is missing" in said

    def sigmoid(x):
        a = 1 / (1 + np.exp(-x))
        return a + 0.0

    said = why(sigmoid, {"x": x}, {"x": dout / (1 + np.exp(sigmoid(x)))}, dout)
    assert "is used instead of σ′(x)" in said
    assert said.startswith("1 − σ(")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda dout, y: 1 / (1 - y**2), "1 divided by tanh′(x) is passed back alone, not tanh′(x) times the incoming"),
        (lambda dout, y: dout**2 * (1 - y**2), "the incoming gradient is multiplied in twice, with tanh′(x)"),
        (lambda dout, y: dout / (1 + y**2), "is used instead of tanh′(x)"),
    ],
    ids=["inverse alone", "twice", "of arctan"],
)
def test_published_slopes_of_tanh(wrong, said):
    x, W, dout = normal(4, 3), normal(3, 2), normal(4, 2)
    y, dy = np.tanh(x), dout @ W.T
    right = {"x": dy * (1 - y**2), "W": y.T @ dout}
    assert check_backward(lambda x, W: np.tanh(x) @ W, {"x": x, "W": W}, right, dout)
    assert said in why(lambda x, W: np.tanh(x) @ W, {"x": x, "W": W}, {**right, "x": wrong(dy, y)}, dout)


def test_a_slope_of_one_number_is_no_other_functions_slope():
    """Where every x is negative, sign(x) is −1: the slope is missing, and the sign is wrong."""
    x, W, dout = -1 - normal(6, 4) ** 2, normal(4, 3), normal(6, 3)
    dy = dout @ W.T
    given = {"x": -dy, "W": -np.tanh(x).T @ dout}
    said = why(lambda x, W: np.tanh(x) @ W, {"x": x, "W": W}, given, dout)
    assert "sign(x)" not in said
    assert "tanh′(x) is missing" in said
    assert "dx and dW have the wrong sign" in said


def test_neither_the_slope_nor_the_gradient():
    """A published mistake: the responsibilities are missing in the gradient of a mixture."""
    x, mu = normal(6, 3), normal(3)

    def mixture(mu):
        q = ((x - mu) ** 2).sum(axis=1)
        e = np.exp(-q)
        return np.sqrt(e.sum())

    e = np.exp(-((x - mu) ** 2).sum(axis=1))
    assert check_backward(mixture, {"mu": mu}, {"mu": (e[:, None] * (x - mu)).sum(axis=0) / np.sqrt(e.sum())})
    said = why(mixture, {"mu": mu}, {"mu": 2 * (x - mu).sum(axis=0)}, None)
    assert said == "the gradient of `-q` is 1: the incoming gradient and the derivative of e are missing"


def test_a_minus_sign_for_the_product_in_the_slope_of_a_sigmoid():
    x, dout = normal(4, 3), normal(4, 3)
    y = 1 / (1 + np.exp(-x))

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    assert check_backward(sigmoid, {"x": x}, {"x": dout * y * (1 - y)}, dout)
    said = why(sigmoid, {"x": x}, {"x": dout * (y - (1 - y))}, dout)
    assert " − (1 − " in said
    assert "is used instead of σ′(x)" in said

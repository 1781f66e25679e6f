"""Claims about judgements: of inputs in another order, and of gradients that overflow on the way to the inputs."""

import gc
import weakref

import numpy as np
import pytest

from autograd import check_backward

Z = np.array([[-125.3, -420.7], [-113.1, -733.2]])  # e to the last is 4e-319
LABELS = [0, 1]


def unshifted(z):
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.log(p[[0, 1], LABELS]).mean()


def closed():
    """Returns (p − y)/n, where the exponentials of p are shifted."""
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - np.eye(2)[LABELS]) / 2


def test_a_gradient_that_comes_by_numbers_too_large_for_a_float_is_judged():
    """∂C/∂e is −1/(2 · 1e-270 · 1e-49), and ∂C/∂z is e times that: a half."""
    verdict = check_backward(unshifted, {"z": Z}, {"z": closed()})
    assert verdict, verdict.text
    assert verdict.table[0].allowed < 1e-8


@pytest.mark.parametrize("wrong", [0 * Z, 2 * closed(), -closed(), closed() * (1 + 1e-4), np.full((2, 2), np.inf)])
def test_so_is_a_wrong_one(wrong):
    verdict = check_backward(unshifted, {"z": Z}, {"z": wrong})
    assert not verdict
    assert verdict.why == "" or not np.any(wrong) or not np.all(np.isfinite(wrong))


def test_where_a_slope_is_infinite_only_the_same_infinity_is_right():
    x = np.array([0.0, 4.0])
    assert check_backward(lambda x: np.sqrt(x), {"x": x}, {"x": np.array([np.inf, 0.25])}, np.ones(2))
    assert not check_backward(lambda x: np.sqrt(x), {"x": x}, {"x": np.array([1e300, 0.25])}, np.ones(2))


def test_inputs_in_another_order_than_forward_takes_them_are_refused():
    """Broadcasting would hide that gamma is used instead of x."""

    def scaled(x, gamma):
        return x * gamma

    x, gamma = np.ones((2, 3)), np.ones(3)
    with pytest.raises(ValueError, match=r"in which forward takes them, x, gamma; got gamma, x: bring them"):
        check_backward(scaled, {"gamma": gamma, "x": x}, {"x": x}, upstream=x)
    assert check_backward(scaled, {"a": x, "b": gamma}, {"a": x}, upstream=x)
    assert check_backward(lambda *both: both[0] * both[1], {"x": x, "gamma": gamma}, {"x": x}, upstream=x)


def test_nothing_outlives_a_verdict():
    def cost(x, w):
        return np.sum(np.tanh(x @ w) ** 2)

    x, w = np.ones((3, 2)), np.full((2, 2), 0.3)
    gc.collect()
    gc.disable()
    try:
        verdict = check_backward(cost, {"x": x, "w": w}, {"x": x, "w": 2 * w})
        held = weakref.ref(verdict.recorded.result)
        assert held() is not None
        del verdict
        assert held() is None
    finally:
        gc.enable()

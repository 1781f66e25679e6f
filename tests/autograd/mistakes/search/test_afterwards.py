"""Claims about right gradients that were changed afterwards: clipped, rounded, or used for a step."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, V, OUT = normal(6, 3), normal(3, 4), normal(4, 2), normal(6, 2)


def net(x, W, V):
    return np.tanh(x @ W) @ V


def by_hand():
    h = np.tanh(X @ W)
    dz = OUT @ V.T * (1 - h * h)
    return {"x": dz @ W.T, "W": X.T @ dz, "V": h.T @ OUT}


def each_to_norm(gradients, norm):
    return {name: g * min(1.0, norm / np.linalg.norm(g)) for name, g in gradients.items()}


def all_to_norm(gradients, norm):
    size = np.sqrt(sum(np.sum(g * g) for g in gradients.values()))
    return {name: g * norm / size for name, g in gradients.items()}


INPUTS = {"x": X, "W": W, "V": V}


@pytest.mark.parametrize(
    ("gradients", "said"),
    [
        ({name: np.clip(g, -0.5, 0.5) for name, g in by_hand().items()},
         "dx, dW and dV are clipped to between −0.5 and 0.5"),
        (each_to_norm(by_hand(), 0.25), "dx, dW and dV are each scaled to the norm 0.25"),
        ({name: g / np.linalg.norm(g) for name, g in by_hand().items()}, "each scaled to the norm 1"),
        (all_to_norm(by_hand(), 1.0), "dx, dW and dV are scaled to the norm 1"),
    ],
)  # fmt: skip
def test_clipped_gradients(gradients, said):
    assert said in why(net, INPUTS, gradients, OUT)


def test_random_numbers_are_not_clipped_gradients():
    random = {name: np.clip(normal(*array.shape), -0.5, 0.5) for name, array in INPUTS.items()}
    assert why(net, INPUTS, random, OUT) == ""


@pytest.mark.parametrize("decimals", [1, 2, 8])
def test_rounded_gradients(decimals):
    rounded = {name: np.round(g, decimals) for name, g in by_hand().items()}
    told = f"dx, dW and dV are the right gradients rounded to {decimals} decimal{'s' if decimals > 1 else ''}"
    assert told in why(net, INPUTS, rounded, OUT)
    assert "dW is the right gradient" in why(net, INPUTS, {**by_hand(), "W": rounded["W"]}, OUT)


def test_printed_digits():
    printed = {name: np.vectorize(lambda x: float(f"{x:.4g}"))(1e-4 * g) for name, g in by_hand().items()}
    assert "rounded to 4 digits" in why(net, INPUTS, printed, 1e-4 * OUT)


def test_whole_numbers_are_not_rounded_gradients():
    assert why(net, INPUTS, {name: np.round(g) for name, g in by_hand().items()}, OUT) == ""


def test_one_wrong_digit_is_not_rounded():
    rounded = np.round(by_hand()["W"], 4)
    rounded[1, 2] += 1e-4
    assert why(net, INPUTS, {**by_hand(), "W": rounded}, OUT) == ""


@pytest.mark.parametrize("rate", [0.1, -0.003])
def test_parameters_after_a_step(rate):
    moved = {name: INPUTS[name] - rate * g for name, g in by_hand().items()}
    told = f"dx, dW and dV are x, W and V after an update with the learning rate {rate}: give the gradients"
    assert told in why(net, INPUTS, moved, OUT)
    moved["W"] = 2 * moved["W"]
    assert "after an update" not in why(net, INPUTS, moved, OUT)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (np.abs, "dx, dW and dV are the right gradients, without their signs: each number is |∂C/∂…|, not ∂C/∂…"),
        (np.sign, "dx, dW and dV are the right gradients, their signs alone: each number is 1 or −1"),
        (np.square, "dx, dW and dV are the right gradients, squared"),
    ],
)
def test_a_function_of_each_entry(function, said):
    assert why(net, INPUTS, {name: function(g) for name, g in by_hand().items()}, OUT) == said
    right = by_hand()
    alone = why(net, INPUTS, right | {"W": function(right["W"])}, OUT)
    assert alone.startswith(("dW is the right gradient, ", "the wrong entries of dW have the wrong sign"))


def test_few_wrong_signs_are_not_a_function_of_each_entry():
    x, out = np.array([0.3, -0.7, 1.1]), np.array([1.0, -2.0, 0.5])
    assert "signs" not in why(np.sin, {"x": x}, {"x": np.abs(out * np.cos(x))}, out)


def test_half_of_a_gradient_that_equals_its_parameter_is_no_step():
    x = normal(4)
    assert why(lambda x: 0.5 * np.sum(x**2), {"x": x}, {"x": x / 2}).startswith("dx is 1/2 of what it should be")


def test_equal_numbers_are_not_clipped():
    """They may be counts: the right gradient of the label's score is minus the number of the others in a hinge loss."""
    s, labels = np.array([[0.1, 0.2, 0.3], [1.0, 0.9, 1.2], [0.4, 0.1, 0.2], [0.0, 0.3, 0.1]]), np.array([0, 1, 2, 0])

    def hinge(s):
        m = np.maximum(0, s - s[np.arange(4), labels][:, None] + 1)
        m[np.arange(4), labels] = 0
        return m.sum()

    right = np.ones((4, 3))
    right[np.arange(4), labels] = -2.0
    assert check_backward(hinge, {"s": s}, {"s": right})
    assert "clipped" not in why(hinge, {"s": s}, {"s": np.clip(right, -1, 1)})


@pytest.mark.parametrize(("rate", "told"), [(1.0, "1"), (0.1, "0.1"), (0.01, "0.01"), (0.123, "")])
def test_a_step_of_few_numbers_has_a_rate_of_one_digit(rate, told):
    """A published mistake, of a course on linear regression: theta − gradient where the gradient is asked for."""
    x, y, theta = normal(6, 2), normal(6), normal(2)

    def cost(theta):
        return 0.5 * np.sum((x @ theta - y) ** 2)

    right = x.T @ (x @ theta - y)
    assert check_backward(cost, {"theta": theta}, {"theta": right})
    said = f"dtheta is theta after an update with the learning rate {told}: give the gradient" if told else ""
    assert said == why(cost, {"theta": theta}, {"theta": theta - rate * right})

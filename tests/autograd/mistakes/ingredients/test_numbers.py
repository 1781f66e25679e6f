"""Claims about numbers of the forward pass that are others on the way back."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, OUT = normal(5), normal(5), normal(5)
INPUTS = {"x": X, "w": W}


def two_steps(x, w):
    y = x + 0.25 * np.sin(w * x)
    return y + 0.25 * np.cos(w * y)


def by_hand(half):
    y = X + 0.25 * np.sin(W * X)
    dcos = -half * OUT * np.sin(W * y)
    dy = OUT + W * dcos
    dsin = half * dy * np.cos(W * X)
    return {"x": dy + W * dsin, "w": y * dcos + X * dsin}


def test_another_number_wherever_several_lines_have_it():
    assert check_backward(two_steps, INPUTS, by_hand(0.25), OUT)
    said = why(two_steps, INPUTS, by_hand(0.1), OUT)
    assert "0.1 is used instead of the factor 0.25, wherever the forward pass has it" in said
    said = why(two_steps, INPUTS, by_hand(1.0), OUT)
    assert "the factor 0.25 is missing wherever the forward pass has it" in said


@pytest.mark.parametrize("by", [3, 2, 5])
def test_one_number_divides_instead_of_several(by):
    def means(x):
        return np.stack([x[max(0, i - 1) : i + 2].mean() for i in range(5)])

    x, dout = normal(5), normal(5)

    def by_hand(*sizes):
        dx = np.zeros(5)
        for i in range(5):
            window = dx[max(0, i - 1) : i + 2]
            window += dout[i] / (sizes[0] if sizes else window.size)
        return {"x": dx}

    assert check_backward(means, {"x": x}, by_hand(), dout)
    said = f"every gradient is divided by {by}, but the forward pass divides by 2 and 3"
    assert said in why(means, {"x": x}, by_hand(by), dout)


LENGTHS = (3, 2, 4)


def of_lengths(w):
    total = 0.0
    for n in LENGTHS:
        total = total + np.sum(np.sin(w[:n])) / n
    return total


def test_one_divisor_for_several():
    w = normal(4)

    def by(divisors):
        return {"w": np.cos(w) * sum((np.arange(4) < n) / by for n, by in zip(LENGTHS, divisors, strict=True))}

    assert check_backward(of_lengths, {"w": w}, by(LENGTHS))
    assert (
        why(of_lengths, {"w": w}, by((4, 4, 4)))
        == "every gradient is divided by 4, but the forward pass divides by 2, 3 and 4"
    )
    assert "the division by 2, 3 and 4 is missing" in why(of_lengths, {"w": w}, by((1, 1, 1)))
    assert why(of_lengths, {"w": w}, {"w": normal(4)}) == ""

"""Claims about numbers of the forward pass that are others on the way back."""

import numpy as np

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
    assert why(of_lengths, {"w": w}, by((4, 4, 4))) == "in every run, 4 is used instead of the divisor `n`"
    assert why(of_lengths, {"w": w}, {"w": normal(4)}) == ""

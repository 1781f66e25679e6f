"""Claims about a condition in the forward pass that the backward pass forgets."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W = normal(9, 4), normal(4, 3)
LABELS = [0, 2, 1, 1, 0, 2, 0, 1, 2]


MASK = np.array([True, False, True, True, False, True, False, True, True])


def masked(W):
    squares = np.sum((X @ W) ** 2, axis=1)
    return np.mean(squares[MASK])


def test_a_mask_of_examples_that_is_forgotten():
    right = 2 * X.T @ (X @ W * MASK[:, None]) / 6
    assert check_backward(masked, {"W": W}, {"W": right})
    every = "every element of squares gets a gradient, not only those of `squares[MASK]`"
    assert why(masked, {"W": W}, {"W": 2 * X.T @ X @ W / 6}) == every
    assert why(masked, {"W": W}, {"W": 2 * X.T @ X @ W / 9}).startswith(f"{every}, and it is 2/3 times")
    assert why(masked, {"W": W}, {"W": normal(4, 3)}) == ""


def hinges(W):
    loss = 0.0
    for x, label in zip(X, LABELS, strict=True):
        scores = x @ W
        for j in range(3):
            if j == label:
                continue
            margin = scores[j] - scores[label] + 1
            if margin > 0:
                loss = loss + margin
    return loss


def hinges_by_a_helper(W):  # a condition in forward itself is found by a run without it
    return hinges(W)


def by_hand(others_always=False, label_always=False):
    dW = np.zeros_like(W)
    for x, label in zip(X, LABELS, strict=True):
        scores = x @ W
        for j in set(range(3)) - {label}:
            is_counted = scores[j] - scores[label] + 1 > 0
            dW[:, j] += x * (is_counted or others_always)
            dW[:, label] -= x * (is_counted or label_always)
    return {"W": dW}


def test_a_condition_that_is_forgotten():
    assert check_backward(hinges, {"W": W}, by_hand())
    every = "count in every run on the way back: the condition that leaves some runs out is missing"
    said = why(hinges_by_a_helper, {"W": W}, by_hand(True, True))
    assert every in said
    assert "`scores[j] - scores[label] + 1`" in said
    assert "operand" not in said
    for wrong, which in ((by_hand(others_always=True), "first"), (by_hand(label_always=True), "second")):
        said = why(hinges, {"W": W}, wrong)
        assert every in said
        assert f"for the {which} operand of `scores[j] - scores[label]`" in said

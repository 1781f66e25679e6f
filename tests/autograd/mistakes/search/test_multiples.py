"""Claims about two mistakes of which one gives whole numbers, which tell little, and about a factor of what is left."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, OUT = normal(6, 4), normal(6, 2)
P = {"W1": normal(4, 3), "b1": normal(3), "W2": normal(3, 2), "b2": normal(2)}


def network(W1, b1, W2, b2):
    z = X @ W1 + b1
    a = np.maximum(z, 0)
    return a @ W2 + b2


def by_hand(flow=1.0, mean=False, times=1.0):
    z = X @ P["W1"] + P["b1"]
    a = np.maximum(z, 0)
    dz = (OUT @ P["W2"].T) ** flow * (z > 0)
    return {"W1": X.T @ dz, "b1": dz.sum(axis=0), "W2": times * a.T @ OUT, "b2": OUT.mean(0) if mean else OUT.sum(0)}


MASK = "relu′(z) alone is passed back, not multiplied by the incoming gradient"


@pytest.mark.parametrize(
    ("wrong", "also"),
    [
        ({"mean": True}, "the gradient of b2, which was broadcast, is a mean over axis 0"),
        ({"times": 7.0}, "is 7 times what it should"),
    ],
)
def test_db1_counts_examples_where_the_mask_alone_is_passed_back(wrong, also):
    """db1 has a few whole numbers, but dW1 tells that it is no chance."""
    assert check_backward(network, P, by_hand(), OUT)
    said = why(network, P, by_hand(flow=0.0, **wrong), OUT)
    assert MASK in said
    assert also in said


def test_whole_numbers_alone_are_no_reason():
    right = by_hand()
    counts = {"b1": np.array([1.0, 2.0, 1.0]), "b2": np.array([3.0, 1.0])}
    assert not why(network, P, right | counts, OUT)

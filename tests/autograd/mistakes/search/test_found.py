"""Claims about several mistakes at once: which explanations are found, and that each says all that is wrong."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


N = 5
X, Y = normal(N, 3), np.random.default_rng(0).uniform(size=(N, 2))
NET = {"W1": normal(3, 4), "b1": normal(4), "W2": normal(4, 2), "b2": normal(2)}


def cost(W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    o = sigmoid(h @ W2 + b2)
    return np.sum((o - Y) ** 2) / N


def by_hand(*faults, rate=0.1):
    """Returns the gradients with these mistakes; "factor" leaves out the 2/n of the cost."""
    W1, b1, W2, b2 = NET.values()
    h = np.tanh(X @ W1 + b1)
    o = sigmoid(h @ W2 + b2)
    do = (o - Y) * (1.0 if "factor" in faults else 2 / N) * (1.0 if "output" in faults else o * (1 - o))
    dW2, db2 = h.T @ do, do.sum(axis=0)
    moved = W2 - rate * dW2 if "updated" in faults else W2
    dh = do @ moved.T * (h if "tanh" in faults else 1 - h**2)
    db1 = np.full(4, dh.sum()) if "sum" in faults else dh.sum(axis=0)
    dW1 = X.T @ dh + (0.3 * W1 if "penalty" in faults else 0.0)
    return {"W1": dW1 * (N if "n in dW1" in faults else 1), "b1": db1, "W2": dW2, "b2": db2}


OUTPUT = "the gradient of o is passed back to"
UPDATED = "the gradient is passed back through W2 after W2 was updated (learning rate 0.1)"
TANH, SUM, PENALTY = "h is used instead of tanh′(", "is summed over the whole array", "0.3 · W1"
FACTOR = "the factor 2 in the derivative of `(o - Y) ** 2`"


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (("tanh", "penalty"), [TANH, PENALTY]),
        (("tanh", "n in dW1"), [TANH, "is 5 times what it should be (5 is the number of rows of X)"]),
        (("output", "updated"), [OUTPUT, UPDATED]),
        (("factor", "tanh", "sum"), [FACTOR, TANH, SUM]),
        (("output", "updated", "penalty"), [OUTPUT, UPDATED, PENALTY]),
        (("output", "tanh", "penalty"), [OUTPUT, TANH, PENALTY]),
    ],
    ids=lambda value: " and ".join(value) if isinstance(value, tuple) else "",
)
def test_every_mistake_is_told(faults, said):
    assert check_backward(cost, NET, by_hand())
    told = why(cost, NET, by_hand(*faults)).split("; or ")[0]
    assert len(told.split(", and also ")) == len(faults)
    for text in said:
        assert text in told


@pytest.mark.all_the_time
def test_an_array_of_chance_among_several_mistakes_leaves_all_without_a_reason():
    found = by_hand("output", "penalty")
    assert why(cost, NET, {**found, "b1": normal(4)}) == ""
    assert why(cost, NET, {**found, "W1": normal(3, 4)}) == ""


def test_ones_and_a_few_whole_numbers_have_no_reason():
    """Three edits at once would give such numbers by chance."""
    x, w, b = normal(4, 2), normal(2, 1), normal(1)

    def to_one(x, w, b):
        h = np.tanh(x @ w + b)
        return 0.5 * ((h - 1.0) ** 2).sum()

    given = {"x": x, "w": w, "b": b}
    assert why(to_one, given, {name: np.ones_like(array) for name, array in given.items()}) == ""
    numbers = {"a": 2.0, "b": 3.0, "c": 0.5}
    assert why(lambda a, b, c: a * b + np.sin(c) + 1.0, numbers, {"a": -2.0, "b": 2.0, "c": -1.0}) == ""


def test_a_mistake_at_both_operands_of_a_square_is_told_once():
    def penalised(W):
        return np.sum((X @ W) ** 2) + 0.1 * np.sum(W * W)

    W = normal(3, 4)
    said = why(penalised, {"W": W}, {"W": 2 * X.T @ (X @ W) + 0.1 * 2})
    assert "the factor W is missing in the gradient of W through `W * W`, twice" in said

"""Claims about examples that count more often than others in the sums of the gradients, or not at all."""

import numpy as np
import pytest

from autograd import check_backward
from nn import MLP, compare
from tests.helpers.by_hand import normal, why

X, Y = normal(6, 4), normal(6, 2)
WEIGHTS = {"W1": normal(4, 3), "W2": normal(3, 2)}
RULES = [
    ([6, 5, 4, 3, 2, 1], "each {} also counts in the sums of all later ones: set the sum to 0 before each update"),
    ([1, 2, 3, 4, 5, 6], "each {} also counts in the sums of all earlier ones: set the sum to 0 before each update"),
    (1.3 ** np.arange(6)[::-1], "the sum so far is multiplied by 1.3 before each next {} is added"),
    (2 * 0.9 ** np.arange(6)[::-1], "is multiplied by 0.9 before each next {} is added, and the whole is 2 times"),
    ([1, 1, 0, 1, 1, 1], "{} {2} is left out"),
    ([1, 3, 1, 3, 1, 1], "{s} {1} and {3} count 3 times"),
]


def cost(W1, W2):
    yhat = np.tanh(X @ W1) @ W2
    return 0.5 * np.sum((yhat - Y) ** 2)


def by_hand(weights):
    W1, W2 = WEIGHTS.values()
    h = np.tanh(X @ W1)
    d = (h @ W2 - Y) * np.asarray(weights, float)[:, None]
    return {"W1": X.T @ (d @ W2.T * (1 - h**2)), "W2": h.T @ d}


def written(rule, entry, entries, first):
    for k in range(6):
        rule = rule.replace(f"{{{k}}}", str(k + first))
    return rule.replace("{s}", entries).replace("{}", entry)


@pytest.mark.parametrize(("weights", "rule"), RULES)
def test_the_rule_of_the_weights_is_told(weights, rule):
    assert check_backward(cost, WEIGHTS, by_hand(np.ones(6)))
    said = why(cost, WEIGHTS, by_hand(weights))
    other = "the sum in the gradient of"  # where every entry of a gradient is the same, this sum is the same mistake
    assert written(rule, "entry", "entries", 0) in said or (weights[0] == 1 < weights[1] < weights[2] and other in said)


@pytest.mark.parametrize(("weights", "rule"), RULES[2:])
def test_examples_of_a_network_are_counted_from_1(weights, rule):
    model = MLP.from_arrays([W.T for W in WEIGHTS.values()], [np.zeros(3), np.zeros(2)], "tanh", "linear")
    found = compare(model, X, Y, over="sum")
    right, wrong = by_hand(np.ones(6)), by_hand(weights)
    assert found.against(dW=[right["W1"].T, right["W2"].T]).agrees()
    assert written(rule, "example", "examples", 1) in found.against(dW=[wrong["W1"].T, wrong["W2"].T]).why


def test_weights_without_a_rule_are_no_reason():
    assert not why(cost, WEIGHTS, by_hand([0.3, 0.7, 1.1, 0.4, 0.5, 2.3]))
    assert not why(cost, WEIGHTS, {"W1": normal(4, 3), "W2": normal(3, 2)})

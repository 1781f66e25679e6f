"""Claims about forward passes of another network: the reason names the function that was used instead."""

import numpy as np
import pytest

from nn import MLP, compare

RNG = np.random.default_rng(3)
W1, W2, b1, b2 = (RNG.normal(size=shape) for shape in ((4, 3), (2, 4), 4, 2))
X, Y = RNG.normal(size=(5, 3)), RNG.uniform(size=(5, 2))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


SIGMOID = (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)))
TANH = (np.tanh, lambda z: 1 - np.tanh(z) ** 2)
RELU = (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0))
LINEAR = (lambda z: z, np.ones_like)
FALLING = (lambda z: 1 / (1 + np.exp(z)), lambda z: sigmoid(z) * (1 - sigmoid(z)))  # a (1 − a) for σ′


def by_hand(hidden, output):
    z1 = X @ W1.T + b1
    a1 = hidden[0](z1)
    z2 = a1 @ W2.T + b2
    delta2 = (output[0](z2) - Y) / 5 * output[1](z2)
    delta1 = delta2 @ W2 * hidden[1](z1)
    return {"dW": [delta1.T @ X, delta2.T @ a1], "db": [delta1.sum(axis=0), delta2.sum(axis=0)]}


@pytest.mark.parametrize(
    ("activation", "hidden", "output", "said"),
    [
        ("sigmoid", FALLING, FALLING, "the forward pass uses σ(−z) instead of σ(z)"),
        ("sigmoid", FALLING, SIGMOID, "the forward pass uses σ(−z) instead of σ(z) in the hidden layers"),
        ("sigmoid", TANH, TANH, "the forward pass uses tanh(z) instead of σ(z)"),
        ("sigmoid", SIGMOID, LINEAR, "the forward pass uses z instead of σ(z) in the last layer"),
        ("tanh", RELU, RELU, "the forward pass uses max(0, z) instead of tanh(z)"),
        ("tanh", (sigmoid, lambda z: 1 - sigmoid(z) ** 2), TANH,
         "the forward pass uses σ(z) instead of tanh(z) in the hidden layers"),
    ],
)  # fmt: skip
def test_another_function_in_the_forward_pass(activation, hidden, output, said):
    net = MLP.from_arrays([W1, W2], [b1, b2], activation=activation, output=activation)
    right = {"sigmoid": SIGMOID, "tanh": TANH}[activation]
    comparison = compare(net, X, Y)
    assert comparison.against(**by_hand(right, right))
    assert comparison.against(**by_hand(hidden, output)).why == said


def test_one_example_too():
    net = MLP.from_arrays([W1, W2], [b1, b2], activation="sigmoid", output="sigmoid")
    x, y = X[0], Y[0]
    a1 = 1 / (1 + np.exp(W1 @ x + b1))
    a2 = 1 / (1 + np.exp(W2 @ a1 + b2))
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = W2.T @ delta2 * a1 * (1 - a1)
    verdict = compare(net, x, y).against(dW=[np.outer(delta1, x), np.outer(delta2, a1)], db=[delta1, delta2])
    assert verdict.why == "the forward pass uses σ(−z) instead of σ(z)"

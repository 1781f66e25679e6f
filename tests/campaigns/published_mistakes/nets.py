"""Networks of two layers, with an example per row, for the cases on plain networks."""

from types import SimpleNamespace

import numpy as np

from tests.campaigns.record import draw, sigmoid, softmax

# activation → (σ, σ′ by z and a)
ACTIVATIONS = {
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a**2),
    "relu": (lambda z: np.maximum(0, z), lambda z, a: z > 0),
    "linear": (lambda z: z, lambda z, a: np.ones_like(z)),
    "softmax": (softmax, None),
}


def two_layers(seed, n, sizes, hidden, output):
    """Returns a network's arrays and its forward pass on n examples; sizes are (inputs, hidden, outputs)."""
    n0, n1, n2 = sizes
    v = SimpleNamespace(n=n)
    v.X, v.W1, v.b1, v.W2, v.b2, v.Y = draw(seed, (n, n0), (n0, n1), n1, (n1, n2), n2, (n, n2))
    if output in ("sigmoid", "softmax"):
        v.Y = np.eye(n2)[np.arange(n) % n2]
    v.z1 = v.X @ v.W1 + v.b1
    v.a1 = ACTIVATIONS[hidden][0](v.z1)
    v.z2 = v.a1 @ v.W2 + v.b2
    v.a2 = ACTIVATIONS[output][0](v.z2)
    v.s1 = ACTIVATIONS[hidden][1](v.z1, v.a1)
    v.s2 = None if output == "softmax" else ACTIVATIONS[output][1](v.z2, v.a2)
    v.inputs = {"X": v.X, "Y": v.Y, "W1": v.W1, "b1": v.b1, "W2": v.W2, "b2": v.b2}
    return v


def weights(v, d1, d2):
    """Returns the gradients of a network from its two errors, by BP3 and BP4."""
    return {"W1": v.X.T @ d1, "b1": d1.sum(axis=0), "W2": v.a1.T @ d2, "b2": d2.sum(axis=0)}


def backward(v, d2, s1=None):
    """Returns the gradients of a network from the error of its output, which BP2 passes back through σ′(z1)."""
    return weights(v, d2 @ v.W2.T * (v.s1 if s1 is None else s1), d2)


def quadratic_sigmoid(X, Y, W1, b1, W2, b2):
    z1 = X @ W1 + b1
    a1 = sigmoid(z1)
    z2 = a1 @ W2 + b2
    a2 = sigmoid(z2)
    return 0.5 * np.sum((a2 - Y) ** 2) / len(X)


def squared_tanh(X, Y, W1, b1, W2, b2):
    z1 = np.dot(X, W1) + b1
    a1 = np.tanh(z1)
    out = np.dot(a1, W2) + b2
    return np.mean(np.sum((out - Y) ** 2, axis=1))


def squared_relu(X, Y, W1, b1, W2, b2):
    h = X.dot(W1) + b1
    h_relu = np.maximum(h, 0)
    y_pred = h_relu.dot(W2) + b2
    return np.square(y_pred - Y).sum()


def cross_entropy_relu(X, Y, W1, b1, W2, b2):
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)
    z2 = a1 @ W2 + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.sum(Y * np.log(p)) / len(X)

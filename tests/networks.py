"""Networks for the tests: random ones of every kind, and one that was published with all its numbers."""

from itertools import pairwise

import numpy as np

from nn import MLP

ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus"]


def random_network(seed: int):
    """(model, x, y) of depth 1 to 5 and width 1 to 8, any activations, one example or a batch of up to 5."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 9, size=rng.integers(2, 7))
    weights = [rng.normal(size=(n, m)) / np.sqrt(m) for m, n in pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    model = MLP.from_arrays(weights, biases, str(rng.choice(ACTIVATIONS)), str(rng.choice(ACTIVATIONS)))
    n = int(rng.integers(0, 6))
    shape = (lambda width: (n, width)) if n else (lambda width: (width,))
    return model, rng.normal(size=shape(sizes[0])), rng.normal(size=shape(sizes[-1]))


def published():
    """M. Mazur, "A Step by Step Backpropagation Example" (2015), mattmazur.com: 2 → 2 → 2, sigmoid."""
    weights = [[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]]
    return MLP.from_arrays(weights, [[0.35, 0.35], [0.60, 0.60]], "sigmoid", "sigmoid"), [0.05, 0.10], [0.01, 0.99]

"""Networks for the tests: random ones of every kind, and one from a publication that gives all of its numbers."""

from itertools import pairwise

import numpy as np

from nn import MLP, activations, closed_form, compare

ACTIVATIONS = list(activations.ACTIVATIONS)


def random_network(seed: int):
    """Returns (model, x, y): depth 1 to 5, width 1 to 8, any activations, one example or a batch of up to 5."""
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


def compared(sizes, n, seed=0, activation="tanh", output="sigmoid"):
    """Returns the comparison of a random network on n random examples, or on a single one if n is 0."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(b, a)) for a, b in pairwise(sizes)]
    model = MLP.from_arrays(weights, [rng.normal(size=b) for b in sizes[1:]], activation, output)
    shape = (n,) if n else ()
    return compare(model, rng.normal(size=(*shape, sizes[0])), rng.uniform(size=(*shape, sizes[-1])))


def sides(comparison):
    """Returns right gradients for a comparison's network, in both conventions."""
    model, (x, y) = comparison.model, (comparison.x, comparison.y)
    columns = closed_form.columns(model.weights, model.biases, x.T, y.T, model.activations)
    rows = closed_form.rows([w.T for w in model.weights], model.biases, x, y, model.activations)
    return columns, rows


def small(seed=0):
    """Returns a network of 26 parameters."""
    return MLP(3, [4, 2], "tanh", "sigmoid", seed=seed)

"""A small learning problem with targets for every cost, and a network for it."""

import numpy as np
import pytest

from nn import MLP

RNG = np.random.default_rng(0)
X = RNG.normal(size=(12, 3))
TARGETS = {
    "quadratic": RNG.normal(size=(12, 2)),
    "mean_squared_error": RNG.normal(size=(12, 2)),
    "hinge": RNG.choice([-1.0, 1.0], size=(12, 2)),
    "binary_cross_entropy": RNG.choice([0.0, 1.0], size=(12, 2)),
    "softmax_cross_entropy": RNG.integers(2, size=12),
}


def network(activation="tanh", nout=2):
    return MLP(3, [4, nout], activation, seed=3)


def close(a, b, rel=1e-9):
    assert a == pytest.approx(b, rel=rel, abs=0)

"""The time of a verdict on a wrong backward pass: a batch norm, and a network on a batch. Run by `make bench`.

The mistake is either one that a single edit explains, or noise: nothing explains it, so the search runs to its end.
The result is the median of the processor time in seconds, as other programs may run at the same time.
"""

import statistics
import time

import numpy as np
import pytest

from autograd import check_backward
from tests.benchmarks.bench_engines import report

CALLS = 3


def batchnorm(x, gamma, beta):
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc**2).mean(axis=0)
    std = np.sqrt(var + 1e-5)
    xhat = xc / std
    return gamma * xhat + beta


def normalisation(rng, mistake):
    """64 examples of 32 features; the path through mu is missing, or half of dx is noise."""
    x, up = rng.normal(size=(2, 64, 32))
    gamma, beta = rng.normal(size=(2, 32))
    xc = x - x.mean(axis=0)
    std = np.sqrt((xc**2).mean(axis=0) + 1e-5)
    g = up * gamma
    dx = g / std - xc * (g * xc).mean(axis=0) / std**3
    if mistake == "noise":
        dx[::2] = rng.normal(size=dx[::2].shape)
    given = {"x": dx, "gamma": (up * xc / std).sum(axis=0), "beta": up.sum(axis=0)}
    return batchnorm, {"x": x, "gamma": gamma, "beta": beta}, given, up


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def mlp(X, Y, W1, b1, W2, b2):
    a1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    return ((a2 - Y) ** 2).sum() / (2 * len(X))


def network(rng, mistake):
    """MLP 64-32-10 on 32 examples; σ′(z1) is missing, or the gradient of z1 is noise."""
    X, Y = rng.normal(size=(32, 64)), np.eye(10)[rng.integers(10, size=32)]
    W1, b1 = rng.normal(size=(64, 32)) / 8, rng.normal(size=32)
    W2, b2 = rng.normal(size=(32, 10)) / 6, rng.normal(size=10)
    a1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    dz2 = (a2 - Y) / 32 * a2 * (1 - a2)
    dz1 = rng.normal(size=a1.shape) if mistake == "noise" else dz2 @ W2.T
    given = {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": a1.T @ dz2, "b2": dz2.sum(axis=0)}
    return mlp, {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2}, given, None


@pytest.mark.parametrize("mistake", ["explained", "noise"])
@pytest.mark.parametrize("pass_", [normalisation, network], ids=lambda f: f.__name__)
def test_a_verdict_with_a_mistake(benchmark, pass_, mistake):
    """Batch norm of 64 × 32, and MLP 64-32-10 with 32 examples; each also without a mistake."""
    forward, inputs, given, upstream = pass_(np.random.default_rng(1), mistake)
    right = {name: array for name, array in given.items() if name not in ("x", "W1", "b1")}
    seconds, without = [], []

    def call():
        start = time.process_time()
        verdict = check_backward(forward, inputs, given, upstream)
        seconds.append(time.process_time() - start)
        assert bool(verdict.why) == (mistake == "explained")
        start = time.process_time()
        assert check_backward(forward, inputs, right, upstream)
        without.append(time.process_time() - start)

    benchmark.pedantic(call, rounds=CALLS, warmup_rounds=1)
    report(benchmark, s=statistics.median(seconds), without_a_search_s=statistics.median(without))

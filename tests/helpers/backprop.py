"""Matrix backprop written by hand, with examples as rows. Every step can be replaced by a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from nn import MLP, compare


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


# σ(z), and σ′ as a function of a = σ(z)
SIGMA = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "linear": lambda z: z}
FORMULA = {
    "sigmoid": lambda a: a * (1 - a),
    "tanh": lambda a: 1 - a**2,
    "relu": lambda a: 1.0 * (a > 0),
    "linear": np.ones_like,
}


def slope(kind, z):
    """Returns σ′(z)."""
    return FORMULA[kind](z if kind == "relu" else SIGMA[kind](z))


def right_delta(net, l, e):
    return e * slope(net.kinds[l - 1], net.z[l])


def right_back(net, l, e, delta):
    return delta @ net.W[l].T


def right_gradient(net, l, delta):
    return net.a[l - 1].T @ delta[l]


def right_sum(net, l, delta):
    return delta[l].sum(axis=0)


@dataclass
class Net:
    """A network of random weights with its forward and backward pass. Lists start at layer 0, the input.

    W[l] has shape (nₗ₋₁, nₗ). `error` is ∇ₐCₓ of each example; e is ∂C/∂aˡ and delta[l] is δˡ.
    """

    sizes: tuple[int, ...]
    hidden: str
    output: str
    cost: str = "quadratic"
    n: int = 5
    seed: int = 0
    W: list[Any] = field(default_factory=lambda: [None])
    b: list[Any] = field(default_factory=lambda: [None])

    def __post_init__(self):
        rng = np.random.default_rng(self.seed)
        for before, after in pairwise(self.sizes):
            self.W.append(rng.normal(size=(before, after)))
            self.b.append(rng.normal(size=after))
        self.kinds = [self.hidden] * (len(self.sizes) - 2) + [self.output]
        self.X = rng.normal(size=(self.n, self.sizes[0]))
        self.Y = np.eye(self.sizes[-1])[rng.integers(0, self.sizes[-1], self.n)]
        if self.cost in ("quadratic", "mean_squared_error"):
            self.Y = rng.uniform(size=self.Y.shape)
        self.z, self.a = [None], [self.X]
        for kind, W, b in zip(self.kinds, self.W[1:], self.b[1:], strict=True):
            self.z.append(self.a[-1] @ W + b)
            self.a.append(SIGMA[kind](self.z[-1]))
        self.depth = len(self.kinds)

    @property
    def p(self):
        """The probabilities that the cost computes from its logits."""
        return softmax(self.a[-1]) if self.cost.startswith("softmax") else sigmoid(self.a[-1])

    @property
    def error(self):
        """∇ₐC of each example."""
        return self.gradient_at(self.Y)

    def gradient_at(self, Y):
        """Returns ∇ₐC of each example for these targets."""
        squares = {"quadratic": 1, "mean_squared_error": 2 / self.sizes[-1]}
        return squares[self.cost] * (self.a[-1] - Y) if self.cost in squares else self.p - Y

    def compared(self):
        model = MLP.from_arrays([W.T for W in self.W[1:]], self.b[1:], self.hidden, self.output)
        return compare(model, self.X, self.Y, self.cost)

    def backprop(
        self,
        error: Callable[..., Any] = lambda net: net.error / net.n,
        delta: Callable[..., Any] = right_delta,
        back: Callable[..., Any] = right_back,
        dW: Callable[..., Any] = right_gradient,
        db: Callable[..., Any] = right_sum,
        end: Callable[..., Any] = lambda net, dW, db: (dW, db),
    ):
        """Returns dW and db, layer 1 first. Each argument may replace one step by a wrong one."""
        e, deltas = error(self), {}
        for l in range(self.depth, 0, -1):
            deltas[l] = delta(self, l, e)
            e = back(self, l, e, deltas[l])
        layers = range(1, self.depth + 1)
        return end(self, [dW(self, l, deltas) for l in layers], [db(self, l, deltas) for l in layers])


def at(layers, spoilt, right):
    """Returns a step that is wrong in these layers and right in the others."""
    return lambda net, l, *given: (spoilt if l in layers else right)(net, l, *given)

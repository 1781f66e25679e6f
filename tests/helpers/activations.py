"""Activations that a user might define: operations, functions that branch on data, and lists with one per layer."""

import math

import numpy as np

import autograd
from autograd import Value, define_operation
from nn import MLP, Module
from tests.helpers.learning import TARGETS

swish = define_operation(
    "swish",
    forward=lambda m, a: a / (1 + m.exp(-a)),
    slopes=lambda m, y, a: (1 + y * m.exp(-a)) / (1 + m.exp(-a)),
)
bell = define_operation("bell", lambda m, a: m.exp(-a * a), lambda m, y, a: -2 * a * y)
gauss = define_operation("gauss", lambda m, a: math.erf(a), lambda m, y, a: 2 / math.sqrt(math.pi) * m.exp(-a * a))
prelu = define_operation(
    "prelu",
    forward=lambda m, a, b: m.where(a > 0, a, a * b),
    slopes=(lambda m, y, a, b: m.where(a > 0, 1.0, b), lambda m, y, a, b: m.where(a > 0, 0.0, a)),
)


def gelu(z):
    return 0.5 * z * (1 + (0.7978845608 * (z + 0.044715 * z**3)).tanh())


def leaning(z):
    return z if z.data > 0 else 0.1 * z


def tanh(z):
    return 3 * z.tanh()


Y = TARGETS["quadratic"]
OWN = [swish, bell, gauss, gelu, leaning, tanh, autograd.sin, Value.cos, np.tanh, lambda z: z.leaky_relu(0.3),
       lambda z: prelu(z, 0.2), lambda z: z**2, lambda z: z * z, lambda z: z, abs]  # fmt: skip
LISTS = [["tanh", swish, "sigmoid"], (swish, bell, "linear"), [bell, "relu"], [gelu, gelu], ["softplus", "softplus"],
         [lambda z: z.sin(), lambda z: z.cos(), "tanh"]]  # fmt: skip


def ids(activation):
    listed = activation if isinstance(activation, list) or not callable(activation) else [activation]
    return " ".join(getattr(one, "__name__", one) for one in listed)


def network(activation, output="linear", sizes=(4, 3, 2)):
    return MLP(3, sizes, activation, output, seed=3)


class Steep(Module):
    """An activation with a parameter."""

    def __init__(self):
        self.steepness = Value(2.0, "k")

    def __call__(self, z):
        return (self.steepness * z).tanh()

"""The numbers that weights start from, by name: how far from 0 they are drawn."""

from collections.abc import Callable
from math import sqrt
from typing import Any

from .choices import chosen

__all__ = ["INITIALISATIONS", "initialisation"]

# (random, nin, nout) -> a weight of a neuron with nin inputs, in a layer of nout neurons. `random` is a generator such
# as random.Random, or the module itself.
Draw = Callable[[Any, int, int], float]


def uniform(random: Any, nin: int, nout: int) -> float:
    """−1 … 1, whatever the layer's size."""
    return float(random.uniform(-1, 1))


def xavier_uniform(random: Any, nin: int, nout: int) -> float:
    """Variance 2 / (nin + nout), which keeps the size of a and of δ where σ is nearly linear: Glorot & Bengio 2010."""
    bound = sqrt(6 / (nin + nout))
    return float(random.uniform(-bound, bound))


def xavier_normal(random: Any, nin: int, nout: int) -> float:
    """The same variance, normally distributed."""
    return float(random.gauss(0, sqrt(2 / (nin + nout))))


def he_uniform(random: Any, nin: int, nout: int) -> float:
    """Variance 2 / nin, as ReLU lets half of it through: He et al. 2015."""
    bound = sqrt(6 / nin)
    return float(random.uniform(-bound, bound))


def he_normal(random: Any, nin: int, nout: int) -> float:
    """The same variance, normally distributed."""
    return float(random.gauss(0, sqrt(2 / nin)))


INITIALISATIONS = {draw.__name__: draw for draw in (uniform, xavier_uniform, xavier_normal, he_uniform, he_normal)}
ALSO_CALLED = {"glorot": "xavier", "kaiming": "he"}


def initialisation(name: Any) -> Draw:
    """The initialisation of this name; a ValueError that lists the known ones, otherwise."""
    for author, same in ALSO_CALLED.items():
        name = name.replace(author, same) if isinstance(name, str) else name
    return chosen(name, "initialisation", INITIALISATIONS, " (glorot is another name for xavier, and kaiming for he)")

"""The initialisations, by name: the distributions from which the first weights are drawn."""

from collections.abc import Callable
from math import sqrt
from typing import Any

from .choices import chosen

__all__ = ["INITIALISATIONS", "initialisation"]

# (random, nin, nout) -> a weight of a neuron with nin inputs, in a layer of nout neurons. `random` is a generator such
# as random.Random, or the module itself.
Draw = Callable[[Any, int, int], float]


def uniform(random: Any, nin: int, nout: int) -> float:
    """Draws a weight from the uniform distribution on −1 … 1, for every size of layer."""
    return float(random.uniform(-1, 1))


def xavier_uniform(random: Any, nin: int, nout: int) -> float:
    """Draws a weight uniformly, with variance 2 / (nin + nout): a and δ keep their size if σ is nearly linear.

    From Glorot & Bengio 2010.
    """
    bound = sqrt(6 / (nin + nout))
    return float(random.uniform(-bound, bound))


def xavier_normal(random: Any, nin: int, nout: int) -> float:
    """Draws a weight from a normal distribution with mean 0 and the variance of `xavier_uniform`."""
    return float(random.gauss(0, sqrt(2 / (nin + nout))))


def he_uniform(random: Any, nin: int, nout: int) -> float:
    """Draws a weight uniformly, with variance 2 / nin: a relu passes only half of its inputs on (He et al. 2015)."""
    bound = sqrt(6 / nin)
    return float(random.uniform(-bound, bound))


def he_normal(random: Any, nin: int, nout: int) -> float:
    """Draws a weight from a normal distribution with mean 0 and the variance of `he_uniform`."""
    return float(random.gauss(0, sqrt(2 / nin)))


INITIALISATIONS = {draw.__name__: draw for draw in (uniform, xavier_uniform, xavier_normal, he_uniform, he_normal)}
ALSO_CALLED = {"glorot": "xavier", "kaiming": "he"}


def initialisation(name: Any) -> Draw:
    """Returns the function that draws weights by the initialisation of this name; ValueError if there is none."""
    for author, same in ALSO_CALLED.items():
        name = name.replace(author, same) if isinstance(name, str) else name
    return chosen(name, "initialisation", INITIALISATIONS, " (glorot is another name for xavier, and kaiming for he)")

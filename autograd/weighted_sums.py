"""A neuron's weighted input, fused: z = Σ w a + b as one node, not one for each product and sum."""

from collections.abc import Iterable
from operator import mul
from typing import Any

from . import table
from .value import Value, apply, record

__all__ = ["dot", "dots"]


def dot(weights: Iterable[Any], inputs: Iterable[Any], bias: Any = None) -> Value:
    """A neuron's weighted input z = Σ w a + b as one node.

    `weights` and `inputs` are equally many Values or plain numbers (ValueError otherwise), `bias` is one or None. The
    node's operands are the weights, then the inputs, then the bias.

        >>> w, a = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
        >>> dot(w, a, bias=0.5)
        Value(data=11.5, grad=0.0)
    """
    return dots([(weights, bias)], inputs)[0]


def dots(neurons: Iterable[tuple[Iterable[Any], Any]], inputs: Iterable[Any]) -> list[Value]:
    """A layer's weighted inputs: `dot(weights, inputs, bias)` for each pair (weights, bias) in `neurons`.

    Raises ValueError if any of them has another number of weights than there are inputs.
    """
    inputs = tuple(inputs)
    n = len(inputs)
    a = [v._data for v in inputs if type(v) is Value]
    made = []
    for weights, bias in neurons:
        weights = tuple(weights)
        if len(weights) != n:
            raise ValueError(f"dot pairs each weight with one input; got {len(weights)} weights and {n} inputs")
        w = [v._data for v in weights if type(v) is Value]
        if not len(w) == len(a) == n or not (type(bias) is Value or (bias is None and n)):  # constants among them
            made.append(apply(table.DOT, *weights, *inputs, *(() if bias is None else (bias,))))
        elif bias is None:
            made.append(record(table.DOT, sum(map(mul, w, a), 0.0), weights + inputs, (*a, *w)))
        else:
            z = sum(map(mul, w, a), 0.0) + bias._data
            made.append(record(table.DOT, z, (*weights, *inputs, bias), (*a, *w, 1.0)))
    return made

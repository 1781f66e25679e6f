"""A neuron's weighted input z = Σ w a + b as one node, in place of a node for each product and sum."""

from collections.abc import Iterable
from operator import mul
from typing import Any

from . import floats, table
from .value import Value, apply, operand_of, record

__all__ = ["dot", "dots"]


def dot(weights: Iterable[Any], inputs: Iterable[Any], bias: Any = None) -> Value:
    """Returns a neuron's weighted input z = Σ w a + b as one node.

    The node's operands are the weights, then the inputs, then the bias.

    Args:
        weights: Values or numbers, n_inputs of them.
        inputs: Values or numbers, n_inputs of them.
        bias: A Value, a number or None.
    Raises:
        ValueError: If there are more weights than inputs, or fewer.
    Example:
        >>> w, a = [Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]
        >>> dot(w, a, bias=0.5)
        Value(data=11.5, grad=0.0)
    """
    return dots([(weights, bias)], inputs)[0]


def dots(neurons: Iterable[tuple[Iterable[Any], Any]], inputs: Iterable[Any]) -> list[Value]:
    """Returns a layer's weighted inputs: `dot(weights, inputs, bias)` for each neuron.

    Args:
        neurons: A pair (weights, bias) for each neuron.
        inputs: Values or numbers, n_inputs of them, the same for all neurons.
    Raises:
        ValueError: If a neuron's number of weights is not n_inputs.
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
        if not len(w) == len(a) == n or not (type(bias) is Value or (bias is None and n)):  # some are constants
            made.append(_with_constants(n, *weights, *inputs, *(() if bias is None else (bias,))))
        elif bias is None:
            made.append(record(table.DOT, sum(map(mul, w, a), 0.0), weights + inputs, (*a, *w)))
        else:
            z = sum(map(mul, w, a), 0.0) + bias._data
            made.append(record(table.DOT, z, (*weights, *inputs, bias), (*a, *w, 1.0)))
    return made


def _with_constants(n: int, *given: Any) -> Value:
    """Returns a weighted sum of n products as one node. Operands may be plain numbers; if all are, it is a leaf."""
    operands = tuple(map(operand_of, given))
    numbers = [v if type(v) is float else v._data for v in operands]
    partners = (*numbers[n : 2 * n], *numbers[:n], 1.0)
    slopes = [(v, slope) for v, slope in zip(operands, partners, strict=False) if type(v) is not float]
    if not slopes:
        return apply(table.DOT, *operands)
    parents, local = zip(*slopes, strict=True)
    return record(table.DOT, table.DOT.forward(floats, *numbers), parents, local, operands)

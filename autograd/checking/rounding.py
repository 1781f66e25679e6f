"""Computes the size of the numbers inside a function. Their rounding makes finite differences lose digits."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import isfinite
from typing import Any

from .. import floats
from ..derivatives.sweeps import backward_steps
from ..grad_mode import enable_grad
from ..table import Op
from ..value import Value, number_of
from ..vocabulary import VALUES

__all__ = ["magnitudes"]


def magnitudes(results: Sequence[Any]) -> list[float]:
    """Returns, for each result y, the largest |v · ∂y/∂v| over the numbers v that y is computed from.

    The numbers inside operations count too.
    """
    primitive: set[Op] = set()
    return [max(abs(number_of(y)), *_weighed(y, primitive)) for y in results]


def _weighed(y: Any, primitive: set[Op]) -> list[float]:
    """Returns the terms |v · ∂y/∂v| for the numbers v that the value y is computed from; the first entry is 0.

    `primitive` collects the operations whose rule makes no inner numbers.
    """
    upstream = {step.node: abs(step.upstream) for step in backward_steps(y)} if isinstance(y, Value) else {}
    sizes = (slope * _inside(node, primitive) for node, slope in upstream.items())
    return [0.0, *filter(isfinite, sizes)]


def _inside(node: Value, primitive: set[Op]) -> float:
    """Returns the largest |v · ∂result/∂v| over the numbers v inside one operation, its result included.

    The operation's rule, run on Values, shows these numbers. If the rule runs on floats only, the terms operand · slope
    are taken in their place.
    """
    op, size = node.op, abs(node.data)
    assert op is not None, "leaves take no steps"
    if op in primitive:
        return size
    inputs = [number_of(operand) for operand in node.operands]
    made: Any = None
    with enable_grad(), suppress(TypeError, AttributeError, ValueError, ArithmeticError):
        made = op.forward(VALUES, *map(Value, inputs))
    if not isinstance(made, Value):
        sizes = [_term(op, node.data, inputs, i) for i in range(len(inputs))]
    elif made.op is op:
        primitive.add(op)
        return size
    else:
        sizes = [abs(step.upstream * step.node.data) for step in backward_steps(made)]
    return max(size, *filter(isfinite, sizes), 0.0)


def _term(op: Op, y: float, inputs: list[float], i: int) -> float:
    """Returns |operand · slope by the operand|; 0 if there is no slope."""
    with suppress(ValueError, ArithmeticError):
        term: float = abs(op.slope(floats, y, inputs, i) * inputs[i])
        return term
    return 0.0

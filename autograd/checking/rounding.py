"""How large the numbers are that rounding acts on inside a function: finite differences lose digits of these."""

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
    """For each result, the largest number that it is made from, times the derivative by that number.

    The numbers inside of operations count as well.
    """
    primitive: set[Op] = set()
    return [max(abs(number_of(y)), *_weighed(y, primitive)) for y in results]


def _weighed(y: Any, primitive: set[Op]) -> list[float]:
    """The numbers that a value is made from, each times the derivative by it; 0 first.

    `primitive` collects the operations that have nothing inside.
    """
    upstream = {step.node: abs(step.upstream) for step in backward_steps(y)} if isinstance(y, Value) else {}
    sizes = (slope * _inside(node, primitive) for node, slope in upstream.items())
    return [0.0, *filter(isfinite, sizes)]


def _inside(node: Value, primitive: set[Op]) -> float:
    """How large the numbers are from which an operation makes its result, as far as they count in it.

    Its rule for the result, run on Values, shows them. Where the rule is for floats alone, they are taken to be as
    large as the terms of the result, each operand times the slope by it.
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
    """An operand times the slope by it; 0 where there is none."""
    with suppress(ValueError, ArithmeticError):
        term: float = abs(op.slope(floats, y, inputs, i) * inputs[i])
        return term
    return 0.0

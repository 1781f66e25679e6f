"""Warnings in a picture: numbers that are not finite, and activations that let no gradient through."""

from math import isfinite, isnan
from typing import NamedTuple

from autograd import Value
from autograd.operation import Op
from autograd.table import operation
from nn.activations import ACTIVATIONS, DYING, FLAT

from ..look import number

__all__ = ["marks"]

# Softplus is left out: costs are built from it, and they are flat where an output is right.
STEEPEST = {operation(name): ACTIVATIONS[name].steepest or 0.0 for name in ("sigmoid", "tanh")}
DEAD = {operation(name) for name in DYING}


class Mark(NamedTuple):
    """A line in a value's box. The box gets a border in the colour of an error or of a warning."""

    what: str
    detail: str
    is_error: bool


def marks(value: Value, gradient: float | None, digits: int) -> list[Mark]:
    """Returns the warnings about a value. `gradient` is ∂root/∂value, None before `backward()`."""
    found = []
    if not isfinite(value.data):
        found.append(Mark(_odd(value.data), _origin(value), is_error=True))
    if gradient is not None and not isfinite(gradient):
        found.append(Mark(f"gradient {_odd(gradient)}", "", is_error=True))
    if value.op is not None and isfinite(value.data):
        found += _flat(value, value.op, digits)
    return found


def _odd(x: float) -> str:
    return "not a number" if isnan(x) else "infinite"


def _origin(value: Value) -> str:
    """Says whether a number that is not finite was given, comes from its operands, or arises in this operation."""
    if value.op is None:
        return "given so"
    inputs = [operand.data if isinstance(operand, Value) else operand for operand in value.operands]
    return "begins here" if all(map(isfinite, inputs)) else "from its operands"


def _flat(value: Value, op: Op, digits: int) -> list[Mark]:
    """Returns a warning if the value is an activation whose local derivative is 0 or almost 0."""
    slope = value.local_grads[0] if value.local_grads else 1.0
    if op in DEAD and slope == 0.0:
        return [Mark("dead", "slope 0", is_error=False)]
    if abs(slope) < FLAT * STEEPEST.get(op, 0.0):
        return [Mark("saturated", f"slope {number(slope, digits)}", is_error=False)]
    return []

"""Costs: how far outputs are from what was wanted, as one Value."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from typing import Any

from autograd import Value

__all__ = ["COSTS", "mean", "quadratic"]


def quadratic(a: Sequence[Value], y: Sequence[Any]) -> Value:
    """The notes' cost of one example, ½ ‖y − a‖²: `a` the outputs, `y` as many targets."""
    if isinstance(a, Value):
        a = [a]
        y = [y] if isinstance(y, Value) or not hasattr(y, "__len__") else y
    if len(a) != len(y) or not len(a):
        raise ValueError(f"the quadratic cost pairs each output with one target; got {len(a)} and {len(y)}")
    squares: list[Value] = [(target - output) ** 2 for output, target in zip(a, y, strict=True)]
    return 0.5 * reduce(add, squares)


def mean(costs: Sequence[Value]) -> Value:
    """C = (1/n) Σₓ Cₓ. The cost of a single example is its own mean, the same node."""
    return costs[0] if len(costs) == 1 else reduce(add, costs) / len(costs)


COSTS: dict[str, Callable[[Sequence[Value], Sequence[Any]], Value]] = {"quadratic": quadratic}

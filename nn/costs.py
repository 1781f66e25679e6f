"""Costs: how far outputs are from what was wanted, as one Value."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add
from typing import Any

from autograd import Value

__all__ = ["COSTS", "mean", "quadratic"]


def quadratic(a: Iterable[Value] | Value, y: Any) -> Value:
    """The notes' cost of one example, ½ ‖y − a‖²: `a` the outputs, `y` as many targets; or one of each.

    Raises ValueError if there are not as many targets as outputs.
    """
    outputs = [a] if isinstance(a, Value) else list(a)
    targets = list(y) if isinstance(y, Iterable) else [y]
    if len(outputs) != len(targets) or not outputs:
        raise ValueError(f"the quadratic cost pairs each output with one target; got {len(outputs)} and {len(targets)}")
    squares: list[Value] = [(target - output) ** 2 for output, target in zip(outputs, targets, strict=True)]
    return 0.5 * reduce(add, squares)


def mean(costs: Iterable[Value]) -> Value:
    """C = (1/n) Σₓ Cₓ. The cost of a single example is its own mean, the same node. ValueError without any."""
    costs = list(costs)
    if not costs or not all(isinstance(cost, Value) for cost in costs):
        raise ValueError(f"the mean is of one Value or more, a cost an example; got {costs!r:.60}")
    return costs[0] if len(costs) == 1 else reduce(add, costs) / len(costs)


COSTS: dict[str, Callable[[Iterable[Value] | Value, Any], Value]] = {"quadratic": quadratic}

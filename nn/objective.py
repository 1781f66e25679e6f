"""The function that training minimises, as one Value: costs of examples, their mean, and a penalty on parameters."""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add
from types import SimpleNamespace
from typing import Any

from autograd import Value, dot
from autograd.operation import Op
from autograd.table import OPERATIONS
from autograd.value import apply
from autograd.vocabulary import VALUES

from .activations import ACTIVATIONS
from .costs import Cost

__all__ = ["OutputWarning", "cost_of_values", "l2", "listed", "mean", "misfit"]


def _operation(op: Op) -> Callable[..., Value]:
    """Returns an operation as a function of Values and numbers: the method of Value, if any, which is faster."""
    method = getattr(Value, op.name, None)
    return lambda *a: method(*a) if method and isinstance(a[0], Value) else apply(op, *a)


# The functions `m` for Values: a cost that is computed with them builds a graph.
GRAPH = SimpleNamespace(**vars(VALUES) | {name: _operation(op) for name, op in OPERATIONS.items()})


def cost_of_values(cost: Cost, a: Any, y: Any) -> Value:
    """Returns Cₓ, a Value, from an example's outputs and targets, lists or single ones.

    Raises ValueError if there are not as many targets as outputs, TypeError if the cost's rule gives no Value.
    """
    outputs, targets = listed(a), listed(y)
    if len(outputs) != len(targets) or not outputs:
        name = cost.name.replace("_", " ")
        raise ValueError(f"the {name} cost pairs each output with one target; got {len(outputs)} and {len(targets)}")
    outputs = [output if isinstance(output, Value) else Value(output) for output in outputs]
    try:
        C = cost.of(GRAPH, outputs, targets)
    except (AttributeError, TypeError) as error:
        raise TypeError(
            f"of(m, a, y) of the {cost.name} cost gives one number from the lists a and y, an item an output, and from "
            f"the functions of m; it ends in {type(error).__name__}: {error}"
        ) from error
    if not isinstance(C, Value):
        raise TypeError(f"of(m, a, y) of the {cost.name} cost gives a Value from Values; got {C!r:.60}")
    return C


def mean(costs: Iterable[Value]) -> Value:
    """Returns the mean cost C = (1/n) Σₓ Cₓ. A single cost is returned as it is, the same node.

    Args:
        costs: The costs Cₓ, one Value for each example.
    Raises:
        ValueError: If there are none, or some are not Values.
    """
    terms: list[Value] = listed(costs)
    if not terms or not all(isinstance(cost, Value) for cost in terms):
        raise ValueError(f"mean takes one Value or more, the cost of each example; got {terms!r:.60}")
    return terms[0] if len(terms) == 1 else reduce(add, terms) / len(terms)


def l2(parameters: Iterable[Value], strength: float = 1e-4) -> Value:
    """Returns λ Σ p², a penalty on large parameters.

    Args:
        parameters: The parameters p, one Value or more.
        strength: The factor λ.
    Raises:
        ValueError: If there are no parameters, or some are not Values.
    """
    values = listed(parameters)
    if not values or not all(isinstance(parameter, Value) for parameter in values):
        raise ValueError(f"l2 takes one Value or more: l2(model.parameters()); got {parameters!r:.60}")
    return strength * dot(values, values)


def listed(numbers: Any) -> list[Any]:
    """Returns the numbers as a list; a single number becomes a list of one."""
    alone = not isinstance(numbers, Iterable) or getattr(numbers, "shape", None) == ()
    return [numbers] if alone else list(numbers)


class OutputWarning(UserWarning):
    """The warning that the output layer does not suit the cost: the cost takes logits, and the outputs are none."""


def misfit(cost: Cost, outputs: list[Value]) -> str:
    """Returns a sentence that says why the outputs of one example do not suit this cost; "" if they do.

    A cost that takes logits does not suit outputs that an activation or a softmax has made.
    """
    made = [output.op.name for output in outputs if output.op is not None]
    squashes = [name for name in made if name in ACTIVATIONS] or ["softmax"] * _is_softmax(made, outputs)
    if not cost.squash or not squashes:
        return ""
    return (
        f"the outputs are those of {squashes[0]}, and {cost.name} takes logits, as it applies {cost.squash} itself: "
        "make the output layer linear, output='linear'"
    )


def _is_softmax(made: list[str], outputs: list[Value]) -> bool:
    """Returns whether the outputs look like a softmax: quotients, products or exponentials, never below 0, sum 1."""
    quotients = len(made) == len(outputs) > 1 and set(made) <= {"div", "mul", "exp"}
    return quotients and all(a.data >= 0 for a in outputs) and abs(sum(a.data for a in outputs) - 1) < 1e-9

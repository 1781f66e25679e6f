"""Costs: how far a network's outputs are from what was wanted, as one Value.

Each is the cost Cₓ of one example: `a` are the outputs and `y` as many targets, or one of each. `mean` makes the cost
of a batch of them, `l2` that of large parameters.
"""

from collections.abc import Callable, Iterable
from functools import reduce
from operator import add
from typing import Any

import autograd
from autograd import Value, dot

from .choices import chosen

__all__ = ["COSTS", "OutputWarning", "binary_cross_entropy", "cost_called", "hinge", "l2", "log_sum_exp", "mean",
           "mean_squared_error", "misfit", "quadratic", "softmax_cross_entropy"]  # fmt: skip

Outputs = Iterable[Value] | Value


def quadratic(a: Outputs, y: Any) -> Value:
    """The notes' cost of one example, ½ ‖y − a‖².

    `a` are the outputs and `y` as many targets, or one of each; ValueError, here as in the other costs, if they are
    not equally many. The cost of a batch is the `mean` of its examples'.

        >>> quadratic([Value(0.5), Value(1.0)], [1.0, 0.0])
        Value(data=0.625, grad=0.0)
    """
    squares: list[Value] = [(target - output) ** 2 for output, target in _pairs("quadratic", a, y)]
    return 0.5 * reduce(add, squares)


def mean_squared_error(a: Outputs, y: Any) -> Value:
    """‖y − a‖² / nᴸ of one example, the mean over the nᴸ outputs."""
    squares: list[Value] = [(target - output) ** 2 for output, target in _pairs("mean squared error", a, y)]
    return reduce(add, squares) / len(squares)


def hinge(a: Outputs, y: Any) -> Value:
    """Σ max(0, 1 − y a): targets are 1 or −1, and an output has to reach them by a margin of 1."""
    short: list[Value] = [(1 + -target * output).relu() for output, target in _pairs("hinge", a, y)]
    return reduce(add, short)


def binary_cross_entropy(a: Outputs, y: Any) -> Value:
    """−Σ y ln σ(a) + (1 − y) ln(1 − σ(a)) of logits a; targets lie in 0 … 1.

    −ln σ(a) is softplus(−a), and −ln(1 − σ(a)) is softplus(a): neither overflows, nor loses digits near 0.
    """
    terms: list[Value] = [
        target * (-output).softplus() + (1 - target) * output.softplus()
        for output, target in _pairs("binary cross-entropy", a, y)
    ]
    return reduce(add, terms)


def softmax_cross_entropy(a: Outputs, y: Any) -> Value:
    """−Σ y ln softmax(a) of logits a; the targets are the probabilities of the classes: one 1 and 0 elsewhere, mostly.

    −ln softmax(a)ⱼ is ln(Σ eᵃ) − aⱼ; so it is Σ y · ln(Σ eᵃ) − Σ y a, two nodes whose slopes are softmax(a) − y.
    """
    outputs, targets = zip(*_pairs("softmax cross-entropy", a, y), strict=True)
    return reduce(add, targets) * log_sum_exp(outputs) - dot(targets, outputs)


def log_sum_exp(a: Outputs) -> Value:
    """ln(Σ eᵃ), which never overflows; its slopes are softmax(a). Raises ValueError without any term."""
    terms = _values(a)
    if not terms:
        raise ValueError(f"the log of a sum of exponentials is of one Value or more; got {a!r:.60}")
    return autograd.log_sum_exp(terms)  # type: ignore[no-any-return]  # it is asked for late


def l2(parameters: Iterable[Value], strength: float = 1e-4) -> Value:
    """λ Σ p², the cost of large parameters; λ is the strength."""
    listed = list(parameters) if isinstance(parameters, Iterable) else []
    if not listed or not all(isinstance(parameter, Value) for parameter in listed):
        raise ValueError(f"l2 is of one Value or more: l2(model.parameters()); got {parameters!r:.60}")
    return strength * dot(listed, listed)


def mean(costs: Iterable[Value]) -> Value:
    """C = (1/n) Σₓ Cₓ. The cost of a single example is its own mean, the same node. ValueError without any."""
    costs = list(costs) if isinstance(costs, Iterable) else [costs]
    if not costs or not all(isinstance(cost, Value) for cost in costs):
        raise ValueError(f"the mean is of one Value or more, a cost an example; got {costs!r:.60}")
    return costs[0] if len(costs) == 1 else reduce(add, costs) / len(costs)


def _pairs(cost: str, a: Outputs, y: Any) -> list[tuple[Value, Any]]:
    outputs, targets = _values(a), _listed(y)
    if len(outputs) != len(targets) or not outputs:
        raise ValueError(f"the {cost} cost pairs each output with one target; got {len(outputs)} and {len(targets)}")
    return list(zip(outputs, targets, strict=True))


def _values(a: Outputs) -> list[Value]:
    return [number if isinstance(number, Value) else Value(number) for number in _listed(a)]


def _listed(numbers: Any) -> list[Any]:
    alone = not isinstance(numbers, Iterable) or getattr(numbers, "shape", None) == ()
    return [numbers] if alone else list(numbers)


COSTS: dict[str, Callable[[Outputs, Any], Value]] = {
    "quadratic": quadratic,
    "mean_squared_error": mean_squared_error,
    "hinge": hinge,
    "binary_cross_entropy": binary_cross_entropy,
    "softmax_cross_entropy": softmax_cross_entropy,
}


# Costs that take logits, and what each applies to them itself: these want a linear output layer, the others any.
LOGITS: dict[str, str] = {"binary_cross_entropy": "σ", "softmax_cross_entropy": "softmax"}
SQUASHES = ("sigmoid", "tanh", "relu", "leaky_relu", "softplus")  # operations whose results are no logits


class OutputWarning(UserWarning):
    """The output layer does not suit the cost: the cost takes logits, and is given something else."""


def misfit(cost: Any, outputs: Iterable[Value]) -> str:
    """What is wrong with such outputs, of one example, for the cost of this name; "" if nothing is.

    They are no logits if an operation in SQUASHES made one of them, or if they are a softmax's.
    """
    if not isinstance(cost, str) or cost not in LOGITS:
        return ""
    outputs = list(outputs)
    made = [output.op.name for output in outputs if output.op is not None]
    squashes = [name for name in made if name in SQUASHES] or ["softmax"] * _is_softmax(made, outputs)
    if not squashes:
        return ""
    return (
        f"the outputs are those of {squashes[0]}, and {cost} takes logits, as it applies {LOGITS[cost]} itself: "
        "make the output layer linear, output='linear'"
    )


def _is_softmax(made: list[str], outputs: list[Value]) -> bool:
    """Whether these are quotients (or exponentials) from 0 to 1 that add up to 1."""
    quotients = len(made) == len(outputs) > 1 and set(made) <= {"div", "mul", "exp"}
    return quotients and all(a.data >= 0 for a in outputs) and abs(sum(a.data for a in outputs) - 1) < 1e-9


def cost_called(name: str) -> Callable[[Outputs, Any], Value]:
    """The cost of this name; a ValueError that lists the known ones, otherwise."""
    return chosen(name, "cost", COSTS)

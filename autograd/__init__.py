"""A scalar autograd engine: every number remembers how it was made, and derivatives follow."""

from typing import TYPE_CHECKING, Any

from .errors import DomainError
from .explaining import Derivation, explain, expression, label
from .functions import cos, exp, leaky_relu, log, maximum, minimum, relu, sigmoid, sin, softplus, sqrt, tanh
from .recording import no_grad
from .value import Value, apply
from .walk import Step, backward_steps, nodes, topological
from .weighted_sums import dot, dots

if TYPE_CHECKING:
    from .lifting import lift

__all__ = ["Derivation", "DomainError", "Step", "Value", "apply", "backward_steps", "cos", "dot", "dots", "exp",
           "explain", "expression", "label", "leaky_relu", "lift", "log", "maximum", "minimum", "no_grad", "nodes",
           "relu", "sigmoid", "sin", "softplus", "sqrt", "tanh", "topological"]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "lift":  # it needs NumPy, which nothing else here does
        from .lifting import lift

        return lift
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

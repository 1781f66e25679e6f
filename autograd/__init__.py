"""A scalar autograd engine: every number remembers how it was made, and derivatives follow."""

from typing import TYPE_CHECKING, Any

from .checking import DerivativeError, check_grads
from .derivatives import grad, hessian, jacobian, jvp, value_and_grad, vjp
from .errors import DomainError
from .explaining import Derivation, explain, expression, label
from .functions import cos, exp, leaky_relu, log, maximum, minimum, relu, sigmoid, sin, softplus, sqrt, tanh
from .own_operations import OwnOperation, define_operation
from .recording import no_grad
from .sweeps import Step, backward_steps
from .value import Value, apply
from .walk import nodes, topological
from .watching import NotFiniteError, only_finite
from .weighted_sums import dot, dots

if TYPE_CHECKING:
    from .lifting import lift

__all__ = ["Derivation", "DerivativeError", "DomainError", "NotFiniteError", "OwnOperation", "Step", "Value", "apply",
           "backward_steps", "check_grads", "cos", "define_operation", "dot", "dots", "exp", "explain", "expression",
           "grad", "hessian", "jacobian", "jvp", "label", "leaky_relu", "lift", "log", "maximum", "minimum", "no_grad",
           "nodes", "only_finite", "relu", "sigmoid", "sin", "softplus", "sqrt", "tanh", "topological",
           "value_and_grad", "vjp"]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "lift":  # it needs NumPy, which nothing else here does
        from .lifting import lift

        return lift
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

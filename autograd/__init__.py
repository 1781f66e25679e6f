"""A scalar autograd engine: each number records the operation that made it, and derivatives follow from that.

    >>> from autograd import Value, explain, label
    >>> w, x, b = Value(-3.0), Value(2.0), Value(7.0)
    >>> z = w * x + b
    >>> a = z.tanh()
    >>> a.backward()
    >>> round(w.grad, 4)
    0.8399
    >>> label(w=w, x=x, b=b, z=z, a=a)
    >>> explain(a, w)
    ∂a/∂w = ∂z/∂w · ∂a/∂z
          = x · tanh′(z)
          = 2 × 0.419974
          = 0.839949

The engine's files, in reading order:

    operation      the type of the table's rows: an operation's value, its local derivatives, its notation
    table          the operations, one row each
    node           a number with its gradient, its operation, its operands and its local derivatives
    value          arithmetic on Values; each operation makes a new node
    walk           topological order, and the backward pass, which is the chain rule
    weighted_sums  z = Σ w a + b as one node
    functions      the operations as functions: `tanh(v)` is `v.tanh()`
    floats         the mathematics of plain numbers, with the functions that rules call
    grad_mode      blocks in which nothing is recorded, or every new node is checked
    errors         DomainError, for an operation that has no value at its inputs
    vocabulary     the functions that rules call, for Values, formulas, pages and sympy
    writing        numbers and names as formulas write them
    copying        copies and pickles of a graph, without recursion
    comparison     the result of x > 0: a bool that remembers its operands, so that `where` can record it

The packages that build on it, in reading order too:

    derivatives/   grad, jacobian, hessian, jvp, vjp; operations of your own
    diagnostics/   warnings and error texts, and the lines of code that they name
    formulas/      the chain rule in symbols
    arrays/        NumPy's functions on arrays of Values
    programs/      array programs: array operations recorded as data, and reverse mode on them
    mistakes/      candidate mistakes: edits of a right backward pass
    checking/      derivatives compared with finite differences, and a backward pass compared with its graph
    engines/       check_engine: an engine that somebody wrote, compared with this one
    lifting/       lift: from a graph back to a program on matrices

The names:

- Numbers: `Value`; `dot` and `dots` are a neuron's and a layer's weighted inputs
- Functions of Values, numbers and arrays: `exp`, `log`, `sqrt`, `log1p`, `expm1`, `sin`, `cos`, `tan`, `arcsin`,
  `arccos`, `arctan`, `arctan2`, `sinh`, `cosh`, `tanh`, `sigmoid`, `relu`, `leaky_relu`, `softplus`, `maximum`,
  `minimum`, `where`; of many numbers at once: `log_sum_exp`, `softmax`
- Arrays of Values: `array` makes one, NumPy's functions work on it; `numbers` and `gradients` give arrays of floats
- Derivatives as functions: `grad`, `value_and_grad`, `jacobian`, `hessian`, `jvp`, `vjp`. `check_grads` compares them
  with finite differences and raises `DerivativeError`. `LeftGraphWarning` reports a number that leaves the graph
- Your own code: `check_backward` compares a backward pass in NumPy with its graph; `check_engine` compares an engine
  with this one
- The chain rule in symbols: `explain` gives a `Derivation`, `expression` a formula; `label` names Values
- The graph as data: `backward_steps` gives each `Step` of a backward pass; `nodes` and `topological` list the graph
- After `v.data = …` an earlier graph keeps its numbers and slopes. Whatever shows it gives a `ChangedValueWarning`
- Blocks: `no_grad` records nothing; `only_finite` raises `NotFiniteError` for inf and nan
- Operations: `define_operation` makes an `OwnOperation`; `apply` computes any row of `autograd.table`. An operation
  raises `DomainError` outside its domain
- Matrix programs: `lift` turns a graph into one
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import DomainError
from .functions import (
    arccos,
    arcsin,
    arctan,
    arctan2,
    cos,
    cosh,
    exp,
    expm1,
    leaky_relu,
    log,
    log1p,
    log_sum_exp,
    maximum,
    minimum,
    relu,
    sigmoid,
    sin,
    sinh,
    softmax,
    softplus,
    sqrt,
    tan,
    tanh,
    where,
)
from .grad_mode import no_grad
from .value import Value, apply
from .walk import nodes, topological
from .weighted_sums import dot, dots

if TYPE_CHECKING:
    from .arrays.conversions import array, gradients, numbers
    from .checking.check_backward import check_backward
    from .checking.gradcheck import DerivativeError, check_grads
    from .derivatives.finite_mode import NotFiniteError, only_finite
    from .derivatives.own_operations import OwnOperation, define_operation
    from .derivatives.sweeps import Step, backward_steps
    from .derivatives.transforms import grad, hessian, jacobian, jvp, value_and_grad, vjp
    from .diagnostics.changes import ChangedValueWarning
    from .diagnostics.leaving import LeftGraphWarning
    from .engines.check_engine import check_engine
    from .formulas.derivation import Derivation, explain, expression, label
    from .lifting import lift

__all__ = ["ChangedValueWarning", "Derivation", "DerivativeError", "DomainError", "LeftGraphWarning", "NotFiniteError",
           "OwnOperation", "Step", "Value", "apply", "arccos", "arcsin", "arctan", "arctan2", "array", "backward_steps",
           "check_backward", "check_engine", "check_grads", "cos", "cosh", "define_operation", "dot", "dots", "exp",
           "explain", "expm1", "expression", "grad", "gradients", "hessian", "jacobian", "jvp", "label", "leaky_relu",
           "lift", "log", "log1p", "log_sum_exp", "maximum", "minimum", "no_grad", "nodes", "numbers", "only_finite",
           "relu", "sigmoid", "sin", "sinh", "softmax", "softplus", "sqrt", "tan", "tanh", "topological",
           "value_and_grad", "vjp", "where"]  # fmt: skip

# The public names of these packages, each with its module, which is imported when the name is first used.
LATE = {
    "array": "arrays.conversions", "gradients": "arrays.conversions", "numbers": "arrays.conversions",
    "check_backward": "checking.check_backward",
    "DerivativeError": "checking.gradcheck", "check_grads": "checking.gradcheck",
    "NotFiniteError": "derivatives.finite_mode", "only_finite": "derivatives.finite_mode",
    "OwnOperation": "derivatives.own_operations", "define_operation": "derivatives.own_operations",
    "Step": "derivatives.sweeps", "backward_steps": "derivatives.sweeps",
    "grad": "derivatives.transforms", "hessian": "derivatives.transforms", "jacobian": "derivatives.transforms",
    "jvp": "derivatives.transforms", "value_and_grad": "derivatives.transforms", "vjp": "derivatives.transforms",
    "check_engine": "engines.check_engine",
    "ChangedValueWarning": "diagnostics.changes", "LeftGraphWarning": "diagnostics.leaving",
    "Derivation": "formulas.derivation", "explain": "formulas.derivation", "expression": "formulas.derivation",
    "label": "formulas.derivation",
    "lift": "lifting",
}  # fmt: skip
ROOMS = ("arrays", "checking", "derivatives", "diagnostics", "engines", "formulas", "lifting", "programs")


def __getattr__(name: str) -> Any:
    if name in ROOMS:
        return import_module(f".{name}", __name__)
    if name not in LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{LATE[name]}", __name__), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *LATE, *ROOMS})

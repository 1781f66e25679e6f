"""A scalar autograd engine: every number remembers how it was made, and derivatives follow.

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

    operation      what a row of the table holds, and what it can be asked
    table          each operation once: what it computes, how steep it is, how it is written
    node           a number that remembers its operation, its operands and its slopes
    value          arithmetic, which makes new nodes
    walk           the walk back over the graph, which is the chain rule
    weighted_sums  z = Σ w a + b as one node
    functions      the operations as functions, `tanh(v)` beside `v.tanh()`
    floats         the mathematics of plain numbers, in the words that the table speaks
    grad_mode      blocks in which nothing is recorded, or everything is watched
    errors         what is raised where an operation has no value
    vocabulary     the words of rules, for Values, formulas, pages and sympy
    writing        numbers and names as formulas write them
    copying        copies and pickles of a graph, without recursion
    comparison     what x > 0 gives: a bool that remembers, for `where` to record

The rooms that build on it:

    derivatives/   grad, jacobian, hessian, jvp, vjp; operations of your own
    diagnostics/   what is told about graphs, and about the code that makes them
    formulas/      the chain rule in symbols
    arrays/        NumPy's functions on arrays of Values
    programs/      array programs: what a function does to arrays, as data, and reverse mode over it
    mistakes/      what may be wrong in a backward pass: edits of the right one
    checking/      derivatives held against finite differences, and backward passes against their graph
    engines/       an engine that somebody wrote, held to this one
    lifting/       the matrix program that a graph stands for

The names:

- Numbers: `Value`, and `dot` and `dots`, a neuron's and a layer's weighted inputs
- Functions of Values, numbers and arrays: `exp`, `log`, `sqrt`, `log1p`, `expm1`, `sin`, `cos`, `tan`, `arcsin`,
  `arccos`, `arctan`, `arctan2`, `sinh`, `cosh`, `tanh`, `sigmoid`, `relu`, `leaky_relu`, `softplus`, `maximum`,
  `minimum`, `where`; of many at a time: `log_sum_exp`, `softmax`
- Arrays of Values, on which NumPy's functions mean the same: `array` makes one, `numbers` and `gradients` are its
  numbers and gradients, as arrays of floats
- Derivatives as functions: `grad`, `value_and_grad`, `jacobian`, `hessian`, `jvp`, `vjp`; whether they are right:
  `check_grads`, which raises `DerivativeError`; `LeftGraphWarning` tells of a number that they lose
- Any backward pass in NumPy, held to its graph: `check_backward`; an engine that you wrote, held to this one:
  `check_engine`
- The chain rule, written out: `explain` gives a `Derivation`, `expression` a formula; `label` names what they speak of
- The graph as data: `backward_steps` gives each `Step` of a backward pass, `nodes` and `topological` what it walks
- After `v.data = …` an earlier graph keeps its numbers and slopes, and what shows it warns: `ChangedValueWarning`
- What holds in a block: `no_grad`; `only_finite`, which raises `NotFiniteError`
- Operations: `define_operation` makes an `OwnOperation`, `apply` works out any row of `autograd.table`; outside its
  domain each raises `DomainError`
- The matrix program that a graph stands for: `lift`
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

# The public names of the rooms, each beside its file: it is read when one of them is first asked for.
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

"""Names from other libraries that a Value lacks, each with what to use here.

`autograd.value` lists the names again, so that it need not import this file until one of them is used.
"""

from typing import Any

__all__ = ["DEFINE", "REMEDIES", "missing", "remedy"]

ARRAY = "a Value is one number; autograd.array(...) makes an array of Values"
DEFINE = "write it in operations there are, or with define_operation"
GRADIENT = "every Value that is made of Values has a gradient; detach() gives a constant"
STEPS = (
    "a node keeps its slopes in local_grads, backward_steps(v) gives each step of a backward pass, and "
    "define_operation makes an operation of your own"
)

# The formatter would destroy the columns.
# fmt: off
_TABLE = (
    # micrograd's, the lecture's and PyTorch's
    ("_backward",            STEPS),
    ("_children children",   "use parents"),
    ("clone",                "use v + 0.0, or detach() for a new leaf"),
    ("detach_",              "use detach()"),
    ("grad_fn",              "use op, parents and local_grads"),
    ("item",                 "use data, or float(v); leave it out where a gradient passes"),
    ("numpy",                "use data; autograd.numbers(array) for an array of Values"),
    ("requires_grad requires_grad_", GRADIENT),
    ("retain_grad",          "every node keeps its gradient, inner ones too"),
    ("tolist value",         "use data"),
    ("zero_",                "use zero_grad(), or v.grad = 0.0"),
    # arithmetic and functions
    ("abs absolute fabs",    "use abs(v)"),
    ("add",                  "use v + w"),
    ("sub",                  "use v - w"),
    ("mul",                  "use v * w"),
    ("div",                  "use v / w"),
    ("neg",                  "use -v"),
    ("pow",                  "use v ** k"),
    ("fsum",                 "use sum(values)"),
    ("square",               "use v ** 2"),
    ("reciprocal",           "use 1 / v"),
    ("cbrt",                 "use v ** (1 / 3), for v above 0"),
    ("rsqrt",                "use v ** -0.5"),
    ("max maximum",          "use autograd.maximum(v, w)"),
    ("min minimum",          "use autograd.minimum(v, w)"),
    ("clamp clip",           "use autograd.minimum(autograd.maximum(v, low), high)"),
    ("where",                "use autograd.where(condition, v, w)"),
    ("asin",                 "use v.arcsin()"),
    ("acos",                 "use v.arccos()"),
    ("atan",                 "use v.arctan()"),
    ("atan2 arctan2",        "use autograd.arctan2(v, w)"),
    ("asinh arcsinh",        "use (v + (v * v + 1).sqrt()).log()"),
    ("acosh arccosh",        "use (v + (v * v - 1).sqrt()).log()"),
    ("atanh arctanh",        "use ((1 + v) / (1 - v)).log() / 2"),
    ("log2",                 "use v.log() / math.log(2)"),
    ("log10",                "use v.log() / math.log(10)"),
    ("exp2",                 "use 2 ** v"),
    ("hypot",                "use (v * v + w * w).sqrt()"),
    ("logaddexp",            "use autograd.log_sum_exp([v, w])"),
    ("logsumexp",            "use autograd.log_sum_exp(values)"),
    ("softmax",              "use autograd.softmax(values)"),
    ("log_softmax",          "use v - autograd.log_sum_exp(values)"),
    ("logsigmoid",           "use -(-v).softplus()"),
    ("silu swish",           "use v * v.sigmoid()"),
    ("elu",                  "use autograd.maximum(v, 0) + autograd.minimum(v, 0).expm1()"),
    ("gelu",                 "use 0.5 * v * (1 + (0.7978845608 * (v + 0.044715 * v ** 3)).tanh())"),
    ("erf gamma",            DEFINE),
    ("isfinite",             "use math.isfinite(v.data); np.isfinite works on arrays made by autograd.array(...)"),
    ("isnan",                "use math.isnan(v.data); np.isnan works on arrays made by autograd.array(...)"),
    # of arrays
    ("T dtype flatten mean ndim reshape shape size std sum var", ARRAY),
)
# fmt: on
REMEDIES = {name: remedy for names, remedy in _TABLE for name in names.split()}


def missing(name: str, value: Any) -> AttributeError:
    """Returns the error for an attribute that a Value lacks."""
    return AttributeError(f"a Value has no {name}: {REMEDIES[name]}", name=name, obj=value)


def remedy(name: str) -> str:
    """Returns what to use instead of an attribute that a Value lacks; "" if the name is not in the table."""
    return REMEDIES.get(name, "")

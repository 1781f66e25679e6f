"""What other libraries call things, and what to use here: names that are errors, each with a remedy."""

from typing import Any

__all__ = ["DEFINE", "missing", "remedy"]

ARRAY = "a Value is one number; autograd.array(...) makes an array of Values"
DEFINE = "write it in operations there are, or with define_operation"


REMEDIES = {
    # micrograd's, the lecture's and PyTorch's
    "_backward": (
        "a node keeps its slopes in local_grads, backward_steps(v) gives each step of a backward pass, and "
        "define_operation makes an operation of your own"
    ),
    "_children": "use parents",
    "children": "use parents",
    "clone": "use v + 0.0, or detach() for a new leaf",
    "detach_": "use detach()",
    "grad_fn": "use op, parents and local_grads",
    "item": "use data, or float(v)",
    "numpy": "use data; autograd.numbers(array) for an array of Values",
    "requires_grad": "every Value that is made of Values has a gradient; detach() gives a constant",
    "requires_grad_": "every Value that is made of Values has a gradient; detach() gives a constant",
    "retain_grad": "every node keeps its gradient, inner ones too",
    "tolist": "use data",
    "value": "use data",
    "zero_": "use zero_grad(), or v.grad = 0.0",
    # arithmetic and functions
    "abs": "use abs(v)",
    "absolute": "use abs(v)",
    "fabs": "use abs(v)",
    "fsum": "use sum(values)",
    "add": "use v + w",
    "sub": "use v - w",
    "mul": "use v * w",
    "div": "use v / w",
    "neg": "use -v",
    "pow": "use v ** k",
    "square": "use v ** 2",
    "reciprocal": "use 1 / v",
    "cbrt": "use v ** (1 / 3), for v above 0",
    "rsqrt": "use v ** -0.5",
    "max": "use autograd.maximum(v, w)",
    "min": "use autograd.minimum(v, w)",
    "maximum": "use autograd.maximum(v, w)",
    "minimum": "use autograd.minimum(v, w)",
    "clamp": "use autograd.minimum(autograd.maximum(v, low), high)",
    "clip": "use autograd.minimum(autograd.maximum(v, low), high)",
    "arcsinh": "use (v + (v * v + 1).sqrt()).log()",
    "arctanh": "use ((1 + v) / (1 - v)).log() / 2",
    "log2": "use v.log() / math.log(2)",
    "log10": "use v.log() / math.log(10)",
    "exp2": "use 2 ** v",
    "logaddexp": "use autograd.log_sum_exp([v, w])",
    "hypot": "use (v * v + w * w).sqrt()",
    "logsigmoid": "use -(-v).softplus()",
    "silu": "use v * v.sigmoid()",
    "swish": "use v * v.sigmoid()",
    "elu": "use autograd.maximum(v, 0) + autograd.minimum(v, 0).exp() - 1",
    "gelu": "use 0.5 * v * (1 + (0.7978845608 * (v + 0.044715 * v ** 3)).tanh())",
    "softmax": "use autograd.softmax(values)",
    "isfinite": "use math.isfinite(v.data); np.isfinite works on arrays made by autograd.array(...)",
    "isnan": "use math.isnan(v.data); np.isnan works on arrays made by autograd.array(...)",
    # those without a formula
    "arctan2": "use autograd.arctan2(v, w)",
    "asin": "use v.arcsin()",
    "acos": "use v.arccos()",
    "atan": "use v.arctan()",
    "atan2": "use autograd.arctan2(v, w)",
    "erf": DEFINE,
    "gamma": DEFINE,
    # of arrays
    "T": ARRAY,
    "dtype": ARRAY,
    "flatten": ARRAY,
    "mean": ARRAY,
    "ndim": ARRAY,
    "reshape": ARRAY,
    "shape": ARRAY,
    "size": ARRAY,
    "std": ARRAY,
    "sum": ARRAY,
    "var": ARRAY,
}


def missing(name: str, value: Any) -> AttributeError:
    """The error for an attribute that a Value lacks."""
    return AttributeError(f"a Value has no {name}: {REMEDIES[name]}", name=name, obj=value)


def remedy(name: str) -> str:
    """What to use in place of an attribute that a Value lacks; "" where nothing is known of the name."""
    return REMEDIES.get(name, "")

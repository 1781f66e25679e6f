"""What other libraries call things, and what to use here: what an AttributeError of a Value says."""

__all__ = ["DEFINE", "remedy"]

USE = "use {}"
ARRAY = "a Value is one number; autograd.array(...) makes an array of Values"
DEFINE = "write it in operations there are, or with define_operation"

# names of micrograd and of the lecture, of PyTorch, NumPy and the module math
REMEDIES = {
    "_backward": "a node keeps its slopes in local_grads, and backward_steps(v) gives each step of a backward pass",
    "_children": USE.format("parents"),
    "children": USE.format("parents"),
    "clone": USE.format("v + 0.0, or detach() for a new leaf"),
    "detach_": USE.format("detach()"),
    "grad_fn": USE.format("op, parents and local_grads"),
    "item": USE.format("data, or float(v)"),
    "numpy": USE.format("data; autograd.numbers(array) for an array of Values"),
    "requires_grad": "every Value that is made of Values has a gradient; detach() gives a constant",
    "requires_grad_": "every Value that is made of Values has a gradient; detach() gives a constant",
    "retain_grad": "every node keeps its gradient, inner ones too",
    "tolist": USE.format("data"),
    "value": USE.format("data"),
    "zero_": USE.format("zero_grad(), or v.grad = 0.0"),
    "abs": USE.format("abs(v)"),
    "absolute": USE.format("abs(v)"),
    "fabs": USE.format("abs(v)"),
    "fsum": USE.format("sum(values)"),
    "add": USE.format("v + w"),
    "sub": USE.format("v - w"),
    "mul": USE.format("v * w"),
    "div": USE.format("v / w"),
    "neg": USE.format("-v"),
    "pow": USE.format("v ** k"),
    "square": USE.format("v ** 2"),
    "reciprocal": USE.format("1 / v"),
    "cbrt": USE.format("v ** (1 / 3), for v above 0"),
    "rsqrt": USE.format("v ** -0.5"),
    "max": USE.format("autograd.maximum(v, w)"),
    "min": USE.format("autograd.minimum(v, w)"),
    "maximum": USE.format("autograd.maximum(v, w)"),
    "minimum": USE.format("autograd.minimum(v, w)"),
    "clamp": USE.format("autograd.minimum(autograd.maximum(v, low), high)"),
    "clip": USE.format("autograd.minimum(autograd.maximum(v, low), high)"),
    "tan": USE.format("v.sin() / v.cos()"),
    "sinh": USE.format("(v.exp() - (-v).exp()) / 2"),
    "cosh": USE.format("(v.exp() + (-v).exp()) / 2"),
    "arcsinh": USE.format("(v + (v * v + 1).sqrt()).log()"),
    "arctanh": USE.format("((1 + v) / (1 - v)).log() / 2"),
    "log2": USE.format("v.log() / math.log(2)"),
    "log10": USE.format("v.log() / math.log(10)"),
    "log1p": USE.format("(1 + v).log()"),
    "expm1": USE.format("v.exp() - 1"),
    "exp2": USE.format("2 ** v"),
    "logaddexp": "of arrays made by autograd.array(...), np.logaddexp works; of two Values, use w + (v - w).softplus()",
    "hypot": USE.format("(v * v + w * w).sqrt()"),
    "logsigmoid": USE.format("-(-v).softplus()"),
    "silu": USE.format("v * v.sigmoid()"),
    "swish": USE.format("v * v.sigmoid()"),
    "elu": USE.format("autograd.maximum(v, 0) + autograd.minimum(v, 0).exp() - 1"),
    "gelu": USE.format("0.5 * v * (1 + (0.7978845608 * (v + 0.044715 * v ** 3)).tanh())"),
    **dict.fromkeys(("T", "dtype", "flatten", "mean", "ndim", "reshape", "shape", "size", "std", "sum", "var"), ARRAY),
    "softmax": "softmax is of several Values: divide each e ** z by their sum, or use nn.softmax_cross_entropy",
    "isfinite": USE.format("math.isfinite(v.data); np.isfinite works on arrays made by autograd.array(...)"),
    "isnan": USE.format("math.isnan(v.data); np.isnan works on arrays made by autograd.array(...)"),
} | dict.fromkeys(("arcsin", "arccos", "arctan", "arctan2", "asin", "acos", "atan", "atan2", "erf", "gamma"), DEFINE)


def remedy(name: str) -> str:
    """What to use in place of an attribute that a Value lacks; "" where nothing is known of the name."""
    return REMEDIES.get(name, "")

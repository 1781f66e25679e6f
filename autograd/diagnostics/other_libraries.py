"""What other libraries call things, and what to use here: names that are errors, each with a remedy."""

from typing import Any, NoReturn

__all__ = ["DEFINE", "Elsewhere", "remedy"]

ARRAY = "a Value is one number; autograd.array(...) makes an array of Values"
DEFINE = "write it in operations there are, or with define_operation"


class Missing:
    """An attribute that is not there: to ask for it, or to assign it, is an AttributeError that says what to use."""

    __slots__ = ("name", "remedy")

    def __init__(self, remedy: str) -> None:
        self.remedy = remedy

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, value: Any, kind: type) -> NoReturn:
        raise AttributeError(f"a Value has no {self.name}: {self.remedy}", name=self.name, obj=value)

    def __set__(self, value: Any, given: Any) -> NoReturn:
        self.__get__(value, type(value))


class Elsewhere:
    """The names of other libraries that a Value lacks. (A `__getattr__` would slow down every look-up that misses.)"""

    __slots__ = ()

    # micrograd's, the lecture's and PyTorch's
    _backward = Missing(
        "a node keeps its slopes in local_grads, backward_steps(v) gives each step of a backward pass, and "
        "define_operation makes an operation of your own"
    )
    _children = Missing("use parents")
    children = Missing("use parents")
    clone = Missing("use v + 0.0, or detach() for a new leaf")
    detach_ = Missing("use detach()")
    grad_fn = Missing("use op, parents and local_grads")
    item = Missing("use data, or float(v)")
    numpy = Missing("use data; autograd.numbers(array) for an array of Values")
    requires_grad = Missing("every Value that is made of Values has a gradient; detach() gives a constant")
    requires_grad_ = Missing("every Value that is made of Values has a gradient; detach() gives a constant")
    retain_grad = Missing("every node keeps its gradient, inner ones too")
    tolist = Missing("use data")
    value = Missing("use data")
    zero_ = Missing("use zero_grad(), or v.grad = 0.0")

    # arithmetic and functions
    abs = Missing("use abs(v)")
    absolute = Missing("use abs(v)")
    fabs = Missing("use abs(v)")
    fsum = Missing("use sum(values)")
    add = Missing("use v + w")
    sub = Missing("use v - w")
    mul = Missing("use v * w")
    div = Missing("use v / w")
    neg = Missing("use -v")
    pow = Missing("use v ** k")
    square = Missing("use v ** 2")
    reciprocal = Missing("use 1 / v")
    cbrt = Missing("use v ** (1 / 3), for v above 0")
    rsqrt = Missing("use v ** -0.5")
    max = Missing("use autograd.maximum(v, w)")
    min = Missing("use autograd.minimum(v, w)")
    maximum = Missing("use autograd.maximum(v, w)")
    minimum = Missing("use autograd.minimum(v, w)")
    clamp = Missing("use autograd.minimum(autograd.maximum(v, low), high)")
    clip = Missing("use autograd.minimum(autograd.maximum(v, low), high)")
    tan = Missing("use v.sin() / v.cos()")
    sinh = Missing("use (v.exp() - (-v).exp()) / 2")
    cosh = Missing("use (v.exp() + (-v).exp()) / 2")
    arcsinh = Missing("use (v + (v * v + 1).sqrt()).log()")
    arctanh = Missing("use ((1 + v) / (1 - v)).log() / 2")
    log2 = Missing("use v.log() / math.log(2)")
    log10 = Missing("use v.log() / math.log(10)")
    log1p = Missing("use (1 + v).log()")
    expm1 = Missing("use v.exp() - 1")
    exp2 = Missing("use 2 ** v")
    logaddexp = Missing("np.logaddexp works on autograd.array(...); of two Values, use w + (v - w).softplus()")
    hypot = Missing("use (v * v + w * w).sqrt()")
    logsigmoid = Missing("use -(-v).softplus()")
    silu = Missing("use v * v.sigmoid()")
    swish = Missing("use v * v.sigmoid()")
    elu = Missing("use autograd.maximum(v, 0) + autograd.minimum(v, 0).exp() - 1")
    gelu = Missing("use 0.5 * v * (1 + (0.7978845608 * (v + 0.044715 * v ** 3)).tanh())")
    softmax = Missing("softmax is of several Values: divide each e ** z by their sum, or use nn.softmax_cross_entropy")
    isfinite = Missing("use math.isfinite(v.data); np.isfinite works on arrays made by autograd.array(...)")
    isnan = Missing("use math.isnan(v.data); np.isnan works on arrays made by autograd.array(...)")

    # those without a formula
    arcsin = Missing(DEFINE)
    arccos = Missing(DEFINE)
    arctan = Missing(DEFINE)
    arctan2 = Missing(DEFINE)
    asin = Missing(DEFINE)
    acos = Missing(DEFINE)
    atan = Missing(DEFINE)
    atan2 = Missing(DEFINE)
    erf = Missing(DEFINE)
    gamma = Missing(DEFINE)

    # of arrays
    T = Missing(ARRAY)
    dtype = Missing(ARRAY)
    flatten = Missing(ARRAY)
    mean = Missing(ARRAY)
    ndim = Missing(ARRAY)
    reshape = Missing(ARRAY)
    shape = Missing(ARRAY)
    size = Missing(ARRAY)
    std = Missing(ARRAY)
    sum = Missing(ARRAY)
    var = Missing(ARRAY)

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if name not in NAMES]


NAMES = {name: missing.remedy for name, missing in vars(Elsewhere).items() if isinstance(missing, Missing)}


def remedy(name: str) -> str:
    """What to use in place of an attribute that a Value lacks; "" where nothing is known of the name."""
    return NAMES.get(name, "")

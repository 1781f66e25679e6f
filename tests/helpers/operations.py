"""The table's operations as the tests ask for them: the points to try, what people type, and what sympy calls them."""

import math
import re

from autograd import Value, dot, functions
from autograd.table import TABLE, Op

PROBES = [(op, at) for op in TABLE for at in op.samples]
CORNERS = [(op, at) for op in TABLE for at in op.edges]


def name(x):
    return x.name if isinstance(x, Op) else None


class Planted(Op):
    """An operation with one slope replaced."""

    def slope(self, m, y, inputs, position):
        d = self.right.slope(m, y, inputs, position)
        return self.wrong(d) if position == self.position else d


TYPED = {  # what a person types, operators, methods and functions: not apply(op, ...)
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b, "mod": lambda a, b: a % b, "floor_divide": lambda a, b: a // b,
    "neg": lambda a: -a, "abs": abs, "exp": Value.exp, "log": Value.log, "sqrt": Value.sqrt,
    "sin": Value.sin, "cos": Value.cos, "tanh": Value.tanh, "sigmoid": Value.sigmoid, "relu": Value.relu,
    "leaky_relu": Value.leaky_relu, "softplus": Value.softplus, "maximum": functions.maximum,
    "minimum": functions.minimum, "dot": lambda *v: dot(*halves(v)),
}  # fmt: skip


def halves(v):
    """dot's operands as its arguments: the weights, the inputs, and the bias or None."""
    n = len(v) // 2
    return v[:n], v[n : 2 * n], v[-1] if len(v) % 2 else None


def in_sympy(op, a, b):
    """What an operation of one or two inputs computes, as sympy says it, of sympy's symbols or numbers."""
    import sympy

    class Floor(sympy.Function):
        """⌊x⌋, flat: sympy's own floor does not say what its derivative is."""

        @classmethod
        def eval(cls, x):
            return sympy.floor(x) if x.is_number else None

        def fdiff(self, argindex=1):
            return sympy.Integer(0)

    return {
        "add": a + b, "sub": a - b, "mul": a * b, "div": a / b, "pow": a**b, "neg": -a, "abs": sympy.Abs(a),
        "exp": sympy.exp(a), "log": sympy.log(a), "sqrt": sympy.sqrt(a), "sin": sympy.sin(a), "cos": sympy.cos(a),
        "tanh": sympy.tanh(a), "sigmoid": 1 / (1 + sympy.exp(-a)), "relu": sympy.Max(a, 0),
        "leaky_relu": sympy.Piecewise((a, a > 0), (a * b, True)), "softplus": sympy.log(1 + sympy.exp(a)),
        "maximum": sympy.Max(a, b), "minimum": sympy.Min(a, b), "mod": a - b * Floor(a / b),
        "floor_divide": Floor(a / b),
    }[op.name]  # fmt: skip


def worth(form, a, b, y):
    """The number that a printed slope of one or two inputs stands for, such as σ′(a), [a > b] or 1/(2√a).

    It is read as Python; what its functions mean is said here from a calculus book.
    """
    for written, meant in READ_AS:
        form = re.sub(written, meant, form)
    return float(eval(form, {**MEANINGS, "a": a, "b": b, "y": y}))


READ_AS = (
    (r"\[(.*)\]", r"(\1)"),  # Iverson's bracket: 1 where it holds, else 0
    ("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "**" + found[0].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))),
    (r"(\d)√", r"\1·√"),
    (r"√(\w)", r"√(\1)"),
    ("σ", "sigmoid"), ("′", "_slope"), ("√", "sqrt"), ("·", "*"), ("−", "-"), (r"\^", "**"),
)  # fmt: skip
MEANINGS = {
    "floor": math.floor,
    "exp": math.exp, "ln": math.log, "sin": math.sin, "cos": math.cos, "sqrt": math.sqrt, "min": min, "pow": math.pow,
    "sign": lambda x: math.copysign(1, x), "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "sigmoid_slope": lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2, "tanh_slope": lambda x: 1 / math.cosh(x) ** 2,
    "relu_slope": lambda x: x > 0, "leaky_relu_slope": lambda x, s: 1.0 if x > 0 else s,
}  # fmt: skip

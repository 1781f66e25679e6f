"""Independent facts about each operation, one line per operation. Every test of operations loops over these lines.

A line has what a user types, and the names in sympy, NumPy and PyTorch. Its texts use the inputs a, b and c,
or the list v of all inputs. A new row of `autograd.table` needs a line here, or `test_every_row_has_its_line` fails.
"""

import math
import re
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value, dot, functions
from autograd.table import LETTERS, TABLE, Op


class Line(NamedTuple):
    """An operation as other libraries have it."""

    name: str
    sympy: str  # what it computes; sympy differentiates this for the slopes
    words: str  # in a picture | in Python | its slopes as people write them | where it is defined
    typed: str = ""  # what a user types, if it is not a call of this name
    numpy: str = ""  # in NumPy, if it differs from what is typed
    torch: str = ""  # in PyTorch, if it differs from what is typed
    chooses: bool = False  # whether it chooses between its inputs; with a nan, it then chooses neither
    limits: dict[tuple[float, ...], tuple[float, ...]] = {}  # slopes where the formula is 0 · inf or the like
    slopes: Any = None  # slopes at the edges of floats, by hand, where there are too many limits


def softmax(*v):
    """Returns the slopes of log_sum_exp by PyTorch's formula, which gives nan for an input that is inf."""
    return np.exp(np.subtract(v, np.logaddexp.reduce(v)))


def steep_pow(a, b):
    """Returns the slopes of aᵇ: b aᵇ⁻¹ by a, which is 0 if b is 0; and aᵇ ln a by b, which is 0 if a is 0 and b ≥ 0."""
    by_a = 0.0 if b == 0 else b * np.power(a, b - 1)
    if a == 0:
        return by_a, 0.0 if b >= 0 else math.nan
    return by_a, np.power(a, b) * np.log(a)


EXP_NEEDS = "needs an input below 709.79, as its result is more than a float can hold otherwise"
SINH_NEEDS = "needs an input between −710.47 and 710.47, as its result is more than a float can hold otherwise"
INF = math.inf

# The formatter is switched off, as the table is aligned in columns.
# fmt: off
LINES = (
    Line("add",  "a + b", "+ | p + q | 1 | 1",  "a + b"),
    Line("sub",  "a - b", "− | p - q | 1 | −1", "a - b"),
    Line("mul",  "a * b", "× | p * q | q | p",  "a * b"),
    Line("div",  "a / b", "÷ | p / q | 1/q | −y/q | / needs a divisor other than 0, and a quotient that a float can "
         "hold",               "a / b"),
    Line("pow",  "a ** b", "^ | p ** q | q·p^(q−1) | y·ln(p) | ** needs a base above 0 (or below 0 with a whole "
         "exponent, or 0 with one that is not negative), and a power that a float can hold",
         "a ** b",  numpy="nan if a == -inf and b % 1 > 0 else power(a, b)",  slopes=steep_pow),
    Line("mod",  "a - b * Floor(a / b)", "mod | p % q | 1 | −floor(p/q) | % needs a divisor other than 0, and an input "
         "that is not infinite",
         "a % b",  slopes=lambda a, b: (1, -np.floor_divide(a, b))),
    Line("floor_divide", "Floor(a / b)", "// | p // q | 0 | 0 | // needs a divisor other than 0, and an input that is "
         "not infinite",
         "a // b", torch="div(a, b, rounding_mode='floor')",  chooses=True),
    Line("maximum", "Piecewise((a, a > b), (b, a < b), ((a + b) / 2, True))", "max | maximum(p, q) | [p > q] | [q > p]",
         chooses=True),
    Line("minimum", "Piecewise((a, a < b), (b, a > b), ((a + b) / 2, True))", "min | minimum(p, q) | [p < q] | [q < p]",
         chooses=True),
    Line("neg",  "-a",           "− | -p | −1",                     "-a"),
    Line("abs",  "Abs(a)",       "|·| | abs(p) | sign(p)",          "abs(a)"),
    Line("exp",  "exp(a)",       f"exp | exp(p) | exp(p) | exp {EXP_NEEDS}"),
    Line("log",  "log(a)",       "ln | log(p) | 1/p | log needs a positive input"),
    Line("sqrt", "sqrt(a)",      "√ | sqrt(p) | 1/(2√p) | sqrt needs an input that is not negative"),
    Line("log1p", "log(1 + a)",  "ln(1 + ·) | log1p(p) | 1/(1 + p) | log1p needs an input above −1"),
    Line("expm1", "exp(a) - 1",  f"exp(·) − 1 | expm1(p) | exp(p) | expm1 {EXP_NEEDS}",
         torch="where(a < -1, exp(a) - 1, expm1(a))"),  # PyTorch's slope, y + 1, loses digits for negative inputs
    Line("sin",  "sin(a)",       "sin | sin(p) | cos(p) | sin needs a finite input"),
    Line("cos",  "cos(a)",       "cos | cos(p) | −sin(p) | cos needs a finite input"),
    Line("tan",  "tan(a)",       "tan | tan(p) | 1 + y² | tan needs a finite input"),
    Line("arcsin", "asin(a)",    "arcsin | arcsin(p) | 1/√(1 − p²) | arcsin needs an input from −1 to 1"),
    Line("arccos", "acos(a)",    "arccos | arccos(p) | −1/√(1 − p²) | arccos needs an input from −1 to 1"),
    Line("arctan", "atan(a)",    "arctan | arctan(p) | 1/(1 + p²)"),
    Line("arctan2", "atan2(a, b)", "arctan2 | arctan2(p, q) | q/(p² + q²) | −p/(p² + q²) | arctan2 has no slope where "
         "both inputs are 0"),
    Line("sinh", "sinh(a)",      f"sinh | sinh(p) | cosh(p) | sinh {SINH_NEEDS}"),
    Line("cosh", "cosh(a)",      f"cosh | cosh(p) | sinh(p) | cosh {SINH_NEEDS}"),
    Line("tanh", "tanh(a)",      "tanh | tanh(p) | tanh′(p)"),
    Line("sigmoid", "1 / (1 + exp(-a))", "σ | sigmoid(p) | σ′(p)",
         numpy="exp(minimum(a, 0)) / (1 + exp(-abs(a)))",  limits={(-INF,): (0,)}),
    Line("relu", "Piecewise((a, a > 0), (0, True))", "relu | relu(p) | relu′(p)",
         numpy="maximum(a, 0.0)",  chooses=True),
    Line("leaky_relu", "Piecewise((a, a > 0), (a * b, True))",
         "leaky relu | leaky_relu(p, q) | leaky_relu′(p) | min(p, 0)",
         "leaky_relu(a, b)",  numpy="where(a > 0, a, b * a)",  torch="where(a > 0, a, b * a)",  chooses=True),
    Line("softplus", "log(1 + exp(a))", "softplus | softplus(p) | σ(p)",  # PyTorch's own is another function above 20
         numpy="logaddexp(a, 0.0)",  torch="logaddexp(a, zeros_like(a))",  limits={(INF,): (1,)}),
    Line("less", "Piecewise((1, a < b), (0, True))", "< | p < q | 0 | 0", "(a < b).node",
         numpy="1.0 * (a < b)",  torch="(a < b) + 0 * a + 0 * b"),
    Line("less_equal", "Piecewise((1, a <= b), (0, True))", "≤ | p <= q | 0 | 0", "(a <= b).node",
         numpy="1.0 * (a <= b)",  torch="(a <= b) + 0 * a + 0 * b"),
    Line("greater", "Piecewise((1, a > b), (0, True))", "> | p > q | 0 | 0", "(a > b).node",
         numpy="1.0 * (a > b)",  torch="(a > b) + 0 * a + 0 * b"),
    Line("greater_equal", "Piecewise((1, a >= b), (0, True))", "≥ | p >= q | 0 | 0", "(a >= b).node",
         numpy="1.0 * (a >= b)",  torch="(a >= b) + 0 * a + 0 * b"),
    Line("where", "Piecewise((b, Ne(a, 0)), (c, True))", "where | where(p, q, r) | 0 | [p ≠ 0] | [p = 0]",
         numpy="where(a != 0, b, c)",  torch="where(a != 0, b, c)"),
    Line("log_sum_exp", "log(Add(*map(exp, v)))", "ln Σ exp | log_sum_exp(p, q) | exp(p − y) | exp(q − y)",
         "log_sum_exp(v)",  numpy="logaddexp.reduce(v)",  torch="logsumexp(stack(v), 0)",  slopes=softmax),
    Line("dot",  "weighted(v)", "Σ w·a | dot(p, q) | q | p",
         "dot(*halves(v))",  numpy="weighted(v)",  torch="weighted(v)"),
)
# fmt: on
KNOWN = {line.name: line for line in LINES}
ROWS = [op for op in TABLE if op.name in KNOWN]
PROBES = [(op, at) for op in ROWS for at in op.samples]
CORNERS = [(op, at) for op in ROWS for at in op.edges]


def name(x):
    return x.name if isinstance(x, Op) else None


class Planted(Op):
    """An operation with one slope replaced."""

    def slope(self, m, y, inputs, position):
        d = self.right.slope(m, y, inputs, position)
        return self.wrong(d) if position == self.position else d


# ---- an operation in each of the libraries


def halves(v):
    """Splits the operands of dot into weights, inputs, and the bias or None."""
    n = len(v) // 2
    return v[:n], v[n : 2 * n], v[-1] if len(v) % 2 else None


def weighted(v):
    """Returns Σ w a + b, for numbers of any kind."""
    weights, others, bias = halves(v)
    total = sum((w * a for w, a in zip(weights, others, strict=True)), 0.0)
    return total if bias is None else total + bias


def read(text, words):
    """Turns the text of a line into a function of the inputs; `words` defines the names in the text."""
    return eval(f"lambda *v: (lambda a, b=None, c=None, *more: {text})(*v)", {**words, "weighted": weighted})


def call(line):
    return f"{line.name}(*v)"


def typed(line):
    """Returns the operation as a user types it, with operators, methods and functions, not with apply(op, ...)."""
    words = {**vars(functions), "dot": dot, "halves": halves, "abs": abs}
    return read(line.typed, words) if line.typed else getattr(Value, line.name, None) or read(call(line), words)


TYPED = {line.name: typed(line) for line in LINES}
IN_NUMPY = {line.name: read(line.numpy or line.typed or call(line), vars(np)) for line in LINES}


@cache
def in_torch():
    """Returns PyTorch's operations by our names; without PyTorch, the test is skipped."""
    torch = pytest.importorskip("torch", reason="PyTorch (the extra 'oracle') is not installed")
    return {line.name: read(line.torch or line.typed or call(line), vars(torch)) for line in LINES}


def in_sympy(op, *inputs):
    """Returns an operation of sympy's symbols or numbers; without sympy, the test is skipped."""
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")

    class Floor(sympy.Function):
        """⌊x⌋ with the derivative 0; sympy's own floor has none."""

        @classmethod
        def eval(cls, x):
            return sympy.floor(x) if x.is_number else None

        def fdiff(self, argindex=1):
            return sympy.Integer(0)

    return read(KNOWN[op.name].sympy, {**vars(sympy), "Floor": Floor})(*inputs)


# ---- the slopes in print


def worth(form, inputs, y):
    """Returns the number of a printed slope, such as σ′(a), [a > b] or 1/(2√a); the inputs are a, b, c …

    The text is evaluated as Python. The functions in it are defined here from a calculus book.
    """
    for written, meant in READ_AS:
        form = re.sub(written, meant, form)
    return float(eval(form, {**MEANINGS, **dict(zip(LETTERS, inputs, strict=False)), "y": y}))


READ_AS = (
    (r"\[(.*)\]", r"(\1)"),  # Iverson's bracket: 1 if the condition holds, else 0
    ("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "**" + found[0].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-"))),
    (r"(\d)√", r"\1·√"),
    (r"√(\w)", r"√(\1)"),
    ("σ", "sigmoid"), ("′", "_slope"), ("√", "sqrt"), ("·", "*"), ("−", "-"), (r"\^", "**"),
    (" = ", " == "), ("≠", "!="),
)  # fmt: skip
MEANINGS = {
    **vars(math),
    "ln": math.log, "max": max, "min": min, "sign": lambda x: math.copysign(1, x),
    "softmax": lambda x: 1.0,  # of a single number
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)), "sigmoid_slope": lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2,
    "tanh_slope": lambda x: 1 / math.cosh(x) ** 2, "relu_slope": lambda x: x > 0,
    "leaky_relu_slope": lambda x, s: 1.0 if x > 0 else s,
}  # fmt: skip

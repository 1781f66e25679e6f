"""Random programs with every operation, which run on Values and on dual numbers."""

from types import SimpleNamespace

from hypothesis import strategies as st

from autograd import dot, functions
from tests.helpers.oracle import Dual

ON_VALUES = SimpleNamespace(**vars(functions), dot=dot, constant=float)
ON_DUALS = SimpleNamespace(
    maximum=Dual.maximum, minimum=Dual.minimum, arctan2=Dual.arctan2, where=Dual.where, log_sum_exp=Dual.log_sum_exp,
    dot=Dual.dot, constant=Dual,
)  # fmt: skip

# Each instruction stays in range for any operands; m has the functions of several inputs, and makes constants.
INSTRUCTIONS = {
    "tanh": lambda m, a: a.tanh(),
    "sigmoid": lambda m, a: a.sigmoid(),
    "sin": lambda m, a: a.sin(),
    "cos": lambda m, a: a.cos(),
    "arctan": lambda m, a: a.arctan(),
    "softplus": lambda m, a: a.softplus(),
    "relu": lambda m, a: a.relu(),
    "leaky_relu": lambda m, a: a.leaky_relu(),
    "abs": lambda m, a: abs(a),
    "neg": lambda m, a: -a,
    "square": lambda m, a: a.sin() ** 2,
    "safe_exp": lambda m, a: a.tanh().exp(),
    "safe_log": lambda m, a: (a.softplus() + m.constant(0.5)).log(),
    "safe_sqrt": lambda m, a: (a.softplus() + m.constant(0.5)).sqrt(),
    "safe_tan": lambda m, a: a.sin().tan(),
    "safe_arcsin": lambda m, a: (a.sin() * m.constant(0.9)).arcsin(),
    "safe_arccos": lambda m, a: (a.tanh() * m.constant(0.9)).arccos(),
    "safe_sinh": lambda m, a: a.tanh().sinh(),
    "safe_cosh": lambda m, a: a.sin().cosh(),
    "safe_log1p": lambda m, a: (a.tanh() * m.constant(0.9)).log1p(),
    "safe_expm1": lambda m, a: a.sin().expm1(),
    "add": lambda m, a, b: a + b,
    "sub": lambda m, a, b: a - b,
    "mul": lambda m, a, b: a.tanh() * b,
    "safe_div": lambda m, a, b: a / (b.softplus() + m.constant(0.5)),
    "safe_pow": lambda m, a, b: (b.softplus() + m.constant(0.5)) ** a.sin(),
    "safe_arctan2": lambda m, a, b: m.arctan2(a, b.softplus() + m.constant(0.5)),
    "maximum": lambda m, a, b: m.maximum(a, b),
    "minimum": lambda m, a, b: m.minimum(a, b),
    "where": lambda m, a, b: m.where(a, b, a.sin()),
    "log_sum_exp": lambda m, a, b: m.log_sum_exp([a, m.constant(0.5), b, a]),
    "dot": lambda m, a, b: m.dot([a, b, a], [b.sin(), a.cos(), m.constant(0.25)], b),
}
UNARY = [name for name, instruction in INSTRUCTIONS.items() if instruction.__code__.co_argcount == 2]
BINARY = [name for name in INSTRUCTIONS if name not in UNARY]


def build(program, leaves, of):
    """Runs a program on Values or on Duals, and returns a sum of all results and the list of them."""
    m = ON_DUALS if of is Dual else ON_VALUES
    values = list(leaves)
    for op, i, j in program:
        a, b = values[i % len(values)], values[j % len(values)]
        values.append(INSTRUCTIONS[op](m, a) if op in UNARY else INSTRUCTIONS[op](m, a, b))
    total = values[-1]
    for v in values[:-1]:
        total = total + v.tanh() * m.constant(0.1)
    return total, values


instructions = st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 30), st.integers(0, 30))


numbers = st.floats(-3, 3).filter(lambda x: abs(x) > 1e-3)


def near_a_corner(program, xs):
    """Whether a max, min, relu or abs is so near its corner, or a condition so near 0, that rounding may decide."""
    _, values = build(program, [Dual(x) for x in xs], Dual)
    inputs = [(op, values[i % n], values[j % n]) for n, (op, i, j) in enumerate(program, len(xs))]
    return any(
        (op in ("relu", "leaky_relu", "abs", "where") and abs(a.x) < 1e-9)
        or (op in ("maximum", "minimum") and abs(a.x - b.x) < 1e-9)
        for op, a, b in inputs
    )

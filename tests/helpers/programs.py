"""Random programs of every operation, to be run on Values, on dual numbers, or on whatever computes as they do."""

from hypothesis import strategies as st

from autograd import dot, functions
from tests.helpers.oracle import Dual

UNARY = ["tanh", "sigmoid", "sin", "cos", "softplus", "relu", "leaky_relu", "abs", "neg", "square", "safe_exp",
         "safe_log", "safe_sqrt"]  # fmt: skip
BINARY = ["add", "sub", "mul", "safe_div", "maximum", "minimum", "safe_pow", "dot"]


def build(program, leaves, of):
    """Run a program on Values or on Duals; every instruction stays in range for any operands."""
    values = list(leaves)
    constant = (lambda x: Dual(x)) if of is Dual else (lambda x: x)
    for op, i, j in program:
        a, b = values[i % len(values)], values[j % len(values)]
        if op == "neg":
            y = -a
        elif op == "abs":
            y = abs(a)
        elif op == "square":
            y = a.sin() ** 2
        elif op == "safe_exp":
            y = a.tanh().exp()
        elif op == "safe_log":
            y = (a.softplus() + constant(0.5)).log()
        elif op == "safe_sqrt":
            y = (a.softplus() + constant(0.5)).sqrt()
        elif op == "add":
            y = a + b
        elif op == "sub":
            y = a - b
        elif op == "mul":
            y = a.tanh() * b
        elif op == "safe_div":
            y = a / (b.softplus() + constant(0.5))
        elif op == "safe_pow":
            base, exponent = b.softplus() + constant(0.5), a.sin()
            y = base.raised(exponent) if of is Dual else base**exponent
        elif op == "dot":
            y = (Dual.dot if of is Dual else dot)([a, b, a], [b.sin(), a.cos(), constant(0.25)], b)
        elif op in ("maximum", "minimum"):
            y = getattr(Dual if of is Dual else functions, op)(a, b)
        else:
            y = getattr(a, op)()
        values.append(y)
    total = values[-1]
    for v in values[:-1]:
        total = total + v.tanh() * constant(0.1)
    return total, values


instructions = st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 30), st.integers(0, 30))


numbers = st.floats(-3, 3).filter(lambda x: abs(x) > 1e-3)


def near_a_corner(program, xs):
    """Whether some max, min, relu or abs sits so near its corner that rounding may decide the side."""
    _, values = build(program, [Dual(x) for x in xs], Dual)
    inputs = [(op, values[i % n], values[j % n]) for n, (op, i, j) in enumerate(program, len(xs))]
    return any(
        (op in ("relu", "leaky_relu", "abs") and abs(a.x) < 1e-9)
        or (op in ("maximum", "minimum") and abs(a.x - b.x) < 1e-9)
        for op, a, b in inputs
    )

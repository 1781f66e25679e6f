"""Claims about the edges of floats: zeros, subnormals, 1e308, infinities, NaN and ties, in every operation.

What is expected comes from NumPy's functions (IEEE 754), and slopes from formulas of the inputs alone, written here
from a calculus book; where a formula is 0 · inf or the like, its limit stands beside it.
"""

import itertools
import math

import numpy as np
import pytest

from autograd import DomainError, Value, apply, floats, functions
from autograd.table import TABLE
from tests.test_table import TYPED, name

TINY = 5e-324
EDGES = (
    0.0,
    -0.0,
    TINY,
    -TINY,
    1e-300,
    1.0,
    -1.0,
    2.0,
    -2.5,
    709.9,
    -745.5,
    1e308,
    -1e308,
    math.inf,
    -math.inf,
    math.nan,
)


def sigma(x):
    e = np.exp(-np.abs(x))
    return np.where(x > 0, 1 / (1 + e), e / (1 + e))


def steep_pow(a, b):
    """By a: b aᵇ⁻¹, which is 0 wherever b is; by b: aᵇ ln a, which is 0 at a = 0."""
    by_a = 0.0 if b == 0 else b * np.power(a, b - 1)
    if a == 0:
        return by_a, 0.0 if b >= 0 else math.nan
    return by_a, np.power(a, b) * np.log(a)


FORMULAS = {
    "add": (np.add, lambda a, b: (1, 1)),
    "sub": (np.subtract, lambda a, b: (1, -1)),
    "mul": (np.multiply, lambda a, b: (b, a)),
    "div": (np.divide, lambda a, b: (1 / b, -a / b / b)),
    "pow": (np.power, steep_pow),
    "maximum": (np.maximum, lambda a, b: (np.heaviside(a - b, 0.5), np.heaviside(b - a, 0.5))),
    "minimum": (np.minimum, lambda a, b: (np.heaviside(b - a, 0.5), np.heaviside(a - b, 0.5))),
    "neg": (np.negative, lambda a: (-1,)),
    "abs": (np.abs, lambda a: (np.sign(a),)),
    "exp": (np.exp, lambda a: (np.exp(a),)),
    "log": (np.log, lambda a: (1 / a,)),
    "sqrt": (np.sqrt, lambda a: (0.5 / np.sqrt(np.abs(a)),)),
    "sin": (np.sin, lambda a: (np.cos(a),)),
    "cos": (np.cos, lambda a: (-np.sin(a),)),
    "tanh": (np.tanh, lambda a: (1 / np.cosh(a) / np.cosh(a),)),
    "sigmoid": (sigma, lambda a: (sigma(a) * sigma(-a),)),
    "relu": (lambda a: np.maximum(a, 0.0), lambda a: (np.heaviside(a, 0.0),)),
    "leaky_relu": (lambda a, b: np.where(a > 0, a, b * a), lambda a, b: (np.where(a > 0, 1.0, b), np.minimum(a, 0.0))),
    "softplus": (lambda a: np.logaddexp(a, 0.0), lambda a: (sigma(a),)),
    "dot": (lambda w, a: w * a + 0.0, lambda w, a: (a, w)),
}

SIDES = ("maximum", "minimum", "relu")  # beside NaN no side is the larger: max and min share it, relu is off


def points(op):
    return list(itertools.product(EDGES, repeat=2 if op.name == "dot" else len(op.slopes)))


def expected(op, at):
    """The number and the slopes, by NumPy and the formulas."""
    forward, steep = FORMULAS[op.name]
    with np.errstate(all="ignore"):
        inputs = [np.float64(x) for x in at]
        y, slopes = float(forward(*inputs)), [float(slope) for slope in steep(*inputs)]
    if op.name in SIDES and (math.isnan(y) or (len(at) == 2 and at[0] == at[1])):
        slopes = [0.5, 0.5] if len(at) == 2 else [0.0]
    if op.name == "sqrt" and at == (0.0,):
        slopes = [math.copysign(math.inf, at[0])]  # 1/(2y), and y is −0 at −0
    return y, slopes


def is_outside(op, at, y, slopes):
    """Where DomainError is due: no number, none that a float can hold, or no slope, at inputs that are numbers."""
    finite = all(map(math.isfinite, at))
    undefined = math.isnan(y) and not any(map(math.isnan, at))
    return bool(op.needs) and (undefined or (finite and (math.isinf(y) or any(map(math.isnan, slopes)))))


def same(got, wanted, slack=1e-320):
    return got == pytest.approx(wanted, rel=1e-12, abs=slack, nan_ok=True)


@pytest.mark.parametrize("op", TABLE, ids=name)
def test_a_right_number_or_a_domain_error(op):
    for at in points(op):
        y, slopes = expected(op, at)
        leaves = [Value(x) for x in at]
        if is_outside(op, at, y, slopes):
            with pytest.raises(DomainError, match=r"has no value|has no derivative by its operand"):
                TYPED[op.name](*leaves)
            continue
        made = TYPED[op.name](*leaves)
        made.backward()
        assert same(made.data, y), (op.name, at, made.data, y)
        for leaf, wanted in zip(leaves, slopes, strict=True):
            # σ′ = y(1 − y) and tanh′ = 1 − y²: where y rounds to 1, they are 0, which is right absolutely
            slack = 1e-300 if made.data == 1.0 and op.name in ("sigmoid", "tanh") else 1e-320
            assert same(leaf.grad, wanted, slack), (op.name, at, leaf.grad, wanted)


@pytest.mark.parametrize("op", [op for op in TABLE if len(op.slopes) == 2], ids=name)
def test_a_constant_operand_asks_for_no_slope(op):
    """(−2)**2 has a value and a slope by its base, whatever its slope by the exponent."""
    for at in points(op):
        y, slopes = expected(op, at)
        for i in (0, 1):
            leaf = Value(at[i])
            operands = (leaf, at[1]) if i == 0 else (at[0], leaf)
            if is_outside(op, at, y, slopes[i : i + 1]):
                with pytest.raises(DomainError):
                    apply(op, *operands)
            else:
                apply(op, *operands).backward()
                assert same(leaf.grad, slopes[i]), (op.name, at, i, leaf.grad, slopes[i])


@pytest.mark.parametrize("op", TABLE, ids=name)
def test_arrays_of_edges_are_as_floats_are(op):
    columns = [np.array(column) for column in zip(*points(op), strict=True)]
    with np.errstate(all="ignore"):
        y = op.forward(np, *columns)
        slopes = [np.broadcast_to(op.slope(np, y, columns, i), y.shape) for i in range(len(columns))]
    for k, at in enumerate(points(op)):
        mine = op.forward(floats, *at)
        assert same(y[k], mine), (op.name, at)
        for i in range(len(at)):
            assert same(slopes[i][k], op.slope(floats, mine, at, i)), (op.name, at, i)


def test_the_sign_of_zero_is_ieees():
    for op in TABLE:
        if op.name in (*SIDES, "leaky_relu"):
            continue  # NumPy itself leaves max(0, −0) open
        for at in points(op):
            y, slopes = expected(op, at)
            if y == 0.0 and not is_outside(op, at, y, slopes):
                made = TYPED[op.name](*map(Value, at))
                assert math.copysign(1.0, made.data) == math.copysign(1.0, y), (op.name, at)


def test_ties_are_shared_and_corners_flat():
    """Sums of products of them as well: what PyTorch does, and README states."""
    for x in (0.0, -0.0, TINY, -2.5, 1e308, math.inf, -math.inf):
        a, b = Value(x), Value(x)
        (functions.maximum(a, b) + functions.minimum(a, b)).backward()
        assert (a.grad, b.grad) == (1.0, 1.0)
        both = Value(x)
        functions.maximum(both, both).backward()
        assert both.grad == 1.0
    for zero in (0.0, -0.0):
        leaf = Value(zero)
        (leaf.relu() + abs(leaf) + functions.maximum(leaf, -0.0) + leaf.leaky_relu(0.25)).backward()
        assert leaf.grad == 0.0 + 0.0 + 0.5 + 0.25


def test_nan_and_infinity_travel_on_through_a_graph():
    x = Value(math.nan)
    y = (x * 2 + 1).tanh().exp() - x.softplus()
    y.backward()
    assert math.isnan(y.data)
    assert math.isnan(x.grad)

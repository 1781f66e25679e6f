"""Claims about the edges of floats: zeros, subnormals, 1e308, infinities, NaN and ties, in every operation."""

import math

import numpy as np
import pytest

from autograd import DomainError, Value, apply, floats, functions
from autograd.arrays.rules import ARRAYS
from autograd.table import OPERATIONS
from tests.helpers.edges import TINY, expected, is_outside, points, same
from tests.helpers.operations import KNOWN, ROWS, TYPED, name


@pytest.mark.parametrize("op", ROWS, ids=name)
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
            # σ′ = y(1 − y) and tanh′ = 1 − y² are 0 where y rounds to 1: the absolute error is small
            slack = 1e-300 if made.data == 1.0 and op.name in ("sigmoid", "tanh") else 1e-320
            assert same(leaf.grad, wanted, slack), (op.name, at, leaf.grad, wanted)


@pytest.mark.parametrize("op", [op for op in ROWS if len(op.slopes) > 1], ids=name)
def test_a_constant_operand_asks_for_no_slope(op):
    """(−2)**2 has a value and a slope by its base, although it has no slope by the exponent."""
    for at in points(op):
        y, slopes = expected(op, at)
        for i, x in enumerate(at):
            leaf = Value(x)
            operands = (*at[:i], leaf, *at[i + 1 :])
            if is_outside(op, at, y, slopes[i : i + 1]):
                with pytest.raises(DomainError):
                    apply(op, *operands)
            else:
                apply(op, *operands).backward()
                assert same(leaf.grad, slopes[i]), (op.name, at, i, leaf.grad, slopes[i])


@pytest.mark.parametrize("op", ROWS, ids=name)
def test_arrays_of_edges_are_as_floats_are(op):
    for count in {len(at) for at in points(op)}:
        wanted = [at for at in points(op) if len(at) == count]
        columns = [np.array(column) for column in zip(*wanted, strict=True)]
        with np.errstate(all="ignore"):
            y = op.forward(ARRAYS, *columns)
            slopes = [np.broadcast_to(op.slope(ARRAYS, y, columns, i), y.shape) for i in range(count)]
        for k, at in enumerate(wanted):
            if op.name == "pow" and at[0] == -math.inf and at[1] % 1 > 0:
                continue  # here floats have a rule of their own, see test_floats.py
            mine = op.forward(floats, *at)
            assert same(y[k], mine), (op.name, at)
            for i in range(count):
                assert same(slopes[i][k], op.slope(floats, mine, at, i)), (op.name, at, i)


@pytest.mark.parametrize("op", [op for op in ROWS if not KNOWN[op.name].chooses], ids=name)
def test_the_sign_of_zero_is_ieees(op):
    """Except for maximum and minimum: NumPy itself does not define the sign of max(0, −0)."""
    for at in points(op):
        y, slopes = expected(op, at)
        if y == 0.0 and not is_outside(op, at, y, slopes):
            made = TYPED[op.name](*map(Value, at)).data
            assert made != 0.0 or math.copysign(1.0, made) == math.copysign(1.0, y), (op.name, at)


DIGITS = [
    ("expm1", -30.0), ("expm1", -700.0), ("expm1", 1e-9), ("log1p", 1e-12 - 1), ("log1p", 1e-9), ("tan", 1.5707963),
    ("tan", math.pi / 2), ("arcsin", 1 - 1e-9), ("arcsin", 1e-15 - 1), ("arccos", 1e-12 - 1), ("arctan", 1e200),
    ("sinh", 700.0), ("cosh", 1e-200), ("softplus", -40.0), ("sigmoid", -700.0), ("log_sum_exp", -700.0, -1.0),
    ("log_sum_exp", -40.0, 0.0), ("log_sum_exp", 0.0, -50.0, -60.0),
    ("arctan2", 1e-170, 1e-155), ("arctan2", 1e155, -1e-155),
    *(("arctan2", -(10.0**k), 3 * 10.0**k) for k in range(-320, 308, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("called", "at"), [(called, at) for called, *at in DIGITS if called in KNOWN])
def test_numbers_and_slopes_keep_their_digits(called, at):
    """Compared with 120 digits, the relative error is small, also where a simple formula would cancel or overflow."""
    op = OPERATIONS[called]
    y = op.forward(floats, *at)
    number, wanted = expected(op, tuple(at))
    assert y == pytest.approx(number, rel=1e-13, abs=0)
    assert [op.slope(floats, y, at, i) for i in range(len(at))] == pytest.approx(wanted, rel=1e-13, abs=0)


def test_ties_are_shared_and_corners_flat():
    """Sums of products of them as well: what PyTorch does, and the guide states."""
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

"""Claims about the table: every rule is right in every mathematics, and a wrong rule would fail."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, apply, floats, functions, table
from autograd.arrays.rules import ARRAYS
from autograd.table import OPERATIONS, TABLE, operation
from autograd.vocabulary import VALUES
from tests.helpers.operations import CORNERS, KNOWN, PROBES, ROWS, TYPED, Planted, in_sympy, in_torch, name
from tests.helpers.oracle import rise_over_run


def test_every_row_has_its_line():
    """One line in tests/helpers/operations.py, which all the tests of operations read."""
    assert [op.name for op in TABLE if op.name not in KNOWN] == [], "these rows want a line in tests/helpers/operations"
    assert [line for line in KNOWN if line not in OPERATIONS] == [], "these lines have no row"
    assert len(OPERATIONS) == len(TABLE)


def check_slopes(op, at):
    """Raise AssertionError where a slope is not the rise over the run."""
    y = op.forward(floats, *at)
    for i, x in enumerate(at):
        measured = rise_over_run(lambda moved, i=i: op.forward(floats, *at[:i], moved, *at[i + 1 :]), x)
        given = op.slope(floats, y, at, i)
        assert given == pytest.approx(measured, rel=1e-7, abs=1e-7 * max(1.0, abs(y))), (
            op.name,
            at,
            i,
            given,
            measured,
        )


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_local_derivative_is_rise_over_run(op, at):
    check_slopes(op, at)


def check_all_slopes(op):
    for at in op.samples:
        check_slopes(op, at)


@pytest.mark.parametrize("op", ROWS, ids=name)
@pytest.mark.parametrize(
    "wrong", [lambda d: d + 1e-3, lambda d: 1.01 * d + 1e-4, lambda d: -d - 1e-3], ids=["shifted", "scaled", "turned"]
)
def test_a_wrong_rule_in_any_row_is_caught(op, wrong):
    for position in range(len(op.samples[0])):
        planted = Planted(*op)
        planted.right, planted.wrong, planted.position = op, wrong, position
        with pytest.raises(AssertionError):
            check_all_slopes(planted)


@pytest.mark.parametrize("op", ROWS, ids=name)
def test_every_row_runs_on_arrays_as_on_floats(op):
    for count in {len(at) for at in op.samples}:
        points = [at for at in (*op.samples, *op.edges) if len(at) == count]
        columns = [np.array(column) for column in zip(*points, strict=True)]
        with np.errstate(all="ignore"):
            y = op.forward(ARRAYS, *columns)
            assert np.shape(y) == columns[0].shape
            np.testing.assert_allclose(y, [op.forward(floats, *at) for at in points], rtol=1e-15)
            for i in range(count):
                slopes = np.broadcast_to(op.slope(ARRAYS, y, columns, i), columns[0].shape)
                expected = [op.slope(floats, op.forward(floats, *at), at, i) for at in points]
                np.testing.assert_allclose(slopes, expected, rtol=1e-14)


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_every_row_runs_on_values_as_on_floats(op, at):
    values = [Value(x) for x in at]
    y = op.forward(VALUES, *values)
    assert float(y) == pytest.approx(op.forward(floats, *at), rel=1e-14, abs=1e-14)
    for i in range(len(at)):
        slope = op.slope(VALUES, y, values, i)
        assert float(slope) == pytest.approx(op.slope(floats, float(y), at, i), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_rules_on_values_can_be_differentiated_again(op, at):
    for i in range(len(at)):
        values = [Value(x) for x in at]
        slope = op.slope(VALUES, apply(op, *values), values, i)
        if isinstance(slope, Value):
            slope.backward()

        def slope_at(x, i=i):
            moved = (*at[:i], x, *at[i + 1 :])
            return op.slope(floats, op.forward(floats, *moved), moved, i)

        assert values[i].grad == pytest.approx(rise_over_run(slope_at, at[i]), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("op", "at"), PROBES + CORNERS, ids=name)
def test_the_engine_records_what_the_table_says(op, at):
    """Operators and methods have paths of their own; they give the table's very numbers."""
    values = [Value(x) for x in at]
    typed = TYPED[op.name](*values)
    assert typed.op is op
    assert typed.operands == tuple(values)
    assert typed.data == op.forward(floats, *at)
    assert typed.local_grads == tuple(op.slope(floats, typed.data, at, i) for i in range(len(at)))


@pytest.mark.parametrize("op", [op for op in ROWS if op.slopes and hasattr(functions, op.name)], ids=name)
def test_functions_are_the_methods(op):
    for at in op.samples:
        leaves = [Value(x) for x in at]
        made = getattr(functions, op.name)(*leaves)
        assert made.data == TYPED[op.name](*leaves).data
        assert made.data == getattr(functions, op.name)(*at).data == op.forward(floats, *at)
        method = abs if op.name == "abs" else getattr(Value, op.name, None)
        if method or len(at) == 1:
            other = method(*leaves)
            assert (other.op, other.data, other.local_grads) == (made.op, made.data, made.local_grads)
            assert made.op is op
            assert other.parents == made.parents == tuple(leaves)


@pytest.mark.parametrize("count", [1, 2, 4, 40])
def test_log_sum_exp_takes_any_number_of_values_and_constants(count):
    at = [0.5 * k - (k % 3) for k in range(count)]
    for constants in (set(), {0}, set(range(1, count)), {count - 1, 1}):
        operands = [x if i in constants else Value(x) for i, x in enumerate(at)]
        y = functions.log_sum_exp(operands)
        y.backward()
        assert y.data == pytest.approx(np.logaddexp.reduce(at), rel=1e-15)
        softmax = np.exp(at) / np.exp(at).sum()
        for p, v in zip(softmax, operands, strict=True):
            assert not isinstance(v, Value) or v.grad == pytest.approx(p, rel=1e-14)
        if len(constants) < count:
            assert y.operands == tuple(operands)


def test_conventions_at_corners():
    def slopes(op, *at):
        return tuple(operation(op).slope(floats, operation(op).forward(floats, *at), at, i) for i in range(len(at)))

    assert slopes("relu", 0.0) == (0.0,)
    assert slopes("abs", 0.0) == (0.0,)
    assert slopes("maximum", 1.0, 1.0) == (0.5, 0.5)
    assert slopes("minimum", 1.0, 1.0) == (0.5, 0.5)
    assert slopes("leaky_relu", 0.0, 0.01)[0] == 0.01
    assert slopes("sqrt", 0.0) == (math.inf,)
    assert slopes("pow", 0.0, 0.0)[0] == 0.0
    assert slopes("pow", 0.0, 1.0)[0] == 1.0


@pytest.mark.parametrize(("op", "at"), PROBES + CORNERS, ids=name)
def test_slopes_are_pytorchs(op, at):
    how = in_torch()[op.name]
    import torch

    inputs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in at]
    y = how(*inputs)
    y.backward()
    assert op.forward(floats, *at) == pytest.approx(y.item(), rel=1e-12, abs=1e-12)
    for i, leaf in enumerate(inputs):
        mine = op.slope(floats, op.forward(floats, *at), at, i)
        assert mine == pytest.approx(0.0 if leaf.grad is None else leaf.grad.item(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("op", "at"), PROBES, ids=name)
def test_slopes_are_sympys(op, at):
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    symbols = sympy.symbols(f"x:{len(at)}", real=True)
    formula = in_sympy(op, *symbols)
    numbers = {symbol: sympy.Float(x, 40) for symbol, x in zip(symbols, at, strict=True)}
    y = formula.subs(numbers).evalf(40)
    assert op.forward(floats, *at) == pytest.approx(float(y), rel=1e-14, abs=1e-300)
    for i, symbol in enumerate(symbols):
        exact = float(formula.diff(symbol).subs(numbers).evalf(40))
        # σ′ = y(1 − y) and tanh′ = 1 − y² lose digits to rounding where y is near 1; absolutely they are right
        assert op.slope(floats, float(y), at, i) == pytest.approx(exact, rel=1e-13, abs=1e-15)


def test_no_operation_of_that_name():
    with pytest.raises(KeyError, match=r"^.no operation is called 'sinus'; the known ones are add, sub.*: 'sin' "):
        operation("sinus")
    with pytest.raises(KeyError, match=r"'log_sum_exp' may be meant"):
        operation("LSE")


def test_every_row_that_the_file_writes_is_in_the_table():
    written = re.findall(r"^[A-Z0-9_]+ = \w+\(\"(\w+)\",", Path(table.__file__).read_text(encoding="utf-8"), re.M)
    assert written == list(OPERATIONS)

"""Claims about branches: one that is not taken gets no gradient, a factor of 0 is not a branch, and nan chooses none.

Each point is tried with everything that walks a graph: `backward`, derivatives in both modes and of higher order, the
steps, and the derivation.
"""

import math

import pytest

import autograd
from autograd import (
    NotFiniteError,
    Value,
    backward_steps,
    define_operation,
    explain,
    grad,
    hessian,
    jacobian,
    jvp,
    label,
    only_finite,
    vjp,
)
from autograd.functions import leaky_relu, maximum, relu, sqrt
from autograd.table import TABLE
from tests.helpers.branch_points import INDETERMINATE, NANS, NOT_TAKEN

inf, nan = math.inf, math.nan


def same(mine, wanted):
    return [None if math.isnan(x) else x for x in mine] == [None if math.isnan(x) else x for x in wanted]


def assert_everywhere(f, at, wanted, as_values=True):
    """Asserts the gradient of f at a point in every mode; on Values, an infinite slope is an error."""
    leaves = [Value(x) for x in at]
    root = f(*leaves)
    root.backward()
    assert same([leaf.grad for leaf in leaves], wanted)
    sums = dict.fromkeys(leaves, 0.0)
    for step in backward_steps(root):
        if step.parent in sums:
            sums[step.parent] += step.contribution
    assert same(sums.values(), wanted)
    every = tuple(range(len(at)))
    assert same(grad(f, every)(*at), wanted)
    if as_values:
        assert same([g.data for g in grad(f, every)(*map(Value, at))], wanted)
    else:
        with pytest.raises(autograd.DomainError, match="cannot be differentiated again"):
            grad(f, every)(*map(Value, at))
    assert same(jacobian(f, every, mode="forward")(*at), wanted)
    for i, slope in enumerate(wanted):
        assert same([jvp(f, tuple(at), tuple(float(k == i) for k in every))[1]], [slope])
    assert same(vjp(f, tuple(at))[1](1.0), wanted)
    label(C=root)
    for leaf, slope in zip(leaves, wanted, strict=True):
        assert same([explain(root, leaf).value], [slope])


@pytest.mark.parametrize(("f", "at", "wanted"), NOT_TAKEN)
def test_a_branch_that_is_not_taken_passes_nothing_on(f, at, wanted):
    assert_everywhere(f, at, wanted)


def test_nor_does_it_in_a_second_derivative():
    assert grad(grad(lambda x: sqrt(relu(x))))(-1.0) == 0.0
    assert hessian(lambda v: sqrt(maximum(0.0, v[0] * v[0] - v[1] * v[1])))([1.0, 2.0]) == [[0.0, 0.0], [0.0, 0.0]]
    assert grad(grad(grad(lambda x: relu(sqrt(x) - 1))))(0.0) == 0.0


@pytest.mark.parametrize("f", INDETERMINATE)
def test_a_zero_that_is_a_number_times_an_infinite_slope_is_nan(f):
    assert_everywhere(f, (0.0,), (nan,), as_values=False)


def test_it_is_nan_for_that_factor_alone():
    assert_everywhere(lambda x, y: sqrt(x * y), (3.0, 0.0), (nan, inf), as_values=False)
    assert_everywhere(lambda x, y: sqrt(x * y), (0.0, 3.0), (inf, nan), as_values=False)


def test_a_seed_of_0_is_an_input_that_does_not_move_or_an_output_that_does_not_count():
    def f(v):
        return [sqrt(v[0]) + 3 * v[1], v[1] ** 2]

    assert jvp(f, [0.0, 2.0], [0.0, 1.0])[1] == [3.0, 4.0]
    assert vjp(f, [0.0, 2.0])[1]([0.0, 1.0]) == [0.0, 4.0]


def test_only_finite_calls_it_indeterminate():
    x = Value(0.0, "x")
    with only_finite():
        C = x.sqrt() * x.sqrt()
        with pytest.raises(NotFiniteError, match=r"the derivative by \(x = 0\.0\) is indeterminate, inf · 0: it comes"):
            C.backward()
    assert x.grad == 0.0
    with only_finite(), pytest.raises(NotFiniteError, match=r"indeterminate, inf · 0: .* sqrt of"):
        (x.sqrt() * 0.0).backward()


@pytest.mark.parametrize(("f", "at", "wanted"), NANS)
def test_a_nan_stays_a_nan(f, at, wanted):
    assert_everywhere(f, at, wanted)


def test_a_nan_that_arrives_at_a_branch_not_taken_goes_no_further():
    assert_everywhere(lambda x: relu(x) * nan, (-1.0,), (0.0,))


def test_the_operations_that_choose():
    chosen = {"relu", "leaky_relu", "maximum", "minimum", "floor_divide", "where", "less", "less_equal", "greater",
              "greater_equal"}  # fmt: skip
    assert {op.name for op in TABLE if op.branches} == chosen


def test_an_operation_of_ones_own_may_choose():
    def step_up(branches):
        return define_operation("ramp", lambda m, a: m.where(a > 0, a, 0.0), lambda m, y, a: m.where(a > 0, 1.0, 0.0),
                                branches=branches)  # fmt: skip

    assert_everywhere(lambda x: sqrt(step_up(True)(x)), (-1.0,), (0.0,))
    assert math.isnan(grad(lambda x: sqrt(step_up(False)(x)))(-1.0))


def test_one_of_three_inputs_passes_its_gradient_to_those_it_takes():
    middle = define_operation(
        "middle",
        lambda m, low, a, high: m.minimum(m.maximum(a, low), high),
        [
            lambda m, y, low, a, high: m.where(a < low, 1.0, 0.0),
            lambda m, y, low, a, high: m.where(a < low, 0.0, m.where(a > high, 0.0, 1.0)),
            lambda m, y, low, a, high: m.where(a > high, 1.0, 0.0),
        ],
        branches=True,
    )
    assert_everywhere(lambda low, a, high: sqrt(middle(low, a, high)) + low, (0.0, -1.0, 4.0), (inf, 0.0, 0.0), False)
    assert_everywhere(lambda low, a, high: middle(sqrt(low), a, high) * 3.0, (0.0, 1.0, 4.0), (0.0, 3.0, 0.0))


def test_leaky_relu_at_0_has_one_second_derivative():
    """The derivative by its input and its slope, in either order, is that of the branch that is taken."""
    assert hessian(lambda v: leaky_relu(v[0], v[1]))([0.0, 0.5]) == [[0.0, 1.0], [1.0, 0.0]]
    assert hessian(lambda v: leaky_relu(v[0], v[1]))([-1.0, 0.0]) == [[0.0, 1.0], [1.0, 0.0]]


def test_a_slope_of_0_that_may_vary_counts_unless_what_arrives_is_infinite():
    assert_everywhere(lambda x, b: leaky_relu(x, b) * inf, (-1.0, 0.0), (0.0, -inf))
    assert grad(lambda b: grad(lambda x: leaky_relu(x, b) * (b + 1))(-1.0))(0.0) == 1.0  # b (b + 1) has the slope 1


# ---- powers


def test_a_power_of_a_negative_base_has_its_value_and_a_slope_by_the_base():
    a, b = Value(-2.0), Value(3.0)
    y = a**b
    y.backward()
    assert (y.data, a.grad) == (-8.0, 12.0)
    assert math.isnan(b.grad)
    assert grad(lambda a, b: a**b)(-2.0, 3.0) == 12.0
    assert grad(lambda a: a ** Value(3.0))(-2.0) == 12.0
    assert grad(grad(lambda a: a ** Value(3.0)))(-2.0) == -12.0
    assert jvp(lambda v: v[0] ** b, [-2.0], [1.0]) == (-8.0, 12.0)


@pytest.mark.parametrize(("base", "exponent"), [(-2.0, 3.0), (-1.5, -2.0), (-0.5, 0.0), (-3.0, 1.0)])
def test_its_slope_by_the_exponent_is_an_error(base, exponent):
    for derivative in (grad(lambda a, b: a**b, 1), grad(lambda a, b: a**b, (0, 1)), jacobian(lambda a, b: a**b, 1)):
        with pytest.raises(autograd.DomainError, match=r"has no derivative by its operand 2"):
            derivative(base, exponent)
    with pytest.raises(autograd.DomainError, match="has no derivative by its operand 2"):
        jvp(lambda b: Value(base) ** b, exponent, 1.0)
    with pytest.raises(autograd.DomainError, match="has no derivative by its operand 2"):
        base ** Value(exponent)


@pytest.mark.parametrize("exponent", [0.5, -0.5, 1.5, 0.3, -1e-3])
def test_minus_infinity_has_no_fractional_power(exponent):
    with pytest.raises(autograd.DomainError, match=r"\(-inf\) \*\* .* has no value"):
        Value(-inf) ** exponent


def test_it_has_whole_powers():
    assert (Value(-inf) ** 2).data == inf
    assert (Value(-inf) ** 3).data == -inf
    assert (Value(-inf) ** -1).data == 0.0
    assert (Value(inf) ** 0.5).data == inf


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_a_power_of_0_has_no_hessian_by_both_where_there_is_no_limit(exponent):
    with pytest.raises(autograd.DomainError, match=r"cannot be differentiated again \(it has no limit there\)"):
        hessian(lambda v: v[0] ** v[1])([0.0, exponent])


def test_where_there_is_one_it_is_symmetric():
    assert hessian(lambda v: v[0] ** v[1])([0.0, 2.0]) == [[2.0, 0.0], [0.0, 0.0]]
    assert hessian(lambda v: v[0] ** v[1])([0.0, 3.5]) == [[0.0, 0.0], [0.0, 0.0]]
    exponent = Value(1.0)
    assert grad(grad(lambda a: a**exponent))(0.0) == 0.0

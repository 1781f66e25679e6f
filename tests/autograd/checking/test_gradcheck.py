"""Claims about check_grads: right derivatives pass at every scale, wrong ones are found in every operation."""

import math
import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import DerivativeError, DomainError, Value, apply, check_grads, functions, grad, no_grad, only_finite
from autograd.checking.directions import along_input
from autograd.checking.finite_differences import Line, estimates
from autograd.derivatives.linearize import Run
from autograd.table import TABLE, Op, operation
from tests.helpers.operations import Planted
from tests.helpers.programs import build, instructions, near_a_corner, numbers

MODES = ("reverse", "forward")
SCALES = [10.0**k for k in range(-6, 7)]


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_every_operation_passes_to_order_3(op):
    for at in op.samples:
        check_grads(lambda *v: apply(op, *v), at, order=3)


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
@pytest.mark.parametrize(
    "wrong", [lambda d: d + 1e-3, lambda d: 1.01 * d + 1e-4, lambda d: -d - 1e-3], ids=["shifted", "scaled", "turned"]
)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_wrong_rule_in_any_operation_is_found_and_named(op, wrong, mode):
    for position in range(len(op.samples[0])):
        planted = Planted(*op)
        planted.right, planted.wrong, planted.position = op, wrong, position
        found = []
        for at in op.samples:
            try:
                check_grads(lambda *v, planted=planted: apply(planted, *v), at, order=1, modes=mode)
            except DerivativeError as error:
                found.append(str(error))
        assert len(found) >= len(op.samples) - 1, "one of exp's samples is e³⁰, beside which 0.001 is lost"
        assert all(f"the rule of {op.name} is wrong at" in message for message in found)


class Frozen(Op):
    """An operation whose slopes are the right numbers, of which it is not known how they came about."""

    def slope(self, m, y, inputs, position):
        d = self.right.slope(m, y, inputs, position)
        return getattr(d, "data", d)


CURVED = [op for op in TABLE if op.name in ("mul", "div", "pow", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid",
                                            "leaky_relu", "softplus", "dot")]  # fmt: skip


@pytest.mark.parametrize("op", CURVED, ids=lambda op: op.name)
def test_a_rule_that_cannot_be_differentiated_again_is_found_at_order_2(op):
    frozen = Frozen(*op)
    frozen.right = op
    at = (0.7,) if len(op.samples[0]) == 1 else op.samples[1]
    check_grads(lambda *v: apply(frozen, *v), at, order=1)
    with pytest.raises(DerivativeError, match=f"the rule of {op.name} is wrong"):
        check_grads(lambda *v: apply(frozen, *v), at)


FUNCTIONS = {
    "x³": lambda x, s: x**3,
    "sin x": lambda x, s: x.sin(),
    "cos x": lambda x, s: x.cos(),
    "sin x/s": lambda x, s: (x / s).sin(),
    "cos x/s": lambda x, s: (x / s).cos(),
    "1/x": lambda x, s: 1 / x,
    "tanh x": lambda x, s: x.tanh(),
    "√x": lambda x, s: x.sqrt(),
    "ln x": lambda x, s: x.log(),
    "3x + 10⁶": lambda x, s: 3 * x + 1e6,
    "softplus": lambda x, s: x.softplus(),
    "10⁻¹² x²": lambda x, s: 1e-12 * x * x,
    "10¹² exp x/s": lambda x, s: 1e12 * (x / s).exp(),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_derivatives_pass_at_every_scale(name):
    f = FUNCTIONS[name]
    for s in SCALES:
        for x in (s, 1.3 * s, -0.7 * s):
            if x > 0 or name not in ("√x", "ln x"):
                check_grads(lambda x, s=s: f(x, s), x)


@pytest.mark.parametrize("name", ["x³", "sin x/s", "1/x", "√x", "ln x", "10¹² exp x/s"])
def test_an_error_of_a_millionth_is_found_at_every_scale(name):
    def off(d):
        return d * (1 + 1e-6)

    planted = Planted(*TABLE[2])  # a product, in which every function here is wrapped: f(x) · 1
    planted.right, planted.wrong, planted.position = TABLE[2], off, 0
    for s in SCALES:
        with pytest.raises(DerivativeError, match="the rule of mul is wrong"):
            check_grads(lambda x, s=s: apply(planted, FUNCTIONS[name](x, s), 1.0), 1.3 * s, order=1)


SCALED = {
    "sin · cos": lambda a, b: a.sin() * b.cos(),
    "tanh of a sum": lambda a, b: (a + b).tanh(),
    "exp of a product": lambda a, b: (-a * b).exp(),
    "hypotenuse": lambda a, b: (a * a + b * b).sqrt(),
    "quotient": lambda a, b: a / (1 + b * b),
    "less what is far larger": lambda a, b: (a * a + 1e6) - 1e6 + b,
}


@pytest.mark.parametrize("name", SCALED)
def test_inputs_may_be_of_wildly_different_scales(name):
    f, drawn = SCALED[name], random.Random(3)
    planted = Planted(*TABLE[2])
    planted.right, planted.wrong, planted.position = TABLE[2], lambda d: d * (1 + 1e-5), 0
    for powers in ((-8, 8), (8, -8), (-8, -7), (3, -10), (10, 9)):
        s = [10.0**power for power in powers]
        at = [drawn.uniform(0.2, 2.0) * size for size in s]
        check_grads(lambda v, s=s: f(v[0] / s[0], v[1] / s[1]), at)
        with pytest.raises(DerivativeError):
            check_grads(lambda v, s=s: apply(planted, f(v[0] / s[0], v[1] / s[1]), 1.0), at, order=1)
    check_grads(lambda v: (v[0] + v[1]).sin(), [0.0, 1e8])


def test_the_differences_are_good_by_themselves():
    for s in SCALES:
        line = Line(lambda v, s=s: [math.sin(v[0] / s)], [1.3 * s], along_input([1.3 * s], 0))
        (found,) = estimates(line, lambda j, run: 1.0)
        exact = math.cos(1.3) / s
        assert found.value == pytest.approx(exact, rel=1e-9)
        assert abs(found.value - exact) <= 4 * found.error
        assert found.error <= 1e-7 * abs(exact)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: (1e6 * x).sin(), 1.0),
        (lambda x: (1 / x).sin(), 1e-3),
        (lambda x: (x - 1.0000001).relu() + x, 1.0),
        (lambda x: x.exp(), 600.0),
        (lambda x: x.log(), 1e-100),
        (lambda x: x * x, 1e-150),
        (lambda x: 1 / x, 1e-60),
        (lambda x: x * 3, 1e300),
        (lambda x: x.sqrt(), 1e-12),
        (lambda x: x.sigmoid(), 30.0),
        (lambda x: x.tanh(), -20.0),
        (lambda x: x**3, -2.0),
        (lambda x: x**2, 0.0),
        (lambda x: 1 / x, -1e12),
        (lambda x: x * x * 3, 1e-300),
        (lambda x: (x * x + 1e10) - 1e10, 1.0),
        (lambda x: (x + 1e16) - 1e16, 1.0),
        (lambda x: x * 0.5, 1.7e308),
        (lambda x: x * x if x > -1.0 else math.log(x.data), -0.99),
        (lambda x: x * x if x > -1.0 else 1 / 0, -0.99),
    ],
)
def test_difficult_places(f, x):
    check_grads(f, x)


@settings(max_examples=40, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=8), st.lists(numbers, min_size=1, max_size=3))
def test_random_graphs_pass(program, xs):
    assume(not near_a_corner(program, xs))
    check_grads(lambda inputs: build(program, inputs, Value)[0], xs)


def test_a_far_larger_input_may_stand_at_the_end_of_its_domain():
    line = Line(lambda v: [math.exp(v[0]) + math.sqrt(1e8 - v[1])], [0.5, 1e8], along_input([0.5, 1e8], 0))
    (found,) = estimates(line, lambda j, run: 1.0)
    assert found.value == pytest.approx(math.exp(0.5), rel=1e-2)
    assert abs(found.value - math.exp(0.5)) <= 4 * found.error
    line = line._replace(f=lambda v: [math.exp(v[0]) if v[1] == 1e8 else 1 / 0])
    (found,) = estimates(line, lambda j, run: 1.0)
    assert abs(found.value - math.exp(0.5)) <= 4 * found.error


def test_a_staircase_of_rounding_is_not_taken_for_the_function():
    """(1 − cos x)/x² near 0, whose derivative is −x/12."""
    line = Line(lambda v: [(1 - math.cos(v[0])) / v[0] ** 2], [1e-3], along_input([1e-3], 0))
    (found,) = estimates(line, lambda j, run: 0.5)
    assert found.value == pytest.approx(-1e-3 / 12, rel=1e-6)
    assert abs(found.value + 1e-3 / 12) <= 4 * found.error


def cost(weights, x, bias=0.5):
    z = weights[0] * x[0] + weights[1] * x[1] + bias
    return z.tanh() ** 2


def test_structures_and_constants():
    check_grads(cost, ([0.3, -0.4], (1.0, 2.0)))
    check_grads(cost, ([0.3, -0.4], (1.0, 2.0), 0.25))
    check_grads(lambda p: p["w"] * p["name"].count("x") if p["name"] else 0.0, {"w": 2.0, "name": "xx"})
    check_grads(lambda v: [v[0] * v[1], v[1].exp()], [2.0, 3.0])
    check_grads(lambda v: functions.tanh(v) @ v, np.array([0.2, 0.3, -0.4]))
    check_grads(lambda x: 3.0, 2.0)
    check_grads(lambda x: 3 * x, 2.0, 2, (mode for mode in MODES), tol=0)
    check_grads(lambda x: x * x, Value(2.0))


def test_the_error_prints_the_point_and_both_numbers():
    doubled = Planted(*TABLE[2])
    doubled.right, doubled.wrong, doubled.position = TABLE[2], lambda d: 2 * d, 0

    def area(w, x):
        return apply(doubled, w[0], x) + w[1]

    with pytest.raises(DerivativeError) as caught:
        check_grads(area, ([3.0, 1.0], 0.25))
    lines = str(caught.value).splitlines()
    assert lines[0] == "derivatives of area that are not the rise over the run:"
    assert lines[1].startswith("  ∂area/∂w[0]: analytic 0.5, numeric 0.25 ± ")
    assert lines[1].endswith("(in every mode)")
    assert lines[2] == "at w[0] = 3.0, w[1] = 1.0, x = 0.25"
    assert lines[3] == "the rule of mul is wrong at 3.0 * 0.25: it gives 0.5, where the rise over the run is 0.25"
    assert isinstance(caught.value, AssertionError)


def test_tol_is_the_share_by_which_a_derivative_may_be_off():
    planted = Planted(*TABLE[2])
    planted.right, planted.wrong, planted.position = TABLE[2], lambda d: 1.001 * d, 0
    check_grads(lambda x: apply(planted, x.exp(), 1.0), 3.0, 1, tol=0.0011)
    with pytest.raises(DerivativeError):
        check_grads(lambda x: apply(planted, x.exp(), 1.0), 3.0, 1, tol=0.0009)


def test_each_mode_is_tried_by_itself(monkeypatch):
    check_grads(functions.exp, 1.0, 3, "forward")
    push, pull = Run.push, Run.pull
    monkeypatch.setattr(Run, "push", lambda run, seeds: [2 * t for t in push(run, seeds)])
    check_grads(functions.exp, 1.0, 2, "reverse")
    with pytest.raises(DerivativeError, match=r"analytic 5\.43.*, numeric 2\.71.*\(forward\)"):
        check_grads(functions.exp, 1.0)
    monkeypatch.undo()
    monkeypatch.setattr(Run, "pull", lambda run, seeds: [2 * t for t in pull(run, seeds)])
    check_grads(functions.exp, 1.0, 2, "forward")
    with pytest.raises(DerivativeError, match=r"analytic 5\.43.*, numeric 2\.71.*\(reverse\)"):
        check_grads(functions.exp, 1.0)


def test_inside_a_derivative():
    assert grad(lambda x: (check_grads(lambda y: y * y * x, 1.0), x * x)[1])(3.0) == 6.0
    with no_grad():
        check_grads(functions.exp, 1.0)
    with only_finite():
        check_grads(lambda x: x * 1e307, 17.0)  # whose longer steps are more than a float can hold


def test_methods_name_their_inputs():
    class Cost:
        def of(self, w, x):
            return w * x.data

    with pytest.raises(DerivativeError) as caught:
        check_grads(Cost().of, (2.0, 3.0), order=1)
    assert str(caught.value).splitlines()[1].startswith("  ∂of/∂x: analytic 0, numeric 2 ")
    with pytest.raises(DerivativeError, match=r"at w = 2\.0, x = 3\.0"):
        check_grads(Cost.of, (Cost(), 2.0, 3.0), order=1)


def test_waves_that_are_short_beside_the_point_are_not_stepped_over():
    check_grads(functions.sin, 1e8)
    planted = Planted(*operation("sin"))
    planted.right, planted.wrong, planted.position = operation("sin"), lambda d: d + 1e-3, 0
    with pytest.raises(DerivativeError, match="the rule of sin is wrong") as caught:
        check_grads(lambda x: apply(planted, x), 1e8, order=1)
    assert "corner" not in str(caught.value)
    check_grads(lambda x: x * x, 1.2e154, order=1)


@pytest.mark.filterwarnings("ignore::autograd.LeftGraphWarning")
@pytest.mark.parametrize(
    "f", [lambda x: x * float(x), lambda x: x * x.detach(), lambda x: math.sin(x) + 0 * x, no_grad()(functions.exp)]
)
def test_what_leaves_the_graph_is_told_from_wrong_rules(f):
    with pytest.raises(DerivativeError, match=r"right by itself: does part of it leave the graph") as caught:
        check_grads(f, 1.5)
    assert "the rule of" not in str(caught.value)


def test_a_function_that_is_another_one_each_time_is_told_so():
    drawn = random.Random(1)
    with pytest.raises(DerivativeError, match="gives other numbers each time it is called") as caught:
        check_grads(lambda x: x * drawn.random(), 1.0)
    assert "corner" not in str(caught.value)


def test_many_wrong_ones_are_counted():
    doubled = Planted(*TABLE[2])
    doubled.right, doubled.wrong, doubled.position = TABLE[2], lambda d: 2 * d, 0
    with pytest.raises(DerivativeError, match="and 4 more"):
        check_grads(lambda v: sum(apply(doubled, x, x) for x in v), [float(i) for i in range(1, 13)], order=1)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((3.0, 2.0), TypeError, "check_grads takes a function and its inputs; got float"),
        ((functions.sin, 2.0, 0), ValueError, "order is a whole number from 1 to 6; got 0"),
        ((functions.sin, 2.0, 7), ValueError, "order is a whole number from 1 to 6; got 7"),
        ((functions.sin, 2.0, 2.0), ValueError, r"order is a whole number from 1 to 6; got 2\.0"),
        ((functions.sin, 2.0, 2, 3), ValueError, r"modes are 'reverse' and 'forward'; got \(3,\)"),
        ((functions.sin, 2.0, 2, MODES, 1.0), ValueError, r"tol is the share .*, from 0 up to 1; got 1\.0"),
        ((functions.sin, 2.0, 2, MODES, math.nan), ValueError, "from 0 up to 1; got nan"),
        ((functions.sin, 2.0, 2, MODES, "x"), ValueError, "from 0 up to 1; got 'x'"),
        ((lambda x: x * math.inf, 2.0), ValueError, r"where a result is not finite; got \[inf\]"),
        ((functions.sin, 2.0, 2, ["up"]), ValueError, "modes are 'reverse' and 'forward'; got"),
        ((functions.sin, 2.0, 2, []), ValueError, "modes are"),
        (
            (lambda x: 1 / x, 1e-200),
            DomainError,
            "the slope of div by operand 2 at 1e-200 cannot be differentiated again",
        ),
        ((functions.log, -2.0), DomainError, r"log\(-2\.0\) has no value"),
        ((functions.sin, [1.0, math.inf]), ValueError, r"where an input is not finite; got \[1\.0, inf\]"),
        ((lambda x: ["no"], 2.0), TypeError, r"f\[0\] is no number: a Value holds one real number; got str 'no'"),
        ((functions.sin, 10**400), OverflowError, "a Value holds a float, up to 1.8e308; got a larger int"),
        (
            (lambda x: [x, x][: 1 + (x > 2)], 2.0),
            TypeError,
            r"f returns as many .*; got 2 of them at 2\.5, and 1 b",
        ),
        ((lambda x: [][3], 2.0), IndexError, "list index out of range"),
    ],
)
def test_errors(arguments, error, message):
    with pytest.raises(error, match=message):
        check_grads(*arguments)

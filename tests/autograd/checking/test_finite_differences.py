"""Claims about finite differences: they are accurate at every scale and in difficult places."""

import math
import random

import pytest

from autograd import DerivativeError, apply, check_grads, functions
from autograd.checking.directions import along_input
from autograd.checking.finite_differences import Line, estimates
from autograd.table import TABLE, operation
from tests.helpers.operations import Planted

SCALES = [10.0**k for k in range(-6, 7)]


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


def test_waves_that_are_short_beside_the_point_are_not_stepped_over():
    check_grads(functions.sin, 1e8)
    planted = Planted(*operation("sin"))
    planted.right, planted.wrong, planted.position = operation("sin"), lambda d: d + 1e-3, 0
    with pytest.raises(DerivativeError, match="the rule of sin is wrong") as caught:
        check_grads(lambda x: apply(planted, x), 1e8, order=1)
    assert "corner" not in str(caught.value)
    check_grads(lambda x: x * x, 1.2e154, order=1)

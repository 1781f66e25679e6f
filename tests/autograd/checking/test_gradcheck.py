"""Claims about check_grads: right derivatives pass; wrong ones are found in every operation and in each mode."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import DerivativeError, DomainError, Value, apply, check_grads, functions, grad, no_grad, only_finite
from autograd.derivatives.linearize import Linearization
from autograd.table import TABLE, Op
from tests.helpers.operations import Planted
from tests.helpers.programs import build, instructions, near_a_corner, numbers

MODES = ("reverse", "forward")


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
    """An operation whose slopes are right numbers, but constants, so that they cannot be differentiated."""

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


@pytest.mark.no_cover  # under coverage it takes several times as long
@settings(max_examples=40, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=8), st.lists(numbers, min_size=1, max_size=3))
def test_random_graphs_pass(program, xs):
    assume(not near_a_corner(program, xs))
    check_grads(lambda inputs: build(program, inputs, Value)[0], xs)


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


def test_tol_is_the_share_by_which_a_derivative_may_be_off():
    planted = Planted(*TABLE[2])
    planted.right, planted.wrong, planted.position = TABLE[2], lambda d: 1.001 * d, 0
    check_grads(lambda x: apply(planted, x.exp(), 1.0), 3.0, 1, tol=0.0011)
    with pytest.raises(DerivativeError):
        check_grads(lambda x: apply(planted, x.exp(), 1.0), 3.0, 1, tol=0.0009)


def test_each_mode_is_tried_by_itself(monkeypatch):
    check_grads(functions.exp, 1.0, 3, "forward")
    push, pull = Linearization.pushforward, Linearization.pullback
    monkeypatch.setattr(Linearization, "pushforward", lambda at, seeds: [2 * t for t in push(at, seeds)])
    check_grads(functions.exp, 1.0, 2, "reverse")
    with pytest.raises(DerivativeError, match=r"analytic 5\.43.*, numeric 2\.71.*\(forward\)"):
        check_grads(functions.exp, 1.0)
    monkeypatch.undo()
    monkeypatch.setattr(Linearization, "pullback", lambda at, seeds: [2 * t for t in pull(at, seeds)])
    check_grads(functions.exp, 1.0, 2, "forward")
    with pytest.raises(DerivativeError, match=r"analytic 5\.43.*, numeric 2\.71.*\(reverse\)"):
        check_grads(functions.exp, 1.0)


def test_inside_a_derivative():
    assert grad(lambda x: (check_grads(lambda y: y * y * x, 1.0), x * x)[1])(3.0) == 6.0
    with no_grad():
        check_grads(functions.exp, 1.0)
    with only_finite():
        check_grads(lambda x: x * 1e307, 17.0)  # its longer steps overflow


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
        ((lambda x: x * math.inf, 2.0), ValueError, r"a result is not finite: \[inf\]"),
        ((functions.sin, 2.0, 2, ["up"]), ValueError, "modes are 'reverse' and 'forward'; got"),
        ((functions.sin, 2.0, 2, []), ValueError, "modes are"),
        (
            (lambda x: 1 / x, 1e-200),
            DomainError,
            "the slope of div by operand 2 at 1e-200 cannot be differentiated again",
        ),
        ((functions.log, -2.0), DomainError, r"log\(-2\.0\) has no value"),
        ((functions.sin, [1.0, math.inf]), ValueError, r"an input is not finite: \[1\.0, inf\]"),
        ((lambda x: ["no"], 2.0), TypeError, r"f\[0\] is no number: a Value holds one real number; got str 'no'"),
        ((functions.sin, 10**400), OverflowError, "a Value holds a float, up to 1.8e308; got a larger int"),
        (
            (lambda x: [x, x][: 1 + (x > 2)], 2.0),
            TypeError,
            r"f returns the same number of results .*; got 2 at 2\.5, and 1 b",
        ),
        ((lambda x: [][3], 2.0), IndexError, "list index out of range"),
    ],
)
def test_errors(arguments, error, message):
    with pytest.raises(error, match=message):
        check_grads(*arguments)

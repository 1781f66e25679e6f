"""Claims about derivatives as functions: they are right, of any order, in both modes, and nested."""

import gc
import math
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import (
    Value,
    apply,
    backward_steps,
    check_grads,
    exp,
    explain,
    floats,
    functions,
    grad,
    hessian,
    jacobian,
    jvp,
    nodes,
    sin,
    table,
    value_and_grad,
    vjp,
)
from autograd.table import Op
from tests.helpers.operations import ROWS, in_sympy, name
from tests.helpers.programs import build, instructions, near_a_corner, numbers

MODES = ("reverse", "forward")

# ---- against sympy


def partials(op, at, modes):
    """Every derivative of the order there are modes, in a flat list; the last input varies fastest."""

    def flat(x):
        return [apply(op, *x)]

    for mode in modes:
        flat = (lambda rows: lambda x: [entry for row in rows(x) for entry in row])(jacobian(flat, mode=mode))
    return flat(list(at))


@pytest.mark.parametrize("op", ROWS, ids=name)
def test_derivatives_of_orders_1_to_3_are_sympys_in_every_mix_of_modes(op):
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    for at in op.samples:
        symbols = sympy.symbols(f"x:{len(at)}", real=True)
        point = {symbol: sympy.Float(x, 50) for symbol, x in zip(symbols, at, strict=True)}
        derivatives = [in_sympy(op, *symbols)]
        for order in (1, 2, 3):
            derivatives = [sympy.diff(y, x) for y in derivatives for x in symbols]
            exact = [float(y.subs(point).evalf(40)) for y in derivatives]
            for modes in product(MODES, repeat=order):
                # σ and tanh lose digits to rounding where they are near 1; absolutely they are right
                assert partials(op, at, modes) == pytest.approx(exact, rel=1e-9, abs=1e-13), (at, modes)


def test_a_composition_is_sympys_to_order_3():
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")

    def f(x, y):
        return sin(x * y) * exp(x / y) + functions.tanh(x**y) / (1 + functions.softplus(y))

    x, y = sympy.symbols("x y")
    exact = sympy.sin(x * y) * sympy.exp(x / y) + sympy.tanh(x**y) / (1 + sympy.log(1 + sympy.exp(y)))
    at = {x: sympy.Float("0.7", 50), y: sympy.Float("1.3", 50)}
    first = jacobian(f, (0, 1))
    for i, j, k in product((0, 1), repeat=3):
        wanted = float(exact.diff((x, y)[i], (x, y)[j], (x, y)[k]).subs(at).evalf(30))
        assert grad(grad(grad(f, i), j), k)(0.7, 1.3) == pytest.approx(wanted, rel=1e-9)
        assert jacobian(jacobian(first, j, "forward"), k, "forward")(0.7, 1.3)[i] == pytest.approx(wanted, rel=1e-9)


def test_high_orders():
    f = sin
    for order in range(1, 8):
        f = grad(f)
        assert f(0.4) == pytest.approx(math.sin(0.4 + order * math.pi / 2), rel=1e-12)


# ---- forward against reverse


@settings(max_examples=150, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=15), st.lists(numbers, min_size=1, max_size=4), st.data())
def test_forward_and_reverse_agree_by_the_dot_product_test(program, xs, data):
    """u · (J v) = (uᵀ J) · v, with as many outputs as there are inputs and instructions."""
    assume(not near_a_corner(program, xs))

    def f(inputs):
        total, values = build(program, inputs, Value)
        return [total, *values[len(inputs) :]]

    v = [data.draw(numbers) for _ in xs]
    outputs, moved = jvp(f, xs, v)
    u = [data.draw(numbers) for _ in outputs]
    again, pull_back = vjp(f, xs)
    pulled = pull_back(u)
    assert outputs == again
    forward, reverse = ([a * b for a, b in zip(*pair, strict=True)] for pair in ((u, moved), (pulled, v)))
    size = sum(map(abs, forward)) + sum(map(abs, reverse))
    assert sum(forward) == pytest.approx(sum(reverse), rel=1e-9, abs=1e-9 * max(1.0, size))


@settings(max_examples=50, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=8), st.lists(numbers, min_size=2, max_size=3))
def test_hessians_are_symmetric_and_the_same_in_every_mix_of_modes(program, xs):
    assume(not near_a_corner(program, xs))

    def f(inputs):
        return build(program, inputs, Value)[0]

    found = [np.array(jacobian(jacobian(f, mode=m), mode=n)(xs)) for m, n in product(MODES, repeat=2)]
    size = max(1.0, *(float(np.abs(h).max()) for h in found))
    for h in (*found, np.array(hessian(f)(xs)), found[0].T):
        np.testing.assert_allclose(h, found[0], rtol=0, atol=1e-9 * size)


@settings(max_examples=50, deadline=None)
@given(st.lists(instructions, min_size=1, max_size=25), st.lists(numbers, min_size=1, max_size=4))
def test_grad_is_what_backward_leaves(program, xs):
    leaves = [Value(x) for x in xs]
    root, _ = build(program, leaves, Value)
    root.backward()
    found = grad(lambda inputs: build(program, inputs, Value)[0])(xs)
    again = [x.data for x in grad(lambda inputs: build(program, inputs, Value)[0])([Value(x) for x in xs])]
    size = [sum(abs(s.contribution) for s in backward_steps(root) if s.parent is leaf) for leaf in leaves]
    for leaf, by_numbers, by_values, terms in zip(leaves, found, again, size, strict=True):
        assert by_numbers == leaf.grad or math.isnan(leaf.grad)
        assert by_values == pytest.approx(leaf.grad, rel=1e-9, abs=1e-9 * max(1.0, terms), nan_ok=True)


# ---- nesting


def test_perturbations_are_not_confused():
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(3.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(3.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(3.0) == 6.0
    assert grad(lambda x: x * grad(lambda y: x * y * y)(x))(3.0) == 3 * 2 * 9.0
    assert grad(lambda x: x * jvp(lambda y: x + y, x, 1.0)[1])(3.0) == 1.0
    assert jvp(lambda x: x * jvp(lambda y: x + y, 1.0, 1.0)[1], 3.0, 1.0) == (3.0, 1.0)
    assert jvp(lambda x: x * grad(lambda y: x * y)(2.0), 3.0, 1.0) == (9.0, 6.0)
    x = Value(3.0)
    assert grad(lambda y: x * y)(x).data == 3.0, "the x outside is a constant"


def test_inside_a_derivative_derivatives_are_values():
    seen = []

    def f(x):
        seen.append(grad(lambda y: 2 * y)(1.0))
        return x

    assert grad(f)(1.0) == 1.0
    assert isinstance(seen[0], Value)
    assert type(grad(lambda y: 2 * y)(1.0)) is float


def test_values_in_values_out_and_they_can_be_differentiated():
    x, w = Value(2.0, "x"), Value(5.0, "w")
    slope = grad(lambda y: w * y**3)(x)
    slope.backward()
    assert (slope.data, x.grad, w.grad) == (60.0, 60.0, 12.0)
    value, slope = value_and_grad(lambda y: y * y)(x)
    assert isinstance(value, Value)
    assert value.data == 4.0
    assert x in nodes(value)
    assert explain(slope, x).value == 2.0


def test_weights_that_a_function_knows_of_are_left_alone():
    w = Value(5.0)
    assert grad(lambda x: w * x * x)(2.0) == 20.0
    assert hessian(lambda x: w * x * x)(2.0) == 10.0
    assert w.grad == 0.0
    x = Value(2.0)
    grad(lambda y: y * y)(x)
    assert x.grad == 0.0


def test_a_penalty_on_a_gradient_trains():
    """d/dw (∂(w x²)/∂x)² = 2 (2 w x)(2 x)."""
    w, x = Value(0.5), Value(3.0)
    penalty = grad(lambda x, w: w * x * x)(x, w) ** 2
    penalty.backward()
    assert w.grad == pytest.approx(2 * (2 * 0.5 * 3) * (2 * 3))


def test_only_what_lies_between_is_walked():
    """A long history of the input is not walked again by each derivative of it."""
    x = Value(1.0)
    y = x
    for _ in range(1000):
        y = y * 1.001
    made = grad(lambda z: z * z)(y)
    below = set(nodes(y))
    assert len([node for node in nodes(made) if node not in below]) < 8


def test_long_chains_of_any_order():
    def f(x):
        for _ in range(20_000):
            x = x * 1.0
        return x * x

    assert (grad(f)(3.0), grad(grad(f))(3.0)) == (6.0, 2.0)
    assert jvp(f, 3.0, 1.0) == (9.0, 6.0)


def test_nothing_is_left_for_the_collector():
    gc.collect()
    gc.disable()
    try:
        f = lambda v: v["a"] * v["b"][0].sin()  # noqa: E731
        point = {"a": 2.0, "b": [3.0]}
        hessian(f)(point)
        vjp(f, point)[1](1.0)
        jvp(f, point, point)
        check_grads(f, point)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_no_more_is_made_than_is_asked_for():
    x, w = Value(2.0), Value(3.0)
    made = grad(lambda y: sin(w * y))(x)
    assert [node.op.name for node in nodes(made) if node.op is not None] == ["mul", "mul", "cos", "mul"]
    shifted = grad(lambda y: sin(y + 3))(x)
    assert shifted.op.name == "cos", "the slope of + is 1, and makes no node"

    class Once(Op):
        """A product that may be differentiated again by its first input alone."""

        def slope(self, m, y, inputs, position):
            assert m is floats or position == 0
            return super().slope(m, y, inputs, position)

    once = Once(*table.MUL)
    assert grad(lambda y: apply(once, y, w))(x).data == 3.0
    with pytest.raises(AssertionError):
        grad(lambda y: apply(once, w, y))(x)

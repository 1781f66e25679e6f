"""Claims about derivatives as functions: right, of any order, in both modes, of any structure, however they nest."""

import asyncio
import gc
import math
import threading
from collections import OrderedDict, defaultdict, namedtuple
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import (
    DomainError,
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
    maximum,
    no_grad,
    nodes,
    only_finite,
    runs,
    sin,
    table,
    value_and_grad,
    vjp,
)
from autograd.sweeps import recorded, sweep_forward
from autograd.table import TABLE, Op
from tests.oracle import rise_over_run
from tests.test_backward import build, instructions, near_a_corner, numbers

MODES = ("reverse", "forward")
ENDLESS = [1.0]
ENDLESS.append(ENDLESS)
PROBES = [(op, at) for op in TABLE for at in op.samples]

# ---- against sympy


def partials(op, at, modes):
    """Every derivative of the order there are modes, in a flat list; the last input varies fastest."""

    def flat(x):
        return [apply(op, *x)]

    for mode in modes:
        flat = (lambda rows: lambda x: [entry for row in rows(x) for entry in row])(jacobian(flat, mode=mode))
    return flat(list(at))


def formula(sympy, op, symbols):
    a, b = symbols[0], symbols[-1]
    if op.name == "dot":
        n = len(symbols) // 2
        bias = symbols[-1] if len(symbols) % 2 else 0
        return sum(w * x for w, x in zip(symbols[:n], symbols[n : 2 * n], strict=True)) + bias
    return {
        "add": a + b, "sub": a - b, "mul": a * b, "div": a / b, "pow": a**b, "neg": -a, "abs": sympy.Abs(a),
        "exp": sympy.exp(a), "log": sympy.log(a), "sqrt": sympy.sqrt(a), "sin": sympy.sin(a), "cos": sympy.cos(a),
        "tanh": sympy.tanh(a), "sigmoid": 1 / (1 + sympy.exp(-a)), "relu": sympy.Max(a, 0),
        "leaky_relu": sympy.Piecewise((a, a > 0), (a * b, True)), "softplus": sympy.log(1 + sympy.exp(a)),
        "maximum": sympy.Max(a, b), "minimum": sympy.Min(a, b),
    }[op.name]  # fmt: skip


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_derivatives_of_orders_1_to_3_are_sympys_in_every_mix_of_modes(op):
    sympy = pytest.importorskip("sympy", reason="sympy (the extra 'oracle') is not installed")
    for at in op.samples:
        symbols = sympy.symbols(f"x:{len(at)}", real=True)
        point = {symbol: sympy.Float(x, 50) for symbol, x in zip(symbols, at, strict=True)}
        derivatives = [formula(sympy, op, symbols)]
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


# ---- structures


def test_any_structure():
    Point = namedtuple("Point", "x y")

    def f(p, q):
        return p["a"] * p["b"][1][0] + q.x * q.y * p["b"][0]

    p, q = {"a": 2, "b": [3.0, (4.0,)]}, Point(5.0, 6)
    assert grad(f)(p, q) == {"a": 4.0, "b": [30.0, (2.0,)]}
    gradient = grad(f, 1)(p, q)
    assert gradient == Point(18.0, 15.0)
    assert isinstance(gradient, Point)
    assert grad(f, (1, 0))(p, q) == (Point(18.0, 15.0), {"a": 4.0, "b": [30.0, (2.0,)]})
    assert grad(f, -1)(p, q) == grad(f, 1)(p, q)
    assert grad(lambda x: Value(1.0))([]) == []
    three = grad(lambda a, b, c: a[0] * b[1] * c[1] + a[1], (0, 1, 2))([2.0, 0.0], [0.0, 3.0], [0.0, 5.0])
    assert three == ([15.0, 1.0], [0.0, 10.0], [0.0, 6.0])


def test_dicts_and_named_tuples_stay_of_their_kind():
    class Double(namedtuple("Pair", "x y")):
        def __new__(cls, x):
            return super().__new__(cls, x, 2 * x)

    counted = grad(lambda d: d["a"] * d["none"] + d["a"] ** 2)(defaultdict(lambda: 5.0, a=3.0))
    assert counted == {"a": 11.0}
    assert counted["asked for"] == 5.0
    assert type(grad(lambda d: d["a"])(OrderedDict(a=1.0))) is OrderedDict
    assert type(grad(lambda p: p.x * p.y)(Double(3.0))) is Double
    assert grad(lambda p: p.x * p.y)(Double(3.0)) == (6.0, 3.0)
    assert vjp(lambda p: p.x * p.y, Double(3.0))[1](1.0) == (6.0, 3.0), "one argument, as which it is given"


def test_tangents_and_cotangents_may_name_their_places_in_any_order():
    value, along = jvp(lambda d: d["a"] * 10 + d["b"], {"a": 1.0, "b": 2.0}, {"b": 7.0, "a": 0.5})
    assert (value, along) == (12.0, 12.0)
    pull_back = vjp(lambda x: {"a": x, "b": x * x}, 3.0)[1]
    assert pull_back({"b": 1.0, "a": 10.0}) == 16.0
    alike = type("Alike", (), {"__repr__": lambda self: "alike"})
    d = {alike(): 2.0, alike(): 3.0}
    assert jvp(lambda d: sum(k * v for k, v in zip((1, 10), d.values(), strict=True)), d, d) == (32.0, 32.0)


def test_a_list_that_the_function_keeps_may_grow():
    kept = []
    _, pull_back = vjp(lambda x: (kept.append(x * x), kept)[1], 3.0)
    kept.append(1.0)
    assert pull_back([1.0]) == 6.0


def test_other_arguments_are_passed_on():
    def f(x, name, scale=1.0):
        return x * scale if name == "scaled" else x

    assert grad(f)(2.0, "scaled", scale=3.0) == 3.0
    assert grad(f)(2.0, "not") == 1.0
    assert isinstance(grad(f)(2.0, "scaled", scale=Value(3.0)), Value)


def test_jacobians_have_the_outputs_shape_then_the_inputs():
    def f(x):
        return {"sum": x[0] + x[1], "products": (x[0] * x[1], x[1] * x[1])}

    expected = {"sum": [1.0, 1.0], "products": ([3.0, 2.0], [0.0, 6.0])}
    for mode in MODES:
        assert jacobian(f, mode=mode)([2.0, 3.0]) == expected
    for mode in MODES:
        constants = jacobian(lambda x: [x, 2 * x, 7.0, 1, Value(7.0), np.array(7.0)], mode=mode)(5.0)
        assert constants == [1.0, 2.0, 0.0, 0.0, 0.0, 0.0]
    assert hessian(lambda p: p["x"] * p["y"])({"x": 2.0, "y": 3.0}) == {
        "x": {"x": 0.0, "y": 1.0},
        "y": {"x": 1.0, "y": 0.0},
    }


def test_arrays():
    W, x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([0.1, 0.2, 0.3])
    gradient = grad(lambda W: functions.tanh(W @ x).sum())(W)
    assert gradient.dtype == float
    np.testing.assert_allclose(gradient, np.outer(1 - np.tanh(W @ x) ** 2, x), rtol=1e-14)
    J = jacobian(lambda x: functions.tanh(W @ x))(x)
    np.testing.assert_allclose(J, (1 - np.tanh(W @ x) ** 2)[:, None] * W, rtol=1e-14)
    H = hessian(lambda x: (W @ x) @ (W @ x))(x)
    assert H.dtype == float
    np.testing.assert_allclose(H, 2 * W.T @ W, rtol=1e-14)
    values = grad(lambda x: x @ x)(np.array([Value(1.0), Value(2.0)]))
    assert values.dtype == object
    assert [v.data for v in values] == [2.0, 4.0]
    assert jacobian(lambda x: {"a": x[0] * x})(x)["a"].shape == (3, 3)
    assert jacobian(lambda x: np.array([x["a"], x["b"]]))({"a": 1.0, "b": 2.0}) == [
        {"a": 1.0, "b": 0.0},
        {"a": 0.0, "b": 1.0},
    ]


def test_arrays_of_any_shape():
    assert grad(lambda x: 1.0)(np.array([])).shape == (0,)
    assert grad(lambda x: 1.0)(np.zeros((2, 0))).shape == (2, 0)
    W, x = np.arange(6.0).reshape(2, 3), np.array([1.0, 10.0, 100.0])
    J = jacobian(lambda W: W @ x)(W)  # ∂(W x)ᵢ/∂Wⱼₖ = [i = j] xₖ
    np.testing.assert_array_equal(J, np.eye(2)[:, :, None] * x)
    np.testing.assert_array_equal(jacobian(lambda x: np.array([x @ x]))(x), [2 * x])
    by_list, by_tuple = (jacobian(lambda v: W * v[0] + v[1])(kind([2.0, 3.0])) for kind in (list, tuple))
    assert by_list == [[[w, 1.0] for w in row] for row in W.tolist()]
    assert by_tuple == [[(w, 1.0) for w in row] for row in W.tolist()]


def test_a_mode_is_a_kind_of_sweep(monkeypatch):
    """Three outputs, two inputs: three sweeps back, or two forward; a Hessian is forward over reverse."""
    swept = []
    for name in ("sweep_back", "sweep_forward"):
        sweep = getattr(runs, name)
        monkeypatch.setattr(runs, name, lambda *given, n=name, sweep=sweep: (swept.append(n), sweep(*given))[1])
    for mode, sweeps in (("reverse", ["sweep_back"] * 3), ("forward", ["sweep_forward"] * 2)):
        swept.clear()
        jacobian(lambda v: [v[0] * v[1], v[0], v[1]], mode=mode)([2.0, 3.0])
        assert swept == sweeps
    swept.clear()
    hessian(lambda v: v[0] * v[1])([2.0, 3.0])
    assert swept == ["sweep_back", "sweep_forward", "sweep_forward"]


def test_a_value_that_numpy_has_wrapped_is_one_number():
    assert grad(lambda x: np.where(True, x * x, x))(3.0) == 6.0
    assert jacobian(lambda x: [np.array(x * x), x])(3.0) == [6.0, 1.0]
    assert grad(lambda x: x * x)(np.array(Value(3.0))).data == 6.0


def test_a_network_is_a_function_too():
    from nn import MLP

    model = MLP(2, [3, 1], activation="tanh", seed=1)
    gradient = grad(lambda x: model(x))([0.3, -0.2])
    for i in range(2):
        moved = lambda t, i=i: model([0.3 if i else t, t if i else -0.2]).data  # noqa: E731
        assert gradient[i] == pytest.approx(rise_over_run(moved, [0.3, -0.2][i]), rel=1e-7)
    assert all(p.grad == 0.0 for p in model.parameters())


# ---- forward, reverse


def test_jvp_and_vjp():
    def f(x, y):
        return [x * y, x.sin()]

    outputs, along = jvp(f, (2.0, 3.0), (1.0, 10.0))
    assert outputs == [6.0, math.sin(2)]
    assert along == [3.0 + 20.0, math.cos(2)]
    outputs, pull_back = vjp(f, (2.0, 3.0))
    assert outputs == [6.0, math.sin(2)]
    assert pull_back([1.0, 0.0]) == (3.0, 2.0)
    assert pull_back([0.0, 1.0]) == (math.cos(2), 0.0)
    assert vjp(lambda v: v[0] * v[1], [2.0, 3.0])[1](2.0) == [6.0, 4.0]
    assert isinstance(jvp(f, (2.0, 3.0), (Value(1.0), 10.0))[1][0], Value)
    seed = Value(2.0)
    by_value = pull_back([seed, 0.0])
    assert all(isinstance(v, Value) for v in by_value)
    by_value[0].backward()
    assert seed.grad == 3.0


def test_each_pull_back_judges_for_itself_whether_values_are_wanted():
    _, pull_back = vjp(lambda x: x**3, 2.0)
    assert pull_back(Value(1.0)).op is not None
    assert type(pull_back(1.0)) is float, "the call before was given Values, this one is not"
    with no_grad():
        assert pull_back(Value(1.0)).op is None
        _, made_inside = vjp(lambda x: x**3, 2.0)
    assert made_inside(Value(1.0)).op is not None
    with only_finite():
        assert pull_back(Value(1.0)).op is not None
    inside = []
    assert grad(lambda x: (inside.append(pull_back(1.0)), inside[0] * x)[1])(5.0) == 12.0
    assert isinstance(inside[0], Value)


def test_an_output_that_is_an_input_or_is_there_twice():
    assert jacobian(lambda v: [v[1], v[0], v[0] * v[0]])([2.0, 3.0]) == [[0.0, 1.0], [1.0, 0.0], [4.0, 0.0]]
    assert jacobian(lambda v: [v[1], v[0]], mode="forward")([2.0, 3.0]) == [[0.0, 1.0], [1.0, 0.0]]

    def twice(x):
        y = x * x
        return [y, y, x]

    assert vjp(twice, 3.0)[1]([1.0, 10.0, 100.0]) == 6 + 60 + 100
    assert jvp(twice, 3.0, 1.0)[1] == [6.0, 6.0, 1.0]


# ---- edges


def test_slopes_that_are_infinite():
    """The slope of √ at 0 is inf; a slope of that slope there is none."""
    assert grad(functions.sqrt)(0.0) == math.inf
    assert jvp(functions.sqrt, 0.0, 1.0) == (0.0, math.inf)
    with pytest.raises(DomainError, match=r"the slope of sqrt by operand 1 at 0\.0 cannot be differentiated again"):
        grad(grad(functions.sqrt))(0.0)
    with pytest.raises(DomainError, match=r"the slope of div by operand 2 at 1e-200 cannot be differentiated again"):
        grad(grad(lambda x: 1 / x))(1e-200)


def test_conventions_hold_at_corners_and_above_them_all_is_flat():
    for f, slope in ((functions.relu, 0.0), (functions.abs, 0.0), (lambda x: maximum(x, 0.0), 0.5)):
        assert grad(f)(0.0) == slope
        assert grad(grad(f))(0.0) == 0.0
        assert jacobian(f, mode="forward")(0.0) == slope


def test_powers_at_zero():
    for n, values in ((0.0, (0, 0, 0)), (1.0, (1, 0, 0)), (2.0, (0, 2, 0)), (3.0, (0, 0, 6))):
        f = lambda x, n=n: x**n  # noqa: E731
        assert (grad(f)(0.0), grad(grad(f))(0.0), grad(grad(grad(f)))(0.0)) == values
    assert grad(lambda x: x**0)(1e-320) == 0.0
    assert grad(lambda x: x**0)(math.inf) == 0.0


def test_inside_no_grad_derivatives_are_still_right():
    with no_grad():
        assert grad(grad(exp))(1.0) == math.exp(1.0)
        x = Value(2.0)
        slope = grad(lambda y: y**3)(x)
        assert (slope.data, slope.op) == (12.0, None)
        value, pull_back = vjp(lambda y: y**3, x)
        assert (value.op, pull_back(1.0).data) == (None, 12.0)
        assert jvp(lambda y: y**3, x, 1.0)[1].op is None
        assert grad(functions.sqrt)(Value(0.0)).data == math.inf, "a slope that has no slope, which nobody asks for"
    assert grad(no_grad()(exp))(1.0) == 0.0, "what f itself does not record is a constant"
    assert (x * x).op is not None


def test_detached_values_are_constants():
    x = Value(3.0, "x")
    y = x * x
    y.label = "y"
    d = y.detach()
    assert (d.data, d.label, d.op, d.operands) == (9.0, "y", None, ())
    (d * x).backward()
    assert (x.grad, d.grad) == (9.0, 3.0)
    assert grad(lambda x: x * x.detach())(3.0) == 3.0
    d.data = 1.0
    assert y.data == 9.0


def test_threads_do_not_see_each_others_derivatives():
    inside, done, seen = threading.Event(), threading.Event(), []

    def other():
        inside.wait()
        seen.append(grad(lambda y: y * y)(2.0))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()

    def f(x):
        inside.set()
        done.wait()
        with no_grad():
            pass
        return x * x

    assert grad(f)(3.0) == 6.0
    thread.join()
    assert seen == [4.0]
    assert type(seen[0]) is float


def test_a_thread_that_a_function_starts_belongs_to_it():
    """∂(x · ∂(y² x)/∂y)/∂x = 4 x y, with the inner derivative taken in another thread."""

    def elsewhere(work):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(work).result()

    def inner(x, y):
        return elsewhere(lambda: grad(lambda y: y * y * x)(y))

    assert grad(lambda x: x * inner(x, 3.0))(5.0) == 2 * 5 * 2 * 3
    assert jvp(lambda x: x * inner(x, 3.0), 5.0, 1.0) == (5 * 30.0, 60.0)
    assert grad(grad(lambda x: x * inner(x, 3.0)))(5.0) == 12.0
    assert grad(lambda x: elsewhere(lambda: value_and_grad(lambda y: x)(1.0)[0]) * x)(5.0) == 10.0
    seen = []
    grad(lambda x: (seen.append(elsewhere(lambda: grad(lambda y: 3 * y)(1.0))), x)[1])(5.0)
    assert type(seen[0]) is float, "nothing of it hangs on x"
    x = []
    grad(lambda v: (x.append(v), v)[1])(5.0)
    assert type(inner(x[0], 3.0)) is float, "that function is over"


def test_a_task_that_outlives_the_derivative_it_was_started_in_gets_numbers_again():
    async def child(until):
        await until.wait()
        return grad(lambda y: y * y)(2.0)

    async def main():
        until, tasks = asyncio.Event(), []
        grad(lambda x: (tasks.append(asyncio.create_task(child(until))), x)[1])(1.0)
        until.set()
        return await tasks[0]

    assert type(asyncio.run(main())) is float


# ---- errors


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: grad(Value(2.0)), TypeError, r"grad takes a function; got Value .*: for a graph that is there"),
        (lambda: value_and_grad(1.0), TypeError, r"value_and_grad takes a function; got float 1\.0: for a graph"),
        (lambda: jacobian(sin, 1.5), TypeError, r"argnum is a whole number or a tuple of them; got 1\.5"),
        (lambda: jvp(1.0, 1.0, 1.0), TypeError, r"jvp takes a function; got float"),
        (lambda: vjp(1.0, 1.0), TypeError, r"vjp takes a function; got float"),
        (lambda: grad(sum)(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, "b"]], object)), TypeError, r"0\[1, 2\] is no number"),
        (lambda: grad(sin, 1.5), TypeError, r"argnum is a whole number or a tuple of them; got 1\.5"),
        (lambda: grad(sin, 1)(1.0), TypeError, r"which positional argument, counted from 0; got 1, .* with 1"),
        (lambda: grad(sin)(), TypeError, r"got 0, and the function was called with 0"),
        (lambda: grad(pow, (0, -2))(1.0, 2.0), ValueError, r"names each argument once; got \(0, -2\) of 2 arguments"),
        (lambda: grad(lambda v: v)([1.0, 2.0]), TypeError, r"returns one number; got a list of 2: jacobian\(f\)"),
        (lambda: grad(lambda v: [v])(1.0), TypeError, r"got a list of 1"),
        (lambda: grad(lambda x: "no")(1.0), TypeError, r"its result is no number: .*got str 'no'"),
        (lambda: grad(lambda x: None)(1.0), TypeError, r"its result is no number: .*got NoneType"),
        (lambda: grad(lambda v: v[0])([1.0, "b"]), TypeError, r"argument 0\[1\] is no number: .*got str 'b'"),
        (lambda: grad(lambda v: v)(np.array(["b"])), TypeError, r"argument 0\[0\] is no number"),
        (lambda: jacobian(sin, mode="sideways"), ValueError, r"mode is 'reverse' or 'forward'; got 'sideways'"),
        (lambda: jvp(lambda v: v[0], [1.0, 2.0], [1.0]), ValueError, r"\[0\]\[0\], tangents\[0\]\[1\]; got t"),
        (lambda: jvp(len, [1.0] * 9, []), ValueError, r"tangents\[0\]\[7\] … \(9\); got nothing"),
        (lambda: vjp(lambda v: v, [1.0, 2.0])[1](1.0), ValueError, r"cotangents\[0\], cotangents\[1\]; got cotangents"),
        (lambda: jvp(sin, 1.0, "x"), TypeError, r"tangents\[0\] is no number"),
        (lambda: jvp(len, {"a": 1.0}, {"b": 1.0}), ValueError, r"to: tangents\[0\]\['a'\]; got tangents\[0\]\['b'\]"),
        (lambda: grad(lambda v: 1.0)(ENDLESS), ValueError, "a few hundred levels .* or a structure that holds itself"),
    ],
)  # fmt: skip
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_an_error_in_the_function_leaves_nothing_open():
    def f(x):
        raise RuntimeError("mine")

    for derivative in (grad(f), jacobian(f), lambda x: jvp(f, x, 1.0)):
        with pytest.raises(RuntimeError, match="mine"):
            derivative(1.0)
    assert type(grad(lambda x: x)(1.0)) is float
    with no_grad():
        with pytest.raises(RuntimeError, match="mine"):
            grad(f)(1.0)
        assert (Value(1.0) * 2).op is None


def test_what_a_derivative_is_called():
    assert grad(sin).__name__ == "gradient of sin"
    assert hessian(sin).__name__ == "Jacobian of gradient of sin"
    assert grad(sin).__doc__ == sin.__doc__


def test_a_first_contribution_makes_no_node():
    """0 + d would be a node that no formula has, in either mode."""

    def f(v):
        return (v * v).exp() + v

    x = Value(0.7)
    for d in (grad(f)(x), jvp(f, x, Value(1.0))[1]):
        assert d.data == pytest.approx(2 * 0.7 * math.exp(0.49) + 1, rel=1e-15)
        assert [node for node in nodes(d) if node.op is not None and 0.0 in node.operands] == []


def test_the_steps_forward():
    x, w = Value(3.0), Value(5.0)
    product = x * w
    root = product + x
    tangents = {x: 2.0}
    taken = list(sweep_forward([root, product], tangents, recorded))
    assert [(s.node, s.upstream, s.parent, s.local, s.contribution, s.position) for s in taken] == [
        (product, 2.0, x, 5.0, 10.0, 0),
        (root, 10.0, product, 1.0, 10.0, 0),
        (root, 2.0, x, 1.0, 2.0, 1),
    ]
    assert tangents == {x: 2.0, product: 10.0, root: 12.0}


def test_a_power_where_its_exponent_is_0():
    """∂²(aᵇ)/∂a∂b = aᵇ⁻¹ (1 + b ln a), which is 1/a there, below 1 too."""
    for a in (0.5, 1e-3, 1.0, 3.0):
        mixed = hessian(lambda v: v[0] ** v[1])([a, 0.0])
        assert mixed[0] == [0.0, pytest.approx(1 / a, rel=1e-14)]
        assert mixed[1] == [pytest.approx(1 / a, rel=1e-14), pytest.approx(math.log(a) ** 2, rel=1e-14)]

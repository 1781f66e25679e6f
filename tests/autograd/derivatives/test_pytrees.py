"""Claims about the structures that derivatives take and return, and about the calls jvp and vjp."""

import math
from collections import OrderedDict, defaultdict, namedtuple

import numpy as np
import pytest

from autograd import Value, functions, grad, hessian, jacobian, jvp, no_grad, only_finite, vjp
from autograd.derivatives import linearize
from tests.helpers.oracle import rise_over_run

MODES = ("reverse", "forward")


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
        sweep = getattr(linearize, name)
        monkeypatch.setattr(linearize, name, lambda *given, n=name, sweep=sweep: (swept.append(n), sweep(*given))[1])
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

"""Claims about derivatives in difficult cases: infinities, corners, no graph, threads, wrong arguments."""

import asyncio
import math
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from autograd import (
    DomainError,
    Value,
    exp,
    functions,
    grad,
    hessian,
    jacobian,
    jvp,
    maximum,
    no_grad,
    nodes,
    sin,
    value_and_grad,
    vjp,
)
from autograd.derivatives import linearize
from autograd.derivatives.sweeps import recorded, sweep_forward
from autograd.walk import topological

ENDLESS = [1.0]
ENDLESS.append(ENDLESS)


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
        (lambda: grad(Value(2.0)), TypeError, r"grad takes a function; got Value .*: for an existing graph"),
        (lambda: value_and_grad(1.0), TypeError, r"value_and_grad takes a function; got float 1\.0: for an"),
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
        (lambda: jvp(len, {"a": 1.0}, {"b": 1.0}), ValueError, r"of tangents\[0\]\['a'\]; got tangents\[0\]\['b'\]"),
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


@pytest.mark.parametrize("n", [2, 40])
def test_the_graph_is_walked_once_for_all_columns(monkeypatch, n):
    walks = []

    def counted(*roots, **how):
        walks.append(roots)
        return topological(*roots, **how)

    monkeypatch.setattr(linearize, "topological", counted)
    rows = jacobian(lambda v: [sum(a * a for a in v), v[0].exp() * v[1]], mode="forward")([0.5] * n)
    assert rows == [[1.0] * n, [0.5 * math.exp(0.5), math.exp(0.5)] + [0.0] * (n - 2)]
    assert len(walks) == 1

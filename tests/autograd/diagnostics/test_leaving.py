"""Claims about numbers that leave the graph: a warning names the line that makes a float of a Value in a derivative."""

import asyncio
import functools
import math
import threading

import numpy as np
import pytest

from autograd import (
    LeftGraphWarning,
    Value,
    check_grads,
    define_operation,
    grad,
    hessian,
    jacobian,
    jvp,
    lift,
    no_grad,
    only_finite,
    value_and_grad,
    vjp,
)
from tests.helpers import conversions
from tests.helpers.conversions import AT, BLOCKS, LINES, STORE, convolved, warned


@pytest.mark.parametrize(("f", "remedy"), LINES)
def test_a_line_that_makes_a_float_is_told_once_with_a_remedy(f, remedy):
    (one,) = warned(jacobian(f), AT)
    assert (one.filename, one.lineno) == (conversions.__file__, f.__code__.co_firstlineno)
    assert f"in line {one.lineno} of conversions.py (<lambda>)" in str(one.message)
    assert remedy in str(one.message)
    assert str(one.message).endswith("; v.data is the plain number, if that is meant")


@pytest.mark.parametrize(("f", "remedy"), BLOCKS)
def test_the_line_is_that_of_the_conversion_in_a_longer_function(f, remedy):
    (one,) = warned(jacobian(f), AT)
    with open(conversions.__file__, encoding="utf-8") as file:
        assert file.readlines()[one.lineno - 1].endswith("# told\n")
    assert f"({f.__name__})" in str(one.message)
    assert remedy in str(one.message)


def test_the_derivative_that_is_warned_of_is_wrong_and_the_remedy_mends_it():
    """(3 x₀ − x₁)² + (3 x₁ − x₂)² + x₀, differentiated by hand."""
    a, b = 3 * AT[0] - AT[1], 3 * AT[1] - AT[2]
    right = [6 * a + 1, -2 * a + 6 * b, -2 * b]
    with pytest.warns(LeftGraphWarning):
        assert list(grad(convolved)(AT)) == [1.0, 0.0, 0.0]
    like = functools.partial(np.zeros, dtype=object)
    assert list(grad(functools.partial(convolved, like=like))(AT)) == pytest.approx(right)


DERIVATIVES = {
    "grad": lambda f: grad(f)(2.0),
    "grad of Values": lambda f: grad(f)(Value(2.0)),
    "value_and_grad": lambda f: value_and_grad(f)(2.0),
    "jacobian": lambda f: jacobian(f)(2.0),
    "jacobian, forward": lambda f: jacobian(f, mode="forward")(2.0),
    "hessian": lambda f: hessian(f)(2.0),
    "jvp": lambda f: jvp(f, 2.0, 1.0),
    "vjp": lambda f: vjp(f, 2.0),
    "check_grads": lambda f: check_grads(f, 2.0, order=3),
    "grad of grad": lambda f: grad(grad(f))(2.0),
    "third derivative": lambda f: grad(grad(grad(f)))(2.0),
    "jvp of vjp": lambda f: jvp(lambda x: vjp(f, x)[1](1.0), 2.0, 1.0),
    "inside no_grad": lambda f: no_grad()(grad(f))(2.0),
    "inside only_finite": lambda f: only_finite()(grad(f))(2.0),
    "another argument": lambda f: grad(lambda k, x: f(x) * k, argnum=1)(3.0, 2.0),
    "a dict": lambda f: grad(lambda d: f(d["x"]))({"x": 2.0}),
}


@pytest.mark.parametrize("derive", DERIVATIVES.values(), ids=DERIVATIVES)
def test_each_derivative_tells_each_line_once(derive):
    def f(x):
        for _ in range(3):
            float(x)
        return x * x + 0.0 * float(x)

    assert [one.lineno - f.__code__.co_firstlineno for one in warned(derive, f)] == [2, 3]


def test_two_lines_are_two_warnings():
    def f(x):
        a = math.exp(x)
        return a * math.log(x) + x

    assert [one.lineno - f.__code__.co_firstlineno for one in warned(grad(f), 2.0)] == [1, 2]


def test_a_float_of_an_outer_input_is_told_inside_an_inner_derivative():
    (one,) = warned(grad(lambda x: grad(lambda y: y * float(x))(1.0)), 2.0)
    assert "leave float(...) out" in str(one.message)


class Layer:
    def __call__(self, x):
        return x * math.sqrt(x)


async def slept(x):
    await asyncio.sleep(0)
    return float(x)


def in_threads(x):
    found = []
    threads = [threading.Thread(target=lambda: found.append(float(x))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(found) * x


@pytest.mark.parametrize(
    ("f", "name"),
    [
        (Layer(), "__call__"),
        (lambda x: x * sum(float(x) for _ in range(3)), "<genexpr>"),
        (lambda x: x * asyncio.run(slept(x)), "slept"),
        (in_threads, "<lambda>"),
        (functools.partial(lambda k, x: k * float(x), 2.0), "<lambda>"),
        (functools.lru_cache(lambda x: x * float(x)), "<lambda>"),
    ],
)
def test_wherever_the_code_runs(f, name):
    (one,) = warned(grad(f), 2.0)
    assert one.filename == __file__
    assert f"({name})" in str(one.message)


def test_a_function_of_python_itself_is_told_at_the_line_that_asks_for_its_derivative():
    def ask():
        grad(math.exp)(1.0)

    (one,) = warned(ask)
    assert (one.filename, one.lineno) == (__file__, ask.__code__.co_firstlineno + 1)
    assert "write autograd.exp for math.exp" in str(one.message)


def test_code_that_is_in_no_file_is_told():
    namespace = {"np": np, "math": math}
    exec(compile("def f(x):\n  out = np.zeros(1)\n  out[0] = x\n  return out[0] * x", "<stdin>", "exec"), namespace)
    (one,) = warned(grad(namespace["f"]), 2.0)
    assert (one.filename, one.lineno) == ("<stdin>", 3)
    assert "in line 3 of <stdin> (f)" in str(one.message)
    assert STORE in str(one.message)
    (one,) = warned(grad(eval("lambda x: math.exp(x)", namespace)), 2.0)
    assert "in line 1 of <string> (<lambda>)" in str(one.message)


def test_a_rule_that_freezes_a_slope_is_told_where_a_second_derivative_asks_for_it():
    cube = define_operation("cube", lambda m, a: a**3, lambda m, y, a: 3 * float(a) ** 2)
    assert warned(grad(cube), 2.0) == []
    (one,) = warned(grad(grad(cube)), 2.0)
    assert "leave float(...) out" in str(one.message)


def test_a_lifted_program_takes_numbers():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    program = lift((w * x).tanh(), parameters=[w], inputs=[x])
    (one,) = warned(grad(lambda v: v * program([[v]])[0]), 2.0)
    assert one.filename == __file__

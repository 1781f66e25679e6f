"""Claims about numbers that leave the graph: inside a derivative, the line that makes a float of a Value is told."""

import asyncio
import cmath
import copy
import functools
import math
import math as m
import pickle
import random
import statistics
import threading
import warnings
from array import array
from math import exp

import numpy as np
import pytest

import autograd
from autograd import (
    LeftGraphWarning,
    Value,
    check_grads,
    define_operation,
    explain,
    grad,
    hessian,
    jacobian,
    jvp,
    leaving,
    lift,
    no_grad,
    only_finite,
    value_and_grad,
    vjp,
)
from nn import MLP, compare
from viz import draw, draw_network, play

AT = np.array([0.5, 1.5, -0.25])
STORE = "np.zeros(shape, dtype=x.dtype) or np.zeros_like(x)"
ANY = "write it with + - * / and functions that keep Values"


def warned(call, *args, action="always"):
    """What a call warns of; nothing else than floats of Values."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        call(*args)
    assert {one.category for one in caught} <= {LeftGraphWarning}
    return caught


def stored(x):
    out = np.zeros(x.shape)
    for i in range(len(x)):
        out[i] = np.tanh(x[i])  # told
    return out.sum() + x[0]


def convolved(x, like=np.zeros):
    out = like(2)
    for i in range(2):
        for k, weight in enumerate((3.0, -1.0)):
            out[i] += weight * x[i + k]  # told
    return (out * out).sum() + x[0]


def added_at(x):
    out = np.zeros(2)
    np.add.at(out, [0, 1, 0], x)  # told
    return out.sum()


def block(x):
    d = np.zeros((4, 4))
    d[:3, :3] = np.diag(x)  # told
    return d.sum()


def sliced(x):
    out = np.zeros(5)
    out[1:4] = x  # told
    return out @ out


def filled(x):
    out = np.empty(3)
    out.fill(x[0])  # told
    return out.sum()


def in_an_array_of_python(x):
    numbers = array("d", [0.0])
    numbers[0] = x[0]  # told
    return numbers[0] * x[0]


def on_several_lines(x):
    return np.array(  # told
        [x[0], 1.0],
        dtype=float,
    ).sum()


BLOCKS = [(stored, STORE), (convolved, STORE), (added_at, STORE), (block, STORE), (sliced, STORE), (filled, STORE),
          (in_an_array_of_python, STORE), (on_several_lines, "leave the dtype out")]  # fmt: skip
LINES = [
    (lambda x: x.astype(float).sum(), "leave the dtype out"),
    (lambda x: x.astype("float32").sum(), "leave the dtype out"),
    (lambda x: np.asarray(x, dtype=float).sum(), "leave the dtype out"),
    (lambda x: np.asarray(x, float).sum(), "leave the dtype out"),
    (lambda x: np.array(list(x), dtype=np.float64).sum(), "leave the dtype out"),
    (lambda x: np.mean(x, dtype=float), "leave the dtype out"),
    (lambda x: np.sum(x, dtype=np.float64), "leave the dtype out"),
    (lambda x: float(x[0]) * x[1], "leave float(...) out"),
    (lambda x: np.float64(x[0]) * x[1], "leave np.float64(...) out"),
    (lambda x: complex(x[0]).real * x[1], "leave complex(...) out"),
    (lambda x: math.exp(x[0]) * x[1], "write autograd.exp for math.exp"),
    (lambda x: m.tanh(x[0]) * x[1], "write autograd.tanh for math.tanh"),
    (lambda x: exp(x[0]) * x[1], "write autograd.exp for math.exp"),
    (lambda x: cmath.exp(x[0]).real * x[1], "write autograd.exp for cmath.exp"),
    (lambda x: sum(map(math.cos, x)), "write autograd.cos for math.cos"),
    (lambda x: np.vectorize(math.sin)(x).sum(), "write autograd.sin for math.sin"),
    (lambda x: math.fsum(x), "for math.fsum use sum(values)"),
    (lambda x: math.pow(x[0], 2) * x[1], "for math.pow use v ** k"),
    (lambda x: math.erf(x[0]) * x[1], "for math.erf write it in operations there are, or with define_operation"),
    (lambda x: x[0] if math.isfinite(x[0]) else x[1], "write math.isfinite(v.data)"),
    (lambda x: x[0] * len("%.3f" % x[0]), 'f"{v:.3f}" formats a Value'),  # noqa: UP031  it is what people write
    (lambda x: x[0] * len("%s is %g" % ("x", x[0])), 'f"{v:.3f}" formats a Value'),  # noqa: UP031
    (lambda x: np.gradient(x).sum(), ANY),
    (lambda x: np.random.default_rng(0).normal(x[0]) * x[1], ANY),
    (lambda x: statistics.fmean(x), ANY),
    (lambda x: functools.reduce(lambda a, b: math.hypot(a, b), x), "for math.hypot use (v * v + w * w).sqrt()"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "remedy"), LINES)
def test_a_line_that_makes_a_float_is_told_once_with_a_remedy(f, remedy):
    (one,) = warned(jacobian(f), AT)
    assert (one.filename, one.lineno) == (__file__, f.__code__.co_firstlineno)
    assert f"in line {one.lineno} of test_leaving.py (<lambda>)" in str(one.message)
    assert remedy in str(one.message)
    assert str(one.message).endswith("; v.data is the plain number, if that is meant")


@pytest.mark.parametrize(("f", "remedy"), BLOCKS)
def test_the_line_is_that_of_the_conversion_in_a_longer_function(f, remedy):
    (one,) = warned(jacobian(f), AT)
    with open(__file__, encoding="utf-8") as file:
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


SILENT = {
    "str": str,
    "repr": repr,
    "f-string": lambda v: f"{v} {v:.3f} {v!r}",
    "format": lambda v: "{:.2e} {}".format(v, format(v, "5.1f")),
    "%s": lambda v: "%s %r" % (v, v),  # noqa: UP031
    "print": lambda v: print(v, end=""),
    "comparisons": lambda v: (v > 0, v <= 1.0, v < 2, v == 1.0, v != v, np.float64(1.0) < v, np.ones(2) > v),
    "if": lambda v: 1 if v else 2,
    "bool": lambda v: (bool(v), not v),
    "max, min, sorted": lambda v: (max(v, 1.0), min([v, 2.0]), sorted([v, 0.0])),
    "data": lambda v: math.exp(v.data),
    "detach": lambda v: float(v.detach()),
    "int": lambda v: (int(v), "%d" % v),  # noqa: UP031
    "round": lambda v: (round(v), round(v, 2)),
    "floor and its kin": lambda v: (math.floor(v), math.ceil(v), math.trunc(v)),
    "arrays": lambda v: (np.array([v, 1.0]), str(np.array([v])), np.array([v]).astype(str), np.array([v]) > 0),
    "arrays of whole numbers": lambda v: np.zeros(1, dtype=int).__setitem__(0, v),
    "arrays of truths": lambda v: np.zeros(1, dtype=bool).__setitem__(0, v),
    "NumPy's reductions": lambda v: (np.mean([v, v]), np.std([v, 1.0]), np.argmax([v, 1.0]), np.sort([v, 1.0])),
    "NumPy's numbers as operands": lambda v: (np.float64(2.0) * v, v / np.float32(2.0), np.ones(2) + v),
    "functions": lambda v: (autograd.exp(v), np.tanh(np.array([v])), abs(v), random.uniform(v, 2.0)),
    "the constant": lambda v: float(Value(3.0) * 2.0),
    "copies": lambda v: (copy.copy(v), copy.deepcopy(v * v), pickle.dumps(v * v)),
    "backward": lambda v: (v * v).backward(2.0),
    "explain": lambda v: str(explain(v * v + v, v)),
    "draw": lambda v: draw(v * v).source,
    "play": lambda v: play(v * v).html,
    "derivatives inside": lambda v: (grad(abs)(v), hessian(lambda w: abs(w) ** 3 * v)(v), jvp(abs, v, v)),
    "check_grads": lambda v: check_grads(lambda w: (w * v).tanh(), v),
    "only_finite": lambda v: only_finite()(grad(lambda w: w**3 * v))(v),
    "pull_back": lambda v: vjp(lambda w: w * w, v)[1](v),
}


@pytest.mark.parametrize("use", SILENT.values(), ids=SILENT)
def test_what_loses_nothing_is_silent(use):
    def f(x):
        v = x * 1.5
        use(v)
        return v * v

    assert warned(grad(f), 2.0) == []


def test_networks_inside_a_derivative_are_silent():
    def f(x):
        model = MLP(2, [2, 1], seed=0)
        model.layers[0].neurons[0].weights[0] = x * 1.0
        comparison = compare(model, [1.0, 2.0], [0.5])
        assert model.weights[0][0, 0] == 2.0
        assert "C" in draw_network(comparison).source
        return model([1.0, 2.0])

    assert warned(grad(f), 2.0) == []


def test_two_lines_are_two_warnings():
    def f(x):
        a = math.exp(x)
        return a * math.log(x) + x

    assert [one.lineno - f.__code__.co_firstlineno for one in warned(grad(f), 2.0)] == [1, 2]


def test_constants_lose_nothing():
    chain = held = Value(2.0)
    for _ in range(50):
        chain = chain * held

    def f(x, k):
        return x * float(held) + float(k) + math.log(chain) * x

    assert warned(grad(f), 2.0, Value(5.0)) == []
    (one,) = warned(grad(f, (0, 1)), 2.0, Value(5.0))
    assert "leave float(...) out" in str(one.message)


def test_constants_are_kept_no_longer_than_the_derivative_needs_them():
    def f(x):
        float(Value(3.0))
        assert leaving._constant == set()
        float(held)
        assert leaving._constant == {held}
        return x

    held = Value(3.0) * 2.0
    assert warned(grad(f), 2.0) == []
    assert leaving._constant == set()


def test_outside_a_function_that_is_being_run_nothing_is_told():
    x = Value(2.0)
    kept = []

    def f(v):
        kept.append(v * v)
        return v * v

    def call():
        float(x), math.exp(x), np.asarray([x], dtype=float)
        value, pull_back = vjp(f, x)
        float(value), float(pull_back(1.0)), float(kept[0])
        float(grad(f)(x))

    assert warned(call) == []


def test_under_no_grad_numbers_are_meant():
    def f(x):
        with no_grad():
            shown = "%.3f" % x  # noqa: UP031
        return x * len(shown)

    assert warned(grad(f), 2.0) == []


def test_a_float_of_an_outer_input_is_told_inside_an_inner_derivative():
    (one,) = warned(grad(lambda x: grad(lambda y: y * float(x))(1.0)), 2.0)
    assert "leave float(...) out" in str(one.message)


def test_python_decides_what_becomes_of_the_warning():
    """Shown once a place by default, at each derivative with "always", never with "ignore"."""
    f = lambda x: x * float(x)  # noqa: E731  a line of its own, with a registry that no other test has filled
    twice = lambda: (grad(f)(2.0), grad(f)(3.0))  # noqa: E731
    assert len(warned(twice, action="default")) == 1
    assert len(warned(twice, action="always")) == 2
    assert warned(twice, action="ignore") == []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", module=__name__.replace(".", r"\."))
        twice()
    assert caught == []


@pytest.mark.parametrize("f", [f for f, _ in LINES + BLOCKS if f is not added_at])
def test_as_an_error_it_is_raised_where_it_happens_and_leaves_nothing_behind(f):
    for _ in range(2):  # the first has not told the line
        with pytest.raises(LeftGraphWarning):
            jacobian(f)(AT)
    assert (leaving.varied, leaving._open, leaving._told, leaving._constant) == (set(), [], set(), set())
    assert grad(lambda x: x * x)(3.0) == 6.0
    assert float(Value(2.0)) == 2.0


def test_as_an_error_it_is_the_cause_where_numpy_goes_on_after_one():
    """np.add.at does not look whether an element could be converted, which Python notices a little later."""
    with pytest.raises((LeftGraphWarning, SystemError)) as caught:
        jacobian(added_at)(AT)
    assert LeftGraphWarning in (caught.type, type(caught.value.__cause__))
    assert (leaving.varied, leaving._open) == (set(), [])


def test_an_error_that_is_caught_is_raised_again_for_the_next_conversion():
    def f(x):
        for _ in range(2):
            with pytest.raises(LeftGraphWarning):
                float(x)
        return x

    assert grad(f)(2.0) == 1.0


def test_where_filters_make_it_an_error_no_other_error_hides_it():
    double = lambda m, a: a * held[0]  # noqa: E731
    held = [2.0]
    doubled = define_operation("doubled", double, lambda m, y, a: 2.0)

    def f(x):
        held[0] = x
        return doubled(1.0) + x

    with pytest.raises(LeftGraphWarning):
        grad(f)(2.0)


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

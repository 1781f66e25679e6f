"""Claims about numbers that leave the graph: when there is no warning, what filters do, and what stays in memory."""

import copy
import math
import pickle
import random
import warnings

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
    no_grad,
    only_finite,
    vjp,
)
from autograd.diagnostics import leaving
from nn import MLP, compare
from tests.helpers.conversions import AT, BLOCKS, LINES, added_at, warned
from viz import draw, draw_network, play

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

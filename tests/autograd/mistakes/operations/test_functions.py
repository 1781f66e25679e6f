"""Claims about functions that are written out: they are recognised by their numbers."""

import numpy as np
import pytest

from autograd import table
from autograd.mistakes.operations.functions import Written, functions, softmax
from autograd.programs.reverse import Change
from tests.helpers.by_hand import normal, recorded, why

X, W = normal(4, 3), normal(3, 5)


def found(function):
    def forward(x, W):
        z = x @ W
        a = function(z)
        return a * 2.0

    run = recorded(forward, {"x": X, "W": W}, np.ones((4, 5)))
    return run, [f for f in functions(run) if f.x.name == "z" and f.y.name == "a"]


def stable_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("function", "op"),
    [
        (lambda z: 1 / (1 + np.exp(-z)), table.SIGMOID),
        (lambda z: np.exp(z) / (1 + np.exp(z)), table.SIGMOID),
        (lambda z: np.where(z > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))), table.SIGMOID),
        (lambda z: 0.5 * (1 + np.tanh(z / 2)), table.SIGMOID),
        (lambda z: 2 / (1 + np.exp(-2 * z)) - 1, table.TANH),
        (lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)), table.TANH),
        (np.tanh, table.TANH),
        (lambda z: np.maximum(z, 0), table.RELU),
        (lambda z: np.maximum(0.0, z), table.RELU),
        (lambda z: z * (z > 0), table.RELU),
        (lambda z: np.where(z > 0, z, 0), table.RELU),
        (lambda z: (np.abs(z) + z) / 2, table.RELU),
        (lambda z: np.log(1 + np.exp(z)), table.SOFTPLUS),
        (np.exp, table.EXP),
        (np.sin, table.SIN),
        (lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True), None),
        (stable_softmax, None),
    ],
)
def test_a_function_is_recognised(function, op):
    _, several = found(function)
    assert [f.op for f in several] == [op]
    (f,) = several
    assert f.is_softmax == (op is None)


def test_what_is_no_known_function_is_known_by_its_arithmetic():
    _, (swish,) = found(lambda z: z / (1 + np.exp(-z)))
    assert isinstance(swish, Written)
    assert not swish.is_softmax
    at = normal(4, 5)
    s = 1 / (1 + np.exp(-at))
    np.testing.assert_allclose(swish.of(at), at * s, rtol=1e-14)
    np.testing.assert_allclose(swish.slope(at * s, at), s + at * s * (1 - s), rtol=1e-13)


@pytest.mark.parametrize("function", [
    lambda z: z - z.mean(axis=1, keepdims=True), lambda z: z / z.sum(), lambda z: z + 1.0, lambda z: z[::-1] * 2,
])  # fmt: skip
def test_what_is_none(function):
    _, several = found(function)
    assert all(isinstance(f, Written) for f in several)


def test_a_softmax_has_its_axis():
    for axis in (0, 1):
        _, (f,) = found(lambda z, axis=axis: np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True))
        assert f.axis % 2 == axis


@pytest.mark.parametrize(
    "function", [np.tanh, lambda z: 1 / (1 + np.exp(-z)), lambda z: np.maximum(z, 0), lambda z: z**2, lambda z: 2.0**z]
)
def test_passing_the_right_slope_changes_nothing(function):
    run, (f, *_) = found(function)
    slope = f.slope(f.y.value, f.x.value)
    changed = run.backward.replaced(f.passing(lambda flow: flow * slope))
    for number, flow in changed.items():
        np.testing.assert_allclose(flow, run.backward.flows[number], rtol=1e-12, atol=1e-13)


def test_passing_something_else_replaces_all_of_the_functions_own_arithmetic():
    run, (f,) = found(lambda z: 1 / (1 + np.exp(-z)))
    changed = run.backward.replaced(f.passing(lambda flow: flow))
    np.testing.assert_allclose(changed[run.named["W"].number], X.T @ np.full((4, 5), 2.0), rtol=1e-14)
    assert isinstance(f.passing(lambda flow: flow), Change)


@pytest.mark.parametrize("function", [np.tanh, lambda z: z**3, lambda z: 2.0**z, lambda z: np.arctan2(z, 1.5)])
def test_the_function_of_another_array(function):
    _, (f, *_) = found(function)
    at, h = np.abs(normal(4, 5)) + 0.5, 1e-6
    np.testing.assert_allclose(f.of(at), function(at), rtol=1e-14)
    rise = (function(at + h) - function(at - h)) / (2 * h)
    np.testing.assert_allclose(f.slope(function(at), at), rise, rtol=1e-7)


def test_a_choice_is_a_function_too():
    def forward(z):
        return np.where(z > 0, z, 1.3 * (np.exp(z) - 1))

    run = recorded(forward, {"z": X}, np.ones((4, 3)))
    (elu,) = [f for f in functions(run) if f.y is run.result]
    np.testing.assert_allclose(elu.slope(forward(X), X), np.where(X > 0, 1.0, 1.3 * np.exp(X)), rtol=1e-14)
    found = why(forward, {"z": X}, {"z": normal(4, 3) * 0 + forward(X)}, np.ones((4, 3)))
    assert "`np.where(z > 0, z, 1.3 * (np.exp(z) - 1))` is used instead of the derivative" in found


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_is_its_formula_without_overflow(axis):
    z = normal(3, 4)
    np.testing.assert_allclose(softmax(z, axis), np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True), rtol=1e-14)
    assert np.isfinite(softmax(z + 1e4, axis)).all()


def test_an_array_that_is_left_as_it_is_is_no_function():
    """In a softmax over one class, x − max x is 0, its exponential is 1, and the quotient is 1."""

    def forward(x, w):
        c = np.stack([(x * w).sum(axis=1)], axis=1)
        e = np.exp(c - c.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return p * 1.0

    run = recorded(forward, {"x": X, "w": normal(3)}, np.ones((4, 1)))
    assert [f.op for f in functions(run)] == [table.EXP]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_relu_of_one_sign_is_recognised_as_an_operation_alone(sign):
    run = recorded(lambda x: np.maximum(x, 0.0) * 2.0, {"x": sign * np.abs(X)}, np.ones((4, 3)))
    assert [f.op for f in functions(run) if f.op] == [table.RELU]
    run = recorded(lambda x: (x + np.abs(X)) * 0.5, {"x": sign * np.abs(X)}, np.ones((4, 3)))
    assert table.RELU not in [f.op for f in functions(run)]


def test_a_function_that_scales_is_called_by_what_it_multiplies_and_divides_by():
    mask, keep = (normal(5, 3) > 0).astype(float), 0.8

    def dropout(x):
        y = x * mask
        y = y / keep
        return np.tanh(y)

    x, g = normal(5, 3), normal(5, 3)
    said = why(dropout, {"x": x}, {"x": g * (1 - np.tanh(x * mask / keep) ** 2)}, g)
    assert "the derivative mask / keep of y(2) is missing: the gradient of y(2) is passed back to x unchanged" in said

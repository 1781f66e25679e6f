"""Claims about forward passes: which are allowed, how the two runs are compared, and the errors."""

import copy
import math
import warnings

import numpy as np
import pytest

from autograd import check_backward, no_grad
from autograd.checking.forward_pass import forward_pass
from autograd.checking.inputs import Inputs
from autograd.checking.judgement import judgement
from demos.layers import LAYERS

RNG = np.random.default_rng(5)
X, W = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))
ONES = np.ones((4, 3))


def ran(forward, inputs=None, upstream=None):
    return forward_pass(forward, Inputs({"x": X} if inputs is None else inputs, ()), upstream)


def gradient(forward, inputs=None, upstream=None, of="x"):
    passed = ran(forward, inputs, upstream)
    return passed.right(passed.names[of])


def by_finite_differences(forward, inputs, upstream, of, h=1e-6):
    """Returns the gradient of an input by central differences of the run in NumPy."""

    def cost(number, at):
        moved = {name: np.array(part, dtype=float) if name == of else part for name, part in inputs.items()}
        moved[of][at] += number
        result = forward(*moved.values())
        return float(np.sum((result[0] if isinstance(result, tuple) else result) * upstream))

    shape = np.shape(inputs[of])
    slopes = [(cost(h, at) - cost(-h, at)) / (2 * h) for at in np.ndindex(*shape)]
    return np.array(slopes).reshape(shape)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_both_backward_passes_of_a_layer_agree_with_finite_differences(layer):
    passed = forward_pass(layer.forward, Inputs(layer.inputs, ()), layer.upstream)
    for name, leaf in passed.recorded.inputs.items():
        numeric = by_finite_differences(layer.forward, layer.inputs, layer.upstream, name)
        flows = passed.recorded.backward.flows.get(leaf.number, np.zeros(leaf.shape))
        np.testing.assert_allclose(flows, numeric, atol=1e-7, rtol=1e-5)
        np.testing.assert_allclose(passed.right(leaf), numeric, atol=1e-7, rtol=1e-5)


def test_an_array_a_number_and_either_before_a_cache():
    np.testing.assert_array_equal(gradient(lambda x: x * 2, upstream=X), 2 * X)
    np.testing.assert_array_equal(gradient(lambda x: (x * 2, {"x": x}), upstream=X), 2 * X)
    np.testing.assert_array_equal(gradient(lambda x: (x * 2).sum()), 2 * ONES)
    np.testing.assert_array_equal(gradient(lambda x: ((x * 2).sum(), x)), 2 * ONES)
    np.testing.assert_array_equal(gradient(lambda x: (x * 2).sum(), upstream=3.0), 6 * ONES)
    np.testing.assert_array_equal(gradient(lambda x: np.array([x[0, 0], 2 * x[0, 1]]), upstream=[1, 1])[0], [1, 2, 0])


def test_upstream_is_asked_for_with_the_shape_that_it_has():
    with pytest.raises(ValueError, match=r"forward returns an array of shape \(4, 3\): give upstream"):
        ran(lambda x: x * 2)
    with pytest.raises(ValueError, match=r"^upstream is ∂C/∂result, .*; forward returns .* \(4, 3\); got shape \(3,\)"):
        ran(lambda x: x * 2, upstream=np.ones(3))
    with pytest.raises(ValueError, match=r"^upstream .* returns a number; got shape \(2,\)"):
        ran(lambda x: x.sum(), upstream=np.ones(2))
    with pytest.raises(TypeError, match="upstream is an array of real numbers; got str 'one'"):
        ran(lambda x: x.sum(), upstream="one")


@pytest.mark.parametrize("returned", [None, "x", {"x": 1}, b"bytes", [ONES, ONES[0]]], ids=repr)
def test_what_forward_returns_is_an_array_or_a_number(returned):
    with pytest.raises(TypeError, match="forward returns an array, a number"):
        ran(lambda x: returned)


def test_random_numbers_are_said_with_what_to_do():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"in one run and .* draw them outside .* as an input, {..., 'mask': mask}"):
        ran(lambda x: x * (rng.random(x.shape) < 0.5), upstream=ONES)
    mask = rng.random(X.shape) < 0.5
    inputs = {"x": X, "mask": mask}
    np.testing.assert_array_equal(gradient(lambda x, mask: x * mask, inputs, ONES), mask)
    with pytest.raises(ValueError, match="in one run and"):  # and other shapes
        ran(lambda x: x[: rng.integers(1, 1000000) % 4 + 1].sum(axis=1), upstream=np.ones(4))


def test_a_seed_inside_forward_is_fine():
    def forward(x):
        return x * (np.random.default_rng(0).random(x.shape) < 0.5)

    np.testing.assert_array_equal(gradient(forward, upstream=ONES), forward(ONES))


def test_code_that_asks_what_it_is_given_is_found():
    with pytest.raises(ValueError, match=r"on floats and .* on arrays of Values"):
        ran(lambda x: x * (2 if x.dtype == float else 3), upstream=ONES)
    with pytest.raises(ValueError, match=r"or makes such rounding errors, as the inverse of a nearly singular"):
        ran(np.linalg.inv, {"x": 1 / (1 + np.add.outer(np.arange(12.0), np.arange(12)))}, np.ones((12, 12)))
    with pytest.raises(ValueError, match=r"depends on none of its inputs \(x\)"):
        ran(lambda x: np.ones((4, 3)), upstream=ONES)
    with pytest.raises(ValueError, match=r"copy\.deepcopy\(x\) is not connected to x, as x\.copy\(\) is"):
        ran(copy.deepcopy, upstream=ONES)
    np.testing.assert_array_equal(gradient(lambda x: x.copy(), upstream=ONES), ONES)


def stores(x):
    out = np.zeros(x.shape)
    for i in range(len(x)):
        out[i] = x[i] * 2
    return out


def logs(x):
    return np.array([math.exp(row[0]) for row in x])


def casts(x):
    return x.astype(float) * 2


def floats(x):
    return x * float(x.sum())


def lists(x):
    return np.array([list(row * 2) for row in x], dtype=np.float64)


@pytest.mark.parametrize(
    ("forward", "line", "remedy"),
    [
        (stores, 3, "np.zeros(shape, dtype=x.dtype)"),
        (logs, 1, "write autograd.exp for math.exp"),
        (casts, 1, "leave the dtype out"),
        (floats, 1, "leave float(...) out"),
        (lists, 1, "leave the dtype out"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_a_graph_that_goes_missing_is_told_with_its_line_and_a_remedy(forward, line, remedy):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TypeError) as raised:
            ran(forward, upstream=ONES)
    told = str(raised.value)
    assert f"in line {forward.__code__.co_firstlineno + line} of test_forward_pass.py" in told
    assert remedy in told


def test_the_remedies_work():
    def stored(x):
        out = np.zeros(x.shape, dtype=x.dtype)
        for i in range(len(x)):
            out[i] = x[i] * 2
        return out

    def collected(x):
        return np.array([list(row * 2) for row in x])

    def objects(x):
        out = np.empty(x.shape, dtype=object)
        out[...] = x * 2
        return out.sum()

    np.testing.assert_array_equal(gradient(stored, upstream=X), 2 * X)
    np.testing.assert_array_equal(gradient(collected, upstream=X), 2 * X)
    np.testing.assert_array_equal(gradient(objects), 2 * ONES)


def test_errors_of_forward_are_its_own():
    with pytest.raises(ValueError, match="matmul") as raised:
        ran(lambda x: x @ x)
    assert not getattr(raised.value, "__notes__", [])
    error = KeyError("mine")

    def fails(x):
        raise error

    with pytest.raises(KeyError) as raised:
        ran(fails)
    assert raised.value is error


def test_an_error_that_comes_of_values_alone_says_so():
    with pytest.raises(AssertionError) as raised:
        ran(lambda x: x * int(np.testing.assert_equal(x.dtype, np.dtype(float)) is None), upstream=ONES)
    assert "on arrays of Values" in raised.value.__notes__[0]


def test_forward_may_write_to_its_inputs():
    def forward(x):
        x[0] = 0.0
        x *= 2
        return x

    kept = X.copy()
    np.testing.assert_array_equal(gradient(forward, upstream=ONES), 2 * ONES * (np.arange(4) > 0)[:, None])
    np.testing.assert_array_equal(X, kept)


def test_what_takes_no_gradient_is_passed_on():
    given = []

    def forward(x, labels, mask, mode, nothing, rate):
        given.append((labels.dtype, mask.dtype, mode, nothing, rate))
        return (x * rate)[labels].sum() if mode == "train" else 0.0

    inputs = {"x": X, "labels": np.array([0, 0, 2]), "mask": np.ones(3, dtype=bool), "mode": "train", "n": None,
              "rate": 0.5}  # fmt: skip
    passed = ran(forward, inputs)
    assert given[0] == given[1] == (inputs["labels"].dtype, bool, "train", None, 0.5)
    assert list(passed.recorded.inputs) == ["x"]
    np.testing.assert_array_equal(passed.right(passed.names["x"])[:, 0], [1.0, 0.0, 0.5, 0.0])


def test_a_float_takes_a_gradient_if_one_is_given():
    verdict = check_backward(lambda x, a: x * a, {"x": X, "a": 2.0}, {"a": X.sum()}, ONES)
    assert verdict
    assert "a" in verdict.recorded.inputs


def test_dicts_and_lists_of_arrays_are_taken_as_they_are_nested():
    def forward(x, params, Ws):
        return (x @ params["W"] + params["deep"]["b"]) @ Ws[0] @ Ws[1]

    inputs = {"x": X, "params": {"W": W, "deep": {"b": np.ones(2)}}, "Ws": [np.eye(2), (np.eye(2))]}
    passed = ran(forward, inputs, np.ones((4, 2)))
    assert list(passed.recorded.inputs) == ["x", "params.W", "params.deep.b", "Ws[0]", "Ws[1]"]
    np.testing.assert_allclose(passed.right(passed.names["params.W"]), X.T @ np.ones((4, 2)))
    assert forward(*Inputs(inputs, ()).on_floats()).shape == (4, 2)


def test_float32_is_worked_out_in_float64():
    kinds = []

    def forward(x):
        kinds.append(x.dtype)
        return np.tanh(x)

    right = gradient(forward, {"x": X.astype(np.float32)}, ONES)
    np.testing.assert_allclose(right, 1 - np.tanh(X.astype(np.float32).astype(float)) ** 2, rtol=1e-12)
    assert np.dtype(float) in kinds
    ran(lambda x: np.tanh(x) if x.dtype == object else np.tanh(x).astype(np.float32), upstream=ONES)


def test_no_grad_around_does_not_matter():
    with no_grad():
        np.testing.assert_array_equal(gradient(lambda x: x * 2, upstream=X), 2 * X)


def test_what_forward_keeps_is_floats_in_the_end():
    class Layer:
        def __call__(self, x):
            self.z = x * 2
            return self.z

    layer = Layer()
    ran(layer, upstream=ONES)
    assert layer.z.dtype == float


def test_the_gradient_of_a_padded_array_has_its_border_too():
    def forward(x):
        padded = np.pad(x, 1)
        return sum(padded[i : i + 4, j : j + 3] * (i + 3 * j) for i in range(3) for j in range(3))

    right = np.zeros((6, 5))
    for i in range(3):
        for j in range(3):
            right[i : i + 4, j : j + 3] += X * (i + 3 * j)
    np.testing.assert_allclose(gradient(forward, upstream=X, of="padded"), right, rtol=1e-12, atol=1e-12)


def test_an_array_of_objects_that_is_filled_by_forward():
    def forward(x, W):
        z = np.empty((4, 2), dtype=object)
        z[:] = x @ W
        return np.maximum(z, 0.0)

    inputs, upstream = {"x": X, "W": W}, RNG.normal(size=(4, 2))
    dz = upstream * (X @ W > 0)
    assert check_backward(forward, inputs, {"x": dz @ W.T, "W": X.T @ dz}, upstream)
    wrong = check_backward(forward, inputs, {"x": upstream @ W.T, "W": X.T @ upstream}, upstream)
    assert "relu′(z) is missing" in wrong.why


def test_where_the_arrays_disagree_with_the_graph_the_graph_judges(monkeypatch):
    """No reason is told then."""
    from autograd.checking import judgement as module
    from autograd.programs.reverse import BackwardPass

    through = BackwardPass.through
    monkeypatch.setattr(BackwardPass, "through", lambda self, way, flow: 2.0 * through(self, way, flow))
    monkeypatch.setattr(module, "find_reasons", None)  # not asked
    assert judgement(lambda x: x * 2, {"x": X}, {"x": 2 * ONES}, ONES)
    assert not judgement(lambda x: x * 2, {"x": X}, {"x": 4 * ONES}, ONES)

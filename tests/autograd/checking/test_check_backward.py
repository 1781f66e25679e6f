"""Claims about check_backward: the arguments that it takes, and its verdicts on them."""

from collections import namedtuple

import numpy as np
import pytest

from autograd import array, check_backward, numbers
from autograd.checking import judgement
from demos.layers import LAYERS

RNG = np.random.default_rng(9)
X, W, B = RNG.normal(size=(5, 3)), RNG.normal(size=(3, 2)), RNG.normal(size=2)
DOUT = RNG.normal(size=(5, 2))
INPUTS = {"x": X, "W": W, "b": B}


def affine(x, W, b):
    z = x @ W + b
    return np.tanh(z)


Z = X @ W + B
DZ = DOUT * (1 - np.tanh(Z) ** 2)
DX, DW, DB = DZ @ W.T, X.T @ DZ, DZ.sum(axis=0)
RIGHT = {"x": DX, "W": DW, "b": DB}


def checked(gradients, inputs=None, forward=affine, upstream=DOUT):
    return check_backward(forward, INPUTS if inputs is None else inputs, gradients, upstream)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_the_twelve_layers_are_right(layer):
    assert check_backward(layer.forward, layer.inputs, layer.gradients(layer.backward), layer.upstream)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_the_mistakes_in_the_twelve_layers_are_found(layer, monkeypatch):
    monkeypatch.setattr(judgement, "find_reasons", lambda recorded, givens: [])  # as the search is slow
    for what, backward in layer.mistakes:
        with np.errstate(all="ignore"):
            given = layer.gradients(backward)
        assert not check_backward(layer.forward, layer.inputs, given, layer.upstream), what


def test_it_is_true_if_all_is_right():
    assert checked(RIGHT)
    assert checked({"W": DW})
    assert not checked({**RIGHT, "b": DB * (1 + 1e-6)})
    assert checked({**RIGHT, "b": DB * (1 + 1e-15)})


@pytest.mark.parametrize(
    "given",
    [
        {"dx": DX, "dW": DW, "db": DB},
        (DX, DW, DB),
        [DX, DW, None],
        {"x": DX.tolist(), "b": tuple(DB)},
        {"z": DZ, "W": DW},
        {"dz": DZ},
    ],
    ids=["with a d", "in order", "in order, with None", "lists", "intermediate", "intermediate with a d"],
)
def test_forms_of_gradients(given):
    verdict = checked(given)
    assert verdict
    assert {g.name for g in verdict.givens} <= {"x", "W", "b", "z"}


def test_gradients_are_told_apart_by_their_names():
    verdict = checked({"dW": DW, "z": 2 * DZ, "b": DB})
    assert [(g.name, g.is_right) for g in verdict.givens] == [("W", True), ("z", False), ("b", True)]


def test_nested_inputs():
    def forward(x, params, Ws):
        return (x @ params["W"] + params["b"]) @ Ws[0]

    inputs = {"x": X, "params": {"W": W, "b": B}, "Ws": [np.eye(2)]}
    dW, db, dV = X.T @ DOUT, DOUT.sum(axis=0), (X @ W + B).T @ DOUT
    for given in (
        {"params": {"W": dW, "b": db}, "Ws": [dV]},
        {"params": {"dW": dW, "db": db}, "dWs": [dV]},
        {"params.W": dW, "Ws[0]": dV},
        {"dW": dW, "b": db},
        (DOUT @ W.T, {"W": dW}, [dV]),
    ):
        verdict = checked(given, inputs, forward)
        assert verdict, verdict.text
        assert {g.name for g in verdict.givens} <= {"x", "params.W", "params.b", "Ws[0]"}


def test_in_order_inputs_without_a_gradient_may_be_left_out():
    def forward(x, labels, W):
        return (x @ W)[np.arange(5), labels].sum()

    inputs = {"x": X, "labels": np.array([0, 1, 0, 1, 0]), "W": W}
    d = np.eye(2)[inputs["labels"]]
    assert checked((d @ W.T, X.T @ d), inputs, forward, None)
    assert checked((d @ W.T, None, X.T @ d), inputs, forward, None)
    with pytest.raises(ValueError, match=r"one for each of x, W; got 1"):
        checked((d @ W.T,), inputs, forward, None)


def test_tensors():
    torch = pytest.importorskip("torch")
    x, w, b = (torch.tensor(part, requires_grad=True) for part in (X, W, B))
    torch.tanh(x @ w + b).backward(torch.tensor(DOUT))
    assert checked({"x": x.grad, "W": w.grad, "b": b.grad}, {"x": x, "W": w, "b": b}, upstream=torch.tensor(DOUT))
    assert checked({"x": x.grad.float()})
    assert not checked({"x": x.grad.float() * 1.01})


def test_float32_is_judged_by_its_own_rounding():
    single = {name: part.astype(np.float32) for name, part in INPUTS.items()}
    z = single["x"] @ single["W"] + single["b"]
    dz = DOUT.astype(np.float32) * (1 - np.tanh(z) ** 2)
    given = {"x": dz @ single["W"].T, "W": single["x"].T @ dz}
    assert given["x"].dtype == np.float32
    assert checked(given, single)
    assert checked({"x": DX.astype(np.float32)})
    assert not checked({"x": DX.astype(np.float32).astype(float)})
    assert not checked({"x": given["x"] * np.float32(1.001)}, single)


def test_a_wrong_shape_is_wrong():
    verdict = checked({"W": DW.T, "b": DB})
    assert not verdict
    assert [g.is_right for g in verdict.givens] == [False, True]


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"x": "abc"}, TypeError, "the gradient of x is an array of real numbers; got str 'abc'"),
        (
            {"x": [[1, 2], [3]]},
            TypeError,
            "an array of numbers, all rows of one length; got list",
        ),
        ({"x": DX.astype(np.float16)}, TypeError, "the gradient of x is float16, which rounds too much: compute it"),
        ({"x": DX * 1j}, TypeError, "the gradient of x .* got complex numbers: take its .real"),
        ({"x": None}, TypeError, "the gradient of x is None: leave it out"),
        ({"x": object()}, TypeError, "the gradient of x is an array of numbers"),
        ({1: DX}, TypeError, "gradients are given by names; got int 1"),
        (DX, TypeError, "gradients are arrays by the names of the inputs"),
        ({}, ValueError, "there is no gradient to judge"),
        ({"x": DX, "dx": DX}, ValueError, "two gradients are given for x"),
        ({"V": DW}, ValueError, r"no array of forward is called V.*; there are x, W, b, z$"),
        ({"zz": DW}, ValueError, r"called zz \(did you mean z\?\); there are"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_what_is_no_gradient_is_told(given, error, told):
    with pytest.raises(error, match=told):
        checked(given)


def test_inputs_have_names():
    with pytest.raises(TypeError, match=r"inputs are arrays by their names.* got list"):
        checked({"x": DX}, [X, W, B])
    with pytest.raises(TypeError, match="inputs are real; got an array of complex numbers"):
        checked({"x": DX}, {**INPUTS, "x": X * 1j})


def test_numbered_names_are_proposed():
    def forward(h, W):
        for _ in range(2):
            h = np.tanh(h @ W)
            z = h * 2
        return z

    inputs = {"h": RNG.normal(size=(2, 3)), "W": RNG.normal(size=(3, 3))}
    upstream = np.ones((2, 3))
    assert check_backward(forward, inputs, {"h(2)": 2 * upstream, "dz(2)": upstream}, upstream)
    with pytest.raises(ValueError, match=r"did you mean z\(1\) or z\(2\)\?"):
        check_backward(forward, inputs, {"dz": upstream}, upstream)


def test_what_takes_no_gradient_is_told():
    mask = np.ones((5, 2))

    def forward(x, n, W):
        kept = (x @ W) * mask
        return kept / n

    inputs = {"x": X, "n": 2, "W": W}
    with pytest.raises(ValueError, match="the input n takes no gradient"):
        checked({"n": 1.0}, inputs, forward)
    with pytest.raises(ValueError, match="mask holds plain numbers in forward: make it an input"):
        checked({"mask": DOUT}, inputs, forward)


def test_an_input_that_nothing_depends_on_has_a_gradient_of_zeros():
    def forward(x, W):
        return x * 2

    assert check_backward(forward, {"x": X, "W": W}, {"W": np.zeros((3, 2)), "x": 2 * X}, X)
    verdict = check_backward(forward, {"x": X, "W": W}, {"W": np.ones((3, 2)), "x": 2 * X}, X)
    assert not verdict
    assert "dW is wrong" in verdict.text


def test_a_test_prints_the_verdict():
    verdict = checked({"x": -DX})
    with pytest.raises(AssertionError) as raised:
        assert verdict, str(verdict)
    assert "dx is wrong" in str(raised.value)


def test_it_is_run_on_an_object_that_keeps_what_it_computes():
    """Arrays that an earlier check, or one of two calls, has left in the object do no harm."""

    class Layer:
        def __init__(self, W):
            self.W = W

        def __call__(self, x):
            self.x = x
            self.z = x @ self.W
            return np.tanh(self.z)

    layer = Layer(W)
    for _ in range(2):
        verdict = check_backward(layer, {"x": X}, {"x": (DOUT * (1 - np.tanh(X @ W) ** 2)) @ W.T}, DOUT)
        assert verdict
        assert list(verdict.recorded.named) == ["x", "z"]
    assert layer.z.dtype == float


def test_a_named_tuple_of_parameters():
    Parameters = namedtuple("Parameters", "W b")

    def forward(x, p):
        return x @ p.W + p.b

    inputs = {"x": X, "p": Parameters(W, B)}
    for given in ({"p": Parameters(X.T @ DOUT, DOUT.sum(axis=0))}, {"p.W": X.T @ DOUT}, {"dW": X.T @ DOUT}):
        verdict = checked(given, inputs, forward)
        assert verdict
        assert {g.name for g in verdict.givens} <= {"p.W", "p.b"}


def test_what_forward_reads_by_closure_is_no_input():
    with pytest.raises(ValueError, match=r"arrays of floats have gradients, .*; got n \(int\): convert"):
        check_backward(lambda n: (X * n).sum(), {"n": 3}, {"X": X})
    with pytest.raises(ValueError, match=r"got p\[0\].x \(int64\), p\[1\] \(str\): convert ints by x.astype"):
        check_backward(lambda p: p[0]["x"] ** 2, {"p": [{"x": np.arange(3, dtype=np.int64)}, "a"]}, {"p": [X, X]})


def test_given_arrays_are_left_as_they_are():
    given = {name: part.copy() for name, part in INPUTS.items()}
    gradients = {name: part.copy() for name, part in RIGHT.items()}
    checked(gradients, given)
    for kept, copies in ((INPUTS, given), (RIGHT, gradients)):
        for name, part in kept.items():
            np.testing.assert_array_equal(part, copies[name])


def test_a_masked_result_is_told():
    with pytest.raises(TypeError, match=r"got a masked array: give \.filled"):
        check_backward(lambda x: np.ma.masked_less(x, 0) * 2, {"x": X}, {"x": X}, X)


@pytest.mark.parametrize("function", [np.linalg.inv, np.isfinite, np.log10], ids=lambda function: function.__name__)
def test_numpys_errors_about_plain_objects_have_a_remedy(function):
    x = np.array([[2.0, 1.0], [1.0, 3.0]])
    with pytest.raises(TypeError) as raised:
        check_backward(lambda x: x * function(np.array([[2 * v for v in row] for row in x])), {"x": x}, {"x": x}, x)
    assert raised.value.__notes__[0].endswith("write np.stack([...])")
    stacked = np.stack([np.stack([2 * v for v in row]) for row in array(x)])
    np.testing.assert_allclose(numbers(function(stacked)), function(2 * x), rtol=1e-12)

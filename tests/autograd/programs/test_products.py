"""Claims about products: their letters say what NumPy computes, and a mistake in one is named."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.programs.products import product

RNG = np.random.default_rng(3)
CALLS = [
    ("tensordot", np.tensordot, (2, 3, 4), (3, 4, 5), {}),
    ("tensordot", np.tensordot, (2, 3), (3, 5), {"axes": 1}),
    ("tensordot", np.tensordot, (2, 3), (4, 5), {"axes": 0}),
    ("tensordot", np.tensordot, (2, 3, 4), (4, 5, 3), {"axes": ([1, 2], [2, 0])}),
    ("tensordot", np.tensordot, (2, 3, 4), (5, 3), {"axes": (1, -1)}),
    ("inner", np.inner, (2, 3), (4, 3), {}),
    ("inner", np.inner, (3,), (3,), {}),
    ("dot", np.dot, (2, 3), (3,), {}),
]


@pytest.mark.parametrize(("name", "function", "first", "second", "kwargs"), CALLS)
def test_the_letters_are_those_of_the_function(name, function, first, second, kwargs):
    a, b = RNG.normal(size=first), RNG.normal(size=second)
    found = product(name, "routine", (a, b), kwargs)
    made = np.einsum(f"{','.join(found.letters)}->{found.out}", *found.operands)
    np.testing.assert_allclose(made, function(a, b, **kwargs), rtol=1e-13)


@pytest.mark.parametrize("written", ["ii->i", "...a,ab->...b"])
def test_no_letters_for_a_diagonal_or_an_ellipsis(written):
    assert product("einsum", "routine", (written, np.eye(2), np.eye(2)), {}) is None


def convolution(x, W, b):
    out = np.zeros((len(x), 2, 3, 3), dtype=x.dtype)
    for i in range(3):
        for j in range(3):
            out[:, :, i, j] = np.tensordot(x[:, :, i : i + 2, j : j + 2], W, axes=([1, 2, 3], [1, 2, 3])) + b
    return out


def convolved_back(x, W, b, dout, kernel):
    """Returns the gradients; the kernel that dx uses is given."""
    dx, dW = np.zeros_like(x), np.zeros_like(W)
    for i in range(3):
        for j in range(3):
            flow = dout[:, :, i, j]
            dW += np.tensordot(flow, x[:, :, i : i + 2, j : j + 2], axes=(0, 0))
            dx[:, :, i : i + 2, j : j + 2] += np.tensordot(flow, kernel, axes=1)
    return {"x": dx, "W": dW, "b": dout.sum(axis=(0, 2, 3))}


def test_a_convolution_by_tensordot():
    x, W, b, dout = (RNG.normal(size=shape) for shape in ((2, 3, 4, 4), (2, 3, 2, 2), (2,), (2, 2, 3, 3)))
    inputs = {"x": x, "W": W, "b": b}
    assert check_backward(convolution, inputs, convolved_back(x, W, b, dout, W), dout)
    verdict = check_backward(convolution, inputs, convolved_back(x, W, b, dout, W[:, :, ::-1, ::-1]), dout)
    assert "W, rotated by 180°, is used instead of W" in verdict.why


def into(x, W):
    h = np.zeros((2, 3), dtype=x.dtype)
    np.matmul(x, W, out=h)
    return h


def in_place(x, W):
    x = x.copy()
    x @= W
    return x


@pytest.mark.parametrize("forward", [into, in_place])
def test_a_product_that_is_written_to_a_variable_is_one_product(forward):
    x, W, dout = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 3)), RNG.normal(size=(2, 3))
    verdict = check_backward(forward, {"x": x, "W": W}, {"x": dout @ W, "W": x.T @ dout}, dout)
    assert verdict.why.startswith("W is used instead of W.T in the gradient of x")

"""Claims about views and copies in programs as people write them."""

import numpy as np
import pytest

from autograd import array
from autograd.checking.forward_pass import forward_pass
from autograd.checking.inputs import Inputs
from tests.helpers.recorded import X


def relu_by_a_store(x):
    h = x * 1.0
    h[h < 0] = 0
    v = h[1:]
    return np.sin(v).sum() + (h * h).sum()


def act(u):
    return np.tanh(np.asarray(u))


def plain_view_in_a_helper(x):
    v = x[:, :2]
    a = act(v)
    return (a * v).sum()


def the_same_elements_twice(x):
    v = x.T
    other = x.T
    return np.sin(v * other * other).sum()


def the_same_heads_twice(x):
    v = x.reshape(2, 2, 3).transpose(1, 0, 2)
    other = x.reshape(2, 2, 3).transpose(1, 0, 2)
    return np.sin(np.einsum("htd,hsd->hts", v, other)).sum()


def windows_that_overlap(x):
    v = np.lib.stride_tricks.sliding_window_view(x, (2, 2))
    columns = v.transpose(0, 1, 3, 2).reshape(-1, 4)
    return np.tanh(columns @ np.arange(4.0)).sum() + np.sin(v).sum()


def plain_array_after_a_loop(x):
    out = np.zeros((2, 2), dtype=x.dtype)
    for i in range(2):
        for j in range(2):
            out[i, j] = (x[i : i + 2, j : j + 2] ** 2).sum()
    a = np.maximum(out - 3.0, 0)
    v = a.reshape(1, -1)
    return np.sin(v * array(np.arange(1.0, 5.0))).sum() + (a * array(np.ones((2, 2)))).sum()


def column_after_column(x):
    v = x * 1.0
    v[:, 1] -= v[:, 0] * 0.5
    v[:, 2] -= v[:, 1] * v[:, 0]
    return (v * v).sum()


@pytest.mark.parametrize(
    ("forward", "named", "right"),
    [
        (relu_by_a_store, "v", lambda x: np.cos(np.maximum(x, 0)[1:])),
        (plain_view_in_a_helper, "v", lambda x: np.tanh(x[:, :2]) + x[:, :2] * (1 - np.tanh(x[:, :2]) ** 2)),
        (the_same_elements_twice, "v", lambda x: (np.cos(x**3) * x**2).T),
        (the_same_heads_twice, "v", lambda x: np.cos((h := x.reshape(2, 2, 3).swapaxes(0, 1)) @ h.swapaxes(1, 2)) @ h),
        (windows_that_overlap, "v", None),
        (plain_array_after_a_loop, "v", None),
        (column_after_column, "v(2)", lambda x: 2 * np.stack(
            [x[:, 0], b := x[:, 1] - x[:, 0] * 0.5, x[:, 2] - b * x[:, 0]], axis=1)),
    ],
)  # fmt: skip
def test_views_in_programs_as_people_write_them(forward, named, right):
    passed = forward_pass(forward, Inputs({"x": X}, set()))
    found = passed.right(passed.names[named])
    if right is None:  # compared with the gradient of x, which only comes through v, or also past it
        v = passed.names[named].value
        right = {
            windows_that_overlap: lambda _: np.cos(v) + np.array([[0.0, 2.0], [1.0, 3.0]])
            * (1 - np.tanh((v * [[0.0, 2.0], [1.0, 3.0]]).sum(axis=(2, 3), keepdims=True)) ** 2),
            plain_array_after_a_loop: lambda _: np.cos(v * np.arange(1.0, 5.0)) * np.arange(1.0, 5.0),
        }[forward]  # fmt: skip
    np.testing.assert_allclose(found, right(X), rtol=1e-12, atol=1e-12)

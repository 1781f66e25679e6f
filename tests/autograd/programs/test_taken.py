"""Claims about arrays whose elements are taken from an array that a variable holds."""

import numpy as np
import pytest

from autograd import array, check_backward
from autograd.programs.assignments import Constant, View
from autograd.programs.taken import chosen_from, places_in
from tests.helpers.recorded import X, recorded

IDS = np.array([[0, 1, 0], [1, 1, 2]])


def filled(x):
    out = np.zeros((4, 3), dtype=x.dtype)
    for k in range(3):
        out[:, k] += x[:, k] * 2
    return out


def test_a_choice_from_an_array_that_was_filled_is_of_the_whole_array():
    def forward(x):
        out = np.zeros((4, 3), dtype=x.dtype)
        for k in range(3):
            out[:, k] += x[:, k] * 2
        a = np.maximum(0, out)
        return np.einsum("nk->n", np.stack([a, a])[0] * array(np.ones((4, 3))))

    run = recorded(forward, x=X)
    out = run.named["out"]
    (choice,) = (node for node in run.program.assignments if out in node.operands)
    assert isinstance(choice, View)
    assert isinstance(choice.operands[1], Constant)
    np.testing.assert_array_equal(choice.source == 0, X > 0)
    np.testing.assert_array_equal(choice.value, np.maximum(2 * X, 0))


def test_a_choice_from_what_a_helper_returned():
    run = recorded(lambda x: np.where((z := filled(x)) > 0, z, 0.0) @ np.ones(3) + array(np.ones(4)), x=X)
    assert run.named  # it runs; the numbers are those of NumPy
    np.testing.assert_allclose(run.result.value, np.maximum(2 * X, 0).sum(axis=1) + 1, rtol=1e-12)


@pytest.mark.parametrize("part", [np.s_[:, 1:], np.s_[:, 0], np.s_[::-1], np.s_[1]])
def test_a_slice_of_rows_that_repeat_is_a_view_of_these_rows(part):
    def forward(table):
        rows = table[IDS]
        return rows[part] * 2

    run = recorded(forward, table=X)
    rows = run.named["rows"]
    (view,) = (node for node in run.program.assignments if rows in node.operands)
    assert isinstance(view, View)
    np.testing.assert_array_equal(view.value, X[IDS][part])
    np.testing.assert_array_equal(view.index, np.arange(18).reshape(2, 3, 3)[part])


def test_places_are_told_by_the_memory():
    whole = np.arange(24.0).astype(object).reshape(2, 3, 4)
    for part in (whole[:, 1], whole.T, whole[:, ::2, 1:], whole.reshape(6, 4)):
        np.testing.assert_array_equal(places_in(whole, part).astype(float), part.astype(float))
    assert places_in(whole[:1], whole) is None


def test_an_array_with_other_values_at_the_places_of_numbers_is_found():
    a, b = (array(np.array([1.0, -1.0, 2.0])) for _ in range(2))
    elements = [a[0], 0.0, a[2]]

    def is_number(x):
        return isinstance(x, float)

    assert chosen_from(elements, (3,), [b, a], is_number) is a
    assert chosen_from(elements, (3,), [b], is_number) is None
    assert chosen_from(list(a), (3,), [a], is_number) is None
    assert chosen_from([0.0] * 3, (3,), [a], is_number) is None
    assert chosen_from(elements, (3,), [np.array([a[0], 1.0, a[2]])], is_number) is None  # padding alike


def product_with_its_transpose(x):
    y = x.reshape(2, 3)
    yt = y.T
    return y @ yt


def product_with_another_view(x):
    y = x.reshape(2, 3)
    return y @ y.T + x.sum()


@pytest.mark.parametrize("forward", [product_with_its_transpose, product_with_another_view])
def test_a_view_of_a_view_is_a_view_of_that_array(forward):
    """So a right ∂C/∂y counts both uses of y, though y and y.T have the elements of x; a use of x itself is no use."""
    x, up = X.ravel()[:6], np.array([[1.0, -2.0], [0.5, 3.0]])
    y = x.reshape(2, 3)
    first, second = up @ y, up.T @ y
    dx = (first + second).ravel() + (up.sum() if forward is product_with_another_view else 0.0)
    assert check_backward(forward, {"x": x}, {"x": dx, "y": first + second}, up)
    assert [wrong.name for wrong in check_backward(forward, {"x": x}, {"x": dx, "y": first}, up).wrong]


def test_heads_that_are_turned_are_views_of_the_heads():
    def forward(x):
        h = x.reshape(4, 2, 3).transpose(1, 0, 2)
        return h @ h.transpose(0, 2, 1)

    x, up = np.linspace(-1, 2, 24).reshape(4, 6), np.linspace(1, 2, 32).reshape(2, 4, 4) ** 2
    h = x.reshape(4, 2, 3).transpose(1, 0, 2)
    dh = up @ h + up.transpose(0, 2, 1) @ h
    assert check_backward(forward, {"x": x}, {"x": dh.transpose(1, 0, 2).reshape(4, 6), "h": dh}, up)


def test_a_part_of_a_padded_array_that_is_the_whole_array():
    """padded[1:3, 1:4] has the elements of x, and still is a use of `padded`; x itself is used past it."""

    def forward(x):
        padded = np.pad(x, 1)
        return padded[1:3, 1:4] * padded[:2, :3] + 5.0 * x

    x = X.ravel()[:6].reshape(2, 3)
    padded, dpadded = np.pad(x, 1), np.zeros((4, 5))
    dpadded[1:3, 1:4] += padded[:2, :3]
    dpadded[:2, :3] += x
    out = np.ones((2, 3))
    assert check_backward(forward, {"x": x}, {"padded": dpadded, "x": dpadded[1:3, 1:4] + 5.0}, out)
    assert not check_backward(forward, {"x": x}, {"padded": dpadded, "x": dpadded[1:3, 1:4]}, out)


def test_a_view_of_a_view_that_has_the_elements_of_the_first():
    """v.T has the elements of u, and still is a use of v."""

    def forward(x):
        u = x[::-1]
        v = u.T
        return v @ v.T + u.sum()

    x, up = X.ravel()[:6].reshape(3, 2), np.array([[1.0, -2.0], [0.5, 3.0]])
    v = x[::-1].T
    dv = up @ v + up.T @ v
    du = dv.T + up.sum()
    assert check_backward(forward, {"x": x}, {"x": du[::-1], "u": du, "v": dv}, up)
    assert not check_backward(forward, {"x": x}, {"x": du[::-1], "u": du, "v": up @ v}, up)


def test_a_view_that_a_variable_holds_is_no_use_of_the_first_array():
    """x[2] has the elements of the last row, and is a use of x alone; so is x[0], though y[0] is used too."""

    def forward(x):
        y = x[:3]
        for row in y:  # noqa: B007
            pass
        return np.tanh(y).sum() + np.sin(x[2]).sum() + (np.exp(y[0]) * np.sin(x[0])).sum() + 0.0 * row.sum()

    x = X[:, :2]
    dy = 1 - np.tanh(x[:3]) ** 2
    dy[0] += np.exp(x[0]) * np.sin(x[0])
    assert check_backward(forward, {"x": x}, {"y": dy})
    dy[2] += np.cos(x[2])
    assert not check_backward(forward, {"x": x}, {"y": dy})


def test_a_joined_array_is_no_view_of_itself():
    def forward(x, w):
        joined = np.concatenate([x, np.ones(2)])
        return np.tanh(np.dot(w, joined))

    run = recorded(forward, x=X.ravel()[:3], w=np.arange(20.0).reshape(4, 5))
    (product,) = (node for node in run.program.assignments if run.named["w"] in node.operands)
    assert run.named["joined"] in product.operands

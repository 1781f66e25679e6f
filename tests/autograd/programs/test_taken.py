"""Claims about arrays whose elements are taken from an array that a variable holds."""

import numpy as np
import pytest

from autograd import array
from autograd.programs.assignments import Constant, Leaf, View
from autograd.programs.recording import Recorder
from autograd.programs.run_arrays import RecordedArray
from autograd.programs.taken import chosen_from, is_slice, places_in, view_above
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


def test_a_slice_is_one_block_of_a_mask():
    mask = np.zeros((3, 4), dtype=bool)
    mask[1:, :2] = True
    assert is_slice(mask)
    mask[0, 3] = True
    assert not is_slice(mask)


def test_the_nearest_known_array_above_a_view():
    x = array(X).view(RecordedArray)
    leaf = Leaf(value=X)
    with Recorder(lambda: None).running():
        turned = x.T
        row = turned[1]
    assert view_above(row, lambda held: None) is None
    for known in (x, turned):
        whole, places = view_above(row, lambda held, known=known: leaf if held is known else None)
        assert whole is leaf
        np.testing.assert_array_equal(known.ravel()[places].data, X[:, 1])

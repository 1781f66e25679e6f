"""Claims about the arrays that `against` takes: both conventions, layers left open, and what does not fit."""

import math

import numpy as np
import pytest

from nn import MLP, compare
from tests.helpers.networks import compared, sides


@pytest.mark.parametrize(("sizes", "n"), [((3, 4, 2), 5), ((3, 4, 2), 0), ((2, 2, 2), 3), ((1, 1), 0), ((4, 1, 3), 1)])
def test_right_backprop_agrees_in_both_conventions(sizes, n):
    comparison = compared(sizes, n)
    for side in sides(comparison):
        verdict = comparison.against(dW=side.dW, db=side.db, delta=side.delta)
        assert verdict.agrees(), str(verdict)
        assert verdict.wrong == []
        assert comparison.against(dW=side.dW).agrees()
        assert comparison.against(db=side.db).agrees()
        assert comparison.against(delta=side.delta).agrees()
    assert str(verdict).startswith("yours agrees: all ")


def test_weights_as_columns_with_examples_as_rows_is_fine():
    """PyTorch does so: Z = X Wᵀ + b."""
    comparison = compared((3, 4, 2), 5)
    columns, rows = sides(comparison)
    assert comparison.against(dW=columns.dW, delta=rows.delta).agrees()


def test_vectors_may_lie_or_stand():
    comparison = compared((3, 4, 2), 0)
    columns, _ = sides(comparison)
    assert comparison.against(db=[v[:, None] for v in columns.db], delta=[v[None] for v in columns.delta]).agrees()


def test_one_number_may_stand_for_a_matrix():
    """NumPy broadcasts it where the weights are updated, so it is judged."""
    assert not compared((3, 4, 2), 0).against(dW=[1.0, np.array([[2.0]])]).agrees()


def test_square_matrices_leave_the_convention_open():
    comparison = compared((3, 3, 3), 4)
    columns, rows = sides(comparison)
    assert str(comparison.against(dW=columns.dW)).endswith("(shapes as for z = W a + b)")
    told = str(comparison.against(dW=rows.dW))
    assert "(shapes as for Z = A W + b; for z = W a + b, each matrix would be transposed)" in told
    verdict = comparison.against(dW=rows.dW, convention="columns")
    assert verdict.why == "dW[0] and dW[1] are transposed"
    with pytest.raises(ValueError, match="convention is 'columns', 'rows', or None"):
        comparison.against(dW=rows.dW, convention="row")


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({}, ValueError, "nothing was given to compare"),
        ({"dW": [np.zeros((4, 3))]}, ValueError, "dW is a list with one array for each of the 2 layers.* got 1"),
        ({"dW": 3}, ValueError, "dW is a list .* got int"),
        ({"dW": {0: 1, 1: 2}}, ValueError, "dW is a list .* got dict"),
        (
            {"dW": [np.zeros((4, 3)), np.zeros((2, 4))], "tol": math.nan},
            ValueError,
            "tol is a number, 0 or more; got nan",
        ),
        ({"dW": [np.zeros((4, 3)), np.zeros((2, 4))], "tol": "x"}, ValueError, "tol is a number, 0 or more; got 'x'"),
        (
            {"dW": [np.zeros((4, 3)), np.zeros((3, 4))]},
            ValueError,
            r"dW\[1\], of layer 2, has shape \(2, 4\).* got \(3, 4\)",
        ),
        ({"db": [np.zeros(3), np.zeros(2)]}, ValueError, r"db\[0\], of layer 1, has shape \(4,\).* got \(3,\)"),
        ({"delta": [np.zeros(4), np.zeros(2)]}, ValueError, r"delta\[0\], of layer 1, has shape \(4, 5\).* got \(4,\)"),
        ({"dW": ["a", "b"]}, TypeError, r"dW\[0\]: real numbers, in rows of equal length; got an array of <U1"),
        ({"dW": [np.zeros((4, 3)) * 1j, np.zeros((2, 4))]}, TypeError, r"dW\[0\]: real numbers"),
        ({"dW": [None, None]}, ValueError, "nothing was given to compare"),
        ({"dW": [np.zeros((2, 4)), np.zeros((4, 3))]}, ValueError, r"dW\[0\] is that of layer 1"),
    ],
)
def test_what_does_not_fit(given, kind, message):
    with pytest.raises(kind, match=message):
        compared((3, 4, 2), 5).against(**given)


def test_a_layer_that_is_not_worked_out_yet_may_be_left_open():
    both = compared((2, 3, 2), 4)
    dW = sides(both)[0].dW
    assert both.against(dW=[None, dW[1]], delta=[None, None]).agrees()
    verdict = both.against(dW=[2 * dW[0], None])
    assert len(verdict.wrong) == verdict.count == 6
    assert verdict.why.startswith("dW[0] is 2 times")
    with pytest.raises(ValueError, match="nothing was given"):
        both.against(dW=[None, None])


def test_arrays_that_are_right_in_another_form_are_told_as_such():
    rng = np.random.default_rng(4)
    comparison = compare(MLP(3, [3, 3], "tanh", "sigmoid", seed=1), rng.normal(size=(5, 3)), rng.random((5, 3)))
    dW = comparison.closed_form.dW
    for given, told in (
        (dW[::-1], "the arrays are in reverse order: give layer 1 first"),
        ([dW[0].T, dW[1]], "dW[0] is transposed"),
        ([d.astype(np.float32) for d in dW], "pass tol=1e-05 if you compute in float32"),
    ):
        verdict = comparison.against(dW=given, convention="columns")
        assert told in verdict.why
        assert verdict.where == ""


def test_a_matrix_with_a_row_for_each_example():
    """A published mistake: the sum over the examples is missing in BP4."""
    comparison = compared((3, 4, 2), 6)
    with pytest.raises(ValueError, match="and there are 6 examples: BP4 sums over them, as in a matrix product"):
        comparison.against(dW=[np.zeros((6, 4)), None])

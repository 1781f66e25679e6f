"""Claims about branches: the slope that an operation takes, and the other slope at a tie."""

import numpy as np
import pytest

from autograd import table
from autograd.programs.assignments import Contraction, Fold, Leaf, Map
from autograd.programs.branches import can_flip, decided, has_branches, recorded_slope, rule, through, ties
from autograd.programs.reverse import Way
from tests.helpers.passes import run_recorded

ROWS = np.array([[1.0, 3.0, 3.0, 2.0], [5.0, 0.0, 4.0, -1.0], [2.0, 2.0, 2.0, 2.0]])


def map_of(op, *values):
    operands = tuple(Leaf(value=np.asarray(value, dtype=float)) for value in values)
    shape = np.broadcast_shapes(*(operand.shape for operand in operands))
    made = Map(value=np.empty(shape), operands=operands, op=op)
    made.value = made.forward([operand.value for operand in operands])
    return made


def largest(values, axis, op=table.MAX):
    fold = Fold(value=np.empty(0), operands=(Leaf(value=np.asarray(values)),), op=op, axis=axis)
    fold.value = fold.forward([values])
    return fold


@pytest.mark.parametrize(("name", "has", "flips"), [
    ("maximum", True, True), ("relu", True, True), ("leaky_relu", True, True), ("abs", True, True),
    ("where", True, False), ("mod", True, False), ("tanh", False, True), ("mul", False, True),
])  # fmt: skip
def test_which_operations_choose(name, has, flips):
    node = map_of(table.operation(name), *[[1.0, 2.0]] * len(table.operation(name).slopes))
    assert has_branches(node) == has
    assert can_flip(node) == flips


def test_a_sum_of_products_chooses_nothing():
    node = Contraction(value=np.ones(()), operands=(Leaf(value=np.ones(3)),), letters=("a",), out="")
    assert not has_branches(node)
    assert not can_flip(node)
    assert has_branches(largest(ROWS, 1))


def test_the_recorded_slope_is_that_at_the_programs_numbers():
    node = map_of(table.MAX, [1.0, 4.0, 2.0], [3.0, 0.0, 2.0])
    assert recorded_slope(node, 0).tolist() == [[0.0, 1.0, 0.5]]
    assert recorded_slope(node, 1).tolist() == [[1.0, 0.0, 0.5]]
    assert recorded_slope(largest(ROWS, 1), 0).shape == (1, 3, 4)


def test_where_the_operands_are_at_the_corner():
    assert ties(map_of(table.MAX, [1.0, 2.0], [2.0, 2.0])).tolist() == [[False, True]]
    assert ties(map_of(table.RELU, [0.0, -0.0, 1e-300])).tolist() == [[True, True, False]]
    assert ties(map_of(table.ABS, [[0.0], [1.0]])).tolist() == [[[True], [False]]]
    assert ties(map_of(table.MAX, np.ones((2, 2)), 1.0)).all()
    assert ties(largest(ROWS, 1)).tolist() == [[[True], [False], [True]]]
    assert ties(largest(ROWS, 0)).ravel().tolist() == [False, False, False, True]


def test_a_tie_may_be_decided_for_the_first_or_for_the_last():
    fold = largest(ROWS, 1)
    slope = recorded_slope(fold, 0)
    first, last = (decided(fold, slope, 0, side)[0] for side in (0, 1))
    assert first.tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
    assert last.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    node = map_of(table.MAX, [2.0], [2.0])
    for side in (0, 1):
        shares = [decided(node, recorded_slope(node, k), k, side).item() for k in (0, 1)]
        assert shares == [1.0 - side, float(side)]
        assert sum(shares) == 1.0


def test_nothing_comes_through_a_branch_that_was_not_taken():
    relu, tanh = map_of(table.RELU, [-1.0, 2.0]), map_of(table.TANH, [0.0, 1.0])
    with np.errstate(invalid="ignore"):
        assert through(relu, np.array([[np.inf, 3.0]]), np.array([[0.0, 1.0]])).tolist() == [[0.0, 3.0]]
        assert np.isnan(through(tanh, np.array([[np.inf, 3.0]]), np.array([[0.0, 1.0]]))[0, 0])
    fold = largest(ROWS, 1)
    assert through(fold, np.array([[1.0, 2.0, 3.0]]), np.ones((1, 3, 4))).sum() == 24.0


def test_the_rule_with_the_recorded_slope_is_the_right_one():
    rng = np.random.default_rng(4)
    for node in (map_of(table.MAX, rng.normal(size=(3, 4)), rng.normal(size=4)), largest(ROWS, 0), largest(ROWS, 1)):
        values = [operand.value for operand in node.operands]
        for k in range(len(values)):
            flow = rng.normal(size=node.shape)
            got = rule(node, Way(0, k), recorded_slope(node, k)[0])(flow)
            np.testing.assert_allclose(got, node.back(k, flow, node.value, values), rtol=1e-14)


@pytest.mark.parametrize("x", [np.array([-1.0, 2.0]), np.array([1.0, -2.0])])
def test_the_first_branch_is_the_one_that_was_made_first(x):
    """So the branches of all calls of a helper correspond, whichever the first element takes."""
    choice = run_recorded(lambda x: np.where(x > 0, np.exp(x), x), x).result
    assert [type(branch) for branch in choice.operands] == [Leaf, Map]
    np.testing.assert_array_equal(choice.source, x > 0)
    np.testing.assert_allclose(choice.value, np.where(x > 0, np.exp(x), x), rtol=1e-15)

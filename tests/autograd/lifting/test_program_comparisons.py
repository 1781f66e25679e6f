"""Claims about lifted comparisons: `where(x > 0, a, b)` chooses for each example."""

import pickle
import random
import warnings

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, array, hessian, lift, where
from autograd.table import COMPARISONS
from autograd.walk import topological
from tests.campaigns.lifted_programs import CHOOSING, Program, checked, program
from tests.helpers.lifting import assert_equal, eager, eager_mean

X = np.array([[1.0, -2.0], [-3.0, 4.0], [0.5, 0.0], [-1.0, 2.0]])


def by_sign(x):
    return np.where(x > 0, x * x, -3.0 * x).sum()


def test_a_function_that_compares_is_lifted_without_a_word():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lifted = lift(by_sign, inputs=X)
        x = array(X[0])
        of_a_graph = lift(by_sign(x), inputs=x)
    wanted = np.where(X > 0, X * X, -3.0 * X).sum(axis=1)
    assert lifted.forward(X) == pytest.approx(wanted, rel=1e-14)
    assert of_a_graph.forward(X) == pytest.approx(wanted, rel=1e-14)


def test_the_program_and_the_equations_say_the_comparison():
    lifted = lift(by_sign, inputs=X)
    assert "np.where(inputs > 0, " in lifted.source
    assert "where(x > 0, " in str(lifted)
    assert r"\operatorname{where}(x > 0, " in lifted.latex


def test_slopes_are_conditions():
    w, v = Value(0.3), Value(-0.7)
    lifted = lift(lambda x: np.where(w * x > v, w * x * x, v * x).sum(), [w, v], X)
    assert "np.abs" not in lifted.source
    assert " > p]" in str(lifted)
    assert " ≤ p]" in str(lifted)
    cost, gradient = lifted(X)
    holds = 0.3 * X > -0.7
    assert cost == pytest.approx(np.where(holds, 0.3 * X * X, -0.7 * X).sum() / len(X), rel=1e-14)
    assert gradient == pytest.approx(
        [np.where(holds, X * X, 0.0).sum() / len(X), np.where(holds, 0.0, X).sum() / len(X)]
    )
    assert lifted.hvp([1.0, 2.0], X) == pytest.approx([0.0, 0.0])
    assert pickle.loads(pickle.dumps(lifted))(X)[0] == cost


def test_second_derivatives_are_those_of_the_side_that_was_chosen():
    def f(v):
        a, b = v
        return where(a > b, a * a * b, a * b * b) + where(a < 0.0, a, b * a)

    for at in ([3.0, 2.0], [2.0, 3.0], [-1.0, 0.5]):
        leaves = [Value(x) for x in at]
        lifted = lift(f(leaves), leaves)
        assert lifted.hvp([1.0, -2.0]) == pytest.approx(np.array(hessian(f)(at)) @ [1.0, -2.0])


def test_the_other_side_may_have_no_number():
    """√x is computed for all examples, and DomainError names the example, as in the graph."""
    with pytest.raises(DomainError, match=r"sqrt\(-3\.0\) has no value.*example 2 of 4"):
        lift(lambda x: where(x[0] > 0, x[0].sqrt(), x[0]), inputs=X[:1])(X)


def test_an_infinite_slope_of_the_other_side_is_dropped():
    w = Value(1.0)
    lifted = lift(lambda x: where(x[0] < 0.25, w * x[0], (w * x[0] - 0.5).relu().sqrt()), [w], X[2:3])
    cost, gradient = lifted(np.array([[0.0, 1.0], [-2.0, 1.0]]))
    assert (cost, gradient.tolist()) == (-1.0, [-1.0])


def test_a_mask_of_numbers_stays_what_it_was():
    x = array([0.3, -0.7])
    with pytest.warns(UserWarning, match=r"choose by a comparison of Values itself.*autograd\.where\(x > 0, a, b\)"):
        lift(autograd.where(x.data > 0, x, 2.0 * x * x).sum(), inputs=x)


def test_recurrences_compare_at_each_step():
    w = Value(0.8)

    def hysteresis(x):
        state = w * 0.1
        for _ in range(30):
            state = where(state > 0.5, 0.7 * state * w, state + 0.3 * x[0])
        return state * x[1]

    lifted = lift(hysteresis, [w], X)
    costs, slopes = [], []
    for row in X:
        w.grad = 0.0
        made = hysteresis([Value(row[0]), Value(row[1])])
        made.backward()
        costs.append(made.data)
        slopes.append(w.grad)
    cost, gradient = lifted(X)
    assert cost == pytest.approx(np.mean(costs), rel=1e-13)
    assert gradient == pytest.approx([np.mean(slopes)], rel=1e-13)


def compares(output):
    return [node for node in topological(output) if node.op in COMPARISONS]


@pytest.mark.filterwarnings("ignore::UserWarning")  # a warning of constants that are not numbers of the graph
def test_random_programs_that_compare():
    """As a whole and over examples, compared with the eager graph; most batches take both sides."""
    tried = mixed = 0
    for seed in range(CHOOSING, CHOOSING + 150):
        cost, *_ = program(seed)
        found = compares(cost)
        if not found:
            continue
        tried += 1
        mixed += len({node.data for node in found}) == 2
        try:
            checked(seed)
        except DomainError:
            continue
    assert tried > 20
    assert mixed > tried / 2


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_both_sides_are_taken_within_a_batch():
    for seed in range(12):
        rng = random.Random(seed)
        made = Program(rng)
        made.layer()
        made.chosen()
        cost = sum(v * v for row in made.x for v in row)
        examples = [[x.data * rng.choice([1.0, -1.0]) for x in made.inputs] for _ in range(16)]
        signs = np.array([[node.data for node in compares(cost)]])
        assert signs.size
        expected = eager_mean(cost, made.weights, made.inputs, examples)
        assert_equal(lift(cost, made.weights, made.inputs)(examples), expected)
        assert_equal(lift(cost, made.weights)(), eager(cost, made.weights))

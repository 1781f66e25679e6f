"""Claims about the mean over the examples."""

import numpy as np

from autograd import Value, lift
from nn import MLP, quadratic
from tests.helpers.lifting import assert_equal, eager_mean


def network():
    model, rng = MLP(3, [4, 2], activation="tanh", seed=1), np.random.default_rng(0)
    return model, rng.normal(size=(7, 3)), rng.normal(size=(7, 2))


def test_the_cost_is_summed_where_it_is_made():
    model, X, Y = network()
    program = lift(lambda x, y: quadratic(model(x), y), model.parameters(), (X, Y))
    assert "    t1 = z2 - y\n" in program.source  # the gradient reads it too
    assert "    C = 0.5 * np.vdot(t1, t1) / n\n" in program.source
    assert "        return 0.5 * (t1 ** 2).sum(axis=1)\n" in program.source
    examples = np.hstack([X, Y])
    assert np.isclose(program(examples)[0], program.forward(examples).mean(), rtol=1e-14)


def test_the_error_of_the_last_layer_is_divided_by_the_number_of_examples():
    model, X, Y = network()
    program = lift(lambda x, y: quadratic(model(x), y), model.parameters(), (X, Y))
    assert "    delta2 = t1 / n\n" in program.source


def test_what_no_example_changes_counts_as_it_is():
    w, x = Value(0.7), Value(0.45)
    cost = (w * x).sin() * 2.0 - 0.5 * w * w + 3.0 * w.exp()
    examples = [[0.1], [0.9], [-0.4]]
    assert_equal(lift(cost, [w], [x])(examples), eager_mean(cost, [w], [x], examples))


def test_a_large_batch_is_worked_out_in_blocks():
    """A block has as many examples as fit into the processor's cache; the means are those of all examples."""
    model, rng = MLP(3, [40, 2], activation="tanh", seed=1), np.random.default_rng(0)
    X, Y = rng.normal(size=(5000, 3)), rng.normal(size=(5000, 2))
    program = lift(lambda x, y: quadratic(model(x), y), model.parameters(), (X, Y))
    examples = np.hstack([X, Y])
    cost, gradient = program(examples)
    assert program._at_once < 5000
    parts = [program(examples[k : k + 1000]) for k in range(0, 5000, 1000)]
    assert np.isclose(cost, np.mean([c for c, _ in parts]), rtol=1e-13)
    np.testing.assert_allclose(gradient, np.mean([g for _, g in parts], axis=0), rtol=1e-10, atol=1e-15)
    np.testing.assert_allclose(program.forward(examples)[:1000], program.forward(examples[:1000]), rtol=1e-13)

"""Claims about fit with `lifted=True`: it trains models with one graph for all examples; others are an error."""

import warnings

import numpy as np
import pytest

from autograd import Value, dot
from nn import MLP, SGD, Module, fit, hinge

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, 2)), RNG.choice([-1.0, 1.0], size=(12, 1))


class Own(Module):
    """A network with parameters that its outputs do not use: an embedding of another task, and a dead end."""

    def __init__(self):
        self.used = MLP(2, [3, 1], activation="tanh", seed=0)
        self.embedding, self.end = [Value(0.3), Value(0.2)], [Value(1.0)]

    def __call__(self, x):
        dot(self.end, self.end)
        return self.used(x)


@pytest.mark.parametrize("lifted", [True, False])
def test_parameters_that_nothing_uses_stay_as_they_are(lifted):
    model = Own()
    before = model.state()
    history = fit(model, X, Y, cost=hinge, optimizer=SGD(model.parameters(), 0.1), epochs=3, lifted=lifted)
    assert history.lifted is lifted
    after = model.state()
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert moved
    assert not [name for name in moved if not name.startswith("used")]


def test_lifted_and_eager_agree_beside_unused_parameters():
    found = []
    for lifted in (True, False):
        model = Own()
        fit(model, X, Y, cost=hinge, epochs=3, batch_size=5, lifted=lifted)
        found.append([p.data for p in model.parameters()])
    np.testing.assert_allclose(*found, rtol=1e-10, atol=1e-14)


def test_a_model_whose_graph_depends_on_the_data_is_an_error():
    class Choosing(Own):
        def __call__(self, x):
            return self.used(x) if x[0] > 0 else -self.used(x)

    with pytest.raises(ValueError, match="the graph of this function depends on the data"):
        fit(Choosing(), X, Y, epochs=1, lifted=True)
    assert not fit(Choosing(), X, Y, epochs=1, lifted=False).lifted


def test_inputs_and_targets_that_are_not_used_are_fine():
    class First(Own):
        def __call__(self, x):
            return [dot([self.used.parameters()[0]], x[:1])] * 2

    fit(First(), X, np.hstack([Y, Y]), cost=lambda a, y: (a[0] - y[1]) ** 2, epochs=1, lifted=True)


@pytest.mark.parametrize("cost", ["quadratic", "binary_cross_entropy", "mean_squared_error"])
@pytest.mark.parametrize("n", [1, 2, 12])
def test_ordinary_training_warns_of_nothing(cost, n):
    """Inputs and targets are numbers that also occur in the formulas of costs: 0, ½, 1, 2."""
    rows = np.array([[0.0, 1.0], [0.5, 2.0], [-1.0, 0.0]] * 4)[:n]
    targets = np.array([[1.0], [0.0], [1.0]] * 4)[:n]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fit(MLP(2, [3, 1], seed=0), rows, targets, cost=cost, epochs=2).lifted

"""Claims about the array program of a network: for any network, its gradients are those of the graph."""

import numpy as np
import pytest

from nn import MLP, compare
from nn.comparison.forward_pass import ForwardPass
from nn.costs import COSTS
from tests.helpers.networks import random_network


@pytest.mark.parametrize("seed", range(40))
def test_its_gradients_are_those_of_the_graph(seed):
    model, x, y = random_network(seed)
    comparison = compare(model, x, y)
    forward = ForwardPass(comparison.closed_form)
    for l in range(1, comparison.depth + 1):
        for key in ("dW", "db", "delta"):
            graph = comparison.row(key, l).graph.reshape(forward.right(key, l).shape)
            assert np.all(np.abs(forward.right(key, l) - graph) <= forward.rounding(key, l))


@pytest.mark.parametrize("over", ["mean", "sum"])
@pytest.mark.parametrize("cost", COSTS)
def test_with_any_cost_and_an_activation_of_ones_own(cost, over):
    rng = np.random.default_rng(0)
    model = MLP(3, [4, 2], lambda z: z * z.sigmoid(), seed=0)
    Y = np.eye(2)[[0, 1, 1, 0, 1]] if cost != "hinge" else 2 * np.eye(2)[[0, 1, 1, 0, 1]] - 1
    comparison = compare(model, rng.normal(size=(5, 3)), Y, cost, over=over)
    forward = ForwardPass(comparison.closed_form)
    for l in (1, 2):
        for key in ("dW", "db", "delta"):
            np.testing.assert_allclose(forward.right(key, l), comparison.row(key, l).graph, rtol=1e-12, atol=1e-15)

"""Claims about the history of a training: its numbers, epoch by epoch."""

import math

import numpy as np
import pytest

from autograd import no_grad
from nn import SGD, compare, fit
from tests.helpers.learning import TARGETS, X, network


def test_the_history_is_what_happened():
    model = network()
    Y = TARGETS["softmax_cross_entropy"]
    before = compare(model, X, np.eye(2)[Y], "softmax_cross_entropy")
    history = fit(model, X, Y, cost="softmax_cross_entropy", epochs=1, batch_size=None, validation=(X[:5], Y[:5]))
    assert history.cost == pytest.approx([before.cost], rel=1e-13)
    for l in (1, 2):
        squares = sum(np.sum(before.row(symbol, l).graph ** 2) for symbol in ("∂C/∂b", "∂C/∂w"))
        assert history.gradient_norms[f"layer {l}"] == pytest.approx([math.sqrt(squares)], rel=1e-12)
    with no_grad():
        right = [np.argmax([a.data for a in model(x)]) == y for x, y in zip(X, Y, strict=True)]
    assert history.accuracy == [np.mean(right)]
    assert history.validation_accuracy == [np.mean(right[:5])]
    after = compare(model, X[:5], np.eye(2)[Y[:5]], "softmax_cross_entropy")
    assert history.validation_cost == pytest.approx([after.cost], rel=1e-13)
    assert repr(history).startswith(f"<History: 1 epoch, C {before.cost:.4g} → {before.cost:.4g}, accuracy ")


def test_a_history_tells_the_first_cost_and_the_last():
    history = fit(network(), X, TARGETS["quadratic"], epochs=3)
    assert repr(history) == f"<History: 3 epochs, C {history.cost[0]:.4g} → {history.cost[2]:.4g}>"
    assert history.cost[0] > 1.01 * history.cost[2]


def test_norms_are_the_mean_of_the_batches():
    def run(size):
        model = network()
        still = SGD(model.parameters(), 0.0)
        return fit(model, X, TARGETS["quadratic"], epochs=1, batch_size=size, optimizer=still)

    norms = []
    for x, y in zip(X, TARGETS["quadratic"], strict=True):
        model = network()
        compare(model, x, y)
        norms.append(math.hypot(*(p.grad for p in model.layers[0].parameters())))
    assert run(1).gradient_norms["layer 1"] == pytest.approx([np.mean(norms)], rel=1e-12)

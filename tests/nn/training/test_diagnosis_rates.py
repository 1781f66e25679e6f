"""Claims about learning rates that are far too low, or too high without divergence: fit names them as the reason."""

import re
import warnings

import numpy as np
import pytest

from nn import MLP, SGD, Adam, NotLearningWarning, fit

CORNERS, XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [[0.0], [1.0], [1.0], [0.0]]


def trained(kind, rate, activation="tanh", output="sigmoid", epochs=50, **how):
    model = MLP(2, [8, 1], activation, output, seed=1)
    before = np.array([p.data for p in model.parameters()])
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        history = fit(model, CORNERS, XOR, optimizer=kind(model.parameters(), rate), epochs=epochs, **how)
    after = np.array([p.data for p in model.parameters()])
    return history, np.linalg.norm(after - before) / np.linalg.norm(after), heard


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("rate", [1e-12, 1e-20, lambda step: 1e-12])
def test_a_rate_far_too_low_is_told_with_how_far_the_parameters_came(kind, rate):
    history, moved, heard = trained(kind, rate)
    (note,) = history.notes
    assert [warning.category for warning in heard] == [NotLearningWarning]
    share = float(re.search(r"hardly moved, by (\S+) of their size in 50 epochs: take a higher learning rate", note)[1])
    if rate != 1e-20:  # a change that rounding hides beside 1
        assert share == pytest.approx(moved, rel=0.5)


@pytest.mark.parametrize("rate", [0.0, 1e-3])
def test_a_rate_that_is_meant_and_a_short_training_are_left_in_peace(rate):
    assert trained(SGD, rate, epochs=1)[0].notes == []


@pytest.mark.parametrize(("activation", "output"), [("tanh", "sigmoid"), ("relu", "linear")])
def test_a_rate_far_too_high_is_told_where_neurons_were_lost(activation, output):
    history, _, _ = trained(Adam, 1000.0, activation, output)
    assert re.search(r"saturated|dead", history.notes[0])
    first, last = map(
        float, re.search(r"rose, from (\S+) in the first epoch to (\S+) in the last", history.notes[-1]).groups()
    )
    assert (first, last) == (float(f"{history.cost[0]:.3g}"), float(f"{history.cost[-1]:.3g}"))
    assert history.notes[-1].endswith("take a lower learning rate")


def test_neurons_that_were_lost_at_the_beginning_are_no_fault_of_the_rate():
    model = MLP(2, [4, 1], "sigmoid", seed=0)
    for neuron in model.layers[0].neurons:
        neuron.bias.data = 100.0
    X, y = CORNERS, [[50.0]] * 4
    with pytest.warns(NotLearningWarning):
        history = fit(model, X, y, optimizer=SGD(model.parameters(), 1e-4), epochs=3)
    assert "saturated" in history.notes[0]
    assert not any("rose" in note for note in history.notes)

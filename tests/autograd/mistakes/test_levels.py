"""Claims about levels: the runs of a line that belong to one layer have one level, and may share a mistake."""

import numpy as np

from autograd import check_backward
from autograd.mistakes.levels import levels
from tests.helpers.by_hand import normal, recorded, why

X, W1, W2, W3, OUT = normal(3), normal(4, 3), normal(2, 4), normal(3, 2), normal(3)
NET = {"x": X, "W1": W1, "W2": W2, "W3": W3}


def neuron_by_neuron(x, W1, W2, W3):
    inputs = list(x)
    for W in (W1, W2, W3):
        outputs = []
        for weights in W:
            total = 0.0
            for w, a in zip(weights, inputs, strict=True):
                total += w * a
            outputs.append(np.tanh(total))
        inputs = outputs
    return np.stack(inputs)


def by_hand(without_slope=()):
    a1 = np.tanh(W1 @ X)
    a2 = np.tanh(W2 @ a1)
    slopes = [1 if layer in without_slope else 1 - a**2 for layer, a in enumerate((a1, a2, np.tanh(W3 @ a2)))]
    d3 = OUT * slopes[2]
    d2 = W3.T @ d3 * slopes[1]
    d1 = W2.T @ d2 * slopes[0]
    return {"x": W1.T @ d1, "W1": np.outer(d1, X), "W2": np.outer(d2, a1), "W3": np.outer(d3, a2)}


def test_each_layer_has_a_level():
    found = recorded(neuron_by_neuron, NET, OUT)
    of = levels(found)
    tanhs = [a for a in found.program.assignments if getattr(getattr(a, "op", None), "name", "") == "tanh"]
    assert sorted(of[a.number] for a in tanhs) == [(1, False)] * 4 + [(2, False)] * 2 + [(3, True)] * 3


def test_a_slope_is_missing_in_one_layer_or_in_all_but_the_last():
    assert check_backward(neuron_by_neuron, NET, by_hand(), OUT)
    for without in ((0,), (1,), (0, 1)):
        said = why(neuron_by_neuron, NET, by_hand(without), OUT)
        assert said.startswith("tanh′")
        assert " missing: the gradient of " in said
    assert why(neuron_by_neuron, NET, {name: normal(*array.shape) for name, array in NET.items()}, OUT) == ""

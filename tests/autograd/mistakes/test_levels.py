"""Claims about levels: the runs of a line that belong to one layer have one level, and may share a mistake."""

import numpy as np

from autograd import check_backward
from autograd.mistakes.levels import levels, which_run
from tests.helpers.by_hand import normal, recorded, why

X, W1, W2, W3, OUT = normal(3), normal(4, 3), normal(2, 4), normal(3, 2), normal(3)
LEFT, RIGHT = normal(4, 3), normal(4, 3)
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


def test_the_run_of_a_line_is_told():
    def embed(x, W):
        return np.tanh(x @ W)

    def forward(W):
        total = 0.0
        for k in range(3):
            total = total + np.sin(W[k] ** 2)
        return np.sum((embed(LEFT, W) - embed(RIGHT, W)) ** 2) + np.sum(total)

    found = recorded(forward, {"W": normal(3, 2)})
    told = [which_run(found, array) for array in found.program.assignments]
    for run in (" in the first call of embed", " in the last call of embed", " in the first turn of the loop",
                " in turn 2 of the loop", " in the last turn of the loop", ""):  # fmt: skip
        assert run in told


def test_a_call_of_two_is_missing():
    def embed(x, W):
        return np.tanh(x @ W)

    def forward(W):
        return np.sum((embed(LEFT, W) - embed(RIGHT, W)) ** 2)

    W = normal(3, 2)
    left, right = np.tanh(LEFT @ W), np.tanh(RIGHT @ W)
    of_left, of_right = 2 * LEFT.T @ ((left - right) * (1 - left**2)), 2 * RIGHT.T @ ((right - left) * (1 - right**2))
    assert check_backward(forward, {"W": W}, {"W": of_left + of_right})
    said = why(forward, {"W": W}, {"W": of_left})
    assert "the path through `np.tanh(x @ W)` in the last call of embed is missing" in said


def test_a_view_that_several_turns_use_is_of_none_of_them():
    def forward(theta):
        total = 0.0
        for _ in range(3):
            total = total + np.sum(theta[1:] ** 2)
        return total

    theta = normal(4)
    found = recorded(forward, {"theta": theta}, np.ones(()))
    (leaf,) = found.inputs.values()
    (view,) = (array for array in found.program.assignments if array.operands == (leaf,))
    assert which_run(found, view) == ""
    said = why(forward, {"theta": theta}, {"theta": np.append(0.0, 12 * theta[1:])})
    assert "turn" not in said
    assert "2 times" in said

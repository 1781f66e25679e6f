"""Claims about the arrays that a loop carries from turn to turn."""

import numpy as np

from autograd.checking.forward_pass import forward_pass
from autograd.checking.inputs import Inputs
from autograd.mistakes.carried import carried, states
from tests.helpers.by_hand import normal

ROWS = normal(3, 2)


def found(forward, inputs):
    return list(carried(forward_pass(forward, Inputs(inputs, set()), None).recorded))


def test_a_state_is_carried_by_each_of_its_uses_and_a_sum_is_not():
    def forward(h, W, V):
        cost = 0.0
        for row in ROWS:
            h = np.tanh(row + h @ W) * (h @ V)
            cost = cost + np.sum(h)
        return cost

    several = found(forward, {"h": normal(2), "W": normal(2, 2), "V": normal(2, 2)})
    assert len(several) == 2
    for ways, read, made in several:
        assert [array.name for array in read] == ["h", "h(1)", "h(2)"]
        assert [array.name for array in made] == ["h(1)", "h(2)", "h(3)"]
        assert len(ways) == 3


def test_arrays_of_one_turn_are_not_carried():
    def forward(W):
        outputs = []
        for row in ROWS:
            z = row @ W
            outputs.append(np.tanh(z))
        return np.sum(outputs)

    assert found(forward, {"W": normal(2, 2)}) == []


def test_layers_of_other_widths_are_carried_but_no_states():
    def forward(x, W1, W2):
        for W in (W1, W2):
            x = np.tanh(x @ W)
        return np.sum(x)

    recorded = forward_pass(
        forward, Inputs({"x": normal(2), "W1": normal(2, 3), "W2": normal(3, 4)}, set()), None
    ).recorded
    assert len(list(carried(recorded))) == 1
    assert states(recorded) == []
    same = forward_pass(forward, Inputs({"x": normal(2), "W1": normal(2, 2), "W2": normal(2, 2)}, set()), None).recorded
    assert states(same) == [list(carried(same))]

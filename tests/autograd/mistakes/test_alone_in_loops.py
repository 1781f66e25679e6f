"""Claims about the uses of the states of a loop of which one counts alone."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_the_use_of_each_state_on_one_of_several_lines_counts_alone():
    def forward(h, U, V):
        for _ in range(3):
            z = np.exp(h @ V)
            h = np.tanh(h @ U) * z - h / 2
        return h

    h, U, V, dout = normal(3), normal(3, 3) / 2, normal(3, 3) / 2, normal(3)

    def back(alone):
        states, dU, dh = [h], np.zeros_like(U), dout
        for _ in range(2):
            states.append(np.tanh(states[-1] @ U) * np.exp(states[-1] @ V) - states[-1] / 2)
        for before in reversed(states):
            z, t = np.exp(before @ V), np.tanh(before @ U)
            dt = dh * z * (1 - t * t)
            dU += np.outer(before, dt)
            dh = U @ dt + (0 if alone else V @ (dh * t * z) - dh / 2)
        return {"h": dh, "U": dU}

    inputs = {"h": h, "U": U, "V": V}
    assert check_backward(forward, inputs, back(False), dout)
    said = why(forward, inputs, back(True), dout)
    assert said.startswith("of the uses of h … h(2), only that in `h @ U` is counted: the gradients of all")

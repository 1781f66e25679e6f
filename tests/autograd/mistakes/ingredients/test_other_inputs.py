"""Claims about factors that are computed from another array by mistake."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_the_tanh_of_the_cell_before_at_the_output_gate():
    def forward(x, c, W, V):
        for row in x:
            c = c * np.exp(row @ W) + row
            h = 1 / (1 + np.exp(-(row @ V))) * np.tanh(c)
        return h

    x, c, W, V, dout = normal(1, 3), normal(3), normal(3, 3), normal(3, 3), normal(3)
    new = c * np.exp(x[0] @ W) + x[0]
    o = 1 / (1 + np.exp(-(x[0] @ V)))

    def of_gate(cell):
        return {"V": np.outer(x[0], dout * np.tanh(cell) * o * (1 - o))}

    inputs = {"x": x, "c": c, "W": W, "V": V}
    assert check_backward(forward, inputs, of_gate(new), dout)
    said = why(forward, inputs, of_gate(c), dout)
    assert said.startswith("`np.tanh(c)`, with c in the place of c(1), is used instead of `np.tanh(c)` in the gradient")


def test_a_part_of_an_array_without_its_bias_in_each_turn():
    def forward(h, U, b):
        for _ in range(3):
            g = h @ U + b
            h = np.tanh(np.tanh(g[:3]) * g[3:])
        return h

    h, U, b, dout = normal(3), normal(3, 6), normal(6), normal(3)

    def back(bias):
        states, dU, dh = [h], np.zeros_like(U), dout
        for _ in range(2):
            states.append(forward_once(states[-1]))
        for before in reversed(states):
            g = before @ U + b
            dz = dh * (1 - forward_once(before) ** 2)
            dfirst = dz * (g - bias)[3:] * (1 - np.tanh(g[:3]) ** 2)
            dg = np.concatenate([dfirst, dz * np.tanh(g[:3])])
            dU += np.outer(before, dg)
            dh = U @ dg
        return {"h": dh, "U": dU}

    def forward_once(h):
        g = h @ U + b
        return np.tanh(np.tanh(g[:3]) * g[3:])

    inputs = {"h": h, "U": U, "b": b}
    assert check_backward(forward, inputs, back(0.0), dout)
    said = why(forward, inputs, back(b), dout)
    assert "`g[3:]`, with `h @ U` in the place of g(1) … g(3), is used instead of `g[3:]`" in said

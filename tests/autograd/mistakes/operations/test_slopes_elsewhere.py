"""Claims about slopes at the arrays of other layers, and of functions within a call."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_slopes_at_the_arrays_of_the_next_layers_are_told_in_order():
    x, V1, V2, V3 = normal(4, 3), normal(3, 3), normal(3, 3), normal(3, 3)

    def forward(V1, V2, V3):
        a = x
        for V in (V1, V2):
            z = a @ V
            a = np.maximum(0, z)
        out = a @ V3
        return np.sum(np.sin(out))

    def by_hand(moved):
        z1 = x @ V1
        z2 = np.maximum(0, z1) @ V2
        out = np.maximum(0, z2) @ V3
        d3 = np.cos(out)
        d2 = d3 @ V3.T * ((out if moved else z2) > 0)
        d1 = d2 @ V2.T * ((z2 if moved else z1) > 0)
        return {"V1": x.T @ d1, "V2": np.maximum(0, z1).T @ d2, "V3": np.maximum(0, z2).T @ d3}

    inputs = {"V1": V1, "V2": V2, "V3": V3}
    assert check_backward(forward, inputs, by_hand(moved=False))
    assert "evaluated at z(2) and out, not at z(1) and z(2)" in why(forward, inputs, by_hand(moved=True))


def test_inside_a_call_input_and_output_have_one_name_and_are_not_told_apart():
    def forward(w):
        return np.linalg.norm(w) ** 2 + np.sum(np.sin(w))

    w = normal(4)
    assert check_backward(forward, {"w": w}, {"w": 2 * w + np.cos(w)})
    said = why(forward, {"w": w}, {"w": 2 * w / np.linalg.norm(w) + np.cos(w)})
    assert "needs `np.linalg.norm(w)`, but gets the input" not in said

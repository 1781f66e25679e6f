"""Claims about arrays of other turns of a loop in the place of a factor."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal


def test_the_state_of_the_turn_before_in_the_gradient_of_the_output_weights():
    """With zeros before the first turn, which no array of the forward pass holds."""

    def forward(x, U, V):
        h, total = np.zeros(3), 0.0
        for row in x:
            h = np.tanh(np.concatenate([h, row]) @ U)
            total = total + np.exp(V @ h).sum()
        return total

    inputs = {"x": normal(4, 2), "U": normal(5, 3), "V": normal(2, 3)}
    states, dV = [np.zeros(3)], {"right": np.zeros((2, 3)), "before": np.zeros((2, 3))}
    for row in inputs["x"]:
        states.append(np.tanh(np.concatenate([states[-1], row]) @ inputs["U"]))
        for which, of in (("right", states[-1]), ("before", states[-2])):
            dV[which] += np.outer(np.exp(inputs["V"] @ states[-1]), of)
    assert check_backward(forward, inputs, {"V": dV["right"]})
    found = check_backward(forward, inputs, {"V": dV["before"]}).why
    assert found.startswith("in each turn of a loop, that of the turn before, and zeros in the first turn, is used")
    assert "instead of h(1) … h(4) in the gradient of V" in found


def test_the_index_minus_1_of_a_list_in_the_first_turn():
    def forward(h, W):
        hs = [h]
        for _ in range(4):
            hs.append(np.tanh(hs[-1] @ W))
        return hs[-1]

    h, W, out = normal(3), normal(3, 3), normal(3)
    hs = [h]
    for _ in range(4):
        hs.append(np.tanh(hs[-1] @ W))

    def back(before):
        dW, dh = np.zeros_like(W), out
        for t in (3, 2, 1, 0):
            dz = dh * (1 - hs[t + 1] ** 2)
            dW += np.outer(hs[t - before], dz)
            dh = W @ dz
        return {"h": dh, "W": dW}

    assert check_backward(forward, {"h": h, "W": W}, back(0), out)
    said = check_backward(forward, {"h": h, "W": W}, back(1), out).why
    assert "(a list at index −1 gives its last entry)" in said
    assert "instead of h and hs[1] … hs[3] in the gradient of W" in said


def test_layers_of_several_widths_have_no_other_turn():
    def forward(x, W1, W2):
        for W in (W1, W2):
            x = np.tanh(x @ W) @ W.T
        return x

    inputs = {"x": normal(3, 4), "W1": normal(4, 2), "W2": normal(4, 3)}
    out = normal(3, 4)
    assert not check_backward(forward, inputs, {"x": normal(3, 4), "W1": normal(4, 2), "W2": normal(4, 3)}, out)

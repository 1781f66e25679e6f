"""Claims about values of another step or call."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, A, B, UP = normal(3, 4), normal(4, 4), normal(4, 4), normal(3, 4)


def twice(x, A, B):
    def layer(x, W):
        return np.tanh(x @ W)

    return layer(layer(x, A), B)


def backward(kept):
    """`kept(k)` is the call whose input and output the k-th call goes back with."""
    values = [(X, np.tanh(X @ A))]
    values.append((values[0][1], np.tanh(values[0][1] @ B)))
    dx, found = UP, {}
    for k, (name, W) in ((1, ("B", B)), (0, ("A", A))):
        x, y = values[kept(k)]
        dz = dx * (1 - y**2)
        found[name], dx = x.T @ dz, dz @ W.T
    return found | {"x": dx}


@pytest.mark.parametrize(
    ("kept", "said"), [(lambda k: 1, "the last call of layer"), (lambda k: 0, "the first call of layer")]
)
def test_a_layer_that_is_called_twice_keeps_the_values_of_one_call(kept, said):
    """The weights of each call are right: only what the layer keeps, its input and output, is of the other call."""
    text = why(twice, {"x": X, "A": A, "B": B}, backward(kept), UP)
    assert f"every call of layer goes back with the values of {said}" in text


def test_a_helper_that_keeps_the_values_of_its_last_call_and_ends_in_a_sigmoid():
    """The outputs are returned, so only what the helper keeps is overwritten."""
    real, fake, W1, W2 = normal(5, 3), normal(5, 3), normal(3, 4), normal(4, 1)

    def judge(x, W1, W2):
        h = np.tanh(x @ W1)
        return 1 / (1 + np.exp(-(h @ W2)))

    def cost(W1, W2):
        return -np.sum(np.log(judge(real, W1, W2))) - np.sum(np.log(1 - judge(fake, W1, W2)))

    def by_hand(kept):
        dW1, dW2 = np.zeros_like(W1), np.zeros_like(W2)
        for x, y, k in ((real, 1, kept[0]), (fake, 0, kept[1])):
            delta, h = judge(x, W1, W2) - y, np.tanh(k @ W1)
            dW2 += h.T @ delta
            dW1 += k.T @ (delta @ W2.T * (1 - h**2))
        return {"W1": dW1, "W2": dW2}

    inputs = {"W1": W1, "W2": W2}
    assert check_backward(cost, inputs, by_hand((real, fake)))
    said = why(cost, inputs, by_hand((fake, fake)))
    assert "goes back with the values of the last call of" in said
    assert "and also" not in said

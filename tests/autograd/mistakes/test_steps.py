"""Claims about values of another step or call."""

import numpy as np
import pytest

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

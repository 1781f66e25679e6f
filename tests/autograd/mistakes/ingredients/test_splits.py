"""Claims about reshapes, concatenations and loops: the axes, the parts or the steps are put back in a wrong order."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

MAPS, SCALE, MAPS_OUT = normal(4, 3, 3), normal(4, 1, 1), normal(6, 6)


def pixel_shuffle(x, scale):
    return (x * scale).reshape(2, 2, 3, 3).transpose(2, 0, 3, 1).reshape(6, 6)


def of_shuffle(axes=(1, 3, 0, 2)):
    flow = MAPS_OUT.reshape(3, 2, 3, 2).transpose(axes).reshape(4, 3, 3)
    return {"x": flow * SCALE, "scale": (flow * MAPS).sum(axis=(1, 2), keepdims=True)}


def test_the_axes_of_a_reshape_in_another_order():
    inputs = {"x": MAPS, "scale": SCALE}
    assert check_backward(pixel_shuffle, inputs, of_shuffle(), MAPS_OUT)
    found = why(pixel_shuffle, inputs, of_shuffle((3, 1, 0, 2)), MAPS_OUT)
    assert "split into axes of sizes (3, 2, 3, 2), is put together in the order (3, 1, 0, 2), not (1, 3, 0, 2)" in found


H, X, W, JOINED_OUT = normal(5, 3), normal(5, 2), normal(5, 4), normal(5, 4)


def joined(h, x, W):
    both = np.concatenate([h, x], axis=1)
    return np.tanh(both @ W)


def of_joined(cut_after_h=True):
    both = np.concatenate([H, X], axis=1)
    dz = JOINED_OUT * (1 - np.tanh(both @ W) ** 2)
    d = dz @ W.T
    parts = (d[:, :3], d[:, 3:]) if cut_after_h else (d[:, 2:], d[:, :2])
    return {"h": parts[0], "x": parts[1], "W": both.T @ dz}


def test_the_parts_of_a_concatenation_in_another_order():
    inputs = {"h": H, "x": X, "W": W}
    assert check_backward(joined, inputs, of_joined(), JOINED_OUT)
    found = why(joined, inputs, of_joined(cut_after_h=False), JOINED_OUT)
    assert "the gradient of both is cut into the parts of a concatenation in another order" in found
    assert "its parts along axis 1 have the sizes (3, 2), in this order" in found


STEPS, U, V, STEPS_OUT = normal(4, 2), normal(2, 3), normal(3, 3), normal(4, 3)


def from_the_end(x, U, V):
    h, states = np.zeros(3), []
    for row in x[::-1]:
        h = np.tanh(row @ U + h @ V)
        states.append(h)
    return np.stack(states)


@pytest.mark.parametrize("is_right", [True, False])
def test_the_steps_of_a_loop_in_reverse_order(is_right):
    states = [np.zeros(3), *from_the_end(STEPS, U, V)]
    dx, dU, dV, back = np.zeros((4, 2)), np.zeros((2, 3)), np.zeros((3, 3)), np.zeros(3)
    for t in (3, 2, 1, 0):
        dz = (STEPS_OUT[t] + back) * (1 - states[t + 1] ** 2)
        dx[t], back = U @ dz, V @ dz
        dU += np.outer(STEPS[3 - t], dz)
        dV += np.outer(states[t], dz)
    gradients = {"x": dx[::-1] if is_right else dx, "U": dU, "V": dV}
    verdict = check_backward(from_the_end, {"x": STEPS, "U": U, "V": V}, gradients, STEPS_OUT)
    assert verdict.agrees() == is_right
    assert is_right or "reverse order" in verdict.why

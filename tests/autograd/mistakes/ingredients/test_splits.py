"""Claims about reshapes, concatenations and loops: the axes, the parts or the steps are put back in a wrong order."""

import numpy as np
import pytest

from autograd import check_backward
from tests.campaigns.published_mistakes.arrangements import GC, WC, XC, H, joined, of_joined
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
    assert "the axes, of sizes (2, 2, 3, 3), are put together in the order (1, 0, 2, 3), not (0, 1, 2, 3)" in found


def pieces(x, scale):
    z = (x * scale).reshape(4, 3, 3)
    return z.max(axis=2)


def test_the_axes_of_a_plain_reshape_in_another_order():
    x, scale, out = normal(4, 9), normal(9), normal(4, 3)
    z = (x * scale).reshape(4, 3, 3)
    dz = out[:, :, None] * (z == z.max(axis=2, keepdims=True))
    inputs = {"x": x, "scale": scale}

    def by_hand(dz):
        flow = dz.reshape(4, 9)
        return {"x": flow * scale, "scale": (flow * x).sum(axis=0)}

    assert check_backward(pieces, inputs, by_hand(dz), out)
    found = why(pieces, inputs, by_hand(dz.transpose(0, 2, 1)), out)
    assert "of sizes (4, 3, 3), are put together in the order (0, 2, 1)" in found


def heads(x, Wq, Wk):
    q = (x @ Wq).reshape(4, 3, 2).transpose(1, 0, 2)
    k = (x @ Wk).reshape(4, 3, 2).transpose(1, 0, 2)
    return q @ k.transpose(0, 2, 1)


def test_the_heads_of_queries_and_keys_are_merged_as_they_stand():
    x, Wq, Wk, out = normal(4, 5), normal(5, 6), normal(5, 6), normal(3, 4, 4)
    q, k = ((x @ W).reshape(4, 3, 2).transpose(1, 0, 2) for W in (Wq, Wk))
    inputs, d = {"x": x, "Wq": Wq, "Wk": Wk}, (out @ k, out.transpose(0, 2, 1) @ q)

    def by_hand(axes):
        dq, dk = (each.transpose(axes).reshape(4, 6) for each in d)
        return {"x": dq @ Wq.T + dk @ Wk.T, "Wq": x.T @ dq, "Wk": x.T @ dk}

    assert check_backward(heads, inputs, by_hand((1, 0, 2)), out)
    found = why(heads, inputs, by_hand((0, 1, 2)), out)
    assert "of sizes (4, 3, 2), are put together in the order (1, 0, 2), not (0, 1, 2)" in found


def test_the_parts_of_a_concatenation_in_another_order():
    inputs = {"h": H, "x": XC, "W": WC}
    assert check_backward(joined, inputs, of_joined(), GC)
    found = why(joined, inputs, of_joined(is_swapped=True), GC)
    assert "the gradient of both is cut into the parts of a concatenation in another order" in found
    assert "its parts along axis 1 have the sizes (3, 2), in this order" in found


STEPS, U, V, STEPS_OUT = normal(4, 2), normal(2, 3), normal(3, 3), normal(4, 3)


def from_the_end(x, U, V):
    h, states = np.zeros(3), []
    for row in x[::-1]:
        h = np.tanh(row @ U + h @ V)
        states.append(h)
    return np.stack(states)


def both_ways(x, U, V):
    forth = from_the_end(x[::-1], U, V)
    back = from_the_end(x, U, V)[::-1]
    return np.concatenate([forth, back], axis=1)


def test_the_gradient_of_a_stack_goes_to_its_steps_in_reverse_order():
    out = normal(4, 6)

    def through(x, out):
        states, back = [np.zeros(3), *from_the_end(x, U, V)], np.zeros(3)
        dx, dU, dV = np.zeros((4, 2)), np.zeros((2, 3)), np.zeros((3, 3))
        for t in (3, 2, 1, 0):
            dz = (out[t] + back) * (1 - states[t + 1] ** 2)
            dx[3 - t], back = U @ dz, V @ dz
            dU, dV = dU + np.outer(x[3 - t], dz), dV + np.outer(states[t], dz)
        return dx, dU, dV

    def by_hand(turn):
        dx, dU, dV = through(STEPS[::-1], out[:, :3])
        more = through(STEPS, out[::turn, 3:])
        return {"x": dx[::-1] + more[0], "U": dU + more[1], "V": dV + more[2]}

    inputs = {"x": STEPS, "U": U, "V": V}
    assert check_backward(both_ways, inputs, by_hand(-1), out)
    found = why(both_ways, inputs, by_hand(1), out)
    assert "the gradient of back is in reverse order along axis 0" in found


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


def test_windows_that_are_reshaped_not_transposed():
    x, w, dout = normal(2, 2, 5), normal(6, 3), normal(6, 3)

    def forward(x):
        cols = np.stack([x[:, :, t : t + 3] for t in range(3)], axis=1).reshape(6, 6)
        return cols @ w

    def gone_back(transposed=True):
        dcols = dout @ w.T
        pieces = dcols.reshape(2, 3, 2, 3).transpose(0, 2, 1, 3) if transposed else dcols.reshape(2, 2, 3, 3)
        dx = np.zeros_like(x)
        for t in range(3):
            dx[:, :, t : t + 3] += pieces[:, :, t]
        return {"x": dx}

    assert check_backward(forward, {"x": x}, gone_back(), dout)
    said = why(forward, {"x": x}, gone_back(False), dout)
    assert "the gradient of cols is reshaped to axes of the sizes (2, 2, 3, 3), but they are (2, 3, 2, 3)" in said


def test_windows_of_an_array_with_a_border_are_reshaped_not_transposed():
    x, w, dout = normal(2, 4), normal(6, 3), normal(4, 3)

    def forward(x):
        padded = np.pad(x, ((0, 0), (1, 1)))
        cols = np.stack([padded[:, t : t + 3] for t in range(4)]).reshape(4, 6)
        return cols @ w

    def gone_back(transposed=True):
        pieces = (dout @ w.T).reshape(4, 2, 3) if transposed else (dout @ w.T).reshape(2, 4, 3).transpose(1, 0, 2)
        dpadded = np.zeros((2, 6))
        for t in range(4):
            dpadded[:, t : t + 3] += pieces[t]
        return {"x": dpadded[:, 1:-1]}

    assert check_backward(forward, {"x": x}, gone_back(), dout)
    said = why(forward, {"x": x}, gone_back(False), dout)
    assert "the gradient of cols is reshaped to axes of the sizes (2, 4, 3), but they are (4, 2, 3)" in said


def test_the_gradient_of_a_reversed_array_goes_back_as_it_stands():
    x, w, out = normal(4, 3), normal(3, 2), normal(4, 2)

    def forward(x, w):
        y = x[::-1]
        return np.tanh(y @ w) + (x**2) @ w

    dz = out * (1 - np.tanh(x[::-1] @ w) ** 2)
    dy, square = dz @ w.T, 2 * x * (out @ w.T)
    dw = x[::-1].T @ dz + (x**2).T @ out
    assert check_backward(forward, {"x": x, "w": w}, {"x": dy[::-1] + square, "w": dw}, out)
    said = why(forward, {"x": x, "w": w}, {"x": dy + square, "w": dw}, out)
    assert said.startswith("the gradient of y goes to x as it stands: y is in reverse order along axis 0")

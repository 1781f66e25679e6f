"""Claims about repeated elements: their gradients are reduced wrongly, or the repeats are looked for elsewhere."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def shared_keys(q, k):
    return q @ np.repeat(k, 2, axis=0).transpose(0, 2, 1)


def test_repeated_heads_are_summed_as_if_they_were_tiled():
    q, k, out = normal(6, 4, 2), normal(3, 4, 2), normal(6, 4, 4)
    dq, d = out @ np.repeat(k, 2, axis=0), out.transpose(0, 2, 1) @ q
    right, wrong = d.reshape(3, 2, 4, 2).sum(axis=1), d.reshape(2, 3, 4, 2).sum(axis=0)
    assert check_backward(shared_keys, {"q": q, "k": k}, {"q": dq, "k": right}, out)
    found = why(shared_keys, {"q": q, "k": k}, {"q": dq, "k": wrong}, out)
    assert "k is repeated element by element, as by np.repeat, and its gradient is summed as if" in found


def upsampled(x):
    return np.repeat(np.repeat(np.tanh(x), 2, axis=0), 2, axis=1) * 1.0


def upsampled_in_a_loop(x):
    t = np.tanh(x)
    up = np.zeros((6, 8), like=x)
    for i in range(6):
        for j in range(8):
            up[i, j] = t[i // 2, j // 2]
    return up * 1.0


@pytest.mark.parametrize("forward", [upsampled, upsampled_in_a_loop])
@pytest.mark.parametrize(
    ("reduce", "said"),
    [
        (lambda blocks: blocks.sum(axis=1)[..., 0], "summed over axis 0 alone: along axis 1, only the first one is"),
        (lambda blocks: blocks.sum(axis=3)[:, -1], "summed over axis 1 alone: along axis 0, only the last one is"),
        (lambda blocks: blocks.max(axis=(1, 3)), "the largest number along axes 0 and 1, not the sum"),
        (lambda blocks: blocks.mean(axis=(1, 3)), "the gradients of its uses are averaged, not summed"),
        (lambda blocks: blocks[:, 0, :, 0], "only its first use is counted"),
        (lambda blocks: blocks.reshape(2, 3, 2, 4).sum(axis=(0, 2)), "summed as if it were repeated as a whole"),
    ],
)
def test_the_repeats_on_two_axes_are_reduced_wrongly(forward, reduce, said):
    x, out = normal(3, 4), normal(6, 8)
    blocks = out.reshape(3, 2, 4, 2)
    slope = 1 - np.tanh(x) ** 2
    assert check_backward(forward, {"x": x}, {"x": blocks.sum(axis=(1, 3)) * slope}, out)
    assert said in why(forward, {"x": x}, {"x": reduce(blocks) * slope}, out)


def test_a_tile_is_summed_as_a_repeat():
    x, out = normal(3, 4), normal(9, 8)
    assert check_backward(tiled, {"x": x}, {"x": out.reshape(3, 3, 2, 4).sum(axis=(0, 2))}, out)
    found = why(tiled, {"x": x}, {"x": out.reshape(3, 3, 4, 2).sum(axis=(1, 3))}, out)
    assert "x is repeated as a whole, as by np.tile, and its gradient is summed as if" in found


def tiled(x):
    return np.tile(x, (3, 2)) * 1.0

"""Claims about windows: their gradients go back with a wrong stride, or the padding is removed at one end alone."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

# ---- the stride: forward passes with inputs, and gradients with wrong steps of the windows, in dx or in dW


LINE, KERNEL, LINE_OUT = normal(2, 11), normal(3), normal(2, 5)


def by_columns(x, w):
    cols = np.stack([x[:, 2 * t : 2 * t + 3] for t in range(5)], axis=1)
    return cols @ w


def by_columns_by_hand(back=2, other=2):
    dx, dw = np.zeros_like(LINE), np.zeros_like(KERNEL)
    for t in range(5):
        dx[:, back * t : back * t + 3] += LINE_OUT[:, t, None] * KERNEL
        dw += LINE_OUT[:, t] @ LINE[:, other * t : other * t + 3]
    return {"x": dx, "w": dw}


IMAGE, FILTER, IMAGE_OUT = normal(2, 7, 8), normal(2, 3, 2), normal(3, 3)


def in_a_loop(x, w):
    out = np.zeros_like(x, shape=(3, 3))
    for i in range(3):
        for j in range(3):
            out[i, j] = np.sum(x[:, 2 * i : 2 * i + 3, 3 * j : 3 * j + 2] * w)
    return out


def in_a_loop_by_hand(back=(2, 3), other=(2, 3)):
    dx, dw = np.zeros_like(IMAGE), np.zeros_like(FILTER)
    for i in range(3):
        for j in range(3):
            dx[:, back[0] * i : back[0] * i + 3, back[1] * j : back[1] * j + 2] += IMAGE_OUT[i, j] * FILTER
            dw += IMAGE_OUT[i, j] * IMAGE[:, other[0] * i : other[0] * i + 3, other[1] * j : other[1] * j + 2]
    return {"x": dx, "w": dw}


SIGNAL, WEIGHTS, SIGNAL_OUT = normal(10), normal(4, 3), normal(3, 3)


def frames(s, W):
    return np.stack([np.tanh(s[3 * t : 3 * t + 4]) @ W for t in range(3)])


def frames_by_hand(back=3):
    ds, dW = np.zeros_like(SIGNAL), np.zeros_like(WEIGHTS)
    for t in range(3):
        y = np.tanh(SIGNAL[3 * t : 3 * t + 4])
        ds[back * t : back * t + 4] += WEIGHTS @ SIGNAL_OUT[t] * (1 - y * y)
        dW += np.outer(y, SIGNAL_OUT[t])
    return {"s": ds, "W": dW}


BY_COLUMNS = by_columns, {"x": LINE, "w": KERNEL}, LINE_OUT
IN_A_LOOP = in_a_loop, {"x": IMAGE, "w": FILTER}, IMAGE_OUT
FRAMES = frames, {"s": SIGNAL, "W": WEIGHTS}, SIGNAL_OUT


@pytest.mark.parametrize(
    ("layer", "given", "step"),
    [
        (BY_COLUMNS, by_columns_by_hand(back=1), 2),
        (IN_A_LOOP, in_a_loop_by_hand(back=(1, 3)), 2),
        (IN_A_LOOP, in_a_loop_by_hand(back=(2, 1)), 3),
        (IN_A_LOOP, in_a_loop_by_hand(back=(1, 1)), 2),
        (FRAMES, frames_by_hand(back=1), 3),
    ],
)
def test_the_windows_come_back_without_their_stride(layer, given, step):
    forward, inputs, upstream = layer
    said = why(forward, inputs, given, upstream)
    assert f"with a stride of 1, but the forward pass takes them with a stride of {step}" in said


@pytest.mark.parametrize(
    ("layer", "given", "said"),
    [
        (
            BY_COLUMNS,
            by_columns_by_hand(other=1),
            "in the gradient of the array that multiplies them, the windows of x are taken",
        ),
        (BY_COLUMNS, by_columns_by_hand(1, 1), "in all gradients, the windows of x"),
        (
            IN_A_LOOP,
            in_a_loop_by_hand(other=(1, 1)),
            "in the gradient of the array that multiplies them, the windows of x are taken",
        ),
        (IN_A_LOOP, in_a_loop_by_hand((1, 1), (1, 1)), "in all gradients, the windows of x"),
    ],
)
def test_other_factors_are_multiplied_with_windows_without_the_stride(layer, given, said):
    forward, inputs, upstream = layer
    assert said in why(forward, inputs, given, upstream)


# ---- gaps in the windows, and a border around them

PLANE, GRID, PLANE_OUT = normal(5, 6), normal(2, 2), normal(3, 3)


def with_gaps(x, w):
    p = np.pad(x, 1)
    out = np.zeros_like(x, shape=(3, 3))
    for i in range(3):
        for j in range(3):
            out[i, j] = np.sum(p[2 * i : 2 * i + 3 : 2, 2 * j : 2 * j + 4 : 3] * w)
    return out


def with_gaps_by_hand(gaps=(2, 3), stride=2, other=None):
    p, dw = np.pad(PLANE, 1), np.zeros_like(GRID)
    dp = np.zeros_like(p)
    for i in range(3):
        for j in range(3):
            for a in range(2):
                for b in range(2):
                    dp[stride * i + gaps[0] * a, stride * j + gaps[1] * b] += PLANE_OUT[i, j] * GRID[a, b]
                    rows, columns = other or (2, 3)
                    dw[a, b] += PLANE_OUT[i, j] * p[2 * i + rows * a, 2 * j + columns * b]
    return {"x": dp[1:-1, 1:-1], "w": dw}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (with_gaps_by_hand((1, 3)), "with a dilation of 1, but the forward pass takes them with a dilation of 2"),
        (with_gaps_by_hand((2, 1)), "with a dilation of 1, but the forward pass takes them with a dilation of 3"),
        (with_gaps_by_hand((1, 1)), "the gradients of the windows of p are added to p with a dilation of 1"),
        (with_gaps_by_hand((1, 1), other=(1, 1)), "in all gradients, the windows of p are taken with a dilation of 1"),
        (with_gaps_by_hand(stride=1), "with a stride of 1, but the forward pass takes them with a stride of 2"),
    ],
)
def test_windows_with_gaps_and_a_border(given, said):
    inputs = {"x": PLANE, "w": GRID}
    assert check_backward(with_gaps, inputs, with_gaps_by_hand(), PLANE_OUT)
    assert said in why(with_gaps, inputs, given, PLANE_OUT)


# ---- the padding


ROW, TAPS, ROW_OUT = normal(2, 5), normal(3), normal(2, 5)


def padded_line(x, w):
    p = np.pad(x, ((0, 0), (1, 1)))
    return sum(w[k] * p[:, k : k + 5] for k in range(3))


def padded_line_by_hand(at=1):
    dp = np.zeros((2, 7))
    p = np.pad(ROW, ((0, 0), (1, 1)))
    dw = np.array([np.sum(ROW_OUT * p[:, k : k + 5]) for k in range(3)])
    for k in range(3):
        dp[:, k : k + 5] += TAPS[k] * ROW_OUT
    return {"x": dp[:, at : at + 5], "w": dw}


MAP, BOX, MAP_OUT = normal(4, 5), normal(5, 3), normal(4, 5)


def padded_image(x, w):
    p = np.pad(x, ((2, 2), (1, 1)))
    out = np.zeros_like(x, shape=(4, 5))
    for i in range(4):
        for j in range(5):
            out[i, j] = np.sum(p[i : i + 5, j : j + 3] * w)
    return out


def padded_image_by_hand(at=(2, 1)):
    p, dw = np.pad(MAP, ((2, 2), (1, 1))), np.zeros_like(BOX)
    dp = np.zeros_like(p)
    for i in range(4):
        for j in range(5):
            dw += MAP_OUT[i, j] * p[i : i + 5, j : j + 3]
            dp[i : i + 5, j : j + 3] += MAP_OUT[i, j] * BOX
    return {"x": dp[at[0] : at[0] + 4, at[1] : at[1] + 5], "w": dw}


VOLUME, BLOCK, VOLUME_OUT = normal(2, 3, 3), normal(2, 3, 3), normal(3, 3)


def padded_channels(x, w):
    p = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    return np.stack([np.stack([np.sum(p[:, i : i + 3, j : j + 3] * w) for j in range(3)]) for i in range(3)])


def padded_channels_by_hand(at=1):
    p, dw = np.pad(VOLUME, ((0, 0), (1, 1), (1, 1))), np.zeros_like(BLOCK)
    dp = np.zeros_like(p)
    for i in range(3):
        for j in range(3):
            dw += VOLUME_OUT[i, j] * p[:, i : i + 3, j : j + 3]
            dp[:, i : i + 3, j : j + 3] += VOLUME_OUT[i, j] * BLOCK
    return {"x": dp[:, at : at + 3, at : at + 3], "w": dw}


FLAT, WALL, FLAT_OUT = normal(2, 4, 4), normal(9, 3), normal(2, 4, 4, 3)


def padded_rows(x, w):
    """The windows as rows of a matrix, so that a window is not a box."""
    p = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    rows = [p[:, i : i + 3, j : j + 3].reshape(2, 9) @ w for i in range(4) for j in range(4)]
    return np.stack(rows, axis=1).reshape(2, 4, 4, 3)


def padded_rows_by_hand(at=1):
    p, dw = np.pad(FLAT, ((0, 0), (1, 1), (1, 1))), np.zeros_like(WALL)
    dp = np.zeros_like(p)
    for i in range(4):
        for j in range(4):
            dw += p[:, i : i + 3, j : j + 3].reshape(2, 9).T @ FLAT_OUT[:, i, j]
            dp[:, i : i + 3, j : j + 3] += (FLAT_OUT[:, i, j] @ WALL.T).reshape(2, 3, 3)
    return {"x": dp[:, at : at + 4, at : at + 4], "w": dw}


BORDERS = {
    "rows": (padded_rows, {"x": FLAT, "w": WALL}, padded_rows_by_hand, FLAT_OUT, 0, 2),
    "a line": (padded_line, {"x": ROW, "w": TAPS}, padded_line_by_hand, ROW_OUT, 0, 2),
    "an image": (padded_image, {"x": MAP, "w": BOX}, padded_image_by_hand, MAP_OUT, (0, 0), (4, 2)),
    "channels": (padded_channels, {"x": VOLUME, "w": BLOCK}, padded_channels_by_hand, VOLUME_OUT, 0, 2),
}


@pytest.mark.parametrize("name", BORDERS)
def test_a_border_is_cut_off_at_one_side_alone(name):
    forward, inputs, by_hand, upstream, first, last = BORDERS[name]
    for at, side in ((first, "end"), (last, "beginning")):
        said = why(forward, inputs, by_hand(at), upstream)
        assert f"the padding around x is cut off only at the {side}" in said


LAYERS = {
    "by columns": (*BY_COLUMNS, by_columns_by_hand),
    "in a loop": (*IN_A_LOOP, in_a_loop_by_hand),
    "frames": (*FRAMES, frames_by_hand),
    **{
        name: (forward, inputs, upstream, by_hand) for name, (forward, inputs, by_hand, upstream, *_) in BORDERS.items()
    },
}


@pytest.mark.all_the_time
@pytest.mark.parametrize("name", LAYERS)
def test_right_ones_agree_and_random_ones_have_no_reason(name):
    forward, inputs, upstream, by_hand = LAYERS[name]
    assert check_backward(forward, inputs, by_hand(), upstream)
    assert why(forward, inputs, {key: normal(*array.shape) for key, array in inputs.items()}, upstream) == ""


def test_an_array_that_is_used_whole_beside_its_windows():
    """What the whole array makes may have another shape than a window: the two operands of hypot are one array."""

    def forward(x):
        return np.hypot(x, np.pad(x, 1)[1:-1, 2:] + x) * x

    x, dout = normal(2, 4, 3)
    right = np.zeros((4, 3))
    for i, j in np.ndindex(4, 3):  # y = √(x² + s²) x with s = x + (x at the right)
        s = x[i, j] + (x[i, j + 1] if j < 2 else 0)
        root = np.hypot(x[i, j], s)
        right[i, j] += dout[i, j] * (root + x[i, j] * (x[i, j] + s) / root)
        if j < 2:
            right[i, j + 1] += dout[i, j] * x[i, j] * s / root
    assert check_backward(forward, {"x": x}, {"x": right}, dout)
    assert why(forward, {"x": x}, {"x": normal(4, 3)}, dout) == ""

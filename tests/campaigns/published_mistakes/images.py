"""Mistakes in convolutions and pooling."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw

IMAGE, FILTERS, BIAS, UP = draw(71, (2, 6, 7, 2), (2, 3, 2, 3), 3, (2, 3, 3, 3))
SIGNAL, KERNELS, UP1 = draw(72, (2, 3, 8), (4, 3, 3), (2, 4, 6))
LINE, UP_MAX, UP_AVG = draw(73, (3, 7), (3, 6), (3, 4))
GRID, UP_GRID = draw(74, (4, 6, 2), (2, 3, 2))


def conv_forward(A_prev, W, b):
    stride, f_h, f_w = 2, 2, 3
    m, n_H, n_W, _ = A_prev.shape
    n_C = W.shape[3]
    H, V = int((n_H - f_h) / stride) + 1, int((n_W - f_w) / stride) + 1
    Z = np.zeros((m, H, V, n_C), dtype=A_prev.dtype)
    for i in range(m):
        for h in range(H):
            for w in range(V):
                for c in range(n_C):
                    window = A_prev[i, h * stride : h * stride + f_h, w * stride : w * stride + f_w, :]
                    Z[i, h, w, c] = np.sum(window * W[:, :, :, c]) + b[c]
    return Z


def of_conv(stride=2):
    """`stride`: the step of the windows in the backward pass."""
    dA, dW = np.zeros_like(IMAGE), np.zeros_like(FILTERS)
    for h in range(3):
        for w in range(3):
            at = np.s_[:, h * stride : h * stride + 2, w * stride : w * stride + 3, :]
            dA[at] += np.einsum("ic,klac->ikla", UP[:, h, w], FILTERS)
            dW += np.einsum("ic,ikla->klac", UP[:, h, w], IMAGE[at])
    return {"A_prev": dA, "W": dW, "b": UP.sum(axis=(0, 1, 2))}


ROWS, ROW_BIAS, UP_ROWS = draw(75, (2, 3, 4, 3), 3, (2, 3, 4, 3))


def channels_last(x, bias):
    return np.maximum(0, x + bias)


def of_channels_last(axes):
    g = UP_ROWS * (ROWS + ROW_BIAS > 0)
    return {"x": g, "bias": g.sum(axis=axes)}


def conv1d(x, w):
    columns = np.stack([x[:, :, k : k + 6] for k in range(3)], axis=2)
    return np.einsum("ock,nckt->not", w, columns)


def of_conv1d(fault=""):
    dx = np.zeros_like(SIGNAL)
    for k in range(3):
        g = np.einsum("oc,not->nct", KERNELS[:, :, 2 - k if fault == "flipped" else k], UP1)
        if fault == "set":
            dx[:, :, k : k + 6] = g
        else:
            dx[:, :, k : k + 6] += g
    columns = np.stack([SIGNAL[:, :, k : k + 6] for k in range(3)], axis=2)
    return {"x": dx, "w": np.einsum("not,nckt->ock", UP1, columns)}


def maxpool_overlapping(x):
    return np.stack([x[:, t : t + 2].max(axis=1) for t in range(6)], axis=1)


def of_maxpool(added=True):
    dx = np.zeros_like(LINE)
    for n in range(3):
        for t in range(6):
            at = t + np.argmax(LINE[n, t : t + 2])
            dx[n, at] = (dx[n, at] if added else 0) + UP_MAX[n, t]
    return {"x": dx}


def maxpool(image):
    h, w, c = image.shape
    patches = image.reshape(h // 2, 2, w // 2, 2, c)
    return np.max(patches, axis=(1, 3))


def of_maxpool_grid(patches):
    """`patches`: the number of windows after which the function returns."""
    dE_dk = np.zeros_like(GRID)
    for h, w in [(h, w) for h in range(2) for w in range(3)][:patches]:
        patch = GRID[2 * h : 2 * h + 2, 2 * w : 2 * w + 2]
        dE_dk[2 * h : 2 * h + 2, 2 * w : 2 * w + 2] = (patch == patch.max(axis=(0, 1))) * UP_GRID[h, w]
    return {"image": dE_dk}


def meanpool(image):
    h, w, c = image.shape
    return image.reshape(h // 2, 2, w // 2, 2, c).mean(axis=(1, 3))


def of_meanpool(share):
    return {"image": share * UP_GRID.repeat(2, axis=0).repeat(2, axis=1)}


def avgpool_ceil(x):
    """Average pooling whose last window has a single column, and is divided by 1."""
    return np.stack([x[:, t : t + 2].mean(axis=1) for t in range(0, 7, 2)], axis=1)


def of_avgpool_ceil(last):
    return {"x": np.repeat(UP_AVG, 2, axis=1)[:, :7] * np.array([0.5] * 6 + [last])}


def case(name, where, says, forward, inputs, right, wrong, upstream):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


CASES = [
    case("the stride forgotten on the way back", "Kulbear/deep-learning-coursera/pull/34",
         ("window", "stride", "slice"), conv_forward, {"A_prev": IMAGE, "W": FILTERS, "b": BIAS}, of_conv,
         lambda: of_conv(1), UP),
    case("a bias summed as if channels came first", "deeplearning4j/deeplearning4j/issues/8280", ("axis", "axes"),
         channels_last, {"x": ROWS, "bias": ROW_BIAS}, lambda: of_channels_last((0, 1, 2)),
         lambda: of_channels_last((0, 2, 3)), UP_ROWS),
    case("kernels in reverse order", "ddbourgin/numpy-ml/issues/27", ("revers", "flip", "order"), conv1d,
         {"x": SIGNAL, "w": KERNELS}, of_conv1d, lambda: of_conv1d("flipped"), UP1),
    case("columns set, not added", "oreilly-japan/deep-learning-from-scratch/issues/27", ("add", "last", "overlap",
         "use", "columns"), conv1d, {"x": SIGNAL, "w": KERNELS}, of_conv1d, lambda: of_conv1d("set"), UP1),
    case("overlapping windows set, not added", "ahrefs/ocannl/issues/512", ("add", "last", "overlap", "use", "twice"),
         maxpool_overlapping, {"x": LINE}, of_maxpool, lambda: of_maxpool(False), UP_MAX),
    case("back after the first patch", "riccardoandreoni0/CNN-from-scratch/issues/1", ("first", "\\[0",
         "alone"), maxpool, {"image": GRID}, lambda: of_maxpool_grid(6), lambda: of_maxpool_grid(1), UP_GRID),
    case("a mean's gradient whole to each", "rasmusbergpalm/DeepLearnToolbox/issues/129", ("\\b4\\b", "mean", "sum"),
         meanpool, {"image": GRID}, lambda: of_meanpool(0.25), lambda: of_meanpool(1.0), UP_GRID),
    case("the overhanging window divided by its whole size", "tracel-ai/burn/issues/5604", ("½", "0\\.5", "column",
         "last", "half", "mean"), avgpool_ceil, {"x": LINE}, lambda: of_avgpool_ceil(1.0),
         lambda: of_avgpool_ceil(0.5), UP_AVG),
]  # fmt: skip

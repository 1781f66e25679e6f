"""Held out from the search: convolutions by loops and by columns, pooling."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw

IMAGES, FILTERS, BIAS, UP = draw(251, (2, 2, 4, 4), (2, 2, 3, 3), 2, (2, 2, 4, 4))
CONV = {"x": IMAGES, "w": FILTERS, "b": BIAS}


def conv_padded(x, w, b):
    """A convolution with stride 1 and a zero padding of 1; the axes are images, channels, rows, columns."""
    pad = 1
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros_like(x, shape=(2, 2, 4, 4))
    for n in range(2):
        for f in range(2):
            for i in range(4):
                for j in range(4):
                    out[n, f, i, j] = np.sum(x_pad[n, :, i : i + 3, j : j + 3] * w[f]) + b[f]
    return out


def of_conv(fault=""):
    padded = np.pad(IMAGES, ((0, 0), (0, 0), (1, 1), (1, 1)))
    dx, dw = np.zeros_like(padded), np.zeros_like(FILTERS)
    for n in range(2):
        seen = padded[1 if "last image" in fault else n]
        for f in range(2):
            for i in range(4):
                for j in range(4):
                    window = np.s_[:, i : i + 3, j : j + 3]
                    dw[f] += seen[window] * UP[n, f, i, j]
                    w = FILTERS[f, ::-1] if "channel" in fault else FILTERS[f]
                    w = w.transpose(0, 2, 1) if "rotated" in fault else w
                    dx[n][window] += w * UP[n, f, i, j]
    db = UP.sum(axis=(0, 2, 3))
    at = 0 if "corner" in fault else 1
    if "weights" in fault:
        dw = dw / (2 * 4 * 4)
    if "windows" in fault:
        dw, db = dw / 16, db / 16
    if "bias" in fault:
        db = db / 2
    if "rows" in fault:
        db = UP.sum(axis=(1, 2, 3))
    return {"x": dx[:, :, at : at + 4, at : at + 4], "w": dw, "b": db}


SIGNAL, KERNELS, UP_COL = draw(252, (2, 2, 7), (2, 2, 3), (2, 2, 3))
LINE = {"x": SIGNAL, "w": KERNELS}


def conv_by_columns(x, w):
    """A convolution with stride 2, with a column for each window."""
    cols = np.stack([x[:, :, t : t + 3].reshape(2, 6) for t in (0, 2, 4)], axis=2)
    W_row = w.reshape(2, 6)
    return np.stack([W_row @ cols[n] for n in range(2)])


def of_columns(fault=""):
    cols = np.stack([SIGNAL[:, :, t : t + 3].reshape(2, 6) for t in (0, 2, 4)], axis=2)
    dcols = np.stack([KERNELS.reshape(2, 6).T @ UP_COL[n] for n in range(2)])
    dx = np.zeros_like(SIGNAL)
    for k, t in enumerate((0, 1, 2) if "stride" in fault else (0, 2, 4)):
        piece = dcols[:, :, k].reshape(2, 2, 3)
        dx[:, :, t : t + 3] = piece if "set" in fault else dx[:, :, t : t + 3] + piece
    dw = np.sum([UP_COL[n] @ cols[n].T for n in range(2)], axis=0)
    if "reshaped" in fault:
        dw = UP_COL.reshape(2, -1) @ cols.transpose(1, 0, 2).reshape(6, -1).T
    if "mean" in fault:
        dw = dw / 2
    return {"x": dx, "w": dw.reshape(2, 2, 3)}


GRID, UP_GRID, UP_OVER = draw(253, (2, 4, 4), (2, 2, 2), (2, 3, 3))


def max_pool(x):
    out = np.zeros_like(x, shape=(2, 2, 2))
    for i in range(2):
        for j in range(2):
            out[:, i, j] = np.max(x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2], axis=(1, 2))
    return out


def average_pool(x):
    out = np.zeros_like(x, shape=(2, 2, 2))
    for i in range(2):
        for j in range(2):
            out[:, i, j] = np.mean(x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2], axis=(1, 2))
    return out


def average_overlapping(x):
    out = np.zeros_like(x, shape=(2, 3, 3))
    for i in range(3):
        for j in range(3):
            out[:, i, j] = np.mean(x[:, i : i + 2, j : j + 2], axis=(1, 2))
    return out


def of_max(masked=True):
    dx = np.zeros_like(GRID)
    for i in range(2):
        for j in range(2):
            at = np.s_[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            mask = GRID[at] == GRID[at].max(axis=(1, 2), keepdims=True)
            dx[at] += (mask if masked else 1) * UP_GRID[:, i, j][:, None, None]
    return {"x": dx}


def of_average(share=0.25):
    return {"x": share * UP_GRID.repeat(2, axis=1).repeat(2, axis=2)}


def of_overlapping(fault=""):
    dx = np.zeros_like(GRID)
    for i in range(3):
        for j in range(3):
            g = 0.25 * UP_OVER[:, i, j][:, None, None]
            at = np.s_[:, i : i + 2, j : j + 2]
            dx[at] = g + (0 if fault == "set" else dx[at])
    return {"x": dx}


def conv(name, where, says, fault):
    return Mistake(name, GIT + where, conv_padded, CONV, of_conv, lambda: of_conv(fault), says, UP)


def columns(name, where, says, fault):
    return Mistake(name, GIT + where, conv_by_columns, LINE, of_columns, lambda: of_columns(fault), says, UP_COL)


def pool(name, where, says, forward, right, wrong, upstream=UP_GRID):
    return Mistake(name, GIT + where, forward, {"x": GRID}, right, wrong, says, upstream)


ADDED = ("add", "last", "overlap", "more than once", "twice", "use", "set")
CASES = [
    conv("the bias averaged over the images", "heyxhh/nnet-numpy/issues/1", ("½", "1/2", "0\\.5", "half", "mean"),
         "bias"),
    conv("the filters' gradient averaged over images and places", "sebgao/cTensor/issues/3", ("1/32", "0\\.03125",
         "mean", "32"), "weights"),
    conv("filters and bias averaged over the windows", "Oneflow-Inc/oneflow/pull/255", ("1/16", "0\\.0625", "mean",
         "16"), "windows"),
    conv("the other channel's filter", "NervanaSystems/neon/issues/111", ("revers", "channel", "order", "flip", "axis"),
         "channel"),
    conv("the last image for every image", "iacopomasi/AI-ML-Unit-2/pull/50", ("last", "x\\[1\\]", "image", "n = 1",
         "x_pad"), "last image"),
    conv("the border cut off at the wrong side", "renmengye/np-conv2d/pull/2", ("pad", "shift", "border", "slice"),
         "corner"),
    conv("the bias summed over the filters", "StanfordAHA/aha/pull/1885", ("axis", "axes"), "rows"),
    conv("the filters transposed", "atulshanbhag/Layerwise-Relevance-Propagation/issues/6", ("transpos", "order"),
         "rotated"),
    conv("the filters transposed, and the bias averaged", "heyxhh/nnet-numpy/issues/1",
         ("(transpos|order).*(½|1/2|half|mean|0\\.5)", "(½|1/2|half|mean|0\\.5).*(transpos|order)"), "rotated bias"),
    columns("the columns set at their places", "devitocodes/joey/pull/5", ADDED, "set"),
    columns("the columns' stride forgotten", "enggen/Deep-Learning-Coursera/issues/7", ("stride", "window", "slice",
            "place"), "stride"),
    columns("a reshape for a transpose", "joaopauloschuler/neural-api/issues/103", ("reshape", "transpos", "order",
            "axes"), "reshaped"),
    columns("the kernels' gradient averaged over the batch", "heyxhh/nnet-numpy/issues/1", ("½", "1/2", "0\\.5", "half",
            "mean"), "mean"),
    pool("every place of a window gets the gradient", "mashmawy/AlbiruniML/issues/2", ("mask", "max", "all", "every"),
         max_pool, of_max, lambda: of_max(masked=False)),
    pool("an average's gradient divided by 2", "deeplearning4j/deeplearning4j/pull/1951", ("twice", "2 times",
         "factor 2", "½", "mean"), average_pool, of_average, lambda: of_average(0.5)),
    pool("nothing through average pooling", "mashmawy/AlbiruniML/issues/2", ("zero", "0", "missing", "nothing"),
         average_pool, of_average, lambda: of_average(0.0)),
    pool("overlapping averages set", "harvard-edge/cs249r_book/pull/1885", ADDED, average_overlapping, of_overlapping,
         lambda: of_overlapping("set"), UP_OVER),
]  # fmt: skip

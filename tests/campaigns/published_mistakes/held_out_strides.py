"""Held out from the search: convolutions by signal processing, strides, flattening, parts, resizing, 1-D, dilation."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

XO, WO, BO, DO = draw(941, (2, 2, 5, 5), (3, 2, 3, 3), 3, (2, 3, 3, 3))
IM2COL = {"x": XO, "W": WO, "b": BO}


def im2col(x, size, stride, pad, empty):
    """Returns the windows of images as rows: (N · out_h · out_w, C · size · size)."""
    N, C, H, W = x.shape
    out_h, out_w = (H + 2 * pad - size) // stride + 1, (W + 2 * pad - size) // stride + 1
    img = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant")
    col = empty((N, C, size, size, out_h, out_w))
    for i in range(size):
        for j in range(size):
            col[:, :, i, j] = img[:, :, i : i + stride * out_h : stride, j : j + stride * out_w : stride]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * out_h * out_w, -1)


def col2im(col, shape, size, stride, pad, add=True):
    N, C, H, W = shape
    out_h, out_w = (H + 2 * pad - size) // stride + 1, (W + 2 * pad - size) // stride + 1
    col = col.reshape(N, out_h, out_w, C, size, size).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad + stride - 1, W + 2 * pad + stride - 1))
    for i in range(size):
        for j in range(size):
            at = np.s_[:, :, i : i + stride * out_h : stride, j : j + stride * out_w : stride]
            img[at] = col[:, :, i, j] + (img[at] if add else 0)
    return img[:, :, pad : H + pad, pad : W + pad]


def convolution(x, W, b):
    FN = W.shape[0]
    col = im2col(x, 3, 2, 1, lambda shape: np.zeros_like(x, shape=shape))
    out = col @ W.reshape(FN, -1).T + b
    return out.reshape(x.shape[0], 3, 3, FN).transpose(0, 3, 1, 2)


def of_convolution(fault=""):
    col = im2col(XO, 3, 2, 1, np.zeros)
    dout = DO.reshape(-1, 3) if fault == "dout" else DO.transpose(0, 2, 3, 1).reshape(-1, 3)
    dW = col.T @ dout
    dW = dW.reshape(WO.shape) if fault == "dW" else dW.transpose(1, 0).reshape(WO.shape)
    dcol = dout @ WO.reshape(3, -1)
    return {"x": col2im(dcol, XO.shape, 3, 2, 1, add=fault != "set"), "W": dW, "b": dout.sum(axis=0)}


XP, DP = draw(942, (2, 3, 4, 4), (2, 3, 2, 2))


def pooling(x):
    col = im2col(x, 2, 2, 0, lambda shape: np.zeros_like(x, shape=shape)).reshape(-1, 4)
    out = np.max(col, axis=1)
    return out.reshape(2, 2, 2, 3).transpose(0, 3, 1, 2)


def of_pooling(fault=""):
    arg_max = im2col(XP, 2, 2, 0, np.zeros).reshape(-1, 4).argmax(axis=1)
    dout = DP if fault == "dout" else DP.transpose(0, 2, 3, 1)
    dmax = np.zeros((dout.size, 4))
    dmax[np.arange(dout.size), arg_max] = dout.flatten()
    return {"x": col2im(dmax.reshape(8, -1), XP.shape, 2, 2, 0)}


XS, KS, BS, DS = draw(943, (2, 5, 5), (3, 2, 3, 3), (3, 3, 3), (3, 3, 3))
SIGNAL = {"input": XS, "kernels": KS, "biases": BS}


def correlate2d(x, k, mode="valid"):
    if mode == "full":
        x = np.pad(x, ((k.shape[0] - 1,) * 2, (k.shape[1] - 1,) * 2))
    rows, columns = x.shape[0] - k.shape[0] + 1, x.shape[1] - k.shape[1] + 1
    return np.array([[np.sum(x[i : i + k.shape[0], j : j + k.shape[1]] * k) for j in range(columns)]
                     for i in range(rows)])  # fmt: skip


def convolutional(input, kernels, biases):  # noqa: A002 — as people call it
    output = np.copy(biases)
    for i in range(3):
        for j in range(2):
            output[i] += correlate2d(input[j], kernels[i, j], "valid")
    return output


def of_convolutional(fault=""):
    kernels_gradient, input_gradient = np.zeros_like(KS), np.zeros_like(XS)
    for i in range(3):
        for j in range(2):
            kernels_gradient[i, j] = correlate2d(XS[j], DS[i], "valid")
            k = KS[i, j] if fault == "correlate" else KS[i, j, ::-1, ::-1]
            if fault == "set":
                input_gradient[j] = correlate2d(DS[i], k, "full")
            else:
                input_gradient[j] += correlate2d(DS[i], k, "full")
    return {"input": input_gradient, "kernels": kernels_gradient, "biases": DS}


XR, KR, DR = draw(944, (2, 5, 8), (2, 3, 3, 2), (3, 4, 4))


def two_strides(x, w):
    """Kernels 3 × 2 of a picture: one step down, two steps to the right; three steps down in all."""
    xp = np.pad(x, ((0, 0), (1, 0), (0, 0)))
    out = []
    for f in range(3):
        for i in range(4):
            for j in range(4):
                out.append(np.sum(xp[:, i * 1 : i * 1 + 3, j * 2 : j * 2 + 2] * w[:, f]))
    return np.array(out).reshape(3, 4, 4)


def of_strides(fault=""):
    xp = np.pad(XR, ((0, 0), (1, 0), (0, 0)))
    dxp, dw = np.zeros((2, 12, 12)), np.zeros_like(KR)
    for f, i, j in np.ndindex(3, 4, 4):
        down, right = (2, 1) if fault == "exchanged" else (1, 1) if fault == "one" else (1, 2)
        dxp[:, i * down : i * down + 3, j * right : j * right + 2] += DR[f, i, j] * KR[:, f]
        dw[:, f] += DR[f, i, j] * xp[:, i : i + 3, j * 2 : j * 2 + 2]
    return {"x": dxp[:, 1:6, :8], "w": dw}


XD, KD, DD = draw(945, (2, 6, 6), (2, 2), (2, 4, 4))


def dilated(x, k):
    out = np.zeros_like(x, shape=(2, 4, 4))
    for n in range(2):
        for i in range(4):
            for j in range(4):
                out[n, i, j] = np.sum(x[n, i : i + 3 : 2, j : j + 3 : 2] * k)
    return out


def of_dilated(fault=""):
    dx, dk = np.zeros_like(XD), np.zeros_like(KD)
    for n, i, j in np.ndindex(2, 4, 4):
        at = np.s_[i : i + 2, j : j + 2] if fault == "dk" else np.s_[i : i + 3 : 2, j : j + 3 : 2]
        dk += XD[n][at] * DD[n, i, j]
        dx[n, i : i + 3 : 2, j : j + 3 : 2] += KD * DD[n, i, j]
    return {"x": dx, "k": dk}


XF, WF, BF, YF = draw(946, (4, 2, 3, 2), (5, 12), (5, 1), (5, 4))
COLUMNS = {"A": XF, "W": WF, "b": BF}


def flatten_to_columns(A, W, b):
    """Images, flattened to a column for each example, and a layer with tanh."""
    m = A.shape[0]
    F = A.reshape(m, -1).T
    Z = W @ F + b
    return np.sum((np.tanh(Z) - YF) ** 2) / (2 * m)


def of_columns(fault=""):
    F = XF.reshape(4, -1).T
    T = np.tanh(WF @ F + BF)
    dZ = (T - YF) * (1 - T**2) / 4
    dF = WF.T @ dZ
    dA = dF.reshape(XF.shape) if fault == "reshape" else dF.T.reshape(XF.shape)
    return {"A": dA, "W": dZ @ F.T, "b": dZ.mean(axis=1, keepdims=True) if fault == "bias" else
            dZ.sum(axis=1, keepdims=True)}  # fmt: skip


XI, K1, K3, KP, DI = draw(947, (2, 3, 4), (3, 2), (3, 2), (3, 2), (2, 6, 4))
INCEPTION = {"x": XI, "w1": K1, "w3": K3, "wp": KP}


def inception(x, w1, w3, wp):
    """Three branches of two channels each, joined along the channels."""
    b1 = np.einsum("ncl,co->nol", x, w1)
    b3 = np.maximum(np.einsum("ncl,co->nol", x, w3), 0)
    bp = np.tanh(np.einsum("ncl,co->nol", x, wp))
    return np.concatenate([b1, b3, bp], axis=1)


def of_inception(fault=""):
    z3, bp = np.einsum("ncl,co->nol", XI, K3), np.tanh(np.einsum("ncl,co->nol", XI, KP))
    d1, d3, dp = np.split(DI, 3, axis=1)
    if fault == "offset":
        d3 = DI[:, :2]
    d3, dp = d3 * (z3 > 0), dp * (1 - bp**2)
    dx = sum(np.einsum("nol,co->ncl", d, k) for d, k in ((d1, K1), (d3, K3), (dp, KP)))
    if fault == "last branch":
        dx = np.einsum("nol,co->ncl", dp, KP)
    w1, w3, wp = (np.einsum("ncl,nol->co", XI, d) for d in (d1, d3, dp))
    return {"x": dx, "w1": w1, "w3": w3, "wp": wp}


A2, B2, V2, D2 = draw(948, (3, 3), (3, 3), (3, 2), (6, 2))


def joined_rows(a, b, v):
    return np.tanh(np.vstack([a, b]) @ v)


def of_joined(fault=""):
    both = np.vstack([A2, B2])
    d = D2 * (1 - np.tanh(both @ V2) ** 2)
    da, db = np.split(d @ V2.T, 2)
    if fault == "exchanged":
        da, db = db, da
    return {"a": da, "b": db, "v": both.T @ d}


XN, DN = draw(949, (2, 4, 6), (2, 2, 3))


def downsample(x):
    return x[:, ::2, ::2]


def of_downsample(fault=""):
    dx = np.zeros_like(XN)
    if fault == "corner":
        dx[:, 1::2, 1::2] = DN
    elif fault == "repeat":
        dx = DN.repeat(2, axis=1).repeat(2, axis=2)
    else:
        dx[:, ::2, ::2] = DN
    return {"x": dx}


XE, S1, S2, DE = draw(950, (2, 4, 3, 3), (4, 2), (2, 4), (2, 4, 3, 3))
GATES = {"x": XE, "w1": S1, "w2": S2}


def channel_gates(x, w1, w2):
    squeezed = x.sum(axis=(2, 3)) / 9.0
    hidden = squeezed @ w1
    hidden = hidden * (hidden > 0)
    gate = sigmoid(hidden @ w2)
    return np.einsum("nchw,nc->nchw", x, gate)


def of_gates(fault=""):
    squeezed = XE.mean(axis=(2, 3))
    hidden = np.maximum(squeezed @ S1, 0)
    gate = sigmoid(hidden @ S2)
    dgate = np.einsum("nchw,nchw->nc", DE, XE)
    dz = dgate if fault == "slope" else dgate * gate * (1 - gate)
    dh = dz @ S2.T * (1 if fault == "mask" else hidden > 0)
    dx = DE * gate[:, :, None, None] + (dh @ S1.T)[:, :, None, None] / 9
    return {"x": dx, "w1": squeezed.T @ dh, "w2": hidden.T @ dz}


OREILLY = "oreilly-japan/deep-learning-from-scratch/issues/27"
COL2IM = "hguomin/deep-learning-from-scratch/issues/2"
NUMPY_ML = "ddbourgin/numpy-ml/issues/27"
ROWS_AND_COLUMNS = "renmengye/np-conv2d/pull/2"
KEANU = "improbable-research/keanu/pull/279"
NEAREST = "pytorch/pytorch/issues/38985"
LINES = "https://techutils.in/blog/2020/07/11/stackbounty-neural-network-deep-learning-mathematics-how-propagate-the-error-delta-in-backpropagation-in-convolutional-neural-netw/"
ORDER = ("reshape", "transpos", "order", "axes")
CASES = [
    case("columns set in col2im", COL2IM, ("add", "last", "overlap", "use", "set", "twice"), convolution, IM2COL,
         of_convolution, "set", DO),
    case("dout reshaped before its transpose", OREILLY, ORDER, convolution, IM2COL, of_convolution, "dout", DO),
    case("the filters' gradient reshaped, not transposed, by columns", OREILLY, ORDER, convolution, IM2COL,
         of_convolution, "dW", DO),
    case("pooling's gradient flattened in the order of the channels", OREILLY, ORDER, pooling, {"x": XP}, of_pooling,
         "dout", DP),
    case("a full correlation, channel by channel", NUMPY_ML, ("revers", "flip", "180", "order"), convolutional, SIGNAL,
         of_convolutional, "correlate", DS),
    case("the last kernel's part of the input's gradient", NUMPY_ML, ("last", "add", "path", "only", "sum"),
         convolutional, SIGNAL, of_convolutional, "set", DS),
    case("the two strides exchanged", ROWS_AND_COLUMNS, ("stride", "exchang", "step"), two_strides,
         {"x": XR, "w": KR}, of_strides, "exchanged", DR),
    case("one stride of two forgotten", ROWS_AND_COLUMNS, ("stride", "step"), two_strides, {"x": XR, "w": KR},
         of_strides, "one", DR),
    case("no dilation for the kernel's gradient", "pytorch/pytorch/issues/15501", ("dilation", "stride", "step"),
         dilated, {"x": XD, "k": KD}, of_dilated, "dk", DD),
    case("columns unflattened without a transpose", LINES, ORDER, flatten_to_columns, COLUMNS, of_columns, "reshape"),
    case("a bias averaged over columns", "jimfleming/differentiation/issues/1", ("mean", "1/4", "0\\.25"),
         flatten_to_columns, COLUMNS, of_columns, "bias"),
    case("a branch reads the first branch's channels", KEANU, ("b1", "part", "first", "channel", "place", "offset"),
         inception, INCEPTION, of_inception, "offset", DI),
    case("the last of three branches alone", KEANU, ("path", "last", "only", "bp"), inception, INCEPTION, of_inception,
         "last branch", DI),
    case("stacked parts exchanged", KEANU, ("exchang", "swap", "each other"), joined_rows,
         {"a": A2, "b": B2, "v": V2}, of_joined, "exchanged", D2),
    case("the other corner of each block", NEAREST, ("place", "shift", "start", "moved", "step", "one place"),
         downsample, {"x": XN}, of_downsample, "corner", DN),
    case("every place of each block", NEAREST, ("every", "all", "repeat", "place", "block", "not taken"), downsample,
         {"x": XN}, of_downsample, "repeat", DN),
    case("σ′ forgotten at a channel's gate", "BVLC/caffe/issues/6604", ("slope", "σ′", "sigmoid", "derivative"),
         channel_gates, GATES, of_gates, "slope", DE),
    case("relu's mask forgotten between squeeze and gate", "BVLC/caffe/issues/6604", ("mask", "hidden > 0", "slope"),
         channel_gates, GATES, of_gates, "mask", DE),
]  # fmt: skip

"""Held out from the search: convolutions of other forms, by shifts, by index arrays, transposed, causal; flattening."""

import numpy as np

from tests.campaigns.record import case, draw

FORUM = "https://community.deeplearning.ai/t/"

A_PREV, KERNEL, BIAS, DZ = draw(801, (2, 5, 5, 2), (3, 3, 2, 3), (1, 1, 1, 3), (2, 3, 3, 3))
CONV = {"A_prev": A_PREV, "W": KERNEL, "b": BIAS}


def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    return np.sum(s) + np.sum(b)


def conv_forward(A_prev, W, b):
    """A convolution with stride 2 and padding 1; the axes are examples, rows, columns, channels."""
    m, stride, f = 2, 2, 3
    A_prev_pad = np.pad(A_prev, ((0, 0), (1, 1), (1, 1), (0, 0)))
    rows = []
    for i in range(m):
        for h in range(3):
            for w in range(3):
                for c in range(3):
                    v, u = h * stride, w * stride
                    a_slice = A_prev_pad[i, v : v + f, u : u + f, :]
                    rows.append(conv_single_step(a_slice, W[:, :, :, c], b[0, 0, 0, c]))
    return np.array(rows).reshape(2, 3, 3, 3)


def conv_backward(fault=""):
    padded = np.pad(A_PREV, ((0, 0), (1, 1), (1, 1), (0, 0)))
    dpad, dW, db = np.zeros_like(padded), np.zeros_like(KERNEL), np.zeros_like(BIAS)
    for i in range(2):
        for h in range(3):
            for w in range(3):
                for c in range(3):
                    step = 1 if fault == "stride" else 2
                    at = np.s_[h * step : h * step + 3, w * step : w * step + 3]
                    seen = np.s_[h : h + 3, w : w + 3] if fault == "stride of dW" else at
                    kernel = KERNEL[:, :, :, c]
                    if fault == "rotated":
                        kernel = np.rot90(kernel, 2)
                    dpad[i][at] += kernel * DZ[i, h, w, c]
                    dw, d = padded[i][seen] * DZ[i, h, w, c], DZ[i, h, w, c]
                    if fault == "dW set":
                        dW[:, :, :, c] = dw
                    else:
                        dW[:, :, :, c] += dw
                    db[:, :, :, c] = d if fault == "db set" else db[:, :, :, c] + d
    return {"A_prev": dpad if fault == "padded" else dpad[:, 1:-1, 1:-1], "W": dW, "b": db}


PICTURE, KERNELS, UP = draw(802, (2, 5, 6), (3, 2, 2, 3), (3, 4, 4))
SHIFTS = {"x": PICTURE, "K": KERNELS}


def conv_by_shifts(x, K):
    """A convolution without padding, as a sum over the places of the kernel."""
    out = 0.0
    for a in range(2):
        for b in range(3):
            out = out + np.tensordot(K[:, :, a, b], x[:, a : a + 4, b : b + 4], axes=1)
    return out


def full(image, kernel):
    """Returns the full cross-correlation of two matrices."""
    image = np.pad(image, ((1, 1), (2, 2)))
    return np.array([[np.sum(image[i : i + 2, j : j + 3] * kernel) for j in range(6)] for i in range(5)])


def of_shifts(fault=""):
    dx, dK = np.zeros_like(PICTURE), np.zeros_like(KERNELS)
    for d in range(3):
        for c in range(2):
            kernel = KERNELS[d, c] if fault == "not flipped" else KERNELS[d, c, ::-1, ::-1]
            dx[c] += full(UP[d], kernel)
            for a in range(2):
                for b in range(3):
                    dK[d, c, a, b] = np.sum(PICTURE[c, a : a + 4, b : b + 4] * UP[d])
    return {"x": dx, "K": dK[:, :, ::-1, ::-1] if fault == "reversed" else dK}


X, W, B, DOUT = draw(803, (2, 2, 4, 4), (3, 2, 3, 3), 3, (2, 3, 4, 4))
FAST = {"x": X, "w": W, "b": B}


def indices():
    i = np.tile(np.repeat(np.arange(3), 3), 2)[:, None] + np.repeat(np.arange(4), 4)[None]
    j = np.tile(np.arange(3), 6)[:, None] + np.tile(np.arange(4), 4)[None]
    return np.repeat(np.arange(2), 9)[:, None], i, j


def conv_im2col(x, w, b):
    """A convolution with padding 1 by one product; the columns are taken by arrays of indices."""
    k, i, j = indices()
    x_padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    cols = x_padded[:, k, i, j]
    x_cols = cols.transpose(1, 2, 0).reshape(18, -1)
    res = w.reshape(3, -1) @ x_cols + b.reshape(-1, 1)
    return res.reshape(3, 4, 4, 2).transpose(3, 0, 1, 2)


def of_im2col(fault=""):
    k, i, j = indices()
    x_cols = np.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1)))[:, k, i, j].transpose(1, 2, 0).reshape(18, -1)
    dout = DOUT.transpose(1, 2, 3, 0).reshape(3, -1)
    if fault == "axes":
        dout = DOUT.transpose(1, 0, 2, 3).reshape(3, -1)
    dw = dout @ x_cols.T
    dx_cols = (W.reshape(3, -1).T @ dout).reshape(18, 16, 2).transpose(2, 0, 1)
    if fault == "cols":
        dx_cols = (W.reshape(3, -1).T @ dout).reshape(2, 18, 16)
    dpad = np.zeros((2, 2, 6, 6))
    if fault == "set":
        dpad[:, k, i, j] += dx_cols
    else:
        np.add.at(dpad, (slice(None), k, i, j), dx_cols)
    db = np.sum(dout, axis=1)
    return {"x": dpad[:, :, 1:-1, 1:-1], "w": dw.reshape(W.shape), "b": db}


XR, WR, DR = draw(804, (2, 2, 4, 4), (3, 2, 2, 2), (2, 3, 3, 3))
ROWS = {"x": XR, "w": WR}


def im2col(x):
    col = np.stack([x[:, :, a : a + 3, b : b + 3] for a in range(2) for b in range(2)], axis=2)
    return col.reshape(2, 2, 4, 9).transpose(0, 3, 1, 2).reshape(18, 8)


def conv_rows(x, w):
    """A convolution with a row for each window."""
    col = im2col(x)
    col_W = w.reshape(3, -1).T
    out = col @ col_W
    return out.reshape(2, 3, 3, 3).transpose(0, 3, 1, 2)


def of_rows(fault=""):
    dout = DR.transpose(0, 2, 3, 1).reshape(-1, 3)
    dW = im2col(XR).T @ dout
    dW = dW.reshape(3, 2, 2, 2) if fault == "dW" else dW.T.reshape(3, 2, 2, 2)
    dcol = (dout @ WR.reshape(3, -1)).reshape(2, 3, 3, 2, 2, 2).transpose(0, 3, 4, 5, 1, 2)
    if fault == "reshape":
        dcol = (dout @ WR.reshape(3, -1)).reshape(2, 2, 2, 2, 3, 3)
    dx = np.zeros_like(XR)
    for a in range(2):
        for b in range(2):
            dx[:, :, a : a + 3, b : b + 3] += dcol[:, :, a, b]
    return {"x": dx, "w": dW}


Z, WT, BT, DT = draw(805, (2, 2, 3), (2, 3, 4), 3, (2, 3, 8))
UPWARDS = {"x": Z, "w": WT, "b": BT}


def conv_transposed(x, w, b):
    """A transposed convolution of signals with stride 2."""
    out = np.zeros_like(x, shape=(2, 3, 8))
    for t in range(3):
        out[:, :, 2 * t : 2 * t + 4] += np.einsum("nc,cdk->ndk", x[:, :, t], w)
    return out + b[None, :, None]


def of_transposed(fault=""):
    dx, dw = np.zeros_like(Z), np.zeros_like(WT)
    for t in range(3):
        at = t if fault == "stride" else 2 * t
        dx[:, :, t] = np.einsum("ndk,cdk->nc", DT[:, :, at : at + 4], WT[:, :, ::-1] if fault == "flip" else WT)
        dw += np.einsum("nc,ndk->cdk", Z[:, :, t], DT[:, :, 2 * t : 2 * t + 4])
    return {"x": dx, "w": dw, "b": DT.sum(axis=(0, 2))}


WAVE, WF, WG, DW = draw(806, (2, 9), (3, 2, 2), (3, 2, 2), (3, 9))
GATED = {"x": WAVE, "Wf": WF, "Wg": WG}


def causal(x, W):
    past = np.concatenate([np.zeros((2, 2)), x[:, :-2]], axis=1)
    return W[:, :, 0] @ past + W[:, :, 1] @ x


def gated_causal(x, Wf, Wg):
    """WaveNet's gated activation after two causal convolutions with dilation 2."""
    f = np.tanh(causal(x, Wf))
    g = 1 / (1 + np.exp(-causal(x, Wg)))
    return f * g


def of_gated(fault=""):
    past = np.concatenate([np.zeros((2, 2)), WAVE[:, :-2]], axis=1)
    f, g = np.tanh(causal(WAVE, WF)), 1 / (1 + np.exp(-causal(WAVE, WG)))
    df, dg = DW * g * (1 - f**2), DW * f * g * (1 - g)
    if fault == "gate":
        dg = DW * g * (1 - g)
    if fault == "dilation":
        past = np.concatenate([np.zeros((2, 1)), WAVE[:, :-1]], axis=1)
    dpast = WF[:, :, 0].T @ df + WG[:, :, 0].T @ dg
    moved = np.concatenate([dpast[:, 2:], np.zeros((2, 2))], axis=1)
    if fault == "future":
        moved = np.concatenate([np.zeros((2, 2)), dpast[:, :-2]], axis=1)
    dx = WF[:, :, 1].T @ df + WG[:, :, 1].T @ dg + moved
    return {"x": dx, "Wf": np.stack([df @ past.T, df @ WAVE.T], 2), "Wg": np.stack([dg @ past.T, dg @ WAVE.T], 2)}


def steps(name, where, says, fault):
    return case(name, where, says, conv_forward, CONV, conv_backward, fault, DZ)


ORDER = ("revers", "order", "flip", "rotat", "transpos")
LAST = ("last", "set", "alone", "only", "add")
CASES = [
    steps("the kernel turned by 180°, though the places do that", FORUM +
          "should-it-have-a-rot180-on-filter-to-calculate-da-prev/121204", ORDER, "rotated"),
    steps("no stride on the way back", "Kulbear/deep-learning-coursera/pull/34", ("stride", "place", "window"),
          "stride"),
    steps("no stride for the weights' windows alone", "Kulbear/deep-learning-coursera/pull/34", ("stride", "place",
          "window"), "stride of dW"),
    steps("the weights' gradient set at each place", FORUM + "c4w1-optional-assignment-1-back-propagation/863333", LAST,
          "dW set"),
    steps("the bias's gradient set at each place", FORUM + "c4w1-optional-assignment-1-back-propagation/863333", LAST,
          "db set"),
    steps("the padding is still there", FORUM + "c4w1-optional-assignment-1-back-propagation/863333", ("pad",),
          "padded"),
    case("a full correlation for a full convolution", "nntrainer/nntrainer/issues/705", ORDER, conv_by_shifts, SHIFTS,
         of_shifts, "not flipped", UP),
    case("the kernels' gradient comes out reversed", "https://end-to-end-machine-learning.teachable.com/courses/"
         "322-convolutional-neural-networks-in-two-dimensions/lectures/24726662", ORDER, conv_by_shifts, SHIFTS,
         of_shifts, "reversed", UP),
    case("+= with indices that repeat", "karpathy/nn-zero-to-hero/issues/57", ("repeat", "last", "once", "more than",
         "add"), conv_im2col, FAST, of_im2col, "set", DOUT),
    case("the gradient's axes in the order of the images", "ravin-d-27/PyDeepFlow/issues/84", ("reshape", "transpos",
         "order", "axes"), conv_im2col, FAST, of_im2col, "axes", DOUT),
    case("the columns reshaped, not transposed", "ravin-d-27/PyDeepFlow/issues/84", ("reshape", "transpos", "order",
         "axes"), conv_im2col, FAST, of_im2col, "cols", DOUT),
    case("the weights' gradient reshaped, not transposed", "nntrainer/nntrainer/issues/705", ("reshape", "transpos",
         "order", "axes"), conv_rows, ROWS, of_rows, "dW", DR),
    case("the windows' gradient reshaped, not transposed", "ravin-d-27/PyDeepFlow/pull/85", ("reshape", "transpos",
         "order", "axes"), conv_rows, ROWS, of_rows, "reshape", DR),
    case("no stride back through a transposed convolution", "pytorch/pytorch/issues/63314", ("stride", "place",
         "window"), conv_transposed, UPWARDS, of_transposed, "stride", DT),
    case("the kernel flipped in a transposed convolution", "nntrainer/nntrainer/issues/705", ORDER, conv_transposed,
         UPWARDS, of_transposed, "flip", DT),
    case("no dilation for the kernels", "f-dangel/backpack/issues/30", ("dilat", "shift", "place", "window", "slice"),
         gated_causal, GATED, of_gated, "dilation", DW),
    case("shifted to the future, not to the past", "f-dangel/backpack/issues/30", ("shift", "place", "direction",
         "way", "order", "dpast", "past"), gated_causal, GATED, of_gated, "future", DW),
    case("the gate's gradient without the other factor", "llSourcell/LSTM_Networks/issues/4", ("\\bf\\b",),
         gated_causal, GATED, of_gated, "gate", DW),
]  # fmt: skip

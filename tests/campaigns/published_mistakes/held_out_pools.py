"""Held out from the search: pooling of other forms, squeezed channels, dense blocks, upsampling, patches."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

MATH = "https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1"  # it quotes a course's forum

X, DY = draw(811, (2, 2, 5, 5), (2, 2, 2, 2))


def max_pool_naive(x):
    """Largest elements of windows 3 × 3, two steps apart, so that they overlap."""
    N, C, stride = 2, 2, 2
    out = np.zeros_like(x, shape=(2, 2, 2, 2))
    for n in range(N):
        for c in range(C):
            for i in range(2):
                for j in range(2):
                    out[n, c, i, j] = np.max(x[n, c, i * stride : i * stride + 3, j * stride : j * stride + 3])
    return out


def of_max(fault=""):
    dx = np.zeros_like(X)
    for n, c, i, j in np.ndindex(2, 2, 2, 2):
        window = X[n, c, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
        row, col = np.unravel_index(np.argmax(window), (3, 3))
        if fault == "swapped":
            row, col = col, row
        if fault == "stride":
            dx[n, c, i + row, j + col] += DY[n, c, i, j]
        elif fault == "set":
            dx[n, c, 2 * i + row, 2 * j + col] = DY[n, c, i, j]
        elif fault == "share":
            dx[n, c, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += DY[n, c, i, j] / 9
        elif fault == "value":
            dx[n, c, 2 * i + row, 2 * j + col] += DY[n, c, i, j] * window[row, col]
        else:
            dx[n, c, 2 * i + row, 2 * j + col] += DY[n, c, i, j]
    return {"x": dx}


XE, DE = draw(812, (2, 3, 4, 6), (2, 3, 2, 3))


def max_pool_reshaped(x):
    x_reshaped = x.reshape(2, 3, 2, 2, 3, 2)
    return x_reshaped.max(axis=3).max(axis=4)


def of_reshaped(fault=""):
    blocks = XE.reshape(2, 3, 2, 2, 3, 2)
    mask = blocks == blocks.max(axis=(3, 5), keepdims=True)
    dx = mask * DE[:, :, :, None, :, None]
    if fault == "average":
        dx = np.broadcast_to(DE[:, :, :, None, :, None] / 4, blocks.shape)
    if fault == "rows":
        dx = (blocks == blocks.max(axis=3, keepdims=True)) * DE[:, :, :, None, :, None]
    return {"x": dx.reshape(XE.shape)}


XA, DA = draw(813, (2, 6, 4, 2), (2, 2, 2, 2))


def avg_pool(A_prev):
    rows = [A_prev[:, 3 * h : 3 * h + 3, 2 * w : 2 * w + 2, :].mean(axis=(1, 2)) for h in range(2) for w in range(2)]
    return np.stack(rows, axis=1).reshape(2, 2, 2, 2)


def of_avg(share=6):
    """`share`: a window's gradient is divided by this number."""
    return {"A_prev": (DA / share).repeat(3, axis=1).repeat(2, axis=2)}


XF, WF, DF = draw(814, (3, 4, 3, 3), (4, 5), (3, 5))
HEAD = {"x": XF, "W": WF}


def global_average(x, W):
    h = np.maximum(x, 0)
    pooled = h.mean(axis=(2, 3))
    return pooled @ W


def of_global(fault=""):
    h = np.maximum(XF, 0)
    d = (DF @ WF.T)[:, :, None, None] * np.ones_like(XF)
    dx = d * (XF > 0) / (3 if fault == "height" else 1 if fault == "sum" else 9)
    if fault == "mask":
        dx = d / 9
    return {"x": dx, "W": h.mean(axis=(2, 3)).T @ DF}


XS, W1, W2, DS = draw(815, (2, 4, 3, 3), (4, 2), (2, 4), (2, 4, 3, 3))
SQUEEZED = {"x": XS, "W1": W1, "W2": W2}


def squeeze_excite(x, W1, W2):
    z = np.mean(x, axis=(2, 3))
    r = np.maximum(0, z @ W1)
    s = sigmoid(r @ W2)
    return x * s[:, :, None, None]


def of_squeeze(fault=""):
    z = XS.mean(axis=(2, 3))
    r = np.maximum(0, z @ W1)
    s = sigmoid(r @ W2)
    ds = (np.mean if fault == "mean" else np.sum)(DS * XS, axis=(2, 3))
    if fault == "no x":
        ds = DS.sum(axis=(2, 3))
    da = ds * s * (1 - s)
    dr = da @ W2.T * (r > 0)
    dz = dr @ W1.T
    dx = DS * s[:, :, None, None]
    if fault != "scale":
        dx = dx + dz[:, :, None, None] / (1 if fault == "share" else 9)
    return {"x": dx, "W1": z.T @ dr, "W2": r.T @ da}


XD, V1, V2, DD = draw(816, (4, 3), (3, 2), (5, 2), (4, 7))
DENSE = {"x": XD, "W1": V1, "W2": V2}


def dense_block(x, W1, W2):
    f1 = np.tanh(x @ W1)
    c1 = np.concatenate((x, f1), axis=1)
    f2 = np.tanh(c1 @ W2)
    return np.concatenate((c1, f2), axis=1)


def of_dense(fault=""):
    f1 = np.tanh(XD @ V1)
    c1 = np.hstack((XD, f1))
    f2 = np.tanh(c1 @ V2)
    df2 = DD[:, 5:] * (1 - f2**2)
    dc1 = df2 @ V2.T if fault == "skip" else DD[:, :5] + df2 @ V2.T
    dx, df1 = dc1[:, :3], dc1[:, 3:]
    if fault == "order":
        df1, dx = dc1[:, :2], dc1[:, 2:]
    df1 = df1 * (1 - f1**2)
    dx = df1 @ V1.T if fault == "x's own" else dx + df1 @ V1.T
    return {"x": dx, "W1": XD.T @ df1, "W2": c1.T @ df2}


XN, DN = draw(817, (2, 3, 3), (2, 6, 6))


def nearest(x):
    return x.repeat(2, axis=1).repeat(2, axis=2)


def of_nearest(fault=""):
    blocks = DN.reshape(2, 3, 2, 3, 2)
    return {"x": DN[:, ::2, ::2] if fault == "corner" else (np.mean if fault else np.sum)(blocks, axis=(2, 4))}


IMAGE, PROJ, DP = draw(818, (2, 4, 4, 3), (12, 5), (2, 4, 5))
VIT = {"img": IMAGE, "W_e": PROJ}


def patch_embed(img, W_e):
    patches = img.reshape(2, 2, 2, 2, 2, 3).transpose(0, 1, 3, 2, 4, 5).reshape(2, 4, 12)
    return patches @ W_e


def of_patches(fault=""):
    patches = IMAGE.reshape(2, 2, 2, 2, 2, 3).transpose(0, 1, 3, 2, 4, 5).reshape(2, 4, 12)
    d = DP @ PROJ.T
    dimg = d.reshape(2, 2, 2, 2, 2, 3)
    dimg = dimg if fault == "reshape" else dimg.transpose(0, 1, 3, 2, 4, 5)
    return {"img": dimg.reshape(IMAGE.shape), "W_e": np.einsum("npi,npo->io", patches, DP)}


XL, WL, YL = draw(819, (3, 2, 2, 3), (12, 4), (3, 4))
FLAT = {"x": XL, "W": WL}


def flattened(x, W):
    """Channels first; flattened with the channels last."""
    a = np.tanh(x)
    flat = a.transpose(0, 2, 3, 1).reshape(3, -1)
    return np.sum((flat @ W - YL) ** 2) / 3


def of_flat(fault=""):
    a = np.tanh(XL)
    flat = a.transpose(0, 2, 3, 1).reshape(3, -1)
    d = 2 * (flat @ WL - YL) / 3
    da = (d @ WL.T).reshape(3, 2, 3, 2).transpose(0, 3, 1, 2)
    if fault == "reshape":
        da = (d @ WL.T).reshape(XL.shape)
    return {"x": da * (1 - a**2), "W": flat.T @ d}


SCALE = "BVLC/caffe/issues/6604"
ORDER = ("reshape", "transpos", "order", "axes")
CASES = [
    case("overlapping largest elements set", "0809zheng/CS231n-assignment2019/issues/19", ("add", "last", "overlap",
         "more than once", "twice", "set"), max_pool_naive, {"x": X}, of_max, "set", DY),
    case("row and column of the largest exchanged", "HIPS/autograd/pull/245", ("transpos", "order", "axes", "row",
         "exchang", "place"), max_pool_naive, {"x": X}, of_max, "swapped", DY),
    case("no stride back to the largest", "enggen/Deep-Learning-Coursera/issues/7", ("stride", "place", "window"),
         max_pool_naive, {"x": X}, of_max, "stride", DY),
    case("a largest element's gradient shared by its window", "BVLC/caffe/pull/162", ("mean", "every", "all", "1/9",
         "average", "max"), max_pool_naive, {"x": X}, of_max, "share", DY),
    case("the largest value times the gradient", "BVLC/caffe/pull/162", ("value", "times", "\\bx\\b", "max"),
         max_pool_naive, {"x": X}, of_max, "value", DY),
    case("max pooling back as average pooling", "BVLC/caffe/pull/162", ("mean", "every", "all", "¼", "1/4", "0\\.25",
         "average", "max"), max_pool_reshaped, {"x": XE}, of_reshaped, "average", DE),
    case("a mask of the columns' maxima alone", "HIPS/autograd/pull/245", ("max", "mask"), max_pool_reshaped,
         {"x": XE}, of_reshaped, "rows", DE),
    case("a mean divided by the window's height", MATH, ("2", "mean"),
         avg_pool, {"A_prev": XA}, of_avg, 3, DA),
    case("a mean divided by height + width", MATH, ("6/5", "1\\.2",
         "mean"), avg_pool, {"A_prev": XA}, of_avg, 5, DA),
    case("a global mean's gradient whole to each", "deeplearning4j/deeplearning4j/pull/1951", ("\\b9\\b", "mean"),
         global_average, HEAD, of_global, "sum", DF),
    case("a global mean divided by the height", "deeplearning4j/deeplearning4j/pull/1951", ("\\b3\\b", "mean"),
         global_average, HEAD, of_global, "height", DF),
    case("relu's mask forgotten before a global mean", "deeplearning4j/deeplearning4j/pull/1951", ("mask", "slope",
         "maximum", "relu"), global_average, HEAD, of_global, "mask", DF),
    case("the gates as constants for x", SCALE, ("path through", "\\bz\\b", "\\bs\\b"), squeeze_excite, SQUEEZED,
         of_squeeze, "scale", DS),
    case("the squeeze's gradient whole to each", SCALE, ("\\b9\\b", "mean"), squeeze_excite, SQUEEZED, of_squeeze,
         "share", DS),
    case("the gates' gradient averaged over the places", SCALE, ("mean", "1/9", "0\\.11"), squeeze_excite,
         SQUEEZED, of_squeeze, "mean", DS),
    case("the gates' gradient without x", SCALE, ("\\bx\\b",), squeeze_excite, SQUEEZED, of_squeeze, "no x", DS),
    case("what is passed on is forgotten", "paiml/entrenar/issues/313", ("path", "c1"), dense_block, DENSE, of_dense,
         "skip", DD),
    case("x's own part of the block forgotten", "paiml/entrenar/issues/313", ("path", "c1", "uses"), dense_block, DENSE,
         of_dense, "x's own", DD),
    case("the corner of each block alone", "davisking/dlib/pull/336", ("first", "one of", "alone", "sum",
         "only", "repeat"), nearest, {"x": XN}, of_nearest, "corner", DN),
    case("blocks averaged, not summed", "davisking/dlib/pull/336", ("mean", "¼", "1/4", "0\\.25"), nearest,
         {"x": XN}, of_nearest, "mean", DN),
    case("patches put back by a reshape alone", "HIPS/autograd/pull/245", ORDER, patch_embed, VIT, of_patches,
         "reshape", DP),
    case("unflattened without the transpose", "ElefHead/numpy-cnn/issues/2", ORDER, flattened, FLAT, of_flat,
         "reshape"),
]  # fmt: skip

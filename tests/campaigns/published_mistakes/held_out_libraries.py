"""Held out from the search: layers of libraries from scratch. Convolutions, softmax, shapes, residual blocks."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

XC, KC, BC, DC = draw(921, (2, 3, 4, 4), (3, 3, 3, 3), 3, (2, 3, 4, 4))
SAME = {"x": XC, "w": KC, "b": BC}


def conv_relu(x, w, b):
    """A convolution that keeps the size, by windows and einsum, then relu."""
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (3, 3), axis=(2, 3))
    z = np.einsum("nchwij,ocij->nohw", windows, w) + b[None, :, None, None]
    return np.maximum(z, 0)


def of_conv_relu(fault=""):
    xp = np.pad(XC, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (3, 3), axis=(2, 3))
    z = np.einsum("nchwij,ocij->nohw", windows, KC) + BC[None, :, None, None]
    dz = DC * ((XC if fault == "mask" else z) > 0)
    dp = np.lib.stride_tricks.sliding_window_view(np.pad(dz, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    dw = np.einsum("nohw,nchwij->ocij", dz, windows)
    kernels = KC if fault == "not rotated" else KC[:, :, ::-1, ::-1]
    dx = np.einsum("ncuvij,coij->nouv" if fault != "channels" else "ncuvij,ocij->nouv", dp, kernels)
    return {"x": dx, "w": dw.swapaxes(0, 1) if fault == "dw" else dw, "b": dz.sum(axis=(0, 2, 3))}


IMAGES, WC, CB, WD, BD = draw(922, (6, 6, 3), (3, 3, 2), 2, (4, 8), (4, 1))
LABELS = np.array([1, 0, 3])
CNN = {"images": IMAGES, "Wc": WC, "bc": CB, "Wd": WD, "bd": BD}


def cnn_cost(images, Wc, bc, Wd, bd):
    """A convolution with sigmoid, mean pooling, softmax; the last axis is that of the images."""
    activations = []
    for image in range(3):
        for f in range(2):
            conv = 0
            for a in range(3):
                for b in range(3):
                    conv = conv + Wc[a, b, f] * images[a : a + 4, b : b + 4, image]
            activations.append(sigmoid(conv + bc[f]))
    activations = np.array(activations).reshape(3, 2, 4, 4)
    pooled = activations.reshape(3, 2, 2, 2, 2, 2).mean(axis=(3, 5))
    flat = pooled.reshape(3, -1).T
    scores = Wd @ flat + bd
    exps = np.exp(scores - np.max(scores, axis=0))
    probs = exps / np.sum(exps, axis=0)
    return -np.mean(np.log(probs[LABELS, np.arange(3)]))


def of_cnn(fault=""):
    patches = np.lib.stride_tricks.sliding_window_view(IMAGES, (3, 3), axis=(0, 1))
    act = sigmoid(np.einsum("uvnab,abf->nfuv", patches, WC) + CB[None, :, None, None])
    flat = act.reshape(3, 2, 2, 2, 2, 2).mean(axis=(3, 5)).reshape(3, -1).T
    scores = WD @ flat + BD
    probs = np.exp(scores) / np.exp(scores).sum(axis=0)
    d = probs.copy()
    d[LABELS, np.arange(3)] -= 1
    d = d / (1 if fault == "images" else 3)
    dpool = (WD.T @ d).T.reshape(3, 2, 2, 2)
    dconv = np.kron(dpool, np.ones((1, 1, 2, 2))) / 4
    if fault != "slope":
        dconv = dconv * act * (1 - act)
    if fault == "rotated":
        dWc = np.einsum("nfuv,uvnab->abf", dconv, patches)[::-1, ::-1]
    else:
        dWc = np.einsum("nfuv,uvnab->abf", dconv, patches)
    image_grad = np.zeros_like(IMAGES)
    for a, b in np.ndindex(3, 3):
        image_grad[a : a + 4, b : b + 4] += np.einsum("nfuv,f->uvn", dconv, WC[a, b])
    return {"images": image_grad, "Wc": dWc, "bc": dconv.sum(axis=(0, 2, 3)), "Wd": d @ flat.T,
            "bd": d.sum(axis=1, keepdims=True)}  # fmt: skip


XQ, WQ, DQ = draw(923, 9, 4, 6)


def conv1d(x, w):
    return np.convolve(x, w, mode="valid")


def of_conv1d(fault=""):
    dw = np.convolve(XQ[::-1], DQ, mode="valid")
    dx = np.convolve(DQ, WQ if fault == "dx" else WQ[::-1], mode="full")
    return {"x": dx, "w": np.correlate(XQ, DQ, mode="valid") if fault == "dw" else dw}


XB, WB, DB = draw(924, (2, 3, 2, 2), (3, 3), (2, 3, 2, 2))


def bottleneck(x, w):
    return np.einsum("oi,nihw->nohw", w, x)


def of_bottleneck(fault=""):
    dw = np.einsum("nohw,nihw->oi", DB, XB)
    dx = np.einsum("io,nohw->nihw" if fault == "not transposed" else "oi,nohw->nihw", WB, DB)
    return {"x": dx, "w": dw.T if fault == "dw" else dw}


XZ, DZ = draw(925, (4, 3), (4, 3))


def softmax_layer(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def of_softmax_layer(fault=""):
    out = softmax_layer(XZ)
    dx = np.zeros_like(XZ)
    for n, (s, d) in enumerate(zip(out, DZ, strict=True)):
        s = s.reshape(-1, 1)
        jacobian = np.diagflat(s) - s @ s.T
        if fault == "columns":
            jacobian = s * (np.eye(3) - s)
        elif fault == "first":
            jacobian = np.diagflat(out[0]) - np.outer(out[0], out[0])
        dx[n] = jacobian @ d
    return {"x": dx}


XO, WO, DO = draw(926, (2, 3, 4), (12, 3), (2, 3))


def flatten_affine(x, w):
    flat = np.maximum(x, 0).reshape(2, 12, order="F")
    return flat @ w


def of_flatten(fault=""):
    flat = np.maximum(XO, 0).reshape(2, 12, order="F")
    d = DO @ WO.T
    dx = d.reshape(XO.shape) if fault == "order" else d.reshape(XO.shape, order="F")
    return {"x": dx * (XO > 0), "w": flat.T @ DO}


X4, W4, B4, D4 = draw(927, (4, 2, 3, 2), (12, 5), 5, (4, 5))
AFFINE = {"x": X4, "w": W4, "b": B4}


def affine_forward(x, w, b):
    return x.reshape(x.shape[0], -1).dot(w) + b


def of_affine(fault=""):
    rows = X4.reshape(12, 4) if fault == "reshape" else X4.reshape(4, -1).T
    return {"x": (D4 @ W4.T).reshape(X4.shape), "w": rows @ D4, "b": D4.sum(axis=0)}


XE, W5, W6, WS, DE = draw(928, (4, 3), (3, 5), (5, 3), (3, 3), (4, 3))
BLOCK = {"x": XE, "W1": W5, "W2": W6, "Ws": WS}


def residual_block(x, W1, W2, Ws):
    h = np.maximum(0, x @ W1)
    f = h @ W2
    shortcut = x @ Ws
    return np.maximum(0, f + shortcut)


def of_block(fault=""):
    h = np.maximum(0, XE @ W5)
    d = DE * (h @ W6 + XE @ WS > 0)
    ds = DE if fault == "shortcut" else d
    dh = d @ W6.T * (h > 0)
    dx = dh @ W5.T + (ds if fault == "identity" else ds @ WS.T)
    return {"x": dx, "W1": XE.T @ dh, "W2": h.T @ d, "Ws": XE.T @ ds}


UFLDL = "amaas/stanford_dl_ex/pull/17"
E2E = "https://end-to-end-machine-learning.teachable.com/courses/322-convolutional-neural-networks-in-two-dimensions/lectures/24726662"
NNT = "nntrainer/nntrainer/issues/705"
ODYSSEY = "HomericIntelligence/Odyssey/issues/2134"
ORDER = ("reshape", "transpos", "order", "axes")
CASES = [
    case("relu's mask of the convolution's input", NNT, ("mask", "slope", "relu", "maximum"), conv_relu, SAME,
         of_conv_relu, "mask", DC),
    case("kernels not rotated in a full convolution of windows", NNT, ("revers", "flip", "order", "180"), conv_relu,
         SAME, of_conv_relu, "not rotated", DC),
    case("channels in and out exchanged on the way back", NNT, ("transpos", "order", "axes", "exchang"), conv_relu,
         SAME, of_conv_relu, "channels", DC),
    case("the kernels' gradient with channels in and out exchanged", NNT, ("transpos", "order", "axes", "exchang"),
         conv_relu, SAME, of_conv_relu, "dw", DC),
    case("σ′ forgotten between pooling and convolution", UFLDL, ("slope", "σ′", "sigmoid", "derivative"), cnn_cost, CNN,
         of_cnn, "slope"),
    case("filters' gradient rotated by 180°", UFLDL, ("revers", "flip", "180"), cnn_cost, CNN, of_cnn, "rotated"),
    case("not divided by the images", UFLDL, ("\\b3\\b", "mean"), cnn_cost, CNN, of_cnn, "images"),
    case("the kernel's gradient comes out reversed, by np.convolve", E2E, ("revers", "flip"), conv1d,
         {"x": XQ, "w": WQ}, of_conv1d, "dw", DQ),
    case("the kernel not turned for x, by np.convolve", E2E, ("revers", "flip"), conv1d, {"x": XQ, "w": WQ}, of_conv1d,
         "dx", DQ),
    case("a convolution 1 × 1 not transposed", NNT, ("transpos",), bottleneck, {"x": XB, "w": WB}, of_bottleneck,
         "not transposed", DB),
    case("the columns of the Jacobian alone", ODYSSEY, ("sum", "Σ", "Jacobian"), softmax_layer, {"x": XZ},
         of_softmax_layer, "columns", DZ),
    case("the first example's Jacobian for all", ODYSSEY, ("first", "\\[0", "example"), softmax_layer, {"x": XZ},
         of_softmax_layer, "first", DZ),
    case("unflattened in the order of C", "ElefHead/numpy-cnn/issues/2", ORDER, flatten_affine, {"x": XO, "w": WO},
         of_flatten, "order", DO),
    case("x reshaped to columns, not transposed", "ElefHead/numpy-cnn/issues/2", ORDER, affine_forward, AFFINE,
         of_affine, "reshape", D4),
    case("relu's mask on the branch alone", "chelsea0x3b/dfdx/pull/118", ("mask", "slope", "relu", "maximum"),
         residual_block, BLOCK, of_block, "shortcut", DE),
    case("a projected shortcut as the identity", "chelsea0x3b/dfdx/pull/118", ("Ws", "shortcut"), residual_block, BLOCK,
         of_block, "identity", DE),
]  # fmt: skip

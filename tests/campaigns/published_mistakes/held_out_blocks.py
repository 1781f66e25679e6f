"""Held out from the search: blocks with gates and shortcuts, layers example by example, pooling with padding."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

EPS = 1e-5
X, G, B, DY = draw(981, (7, 3), 3, 3, (7, 3))
NINE = {"x": X, "gamma": G, "beta": B}
RUNNING_VAR = draw(982, 3) ** 2 + 0.5


def batchnorm_steps(x, gamma, beta):
    N, _ = x.shape
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    running_var = 0.9 * RUNNING_VAR + 0.1 * var
    sqrtvar = np.sqrt(var + EPS)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, {"running_var": running_var}


def of_nine(fault=""):
    xmu = X - X.mean(axis=0)
    var = (xmu**2).mean(axis=0)
    if fault == "running":
        var = 0.9 * RUNNING_VAR + 0.1 * var
    sqrtvar = np.sqrt(var + EPS)
    dxhat = DY * G
    divar = np.sum(dxhat * xmu, axis=0)
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dvar = 0.5 * (sqrtvar if fault == "root" else 1 / sqrtvar) * dsqrtvar
    dxmu = dxhat / sqrtvar + 2 * xmu / 7 * dvar
    dmu = -dxmu.sum(axis=0)
    return {"x": dxmu + dmu / 7, "gamma": np.sum(DY * xmu / np.sqrt((xmu**2).mean(axis=0) + EPS), axis=0),
            "beta": DY.sum(axis=0)}  # fmt: skip


XI, GI, DI = draw(983, (3, 2, 4), 2, (3, 2, 4))


def instance_by_instance(x, gamma):
    rows = []
    for n in range(3):
        for c in range(2):
            mean = x[n, c].mean()
            std = np.sqrt(((x[n, c] - mean) ** 2).mean() + EPS)
            rows.append(gamma[c] * (x[n, c] - mean) / std)
    return np.stack(rows).reshape(3, 2, 4)


def of_instances(fault=""):
    dx, dgamma = np.zeros_like(XI), np.zeros(2)
    for n in range(3):
        for c in range(2):
            centred = XI[n, c] - XI[n, c].mean()
            std = np.sqrt((centred**2).mean() + EPS)
            xhat, g = centred / std, DI[n, c] * GI[c]
            total = np.sum(DI[n, c] * xhat)
            dgamma[c] = total if fault == "set" else dgamma[c] + total
            first = 0 if fault == "mean" else g.mean()
            dx[n, c] = (g - first - xhat * (g * xhat).mean()) / std
    return {"x": dx, "gamma": dgamma}


XS, DS = draw(984, (4, 5), (4, 5))


def softmax_output(x):
    exps = np.exp(x - x.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def of_softmax_output(fault=""):
    p = softmax(XS)
    return {"x": p - DS if fault == "labels" else p * (DS - np.sum(DS * p, axis=-1, keepdims=True))}


XP, WP, DP = draw(985, (2, 3, 3), (3, 4), (2, 4))


def pooled_over_time(x, w):
    """Channels × times, as many of the one as of the other."""
    h = np.tanh(x)
    return h.mean(axis=2) @ w


def of_pooled(fault=""):
    h = np.tanh(XP)
    dm = DP @ WP.T / 3
    dh = np.broadcast_to(dm[:, None, :] if fault == "axis" else dm[:, :, None], XP.shape)
    return {"x": dh * (1 - h**2), "w": h.mean(axis=2).T @ DP}


XR, WR, BR, DR = draw(986, (5, 4), (4, 4), 4, (5, 4))
SHORTCUT = {"x": XR, "W": WR, "b": BR}


def shortcut(x, W, b):
    z = x @ W + b
    return x + np.maximum(z, 0)


def of_shortcut(fault=""):
    z = XR @ WR + BR
    mask = z > 0
    if fault == "output":
        mask = XR + np.maximum(z, 0) > 0
    if fault == "input":
        mask = XR > 0
    d = DR * mask
    dx = d @ WR.T if fault == "skip" else DR * (d @ WR.T) if fault == "product" else DR + d @ WR.T
    return {"x": dx, "W": XR.T @ d, "b": d.sum(axis=0)}


XH, WH, WT, BT, DH = draw(987, (5, 3), (3, 3), (3, 3), 3, (5, 3))
HIGHWAY = {"x": XH, "WH": WH, "WT": WT, "bT": BT}


def highway(x, WH, WT, bT):
    H = np.tanh(x @ WH)
    T = sigmoid(x @ WT + bT)
    return T * H + (1 - T) * x


def of_highway(fault=""):
    H, T = np.tanh(XH @ WH), sigmoid(XH @ WT + BT)
    dT = DH * (H if fault == "carry" else H - XH) * T * (1 - T)
    dH = DH * T * (1 - H**2)
    dx = dH @ WH.T + dT @ WT.T + DH * (1 if fault == "gate" else 1 - T)
    return {"x": dx, "WH": XH.T @ dH, "WT": XH.T @ dT, "bT": dT.sum(axis=0)}


XC, DC = draw(988, (4, 3), (4, 6))


def crelu(x):
    return np.concatenate([np.maximum(x, 0), np.maximum(-x, 0)], axis=1)


def of_crelu(fault=""):
    a, b = DC[:, :3] * (XC > 0), DC[:, 3:] * (XC < 0)
    return {"x": a + b if fault == "sign" else a if fault == "half" else a - b}


XG, WG, DG = draw(989, (4, 3), (3, 6), (4, 3))


def gated_linear(x, W):
    a, b = np.split(x @ W, 2, axis=1)
    return a * sigmoid(b)


def of_gated(fault=""):
    a, b = np.split(XG @ WG, 2, axis=1)
    s = sigmoid(b)
    da, db = DG * s, DG * a * s * (1 - s)
    d = np.hstack((db, da) if fault == "halves" else (da, db))
    return {"x": d @ WG.T, "W": XG.T @ d}


XA, DA = draw(990, (2, 5, 5), (2, 3, 3))


def avg_pool_padded(x):
    """Means over the part of each window that lies in the picture; windows 3 × 3, two steps apart, padding 1."""
    out = []
    for n in range(2):
        for i in range(3):
            for j in range(3):
                window = x[n, max(0, 2 * i - 1) : 2 * i + 2, max(0, 2 * j - 1) : 2 * j + 2]
                out.append(window.mean())
    return np.array(out).reshape(2, 3, 3)


def of_padded(fault=""):
    dx = np.zeros_like(XA)
    for n, i, j in np.ndindex(2, 3, 3):
        window = dx[n, max(0, 2 * i - 1) : 2 * i + 2, max(0, 2 * j - 1) : 2 * j + 2]
        window += DA[n, i, j] / (9 if fault == "whole" else window.size)
    return {"x": dx}


XD, WD, BD, YD = draw(991, (4, 3), (3, 3), 3, (4, 3))
DENSE = {"X": XD, "W": WD, "b": BD}


def example_by_example(X, W, b):
    cost = 0.0
    for x, y in zip(X, YD, strict=True):
        cost += 0.5 * np.sum((sigmoid(W @ x + b) - y) ** 2)
    return cost / 4


def of_examples(fault=""):
    dX, dW, db = np.zeros_like(XD), np.zeros_like(WD), np.zeros(3)
    for n in range(4):
        a = sigmoid(WD @ XD[n] + BD)
        d = (a - YD[n]) * a * (1 - a) / 4
        dW += np.outer(XD[n], d) if fault == "outer" else np.outer(d, XD[n])
        db = d if fault == "bias" else db + d
        dX[n] = (WD if fault == "W" else WD.T) @ d
    return {"X": dX, "W": dW, "b": db}


XT, KT, DT = draw(992, 4, 3, 9)


def upconv(x, w):
    """A transposed convolution with stride 2."""
    out = np.zeros_like(x, shape=9)
    for i in range(4):
        out[2 * i : 2 * i + 3] += x[i] * w
    return out


def of_upconv(fault=""):
    dx, dw = np.zeros(4), np.zeros(3)
    for i in range(4):
        dx[i] = np.sum(DT[2 * i : 2 * i + 3] * KT)
        dw += XT[i] * (DT[i : i + 3] if fault == "dw" else DT[2 * i : 2 * i + 3])
    return {"x": dx, "w": dw}


XN, DN = draw(993, (3, 2, 4), (3, 2, 2))


def l2_pool(x):
    return np.sqrt(np.mean(x.reshape(3, 2, 2, 2) ** 2, axis=-1))


def of_l2(fault=""):
    y = l2_pool(XN)[..., None]
    blocks = XN.reshape(3, 2, 2, 2)
    return {"x": (DN[..., None] * blocks / (2 * (1 if fault == "root" else y))).reshape(XN.shape)}


YONGJUN = "https://stats.stackexchange.com/questions/328242/matrix-form-of-backpropagation-with-batch-normalization"
CS231N = "https://programmerteach.com/p/cs231n-assignment2-q2-batch-normalization"
ODYSSEY = "HomericIntelligence/Odyssey/issues/2134"
DFDX = "chelsea0x3b/dfdx/pull/118"
HIGHWAYS = "jimfleming/differentiation/issues/1"
TINYTORCH = "harvard-edge/cs249r_book/pull/1867"
CASES = [
    case("the running variance in the backward pass", CS231N, ("running_var",), batchnorm_steps, NINE, of_nine,
         "running", DY),
    case("the root multiplies the variance's gradient", YONGJUN, ("sqrt", "sqrtvar"), batchnorm_steps, NINE, of_nine,
         "root", DY),
    case("gamma of each channel set, instance by instance", CS231N, ("last", "only", "add", "use"),
         instance_by_instance, {"x": XI, "gamma": GI}, of_instances, "set", DI),
    case("no mean of g, instance by instance", CS231N, ("mean",), instance_by_instance, {"x": XI, "gamma": GI},
         of_instances, "mean", DI),
    case("p − g for a softmax, as if g were the labels", ODYSSEY, ("p − g|p - g|label|− upstream|cross-entropy",),
         softmax_output, {"x": XS}, of_softmax_output, "labels", DS),
    case("channels for times in a mean's gradient", TINYTORCH, ("axis", "axes", "transpos", "broadcast"),
         pooled_over_time, {"x": XP, "w": WP}, of_pooled, "axis", DP),
    case("relu's mask by the sum", DFDX, ("mask", "x \\+ np.maximum", "relu′", "output"), shortcut, SHORTCUT,
         of_shortcut, "output", DR),
    case("relu's mask by the block's input", DFDX, ("relu′.*\\bx\\b", "mask.*\\bx\\b"), shortcut, SHORTCUT, of_shortcut,
         "input", DR),
    case("the shortcut forgotten", DFDX, ("path", "use", "x \\+"), shortcut, SHORTCUT, of_shortcut, "skip", DR),
    case("what is carried forgotten at the gate", HIGHWAYS, ("path", "1 - T", "use"), highway, HIGHWAY, of_highway,
         "carry", DH),
    case("the carry gate forgotten", HIGHWAYS, ("1 - T",), highway, HIGHWAY, of_highway, "gate", DH),
    case("the minus of −x forgotten", "pytorch/pytorch/issues/4355", ("sign", "−1", "-1"), crelu, {"x": XC}, of_crelu,
         "sign", DC),
    case("the first half alone", "pytorch/pytorch/issues/4355", ("path", "use", "only"), crelu, {"x": XC}, of_crelu,
         "half", DC),
    case("the halves of a gated layer exchanged", "improbable-research/keanu/pull/279", ("exchang", "halves", "order",
         "swap"), gated_linear, {"x": XG, "W": WG}, of_gated, "halves", DG),
    case("windows at the border divided by their whole size", "pytorch/pytorch/issues/198119", ("\\b9\\b", "mean",
         "divi"), avg_pool_padded, {"x": XA}, of_padded, "whole", DA),
    case("the arguments of np.outer exchanged", "nntrainer/nntrainer/issues/705", ("transpos",), example_by_example,
         DENSE, of_examples, "outer"),
    case("the last example's bias", "yandexdataschool/Practical_DL/pull/87", ("last", "only"), example_by_example,
         DENSE, of_examples, "bias"),
    case("W for its transpose, example by example", "nntrainer/nntrainer/issues/705", ("transpos",),
         example_by_example, DENSE, of_examples, "W"),
    case("no stride for a transposed convolution's kernel", "pytorch/pytorch/issues/63314", ("stride",), upconv,
         {"x": XT, "w": KT}, of_upconv, "dw", DT),
    case("the root's own slope forgotten in pooling", "Dao-AILab/quack/pull/53", ("sqrt", "root", "slope"), l2_pool,
         {"x": XN}, of_l2, "root", DN),
]  # fmt: skip

"""Held out from the search: convolutions in groups, upsampling, boxes and segmentation, layers across channels."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid

P, T, G = sigmoid(draw(401, (4, 5))), (draw(402, (4, 5)) > 0) * 1.0, draw(403, 4)


def dice(p, t):
    inter = (p * t).sum(axis=1)
    union = p.sum(axis=1) + t.sum(axis=1)
    return 2 * inter / union


def of_dice(sign=-1, power=2):
    inter, union = ((P * T).sum(axis=1, keepdims=True), (P.sum(axis=1) + T.sum(axis=1))[:, None])
    d = 2 * (T * union + sign * inter) / union**power
    return {"p": d * G[:, None]}


BOX, TRUE, W_IN = draw(404, (6, 4), (6, 4), (6, 4))
BOX[0] = TRUE[0] + [0.05, -0.05, 0.5, -0.5]  # near the corner, and between the two corners
SIGMA2 = 9.0


def smooth_l1(box, true, w):
    diff = w * (box - true)
    near = np.abs(diff) < 1 / SIGMA2
    loss = np.where(near, 0.5 * SIGMA2 * diff**2, np.abs(diff) - 0.5 / SIGMA2)
    return loss.sum() / len(box)


def of_smooth_l1(fault=""):
    diff = W_IN * (BOX - TRUE)
    near = (diff if "signed" in fault else np.abs(diff)) < (1 if "corner" in fault else 1 / SIGMA2)
    d = np.where(near, SIGMA2 * diff, np.sign(diff)) / len(BOX)
    return {"box": d if "unweighted" in fault else d * W_IN}


XG, WG, UG = draw(405, (2, 4, 6), (4, 2, 3), (2, 4, 4))  # two groups of two channels, kernels of three


def grouped(x, w):
    y = np.zeros((2, 4, 4), like=x)
    for g in range(2):
        xs, ws = x[:, 2 * g : 2 * g + 2], w[2 * g : 2 * g + 2]
        for t in range(4):
            y[:, 2 * g : 2 * g + 2, t] = np.einsum("nck,fck->nf", xs[:, :, t : t + 3], ws)
    return y


def of_grouped(fault=""):
    dx, dw = np.zeros_like(XG), np.zeros_like(WG)
    for g in range(2):
        here = slice(2 * g, 2 * g + 2)
        seen = slice(0, 2) if "first" in fault else here
        by = slice(2 - 2 * g, 4 - 2 * g) if "other" in fault else here
        for t in range(4):
            dw[here] += np.einsum("nf,nck->fck", UG[:, here, t], XG[:, seen, t : t + 3])
            dx[:, here, t : t + 3] += np.einsum("nf,fck->nck", UG[:, here, t], WG[by])
    return {"x": dx, "w": dw}


XDW, WDW, UDW = draw(406, (2, 3, 5, 5), (3, 3, 3), (2, 3, 3, 3))


def depthwise(x, w):
    out = np.zeros((2, 3, 3, 3), like=x)
    for i in range(3):
        for j in range(3):
            out[:, :, i, j] = (x[:, :, i : i + 3, j : j + 3] * w).sum(axis=(2, 3))
    return out


def of_depthwise(fault=""):
    dx, dw = np.zeros_like(XDW), np.zeros_like(WDW)
    for i in range(3):
        for j in range(3):
            at, g = np.s_[:, :, i : i + 3, j : j + 3], UDW[:, :, i, j][:, :, None, None]
            part = XDW[at] * g
            dw += part.sum(axis=(0, 1)) if "channels" in fault else part.sum(axis=0)
            dx[at] += WDW * g
    return {"x": dx, "w": dw}


V, GV = draw(407, (4, 3), (4, 3))


def normalize(x):
    norm = np.sqrt((x**2).sum(axis=1, keepdims=True)) + 0.1
    return x / norm


def of_normalize(as_unit=False):
    n = np.sqrt((V**2).sum(axis=1, keepdims=True))
    y = V / (n + 0.1)
    across = y * (GV * y).sum(axis=1, keepdims=True) * (1 if as_unit else (n + 0.1) / n)
    return {"x": (GV - across) / (n + 0.1)}


WS, US, VS, XS, GS = draw(408, (4, 4), 4, 4, (3, 4), (3, 4))


def spectral(x, w, u, v):
    sigma = u @ w @ v
    return x @ (w / sigma).T


def of_spectral(fault=""):
    sigma = US @ WS @ VS
    dwn = GS.T @ XS
    outer = np.outer(VS, US) if "turned" in fault else np.outer(US, VS)
    dw = dwn / sigma - (0 if "constant" in fault else 1) * (dwn * WS).sum() / sigma**2 * outer
    return {"x": GS @ WS / sigma, "w": dw}


LINE, UP = draw(409, (2, 4), (2, 7))
AT = np.arange(7) * 3 / 6
LEFT = np.minimum(AT.astype(int), 2)
SHARE = AT - LEFT


def upsample_linear(x):
    return x[:, LEFT] * (1 - SHARE) + x[:, LEFT + 1] * SHARE


def of_upsample(fault=""):
    dx = np.zeros_like(LINE)
    for k in range(7):
        a, b = (SHARE[k], 1 - SHARE[k]) if "swapped" in fault else (1 - SHARE[k], SHARE[k])
        dx[:, LEFT[k]] += UP[:, k] * a
        if "left" not in fault:
            dx[:, LEFT[k] + 1] += UP[:, k] * b
    return {"x": dx}


XH, WT, W1, W2, GH1, GH2 = draw(410, (5, 3), (3, 4), (4, 2), (4, 3), (5, 2), (5, 3))


def two_heads(x, W, W_cls, W_box):
    feat = np.maximum(x @ W, 0)
    return ((feat @ W_cls) * GH1).sum() + ((feat @ W_box) * GH2).sum()


def of_heads(fault=""):
    feat = np.maximum(XH @ WT, 0)
    dfeat = GH1 @ W1.T
    dfeat = GH2 @ W2.T if "over" in fault else dfeat + GH2 @ W2.T
    d = dfeat * (feat > 0)
    return {"x": d @ WT.T, "W": XH.T @ d, "W_cls": feat.T @ GH1, "W_box": feat.T @ GH2}


X4, GAMMA, BETA, G4 = draw(411, (3, 2, 4, 4), 2, 2, (3, 2, 4, 4))


def batchnorm2d(x, gamma, beta):
    mu = x.mean(axis=(0, 2, 3), keepdims=True)
    var = ((x - mu) ** 2).mean(axis=(0, 2, 3), keepdims=True)
    xhat = (x - mu) / np.sqrt(var + 1e-5)
    return gamma.reshape(1, -1, 1, 1) * xhat + beta.reshape(1, -1, 1, 1)


def of_batchnorm2d(count=48, per_place=False):
    axes = (0, 2, 3)
    mu, var = X4.mean(axis=axes, keepdims=True), X4.var(axis=axes, keepdims=True)
    std = np.sqrt(var + 1e-5)
    xhat, d = (X4 - mu) / std, G4 * GAMMA.reshape(1, -1, 1, 1)
    over = 0 if per_place else axes
    n = 3 if per_place else count
    dx = (d - d.sum(axis=over, keepdims=True) / n - xhat * (d * xhat).sum(axis=over, keepdims=True) / n) / std
    return {"x": dx, "gamma": (G4 * xhat).sum(axis=axes), "beta": G4.sum(axis=axes)}


Z, GZ = draw(412, (2, 3, 3, 3), (2, 3, 3, 3))


def softmax_channels(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def of_softmax_channels(axis=1):
    p = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return {"z": p * (GZ - (GZ * p).sum(axis=axis, keepdims=True))}


LOGITS, Y = draw(413, (5, 3)), np.array([0, 2, 1, 1, 0])


def focal(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    pt = p[np.arange(5), Y]
    return (-((1 - pt) ** 2) * np.log(pt)).sum()


def of_focal(fault=""):
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    pt = p[np.arange(5), Y]
    dpt = -((1 - pt) ** 2) / pt
    if "modulator" not in fault:
        dpt = dpt + (-1 if "sign" in fault else 1) * 2 * (1 - pt) * np.log(pt)
    dp = np.zeros_like(p)
    dp[np.arange(5), Y] = dpt
    return {"z": p * (dp - (dp * p).sum(axis=1, keepdims=True))}


def case(name, where, says, forward, inputs, right, wrong, upstream=None):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


def plain(name, where, says, forward, inputs, make, wrong, upstream=None):
    return case(name, where, says, forward, inputs, make, lambda: make(*wrong), upstream)


L1 = {"box": BOX, "true": TRUE, "w": W_IN}
CASES = [
    plain("a quotient's numerator with + for −", "milesial/Pytorch-UNet/issues/35", ("sign", "−1", "union.*−"), dice,
          {"p": P, "t": T}, of_dice, (1,), G),
    plain("a quotient not divided by the square", "milesial/Pytorch-UNet/issues/35", ("union", "divi"), dice,
          {"p": P, "t": T}, of_dice, (-1, 0), G),
    plain("the box weights only in the forward pass", "rbgirshick/fast-rcnn/issues/134", ("\\bw\\b",), smooth_l1, L1,
          of_smooth_l1, ("unweighted",)),
    plain("the corner at 1 for 1/σ²", "smallcorgi/Faster-RCNN_TF/pull/30", ("mask", "near", "loss"), smooth_l1, L1,
          of_smooth_l1, ("corner",)),
    plain("x for |x| in the test of the branch", "trzy/FasterRCNN/issues/2", ("mask.*diff", "abs", "near"), smooth_l1,
          L1, of_smooth_l1, ("signed",)),
    plain("every group sees the first group's input", "pytorch/pytorch/issues/51430",
          ("first", "group", "reads xs\\(1\\) wherever it needs xs\\(2\\)"),
          grouped, {"x": XG, "w": WG}, of_grouped, ("first",), UG),
    plain("the other group's filters", "tracel-ai/burn/pull/1891", ("order", "other", "opposite", "revers"),
          grouped, {"x": XG, "w": WG}, of_grouped, ("other",), UG),
    plain("depthwise kernels summed over the channels", "pytorch/pytorch/issues/50042", ("sum.*(axis|axes|channel)",),
          depthwise, {"x": XDW, "w": WDW}, of_depthwise, ("channels",), UDW),
    plain("eps forgotten in the length's gradient", "chainer/chainer/pull/4190", ("0\\.1", "norm", "eps"), normalize,
          {"x": V}, of_normalize, (True,), GV),
    plain("σ outside the graph", "rdevon/cortex/pull/57", ("sigma", "constant"), spectral,
          {"x": XS, "w": WS, "u": US, "v": VS}, of_spectral, ("constant",), GS),
    plain("v uᵀ for u vᵀ", "pytorch/pytorch/pull/7298", ("transpos", "\\bu\\b.*\\bv\\b"), spectral,
          {"x": XS, "w": WS, "u": US, "v": VS}, of_spectral, ("turned",), GS),
    plain("the two shares exchanged", "intel/torch-xpu-ops/pull/4380", ("SHARE", "exchange", "share"), upsample_linear,
          {"x": LINE}, of_upsample, ("swapped",), UP),
    plain("only the left neighbour gets a gradient", "flagos-ai/FlagGems/issues/5218", ("missing", "only"),
          upsample_linear, {"x": LINE}, of_upsample, ("left",), UP),
    plain("the second head's gradient replaces the first's", "BVLC/caffe/issues/2509", ("W_cls", "missing", "last"),
          two_heads, {"x": XH, "W": WT, "W_cls": W1, "W_box": W2}, of_heads, ("over",)),
    plain("divided by the images, not by all places", "tinygrad/tinygrad/pull/17201", ("16", "48", "\\b3\\b", "mean"),
          batchnorm2d, {"x": X4, "gamma": GAMMA, "beta": BETA}, of_batchnorm2d, (3,), G4),
    plain("means over the images alone", "tinygrad/tinygrad/pull/17201", ("axis 0", "axes 0"), batchnorm2d,
          {"x": X4, "gamma": GAMMA, "beta": BETA}, of_batchnorm2d, (48, True), G4),
    plain("softmax's sum along the columns", "Oneflow-Inc/oneflow/pull/7164", ("axis 3", "axis"), softmax_channels,
          {"z": Z}, of_softmax_channels, (3,), GZ),
    plain("the modulator as a constant", "unsky/focal-loss/issues/1", ("1 ?- ?pt", "constant", "path", "modul"), focal,
          {"z": LOGITS}, of_focal, ("modulator",)),
    plain("the modulator's sign", "jhwjhw0123/Imbalance-XGBoost/issues/1", ("sign", "−1"), focal, {"z": LOGITS},
          of_focal, ("sign",)),
]  # fmt: skip

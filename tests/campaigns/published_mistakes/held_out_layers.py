"""Held out from the search: normalisation, dropout, residual sums, normalised weights."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw

EPS = 1e-5
N = 6
X, GAMMA, BETA, G = draw(241, (N, 4), 4, 4, (N, 4))
BATCH = {"x": X, "gamma": GAMMA, "beta": BETA}
XMU = X - X.mean(axis=0)
IVAR = 1 / np.sqrt((XMU**2).mean(axis=0) + EPS)
XHAT = XMU * IVAR


def nine_steps(x, gamma, beta):
    N = x.shape[0]
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + EPS)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    return gammax + beta


def one_line(x, gamma, beta):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + EPS) + beta


def of_batch(fault=""):
    dxhat = G if "unscaled" in fault else G * GAMMA
    divar = np.sum(dxhat * XMU, axis=0)
    dvar = -0.5 * divar * IVAR ** (2 if "power" in fault else 3)
    if "root" in fault:
        dvar = -divar * IVAR**2
    dsq = dvar * np.ones_like(X) / (1 if "sum" in fault else N)
    dx1 = dxhat * IVAR + (1 if "no 2" in fault else 2) * XMU * dsq
    dmu = -dx1.sum(axis=0)
    return {
        "x": dx1 + dmu / (1 if "mean" in fault else N),
        "gamma": np.sum(G * (X if "at gamma" in fault else XHAT), axis=0),
        "beta": np.mean(G, axis=0) if "average" in fault else np.sum(G, axis=0),
    }


def of_line(first=N, second=1, third=1):
    dxhat = G * GAMMA
    line = first * dxhat - second * dxhat.sum(axis=0) - third * XHAT * np.sum(dxhat * XHAT, axis=0)
    return {**of_batch(), "x": IVAR / N * line}


XL, GL, WL, BL = draw(242, (4, 4), (4, 4), 4, 4)
TOKENS = {"x": XL, "weight": WL, "bias": BL}


def layer_norm(x, weight, bias):
    mean = x.mean(axis=-1, keepdims=True)
    rstd = 1 / np.sqrt(((x - mean) ** 2).mean(axis=-1, keepdims=True) + EPS)
    norm = (x - mean) * rstd
    return weight * norm + bias


def of_layer(axis=0, keep=True):
    xc = XL - XL.mean(axis=-1, keepdims=True)
    rstd = 1 / np.sqrt((xc**2).mean(axis=-1, keepdims=True) + EPS)
    d = GL * WL
    norm = xc * rstd
    dx = rstd * (d - d.mean(axis=-1, keepdims=True) - keep * norm * (d * norm).mean(axis=-1, keepdims=True))
    return {"x": dx, "weight": (GL * norm).sum(axis=axis), "bias": GL.sum(axis=axis)}


def rms_norm(x, weight):
    rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + EPS)
    return x / rms * weight


def of_rms(fault=""):
    rms = np.sqrt(np.mean(XL**2, axis=-1, keepdims=True) + EPS)
    d = GL if "weight" in fault else GL * WL
    total = np.sum if "sum" in fault else np.mean
    return {"x": d / rms - XL * total(d * XL, axis=-1, keepdims=True) / rms**3, "weight": (GL * XL / rms).sum(axis=0)}


XG, GG, SCALE = draw(243, (3, 6), (3, 6), 6)


def group_norm(x, scale):
    groups = x.reshape(3, 2, 3)
    mean = groups.mean(axis=2, keepdims=True)
    var = ((groups - mean) ** 2).mean(axis=2, keepdims=True)
    norm = ((groups - mean) / np.sqrt(var + EPS)).reshape(3, 6)
    return norm * scale


def of_groups(axes=(2,)):
    groups, d = XG.reshape(3, 2, 3), (GG * SCALE).reshape(3, 2, 3)
    xc = groups - groups.mean(axis=2, keepdims=True)
    rstd = 1 / np.sqrt((xc**2).mean(axis=2, keepdims=True) + EPS)
    norm = xc * rstd
    dx = rstd * (d - d.mean(axis=axes, keepdims=True) - norm * (d * norm).mean(axis=axes, keepdims=True))
    return {"x": dx.reshape(3, 6), "scale": (GG * norm.reshape(3, 6)).sum(axis=0)}


XD, W1, W2, GD = draw(244, (5, 3), (3, 6), (6, 2), (5, 2))
MASK = (draw(245, (5, 6)) > -0.4) * 1.0
DROP = {"x": XD, "W1": W1, "W2": W2, "mask": MASK}


def inverted(x, W1, W2, mask):
    p = 0.2
    h = np.maximum(0, x @ W1)
    dropped = h * mask / (1 - p)
    return dropped @ W2


def not_inverted(x, W1, W2, mask):
    h = np.maximum(0, x @ W1)
    dropped = h * mask
    return dropped @ W2


def of_dropout(forward=1.25, back=None):
    """`back`: the factor of the gradient."""
    h = np.maximum(0, XD @ W1)
    back = forward * MASK if back is None else back
    dh = GD @ W2.T * back * (h > 0)
    return {"x": dh @ W1.T, "W1": XD.T @ dh, "W2": (h * MASK * forward).T @ GD}


XR, WR, GR = draw(246, (5, 4), (4, 4), (5, 4))
MASK_R = (draw(247, (5, 4)) > -0.4) * 1.0
RESIDUAL = {"x": XR, "W": WR, "mask": MASK_R}


def dropout_and_add(x, W, mask):
    branch = np.tanh(x @ W)
    return x + mask * branch / 0.8


def of_add(fault=""):
    t = np.tanh(XR @ WR)
    d = GR * MASK_R / 0.8 * (1 - t**2)
    around = {"": GR, "both": GR * MASK_R / 0.8, "twice": 2 * GR}[fault]
    return {"x": around + d @ WR.T, "W": XR.T @ d}


V, LENGTH, XW, GW = draw(248, (3, 4), (3, 1), (5, 4), (5, 3))
NORMED = {"x": XW, "v": V, "g": LENGTH}


def weight_norm(x, v, g):
    norm = np.sqrt(np.sum(v**2, axis=1, keepdims=True))
    w = g * v / norm
    return x @ w.T


def of_weight_norm(fault=""):
    norm = np.sqrt(np.sum(V**2, axis=1, keepdims=True))
    dw = GW.T @ XW
    dg = np.sum(dw * V / norm, axis=1, keepdims=True)
    dv = LENGTH / norm * dw
    if "constant" not in fault:
        dv = dv - LENGTH * dg * V / norm ** (1 if "power" in fault else 2)
    if "unit" in fault:
        dg = np.sum(dw * V, axis=1, keepdims=True)
    return {"x": GW @ (LENGTH * V / norm), "v": dv, "g": dg}


def case(name, where, says, forward, inputs, right, wrong, upstream):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


def steps(name, where, says, fault):
    return case(name, where, says, nine_steps, BATCH, of_batch, lambda: of_batch(fault), G)


def line(name, where, says, *terms):
    return case(name, where, says, one_line, BATCH, of_batch, lambda: of_line(*terms), G)


def inverse(name, where, says, back):
    return case(name, where, says, inverted, DROP, of_dropout, lambda: of_dropout(back=back), GD)


NANO = "PABannier/nanograd/issues/2"
CASES = [
    steps("σ² for σ³", "mlpack/mlpack/issues/1923", ("ivar", "sqrtvar", "slope", "sqrt"), "power"),
    steps("the root's slope left out", "mlpack/mlpack/issues/1923", ("sqrt", "slope"), "root"),
    steps("no 2 of the square", NANO, ("½", "0\\.5", "half", "xmu", "factor 2", "\\*\\* ?2"), "no 2"),
    steps("the variance's path not divided by N", NANO, ("\\b6\\b", "N times", "mean", "var"), "sum"),
    steps("the mean's path not divided by N", "mlpack/mlpack/pull/2474", ("\\b6\\b", "N times", "mean", "\\bmu\\b"),
          "mean"),
    steps("x for xhat at gamma", "intel/ipex-llm/pull/94", ("xhat", "\\bx\\b"), "at gamma"),
    steps("gamma left out, and beta averaged", "intel/ipex-llm/pull/94", ("gamma.*(mean|1/|beta|6)",
          "(mean|1/|beta|6).*gamma"), "unscaled average"),
    steps("no 2 of the square, and x for xhat at gamma", NANO, ("(½|0\\.5|half|xmu|1/2).*(xhat|\\bx\\b)",
          "(xhat|\\bx\\b).*(½|0\\.5|half|xmu|1/2)"), "no 2 at gamma"),
    line("1 for N in one line", "apache/mxnet/issues/1053", ("\\b6\\b", "1/6", "N times", "path", "direct", "1/n"), 1),
    line("no x̂ Σ dx̂ x̂ in one line", "sonots/cumo/pull/119", ("var", "path", "constant"), N, 1, 0),
    line("no Σ dx̂ in one line", "sonots/cumo/pull/119", ("mean", "path", "constant"), N, 0, 1),
    case("gamma and beta summed along the rows", "Oneflow-Inc/oneflow/pull/7164", ("axis", "axes"), layer_norm, TOKENS,
         of_layer, lambda: of_layer(axis=1), GL),
    case("layer norm's variance as a constant", "Oneflow-Inc/oneflow/pull/7164", ("rstd", "var", "path", "constant"),
         layer_norm, TOKENS, of_layer, lambda: of_layer(keep=False), GL),
    case("the weight forgotten in RMS norm", "karpathy/llm.c/pull/763", ("weight",), rms_norm, {"x": XL, "weight": WL},
         of_rms, lambda: of_rms("weight"), GL),
    case("a sum for a mean in RMS norm", "karpathy/llm.c/pull/763", ("\\b4\\b", "mean", "n times", "rms"), rms_norm,
         {"x": XL, "weight": WL}, of_rms, lambda: of_rms("sum"), GL),
    case("means over all groups", "state-spaces/mamba/pull/547", ("axis", "axes", "group", "over everything", "mean"),
         group_norm, {"x": XG, "scale": SCALE}, of_groups, lambda: of_groups((1, 2)), GG),
    inverse("1/(1 − p) without the mask", "ddbourgin/numpy-ml/issues/94", ("mask",), 1.25),
    inverse("no dropout on the way back", "rohitg00/ai-engineering-from-scratch/pull/17", ("mask", "dropped"), 1.0),
    inverse("dropout's scale twice", "Oneflow-Inc/oneflow/pull/1740", ("1\\.25", "5/4", "twice", "\\bp\\b", "scale"),
            1.25**2 * MASK),
    case("1/(1 − p) though nothing was divided", "PaddlePaddle/Paddle/pull/29813", ("1\\.25", "5/4", "0\\.8", "mask",
         "factor"), not_inverted, DROP, lambda: of_dropout(1.0), lambda: of_dropout(1.0, 1.25 * MASK), GD),
    case("the mask on the residual too", "NVIDIA/apex/pull/860", ("mask", "path", "branch"), dropout_and_add, RESIDUAL,
         of_add, lambda: of_add("both"), GR),
    case("the residual's gradient added twice", "NVIDIA/apex/pull/860", ("twice", "2 times", "path"), dropout_and_add,
         RESIDUAL, of_add, lambda: of_add("twice"), GR),
    case("the length of the weights as a constant", "wy1iu/sphereface/issues/2", ("norm", "constant", "path"),
         weight_norm, NORMED, of_weight_norm, lambda: of_weight_norm("constant"), GW),
    case("‖v‖ for ‖v‖²", "facebookarchive/caffe2/issues/1429", ("norm", "slope"), weight_norm, NORMED, of_weight_norm,
         lambda: of_weight_norm("power"), GW),
    case("g's gradient not divided by the length", "facebookarchive/caffe2/issues/1429", ("norm",), weight_norm, NORMED,
         of_weight_norm, lambda: of_weight_norm("unit"), GW),
]  # fmt: skip

"""Held out from the search: layers of assignments. Batch, layer, instance and RMS normalisation, dropout, pooling."""

import numpy as np

from tests.campaigns.record import case, draw

EPS = 1e-5
N, D = 6, 4
X, GAMMA, BETA, DOUT, MEAN = draw(901, (N, D), D, D, (N, D), D)
VAR = draw(902, D) ** 2 + 0.3
BATCH = {"x": X, "gamma": GAMMA, "beta": BETA}


def batchnorm_forward(x, gamma, beta, mode="train"):
    bn_param = {"mode": mode, "running_mean": MEAN, "running_var": VAR}
    if bn_param["mode"] == "train":
        sample_mean = np.mean(x, axis=0)
        sample_var = np.var(x, axis=0)
        x_hat = (x - sample_mean) / np.sqrt(sample_var + EPS)
        out = gamma * x_hat + beta
        bn_param["running_mean"] = 0.9 * bn_param["running_mean"] + 0.1 * sample_mean
    else:
        x_hat = (x - bn_param["running_mean"]) / np.sqrt(bn_param["running_var"] + EPS)
        out = gamma * x_hat + beta
    return out


def batchnorm_test(x, gamma, beta):
    return batchnorm_forward(x, gamma, beta, mode="test")


def of_test_time(fault=""):
    ivar = 1 / np.sqrt(VAR + EPS)
    xhat = (X - MEAN) * ivar
    dxhat = DOUT * GAMMA
    dx = dxhat * ivar
    if fault == "as in training":
        dx = ivar / N * (N * dxhat - dxhat.sum(axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return {"x": dx, "gamma": np.sum(DOUT * xhat, axis=0), "beta": DOUT.sum(axis=0)}


def of_alternative(fault=""):
    """The formula of one line, with x − μ and σ² + ε."""
    mu, var = X.mean(axis=0), X.var(axis=0) + EPS
    power = -0.5 if fault == "power" else -1.0
    inner = np.sum(DOUT * (X - mu)) if fault == "over everything" else np.sum(DOUT * (X - mu), axis=0)
    dx = GAMMA * var**-0.5 / N * (N * DOUT - np.sum(DOUT, axis=0) - (X - mu) * var**power * inner)
    return {"x": dx, "gamma": np.sum(DOUT * (X - mu) * var**-0.5, axis=0), "beta": DOUT.sum(axis=0)}


XA, WA, BA, GA, TA, YA = draw(903, (5, 3), (3, 4), 4, 4, 4, (5, 4))
AFFINE_BN = {"x": XA, "w": WA, "b": BA, "gamma": GA, "beta": TA}


def affine_bn_relu(x, w, b, gamma, beta):
    a = x.dot(w) + b
    mu, var = a.mean(axis=0), a.var(axis=0)
    xhat = (a - mu) / np.sqrt(var + EPS)
    h = np.maximum(0, gamma * xhat + beta)
    return np.sum((h - YA) ** 2) / 5


def of_affine_bn(fault=""):
    a = XA @ WA + BA
    std = np.sqrt(a.var(axis=0) + EPS)
    xhat = (a - a.mean(axis=0)) / std
    bn = GA * xhat + TA
    dh = 2 * (np.maximum(0, bn) - YA) / 5
    dbn = dh * (bn > 0)
    dxhat = dbn * GA
    da = (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0)) / std
    dgamma = np.sum((dh if fault == "mask of gamma" else dbn) * xhat, axis=0)
    grads = {"x": da @ WA.T, "w": XA.T @ da, "b": da.sum(axis=0), "gamma": dgamma, "beta": dbn.sum(axis=0)}
    if fault == "bias":
        grads["b"] = dbn.sum(axis=0)
    return grads


XS, GS, BS, DS = draw(904, (2, 3, 2, 3), 3, 3, (2, 3, 2, 3))
SPATIAL = {"x": XS, "gamma": GS, "beta": BS}


def spatial_batchnorm(x, gamma, beta):
    n, c, h, w = x.shape
    x_flat = x.transpose(0, 2, 3, 1).reshape(-1, c)
    mean = x_flat.mean(axis=0)
    var = np.mean((x_flat - mean) ** 2, axis=0)
    out = gamma * (x_flat - mean) / np.sqrt(var + EPS) + beta
    return out.reshape(n, h, w, c).transpose(0, 3, 1, 2)


def of_spatial(fault=""):
    n, c, h, w = XS.shape
    flat = XS.transpose(0, 2, 3, 1).reshape(-1, c)
    dout = DS.reshape(-1, c) if fault == "dout" else DS.transpose(0, 2, 3, 1).reshape(-1, c)
    std = np.sqrt(flat.var(axis=0) + EPS)
    xhat = (flat - flat.mean(axis=0)) / std
    d = dout * GS
    dx = (d - d.mean(axis=0) - xhat * (d * xhat).mean(axis=0)) / std
    dx = dx.reshape(XS.shape) if fault == "dx" else dx.reshape(n, h, w, c).transpose(0, 3, 1, 2)
    return {"x": dx, "gamma": np.sum(dout * xhat, axis=0), "beta": dout.sum(axis=0)}


XL, GL, BL, DL = draw(905, (3, 5), 5, 5, (3, 5))
LAYER = {"x": XL, "gamma": GL, "beta": BL}


def layernorm_forward(x, gamma, beta, ln_param=None):
    x = x.T
    mu = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    std = np.sqrt(var + EPS)
    z = ((x - mu) / std).T
    return gamma * z + beta


def of_layernorm(fault=""):
    n = XL.shape[0 if fault == "rows" else 1]
    std = np.sqrt(XL.var(axis=1, keepdims=True) + EPS)
    z = (XL - XL.mean(axis=1, keepdims=True)) / std
    d = DL * GL
    dx = (n * d - d.sum(axis=1, keepdims=True) - z * np.sum(d * z, axis=1, keepdims=True)) / (n * std)
    return {"x": dx, "gamma": np.sum(DL * z, axis=0), "beta": DL.sum(axis=0)}


XT, GT, BT, DT = draw(906, (2, 3, 4), 4, 4, (2, 3, 4))
TOKENS = {"x": XT, "w": GT, "b": BT}


def layernorm_tokens(x, w, b):
    C = x.shape[-1]
    m = x.sum(-1, keepdims=True) / C
    xshift = x - m
    v = (xshift**2).sum(-1, keepdims=True) / C
    rstd = (v + EPS) ** -0.5
    norm = xshift * rstd
    return norm * w + b


def of_tokens(fault=""):
    rstd = (XT.var(-1, keepdims=True) + EPS) ** -0.5
    norm = (XT - XT.mean(-1, keepdims=True)) * rstd
    dnorm = DT * GT
    axes = (1, 2) if fault == "tokens" else 2
    dx = dnorm - dnorm.mean(axes, keepdims=True) - norm * (dnorm * norm).mean(axes, keepdims=True)
    return {"x": dx * rstd, "w": (DT * norm).sum((0, 1)), "b": DT.sum((0, 1))}


XI, DI = draw(907, (2, 3, 3, 2), (2, 3, 3, 2))


def instance_norm(x):
    mean = np.mean(x, axis=(2, 3), keepdims=True)
    std = np.sqrt(np.mean((x - mean) ** 2, axis=(2, 3), keepdims=True) + EPS)
    return (x - mean) / std


def of_instance(fault=""):
    axes = (0, 2, 3) if fault == "batch" else (2, 3)
    std = np.sqrt(XI.var(axis=(2, 3), keepdims=True) + EPS)
    y = (XI - XI.mean(axis=(2, 3), keepdims=True)) / std
    return {"x": (DI - DI.mean(axis=axes, keepdims=True) - y * (DI * y).mean(axis=axes, keepdims=True)) / std}


XR, WR, DR = draw(908, (3, 5), 5, (3, 5))


def rmsnorm(x, weight):
    r = (np.mean(x * x, axis=-1, keepdims=True) + 1e-6) ** -0.5
    return x * r * weight


def of_rmsnorm(fault=""):
    r = (np.mean(XR * XR, axis=-1, keepdims=True) + 1e-6) ** -0.5
    s = np.sum(DR * XR * WR, axis=-1, keepdims=True)
    twice = WR if fault == "weight" else 1.0
    power = 2 if fault == "power" else 3
    return {"x": DR * WR * r - twice * r**power * XR * s / 5, "weight": np.sum(DR * XR * r, axis=0)}


XD, W1, B1, W2, B2, YD = draw(909, (6, 4), (4, 5), 5, (5, 3), 3, (6, 3))
KEEP_X, KEEP_H = draw(910, (6, 4)) > -0.7, draw(911, (6, 5)) > -0.5
DROPPED = {"X": XD, "W1": W1, "b1": B1, "W2": W2, "b2": B2}
P = 0.3


def two_dropouts(X, W1, b1, W2, b2):
    X_drop = X * KEEP_X / (1 - P)
    a1 = np.tanh(X_drop @ W1 + b1)
    a1_drop = a1 * KEEP_H / (1 - P)
    return 0.5 * np.mean(np.sum((a1_drop @ W2 + b2 - YD) ** 2, axis=1))


def of_dropouts(fault=""):
    X_drop = XD * KEEP_X / (1 - P)
    a1 = np.tanh(X_drop @ W1 + B1)
    a1_drop = a1 * KEEP_H / (1 - P)
    dz2 = (a1_drop @ W2 + B2 - YD) / 6
    da1 = dz2 @ W2.T * KEEP_H / (P if fault == "p" else 1 - P)
    dz1 = da1 * (1 - (a1_drop if fault == "slope" else a1) ** 2)
    return {
        "X": dz1 @ W1.T * KEEP_X / (1 - P),
        "W1": (XD if fault == "inputs" else X_drop).T @ dz1,
        "b1": dz1.sum(axis=0),
        "W2": (a1 if fault == "hidden" else a1_drop).T @ dz2,
        "b2": dz2.sum(axis=0),
    }


XP, DP = draw(912, (2, 4, 4, 2), (2, 2, 2, 2))


def pool_forward(A_prev):
    """The largest elements of windows 2 × 2; the axes are examples, rows, columns, channels."""
    A = []
    for i in range(2):
        for h in range(2):
            for w in range(2):
                for c in range(2):
                    a_prev_slice = A_prev[i, h * 2 : h * 2 + 2, w * 2 : w * 2 + 2, c]
                    A.append(np.max(a_prev_slice))
    return np.array(A).reshape(2, 2, 2, 2)


def of_pool(fault=""):
    dA_prev = np.zeros_like(XP)
    for i, h, w, c in np.ndindex(2, 2, 2, 2):
        vs, hs = h * 2, (h if fault == "row" else w) * 2
        a_slice = XP[i, vs : vs + 2, hs : hs + 2, c]
        mask = a_slice == (np.min(a_slice) if fault == "min" else np.max(a_slice))
        if fault == "origin":
            vs = hs = 0
        dA_prev[i, vs : vs + 2, hs : hs + 2, c] += mask * DP[i, h, w, c]
    return {"A_prev": dA_prev}


XG, DG = draw(913, (3, 2, 3, 3), (3, 2))


def global_max(x):
    return np.max(x.reshape(3, 2, -1), axis=2)


def of_global_max(fault=""):
    flat = XG.reshape(3, 2, -1)
    mask = flat == flat.max(axis=0 if fault == "images" else 2, keepdims=True)
    if fault == "all":
        mask = np.ones_like(flat)
    return {"x": (mask * DG[:, :, None]).reshape(XG.shape)}


KNET = "denizyuret/Knet.jl/issues/288"
CS231N = "https://programmerteach.com/p/cs231n-assignment2-q2-batch-normalization"
GEMS = "flagos-ai/FlagGems/issues/5392"
MEGATRON = "NVIDIA/Megatron-LM/pull/6859"
ORDER = ("reshape", "transpos", "order", "axes")
CASES = [
    case("the batch's statistics at test time", CS231N, ("mean", "running", "constant", "batch", "path"),
         batchnorm_test, BATCH, of_test_time, "as in training", DOUT),
    case("σ for σ² in the formula of one line", CS231N, ("var", "sqrt", "std", "power", "square"), batchnorm_forward,
         BATCH, of_alternative, "power", DOUT),
    case("a sum over everything in the formula of one line", CS231N, ("axis", "over everything"), batchnorm_forward,
         BATCH, of_alternative, "over everything", DOUT),
    case("gamma's gradient without relu's mask", KNET, ("mask", "maximum", "slope", "relu"), affine_bn_relu, AFFINE_BN,
         of_affine_bn, "mask of gamma"),
    case("a bias before batch normalisation as if there were none", KNET, ("path", "\\bmu\\b", "bypass", "beta", "skip",
         "norm"), affine_bn_relu, AFFINE_BN, of_affine_bn, "bias"),
    case("spatial batch norm's gradient reshaped, not transposed", CS231N, ORDER, spatial_batchnorm, SPATIAL,
         of_spatial, "dx", DS),
    case("spatial batch norm's upstream reshaped, not transposed", CS231N, ORDER, spatial_batchnorm, SPATIAL,
         of_spatial, "dout", DS),
    case("the rows for the features in layer norm", CS231N, ("\\b3\\b", "\\b5\\b", "5/3", "3/5", "mean", "1\\.66"),
         layernorm_forward, LAYER, of_layernorm, "rows", DL),
    case("means over tokens and features", GEMS, ("axis", "axes", "tokens"), layernorm_tokens, TOKENS, of_tokens,
         "tokens", DT),
    case("instance norm's means over the batch too", GEMS, ("axis", "axes"), instance_norm, {"x": XI}, of_instance,
         "batch", DI),
    case("RMS norm's weight twice", MEGATRON, ("weight",), rmsnorm, {"x": XR, "weight": WR}, of_rmsnorm, "weight", DR),
    case("r² for r³ in RMS norm", MEGATRON, ("\\br\\b", "slope", "power", "\\*\\*"), rmsnorm,
         {"x": XR, "weight": WR}, of_rmsnorm, "power", DR),
    case("divided by p, not by 1 − p", "ddbourgin/numpy-ml/issues/94", ("0\\.7", "7/3", "2\\.333", "0\\.3", "1 - P"),
         two_dropouts, DROPPED, of_dropouts, "p"),
    case("the inputs without their dropout", "ddbourgin/numpy-ml/issues/94", ("X_drop", "KEEP_X", "\\bX\\b"),
         two_dropouts, DROPPED, of_dropouts, "inputs"),
    case("the activation without its dropout", "ddbourgin/numpy-ml/issues/94", ("a1_drop", "KEEP_H", "\\ba1\\b"),
         two_dropouts, DROPPED, of_dropouts, "hidden"),
    case("tanh′ at the output of dropout", "ddbourgin/numpy-ml/issues/94", ("a1_drop", "after dropout"), two_dropouts,
         DROPPED, of_dropouts, "slope"),
    case("every window at the first one's place", "marsggbo/deeplearning.ai_JupyterNotebooks/issues/6", ("place",
         "window", "start", "first", "step"), pool_forward, {"A_prev": XP}, of_pool, "origin", DP),
    case("the row's start for the column's", "marsggbo/deeplearning.ai_JupyterNotebooks/issues/6", ("row", "column",
         "start", "window", "place"), pool_forward, {"A_prev": XP}, of_pool, "row", DP),
    case("the smallest of the window", "marsggbo/deeplearning.ai_JupyterNotebooks/issues/6", ("smallest", "minimum",
         "least"), pool_forward, {"A_prev": XP}, of_pool, "min", DP),
    case("global max pooling to every place", "riccardoandreoni0/CNN-from-scratch/issues/1", ("every", "all", "mask",
         "max"), global_max, {"x": XG}, of_global_max, "all", DG),
    case("the largest of the images, not of the places", "riccardoandreoni0/CNN-from-scratch/issues/1", ("axis",),
         global_max, {"x": XG}, of_global_max, "images", DG),
]  # fmt: skip

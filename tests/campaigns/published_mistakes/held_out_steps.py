"""Held out from the search: normalisation step by step and by Jacobians, dropout, dense layers, clips, maxout."""

import numpy as np

from tests.campaigns.record import case, draw

EPS = 1e-5
X, G, B, DOUT = draw(961, (4, 3, 2, 2), (1, 3, 1, 1), (1, 3, 1, 1), (4, 3, 2, 2))
IMAGES = {"x": X, "gamma": G, "beta": B}
AXES = (0, 2, 3)


def batch_norm_2d(x, gamma, beta):
    mu = np.mean(x, axis=(0, 2, 3)).reshape(1, -1, 1, 1)
    x_mu = x - mu
    var = np.mean(x_mu * x_mu, axis=(0, 2, 3)).reshape(1, -1, 1, 1)
    std_inv = 1.0 / np.sqrt(var + EPS)
    x_norm = x_mu * std_inv
    out = gamma * x_norm + beta
    return out, {"x_norm": x_norm}


def of_batch_norm(fault=""):
    m = X.size / 3
    x_mu = X - X.mean(axis=AXES, keepdims=True)
    std_inv = 1 / np.sqrt((x_mu**2).mean(axis=AXES, keepdims=True) + EPS)
    dx_norm = DOUT * G
    inner = dx_norm if fault == "x_mu" else dx_norm * x_mu
    dvar = np.sum(inner, axis=AXES, keepdims=True) * (0.5 if fault == "sign of dvar" else -0.5) * std_inv**3
    dmu = np.sum(dx_norm * (1 if fault == "sign" else -1) * std_inv, axis=AXES, keepdims=True)
    dmu = dmu + dvar * np.mean(-2.0 * x_mu, axis=AXES, keepdims=True)
    first = dx_norm * std_inv ** (2 if fault == "root" else 1)
    dx = first + dvar * 2.0 * x_mu / m + dmu / (4 if fault == "images" else m)
    dgamma = np.sum(DOUT * x_mu * std_inv, axis=AXES, keepdims=True)
    return {"x": dx, "gamma": dgamma, "beta": np.sum(DOUT, axis=AXES, keepdims=True)}


XL, WL, BL, DL = draw(962, (3, 4), 4, 4, (3, 4))
JACOBIAN = {"x": XL, "weight": WL, "bias": BL}


def layer_norm_in_a_loop(x, weight, bias):
    out = []
    for row in x:
        mean = np.sum(row) / 4
        std = np.sqrt(np.sum((row - mean) ** 2) / 4 + EPS)
        out.append(weight * (row - mean) / std + bias)
    return np.stack(out)


def of_jacobian(fault=""):
    dx, dw = np.zeros_like(XL), np.zeros(4)
    for n in range(3):
        c = XL[n] - XL[n].mean()
        std = np.sqrt((c**2).mean() + EPS)
        J = (4 * np.eye(4) - 1) / (4 * std) - np.outer(c, c) / (4 * std ** (2 if fault == "cube" else 3))
        if fault == "diagonal":
            J = np.diag(np.diag(J))
        if fault == "outer":
            J = (4 * np.eye(4) - 1) / (4 * std)
        dx[n] = J @ (DL[n] * WL)
        dw += DL[n] * (c if fault == "weight" else c / std)
    return {"x": dx, "weight": dw, "bias": DL.sum(axis=0)}


XR, WR, DR = draw(963, (2, 3, 4), 4, (2, 3, 4))


def llama_norm(x, weight):
    variance = np.power(x, 2).mean(-1, keepdims=True)
    x = x * (1 / np.sqrt(variance + 1e-6))
    return weight * x


def of_llama(fault=""):
    r = 1 / np.sqrt((XR**2).mean(-1, keepdims=True) + 1e-6)
    d = DR * WR
    inner = DR if fault == "weight" else d
    along = (inner * XR).sum(-1, keepdims=True) if fault == "sum" else (inner * XR).mean(-1, keepdims=True)
    dx = r * d - r**3 * (np.ones_like(XR) if fault == "x" else XR) * along
    if fault == "sign":
        dx = r * d + r**3 * XR * along
    return {"x": dx, "weight": (DR * XR * (1 if fault == "not normalised" else r)).sum((0, 1))}


XU, DU = draw(964, (4, 3), (4, 3))


def unit_length(x):
    n = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
    return x / n


def of_unit(fault=""):
    n = np.sqrt(np.sum(XU**2, axis=1, keepdims=True))
    along = np.sum(XU * DU, axis=1, keepdims=True)
    return {"x": (DU - XU * along / (n if fault == "length" else 1 if fault == "none" else n * n)) / n}


XG, GG, DG = draw(965, (2, 6, 2), (6, 1), (2, 6, 2))


def group_norm(x, gamma):
    g = x.reshape(2, 3, 4)
    g = (g - g.mean(axis=2, keepdims=True)) / np.sqrt(g.var(axis=2, keepdims=True) + EPS)
    return g.reshape(2, 6, 2) * gamma


def of_group(fault=""):
    shape = (2, 3, 4)
    g, d = XG.reshape(shape), (DG * GG).reshape(shape)
    std = np.sqrt(g.var(axis=2, keepdims=True) + EPS)
    y = (g - g.mean(axis=2, keepdims=True)) / std
    n = {"channels": 2, "batch": 8}.get(fault, 4)
    dx = (d - d.sum(axis=2, keepdims=True) / n - y * (d * y).sum(axis=2, keepdims=True) / n) / std
    dgamma = (DG * y.reshape(XG.shape)).sum(axis=(0, 2) if fault != "gamma" else 0)
    dgamma = dgamma.reshape(6, 1) if fault != "gamma" else dgamma[:, :1]
    return {"x": dx.reshape(XG.shape), "gamma": dgamma}


XD, W1, W2, W3, YD = draw(966, (6, 4), (4, 5), (5, 5), (5, 2), (6, 2))
D1, D2 = (draw(967, (6, 5)) > -0.4) / 0.8, (draw(968, (6, 5)) > -0.4) / 0.8
KEPT = draw(969, (4, 5)) > -0.7
THREE = {"X": XD, "W1": W1, "W2": W2, "W3": W3}


def three_layers(X, W1, W2, W3):
    """Dropout after both hidden layers, and weights of the first one dropped too."""
    A1 = np.maximum(0, X @ (W1 * KEPT)) * D1
    A2 = np.maximum(0, A1 @ W2) * D2
    return np.mean((A2 @ W3 - YD) ** 2)


def of_three(fault=""):
    Z1 = XD @ (W1 * KEPT)
    A1 = np.maximum(0, Z1) * D1
    Z2 = A1 @ W2
    A2 = np.maximum(0, Z2) * D2
    dA3 = 2 * (A2 @ W3 - YD) / (6 if fault == "rows" else 12)
    dA2 = dA3 @ W3.T * (D1 if fault in ("exchanged", "D1 twice") else D2)
    dZ2 = dA2 * (Z2 > 0)
    dA1 = dZ2 @ W2.T * (D2 if fault == "exchanged" else D1)
    dZ1 = dA1 * (Z1 > 0)
    weights = W1 if fault == "dropped weights" else W1 * KEPT
    return {"X": dZ1 @ weights.T, "W1": XD.T @ dZ1 * (1 if fault == "connect" else KEPT), "W2": A1.T @ dZ2,
            "W3": A2.T @ dA3}  # fmt: skip


XS, WS, BS, DS = draw(970, (3, 4, 2), (2, 5), 5, (3, 4, 5))
SEQUENCES = {"x": XS, "w": WS, "b": BS}


def dense_of_sequences(x, w, b):
    return np.tanh(x @ w + b)


def of_dense(fault=""):
    d = DS * (1 - np.tanh(XS @ WS + BS) ** 2)
    dw = np.zeros_like(WS)
    for n in range(3):
        if fault == "last":
            dw = XS[n].T @ d[n]
        else:
            dw += XS[n].T @ d[n]
    if fault == "mean":
        dw /= 3
    return {"x": d @ WS.T, "w": dw, "b": d.sum(axis=(0, 1))}


XA, AA, DA = draw(971, (5, 3), (1,), (5, 3))


def prelu(x, a):
    return np.maximum(0, x) + a * np.minimum(0, x)


def of_prelu(fault=""):
    terms = DA * np.minimum(0, XA)
    slope = np.where(XA > 0, 1, 0.25 if fault == "constant" else AA)
    total = {"mean": np.mean, "": np.sum}.get(fault, np.sum)(terms)
    return {"x": DA * slope, "a": np.array([total])}


XC, DC = draw(972, (5, 3), (5, 3))


def clipped(x):
    return np.clip(x, -1.0, 1.0) * 2.0


def of_clip(fault=""):
    mask = (XC > -1) & (XC < 1)
    if fault == "above":
        mask = XC < 1
    return {"x": 2 * DC * (1 if fault == "straight" else mask)}


XM, WM, DM = draw(973, (4, 3), (3, 6), (4, 2))


def maxout(x, W):
    z = x @ W
    return np.max(z.reshape(4, 2, 3), axis=2)


def of_maxout(fault=""):
    z = XM @ WM
    chosen = np.argmax(z.reshape(4, 2, 3), axis=2)
    dz = np.zeros((4, 2, 3))
    for i in range(4):
        for j in range(2):
            dz[i, j, chosen[i, j]] = DM[i, j]
    dz = dz.transpose(0, 2, 1).reshape(4, 6) if fault == "pieces" else dz.reshape(4, 6)
    return {"x": dz @ WM.T, "W": XM.T @ dz}


MEDOFLOW = "https://github.com/BiEchi/MedoFlow"
YONGJUN = "https://stats.stackexchange.com/questions/328242/matrix-form-of-backpropagation-with-batch-normalization"
NEURALTHREADS = "https://neuralthreads.medium.com/layer-normalization-and-how-to-compute-its-jacobian-for-backpropagation-55a549d5936f"
LLM_C = "karpathy/llm.c/pull/763"
GROUPS = "davisking/dlib/pull/3001"
DROPOUT = "ddbourgin/numpy-ml/issues/94"
MGR = "harvard-edge/cs249r_book/pull/1867"
PRELU = "pytorch/pytorch/issues/128120"
CASES = [
    case("x − μ forgotten in the variance's gradient", MEDOFLOW, ("x_mu",), batch_norm_2d, IMAGES, of_batch_norm,
         "x_mu", DOUT),
    case("the minus forgotten in the mean's gradient", MEDOFLOW, ("−1|-1|sign|added",), batch_norm_2d, IMAGES,
         of_batch_norm, "sign", DOUT),
    case("the minus forgotten in the variance's gradient", YONGJUN, ("−1|-1|sign|added",), batch_norm_2d, IMAGES,
         of_batch_norm, "sign of dvar", DOUT),
    case("the variance for its root before dx", YONGJUN, ("std_inv", "twice", "√"), batch_norm_2d, IMAGES,
         of_batch_norm, "root", DOUT),
    case("the mean's gradient divided by the images", YONGJUN, ("\\b4\\b", "16", "mean of"), batch_norm_2d, IMAGES,
         of_batch_norm, "images", DOUT),
    case("the square of σ for its cube in the Jacobian", NEURALTHREADS, ("std", "σ", "√", "variance"),
         layer_norm_in_a_loop, JACOBIAN, of_jacobian, "cube", DL),
    case("the diagonal of a Jacobian of layer norm", NEURALTHREADS, ("diagonal", "Jacobian", "sum"),
         layer_norm_in_a_loop, JACOBIAN, of_jacobian, "diagonal", DL),
    case("no outer product in the Jacobian", NEURALTHREADS, ("path through std", "std", "xhat", "variance"),
         layer_norm_in_a_loop, JACOBIAN, of_jacobian, "outer", DL),
    case("x − μ not divided by σ for the weight, row by row", NEURALTHREADS, ("std", "divi"), layer_norm_in_a_loop,
         JACOBIAN, of_jacobian, "weight", DL),
    case("the weight forgotten in the second term", LLM_C, ("weight",), llama_norm, {"x": XR, "weight": WR}, of_llama,
         "weight", DR),
    case("a sum for the mean in the second term", LLM_C, ("\\b4\\b", "mean", "1/4"), llama_norm,
         {"x": XR, "weight": WR}, of_llama, "sum", DR),
    case("x forgotten in the second term", LLM_C, ("\\bx\\b", "slope"), llama_norm, {"x": XR, "weight": WR}, of_llama,
         "x", DR),
    case("the second term added", LLM_C, ("−1|-1|sign|added",), llama_norm, {"x": XR, "weight": WR}, of_llama, "sign",
         DR),
    case("the input not normalised for the weight", LLM_C, ("x is used instead of x\\(1\\)", "variance", "divi"),
         llama_norm, {"x": XR, "weight": WR}, of_llama, "not normalised", DR),
    case("n for n² in a unit vector's gradient", "Dao-AILab/quack/pull/53", ("\\bn\\b", "norm", "sqrt"), unit_length,
         {"x": XU}, of_unit, "length", DU),
    case("no n² in a unit vector's gradient", "Dao-AILab/quack/pull/53", ("\\bn\\b", "norm", "sqrt"), unit_length,
         {"x": XU}, of_unit, "none", DU),
    case("a group's means divided by its channels", GROUPS, ("\\b2\\b", "\\b4\\b", "mean"), group_norm,
         {"x": XG, "gamma": GG}, of_group, "channels", DG),
    case("gamma's gradient at the first place", GROUPS, ("first", "axis", "sum"), group_norm, {"x": XG, "gamma": GG},
         of_group, "gamma", DG),
    case("the masks of two layers exchanged", DROPOUT, ("D1", "D2", "mask"), three_layers, THREE, of_three,
         "exchanged"),
    case("the first layer's mask twice", DROPOUT, ("D1", "D2", "mask"), three_layers, THREE, of_three, "D1 twice"),
    case("weights that were dropped learn", DROPOUT, ("KEPT", "mask"), three_layers, THREE, of_three, "connect"),
    case("weights that were dropped pass the gradient on", DROPOUT, ("KEPT", "W1"), three_layers, THREE, of_three,
         "dropped weights"),
    case("a mean over rows and columns divided by the rows", DROPOUT, ("\\b2\\b", "\\b6\\b", "12"), three_layers,
         THREE, of_three, "rows"),
    case("the last sequence's weights", MGR, ("last", "alone", "only"), dense_of_sequences, SEQUENCES, of_dense, "last",
         DS),
    case("weights averaged over the sequences", MGR, ("1/3", "\\b3\\b", "mean"), dense_of_sequences, SEQUENCES,
         of_dense, "mean", DS),
    case("a shared slope's gradient averaged", PRELU, ("1/15", "mean", "\\b15\\b"), prelu, {"x": XA, "a": AA},
         of_prelu, "mean", DA),
    case("a constant slope for the learnt one", PRELU, ("\\ba\\b", "0\\.25", "slope"), prelu, {"x": XA, "a": AA},
         of_prelu, "constant", DA),
    case("a clip that passes everything", "pytorch/pytorch/issues/4355", ("mask", "slope", "clip", "unchanged"),
         clipped, {"x": XC}, of_clip, "straight", DC),
    case("a clip that is open below", "pytorch/pytorch/issues/4355", ("mask", "slope", "clip", "−1", "maximum"),
         clipped, {"x": XC}, of_clip, "above", DC),
    case("pieces and units of a maxout exchanged", "riccardoandreoni0/CNN-from-scratch/issues/1", ("reshape",
         "transpos", "order", "axes"), maxout, {"x": XM, "W": WM}, of_maxout, "pieces", DM),
]  # fmt: skip

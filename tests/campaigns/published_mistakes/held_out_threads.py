"""Held out from the search: what forums and public code show, often with several mistakes in one backward pass."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

IMG, W_IH, B_IH, W_HO, B_HO = draw(2101, (4, 1), (5, 4), (5, 1), (3, 5), (3, 1))
DIGIT = {"w_i_h": W_IH, "w_h_o": W_HO, "b_i_h": B_IH, "b_h_o": B_HO}
LABEL = np.array([[0.0], [1.0], [0.0]])


def digit(w_i_h, w_h_o, b_i_h, b_h_o):
    h_pre = b_i_h + w_i_h @ IMG
    h = 1 / (1 + np.exp(-h_pre))
    o_pre = b_h_o + w_h_o @ h
    o = 1 / (1 + np.exp(-o_pre))
    e = 1 / len(o) * np.sum((o - LABEL) ** 2, axis=0)
    return e[0]


def of_digit(fault=""):
    h = sigmoid(B_IH + W_IH @ IMG)
    o = sigmoid(B_HO + W_HO @ h)
    is_short = fault in ("no slope, and updated", "no slope")
    do = (o - LABEL) if is_short else 2 / 3 * (o - LABEL) * o * (1 - o)
    dw = do @ h.T
    w = W_HO - 0.01 * dw if "updated" in fault else W_HO
    dh = w.T @ do * (h * (1 - h))
    return {"w_i_h": dh @ IMG.T, "w_h_o": dw, "b_i_h": dh, "b_h_o": do}


CHAIN = {name: np.array(value) for name, value in (("w1", -0.4371), ("w2", 0.9126), ("b1", 0.3153), ("b2", -0.2281))}


def chain(w1, w2, b1, b2):
    h = sigmoid(0.7219 * w1 + b1)
    y = sigmoid(h * w2 + b2)
    E = y - 1.0
    return E * E


def of_chain(fault=""):
    w1, w2, b1, b2 = CHAIN.values()
    h = sigmoid(0.7219 * w1 + b1)
    y = sigmoid(h * w2 + b2)
    gy = 2 * (y - 1)
    gz = gy * y * (1 - y)
    if fault:
        gh = gy * w2
        return {"w1": gh * h * (1 - h) * w1, "w2": gz * w2, "b1": gh * h * (1 - h), "b2": gz}
    gh = gz * w2
    return {"w1": gh * h * (1 - h) * 0.7219, "w2": gz * h, "b1": gh * h * (1 - h), "b2": gz}


SW, SX, SB, UP = draw(2102, (5, 3), (3,), (5,), (5,))
SINGLE = {"W": SW, "x": SX, "b": SB}


def single(W, x, b):
    inp = np.dot(W, x) + b
    exps = np.exp(inp)
    return exps / np.sum(exps)


def of_single(fault=""):
    z = SW @ SX + SB
    v = softmax(z)
    s, J = z if fault == "inputs" else v, np.zeros((5, 5))
    for i in range(5):
        for j in range(5):
            J[i, j] = v[i] * (1 - s[i]) if i == j else -v[i] * s[j]
    dz = UP @ J
    dz = dz * UP if fault == "once more" else dz
    return {"W": np.outer(dz, SX), "x": dz @ SW, "b": dz}


XR, WR, BR = draw(2103, (6, 2), (3, 2), (3,))
REGRESSION, ONE_HOT = {"weights": WR, "bias": BR}, np.eye(3)[[0, 1, 2, 1, 0, 0]]


def regression(weights, bias):
    logits = XR @ weights.T + bias
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    probas = e / e.sum(axis=1, keepdims=True)
    return np.sum(-np.sum(ONE_HOT * np.log(probas), axis=1))


def of_regression(fault=""):
    off = ONE_HOT - softmax(XR @ WR.T + BR)
    bias = np.ones(3) * -np.sum(off) if fault else -np.sum(off, axis=0)
    return {"weights": -(XR.T @ off).T, "bias": bias}


FX, FW0, FW, FV, FOUT = draw(2104, (5, 4), (1, 1), (4, 1), (4, 2), (5, 1))
MACHINE = {"w0": FW0, "W": FW, "V": FV}


def machine(w0, W, V):
    linear = w0 + FX @ W
    inter = 0.5 * np.sum((FX @ V) ** 2 - FX**2 @ V**2, axis=1, keepdims=True)
    return linear + inter


def of_machine(fault=""):
    dV = FX.T @ (FOUT * (FX @ FV)) - (FX**2).T @ FOUT * FV
    return {"w0": FOUT if fault else FOUT.sum(keepdims=True), "W": (1 / FX.T if fault else FX.T) @ FOUT, "V": dV}


RX, RH, RWX, RWH, RB, ROUT = draw(2105, (4, 3), (4, 5), (3, 5), (5, 5), (5,), (4, 5))
STEP = {"Wx": RWX, "Wh": RWH, "b": RB, "x": RX, "h_prev": RH}


def step(Wx, Wh, b, x, h_prev):
    t = np.dot(h_prev, Wh) + np.dot(x, Wx) + b
    return np.tanh(t)


def of_step(fault=""):
    h_next = np.tanh(RH @ RWH + RX @ RWX + RB)
    dt = 1 / (1 - h_next**2) if fault else ROUT * (1 - h_next**2)
    return {"Wx": RX.T @ dt, "Wh": RH.T @ dt, "b": dt.sum(axis=0), "x": dt @ RWX.T, "h_prev": dt @ RWH.T}


DICE, TARGET = {"inp": np.random.default_rng(2106).random(8)}, np.array([0.0, 1, 1, 0, 1, 0, 0, 1])


def dice(inp):
    smooth, intersection = 1.0, np.sum(TARGET * inp)
    return 1 - (2 * intersection + smooth) / (np.sum(TARGET * TARGET) + np.sum(inp * inp) + smooth)


def of_dice(fault=""):
    inp, smooth = DICE["inp"], 0.0 if fault else 1.0
    shared, both = (TARGET * inp).sum(), (TARGET**2).sum() + (inp**2).sum() + smooth
    return {"inp": -(2 * TARGET * both - 2 * inp * (2 * shared + smooth)) / both**2}


BOTS = "Bot-Academy/NeuralNetworkFromScratch/pull/3"
DERIVATIVE = "https://stackoverflow.com/questions/40575841"
CASES = [
    case("no slope at the output, no 2/n, and weights that were updated", BOTS,
         ("computed as \\(o − LABEL\\).*updated", "updated.*computed as \\(o − LABEL\\)"), digit, DIGIT, of_digit,
         "no slope, and updated"),
    case("no slope at the output, and no 2/n", BOTS, ("computed as \\(o − LABEL\\)",), digit, DIGIT, of_digit,
         "no slope"),
    case("weights for inputs, and no slope at the output", "https://stats.stackexchange.com/questions/464262",
         ("dw2 is the gradient of h.*gradient of E.*(w1 is used|dw1 is the gradient of)",), chain, CHAIN,
         of_chain, "weights"),
    case("the inputs in the Jacobian of a softmax", DERIVATIVE, ("inp is used instead of p_j",), single, SINGLE,
         of_single, "inputs", UP),
    case("the incoming gradient once more behind a softmax", "pocketpy/cTensor/pull/31", ("multiplied by g once more",),
         single, SINGLE, of_single, "once more", UP),
    case("a bias summed over the classes too, which gives 0", "rasbt/stat453-deep-learning-ss21/issues/5",
         ("summed over the whole array",), regression, REGRESSION, of_regression, "all"),
    case("divided by the features, and a bias not summed", "apache/systemds/pull/696",
         ("not summed over axis 0.*(divides, but should multiply)",), machine, MACHINE, of_machine, "inverse", FOUT),
    case("1 divided by tanh′ alone", "oreilly-japan/deep-learning-from-scratch-2/issues/26",
         ("1 divided by tanh′\\(t\\) is passed back alone",), step, STEP, of_step, "inverse", ROUT),
    case("no smoothing constant", "mlpack/mlpack/pull/1674", ("constant 1, which is added in .* is missing",), dice,
         DICE, of_dice, "no smooth"),
]  # fmt: skip

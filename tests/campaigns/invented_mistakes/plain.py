"""Plain networks with plain data: X.dot(w), layers as classes, stores by a mask, loops over examples and steps."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw, sigmoid, softmax

X, W1, B1, W2, B2 = draw(1401, (6, 2), (2, 4), (1, 4), (4, 3), (1, 3))
Y = np.array([0, 2, 1, 1, 0, 2])
REG = 0.01
U1 = (np.random.default_rng(7).random((6, 4)) < 0.6) / 0.6


def forward_of(model, dropout=False):
    z1 = X.dot(model["W1"]) + model["b1"]
    a1 = np.tanh(z1)
    if dropout:
        a1 *= U1
    z2 = a1.dot(model["W2"]) + model["b2"]
    exp_scores = np.exp(z2)
    return exp_scores / np.sum(exp_scores, axis=1, keepdims=True)


def moons(W1, b1, W2, b2):
    model = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    probs = forward_of(model)
    correct_logprobs = -np.log(probs[range(len(X)), Y])
    data_loss = np.sum(correct_logprobs)
    data_loss += REG / 2 * (np.sum(np.square(W1)) + np.sum(np.square(W2)))
    return 1.0 / len(X) * data_loss


def moons_dropout(W1, b1, W2, b2):
    probs = forward_of({"W1": W1, "b1": b1, "W2": W2, "b2": b2}, dropout=True)
    return np.mean(-np.log(probs[range(len(X)), Y]))


def of_dropped(fault=""):
    return of_moons(fault, dropout=True)


def of_moons(fault="", dropout=False):
    a1 = np.tanh(X @ W1 + B1)
    h = a1 * U1 if dropout else a1
    delta3 = softmax(h @ W2 + B2)
    if "one" not in fault:
        delta3[range(6), Y] -= 1
    d = delta3 @ W2.T
    if dropout and "mask" not in fault:
        d = d * U1
    delta2 = d * (1 - (h if "dropped" in fault else a1) ** 2)
    reg = 0 if dropout else REG
    if "reg" in fault:
        reg = REG * 6
    n = 6
    return {
        "W1": (X.T @ delta2 + reg * W1) / n,
        "b1": delta2.sum(0, keepdims=True) / n,
        "W2": (h.T @ delta3 + reg * W2) / n,
        "b2": delta3.sum(0, keepdims=True) / n,
    }


DX, DW1, DW2, DY = draw(1402, (5, 3), (3, 6), (6, 1), (5, 1))
DM = np.random.default_rng(3).random((5, 6)) < 0.75


class Dropout:
    def __init__(self, keep_prob):
        self.keep_prob = keep_prob

    def forward(self, x):
        self.mask = DM
        return x * self.mask / self.keep_prob


def net_dropout(W1, W2):
    drop = Dropout(0.75)
    h = drop.forward(np.maximum(0, DX @ W1))
    return 0.5 * np.sum((h @ W2 - DY) ** 2)


def of_net_dropout(fault=""):
    z = DX @ DW1
    h = np.maximum(0, z) * DM / 0.75
    d = h @ DW2 - DY
    dh = d @ DW2.T * DM / (1 if fault == "scale" else 0.75) * (0.75 if fault == "times" else 1)
    return {"W1": DX.T @ (dh * (z > 0)), "W2": h.T @ d}


NV, NO, NN = draw(1404, 4, 4, (3, 4))


def sgns(v, u_pos, u_neg):
    loss = -np.log(sigmoid(np.dot(u_pos, v)))
    for k in range(len(u_neg)):
        loss += -np.log(1 - sigmoid(np.dot(u_neg[k], v)))
    return loss


def of_sgns(fault=""):
    p, q = sigmoid(NO @ NV), sigmoid(NN @ NV)
    e = q - 1 if "labels" in fault else q
    g = e[:, None] * NV
    if "sign" in fault:
        g = -g
    return {"v": (p - 1) * NO + e @ NN, "u_pos": (p - 1) * NV, "u_neg": g}


AX, A1, A2, AY = draw(1414, (5, 3), (3, 4), (4, 1), (5, 1))


def leaky_in_place(W1, W2):
    Z = AX.dot(W1)
    A = Z.copy()
    A[Z < 0] *= 0.01
    return np.mean((A.dot(W2) - AY) ** 2)


def elu_in_place(W1, W2):
    Z = AX.dot(W1)
    A = np.copy(Z)
    A[Z <= 0] = 0.5 * (np.exp(Z[Z <= 0]) - 1)
    return np.mean((A.dot(W2) - AY) ** 2)


def of_leaky(fault=""):
    Z = AX @ A1
    A = np.where(Z > 0, Z, 0.01 * Z)
    dA2 = 2 * (A @ A2 - AY) / 5
    dZ = dA2 @ A2.T
    dZ[Z < 0] = 0.01 if fault == "set" else 0.01 * dZ[Z < 0]
    return {"W1": AX.T @ dZ, "W2": A.T @ dA2}


def of_elu(fault=""):
    Z = AX @ A1
    A = np.where(Z > 0, Z, 0.5 * (np.exp(Z) - 1))
    dA2 = 2 * (A @ A2 - AY) / 5
    slope = {"": A + 0.5, "one": A + 1, "alpha": np.exp(Z)}[fault]
    return {"W1": AX.T @ (dA2 @ A2.T * np.where(Z > 0, 1, slope)), "W2": A.T @ dA2}


NX, NW = draw(1310, (5, 4), (4, 3))
NY = np.array([2, 0, 1, 1, 2])


def softmax_loss_naive(W):
    loss = 0.0
    for i in range(NX.shape[0]):
        scores = NX[i].dot(W)
        scores = scores - np.max(scores)
        loss += -scores[NY[i]] + np.log(np.sum(np.exp(scores)))
    loss /= NX.shape[0]
    return loss + 0.1 * np.sum(W * W)


def of_naive(fault=""):
    dW = np.zeros_like(NW)
    for i in range(5):
        p = softmax(NX[i] @ NW)
        for j in range(3):
            dW[:, j] += (p[j] - (j == NY[i]) * ("class" not in fault)) * NX[i]
        if "loop" in fault:
            dW /= 5
    if "loop" not in fault:
        dW /= 5
    return {"W": dW + 0.2 * NW}


JX, JW, JB = draw(1311, (4, 3), (3, 3), 3)
JY = np.eye(3)[[0, 2, 1, 0]]


def softmax_layer(W, b):
    z = JX @ W + b
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    return -np.sum(JY * np.log(p)) / len(JX)


def of_softmax_layer(fault=""):
    p = softmax(JX @ JW + JB)
    dp = -JY / p / 4
    dz = np.zeros_like(p)
    for n in range(4):
        J = np.diag(p[n]) - np.outer(p[n], p[n])
        if "off" in fault:
            J = np.outer(p[n], 1 - p[n])
        if "diagonal" in fault:
            J = np.diag(p[n] * (1 - p[n]))
        dz[n] = J @ dp[n]
    return {"W": JX.T @ dz, "b": dz.sum(0)}


RX, FX, VW, VB = draw(1312, (5, 3), (5, 3), (3, 1), 1)


def lsgan(w, b):
    d_real = RX @ w + b
    d_fake = FX @ w + b
    return 0.5 * np.mean((d_real - 1) ** 2) + 0.5 * np.mean(d_fake**2)


def of_lsgan(fault=""):
    real, fake = RX @ VW + VB - 1, FX @ VW + VB - (1 if "real" in fault else 0)
    return {"w": (RX.T @ real + FX.T @ fake) / 5, "b": (real + fake).mean(axis=0)}


PX, P1, P2 = draw(1314, (6, 4), (3, 4), 3)
ACT, RET = np.array([1.0, 0, 1, 1, 0, 0]), draw(1315, 6)


def pong(W1, W2):
    total = 0.0
    for t in range(len(PX)):
        h = np.dot(W1, PX[t])
        h[h < 0] = 0
        logp = np.dot(W2, h)
        p = 1.0 / (1.0 + np.exp(-logp))
        total += -RET[t] * (ACT[t] * np.log(p) + (1 - ACT[t]) * np.log(1 - p))
    return total


def of_pong(fault=""):
    eph = np.maximum(0, PX @ P1.T)
    p = sigmoid(eph @ P2)
    epdlogp = (p - ACT) * (1 if "reward" in fault else RET)
    dW2 = np.dot(eph.T, epdlogp).ravel()
    dh = np.outer(epdlogp, P2)
    if "relu" not in fault:
        dh[eph <= 0] = 0
    return {"W1": np.dot(dh.T, PX), "W2": dW2}


MOON = {"W1": W1, "b1": B1, "W2": W2, "b2": B2}
LAYERS = {"W1": A1, "W2": A2}
CASES = [
    case("nothing subtracted for the right class", ("the target is missing",), moons, MOON, of_moons, "one"),
    case("the penalty not divided by the examples", ("is 6 times what it should be",), moons, MOON, of_moons, "reg"),
    case("no dropout mask on the way back", ("the factor U1 is missing",), moons_dropout, MOON, of_dropped, "mask"),
    case("the mask without 1/keep, in a class", ("division by `self.keep_prob` in h were missing",), net_dropout,
         {"W1": DW1, "W2": DW2}, of_net_dropout, "scale"),
    case("negatives labelled 1, in a loop", ("the target is 1 everywhere",), sgns,
         {"v": NV, "u_pos": NO, "u_neg": NN}, of_sgns, "labels"),
    case("the leak set, not multiplied", ("is used alone, without the incoming gradient",), leaky_in_place, LAYERS,
         of_leaky, "set"),
    case("1 added to an ELU with another constant", (r"\+ 1 is used instead of the derivative",), elu_in_place, LAYERS,
         of_elu, "one"),
    case("an ELU's slope without its constant", ("the factor 0.5 is missing",), elu_in_place, LAYERS, of_elu, "alpha"),
    case("divided by m within the loop", ("in every turn of the loop",), softmax_loss_naive, {"W": NW},
         of_naive, "loop"),
    case("p_i (1 − p_j) off the diagonal", ("off the diagonal too",), softmax_layer, {"W": JW, "b": JB},
         of_softmax_layer, "off"),
    case("fakes pulled to 1 in a least squares GAN", ("evaluated at d_fake − 1",), lsgan, {"w": VW, "b": VB},
         of_lsgan, "real"),
    case("log-probabilities not multiplied by the returns", (r"the factor `RET\[t\]` is missing",), pong,
         {"W1": P1, "W2": P2}, of_pong, "reward"),
]  # fmt: skip

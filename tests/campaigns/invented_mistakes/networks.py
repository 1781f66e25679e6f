"""Networks and classifiers in loops, classes and dicts; batches."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw, sigmoid, softmax

XL, ZL, TL = draw(901, (7, 3), 7, 3)
YL = (ZL > 0) * 1.0


def odds(theta):
    m = len(YL)
    total = 0.0
    for i in range(m):
        h = 1.0 / (1.0 + np.exp(-np.dot(theta, XL[i])))
        total += -YL[i] * np.log(h) - (1 - YL[i]) * np.log(1 - h)
    return total / m


def of_odds(fault=""):
    h, grad = sigmoid(XL @ TL), np.zeros(3)
    for j in range(3):
        for i in range(7):
            grad[j] += (h[i] - YL[i]) * (1 if "outside" in fault else XL[i, j])
        if "outside" in fault:
            grad[j] *= XL[i, j]
    return {"theta": grad / 7}


X2, Y2 = draw(903, (5, 5), (3, 5))
Y2 = (Y2 > 0) * 1.0
LAYERS = dict(zip(("W1", "b1", "W2", "b2", "W3", "b3"),
                  draw(904, (5, 5), (5, 1), (3, 5), (3, 1), (3, 3), (3, 1)), strict=True))  # fmt: skip
LAMBD = 0.7


def forward_with_regularization(W1, b1, W2, b2, W3, b3):
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3}
    m = X2.shape[1]
    caches, A = {}, X2
    for l in (1, 2, 3):
        Z = np.dot(parameters["W" + str(l)], A) + parameters["b" + str(l)]
        caches["Z" + str(l)] = Z
        A = np.maximum(0, Z) if l < 3 else 1 / (1 + np.exp(-Z))
        caches["A" + str(l)] = A
    logprobs = np.multiply(-np.log(A), Y2) + np.multiply(-np.log(1 - A), 1 - Y2)
    cross_entropy_cost = 1.0 / m * np.nansum(logprobs)
    L2 = (1.0 / m) * (LAMBD / 2) * (np.sum(np.square(W1)) + np.sum(np.square(W2)) + np.sum(np.square(W3)))
    return cross_entropy_cost + L2


def of_regularized(fault=""):
    m, p = 5, LAYERS
    A = {0: X2}
    for l in (1, 2, 3):
        z = p[f"W{l}"] @ A[l - 1] + p[f"b{l}"]
        A[l] = np.maximum(0, z) if l < 3 else sigmoid(z)
    dz = A[3] - Y2
    if "relu" in fault:
        dz = (A[3] - Y2) / (A[3] * (1 - A[3]))
    found = {}
    for l in (3, 2, 1):
        weight = LAMBD / (1 if "whole" in fault else m)
        found[f"W{l}"] = dz @ A[l - 1].T / m + weight * p[f"W{l}"]
        found[f"b{l}"] = np.sum(dz) / m if "all" in fault else dz.sum(axis=1, keepdims=True) / m
        if l > 1:
            dz = p[f"W{l}"].T @ dz * (A[l - 1] > 0)
    return found


XC, WC = draw(907, (6, 4), (4, 3))
YC = np.array([0, 2, 1, 1, 0, 2])


def svm_loss_naive(W):
    loss, reg = 0.0, 0.1
    for i in range(len(XC)):
        scores = XC[i].dot(W)
        correct_class_score = scores[YC[i]]
        for j in range(W.shape[1]):
            if j == YC[i]:
                continue
            margin = scores[j] - correct_class_score + 1
            if margin > 0:
                loss += margin
    loss /= len(XC)
    loss += reg * np.sum(W * W)
    return loss


def of_svm_naive(fault=""):
    dW = np.zeros_like(WC)
    for i in range(6):
        s = XC[i] @ WC
        for j in range(3):
            if j == YC[i]:
                continue
            if s[j] - s[YC[i]] + 1 > 0:
                dW[:, j] += XC[i]
                dW[:, YC[i]] -= 0 if "every" in fault else XC[i]
            if "every" in fault:
                dW[:, YC[i]] -= XC[i]
    return {"W": dW / 6 + 2 * 0.1 * WC}


P_TWO = dict(zip(("W1", "b1", "W2", "b2"), draw(908, (4, 6), 6, (6, 3), 3), strict=True))


class TwoLayerNet:
    def __init__(self, W1, b1, W2, b2):
        self.params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}

    def loss(self, X, y, reg):
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        N = X.shape[0]
        hidden = np.maximum(0, X.dot(W1) + b1)
        scores = hidden.dot(W2) + b2
        scores = scores - scores.max(axis=1, keepdims=True)
        probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        loss = np.sum(-np.log(probs[np.arange(N), y])) / N
        return loss + reg * (np.sum(W1 * W1) + np.sum(W2 * W2))


def two_layer_net(W1, b1, W2, b2):
    return TwoLayerNet(W1, b1, W2, b2).loss(XC, YC, 0.05)


def of_two_layer(fault=""):
    p = P_TWO
    hidden = np.maximum(0, XC @ p["W1"] + p["b1"])
    dscores = softmax(hidden @ p["W2"] + p["b2"])
    dscores[np.arange(6), YC] -= 1
    dscores /= 6
    dhidden = dscores @ p["W2"].T
    if "never" in fault:
        dhidden[hidden < 0] = 0
    else:
        dhidden[hidden <= 0] = 0
    b2 = dscores.sum(axis=0) * (6 if "b2" in fault else 1)
    return {"W1": XC.T @ dhidden + 2 * 0.05 * p["W1"], "b1": dhidden.sum(axis=0),
            "W2": hidden.T @ dscores + 2 * 0.05 * p["W2"], "b2": b2}  # fmt: skip


XM, YM, WM = draw(915, (12, 3), (12, 2), (3, 2))


def minibatches(W):
    batch_size, loss = 4, 0.0
    for start in range(0, len(XM), batch_size):
        xb, yb = XM[start : start + batch_size], YM[start : start + batch_size]
        loss += np.mean((np.tanh(xb @ W) - yb) ** 2)
    return loss


def of_minibatches(fault=""):
    dW = np.zeros_like(WM)
    for start in range(0, 12, 4):
        xb, yb = XM[start : start + 4], YM[start : start + 4]
        out = np.tanh(xb @ WM)
        step = xb.T @ (2 * (out - yb) * (1 - out**2)) / (4 if "rows" in fault else 8)
        dW = step if "last" in fault else dW + step
    return {"W": dW}


REAL, FAKE, WD1, WD2 = draw(1008, (5, 3), (5, 3), (3, 4), (4, 1))


class Discriminator:
    def __init__(self, W1, W2):
        self.W1, self.W2 = W1, W2

    def forward(self, x):
        self.x = x
        self.h = np.maximum(0.2 * (x @ self.W1), x @ self.W1)
        return 1 / (1 + np.exp(-self.h @ self.W2))


def gan(W1, W2):
    D = Discriminator(W1, W2)
    real, fake = D.forward(REAL), D.forward(FAKE)
    return -np.mean(np.log(real)) - np.mean(np.log(1 - fake))


def of_gan(fault=""):
    found = {"W1": 0.0, "W2": 0.0}
    for x, y in ((REAL, 1), (FAKE, 0)):
        z = x @ WD1
        p = sigmoid(np.where(z > 0, z, 0.2 * z) @ WD2)
        x = FAKE if "cache" in fault else x
        z = x @ WD1
        h = np.where(z > 0, z, 0.2 * z)
        d = (p - y) / 5
        dh = d @ WD2.T * np.where(z > 0, 1, 0.2 if "leak" not in fault else 0)
        found = {"W1": found["W1"] + x.T @ dh, "W2": found["W2"] + h.T @ d}
    return found


CASES = [
    case("the last example's features, after the loop", ("last turn",), odds, {"theta": TL}, of_odds, "outside"),
    case("a whole λ for λ / m", ("L2 is 5 times",), forward_with_regularization, LAYERS, of_regularized, "whole"),
    case("no σ′ between the cost's gradient and Z3", ("σ′",), forward_with_regularization, LAYERS, of_regularized,
         "relu"),
    case("the right class pays for every class", ("condition", "second operand"), svm_loss_naive, {"W": WC},
         of_svm_naive, "every"),
    case("a mask that is never false", ("relu′",), two_layer_net, P_TWO, of_two_layer, "never"),
    case("the last mini-batch alone", ("last term",), minibatches, {"W": WM}, of_minibatches, "last"),
    case("the cache of the fakes for both", ("last call",), gan, {"W1": WD1, "W2": WD2}, of_gan, "cache"),
    case("no leak on the way back", ("0\\.2",), gan, {"W1": WD1, "W2": WD2}, of_gan, "leak"),
]  # fmt: skip

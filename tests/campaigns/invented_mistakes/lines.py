"""Regression, labels, pairs, policies and codes, as people write them line by line."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw, sigmoid, softmax

X, Y, W = draw(921, (8, 3), 8, 3)
F = X @ W
T = np.where(Y > 0, 1.0, -1.0)


def log_pm(w):
    margins = T * (X @ w)
    return np.mean(np.log(1 + np.exp(-margins)))


def of_log_pm(fault=""):
    s = sigmoid(T * F) if "sign" in fault else sigmoid(-T * F)
    return {"w": X.T @ (-T * s) / 8}


XLINE, M0, B0 = draw(923, 8), np.array(0.4), np.array(-0.7)


def line(m, b):
    y_hat = m * XLINE + b
    return np.sum((Y - y_hat) ** 2) / len(XLINE)


def of_line(fault=""):
    e = Y - (M0 * XLINE + B0)
    dm, db = -2 / 8 * np.sum(XLINE * e), -2 / 8 * np.sum(e)
    if "sums" in fault:
        dm = -2 / 8 * np.sum(XLINE) * np.sum(e)
    if "updated" in fault:
        e = Y - ((M0 - 0.1 * dm) * XLINE + B0)
        db = -2 / 8 * np.sum(e)
    if "square" in fault:
        dm, db = 2 / 8 * np.sum(XLINE * e**2) * -1, -2 / 8 * np.sum(e**2)
    return {"m": np.array(dm), "b": np.array(db)}


L = (Y > 0) * 1.0


def bce(w):
    a = 1 / (1 + np.exp(-(X @ w)))
    return -np.mean(L * np.log(a) + (1 - L) * np.log(1 - a))


def of_bce(fault=""):
    a, eps = sigmoid(F), 1e-5 if "eps" in fault else 0.0
    da = -(L / (a + eps)) + (1 - L) / (1 - a + eps)
    return {"w": X.T @ (da * a * (1 - a)) / 8}


R = draw(930, (5, 6))
SEEN = (draw(931, (5, 6)) > -0.3) * 1.0
U, V = draw(932, (5, 2), (6, 2))


def masked_factors(U, V):
    E = SEEN * (R - U @ V.T)
    return np.sum(E**2) + 0.1 * (np.sum(U**2) + np.sum(V**2))


def of_masked(fault=""):
    E = (R - U @ V.T) * (1 if "mask" in fault else SEEN)
    return {"U": -2 * E @ V + 0.2 * U, "V": -2 * E.T @ U + 0.2 * V}


XA, XB, WE = draw(934, (6, 4), (6, 4), (4, 3))
SAME = np.array([1.0, 0, 1, 0, 0, 1])


def siamese(W):
    e1, e2 = np.tanh(XA @ W), np.tanh(XB @ W)
    d = np.sqrt(np.sum((e1 - e2) ** 2, axis=1))
    return np.mean(SAME * d**2 + (1 - SAME) * np.maximum(0, 2.0 - d) ** 2)


def of_siamese(fault=""):
    e1, e2 = np.tanh(XA @ WE), np.tanh(XB @ WE)
    d = np.sqrt(np.sum((e1 - e2) ** 2, axis=1))
    s = 1 - SAME if "swap" in fault else SAME
    dd = (2 * s * d - 2 * (1 - s) * np.maximum(0, 2 - d)) / 6
    de = (dd / d)[:, None] * (e1 - e2)
    one = XA.T @ (de * (1 - e1**2))
    return {"W": one if "branch" in fault else one - XB.T @ (de * (1 - e2**2))}


EPX, WPG1, WPG2 = draw(936, (7, 4), (5, 4), 5)
ACTIONS = np.array([1.0, 0, 0, 1, 1, 0, 1])
DISCOUNTED = draw(937, 7)


def pong(W1, W2):
    loss = 0.0
    for t in range(len(EPX)):
        h = np.dot(W1, EPX[t])
        h[h < 0] = 0
        aprob = 1.0 / (1.0 + np.exp(-np.dot(W2, h)))
        y = ACTIONS[t]
        loss -= DISCOUNTED[t] * (y * np.log(aprob) + (1 - y) * np.log(1 - aprob))
    return loss


def of_pong(fault=""):
    h = np.maximum(0, EPX @ WPG1.T)
    d = (sigmoid(h @ WPG2) - ACTIONS) * (1 if "advantage" in fault else DISCOUNTED)
    dh = np.outer(d, WPG2)
    if "relu" not in fault:
        dh[h <= 0] = 0
    return {"W1": dh.T @ EPX, "W2": h.T @ d}


def perceptron(w):
    return np.sum(np.maximum(0, -T * (X @ w)))


def of_perceptron(fault=""):
    wrong = T * F < 0
    return {"w": -X[wrong].sum(axis=0) if "label" in fault else -(T[wrong] @ X[wrong])}


VX, EPS = draw(1009, (5, 6), (5, 2))
VAE = dict(zip(("Wmu", "Wlv", "Wd"), draw(1010, (6, 2), (6, 2), (2, 6)), strict=True))


def vae_loss(Wmu, Wlv, Wd):
    mu, logvar = VX @ Wmu, VX @ Wlv
    z = mu + np.exp(0.5 * logvar) * EPS
    recon = np.sum((z @ Wd - VX) ** 2) / len(VX)
    kld = -0.5 * np.sum(1 + logvar - mu**2 - np.exp(logvar)) / len(VX)
    return recon + kld


def of_vae(fault=""):
    mu, lv = VX @ VAE["Wmu"], VX @ VAE["Wlv"]
    z = mu + np.exp(0.5 * lv) * EPS
    d = 2 * (z @ VAE["Wd"] - VX) / 5
    dz, n = d @ VAE["Wd"].T, 1 if "batch" in fault else 5
    dmu = dz + mu / n
    dlv = dz * EPS * 0.5 * np.exp(0.5 * lv) + 0.5 * (np.exp(lv) - 1) / n * (-1 if "sign" in fault else 1)
    return {"Wmu": VX.T @ dmu, "Wlv": VX.T @ dlv, "Wd": z.T @ d}


ST, TH = draw(1014, (6, 4), (4, 3))
ACT = [0, 2, 1, 1, 0, 2]


def reinforce(theta):
    rewards = np.array([1.0, 0.0, -1.0, 2.0, 0.5, 1.0])
    G = np.zeros(6)
    running = 0.0
    for t in reversed(range(6)):
        running = rewards[t] + 0.9 * running
        G[t] = running
    loss = 0.0
    for t in range(6):
        probs = np.exp(ST[t] @ theta) / np.sum(np.exp(ST[t] @ theta))
        loss += -np.log(probs[ACT[t]]) * G[t]
    return loss


def of_reinforce(fault=""):
    rewards = np.array([1.0, 0.0, -1.0, 2.0, 0.5, 1.0])
    G, running = np.zeros(6), 0.0
    for t in reversed(range(6)):
        running = rewards[t] + 0.9 * running
        G[t] = running
    d = softmax(ST @ TH) - np.eye(3)[ACT]
    return {"theta": ST.T @ (d * (rewards if "rewards" in fault else G)[:, None])}


XP, WP = draw(1020, (7, 4), (4, 3))
YP = np.array([0, 1, 2, 0, 1, 2, 1])


def crammer_singer(W):
    scores = XP @ W
    margins = scores - scores[np.arange(7), YP][:, None] + 1 - np.eye(3)[YP]
    return np.mean(np.max(margins, axis=1))


def of_crammer(fault=""):
    s = XP @ WP
    m = s - s[np.arange(7), YP][:, None] + 1 - np.eye(3)[YP]
    d = (m > 0) * 1.0 if "all" in fault else np.eye(3)[m.argmax(axis=1)]
    d[np.arange(7), YP] -= d.sum(axis=1)
    return {"W": XP.T @ d / 7}


YB = (draw(1021, 7) > 0) * 1.0
WB = draw(1022, 4)


def focal(w):
    alpha, gamma = 0.25, 2
    p = sigmoid(XP @ w)
    pt = np.where(YB == 1, p, 1 - p)
    alpha_t = np.where(YB == 1, alpha, 1 - alpha)
    return -np.mean(alpha_t * (1 - pt) ** gamma * np.log(pt))


def of_focal(fault=""):
    p = sigmoid(XP @ WB)
    pt = np.where(YB == 1, p, 1 - p)
    at = np.where(YB == 1, 0.25, 0.75) if "alpha" not in fault else 0.25
    dpt = -at * (-2 * (1 - pt) * np.log(pt) + (1 - pt) ** 2 / pt) / 7
    return {"w": XP.T @ (dpt * np.where(YB == 1, 1, 1 if "side" in fault else -1) * p * (1 - p))}


CASES = [
    case("σ of the margin for σ of its negative", ("softplus′", "1 − p"), log_pm, {"w": W}, of_log_pm, "sign"),
    case("m updated before b's gradient", ("m was updated",), line, {"m": M0, "b": B0}, of_line, "updated"),
    case("ε on the way back alone", ("1e-05 is added",), bce, {"w": W}, of_bce, "eps"),
    case("unseen ratings count", ("factor SEEN",), masked_factors, {"U": U, "V": V}, of_masked, "mask"),
    case("similar and dissimilar exchanged", ("SAME and 1 − SAME",), siamese, {"W": WE}, of_siamese, "swap"),
    case("x without its label", ("factor `T` is missing",), perceptron, {"w": W}, of_perceptron, "label"),
    case("the advantage forgotten", ("DISCOUNTED",), pong, {"W1": WPG1, "W2": WPG2}, of_pong, "advantage"),
    case("every violating class, not the worst", ("above 0",), crammer_singer, {"W": WP}, of_crammer, "all"),
    case("rewards for returns", ("part of rewards",), reinforce, {"theta": TH}, of_reinforce, "rewards"),
    case("the divergence's sign at the log variance", ("logvar to kld has the wrong sign",), vae_loss, VAE, of_vae,
         "sign"),
    case("α of the positives for everybody", ("1/3", "0\\.25"), focal, {"w": WB}, of_focal, "alpha"),
]  # fmt: skip

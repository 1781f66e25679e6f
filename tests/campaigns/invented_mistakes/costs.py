"""Regression, penalties, distances between distributions."""

import numpy as np

from tests.campaigns.record import Mistake, draw, sigmoid, softmax

N = 6
X, W, V = draw(401, (N, 5), 5, (5, 3))
LINE = {"w": W}
F = X @ W


def by_f(d, more=0.0):
    return lambda: {"w": X.T @ d + more}


def student_t(w):
    nu, e = 4.0, X @ w - Y
    return 0.5 * (nu + 1) * np.mean(np.log(1 + e**2 / nu))


def expectile(w):
    e = Y - X @ w
    return np.mean(np.where(e > 0, 0.8, 0.2) * e**2)


def weighted_squares(w, s):
    e = X @ w - Y
    return 0.5 * np.sum(s * e**2)


def smoothed_binary(w):
    p = 1 / (1 + np.exp(-(X @ w)))
    t = LABELS * (1 - 0.2) + 0.1
    return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))


def smooth_weights(w):
    return 0.5 * np.mean((X @ w - Y) ** 2) + 0.3 * np.sum((w[1:] - w[:-1]) ** 2)


def group_lasso(V):
    return 0.5 * np.sum((X @ V - X[:, :3]) ** 2) + 0.4 * np.sum(np.sqrt(np.sum(V**2, axis=1)))


def orthogonal(V):
    gram = V.T @ V
    return np.sum((gram - np.eye(3)) ** 2)


def contractive(V):
    h = 1 / (1 + np.exp(-(X @ V)))
    recon = 0.5 * np.sum((h @ V.T - X) ** 2)
    jacobian = np.sum((h * (1 - h)) ** 2 @ np.sum(V**2, axis=0))
    return recon + 0.1 * jacobian


Y, S = draw(402, N, N)
S = np.abs(S)
LABELS = (Y > 0) * 1.0
E = F - Y
H1 = sigmoid(F)
BCE = (H1 - LABELS) / N
STEPS = np.diff(W, prepend=W[:1]) - np.diff(W, append=W[-1:])
NORMS = np.sqrt(np.sum(V**2, axis=1, keepdims=True))
FIT = X.T @ (X @ V - X[:, :3])
HV = sigmoid(X @ V)
SLOPE = HV * (1 - HV)
BACK = HV @ V.T - X


def squeezed(of_h, of_v):
    """`of_h`, `of_v`: the Jacobian penalty's gradients by h and directly by V."""
    dz = (BACK @ V + of_h) * SLOPE
    return lambda: {"V": X.T @ dz + BACK.T @ HV + of_v}


OF_H = 0.2 * SLOPE * (1 - 2 * HV) * np.sum(V**2, axis=0)
OF_V = 0.2 * V * np.sum(SLOPE**2, axis=0)
MASKED = (draw(407, (5, 4)) > 0) * 1.0
PRED, WANTED = draw(408, (5, 4), (5, 4))


def masked_mean(pred):
    e = (pred - WANTED) * MASKED
    return np.sum(e**2) / np.sum(MASKED)


ZP, ZQ = draw(417, (4, 5), (4, 5))
QS = softmax(ZQ)
PS = softmax(ZP)


def earth_mover(z):
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    d = np.cumsum(p - QS, axis=1)
    return np.sum(d**2)


def through_softmax(g):
    return lambda: {"z": PS * (g - (g * PS).sum(axis=1, keepdims=True))}


MOVED = 2 * np.cumsum(PS - QS, axis=1)
Z1, Z2 = draw(418, (7, 3), (7, 3))
TWINS = {"z1": Z1, "z2": Z2}


def barlow(z1, z2):
    c = z1.T @ z2 / 7
    diagonal = np.eye(3)
    return np.sum(diagonal * (c - 1) ** 2) + 0.05 * np.sum((1 - diagonal) * c**2)


CC = Z1.T @ Z2 / 7


def twins(dc):
    return lambda: {"z1": Z2 @ dc.T / 7, "z2": Z1 @ dc / 7}


CASES = [
    Mistake("no ν below the square", "", student_t, LINE, by_f(5 * E / (4 + E**2) / N),
            by_f(5 * E / (1 + E**2) / N), ("nu", "4")),
    Mistake("an expectile without its weights", "", expectile, LINE, by_f(np.where(E < 0, 0.8, 0.2) * 2 * E / N),
            by_f(2 * E / N), ("0\\.8", "weights?", "np.where", "factor")),
    Mistake("an expectile's weights exchanged", "", expectile, LINE, by_f(np.where(E < 0, 0.8, 0.2) * 2 * E / N),
            by_f(np.where(E < 0, 0.2, 0.8) * 2 * E / N), ("exchang", "revers")),
    Mistake("sample weights twice", "", weighted_squares, {**LINE, "s": S}, by_f(S * E), by_f(S**2 * E),
            ("twice", "s is", "factor s")),
    Mistake("hard labels for smoothed ones", "", smoothed_binary, LINE, by_f((H1 - LABELS * 0.8 - 0.1) / N),
            by_f(BCE), ("not smoothed", "label")),
    Mistake("differences pull one side alone", "", smooth_weights, LINE, by_f(E / N, 0.6 * STEPS),
            by_f(E / N, 0.6 * np.diff(W, prepend=W[:1])), ("path", "missing", "use")),
    Mistake("a group's norm as its square", "", group_lasso, {"V": V}, lambda: {"V": FIT + 0.4 * V / NORMS},
            lambda: {"V": FIT + 0.8 * V}, ("√", "sqrt", "root")),
    Mistake("one norm for all groups", "", group_lasso, {"V": V}, lambda: {"V": FIT + 0.4 * V / NORMS},
            lambda: {"V": FIT + 0.4 * V / np.sqrt(np.sum(V**2))}, ("whole", "all", "sum", "axis")),
    Mistake("2 for 4 in an orthogonal penalty", "", orthogonal, {"V": V},
            lambda: {"V": 4 * V @ (V.T @ V - np.eye(3))}, lambda: {"V": 2 * V @ (V.T @ V - np.eye(3))},
            ("1/2", "half", "use")),
    Mistake("the Jacobian's own h a constant", "", contractive, {"V": V}, squeezed(OF_H, OF_V), squeezed(0, OF_V),
            ("path", "missing")),
    Mistake("the Jacobian's weights a constant", "", contractive, {"V": V}, squeezed(OF_H, OF_V),
            squeezed(OF_H, 0), ("path", "missing", "use")),
    Mistake("a mean over masked entries too", "", masked_mean, {"pred": PRED},
            lambda: {"pred": 2 * (PRED - WANTED) * MASKED / MASKED.sum()},
            lambda: {"pred": 2 * (PRED - WANTED) * MASKED / 20}, ("times", "/20", "20")),
    Mistake("errors of masked entries", "", masked_mean, {"pred": PRED},
            lambda: {"pred": 2 * (PRED - WANTED) * MASKED / MASKED.sum()},
            lambda: {"pred": 2 * (PRED - WANTED) / MASKED.sum()}, ("instead of e in the whole",)),
    Mistake("a cumulative sum for its reverse", "", earth_mover, {"z": ZP},
            through_softmax(np.cumsum(MOVED[:, ::-1], axis=1)[:, ::-1]), through_softmax(np.cumsum(MOVED, axis=1)),
            ("summed from the start",)),
    Mistake("differences that are not added up", "", earth_mover, {"z": ZP},
            through_softmax(np.cumsum(MOVED[:, ::-1], axis=1)[:, ::-1]), through_softmax(MOVED),
            ("passed back unchanged, not summed",)),
    Mistake("λ left out off the diagonal", "", barlow, TWINS,
            twins(2 * (np.eye(3) * (CC - 1) + 0.05 * (1 - np.eye(3)) * CC)),
            twins(2 * (np.eye(3) * (CC - 1) + (1 - np.eye(3)) * CC)), ("0\\.05",)),
    Mistake("λ on the diagonal too", "", barlow, TWINS,
            twins(2 * (np.eye(3) * (CC - 1) + 0.05 * (1 - np.eye(3)) * CC)), twins(0.1 * (CC - np.eye(3))),
            ("0\\.05", "1/20")),
]  # fmt: skip

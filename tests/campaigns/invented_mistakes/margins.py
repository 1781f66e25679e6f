"""Hinges, exponentials, log Σ eˣ."""

import numpy as np

from tests.campaigns.record import Mistake, draw, sigmoid, softmax

N, K = 7, 4
LABELS = np.array([2, 0, 3, 1, 1, 0, 3])
ROWS = np.arange(N)
Y = np.eye(K)[LABELS]
T = np.array([1.0, -1, -1, 1, 1, -1, 1])
XS, w = draw(302, (N, 5), 5)
SIGNED = {"X": XS, "w": w}
FLAGGED = {"y": (T + 1) / 2, "w": w}


def logistic_signed(X, w):
    f = XS @ w
    return np.mean(np.log(1 + np.exp(-T * f)))


def exponential_loss(X, w):
    f = XS @ w
    return np.mean(np.exp(-T * f))


def squared_hinge_of_flags(y, w):
    t = 2 * y - 1
    return np.mean(np.maximum(0, 1 - t * (XS @ w)) ** 2)


FLAGS = (T + 1) / 2
P1 = sigmoid(XS @ w)


def by_f(d):
    return lambda: {"w": XS.T @ d / N}


Z = draw(303, (N, K))
LOGITS = {"z": Z}


def log_sum_exp(z):
    m = z.max(axis=1, keepdims=True)
    lse = m[:, 0] + np.log(np.sum(np.exp(z - m), axis=1))
    return np.mean(lse - z[ROWS, LABELS])


S = softmax(Z)


def logits(d):
    return lambda: {"z": d}


CASES = [
    Mistake("the label left out of its slope", "", logistic_signed, SIGNED, by_f(P1 - FLAGS),
            by_f(-sigmoid(-T * (XS @ w))), ("factor .*T",  "−T", "label", "path")),
    Mistake("σ(m) for σ(−m)", "", logistic_signed, SIGNED, by_f(P1 - FLAGS), by_f(-T * sigmoid(T * (XS @ w))),
            ("σ", "sign", "1 −", "slope")),
    Mistake("the exponential without its minus", "", exponential_loss, SIGNED, by_f(-T * np.exp(-T * (XS @ w))),
            by_f(T * np.exp(T * (XS @ w))), ("sign", "minus", "e\\^")),
    Mistake("labels of 0 and 1 in a squared hinge", "", squared_hinge_of_flags, FLAGGED,
            by_f(-2 * T * np.maximum(0, 1 - T * (XS @ w))), by_f(-2 * FLAGS * np.maximum(0, 1 - T * (XS @ w))),
            ("y is used instead of t",)),
    Mistake("softmax over the examples after a log-sum-exp", "", log_sum_exp, LOGITS, logits((S - Y) / N),
            logits((softmax(Z.T).T - Y) / N), ("axis 0", "wrong axis", "other axis")),
]  # fmt: skip

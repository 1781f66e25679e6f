"""Activations and maxout."""

import numpy as np

from tests.campaigns.record import Mistake, draw, sigmoid

N = 6
X, W, V = draw(401, (N, 5), 5, (5, 3))
Y, S = draw(402, N, N)
S = np.abs(S)
A, DA = draw(419, (4, 5), (4, 5))
A = 3 * A


def softsign(x):
    return x / (1 + np.abs(x))


def hard_sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def relu6(x):
    return np.minimum(np.maximum(x, 0), 6)


def siren(x):
    return np.sin(30.0 * x)


def log_sigmoid(x):
    return -np.log(1 + np.exp(-x))


def tanh_shrink(x):
    return x - np.tanh(x)


def activation(name, source, forward, slope, wrong, says, x=A):
    return Mistake(
        name, source, forward, {"x": x}, lambda: {"x": DA * slope}, lambda: {"x": DA * wrong}, says, upstream=DA
    )


XM, WM1, BM = draw(420, (6, 4), (4, 3, 2), (3, 2))
WM2 = draw(421, 3)
MAXOUT = {"W": WM1, "b": BM}


def maxout(W, b):
    z = np.einsum("nd,dkp->nkp", XM, W) + b
    h = z.max(axis=2)
    return 0.5 * np.sum((h @ WM2 - Y) ** 2)


ZM = np.einsum("nd,dkp->nkp", XM, WM1) + BM
TOP = (ZM.max(axis=2, keepdims=True) == ZM) * 1.0
DM = np.outer(ZM.max(axis=2) @ WM2 - Y, WM2)[:, :, None]


def pieces(shares):
    return lambda: {"W": np.einsum("nd,nkp->dkp", XM, DM * shares), "b": (DM * shares).sum(axis=0)}


INNER = np.abs(A) < 2.5

CASES = [
    activation("softsign's slope not squared", "", softsign, 1 / (1 + np.abs(A)) ** 2, 1 / (1 + np.abs(A)),
               ("path", "missing")),
    activation("hard sigmoid's slope everywhere", "", hard_sigmoid, 0.2 * INNER, 0.2, ("mask", "clip")),
    activation("relu6 without its 6", "", relu6, (A > 0) * (A < 3) * 1.0, (A > 0) * 1.0, ("mask", "min", "6"),
               x=2 * A),
    activation("a sine's frequency left out", "", siren, 30 * np.cos(30 * A), np.cos(30 * A), ("30",)),
    activation("σ for 1 − σ", "", log_sigmoid, 1 - sigmoid(A), sigmoid(A), ("−`?-?x", "1 −", "exchang")),
    activation("tanh′ for 1 − tanh′", "", tanh_shrink, np.tanh(A) ** 2, 1 - np.tanh(A) ** 2,
               ("1 − ", "path", "sign")),
    Mistake("every piece of a maxout learns", "", maxout, MAXOUT, pieces(TOP), pieces(np.ones_like(TOP)),
            ("mask",)),
    Mistake("the first piece of a maxout learns", "", maxout, MAXOUT, pieces(TOP), pieces(np.eye(2)[0]),
            ("first",)),
]  # fmt: skip

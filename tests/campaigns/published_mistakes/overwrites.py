"""Gradients that overwrite each other, a threshold that is wrong, and a product of matrices for one of elements."""

import numpy as np

from tests.campaigns.record import case, draw

X, UP = draw(2701, (5, 4), (5, 4))


def elu(x):
    return np.where(x >= 0, x, np.exp(x) - 1)


def of_elu(threshold=0.0):
    y = elu(X)
    return {"x": np.where(y >= threshold, UP, UP * (y + 1))}


IMAGE = np.random.default_rng(2702).uniform(size=(6, 6))
DY = draw(2703, (5, 5))


def maxpool(x):
    return np.array([[x[w : w + 2, h : h + 2].max() for h in range(5)] for w in range(5)])


def of_maxpool(fault=""):
    y, dx = maxpool(IMAGE), np.zeros_like(IMAGE)
    for h in range(5):
        for w in range(5):
            there = IMAGE[w : w + 2, h : h + 2] == y[w, h]
            dx[w : w + 2, h : h + 2][there] = DY[w, h] + (0 if fault else dx[w : w + 2, h : h + 2][there])
    return {"x": dx}


BOTTOM, TOP = draw(2704, (6, 3), (3, 4, 3))
TRIPLETS = [[0, 2, 4], [1, 4, 3], [2, 0, 5], [3, 5, 4]]


def triplets(bottom):
    return np.stack([np.stack([bottom[t[k]] for t in TRIPLETS]) for k in range(3)])


def of_triplets(fault=""):
    d = np.zeros_like(BOTTOM)
    for i, triplet in enumerate(TRIPLETS):
        for k, row in enumerate(triplet):
            d[row] = TOP[k, i] + (0 if fault else d[row])
    return {"bottom": d}


POINTS, C = draw(2705, (8, 2)), 10.0
Y = np.array([1, -1, 1, 1, -1, -1, 1, -1.0])


def regression(w1, w2):
    m = Y * (w1 * POINTS[:, 0] + w2 * POINTS[:, 1])
    return np.sum(np.log(1 + np.exp(-m))) / 8 + 0.5 * C * (w1**2 + w2**2)


def of_regression(fault=""):
    w = np.array([0.3, -0.2])
    m = Y * (POINTS @ w)
    m = m.sum() if fault else m
    dw = -(Y / (1 + np.exp(m))) @ POINTS / 8 + C * w
    return {"w1": dw[0], "w2": dw[1]}


KEPT = ("only one of their gradients is kept", "only the gradient .* is kept", "only its last use")
CASES = [
    case("y ≥ 1 for y ≥ 0 in ELU", "tensorflow/tfjs/pull/7251", ("compares x with a number above",), elu, {"x": X},
         of_elu, 1.0, UP),
    case("overlapping windows of a maximum", "FluxML/NNlib.jl/issues/205", KEPT, maxpool, {"x": IMAGE}, of_maxpool,
         "=", DY),
    case("rows of several triplets", "luhaofang/tripletloss/issues/39", KEPT, triplets, {"bottom": BOTTOM},
         of_triplets, "=", TOP),
    case("* between matrices in the margin", "https://stackoverflow.com/questions/48993481", ("dot product",),
         regression, {"w1": np.array(0.3), "w2": np.array(-0.2)}, of_regression, "*"),
]  # fmt: skip

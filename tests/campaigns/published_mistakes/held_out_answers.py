"""Held out from the search: derivatives that people asked about or corrected, of matrices, look-ups and penalties."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

MATH = "https://math.stackexchange.com/questions/"
XS, WS = draw(2201, (3, 6), (3, 4))
CLASSES, SCORED = np.eye(4)[[0, 2, 1, 3, 1, 0]].T, {"W": WS}


def softmax_regression(W):
    scores = W.T @ XS
    S = np.exp(scores) / np.sum(np.exp(scores), axis=0)
    return -np.sum(CLASSES * np.log(S))


def of_softmax_regression(fault=""):
    S = softmax((WS.T @ XS).T).T
    return {"W": XS @ (S - (1 if fault else CLASSES)).T}


MM, ML, MZ, MG = draw(2202, (3, 3), (3,), (3,), (3,))
LAGRANGIAN = {"M": MM, "m": ML}


def lagrangian(M, m):
    return np.sum(M**2) + m @ (M @ MZ - MG)


def of_lagrangian(fault=""):
    return {"M": 2 * MM + (ML @ MZ if fault else np.outer(ML, MZ)), "m": MM @ MZ - MG}


SEGMENTED, MASK = np.abs(draw(2203, (7,))), np.array([1.0, 0, 0, 1, 1, 0, 1])


def dice(x):
    inter = np.dot(x, MASK)
    union = np.sum(x) + np.sum(MASK) + 0.0001
    return (2 * inter + 0.0001) / union


def of_dice(fault=""):
    inter, union = SEGMENTED @ MASK, SEGMENTED.sum() + MASK.sum() + 0.0001
    top = 2 * inter + 0.0001
    return {"x": (2 * MASK * union + top) / union * union if fault else (2 * MASK * union - top) / union**2}


DATA, W1, W2 = draw(2204, (6, 2), (2, 4), (4, 3))
LABELS, SCRATCH, REG = np.eye(3)[[0, 2, 1, 1, 0, 2]], {"w1": W1, "w2": W2}, 0.05


def scratch(w1, w2):
    h1 = 1 / (1 + np.exp(-np.matmul(DATA, w1)))
    h2 = 1 / (1 + np.exp(-np.matmul(h1, w2)))
    return np.square(LABELS - h2).sum() / 2 + REG * (np.square(w1).sum() + np.square(w2).sum()) / 2


def of_scratch(fault=""):
    h1 = sigmoid(DATA @ W1)
    h2 = sigmoid(h1 @ W2)
    dz2 = (h2 - LABELS) * h2 * (1 - h2)
    dz1 = dz2 @ W2.T * h1 * (1 - h1)
    more = [REG * (np.square(w).sum() if fault else w) for w in (W1, W2)]
    return {"w1": DATA.T @ dz1 + more[0], "w2": h1.T @ dz2 + more[1]}


TABLE, UP = draw(2205, (5, 3), (4, 3))
IDS, LOOKED_UP = np.array([3, 1, 4, 1]), {"W": TABLE, "ids": np.array([3, 1, 4, 1])}


def look_up(W, ids):
    return W[ids]


def of_look_up(fault=""):
    dW = np.zeros_like(TABLE)
    if fault == "gathered":
        return {"W": UP[IDS[np.arange(5) % 4] % 4]}
    np.add.at(dW, np.zeros_like(IDS) if fault else IDS, UP)
    return {"W": dW}


MA, MB = draw(2206, (3, 3), (3, 3))


def log_det(t):
    return np.log(np.abs(np.linalg.det(MA * t + MB)))


def of_log_det(fault=""):
    inverse = np.linalg.inv(MA * 0.7 + MB)
    return {"t": MA.T @ inverse.T if fault else np.trace(inverse @ MA)}


XL, WL, BL = draw(2207, (6, 3), (3,), (1,))
SIGNS, MARGINS = np.array([1, -1, -1, 1, 1, -1]), {"w": WL, "w0": BL}


def logistic(w, w0):
    loss = 0.0
    for i in range(len(XL)):
        margin = SIGNS[i] * (np.dot(XL[i], w) + w0[0])
        loss = loss + np.log(1 + np.exp(-margin))
    return loss


def of_logistic(fault=""):
    s = SIGNS * sigmoid((1 if fault else -1) * SIGNS * (XL @ WL + BL))
    return {"w": -XL.T @ s, "w0": -s.sum(keepdims=True)}


CASES = [
    case("p − 1 for p − y", f"{MATH}4846993", ("p − 1 instead of p − y",), softmax_regression, SCORED,
         of_softmax_regression, "ones"),
    case("an inner product for an outer one", f"{MATH}3521305", ("dot product.*not their outer product",), lagrangian,
         LAGRANGIAN, of_lagrangian, "inner"),
    case("the sign of a quotient, and the square of its divisor", "milesial/Pytorch-UNet/issues/35",
         ("path through union has the wrong sign.*union² times",), dice, {"x": SEGMENTED}, of_dice, "sign"),
    case("the value of a penalty", "omar-florez/scratch_mlp/issues/5", ("terms of .*square.* added to dw1 and dw2",),
         scratch, SCRATCH, of_scratch, "value"),
    case("a look-up taken again", "ooples/AiDotNet.Tensors/pull/894", ("taken by the same indices again",), look_up,
         LOOKED_UP, of_look_up, "gathered", UP),
    case("a look-up added to row 0", "tsotchke/eshkol/pull/392", ("all added to row 0",), look_up, LOOKED_UP,
         of_look_up, "row 0", UP),
    case("no trace", f"{MATH}3789114", ("its trace.* is right",), log_det, {"t": np.array(0.7)}, of_log_det, "matrix"),
    case("the sign in a sigmoid", "Yorko/mlcourse.ai/issues/640", ("softplus′ is evaluated at −",), logistic, MARGINS,
         of_logistic, "sign"),
]  # fmt: skip

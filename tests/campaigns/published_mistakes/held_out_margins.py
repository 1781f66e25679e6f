"""Held out from the search: hinges, labels of ±1, weights of classes, distances, contrasts."""

import numpy as np

from tests.campaigns.invented_mistakes.margins import FLAGS, LABELS, LOGITS, P1, ROWS, SIGNED, XS, K, N, T, Y, Z, by_f
from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

X, W, F = draw(301, (N, 3), (3, K), N)
SVM = {"X": X, "W": W}


def multiclass_hinge(X, W):
    scores = X @ W
    correct = scores[ROWS, LABELS][:, None]
    margins = np.maximum(0, scores - correct + 1)
    margins[ROWS, LABELS] = 0
    return np.sum(margins) / N + 0.1 * np.sum(W * W)


def hinge_by_mask(X, W):
    scores = X @ W
    correct = (scores * Y).sum(axis=1, keepdims=True)
    margins = np.maximum(0, scores - correct + 1) * (1 - Y)
    return margins.sum() / N


SCORES = X @ W
MARGINS = np.maximum(0, SCORES - SCORES[ROWS, LABELS][:, None] + 1) * (1 - Y)
VIOLATED = (MARGINS > 0) * 1.0
COUNT = VIOLATED.sum(axis=1, keepdims=True)


def svm(right_class, of=VIOLATED, penalty=0.2):
    """`right_class`: what the entries of the right classes are, a column."""
    return lambda: {"W": X.T @ (of + Y * right_class) / N + penalty * W}


def logistic_signed(X, w):
    f = XS @ w
    return np.mean(np.log(1 + np.exp(-T * f)))


def logistic_from_signed(X, w):
    p = sigmoid(XS @ w)
    y = (T + 1) / 2
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


CLASS_WEIGHTS = np.array([0.5, 1.0, 2.0, 1.5])
MANY = np.array([[1, 0, 1, 0], [0, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1], [1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0.0]])


def several_labels(z):
    s = z - z.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -np.sum(MANY * log_p) / N


def weighted_classes(z, weights):
    s = z - z.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    weight = weights[LABELS]
    return -np.sum(weight * log_p[ROWS, LABELS]) / np.sum(weight)


def positive_weight(z):
    p = 1 / (1 + np.exp(-z))
    return -np.mean(3.0 * Y * np.log(p) + (1 - Y) * np.log(1 - p))


WEIGHTED = {"z": Z, "weights": CLASS_WEIGHTS}
S = softmax(Z)
SZ = sigmoid(Z)
WY = CLASS_WEIGHTS[LABELS][:, None]


def logits(d):
    return lambda: {"z": d}


A, B, C = draw(304, (6, 3), (6, 3), (6, 3))
C = A + 0.6 * C
TRIPLE = {"a": A, "p": B, "n": C}
SAME = np.array([1.0, 0, 0, 1, 0, 0])
PAIR = {"a": A, "b": C}


def triplets(a, p, n):
    near = np.sum((a - p) ** 2, axis=1)
    far = np.sum((a - n) ** 2, axis=1)
    return np.mean(np.maximum(near - far + 0.5, 0))


def distances_apart(a, b):
    d = np.sqrt(np.sum((a - b) ** 2, axis=1))
    return np.mean(SAME * d**2 + (1 - SAME) * np.maximum(0, 1.5 - d) ** 2)


def info_nce(a, b):
    s = a @ b.T / 0.5
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return -np.mean(np.log(np.diag(p)))


def both_ways(a, b):
    s = a @ b.T / 0.5
    rows = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    columns = s - np.log(np.exp(s).sum(axis=0, keepdims=True))
    i = np.arange(len(s))
    return -0.5 * np.mean(rows[i, i]) - 0.5 * np.mean(columns[i, i])


def cosine(a, b):
    na = np.sqrt(np.sum(a**2, axis=1, keepdims=True))
    nb = np.sqrt(np.sum(b**2, axis=1, keepdims=True))
    return np.mean(1 - np.sum(a / na * (b / nb), axis=1))


ACTIVE = ((np.sum((A - B) ** 2, axis=1) - np.sum((A - C) ** 2, axis=1) + 0.5) > 0)[:, None] / 6
D = np.sqrt(np.sum((A - C) ** 2, axis=1))[:, None]
INSIDE = (D < 1.5) * 1.0


def three(mask, near=1.0):
    return lambda: {"a": 2 * (C - B) * mask, "p": 2 * (B - A) * mask * near, "n": 2 * (A - C) * mask}


def apart(by_distance, mask=INSIDE):
    def found():
        same = SAME[:, None]
        d = (2 * same * (A - C) - 2 * (1 - same) * mask * (1.5 - D) * (A - C) / by_distance) / 6
        return {"a": d, "b": -d}

    return found


SIM = A @ C.T / 0.5
NCE = (softmax(SIM) - np.eye(6)) / 6
NCE_COLUMNS = (softmax(SIM.T).T - np.eye(6)) / 6


def similar(d, for_b=None):
    return lambda: {"a": d @ C / 0.5, "b": (d.T if for_b is None else for_b) @ A / 0.5}


NA, NB = (np.sqrt(np.sum(v**2, axis=1, keepdims=True)) for v in (A, C))
COS = np.sum(A / NA * (C / NB), axis=1, keepdims=True)


def angles(a_projection=1.0, b_projection=1.0):
    return lambda: {
        "a": -(C / NB - a_projection * COS * A / NA) / NA / 6,
        "b": -(A / NA - b_projection * COS * C / NB) / NB / 6,
    }


SVM_NOTE = "https://aman.ai/primers/backprop/derivative-svm/"
COUNTED = ("count", "how many", "once for each")
SIGNS = ("±1", "−1", "-1")

CASES = [
    Mistake("−1, not the count, for the right class", SVM_NOTE, multiclass_hinge, SVM, svm(-COUNT), svm(-1.0),
            COUNTED),
    Mistake("the right class counts its own margin", SVM_NOTE, multiclass_hinge, SVM, svm(-COUNT), svm(-COUNT - 1),
            ("mask of margins is missing in the gradient of correct",)),
    Mistake("the count is added", SVM_NOTE, multiclass_hinge, SVM, svm(-COUNT), svm(COUNT),
            ("sign", "added", "−1", "minus", "subtract")),
    Mistake("all other classes are counted", SVM_NOTE, hinge_by_mask, SVM, svm(-COUNT, penalty=0),
            svm(-(K - 1.0), penalty=0), (*COUNTED, "mask")),
    Mistake("the margins for their signs", SVM_NOTE, hinge_by_mask, SVM, svm(-COUNT, penalty=0),
            svm(-MARGINS.sum(axis=1, keepdims=True), of=MARGINS, penalty=0), ("is used instead of relu′",)),
    Mistake("p − t with t = ±1", GIT + "eriklindernoren/ML-From-Scratch/issues/107", logistic_signed, SIGNED,
            by_f(P1 - FLAGS), by_f(P1 - T), SIGNS),
    Mistake("p − t with t = ±1, though y is 0 or 1", GIT + "eriklindernoren/ML-From-Scratch/issues/107",
            logistic_from_signed, SIGNED, by_f(P1 - FLAGS), by_f(P1 - T), SIGNS),
    Mistake("p − Y for several labels", GIT + "kvark/meganeura/pull/102", several_labels, LOGITS,
            logits((S * MANY.sum(axis=1, keepdims=True) - MANY) / N), logits((S - MANY) / N),
            ("weights are missing in the first term",)),
    Mistake("a column's weight for an example's", GIT + "pytorch/pytorch/issues/64256", weighted_classes, WEIGHTED,
            logits((S - Y) * WY / WY.sum()), logits((S - Y) * CLASS_WEIGHTS / WY.sum()),
            ("factor weights is used instead",)),
    Mistake("weights that are not averaged", GIT + "pytorch/pytorch/issues/64256", weighted_classes, WEIGHTED,
            logits((S - Y) * WY / WY.sum()), logits((S - Y) * WY / N),
            ("times", "1/7", "/7", "divided", "weight")),
    Mistake("weights forgotten", GIT + "pytorch/pytorch/issues/64256", weighted_classes, WEIGHTED,
            logits((S - Y) * WY / WY.sum()), logits((S - Y) / N), ("weight",)),
    Mistake("the positives' weight for all", GIT + "pytorch/pytorch/issues/64256", positive_weight, LOGITS,
            logits((3 * Y * (SZ - 1) + (1 - Y) * SZ) / Z.size), logits(3 * (SZ - Y) / Z.size),
            ("weight", "factor 3", "3")),
    Mistake("the positives' weight forgotten", GIT + "pytorch/pytorch/issues/64256", positive_weight, LOGITS,
            logits((3 * Y * (SZ - 1) + (1 - Y) * SZ) / Z.size), logits((SZ - Y) / Z.size), ("3", "weight")),
    Mistake("the positives' weight on the whole of p − w y", GIT + "pytorch/pytorch/issues/64256", positive_weight,
            LOGITS, logits((3 * Y * (SZ - 1) + (1 - Y) * SZ) / Z.size), logits((SZ - 3 * Y) / Z.size),
            ("3", "weight")),
    Mistake("easy triplets learn too",
            "https://errorhandle.ai/what-s-the-triplet-loss-back-propagation-gradient-formula", triplets, TRIPLE,
            three(ACTIVE), three(1 / 6), ("mask", "condition", "max")),
    Mistake("the anchor's own part alone",
            "https://errorhandle.ai/what-s-the-triplet-loss-back-propagation-gradient-formula", triplets, TRIPLE,
            three(ACTIVE), lambda: {**three(ACTIVE)(), "a": 2 * (A - B) * ACTIVE}, ("path .*far", "a - p")),
    Mistake("not divided by the distance", GIT + "BVLC/caffe/issues/4438", distances_apart, PAIR, apart(D),
            apart(1.0), ("√", "d", "division")),
    Mistake("far pairs are pulled back", GIT + "BVLC/caffe/issues/4438", distances_apart, PAIR, apart(D),
            apart(D, 1.0), ("mask", "max", "condition")),
    Mistake("no transpose for the keys", GIT + "sunjesse/pytorch-simclr/issues/1", info_nce, PAIR, similar(NCE),
            similar(NCE, NCE), ("transpos",)),
    Mistake("the softmax over the columns for both", GIT + "sunjesse/pytorch-simclr/issues/1", both_ways, PAIR,
            similar((NCE + NCE_COLUMNS) / 2), similar((NCE_COLUMNS + NCE_COLUMNS) / 2), ("axis",)),
    Mistake("a direction's length is a constant", GIT + "BVLC/caffe/pull/4983", cosine, PAIR, angles(),
            angles(0.0, 0.0), ("path .*n[ab]", "norm", "a\\*\\*2")),
    Mistake("one length is a constant", GIT + "BVLC/caffe/pull/4983", cosine, PAIR, angles(), angles(1.0, 0.0),
            ("path .*nb",)),
]  # fmt: skip

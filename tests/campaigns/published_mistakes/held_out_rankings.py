"""Held out from the search: survival times, implicit feedback, an intercept that is not penalised."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

N = 6
X, W, V = draw(401, (N, 5), 5, (5, 3))
LINE = {"w": W}
F = X @ W
SEEN = np.array([1.0, 0, 1, 1, 0, 1])  # the examples are sorted by time, the last first


def cox(w):
    f = X @ w
    risk = np.cumsum(np.exp(f))
    return -np.sum(SEEN * (f - np.log(risk))) / N


RISK = np.cumsum(np.exp(F))
AT_RISK = np.exp(F) * np.cumsum((SEEN / RISK)[::-1])[::-1]


def by_f(d, more=0.0):
    return lambda: {"w": X.T @ d + more}


def all_but_the_first(w):
    h = 1 / (1 + np.exp(-(X @ w)))
    cost = -np.mean(LABELS * np.log(h) + (1 - LABELS) * np.log(1 - h))
    return cost + 0.7 / (2 * N) * np.sum(w[1:] ** 2)


Y, S = draw(402, N, N)
S = np.abs(S)
LABELS = (Y > 0) * 1.0
H1 = sigmoid(F)
BCE = (H1 - LABELS) / N
HEAD = np.array([0.0, 1, 1, 1, 1])
PU, IMPLICIT, QI = draw(410, (3, 2), (4, 2), (5, 2))
WATCHED = [np.array([0, 2]), np.array([1, 2, 3]), np.array([3])]
USERS, ITEMS = np.array([0, 1, 1, 2, 0]), np.array([0, 1, 4, 3, 2])
STARS = draw(411, 5)
SVDPP = {"P": PU, "Y": IMPLICIT, "Q": QI}


def svd_plus_plus(P, Y, Q):
    cost = 0.0
    for u, i, r in zip(USERS, ITEMS, STARS, strict=True):
        z = P[u] + Y[WATCHED[u]].sum(axis=0) / np.sqrt(len(WATCHED[u]))
        e = r - Q[i] @ z
        cost = cost + e**2
    return cost


def watched(divided=True, item_by_z=True):
    def found():
        P, Y, Q = np.zeros_like(PU), np.zeros_like(IMPLICIT), np.zeros_like(QI)
        for u, i, r in zip(USERS, ITEMS, STARS, strict=True):
            root = np.sqrt(len(WATCHED[u]))
            z = PU[u] + IMPLICIT[WATCHED[u]].sum(axis=0) / root
            e = r - QI[i] @ z
            P[u] -= 2 * e * QI[i]
            Y[WATCHED[u]] -= 2 * e * QI[i] / (root if divided else 1.0)
            Q[i] -= 2 * e * (z if item_by_z else PU[u])
        return {"P": P, "Y": Y, "Q": Q}

    return found


CASES = [
    Mistake("the risk of everybody", GIT + "havakv/pycox/issues/27", cox, LINE, by_f((AT_RISK - SEEN) / N),
            by_f((softmax(F) * SEEN.sum() - SEEN) / N), ("cumsum", "cumulative", "risk")),
    Mistake("the risk set of an example alone", GIT + "havakv/pycox/issues/27", cox, LINE,
            by_f((AT_RISK - SEEN) / N), by_f((SEEN * np.exp(F) / RISK - SEEN) / N),
            ("cumsum", "cumulative", "own", "last", "risk")),
    Mistake("the intercept in the vector is penalised",
            "https://www.codevelop.art/matlab-regularized-logistic-regression-how-to-compute-gradient/p64f25a3396cb330572eee02d.html",
            all_but_the_first, LINE, by_f(BCE, 0.7 / N * HEAD * W), by_f(BCE, 0.7 / N * W),
            ("put on the others too",)),
    Mistake("no root of the number of items", GIT + "guoguibing/librec/pull/98", svd_plus_plus, SVDPP, watched(),
            watched(divided=False), ("√", "division", "factor", "len", "times")),
    Mistake("items learn from users alone", GIT + "guoguibing/librec/pull/98", svd_plus_plus, SVDPP, watched(),
            watched(item_by_z=False), ("P", "z")),
]  # fmt: skip

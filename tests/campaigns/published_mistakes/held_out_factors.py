"""Held out from the search: factors of items and features, kernels, robust costs."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid

N = 6
MU, LV, EPS, V, DZ = draw(311, (N, 3), (N, 3), (N, 3), (3, 4), (N, 4))
XF, YF, w, VF = draw(314, (8, 4), 8, 4, (4, 3))
FM = {"w": w, "V": VF}


def machine(w, V):
    linear = XF @ w
    s = XF @ V
    pairs = 0.5 * np.sum(s**2 - (XF**2) @ (V**2), axis=1)
    return 0.5 * np.mean((linear + pairs - YF) ** 2)


SF = XF @ VF
EF = (XF @ w + 0.5 * np.sum(SF**2 - (XF**2) @ (VF**2), axis=1) - YF) / 8


def factors(second):
    return lambda: {"w": XF.T @ EF, "V": (XF * EF[:, None]).T @ SF - second}


RIGHT_SQUARES = VF * ((XF**2).T @ EF)[:, None]
USERS, ITEMS = np.array([0, 1, 2, 0, 3, 1, 2]), np.array([0, 2, 1, 1, 0, 0, 2])
R, PU, QI = draw(315, 7, (4, 2), (3, 2))
MF = {"P": PU, "Q": QI}


def ratings(P, Q):
    p, q = P[USERS], Q[ITEMS]
    e = R - np.sum(p * q, axis=1)
    return np.sum(e**2) + 0.1 * np.sum(p**2) + 0.1 * np.sum(q**2)


def ranking(P, Q):
    x = np.sum(P[USERS] * Q[ITEMS], axis=1) - np.sum(P[USERS] * Q[OTHERS], axis=1)
    return -np.sum(np.log(1 / (1 + np.exp(-x))))


OTHERS = (ITEMS + 1) % 3
ERR = (R - np.sum(PU[USERS] * QI[ITEMS], axis=1))[:, None]
DIFF = np.sum(PU[USERS] * (QI[ITEMS] - QI[OTHERS]), axis=1)[:, None]
AHEAD = QI[ITEMS] - QI[OTHERS]


def scattered(rows_p, rows_q, rows_o=None):
    def found():
        P, Q = np.zeros_like(PU), np.zeros_like(QI)
        np.add.at(P, USERS, rows_p)
        np.add.at(Q, ITEMS, rows_q)
        if rows_o is not None:
            np.add.at(Q, OTHERS, rows_o)
        return {"P": P, "Q": Q}

    return found


def ranked(d, items):
    return scattered(-d * items, -d * PU[USERS], d * PU[USERS])


XK, UP, ELL = draw(316, (5, 3), (5, 5), 3)
ELL = np.abs(ELL) + 0.5
KERNEL = {"ell": ELL}


def kernel(ell):
    d = (XK[:, None, :] - XK[None, :, :]) / ell
    return np.exp(-0.5 * np.sum(d**2, axis=2))


KMAT = kernel(ELL)
SQUARES = (XK[:, None, :] - XK[None, :, :]) ** 2
XR, WR, TR = draw(319, (7, 3), 3, 7)
LINE = {"w": WR}
FR = XR @ WR


def smooth_l1(w):
    beta = 0.5
    e = XR @ w - TR
    return np.mean(np.where(np.abs(e) < beta, 0.5 * e**2 / beta, np.abs(e) - 0.5 * beta))


def pinball(w):
    e = TR - XR @ w
    return np.mean(np.maximum(0.9 * e, (0.9 - 1) * e))


def fair(w):
    c = 1.5
    x = TR - XR @ w
    return np.sum(c**2 * (np.abs(x) / c - np.log(1 + np.abs(x) / c)))


def line(d, more=0.0):
    return lambda: {"w": XR.T @ d / 7 + more}


E = FR - TR
SMALL = np.abs(E) < 0.5
QUANTILE = GIT + "OpenSTEF/openstef/pull/328"
KERNELS = GIT + "scikit-learn/scikit-learn/pull/11116"
FMS = GIT + "apache/systemds/pull/696"

CASES = [
    Mistake("the square's own part left out", FMS, machine, FM, factors(RIGHT_SQUARES), factors(0.0),
            ("path", "missing")),
    Mistake("x for x² in the second part", GIT + "Johnson0722/CTR_Prediction/issues/8", machine, FM,
            factors(RIGHT_SQUARES), factors(VF * (XF.T @ EF)[:, None]), ("XF",)),
    Mistake("V² for V in the second part", FMS, machine, FM, factors(RIGHT_SQUARES),
            factors(VF**2 * ((XF**2).T @ EF)[:, None]), ("V",)),
    Mistake("the penalty times the error", GIT + "dandxy89/BellkorAlgorithm/issues/3", ratings, MF,
            scattered(-2 * ERR * QI[ITEMS] + 0.2 * PU[USERS], -2 * ERR * PU[USERS] + 0.2 * QI[ITEMS]),
            scattered(-2 * ERR * (QI[ITEMS] - 0.1 * PU[USERS]), -2 * ERR * (PU[USERS] - 0.1 * QI[ITEMS])),
            ("multiplied by", "penalty", "e")),
    Mistake("σ for 1 − σ in a ranking", GIT + "benfred/implicit/issues/716", ranking, MF,
            ranked(1 - sigmoid(DIFF), AHEAD), ranked(sigmoid(DIFF), AHEAD),
            ("1 −", "σ", "exchanged")),
    Mistake("the user learns from the item it chose alone", GIT + "benfred/implicit/issues/716", ranking, MF,
            ranked(1 - sigmoid(DIFF), AHEAD), ranked(1 - sigmoid(DIFF), QI[ITEMS]),
            ("path", "missing", "use")),
    Mistake("a length's gradient by its logarithm, in each dimension", KERNELS, kernel, KERNEL,
            lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL**3},
            lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL**2}, ("ell", "ln", "log"),
            upstream=UP),
    Mistake("lengths not cubed", KERNELS, kernel, KERNEL,
            lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL**3},
            lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL}, ("ell",), upstream=UP),
    Mistake("β left out of smooth L1", GIT + "pytorch/pytorch/pull/44433", smooth_l1, LINE,
            line(np.where(SMALL, E / 0.5, np.sign(E))), line(np.where(SMALL, E, np.sign(E))),
            ("beta", "0\\.5", "divi")),
    Mistake("a quantile's two sides exchanged", QUANTILE, pinball, LINE, line(np.where(E < 0, -0.9, 0.1)),
            line(np.where(E < 0, -0.1, 0.9)), ("revers", "exchang")),
    Mistake("the Fair loss without its minus", GIT + "dmlc/xgboost/issues/3037", fair, LINE,
            line(7 * 1.5 * E / (np.abs(E) + 1.5)), line(-7 * 1.5 * E / (np.abs(E) + 1.5)), ("sign", "−1")),
    Mistake("the Fair loss without c", GIT + "dmlc/xgboost/issues/3037", fair, LINE,
            line(7 * 1.5 * E / (np.abs(E) + 1.5)), line(7 * E / (np.abs(E) + 1.5)), ("c", "1\\.5")),
]  # fmt: skip

"""Formulas and algorithms: a factorisation, PageRank, quaternions, similarities, polynomials, a soft minimum path."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw

spd = np.array([[2.0, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 1.8]])
UPCH = np.tril(draw(514, (3, 3)))


def cholesky(A):
    L = np.zeros((3, 3)).tolist()
    for i in range(3):
        for j in range(i + 1):
            s = A[i, j]
            for k in range(j):
                s = s - L[i][k] * L[j][k]
            L[i][j] = np.sqrt(s) if i == j else s / L[j][j]
    return np.array(L)


def of_cholesky(fault=""):
    L, dL, dA = np.linalg.cholesky(spd), UPCH.copy(), np.zeros((3, 3))
    for i in reversed(range(3)):
        for j in reversed(range(i + 1)):
            if i == j:
                ds = (1.0 if fault == "no half" else 0.5) * dL[i, i] / L[i, i]
            else:
                ds = dL[i, j] / L[j, j]
                if fault != "division":
                    dL[j, j] -= dL[i, j] * L[i, j] / L[j, j]
            dA[i, j] = ds
            for k in range(j):
                dL[i, k] -= ds * L[j, k]
                if fault != "one factor":
                    dL[j, k] -= ds * L[i, k]
    return {"A": 0.5 * (dA + dA.T) if fault == "symmetrised" else dA}


links = np.abs(draw(515, (4, 4)))
UPP = draw(516, 4)


def pagerank(M):
    P = M / M.sum(axis=0)
    r = np.ones(4) / 4
    for _ in range(3):
        r = 0.85 * (P @ r) + 0.15 / 4
    return r


def of_pagerank(fault=""):
    P = links / links.sum(axis=0)
    r = [np.ones(4) / 4]
    for _ in range(3):
        r.append(0.85 * (P @ r[-1]) + 0.15 / 4)
    dr, dP = UPP, np.zeros((4, 4))
    for k in (2, 1, 0):
        dP += 0.85 * np.outer(dr, r[-1] if fault == "converged" else r[k])
        dr = (1.0 if fault == "no damping" else 0.85) * P.T @ dr
    dM = dP / links.sum(axis=0)
    if fault != "normaliser":
        dM = dM - (dP * P).sum(axis=1 if fault == "rows" else 0) / links.sum(axis=0)
    return {"M": dM}


a4, b4, UPQ4 = draw(517, 4, 4, 4)
QUATERNION = {"p": a4, "q": b4}


def product(p, q):
    a, b, c, d = p
    e, f, g, h = q
    return np.array([a * e - b * f - c * g - d * h, a * f + b * e + c * h - d * g,
                     a * g - b * h + c * e + d * f, a * h + b * g - c * f + d * e])  # fmt: skip


def times(p, q):
    return product(p, q)


FLIP = np.array([1.0, -1.0, -1.0, -1.0])


def of_product(fault=""):
    if fault == "not conjugated":
        return {"p": times(UPQ4, b4), "q": times(a4, UPQ4)}
    if fault == "order":
        return {"p": times(b4 * FLIP, UPQ4), "q": times(UPQ4, a4 * FLIP)}
    return {"p": times(UPQ4, b4 * FLIP), "q": times(a4 * FLIP, UPQ4)}


left, right_, UPS = draw(518, (4, 3), (4, 3), 4)
COSINE = {"a": left, "b": right_}


def similarity(a, b):
    dot = np.sum(a * b, axis=1)
    na = np.sqrt(np.sum(a**2, axis=1))
    nb = np.sqrt(np.sum(b**2, axis=1))
    return dot / (na * nb)


def of_similarity(fault=""):
    na, nb = np.linalg.norm(left, axis=1, keepdims=True), np.linalg.norm(right_, axis=1, keepdims=True)
    c, g = (left * right_).sum(axis=1, keepdims=True) / (na * nb), UPS[:, None]
    if fault == "norms constant":
        return {"a": g * right_ / (na * nb), "b": g * left / (na * nb)}
    power = 1 if fault == "not squared" else 2
    return {"a": g * (right_ / (na * nb) - c * left / na**power), "b": g * (left / (na * nb) - c * right_ / nb**power)}


coefs, xs = draw(519, 4, 5)
UPPOLY = draw(520, 5)


def horner(c, x):
    y = c[3] * np.ones(5)
    for k in (2, 1, 0):
        y = y * x + c[k]
    return y


def of_horner(fault=""):
    ys = [coefs[3] * np.ones(5)]
    for k in (2, 1, 0):
        ys.append(ys[-1] * xs + coefs[k])
    dc, dx, dy = np.zeros(4), np.zeros(5), UPPOLY
    for step, k in ((2, 0), (1, 1), (0, 2)):
        dc[k] = dy.sum()
        dx = dx + dy * ys[step + 1 if fault == "y after" else step]
        if fault == "last x":
            dx = dy * ys[step]
        dy = dy * xs
    dc[3] = dy.sum()
    return {"c": dc, "x": dx}


flows, rate = draw(521, 5), np.array(0.07)
BOND = {"cash": flows, "r": rate}


def present_value(cash, r):
    value = 0.0
    for t in range(5):
        value = value + cash[t] / (1 + r) ** (t + 1)
    return value


def of_value(fault=""):
    t = np.arange(1, 6)
    power = t if fault == "same power" else t + 1
    return {"cash": (1.07) ** (-t), "r": np.array(-np.sum((1 if fault == "no t" else t) * flows / 1.07**power))}


costs = np.abs(draw(522, (4, 4)))


def soft_path(D):
    R = {}
    gamma = 0.5
    for i in range(4):
        for j in range(4):
            before = [R[a] for a in ((i - 1, j), (i, j - 1), (i - 1, j - 1)) if a in R]
            soft = -gamma * np.log(sum(np.exp(-r / gamma) for r in before)) if before else 0.0
            R[i, j] = D[i, j] + soft
    return R[3, 3]


def of_path(fault=""):
    gamma, R = 0.5, {}
    for i in range(4):
        for j in range(4):
            before = [R[a] for a in ((i - 1, j), (i, j - 1), (i - 1, j - 1)) if a in R]
            R[i, j] = costs[i, j] + (-gamma * np.log(sum(np.exp(-r / gamma) for r in before)) if before else 0.0)
    d = np.zeros((4, 4))
    d[3, 3] = 1.0
    for i in reversed(range(4)):
        for j in reversed(range(4)):
            before = [a for a in ((i - 1, j), (i, j - 1), (i - 1, j - 1)) if a in R]
            if before:
                w = np.exp([-R[a] / (1.0 if fault == "no gamma" else gamma) for a in before])
                for a, share in zip(before, w / w.sum(), strict=True):
                    if not (fault == "no diagonal" and a == (i - 1, j - 1)):
                        d[a] += d[i, j] * share
    return {"D": d}


CASES = [
    case("no half of the root", ("2|twice|sqrt",), cholesky, {"A": spd}, of_cholesky, "no half", UPCH),
    case("the divisor constant", ("divi|path",), cholesky, {"A": spd}, of_cholesky, "division", UPCH),
    case("one factor of the product", ("path|L",), cholesky, {"A": spd}, of_cholesky, "one factor", UPCH),
    case("the converged r in every step", ("\\br\\(3\\)|last",), pagerank, {"M": links}, of_pagerank, "converged", UPP),
    case("no damping on the way back", ("0\\.85",), pagerank, {"M": links}, of_pagerank, "no damping", UPP),
    case("the columns' sums constant", ("M.sum|sum",), pagerank, {"M": links}, of_pagerank, "normaliser", UPP),
    case("not conjugated", ("Jacobian",), product, QUATERNION, of_product, "not conjugated", UPQ4),
    case("factors in the other order", ("order",), product, QUATERNION, of_product, "order", UPQ4),
    case("norms constant", ("path.*na.*nb|na \\* nb",), similarity, COSINE, of_similarity, "norms constant", UPS),
    case("the norm not squared", ("na|norm",), similarity, COSINE, of_similarity, "not squared", UPS),
    case("y after the step", ("\\by\\(",), horner, {"c": coefs, "x": xs}, of_horner, "y after", UPPOLY),
    case("the last step's x alone", ("first|last|alone",), horner, {"c": coefs, "x": xs}, of_horner, "last x", UPPOLY),
    case("no t in the duration", ("factor|\\*\\*|power|slope",), present_value, BOND, of_value, "no t"),
    case("the power not lowered", ("power|\\*\\*|factor|1\\.07",), present_value, BOND, of_value, "same power"),
    case("no gamma on the way back", ("gamma|0\\.5|-r|softmax|2",), soft_path, {"D": costs}, of_path, "no gamma"),
    case("no diagonal steps", ("path|missing",), soft_path, {"D": costs}, of_path, "no diagonal"),
]  # fmt: skip

"""Programs with products of matrices: bilinear forms, trees, energies, inner gradient steps, Kalman filters."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw

e1, e2, tensor, UPT = draw(507, 3, 3, (2, 3, 3), 2)
NTN = {"e1": e1, "e2": e2, "V": tensor}


def bilinear(e1, e2, V):
    out = []
    for k in range(len(V)):
        out.append(np.tanh(e1 @ V[k] @ e2))
    return np.array(out)


def of_bilinear(fault=""):
    d1, d2, dV = np.zeros(3), np.zeros(3), np.zeros_like(tensor)
    for k in range(2):
        dz = UPT[k] * (1 - np.tanh(e1 @ tensor[k] @ e2) ** 2)
        dV[k] = dz * np.outer(e2, e1) if fault == "outer" else dz * np.outer(e1, e2)
        d1 = d1 + dz * tensor[k] @ e2
        d2 = d2 + dz * (tensor[k] if fault == "not transposed" else tensor[k].T) @ e1
    return {"e1": d1, "e2": d2, "V": dV}


leaves, Wt, UPTREE = draw(508, (4, 3), (3, 6), 3)
TREE = {"leaves": leaves, "W": Wt}


def tree(leaves, W):
    def join(left, right):
        return np.tanh(W @ np.concatenate([left, right]))

    return join(join(leaves[0], leaves[1]), join(leaves[2], leaves[3]))


def of_tree(fault=""):
    dW, dl = np.zeros_like(Wt), np.zeros_like(leaves)
    below = [np.concatenate([leaves[0], leaves[1]]), np.concatenate([leaves[2], leaves[3]])]
    mid = [np.tanh(Wt @ c) for c in below]
    top = np.concatenate(mid)
    h = np.tanh(Wt @ top)
    dz = UPTREE * (1 - h**2)
    dW += np.outer(dz, top)
    dtop = Wt.T @ dz
    parts = [dtop[:3], dtop[3:]]
    if fault == "children exchanged":
        parts = parts[::-1]
    for k in range(2):
        dz = parts[k] * (1 if fault == "inner slope" else 1 - mid[k] ** 2)
        if fault != "root only":
            dW += np.outer(dz, below[1] if fault == "stale" else below[k])
        dc = Wt.T @ dz
        dl[2 * k], dl[2 * k + 1] = dc[:3], dc[3:]
    return {"leaves": dl, "W": dW}


Wh, v, UPH = draw(509, (4, 4), 4, 1)
HOPFIELD = {"W": Wh, "x": v, "b": draw(510, 4)}


def energy(W, x, b):
    return -0.5 * x @ W @ x - b @ x


def of_energy(fault=""):
    field = Wh @ v if fault == "one side" else 0.5 * (Wh + Wh.T) @ v
    dW = -(1.0 if fault == "twice" else 0.5) * np.outer(v, v)
    return {"W": dW, "x": -field - HOPFIELD["b"], "b": -v}


theta, Xi, yi, Xo, yo = draw(511, 3, (6, 3), 6, (4, 3), 4)
META = {"theta": theta, "Xi": Xi, "yi": yi, "Xo": Xo, "yo": yo}


def maml(theta, Xi, yi, Xo, yo):
    inner_gradient = Xi.T @ (Xi @ theta - yi) / len(yi)
    adapted = theta - 0.1 * inner_gradient
    return 0.5 * np.mean((Xo @ adapted - yo) ** 2)


def of_maml(fault=""):
    adapted = theta - 0.1 * Xi.T @ (Xi @ theta - yi) / 6
    g = Xo.T @ (Xo @ adapted - yo) / 4
    if fault == "first order":
        return {"theta": g}
    sign = 1 if fault == "sign" else -1
    rate = 1.0 if fault == "rate" else 0.1
    return {"theta": g + sign * rate * Xi.T @ (Xi @ g) / 6}


m0, obs, F, R = np.array([0.3, -0.2]), draw(512, 4), draw(513, (2, 2)), 0.5
KALMAN = {"m0": m0, "F": F, "q": np.array([0.3, 0.2]), "y": obs}


def kalman(m0, F, q, y):
    m, P, loss = m0, np.eye(2), 0.0
    for t in range(len(y)):
        m = F @ m
        P = F @ P @ F.T + np.diag([1.0, 1.0]) * q
        e = y[t] - m[0]
        S = P[0, 0] + 0.5
        K = P[:, 0] / S
        loss = loss + 0.5 * np.log(S) + 0.5 * e**2 / S
        m = m + K * e
        P = P - np.outer(K, P[0])
    return loss


def of_kalman(fault=""):
    m, P, q, steps = m0, np.eye(2), KALMAN["q"], []
    for t in range(4):
        before = (m, P)
        m = F @ m
        P = F @ P @ F.T + np.diag(q)
        e, S = obs[t] - m[0], P[0, 0] + R
        K = P[:, 0] / S
        steps.append((before, m, P, e, S, K))
        m, P = m + K * e, P - np.outer(K, P[0])
    dm, dP, dF, dq, first = np.zeros(2), np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2), np.array([1.0, 0.0])
    for (m_old, P_old), _, P, e, S, K in reversed(steps):
        dK = dm * e - dP @ P[0]
        de = dm @ K + e / S
        dP_row = -dP.T @ K
        if fault == "constant gain":
            dK = np.zeros(2)
        dS = 0.5 / S - 0.5 * e**2 / S**2 - (dK @ P[:, 0]) / S**2
        if fault == "no determinant":
            dS = dS - 0.5 / S
        dP = dP + np.outer(dK / S, first) + np.outer(first, dP_row) + dS * np.outer(first, first)
        dm = dm - de * first
        dq += np.diag(dP)
        two = 0 if fault == "one side of P" else dP.T @ F @ P_old
        dF += np.outer(dm, m_old) + dP @ F @ P_old.T + two
        dm, dP = F.T @ dm, (F @ dP @ F.T if fault == "covariance forwards" else F.T @ dP @ F)
    return {"m0": dm, "F": dF, "q": dq}


CASES = [
    case("V for its transpose", ("transpos",), bilinear, NTN, of_bilinear, "not transposed", UPT),
    case("the outer product the other way round", ("transpos",), bilinear, NTN, of_bilinear, "outer", UPT),
    case("children exchanged", ("exchang|half|halves",), tree, TREE, of_tree, "children exchanged", UPTREE),
    case("W learns at the root alone", ("last use|alone|join",), tree, TREE, of_tree, "root only", UPTREE),
    case("no slope at inner nodes", ("tanh′.*missing",), tree, TREE, of_tree, "inner slope", UPTREE),
    case("the last pair of leaves for both", ("last|instead",), tree, TREE, of_tree, "stale", UPTREE),
    case("W x for a W that is not symmetric", ("transpos|use of x|x is used|twice",),
         energy, HOPFIELD, of_energy, "one side"),
    case("first-order", ("inner_gradient",), maml, META, of_maml, "first order"),
    case("no learning rate", ("0\\.1",), maml, META, of_maml, "rate"),
    case("the gain constant", ("path.*K",), kalman, KALMAN, of_kalman, "constant gain"),
    case("log S forgotten", ("log\\(S\\)|ln",), kalman, KALMAN, of_kalman, "no determinant"),
    case("F on one side of P alone", ("F.T|path.*F|use",), kalman, KALMAN, of_kalman, "one side of P"),
    case("F P Fᵀ on the way back too", ("transpos",), kalman, KALMAN, of_kalman, "covariance forwards"),
]  # fmt: skip

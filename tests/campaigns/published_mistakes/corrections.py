"""Corrections of single operations and of sums over examples, from issues and pull requests."""

import numpy as np

from tests.campaigns.record import case, draw

LAM, ALPHA = 1.0507, 1.6733
XS, UP = draw(2601, (4, 3), (4, 3))


def selu(x):
    return np.where(x > 0, LAM * x, LAM * ALPHA * (np.exp(x) - 1))


def of_selu(fault=""):
    y = selu(XS)
    return {"x": UP * np.where(y > 0, LAM, LAM * (y + ALPHA) if fault else y + LAM * ALPHA)}


XH, OUT = draw(2602, (4, 5), (4, 5))
LABELS = np.where(np.arange(20).reshape(4, 5) % 3 > 0, 1, -1)


def hinge_embedding(x):
    return np.maximum(1 - x * LABELS, 0.0)


def of_hinge(fault=""):
    mask = XH < 1 / LABELS if fault else XH * LABELS < 1
    return {"x": -OUT * LABELS * mask}


XR, YR, THETA = draw(2603, (7, 2), (7, 1), (2, 1))
XR[:, 0] = 1.0


def ridge(theta):
    return np.mean((XR @ theta - YR) ** 2) + 0.5 * np.sum(theta[1:] ** 2)


def of_ridge(fault=""):
    penalty = THETA[1] if fault else THETA * [[0.0], [1.0]]
    return {"theta": 2 / 7 * XR.T @ (XR @ THETA - YR) + penalty}


XT, WT, UT, RNN_UP = draw(2604, (3, 3), (4, 4), (3, 4), (3, 4))


def rnn(x, W, U):
    h, hs = np.zeros((1, 4)), []
    for t in range(3):
        h = 1 / (1 + np.exp(-(h @ W + x[t : t + 1] @ U)))
        hs.append(h[0])
    return np.stack(hs)


def of_rnn(fault=""):
    hs, dh = rnn(XT, WT, UT), np.zeros((1, 4))
    dx, dW, dU = np.zeros_like(XT), np.zeros_like(WT), np.zeros_like(UT)
    for t in (2, 1, 0):
        delta4 = (RNN_UP[t] + dh) * hs[t] * (1 - hs[t])
        dh = delta4 @ WT.T
        dW += (hs[t - 1 : t] if t else np.zeros((1, 4))).T @ delta4
        dU += XT[t : t + 1].T @ (dh if fault else delta4)
        dx[t] = (delta4 @ UT.T)[0]
    return {"x": dx, "W": dW, "U": dU}


P, Q, RATINGS = draw(2605, (3, 4), (5, 4), (3, 5))


def factorised(p, q):
    C = 0.0
    for u in range(3):
        for m in range(5):
            e = RATINGS[u, m] - np.dot(p[u], q[m])
            C = C + 0.5 * np.square(e)
    return C


def of_factors(fault=""):
    e = np.ones((3, 5)) if fault else RATINGS - P @ Q.T
    return {"p": -e @ Q, "q": -e.T @ P}


XC, WC = draw(2606, (4, 3), (3, 5))


def with_last_cell(x, W):
    c = np.tanh(x @ W)
    h = np.sin(c)
    return 0.5 * np.sum(h**2) + 0.5 * np.sum(c**2)


def of_cell(fault=""):
    c = np.tanh(XC @ WC)
    dc = np.sin(c) * np.cos(c) + (0 if fault else c)
    dz = dc * (1 - c**2)
    return {"x": dz @ WC.T, "W": XC.T @ dz}


XL, YL, WL = draw(2607, (5, 3), (5,), (3,))


def line(theta):
    return np.sum((XL @ theta - YL) ** 2) / 10


def of_line(fault=""):
    gradient = XL.T @ (XL @ WL - YL) / 5
    return {"theta": WL - gradient if fault else gradient}


CRAN = "https://cran.r-project.org/web/packages/rnn/vignettes/rnn_units.html"
CASES = [
    case("λ (y + α) for y + λ α", "mlpack/mlpack/pull/1540", (r"as 1\.0507 \(y \+ 1\.6733\), where it should be",),
         selu, {"x": XS}, of_selu, "brackets", UP),
    case("x < 1/y for x y < 1", "mlpack/mlpack/pull/3144", ("reversed where LABELS is negative",), hinge_embedding,
         {"x": XH}, of_hinge, "divided", OUT),
    case("the slope's penalty on the intercept", "ageron/handson-ml2/issues/510", ("is added to all of dtheta",), ridge,
         {"theta": THETA}, of_ridge, "broadcast"),
    case("the gradient of the state before for U", CRAN, ("computed from what `h @ W` passes back to h",), rnn,
         {"x": XT, "W": WT, "U": UT}, of_rnn, "δ5", RNN_UP),
    case("the error left out of its square", "qcymkxyc/RecSys/issues/3", ("derivative of `np.square.e.` is missing",),
         factorised, {"p": P, "q": Q}, of_factors, "1"),
    case("nothing from the last cell", "deeplearning4j/deeplearning4j/issues/8838", ("path through .*c.*is missing",),
         with_last_cell, {"x": XC, "W": WC}, of_cell, "h alone"),
    case("θ − gradient", "42-AI/bootcamp_machine-learning/issues/64", ("after an update with the learning rate 1",),
         line, {"theta": WL}, of_line, "step"),
]  # fmt: skip

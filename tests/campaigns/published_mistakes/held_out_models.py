"""Held out from the search: linear models, factors, margins, word vectors, generators and critics."""

import numpy as np

from tests.campaigns.record import case, draw, parted, sigmoid

# ---- examples with weights

XW, YW, THETA, W1W, B1W, W2W, B2W = draw(811, (6, 3), (6, 1), (3, 1), (3, 4), (1, 4), (4, 1), (1, 1))
SW = np.array([[1.0], [3.0], [0.5], [2.0], [1.5], [4.0]])
LINE = {"w": THETA[:, 0], "b": np.array(0.3)}
LABELS = np.array([[0.0], [1], [1], [0], [1], [0]])


def weighted_squares(theta):
    h = XW.dot(theta)
    return np.sum(SW * (h - YW) ** 2) / (2 * len(XW))


def of_weighted_squares(fault=""):
    return {"theta": XW.T @ ((XW @ THETA - YW) * (1 if fault else SW)) / 6}


def weighted_logistic(theta):
    h = 1 / (1 + np.exp(-XW.dot(theta)))
    losses = LABELS * np.log(h) + (1 - LABELS) * np.log(1 - h)
    return -np.sum(SW * losses) / np.sum(SW)


def of_weighted_logistic(fault=""):
    return {"theta": XW.T @ ((sigmoid(XW @ THETA) - LABELS) * (1 if fault else SW)) / SW.sum()}


def weighted_net(W1, b1, W2, b2):
    Z1 = np.dot(XW, W1) + b1
    A1 = np.tanh(Z1)
    A2 = np.dot(A1, W2) + b2
    errors = A2 - YW
    return np.mean(SW * errors**2)


def of_weighted_net(fault=""):
    a1 = np.tanh(XW @ W1W + B1W)
    d2 = 2 / 6 * (a1 @ W2W + B2W - YW) * (1 if fault else SW)
    d1 = d2 @ W2W.T * (1 - a1**2)
    return {
        "W1": XW.T @ d1,
        "b1": d1.sum(axis=0, keepdims=True),
        "W2": a1.T @ d2,
        "b2": d2.sum(axis=0, keepdims=True),
    }


def weighted_loop(w, b):
    cost = 0.0
    for i in range(len(XW)):
        error = np.dot(XW[i], w) + b - YW[i, 0]
        cost += SW[i, 0] * error**2
    return cost / len(XW)


def of_weighted_loop(fault=""):
    e = 2 / 6 * (XW @ THETA + 0.3 - YW) * (1 if fault else SW)
    return {"w": (XW.T @ e)[:, 0], "b": e.sum()}


# ---- factors, in loops

R = np.array([[5, 3, 0, 1], [4, 0, 0, 1], [1, 1, 0, 5], [0, 1, 5, 4]], dtype=float)
P, Q = draw(812, (4, 2), (2, 4))


def matrix_factorization(P, Q):
    e, beta = 0, 0.02
    for i in range(len(R)):
        for j in range(len(R[i])):
            if R[i][j] > 0:
                e = e + (R[i][j] - np.dot(P[i, :], Q[:, j])) ** 2
                for k in range(2):
                    e = e + (beta / 2) * (P[i][k] ** 2 + Q[k][j] ** 2)
    return e


def of_factors(fault=""):
    dP, dQ = np.zeros_like(P), np.zeros_like(Q)
    for i in range(4):
        for j in range(4):
            if R[i][j] > 0 or fault == "all":
                eij = R[i][j] - P[i] @ Q[:, j]
                dP[i] += -2 * eij * Q[:, j] + 0.02 * P[i]
                dQ[:, j] += -2 * eij * (Q[:, j] if fault == "own" else P[i]) + 0.02 * Q[:, j]
    return {"P": dP, "Q": dQ}


# ---- classes in a loop

XM, WM = draw(813, (5, 4), (4, 3))
YM = [2, 0, 1, 2, 2]


def softmax_loss_naive(W):
    loss = 0.0
    for i in range(len(XM)):
        f = XM[i].dot(W)
        f = f - np.max(f)
        sum_j = np.sum(np.exp(f))
        loss += -f[YM[i]] + np.log(sum_j)
    return loss / len(XM)


def of_softmax(fault=""):
    dW = np.zeros_like(WM)
    for i in range(5):
        f = XM[i] @ WM
        e = np.exp(f - f.max())
        for j in range(3):
            p = e[j] if fault == "unnormalised" else e[j] / e.sum()
            dW[:, j] += (p - (j == YM[i])) * XM[i]
    return {"W": dW / 5}


def ordinal(w, theta):
    loss = 0.0
    for i in range(len(XM)):
        cum = np.concatenate(([0.0], sigmoid(theta - XM[i].dot(w)), [1.0]))
        loss = loss - np.log(cum[YM[i] + 1] - cum[YM[i]])
    return loss


WR, CUTS = draw(814, 4), np.array([-0.5, 0.8])


def of_ordinal(fault=""):
    dw, dtheta = np.zeros(4), np.zeros(2)
    for i in range(5):
        s, k = sigmoid(CUTS - XM[i] @ WR), YM[i]
        cum, slope = np.array([0.0, *s, 1.0]), np.array([0.0, *(s * (1 - s)), 0.0])
        upper, lower = -slope[k + 1] / (cum[k + 1] - cum[k]), slope[k] / (cum[k + 1] - cum[k])
        dw += (1 if fault == "sign" else -1) * (upper + lower) * XM[i]
        padded = np.zeros(4)
        padded[k + 1] += upper
        padded[k] += lower
        dtheta += padded[1:3]
    return {"w": dw, "theta": dtheta}


# ---- support vectors

XV, WV = draw(815, (6, 3), 3)
YV = np.array([0, 1, 1, 0, 1, 0])
C = 2.5
SVM = {"w": WV, "b": np.array(0.2)}


def svm(w, b):
    t = 2 * YV - 1
    margins = t * (XV.dot(w) + b)
    return 0.5 * np.dot(w, w) + C * np.sum(np.maximum(0, 1 - margins))


def of_svm(fault=""):
    t = 2 * YV - 1
    active = t * (XV @ WV + 0.2) < 1
    by = active * (YV if fault == "flags" else t)
    c = 1 if fault == "no C" else C
    return {"w": WV - c * by @ XV, "b": -c * by.sum()}


# ---- logistic regression with a vector of labels

XG, TG = draw(816, (5, 3), (3, 1))
YG = np.array([1.0, 0, 1, 1, 0])
LOGISTIC, MSLE = {"w": TG, "b": np.array(0.1)}, {"W": TG, "b": np.array(0.1)}


def logistic(w, b):
    z = XG @ w + b
    h = sigmoid(z)
    y = YG.reshape(-1, 1)
    return -np.mean(y * np.log(h) + (1 - y) * np.log(1 - h)) + 0.1 / (2 * 5) * np.sum(w**2)


def of_logistic(fault=""):
    h = sigmoid(XG @ TG + 0.1)
    if fault == "classes":
        h = np.round(h)
    dz = h - (YG if fault == "broadcast" else YG[:, None])
    penalty = 0.1 / (10 if fault == "half" else 5) * TG
    return {"w": XG.T @ dz / 5 + penalty, "b": dz.mean()}


# ---- curves and costs

XP, YP = draw(817, 7, 7)
COEFFICIENTS = {"a": np.array(0.5), "b": np.array(-1.0), "c": np.array(0.3)}


def parabola(a, b, c):
    y_hat = a * XP**2 + b * XP + c
    return np.mean((y_hat - YP) ** 2)


def of_parabola(fault=""):
    error = 2 / 7 * (0.5 * XP**2 - XP + 0.3 - YP)
    return {"a": np.sum(error * (XP if fault == "x" else XP**2)), "b": np.sum(error * XP), "c": np.sum(error)}


def msle(W, b):
    pred = np.log(1 + np.exp(XG @ W + b))
    return np.mean((np.log(1 + pred) - np.log(1 + POSITIVE)) ** 2)


POSITIVE = np.abs(draw(818, (5, 1))) + 0.5


def of_msle(fault=""):
    z = XG @ TG + 0.1
    pred = np.log(1 + np.exp(z))
    dpred = 2 / 5 * (np.log(1 + pred) - np.log(1 + POSITIVE)) / (1 if fault == "no 1 + p" else 1 + pred)
    dz = dpred * sigmoid(z)
    return {"W": XG.T @ dz, "b": dz.sum()}


# ---- word vectors by counts

COUNTS = np.array([[0, 4, 1, 120], [4, 0, 7, 2], [1, 7, 0, 30], [120, 2, 30, 0.0]])
VG, UG, BG, CG = draw(819, (4, 3), (4, 3), 4, 4)


def glove(W, W_tilde, b, b_tilde):
    i, j = np.nonzero(COUNTS)
    x = COUNTS[i, j]
    f = np.minimum((x / 100) ** 0.75, 1)
    diff = np.sum(W[i] * W_tilde[j], axis=1) + b[i] + b_tilde[j] - np.log(x)
    return 0.5 * np.sum(f * diff**2)


def of_glove(fault=""):
    i, j = np.nonzero(COUNTS)
    x = COUNTS[i, j]
    f = np.minimum((x / 100) ** 0.75, 1)
    diff = np.sum(VG[i] * UG[j], axis=1) + BG[i] + CG[j] - np.log(x)
    found = {"W": np.zeros((4, 3)), "W_tilde": np.zeros((4, 3)), "b": np.zeros(4), "b_tilde": np.zeros(4)}
    d = diff if fault == "no f" else f * diff
    np.add.at(found["W"], i, d[:, None] * UG[j])
    np.add.at(found["W_tilde"], j, d[:, None] * VG[i])
    np.add.at(found["b"], i, d)
    np.add.at(found["b_tilde"], j, d)
    return found


WEIGHTS = ("(SW|weights?\\b|factor).*(missing|left out|forgotten)",)
CASES, INVENTED = parted([
    case("weights of examples forgotten, a line", "Python-Ensemble-Toolbox/PET/pull/79", WEIGHTS, weighted_squares,
         {"theta": THETA}, of_weighted_squares, "no weights"),
    case("weights of examples forgotten, logistic", "OverLordGoldDragon/see-rnn/pull/27", WEIGHTS, weighted_logistic,
         {"theta": THETA}, of_weighted_logistic, "no weights"),
    case("weights of examples forgotten, a network", "OverLordGoldDragon/see-rnn/pull/27", WEIGHTS, weighted_net,
         {"W1": W1W, "b1": B1W, "W2": W2W, "b2": B2W}, of_weighted_net, "no weights"),
    case("weights of examples forgotten, in a loop", "Python-Ensemble-Toolbox/PET/pull/79", WEIGHTS, weighted_loop,
         LINE, of_weighted_loop, "no weights"),
    case("ratings of 0 learn too, in loops",
         "https://codereview.stackexchange.com/questions/165635/matrix-factorization-system-recommender",
         ("R\\[i\\]\\[j\\]", "skip", "if", "condition"), matrix_factorization, {"P": P, "Q": Q}, of_factors, "all"),
    case("Q's own values for P's, in loops", "", ("Q.* instead of .*P", "P.*missing"), matrix_factorization, {"P": P,
         "Q": Q}, of_factors, "own"),
    case("exponentials for probabilities, in a loop", "", ("sum", "normali", "exp", "divi"), softmax_loss_naive,
         {"W": WM}, of_softmax, "unnormalised"),
    case("the minus of θ − xw", "", ("sign", "minus", "−1"), ordinal, {"w": WR, "theta": CUTS}, of_ordinal, "sign"),
    case("labels of 0 and 1 for ±1", "", ("YV", "t\\b.*instead"), svm, SVM, of_svm, "flags"),
    case("C forgotten", "", ("2\\.5", "\\bC\\b"), svm, SVM, of_svm, "no C"),
    case("labels of shape (m,) subtracted from (m, 1)", "tiepvupsu/ebookMLCB/issues/29", ("broadcast", r"\(5, 5\)"),
         logistic, LOGISTIC, of_logistic, "broadcast"),
    case("predicted classes for probabilities", "", ("round", "class", "threshold", "predicted labels"), logistic,
         LOGISTIC, of_logistic, "classes"),
    case("half of the penalty", "jingtinghuang/CS231n-Spring-2017/issues/3", ("penalty", "0\\.5", "½", "1/2", "w.*2"),
         logistic, LOGISTIC, of_logistic, "half"),
    case("x for x²", "", ("XP",), parabola, COEFFICIENTS, of_parabola, "x"),
    case("1/(1 + p) forgotten", "", ("log", "1 \\+ pred"), msle, MSLE, of_msle, "no 1 + p"),
    case("no f in GloVe", "", ("\\bf\\b.*missing", "missing.*\\bf\\b"), glove, {"W": VG, "W_tilde": UG, "b": BG,
         "b_tilde": CG}, of_glove, "no f"),
])  # fmt: skip

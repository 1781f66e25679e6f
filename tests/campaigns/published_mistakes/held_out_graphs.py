"""Held out from the search: graphs, word vectors, fits of curves, counts, quantiles."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

N = 6
ADJ = np.array([[1, 1, 0, 0, 1], [1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [1, 0, 0, 1, 1.0]])
ADJ = ADJ / np.sqrt(np.outer(ADJ.sum(axis=1), ADJ.sum(axis=1)))
FEATURES, G1, G2 = draw(1504, (5, 4), (4, 3), (3, 2))
CLASSES, TRAIN = np.eye(2)[[0, 1, 1, 0, 1]], np.array([True, False, True, True, False])
GRAPH = {"A_hat": ADJ, "X": FEATURES, "W0": G1, "W1": G2, "Y": CLASSES, "train_mask": TRAIN}


def gcn(A_hat, X, W0, W1, Y, train_mask):
    H = np.maximum(A_hat @ X @ W0, 0)
    Z = A_hat @ H @ W1
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    log_likelihood = np.sum(Y * np.log(P), axis=1)
    return -np.mean(log_likelihood[train_mask])


def of_graph(fault=""):
    Z0 = ADJ @ FEATURES @ G1
    H = np.maximum(Z0, 0)
    P = softmax(ADJ @ H @ G2)
    dZ = (P - CLASSES) * TRAIN[:, None] / 3
    if fault == "all nodes":
        dZ = (P - CLASSES) / 5
    if fault == "all nodes, by the labelled":
        dZ = (P - CLASSES) / 3
    if fault == "by all nodes":
        dZ = dZ * 3 / 5
    dH = (dZ if fault == "no A back" else ADJ.T @ dZ) @ G2.T
    dZ0 = dH * (H > 0)
    if fault == "no relu":
        dZ0 = dH
    g = {"W0": (ADJ @ FEATURES).T @ dZ0, "W1": (ADJ @ H).T @ dZ}
    if fault == "no A at W1":
        g["W1"] = H.T @ dZ
    return g


WIN, WOUT = draw(1505, (5, 3), (3, 5))
WORDS = {"W_in": WIN, "W_out": WOUT}
PAIRS = [(0, [1, 2]), (1, [0, 3]), (0, [4, 1])]


def skip_gram(W_in, W_out):
    loss = 0
    for centre, context in PAIRS:
        h = W_in[centre]
        u = h @ W_out
        p = np.exp(u) / np.sum(np.exp(u))
        for c in context:
            loss += -np.log(p[c])
    return loss


def of_words(fault=""):
    g = {"W_in": np.zeros_like(WIN), "W_out": np.zeros_like(WOUT)}
    for centre, context in PAIRS:
        p = softmax(WIN[centre] @ WOUT)
        e = sum(p - np.eye(5)[c] for c in context)
        if fault == "mean error":
            e = e / len(context)
        if fault == "p once":
            e = p - sum(np.eye(5)[c] for c in context)
        if fault == "last context":
            e = p - np.eye(5)[context[-1]]
        g["W_out"] += np.outer(WIN[centre], e)
        g["W_in"][centre] = WOUT @ e + (0 if fault == "row set" else g["W_in"][centre])
    return g


TIMES, SEEN = np.linspace(0.1, 2.0, 8), draw(1507, 8)
CURVE = {"p": np.array([1.3, 0.4, 2.1, 0.3])}


def damped(p):
    A, k, w, phi = p
    y_hat = A * np.exp(-k * TIMES) * np.cos(w * TIMES + phi)
    return np.sum((SEEN - y_hat) ** 2)


def of_curve(fault=""):
    A, k, w, phi = CURVE["p"]
    e, c, s = np.exp(-k * TIMES), np.cos(w * TIMES + phi), np.sin(w * TIMES + phi)
    r = -2 * (SEEN - A * e * c)
    d = [e * c, -TIMES * A * e * c, -TIMES * A * e * s, -A * e * s]
    if fault == "sine's sign":
        d[2], d[3] = -d[2], -d[3]
    if fault == "no t at k":
        d[1] = -A * e * c
    if fault == "residual's sign":
        r = -r
    if fault == "A in its own":
        d[0] = A * e * c
    if fault == "cosine for sine":
        d[3] = -A * e * c
    if fault == "mean":
        r = r / 8
    return {"p": np.array([r @ di for di in d])}


XC, WC = draw(1508, (N, 3), 3)
COUNTS = np.array([0, 2, 1, 4, 0, 1.0])
RATE = {"w": WC}


def poisson_nll(w):
    lam = np.exp(XC @ w)
    return np.mean(lam - COUNTS * np.log(lam))


def of_rate(fault=""):
    lam = np.exp(XC @ WC)
    d = {"sign": COUNTS - lam, "rate": 1 - COUNTS / lam, "linear": XC @ WC - COUNTS,
         "slope again": (lam - COUNTS) * lam}.get(fault, lam - COUNTS)  # fmt: skip
    return {"w": XC.T @ d / (1 if fault == "sum" else N)}


def pinball(w):
    tau = 0.8
    e = COUNTS - XC @ w
    return np.mean(np.maximum(tau * e, (tau - 1) * e))


def of_pinball(fault=""):
    e = COUNTS - XC @ WC
    d = np.where(e > 0, -0.8, 0.2)
    if fault == "sides":
        d = np.where(e > 0, 0.2, -0.8)
    if fault == "sign":
        d = -d
    if fault == "tau":
        d = np.where(e > 0, -0.8, 0.8)
    return {"w": XC.T @ d / N}


def graph(name, says, fault):
    return case(name, "dmlc/dgl/issues/4021", says, gcn, GRAPH, of_graph, fault)


def words(name, where, says, fault):
    return case(name, where, says, skip_gram, WORDS, of_words, fault)


def curve(name, says, fault):
    return case(name, "https://stackoverflow.com/questions/tagged/curve-fitting", says, damped, CURVE, of_curve, fault)


POISSON = "https://stats.stackexchange.com/questions/530184"
CASES = [
    graph("all nodes learn, though the labelled count", ("mask", "train"), "all nodes"),
    graph("all nodes learn, divided by the labelled", ("mask", "train"), "all nodes, by the labelled"),
    graph("divided by all nodes, not by the labelled", ("3/5", "0\\.6", "mean", "5"), "by all nodes"),
    graph("no A on the way back to the hidden nodes", ("A_hat",), "no A back"),
    graph("no A at the second weights", ("A_hat", "`A_hat @ H`"), "no A at W1"),
    graph("no relu on the way back in a graph", ("relu", "mask"), "no relu"),
    words("the errors of the context averaged", "hans/glove.py/issues/6", ("2", "mean"), "mean error"),
    words("p once for several words of context", "ZacBi/CS224n-2019-solutions/issues/5", ("path", "use"),
          "p once"),
    words("the last word of the context alone", "ZacBi/CS224n-2019-solutions/issues/5", ("last", "alone", "step"),
          "last context"),
    words("the centre's row set, not added", "ZacBi/CS224n-2019-solutions/issues/5", ("repeat", "last", "set"),
          "row set"),
    curve("the cosine's slope without its minus", ("sin", "cos", "sign"), "sine's sign"),
    curve("no t at the damping", ("TIMES",), "no t at k"),
    curve("the residual's sign", ("sign",), "residual's sign"),
    curve("A in its own derivative", ("\\bA\\b",), "A in its own"),
    curve("the cosine for the sine at the phase", ("cos",), "cosine for sine"),
    curve("a mean for a sum of squares", ("8", "mean"), "mean"),
    case("y − λ for λ − y", POISSON, ("sign",), poisson_nll, RATE, of_rate, "sign"),
    case("the gradient of λ for its logarithm's", POISSON, ("derivative of lam is missing",), poisson_nll, RATE,
         of_rate, "rate"),
    case("no exponential in the rate's error", POISSON, ("exp",), poisson_nll, RATE, of_rate, "linear"),
    case("exp's slope though it cancels", POISSON, ("exp", "lam"), poisson_nll, RATE, of_rate, "slope again"),
    case("not divided by the examples, counts", POISSON, ("6", "mean"), poisson_nll, RATE, of_rate, "sum"),
    case("a quantile's sides exchanged", POISSON, ("mask", "side", "branch", "condition", "sign"), pinball, RATE,
         of_pinball, "sides"),
    case("a quantile's sign", POISSON, ("sign",), pinball, RATE, of_pinball, "sign"),
    case("τ on both sides", POISSON, ("0\\.8", "tau", "slope"), pinball, RATE, of_pinball, "tau"),
]  # fmt: skip

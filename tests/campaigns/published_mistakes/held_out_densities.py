"""Held out from the search: densities, energies, graphs, word vectors, filters, fits of curves, counts."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

N = 6
V, WR, AR, BR = draw(1501, (N, 4), (4, 3), 4, 3)
V = (V > 0) * 1.0
ENERGY = {"W": WR, "a": AR, "b": BR}


def free_energy(W, a, b):
    wx_b = V @ W + b
    visible = V @ a
    hidden = np.log(1 + np.exp(wx_b)).sum(axis=1)
    return np.mean(-hidden - visible)


def of_energy(fault=""):
    h = sigmoid(V @ WR + BR)
    if fault == "slope":
        h = h * (1 - h)
    if fault == "exp":
        h = 1 / (1 + np.exp(V @ WR + BR))
    if fault == "sampled":
        h = (h > 0.5) * 1.0
    g = {"W": -V.T @ h / N, "a": -V.mean(axis=0), "b": -h.mean(axis=0)}
    if fault == "b summed":
        g["b"] = -h.sum(axis=0)
    if fault == "sign":
        g["W"] = -g["W"]
    return g


Y, HM, WPI, WMU, WSG = draw(1502, N, (N, 3), (3, 2), (3, 2), (3, 2))
MIXTURE = {"h": HM, "W_pi": WPI, "W_mu": WMU, "W_sigma": WSG}


def mdn_loss(h, W_pi, W_mu, W_sigma):
    z_pi = h @ W_pi
    pi = np.exp(z_pi) / np.exp(z_pi).sum(axis=1, keepdims=True)
    mu = h @ W_mu
    sigma = np.exp(h @ W_sigma)
    phi = np.exp(-0.5 * ((Y[:, None] - mu) / sigma) ** 2) / (np.sqrt(2 * np.pi) * sigma)
    likelihood = (pi * phi).sum(axis=1)
    return -np.log(likelihood).mean()


def of_mixture(fault=""):
    pi, mu, sigma = softmax(HM @ WPI), HM @ WMU, np.exp(HM @ WSG)
    u = (Y[:, None] - mu) / sigma
    phi = np.exp(-0.5 * u**2) / (np.sqrt(2 * np.pi) * sigma)
    gamma = pi * phi / (pi * phi).sum(axis=1, keepdims=True)
    d_pi, d_mu, d_sigma = pi - gamma, -gamma * u / sigma, gamma * (1 - u**2)
    if fault == "sign of pi":
        d_pi = gamma - pi
    if fault == "pi alone":
        gamma = pi
        d_mu, d_sigma = -gamma * u / sigma, gamma * (1 - u**2)
    if fault == "no variance":
        d_mu = -gamma * u * sigma
    if fault == "once sigma":
        d_mu = -gamma * u
    if fault == "sigma itself":
        d_sigma = d_sigma / sigma
    if fault == "no 1":
        d_sigma = -gamma * u**2
    d_pi, d_mu, d_sigma = (d / (1 if fault == "summed" else N) for d in (d_pi, d_mu, d_sigma))
    return {"W_pi": HM.T @ d_pi, "W_mu": HM.T @ d_mu, "W_sigma": HM.T @ d_sigma,
            "h": d_pi @ WPI.T + d_mu @ WMU.T + d_sigma @ WSG.T}  # fmt: skip


DATA, MU, LFACT = draw(1503, (N, 3), 3, (3, 3))
SIGMA = LFACT @ LFACT.T + np.eye(3)
NORMAL = {"mu": MU, "Sigma": SIGMA}


def gaussian_nll(mu, Sigma):
    diff = DATA - mu
    inv = np.linalg.inv(Sigma)
    sign, logdet = np.linalg.slogdet(Sigma)
    maha = np.sum(diff @ inv * diff)
    return 0.5 * len(DATA) * logdet + 0.5 * maha


def gaussian_nll_by_solve(mu, Sigma):
    total = 0.5 * len(DATA) * np.log(np.linalg.det(Sigma))
    for x in DATA:
        d = x - mu
        total = total + 0.5 * d @ np.linalg.solve(Sigma, d)
    return total


def of_normal(fault=""):
    diff, inv = DATA - MU, np.linalg.inv(SIGMA)
    S = diff.T @ diff
    g = {"mu": -(inv @ diff.sum(axis=0)), "Sigma": 0.5 * N * inv - 0.5 * inv @ S @ inv}
    if fault == "log det once":
        g["Sigma"] = 0.5 * inv - 0.5 * inv @ S @ inv
    if fault == "no log det":
        g["Sigma"] = -0.5 * inv @ S @ inv
    if fault == "sign":
        g["Sigma"] = 0.5 * N * inv + 0.5 * inv @ S @ inv
    if fault == "one inverse":
        g["Sigma"] = 0.5 * N * inv - 0.5 * S @ inv
    if fault == "no half":
        g["Sigma"] = 2 * g["Sigma"]
    if fault == "Sigma for its inverse":
        g["mu"] = -(SIGMA @ diff.sum(axis=0))
    if fault == "ascent":
        g["mu"] = -g["mu"]
    if fault == "as symmetric":
        g["Sigma"] = 2 * g["Sigma"] - np.diag(np.diag(g["Sigma"]))
    return g


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


XF, W1F, B1F, W2F, B2F = draw(1506, (N, 4), (2, 2), 2, (2, 2), 2)
COUPLING = {"x": XF, "Ws": W1F, "bs": B1F, "Wt": W2F, "bt": B2F}


def coupling_nll(x, Ws, bs, Wt, bt):
    x1, x2 = x[:, :2], x[:, 2:]
    s = np.tanh(x1 @ Ws + bs)
    t = x1 @ Wt + bt
    z = np.concatenate([x1, x2 * np.exp(s) + t], axis=1)
    log_det = s.sum(axis=1)
    log_p = -0.5 * (z**2).sum(axis=1) + log_det
    return -log_p.mean()


def of_coupling(fault=""):
    x1, x2 = XF[:, :2], XF[:, 2:]
    s = np.tanh(x1 @ W1F + B1F)
    z2 = x2 * np.exp(s) + x1 @ W2F + B2F
    dz2 = z2 / N
    ds = dz2 * x2 * np.exp(s) - (-1 if fault == "sign of the determinant" else 1) / N
    if fault == "no determinant":
        ds = dz2 * x2 * np.exp(s)
    if fault == "exp":
        ds = dz2 * x2 - 1 / N
    if fault == "z2 for x2":
        ds = dz2 * z2 - 1 / N
    da = ds if fault == "no tanh" else ds * (1 - s**2)
    dx1 = x1 / N + da @ W1F.T + dz2 @ W2F.T
    if fault == "x1's own part":
        dx1 = da @ W1F.T + dz2 @ W2F.T
    dx2 = dz2 * np.exp(-s if fault == "inverse" else s)
    return {"x": np.hstack((dx1, dx2)), "Ws": x1.T @ da, "bs": da.sum(axis=0), "Wt": x1.T @ dz2,
            "bt": dz2.sum(axis=0)}  # fmt: skip


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


def energy(name, where, says, fault):
    return case(name, where, says, free_energy, ENERGY, of_energy, fault)


def mixture(name, says, fault):
    return case(name, "cpmpercussion/keras-mdn-layer", says, mdn_loss, MIXTURE, of_mixture, fault)


def normal(name, says, fault, forward=gaussian_nll):
    return case(name, GAUSS, says, forward, NORMAL, of_normal, fault)


def graph(name, says, fault):
    return case(name, "dmlc/dgl/issues/4021", says, gcn, GRAPH, of_graph, fault)


def words(name, where, says, fault):
    return case(name, where, says, skip_gram, WORDS, of_words, fault)


def coupling(name, says, fault):
    return case(name, "https://arxiv.org/abs/1605.08803", says, coupling_nll, COUPLING, of_coupling, fault)


def curve(name, says, fault):
    return case(name, "https://stackoverflow.com/questions/tagged/curve-fitting", says, damped, CURVE, of_curve, fault)


POISSON = "https://stats.stackexchange.com/questions/530184"
GAUSS = "https://stats.stackexchange.com/questions/252198"
RBM = "http://deeplearning.net/tutorial/rbm.html".replace("http:", "https:")
CASES = [
    energy("σ′ for σ at the hidden units", RBM, ("σ", "slope", "σ′"), "slope"),
    energy("σ of minus", RBM, ("−wx_b",), "exp"),
    energy("the weights climb", RBM, ("dW.*sign",), "sign"),
    energy("the hidden bias summed over a batch", RBM, ("6", "mean", "sum"), "b summed"),
    mixture("pi's sign", ("sign",), "sign of pi"),
    mixture("pi for the responsibilities", ("phi", "pi"), "pi alone"),
    mixture("not divided by the variance but multiplied", ("sigma",), "no variance"),
    mixture("σ for σ²", ("sigma",), "once sigma"),
    mixture("the gradient of σ for its logarithm's", ("exp", "sigma"), "sigma itself"),
    mixture("the 1/σ in front forgotten", ("sigma", "path"), "no 1"),
    mixture("not divided by the examples, mixture", ("6", "mean"), "summed"),
    normal("log det once, not for each example", ("6", "logdet", "path", "len"), "log det once"),
    normal("no log det", ("logdet",), "no log det"),
    normal("the square's sign", ("sign",), "sign"),
    normal("one inverse of two", ("inv", "Sigma"), "one inverse"),
    normal("the half forgotten", ("twice", "2", "half"), "no half"),
    normal("Σ for its inverse", ("Sigma", "inv"), "Sigma for its inverse"),
    normal("the mean climbs", ("sign",), "ascent"),
    normal("Σ as symmetric", ("symmetric", "twice"), "as symmetric"),
    normal("no log det, by solve", ("total\\(1\\)", "logdet"), "no log det", gaussian_nll_by_solve),
    normal("the square's sign, by solve", ("minus is missing", "sign"), "sign", gaussian_nll_by_solve),
    normal("Σ for its inverse, by solve", ("Sigma", "solve", "inv"), "Sigma for its inverse", gaussian_nll_by_solve),
    graph("all nodes learn, though the labelled count", ("mask", "train"), "all nodes"),
    graph("all nodes learn, divided by the labelled", ("mask", "train"), "all nodes, by the labelled"),
    graph("divided by all nodes, not by the labelled", ("3/5", "0\\.6", "mean", "5"), "by all nodes"),
    graph("no A on the way back to the hidden nodes", ("A_hat",), "no A back"),
    graph("no A at the second weights", ("A_hat", "`A_hat @ H`"), "no A at W1"),
    graph("no relu on the way back in a graph", ("relu", "mask"), "no relu"),
    words("the errors of the context averaged", "hans/glove.py/issues/6", ("2", "mean"), "mean error"),
    words("p once for several words of context", "ZacBi/CS224n-2019-solutions/issues/5", ("p", "path", "use"), "p once"),
    words("the last word of the context alone", "ZacBi/CS224n-2019-solutions/issues/5", ("last", "alone", "step"),
          "last context"),
    words("the centre's row set, not added", "ZacBi/CS224n-2019-solutions/issues/5", ("repeat", "last", "set"),
          "row set"),
    coupling("the determinant's sign", ("log_det",), "sign of the determinant"),
    coupling("no determinant in a coupling", ("log_det",), "no determinant"),
    coupling("exp's slope forgotten in a coupling", ("exp",), "exp"),
    coupling("z for x exp(s)", ("t", "z", "exp"), "z2 for x2"),
    coupling("no tanh′ in a coupling", ("tanh",), "no tanh"),
    coupling("the first half's own part forgotten", ("x1", "path", "z"), "x1's own part"),
    coupling("exp(−s) for exp(s)", ("exp", "sign", "−s", "inverse", "divi"), "inverse"),
    curve("the cosine's slope without its minus", ("sin", "cos", "sign"), "sine's sign"),
    curve("no t at the damping", ("TIMES",), "no t at k"),
    curve("the residual's sign", ("sign",), "residual's sign"),
    curve("A in its own derivative", ("\\bA\\b",), "A in its own"),
    curve("the cosine for the sine at the phase", ("cos",), "cosine for sine"),
    curve("a mean for a sum of squares", ("8", "mean"), "mean"),
    case("y − λ for λ − y", POISSON, ("sign",), poisson_nll, RATE, of_rate, "sign"),
    case("the gradient of λ for its logarithm's", POISSON, ("derivative of lam is missing",), poisson_nll, RATE, of_rate, "rate"),
    case("no exponential in the rate's error", POISSON, ("exp",), poisson_nll, RATE, of_rate, "linear"),
    case("exp's slope though it cancels", POISSON, ("exp", "lam"), poisson_nll, RATE, of_rate, "slope again"),
    case("not divided by the examples, counts", POISSON, ("6", "mean"), poisson_nll, RATE, of_rate, "sum"),
    case("a quantile's sides exchanged", POISSON, ("mask", "side", "branch", "condition", "sign"), pinball, RATE,
         of_pinball, "sides"),
    case("a quantile's sign", POISSON, ("sign",), pinball, RATE, of_pinball, "sign"),
    case("τ on both sides", POISSON, ("0\\.8", "tau", "slope"), pinball, RATE, of_pinball, "tau"),
]  # fmt: skip

"""Held out from the search: densities, energies, mixtures, couplings."""

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
    _, logdet = np.linalg.slogdet(Sigma)
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


def energy(name, where, says, fault):
    return case(name, where, says, free_energy, ENERGY, of_energy, fault)


def mixture(name, says, fault):
    return case(name, "cpmpercussion/keras-mdn-layer", says, mdn_loss, MIXTURE, of_mixture, fault)


def normal(name, says, fault, forward=gaussian_nll):
    return case(name, GAUSS, says, forward, NORMAL, of_normal, fault)


def coupling(name, says, fault):
    return case(name, "https://arxiv.org/abs/1605.08803", says, coupling_nll, COUPLING, of_coupling, fault)


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
    coupling("the determinant's sign", ("log_det",), "sign of the determinant"),
    coupling("no determinant in a coupling", ("log_det",), "no determinant"),
    coupling("exp's slope forgotten in a coupling", ("exp",), "exp"),
    coupling("z for x exp(s)", ("t", "z", "exp"), "z2 for x2"),
    coupling("no tanh′ in a coupling", ("tanh",), "no tanh"),
    coupling("the first half's own part forgotten", ("x1", "path", "z"), "x1's own part"),
    coupling("exp(−s) for exp(s)", ("exp", "sign", "−s", "inverse", "divi"), "inverse"),
]  # fmt: skip

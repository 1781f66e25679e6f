"""Policies, values, experts."""

import numpy as np

from tests.campaigns.record import Mistake, draw, softmax

N = 6
X, W, V = draw(401, (N, 5), 5, (5, 3))
Y, S = draw(402, N, N)
S = np.abs(S)
STATES, WM, LS, ACTS, RET = draw(413, (N, 3), (3, 2), 2, (N, 2), N)
GAUSS = {"W": WM, "log_std": LS}


def gaussian_policy(W, log_std):
    mu = STATES @ W
    std = np.exp(log_std)
    log_p = np.sum(-0.5 * ((ACTS - mu) / std) ** 2 - log_std, axis=1)
    return -np.mean(log_p * RET)


def squashed_policy(W, log_std):
    u = STATES @ W + np.exp(log_std) * ACTS
    a = np.tanh(u)
    log_p = np.sum(-0.5 * ACTS**2 - log_std - np.log(1 - a**2), axis=1)
    return np.mean(0.2 * log_p - np.sum(a * A_WEIGHTS, axis=1))


A_WEIGHTS = np.array([0.7, -1.2])
MEAN, STD = STATES @ WM, np.exp(LS)
OFF = (ACTS - MEAN) / STD
AQ = np.tanh(MEAN + STD * ACTS)


def gauss(by_mu=OFF / STD, by_std=OFF**2 - 1):
    r = RET[:, None] / N
    return lambda: {"W": -STATES.T @ (r * by_mu), "log_std": -(r * by_std).sum(axis=0)}


def squashed(correction):
    du = (-A_WEIGHTS * (1 - AQ**2) + correction) / N
    return lambda: {"W": STATES.T @ du, "log_std": (du * STD * ACTS).sum(axis=0) - 0.2}


NEXT, WQ = draw(414, (N, 3), (3, 2))
TOOK = np.array([0, 1, 1, 0, 1, 0])


def bellman(W):
    q = STATES @ W
    target = RET + 0.9 * np.max(NEXT @ W, axis=1)
    return 0.5 * np.mean((q[np.arange(N), TOOK] - target) ** 2)


CHOSEN = (NEXT @ WQ).argmax(axis=1)
TD = ((STATES @ WQ)[np.arange(N), TOOK] - RET - 0.9 * (NEXT @ WQ).max(axis=1))[:, None] / N


def td(target=0.9):
    return lambda: {"W": STATES.T @ (TD * np.eye(2)[TOOK]) - target * NEXT.T @ (TD * np.eye(2)[CHOSEN])}


WGATE, WE = draw(415, (5, 3), (3, 5))
EXPERTS = {"gate": WGATE, "experts": WE}


def experts_mixed(gate, experts):
    z = X @ gate
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    out = X @ experts.T
    y = np.sum(g * out, axis=1)
    return 0.5 * np.mean((y - Y) ** 2)


GATES, OUTS = softmax(X @ WGATE), X @ WE.T
EY = (np.sum(GATES * OUTS, axis=1, keepdims=True) - Y[:, None]) / N


BY_GATES = EY * GATES * (OUTS - np.sum(GATES * OUTS, axis=1, keepdims=True))


def gated(dz=BY_GATES, d_out=EY * GATES):
    return lambda: {"gate": X.T @ dz, "experts": d_out.T @ X}


CASES = [
    Mistake("a policy's σ for σ²", "", gaussian_policy, GAUSS, gauss(), gauss(by_mu=OFF), ("std", "division")),
    Mistake("a policy's width without its entropy", "", gaussian_policy, GAUSS, gauss(), gauss(by_std=OFF**2),
            ("path", "missing", "use")),
    Mistake("a squashed policy without its correction", "", squashed_policy, GAUSS, squashed(0.4 * AQ),
            squashed(0.0), ("path", "missing")),
    Mistake("a correction of 1 − a² by a alone", "", squashed_policy, GAUSS, squashed(0.4 * AQ),
            squashed(0.4 * AQ / (1 - AQ**2)), ("tanh′",)),
    Mistake("targets that do not move", "", bellman, {"W": WQ}, td(), td(0.0), ("path .*target",)),
    Mistake("targets without discount", "", bellman, {"W": WQ}, td(), td(1.0), ("0\\.9",)),
    Mistake("gates as sigmoids", "", experts_mixed, EXPERTS, gated(), gated(dz=EY * OUTS * GATES * (1 - GATES)),
            ("sigmoid", "p \\(1 − p\\)")),
    Mistake("experts learn regardless of their gates", "", experts_mixed, EXPERTS, gated(),
            gated(d_out=np.repeat(EY, 3, axis=1)), ("factor g",)),
]  # fmt: skip

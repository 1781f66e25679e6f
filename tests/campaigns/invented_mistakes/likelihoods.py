"""Mixtures, counts, policies, penalties."""

import numpy as np

from tests.campaigns.record import Mistake, draw, softmax

XF, YF, w, VF = draw(314, (8, 4), 8, 4, (4, 3))
R, PU, QI = draw(315, 7, (4, 2), (3, 2))
OUT, TARGET = draw(317, (6, 9), (6, 1))
MIX = {"logits": OUT[:, :3], "mu": OUT[:, 3:6], "s": OUT[:, 6:]}


def mixture(logits, mu, s):
    pi = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    sigma = np.exp(s)
    density = np.exp(-0.5 * ((TARGET - mu) / sigma) ** 2) / sigma
    return -np.mean(np.log(np.sum(pi * density, axis=1)))


PI, SIGMA = softmax(MIX["logits"]), np.exp(MIX["s"])
DENSITY = np.exp(-0.5 * ((TARGET - MIX["mu"]) / SIGMA) ** 2) / SIGMA
GAMMA = PI * DENSITY / np.sum(PI * DENSITY, axis=1, keepdims=True)


def mixed(gamma=GAMMA, of_logits=None, one=1.0):
    e = (MIX["mu"] - TARGET) / SIGMA
    return lambda: {
        "logits": (PI - GAMMA if of_logits is None else of_logits) / 6,
        "mu": gamma * e / SIGMA / 6,
        "s": gamma * (one - e**2) / 6,
    }


ST, WP, RET = draw(318, (6, 3), (3, 4), 6)
ACT = np.array([0, 2, 1, 3, 2, 0])
BASE, OLD = 0.4, np.log(np.full(6, 0.3))
POLICY = {"W": WP}
PROB = softmax(ST @ WP)
HOT = np.eye(4)[ACT]
LOGP = np.log(PROB)


def reinforce(W, R):
    z = ST @ W
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    advantage = R - BASE
    return -np.mean(np.log(p[np.arange(6), ACT]) * advantage)


def with_entropy(W):
    z = ST @ W
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    log_p = np.log(p)
    entropy = -np.sum(p * log_p, axis=1)
    return -np.mean(log_p[np.arange(6), ACT] * RET) - 0.1 * np.mean(entropy)


def policy(d):
    return lambda: {"W": ST.T @ d / 6}


ENTROPY = -np.sum(PROB * LOGP, axis=1, keepdims=True)
PG = (PROB - HOT) * RET[:, None]
XR, WR, TR = draw(319, (7, 3), 3, 7)
COUNTS = np.array([0.0, 2, 1, 3, 0, 1, 4])
LINE = {"w": WR}
FR = XR @ WR


def poisson(w):
    rate = np.exp(XR @ w)
    return np.mean(rate - COUNTS * (XR @ w))


def root_mean_square(w):
    e = XR @ w - TR
    return np.sqrt(np.mean(e**2))


def shared_penalty(w):
    return np.mean((XR @ w - TR) ** 2) + 0.3 / (2 * len(XR)) * np.sum(w**2)


def line(d, more=0.0):
    return lambda: {"w": XR.T @ d / 7 + more}


E = FR - TR
RMS = np.sqrt(np.mean(E**2))

CASES = [
    Mistake("a mixture's logits for its weights' gradient", "", mixture, MIX, mixed(),
            mixed(of_logits=-GAMMA / PI), ("softmax′", "path")),
    Mistake("a mixture without the density's 1/σ", "", mixture, MIX, mixed(), mixed(one=0.0),
            ("path", "missing", "sigma")),
    Mistake("the return without its baseline", "", reinforce, {**POLICY, "R": RET},
            policy((PROB - HOT) * (RET - BASE)[:, None]), policy(PG), ("R is used instead", "BASE")),
    Mistake("an entropy's gradient by the probabilities", "", with_entropy, POLICY,
            policy(PG + 0.1 * PROB * (LOGP + ENTROPY)), policy(PG + 0.1 * (LOGP + 1)), ("softmax′", "Jacobian")),
    Mistake("an entropy that falls", "", with_entropy, POLICY, policy(PG + 0.1 * PROB * (LOGP + ENTROPY)),
            policy(PG - 0.1 * PROB * (LOGP + ENTROPY)), ("sign", "−1", "entropy")),
    Mistake("the rate's logarithm for the rate", "", poisson, LINE, line(np.exp(FR) - COUNTS), line(FR - COUNTS),
            ("e\\^", "exp", "rate")),
    Mistake("the root's division left out", "", root_mean_square, LINE, line(E / RMS), line(E),
            ("√", "root", "sqrt", "slope", "derivative")),
    Mistake("a penalty that is not shared", "", shared_penalty, LINE, line(2 * E, 0.3 / 7 * WR),
            line(2 * E, 0.3 * WR), ("7", "penalty")),
]  # fmt: skip

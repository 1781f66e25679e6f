"""Flows, adversaries, factors, centres, thresholds, trees."""

import numpy as np

from tests.campaigns.record import Mistake, draw, sigmoid, softmax

N = 6
X, W, V = draw(401, (N, 5), 5, (5, 3))
F = X @ W
Y, S = draw(402, N, N)
S = np.abs(S)
LW, MU, NOISE = draw(403, (4, 5), (4, 3), (4, 5, 3))
IWAE = {"mu": MU}


def importance(mu):
    z = mu[:, None, :] + NOISE
    log_w = -0.5 * np.sum((z - 1.0) ** 2, axis=2)
    w = np.exp(log_w)
    return -np.mean(np.log(np.mean(w, axis=1)))


ZI = MU[:, None, :] + NOISE
WI = softmax(-0.5 * np.sum((ZI - 1.0) ** 2, axis=2))[:, :, None]
ZF, U, WF = draw(404, (N, 3), 3, 3)
FLOW = {"u": U, "w": WF}


def planar_flow(u, w):
    a = np.tanh(ZF @ w)
    x = ZF + a[:, None] * u
    log_det = np.log(np.abs(1 + (1 - a**2) * (u @ w)))
    return np.mean(0.5 * np.sum(x**2, axis=1) - log_det)


AF = np.tanh(ZF @ WF)
XF = ZF + AF[:, None] * U
UW = U @ WF
DET = 1 + (1 - AF**2) * UW


def flow(det=1.0, inside=1.0):
    def found():
        d = det * -(1 - AF**2) / DET
        da = XF @ U + inside * det * 2 * AF * UW / DET
        return {"u": (XF.T @ AF + d.sum() * WF) / N, "w": (ZF.T @ (da * (1 - AF**2)) + d.sum() * U) / N}

    return found


CODES, CENTRES = draw(405, (7, 3), (4, 3))
OF = np.array([0, 1, 1, 3, 0, 1, 2])
CENTRED = {"codes": CODES, "centres": CENTRES}


def center_loss(codes, centres):
    return 0.5 * np.sum((codes - centres[OF]) ** 2)


PULL = np.eye(4)[OF].T @ (CENTRES[OF] - CODES)
COUNTS = np.bincount(OF)[:, None]
REAL, FAKE, WD = draw(406, (5, 4), (5, 4), 4)
ADVERSARY = {"fake": FAKE, "WD": WD}


def hinge_gan(fake, WD):
    real_score = REAL @ WD
    fake_score = fake @ WD
    return np.mean(np.maximum(0, 1 - real_score)) + np.mean(np.maximum(0, 1 + fake_score))


def least_squares_gan(fake, WD):
    score = fake @ WD
    return 0.5 * np.mean((score - 1) ** 2)


GOOD, BAD = ((REAL @ WD < 1) * 1.0), ((FAKE @ WD > -1) * 1.0)


def critic(d_fake, d_real=None):
    return lambda: {"fake": np.outer(d_fake, WD) / 5,
                    "WD": (FAKE.T @ d_fake + (0 if d_real is None else REAL.T @ d_real)) / 5}  # fmt: skip


WN, HN, DATA = (np.abs(array) + 0.2 for array in draw(409, (4, 2), (2, 5), (4, 5)))
PARTS = {"W": WN, "H": HN}


def divergence(W, H):
    P = W @ H
    return np.sum(DATA * np.log(DATA / P) - DATA + P)


RATIO = DATA / (WN @ HN)
CR, GAMMA, WR = draw(412, (3, 5), 3, 3)
GAMMA = np.abs(GAMMA) * 0.2 + 0.05
RBF = {"c": CR, "gamma": GAMMA, "w": WR}


def rbf_net(c, gamma, w):
    r2 = np.sum((X[:, None, :] - c[None, :, :]) ** 2, axis=2)
    h = np.exp(-gamma * r2)
    return 0.5 * np.sum((h @ w - Y) ** 2)


R2 = np.sum((X[:, None, :] - CR[None, :, :]) ** 2, axis=2)
HR = np.exp(-GAMMA * R2)
ER = HR @ WR - Y
DHR = np.outer(ER, WR) * HR


def bumps(gamma=None, two=2.0):
    by_c = two * np.einsum("nk,nkd->kd", DHR * GAMMA, X[:, None, :] - CR[None, :, :])
    return lambda: {"c": by_c, "gamma": -(DHR * R2).sum(axis=0) if gamma is None else gamma, "w": HR.T @ ER}


HID, NODES = draw(416, 4, (3, 4))
CODE = np.array([1.0, 0.0, 0.0])
TREE = {"h": HID, "nodes": NODES}


def hierarchical(h, nodes):
    f = nodes @ h
    return -np.sum(np.log(sigmoid((1 - 2 * CODE) * f)))


def tree(g):
    return lambda: {"h": NODES.T @ g, "nodes": np.outer(g, HID)}


FN = NODES @ HID
THETA = np.array([-1.0, 0.2, 1.1])
GRADES = np.array([0, 1, 2, 3, 1, 2])
ORDINAL = {"theta": THETA, "w": W}


def ordinal(theta, w):
    f = X @ w
    below = 1 / (1 + np.exp(-(theta[None, :] - f[:, None])))
    first, last = np.zeros((N, 1)), np.ones((N, 1))
    p = np.concatenate([below, last], axis=1) - np.concatenate([first, below], axis=1)
    return -np.mean(np.log(p[np.arange(N), GRADES]))


CUM = np.hstack([np.zeros((N, 1)), sigmoid(THETA - F[:, None]), np.ones((N, 1))])
PO = CUM[np.arange(N), GRADES + 1] - CUM[np.arange(N), GRADES]
UPPER, LOWER = (CUM[np.arange(N), GRADES + k] * (1 - CUM[np.arange(N), GRADES + k]) / PO / N for k in (1, 0))


def graded(lower=LOWER):
    def found():
        theta = np.zeros(5)
        np.add.at(theta, GRADES + 1, -UPPER)
        np.add.at(theta, GRADES, lower)
        return {"theta": theta[1:4], "w": X.T @ (UPPER - LOWER)}

    return found


CASES = [
    Mistake("samples weigh the same", "", importance, IWAE, lambda: {"mu": (WI * (ZI - 1)).sum(axis=1) / 4},
            lambda: {"mu": (ZI - 1).mean(axis=1) / 4}, ("mean", "weight", "log", "w")),
    Mistake("no determinant", "", planar_flow, FLOW, flow(), flow(det=0.0), ("path .*log_det",)),
    Mistake("the determinant's slope a constant", "", planar_flow, FLOW, flow(), flow(inside=0.0),
            ("path", "missing")),
    Mistake("centres by the paper's rule of 1 + count", "", center_loss, CENTRED,
            lambda: {"codes": CODES - CENTRES[OF], "centres": PULL},
            lambda: {"codes": CODES - CENTRES[OF], "centres": PULL / (1 + COUNTS)},
            ("count", "1 +", "divided", "mean")),
    Mistake("centres averaged over their examples", "", center_loss, CENTRED,
            lambda: {"codes": CODES - CENTRES[OF], "centres": PULL},
            lambda: {"codes": CODES - CENTRES[OF], "centres": PULL / COUNTS}, ("mean", "averag", "count")),
    Mistake("the fakes' hinge with the reals' condition", "", hinge_gan, ADVERSARY, critic(BAD, -GOOD),
            critic((FAKE @ WD < 1) * 1.0, -GOOD), ("mask", "condition")),
    Mistake("fakes without their condition", "", hinge_gan, ADVERSARY, critic(BAD, -GOOD),
            critic(np.ones(5), -GOOD), ("mask", "relu′")),
    Mistake("the generator's target 0", "", least_squares_gan, ADVERSARY, critic(FAKE @ WD - 1), critic(FAKE @ WD),
            ("1", "score", "target", "path")),
    Mistake("a divergence without its + P", "", divergence, PARTS,
            lambda: {"W": (1 - RATIO) @ HN.T, "H": WN.T @ (1 - RATIO)},
            lambda: {"W": -RATIO @ HN.T, "H": -WN.T @ RATIO}, ("only its first use, in `DATA / P`",)),
    Mistake("the multiplicative update's numerator alone, and its sign", "", divergence, PARTS,
            lambda: {"W": (1 - RATIO) @ HN.T, "H": WN.T @ (1 - RATIO)},
            lambda: {"W": (1 - DATA) @ HN.T, "H": WN.T @ (1 - DATA)}, ("division", "P", "1/x")),
    Mistake("a distance for its square", "", rbf_net, RBF, bumps(), bumps(gamma=-(DHR * np.sqrt(R2)).sum(axis=0)),
            ("r2",)),
    Mistake("a bump's width without its minus", "", rbf_net, RBF, bumps(), bumps(gamma=(DHR * R2).sum(axis=0)),
            ("sign",)),
    Mistake("a tree's code for its complement", "", hierarchical, TREE, tree(sigmoid(FN) - (1 - CODE)),
            tree(sigmoid(FN) - CODE), ("labels", "1 − y", "target")),
    Mistake("a threshold's upper side alone", "", ordinal, ORDINAL, graded(), graded(0.0),
            ("path", "missing", "use")),
]  # fmt: skip

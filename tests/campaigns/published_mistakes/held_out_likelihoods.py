"""Held out from the search: likelihoods, overlaps, VAEs, GANs, factors, policies, kernels."""

import numpy as np

from tests.campaigns.published_mistakes.record import Published, draw, sigmoid, softmax

GIT = "https://github.com/"
N = 6
MU, LV, EPS, V, DZ = draw(311, (N, 3), (N, 3), (N, 3), (3, 4), (N, 4))
IMAGES = (DZ > 0) * 1.0
VAE = {"mu": MU, "lv": LV, "V": V}


def elbo(mu, lv, V):
    std = np.exp(0.5 * lv)
    z = mu + std * EPS
    x_hat = 1 / (1 + np.exp(-z @ V))
    recon = -np.sum(IMAGES * np.log(x_hat) + (1 - IMAGES) * np.log(1 - x_hat))
    kl = -0.5 * np.sum(1 + lv - mu**2 - np.exp(lv))
    return (recon + kl) / N


STD = np.exp(0.5 * LV)
CODE = MU + STD * EPS
DX = sigmoid(CODE @ V) - IMAGES
DCODE = DX @ V.T


def vae(by_std=0.5 * STD * EPS, kl=0.5 * (np.exp(LV) - 1), of_mu=MU, dx=DX):
    return lambda: {
        "mu": (DCODE + of_mu) / N,
        "lv": (DCODE * by_std + kl) / N,
        "V": CODE.T @ dx / N,
    }


PRED, MASK = draw(312, (4, 5), (4, 5))
PRED, MASK = sigmoid(PRED), (MASK > 0) * 1.0


def dice(pred):
    inter = np.sum(pred * MASK, axis=1)
    union = np.sum(pred, axis=1) + np.sum(MASK, axis=1)
    return np.sum(1 - 2 * inter / union)


INTER = np.sum(PRED * MASK, axis=1, keepdims=True)
UNION = np.sum(PRED, axis=1, keepdims=True) + np.sum(MASK, axis=1, keepdims=True)

G, REAL, NOISE, WD, WG = draw(313, 1, (5, 3), (5, 2), 3, (2, 3))
GAN = {"WD": WD, "WG": WG}


def discriminator(WD, WG):
    fake = np.tanh(NOISE @ WG)
    d_real = sigmoid(REAL @ WD)
    d_fake = sigmoid(fake @ WD)
    return -np.mean(np.log(d_real)) - np.mean(np.log(1 - d_fake))


def generator(WD, WG):
    fake = np.tanh(NOISE @ WG)
    d_fake = sigmoid(fake @ WD)
    return -np.mean(np.log(d_fake))


FAKE = np.tanh(NOISE @ WG)
DR, DF = sigmoid(REAL @ WD), sigmoid(FAKE @ WD)


def adversary(real, fake):
    return lambda: {
        "WD": (REAL.T @ real + FAKE.T @ fake) / 5,
        "WG": NOISE.T @ (np.outer(fake, WD) * (1 - FAKE**2)) / 5,
    }


def only_generator(fake):
    return lambda: {"WD": FAKE.T @ fake / 5, "WG": NOISE.T @ (np.outer(fake, WD) * (1 - FAKE**2)) / 5}


XF, YF, w, VF = draw(314, (8, 4), 8, 4, (4, 3))
FM = {"w": w, "V": VF}


def machine(w, V):
    linear = XF @ w
    s = XF @ V
    pairs = 0.5 * np.sum(s**2 - (XF**2) @ (V**2), axis=1)
    return 0.5 * np.mean((linear + pairs - YF) ** 2)


SF = XF @ VF
EF = (XF @ w + 0.5 * np.sum(SF**2 - (XF**2) @ (VF**2), axis=1) - YF) / 8


def factors(second):
    return lambda: {"w": XF.T @ EF, "V": (XF * EF[:, None]).T @ SF - second}


RIGHT_SQUARES = VF * ((XF**2).T @ EF)[:, None]

USERS, ITEMS = np.array([0, 1, 2, 0, 3, 1, 2]), np.array([0, 2, 1, 1, 0, 0, 2])
R, PU, QI = draw(315, 7, (4, 2), (3, 2))
MF = {"P": PU, "Q": QI}


def ratings(P, Q):
    p, q = P[USERS], Q[ITEMS]
    e = R - np.sum(p * q, axis=1)
    return np.sum(e**2) + 0.1 * np.sum(p**2) + 0.1 * np.sum(q**2)


def ranking(P, Q):
    x = np.sum(P[USERS] * Q[ITEMS], axis=1) - np.sum(P[USERS] * Q[OTHERS], axis=1)
    return -np.sum(np.log(1 / (1 + np.exp(-x))))


OTHERS = (ITEMS + 1) % 3
ERR = (R - np.sum(PU[USERS] * QI[ITEMS], axis=1))[:, None]
DIFF = np.sum(PU[USERS] * (QI[ITEMS] - QI[OTHERS]), axis=1)[:, None]


def scattered(rows_p, rows_q, rows_o=None):
    def found():
        P, Q = np.zeros_like(PU), np.zeros_like(QI)
        np.add.at(P, USERS, rows_p)
        np.add.at(Q, ITEMS, rows_q)
        if rows_o is not None:
            np.add.at(Q, OTHERS, rows_o)
        return {"P": P, "Q": Q}

    return found


XK, UP, ELL = draw(316, (5, 3), (5, 5), 3)
ELL = np.abs(ELL) + 0.5
KERNEL = {"ell": ELL}


def kernel(ell):
    d = (XK[:, None, :] - XK[None, :, :]) / ell
    return np.exp(-0.5 * np.sum(d**2, axis=2))


KMAT = kernel(ELL)
SQUARES = (XK[:, None, :] - XK[None, :, :]) ** 2

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


def surrogate(W):
    z = ST @ W
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    ratio = np.exp(log_p[np.arange(6), ACT] - OLD)
    return -np.mean(np.minimum(ratio * RET, np.clip(ratio, 0.8, 1.2) * RET))


RATIO = PROB[np.arange(6), ACT] / 0.3
CLIPPED = ((RET > 0) & (RATIO > 1.2)) | ((RET < 0) & (RATIO < 0.8))


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


def smooth_l1(w):
    beta = 0.5
    e = XR @ w - TR
    return np.mean(np.where(np.abs(e) < beta, 0.5 * e**2 / beta, np.abs(e) - 0.5 * beta))


def pinball(w):
    e = TR - XR @ w
    return np.mean(np.maximum(0.9 * e, (0.9 - 1) * e))


def shared_penalty(w):
    return np.mean((XR @ w - TR) ** 2) + 0.3 / (2 * len(XR)) * np.sum(w**2)


def fair(w):
    c = 1.5
    x = TR - XR @ w
    return np.sum(c**2 * (np.abs(x) / c - np.log(1 + np.abs(x) / c)))


def line(d, more=0.0):
    return lambda: {"w": XR.T @ d / 7 + more}


E = FR - TR
RMS = np.sqrt(np.mean(E**2))
SMALL = np.abs(E) < 0.5

XA, WA, BA = draw(320, (6, 4), (4, 3), 3)
SPARSE = {"W": WA, "b": BA}


def sparse_code(W, b):
    h = 1 / (1 + np.exp(-(XA @ W + b)))
    rho = h.mean(axis=0)
    kl = np.sum(0.2 * np.log(0.2 / rho) + 0.8 * np.log(0.8 / (1 - rho)))
    return 0.5 * np.sum((h @ W.T - XA) ** 2) / 6 + 0.5 * kl


H = sigmoid(XA @ WA + BA)
BACK = (H @ WA.T - XA) / 6
RHO = H.mean(axis=0)
PUSH = 0.5 * (-0.2 / RHO + 0.8 / (1 - RHO))


def code(dz):
    return lambda: {"W": XA.T @ dz + BACK.T @ H, "b": dz.sum(axis=0)}


LOGC, WT, CT, BW, BC = draw(321, (4, 4), (4, 2), (4, 2), (4, 1), 4)
WEIGHT = np.minimum(1, np.exp(LOGC) / 2) ** 0.75
GLOVE = {"w": WT, "c": CT, "b": BW, "d": BC}


def glove(w, c, b, d):
    e = w @ c.T + b + d - LOGC
    return np.sum(WEIGHT * e**2)


GE = WT @ CT.T + BW + BC - LOGC


def vectors(d, of_bias=None):
    db = d if of_bias is None else of_bias
    return lambda: {"w": d @ CT, "c": d.T @ WT, "b": db.sum(axis=1, keepdims=True), "d": db.sum(axis=0)}


UNET = GIT + "milesial/Pytorch-UNet/issues/35"
KL = GIT + "AntixK/PyTorch-VAE/issues/69"
QUANTILE = GIT + "OpenSTEF/openstef/pull/328"
KERNELS = GIT + "scikit-learn/scikit-learn/pull/11116"
FMS = GIT + "apache/systemds/pull/696"

CASES = [
    Published("a quotient's plus", UNET, dice, {"pred": PRED}, lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION**2},
              lambda: {"pred": -2 * (MASK * UNION + INTER) / UNION**2}, ("sign", "−1", "minus")),
    Published("/ u · u for / u²", UNET, dice, {"pred": PRED}, lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION**2},
              lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION * UNION}, ("union", "divi")),
    Published("the union is a constant", UNET, dice, {"pred": PRED}, lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION**2},
              lambda: {"pred": -2 * MASK / UNION}, ("path .*union",)),
    Published("no ½ of the log variance", KL, elbo, VAE, vae(), vae(by_std=STD * EPS), ("0\\.5", "½", "2 times", "twice")),
    Published("the noise left out", KL, elbo, VAE, vae(), vae(by_std=0.5 * STD), ("EPS", "factor")),
    Published("the log variance as σ in the divergence", GIT + "deepchem/deepchem/pull/4888", elbo, VAE, vae(),
              vae(kl=LV - 0.5), ("exp", "e\\^", "kl")),
    Published("the variance without divergence", KL, elbo, VAE, vae(), vae(kl=0.0), ("path", "missing")),
    Published("the variance's 1 forgotten", KL, elbo, VAE, vae(), vae(kl=0.5 * np.exp(LV)), ("0\\.5", "missing", "path")),
    Published("the generator climbs the saturating cost", GIT + "Zeleni9/pytorch-wgan/pull/53", generator, GAN,
              only_generator(DF - 1), only_generator(-DF), ("1 −", "target", "labels?", "log")),
    Published("fakes that are real to the discriminator", GIT + "Zeleni9/pytorch-wgan/pull/53", discriminator, GAN,
              adversary(DR - 1, DF), adversary(DR - 1, DF - 1), ("target", "labels?", "1 −")),
    Published("the discriminator learns from fakes alone", GIT + "mlpack/mlpack/pull/1933", discriminator, GAN,
              adversary(DR - 1, DF), lambda: {**adversary(DR - 1, DF)(), "WD": FAKE.T @ DF / 5},
              ("path .*d_real", "use", "missing", "d_fake")),
    Published("the square's own part left out", FMS, machine, FM, factors(RIGHT_SQUARES), factors(0.0), ("path", "missing")),
    Published("x for x² in the second part", GIT + "Johnson0722/CTR_Prediction/issues/8", machine, FM, factors(RIGHT_SQUARES),
              factors(VF * (XF.T @ EF)[:, None]), ("XF",)),
    Published("V² for V in the second part", FMS, machine, FM, factors(RIGHT_SQUARES),
              factors(VF**2 * ((XF**2).T @ EF)[:, None]), ("V",)),
    Published("the penalty times the error", GIT + "dandxy89/BellkorAlgorithm/issues/3", ratings, MF,
              scattered(-2 * ERR * QI[ITEMS] + 0.2 * PU[USERS], -2 * ERR * PU[USERS] + 0.2 * QI[ITEMS]),
              scattered(-2 * ERR * (QI[ITEMS] - 0.1 * PU[USERS]), -2 * ERR * (PU[USERS] - 0.1 * QI[ITEMS])),
              ("multiplied by", "penalty", "e")),
    Published("σ for 1 − σ in a ranking", "", ranking, MF,
              scattered(-(1 - sigmoid(DIFF)) * (QI[ITEMS] - QI[OTHERS]), -(1 - sigmoid(DIFF)) * PU[USERS], (1 - sigmoid(DIFF)) * PU[USERS]),
              scattered(-sigmoid(DIFF) * (QI[ITEMS] - QI[OTHERS]), -sigmoid(DIFF) * PU[USERS], sigmoid(DIFF) * PU[USERS]),
              ("1 −", "σ", "exchanged")),
    Published("the user learns from the item it chose alone", "", ranking, MF,
              scattered(-(1 - sigmoid(DIFF)) * (QI[ITEMS] - QI[OTHERS]), -(1 - sigmoid(DIFF)) * PU[USERS], (1 - sigmoid(DIFF)) * PU[USERS]),
              scattered(-(1 - sigmoid(DIFF)) * QI[ITEMS], -(1 - sigmoid(DIFF)) * PU[USERS], (1 - sigmoid(DIFF)) * PU[USERS]),
              ("path", "missing", "use")),
    Published("a length's gradient by its logarithm, in each dimension", KERNELS, kernel, KERNEL,
              lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL**3},
              lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL**2}, ("ell", "ln", "log"), upstream=UP),
    Published("lengths not cubed", KERNELS, kernel, KERNEL,
              lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL**3},
              lambda: {"ell": np.einsum("ij,ijd->d", UP * KMAT, SQUARES) / ELL}, ("ell",), upstream=UP),
    Published("weights for responsibilities", "", mixture, MIX, mixed(), mixed(gamma=PI), ("pi", "dens", "responsib")),
    Published("a mixture's logits for its weights' gradient", "", mixture, MIX, mixed(), mixed(of_logits=-GAMMA / PI),
              ("softmax′", "path")),
    Published("a mixture without the density's 1/σ", "", mixture, MIX, mixed(), mixed(one=0.0), ("path", "missing", "sigma")),
    Published("the return without its baseline", "", reinforce, {**POLICY, "R": RET}, policy((PROB - HOT) * (RET - BASE)[:, None]),
              policy(PG), ("R is used instead", "BASE")),
    Published("an entropy's gradient by the probabilities", "", with_entropy, POLICY,
              policy(PG + 0.1 * PROB * (LOGP + ENTROPY)), policy(PG + 0.1 * (LOGP + 1)), ("softmax′", "Jacobian")),
    Published("an entropy that falls", "", with_entropy, POLICY, policy(PG + 0.1 * PROB * (LOGP + ENTROPY)),
              policy(PG - 0.1 * PROB * (LOGP + ENTROPY)), ("sign", "−1", "entropy")),
    Published("the ratio's own factor left out", "", surrogate, POLICY,
              policy(PG * (RATIO * ~CLIPPED)[:, None]), policy(PG * (1.0 * ~CLIPPED)[:, None]), ("ratio", "e\\^", "exp")),
    Published("ratios outside the clip learn too", "", surrogate, POLICY, policy(PG * (RATIO * ~CLIPPED)[:, None]),
              policy(PG * RATIO[:, None]), ("mask", "clip", "min", "branch")),
    Published("the rate's logarithm for the rate", "", poisson, LINE, line(np.exp(FR) - COUNTS), line(FR - COUNTS),
              ("e\\^", "exp", "rate")),
    Published("the root's division left out", "", root_mean_square, LINE, line(E / RMS), line(E), ("√", "root", "sqrt", "slope", "derivative")),
    Published("β left out of smooth L1", "", smooth_l1, LINE, line(np.where(SMALL, E / 0.5, np.sign(E))),
              line(np.where(SMALL, E, np.sign(E))), ("beta", "0\\.5", "divi")),
    Published("a quantile's two sides exchanged", QUANTILE, pinball, LINE, line(np.where(E < 0, -0.9, 0.1)),
              line(np.where(E < 0, -0.1, 0.9)), ("revers", "exchang")),
    Published("a penalty that is not shared", "", shared_penalty, LINE, line(2 * E, 0.3 / 7 * WR), line(2 * E, 0.3 * WR),
              ("7", "penalty")),
    Published("the Fair loss without its minus", GIT + "dmlc/xgboost/issues/3037", fair, LINE,
              line(7 * 1.5 * E / (np.abs(E) + 1.5)), line(-7 * 1.5 * E / (np.abs(E) + 1.5)), ("sign", "−1")),
    Published("the Fair loss without c", GIT + "dmlc/xgboost/issues/3037", fair, LINE,
              line(7 * 1.5 * E / (np.abs(E) + 1.5)), line(7 * E / (np.abs(E) + 1.5)), ("c", "1\\.5")),
    Published("sparsity added behind the slope", "", sparse_code, SPARSE, code((BACK @ WA + PUSH / 6) * H * (1 - H)),
              code(BACK @ WA * H * (1 - H) + PUSH / 6), ("σ′", "slope", "missing")),
    Published("sparsity that is not averaged", "", sparse_code, SPARSE, code((BACK @ WA + PUSH / 6) * H * (1 - H)),
              code((BACK @ WA + PUSH) * H * (1 - H)), ("6", "mean")),
    Published("biases without the weight of a pair", "", glove, GLOVE, vectors(2 * WEIGHT * GE),
              vectors(2 * WEIGHT * GE, 2 * GE), ("WEIGHT",)),
]  # fmt: skip

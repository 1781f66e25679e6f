"""Held out from the search: overlaps, VAEs, GANs, sparse codes, policies, word vectors."""

import numpy as np

from tests.campaigns.invented_mistakes.likelihoods import ACT, HOT, OLD, POLICY, PROB, RET, ST
from tests.campaigns.record import GIT, Mistake, draw, sigmoid

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


KL_BY_LV = 0.5 * (np.exp(LV) - 1)


def vae(by_std=0.5 * STD * EPS, kl=KL_BY_LV):
    return lambda: {"mu": (DCODE + MU) / N, "lv": (DCODE * by_std + kl) / N, "V": CODE.T @ DX / N}


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


def surrogate(W):
    z = ST @ W
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    ratio = np.exp(log_p[np.arange(6), ACT] - OLD)
    return -np.mean(np.minimum(ratio * RET, np.clip(ratio, 0.8, 1.2) * RET))


RATIO = PROB[np.arange(6), ACT] / 0.3
CLIPPED = ((RET > 0) & (RATIO > 1.2)) | ((RET < 0) & (RATIO < 0.8))


def policy(d):
    return lambda: {"W": ST.T @ d / 6}


PG = (PROB - HOT) * RET[:, None]
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

CASES = [
    Mistake("a quotient's plus", UNET, dice, {"pred": PRED},
            lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION**2},
            lambda: {"pred": -2 * (MASK * UNION + INTER) / UNION**2}, ("sign", "−1", "minus")),
    Mistake("/ u · u for / u²", UNET, dice, {"pred": PRED},
            lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION**2},
            lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION * UNION}, ("union", "divi")),
    Mistake("the union is a constant", UNET, dice, {"pred": PRED},
            lambda: {"pred": -2 * (MASK * UNION - INTER) / UNION**2}, lambda: {"pred": -2 * MASK / UNION},
            ("path .*union",)),
    Mistake("no ½ of the log variance", KL, elbo, VAE, vae(), vae(by_std=STD * EPS),
            ("0\\.5", "½", "2 times", "twice")),
    Mistake("the noise left out", KL, elbo, VAE, vae(), vae(by_std=0.5 * STD), ("EPS", "factor")),
    Mistake("the log variance as σ in the divergence", GIT + "deepchem/deepchem/pull/4888", elbo, VAE, vae(),
            vae(kl=LV - 0.5), ("exp", "e\\^", "kl")),
    Mistake("the variance without divergence", KL, elbo, VAE, vae(), vae(kl=0.0), ("path", "missing")),
    Mistake("the variance's 1 forgotten", KL, elbo, VAE, vae(), vae(kl=0.5 * np.exp(LV)),
            ("0\\.5", "missing", "path")),
    Mistake("the generator climbs the saturating cost", GIT + "Zeleni9/pytorch-wgan/pull/53", generator, GAN,
            only_generator(DF - 1), only_generator(-DF), ("1 −", "target", "labels?", "log")),
    Mistake("fakes that are real to the discriminator", GIT + "Zeleni9/pytorch-wgan/pull/53", discriminator, GAN,
            adversary(DR - 1, DF), adversary(DR - 1, DF - 1), ("target", "labels?", "1 −")),
    Mistake("the discriminator learns from fakes alone", GIT + "mlpack/mlpack/pull/1933", discriminator, GAN,
            adversary(DR - 1, DF), lambda: {**adversary(DR - 1, DF)(), "WD": FAKE.T @ DF / 5},
            ("path .*d_real", "use", "missing", "d_fake")),
    Mistake("the ratio's own factor left out", GIT + "alexis-jacq/Pytorch-DPPO/issues/3", surrogate, POLICY,
            policy(PG * (RATIO * ~CLIPPED)[:, None]), policy(PG * (1.0 * ~CLIPPED)[:, None]),
            ("ratio", "e\\^", "exp")),
    Mistake("ratios outside the clip learn too", GIT + "alexis-jacq/Pytorch-DPPO/issues/3", surrogate, POLICY,
            policy(PG * (RATIO * ~CLIPPED)[:, None]), policy(PG * RATIO[:, None]),
            ("mask", "clip", "min", "branch")),
    Mistake("sparsity added behind the slope", "https://stats.stackexchange.com/questions/151704", sparse_code,
            SPARSE, code((BACK @ WA + PUSH / 6) * H * (1 - H)), code(BACK @ WA * H * (1 - H) + PUSH / 6),
            ("σ′", "slope", "missing")),
    Mistake("sparsity that is not averaged", "https://stats.stackexchange.com/questions/151704", sparse_code,
            SPARSE, code((BACK @ WA + PUSH / 6) * H * (1 - H)), code((BACK @ WA + PUSH) * H * (1 - H)),
            ("6", "mean")),
    Mistake("biases without the weight of a pair", GIT + "stanfordnlp/GloVe/pull/209", glove, GLOVE,
            vectors(2 * WEIGHT * GE), vectors(2 * WEIGHT * GE, 2 * GE), ("WEIGHT",)),
]  # fmt: skip

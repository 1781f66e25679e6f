"""Mistakes in batch, layer, RMS and L2 normalisation."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw

EPS = 1e-5
X, gamma, beta, G = draw(51, (6, 4), 4, 4, (6, 4))
BATCH = {"x": X, "gamma": gamma, "beta": beta}


def batchnorm_forward(x, gamma, beta):
    N = len(x)
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    var = 1.0 / N * np.sum(xmu**2, axis=0)
    sqrtvar = np.sqrt(var + EPS)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    cache = {"xhat": xhat, "xmu": xmu, "ivar": ivar}
    return out, cache


def batchnorm(fault=""):
    xmu = X - X.mean(axis=0)
    ivar = 1 / np.sqrt((xmu**2).mean(axis=0) + EPS)
    dxhat = G if fault == "gamma" else G * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar**3
    dmu = -np.sum(dxhat * ivar, axis=0)
    if fault in ("constants", "variance"):
        dvar = 0.0
    if fault == "constants":
        dmu = 0.0
    return {
        "xhat": dxhat,
        "x": dxhat * ivar + dvar * 2 * xmu / 6 + dmu / 6,
        "gamma": np.sum(G * xmu * ivar, axis=0),
        "beta": np.sum(G, axis=0),
    }


X3, G3, gain, shift = draw(52, (2, 3, 5), (2, 3, 5), 5, 5)
TOKENS = {"x": X3, "weight": gain, "bias": shift}


def layernorm(x, weight, bias):
    mean = x.mean(axis=-1, keepdims=True)
    xc = x - mean
    var = (xc**2).mean(axis=-1, keepdims=True)
    rstd = (var + EPS) ** -0.5
    norm = xc * rstd
    return norm * weight + bias, {"norm": norm}


def of_layernorm(axes=(-1,), times=1):
    """`axes`: the axes of the two means in the gradient; `times`: the factor of the first mean."""
    xc = X3 - X3.mean(axis=-1, keepdims=True)
    rstd = ((xc**2).mean(axis=-1, keepdims=True) + EPS) ** -0.5
    norm = xc * rstd
    dnorm = G3 * gain
    first = dnorm.mean(axis=axes, keepdims=True)
    second = (dnorm * norm).mean(axis=axes, keepdims=True)
    return {
        "norm": dnorm,
        "x": (dnorm - times * first - norm * second) * rstd,
        "weight": (G3 * norm).sum(axis=(0, 1)),
        "bias": G3.sum(axis=(0, 1)),
    }


def sums_of_all_rows():
    xc = X3 - X3.mean(axis=-1, keepdims=True)
    rstd = ((xc**2).mean(axis=-1, keepdims=True) + EPS) ** -0.5
    norm = xc * rstd
    dnorm = G3 * gain
    return {**of_layernorm(), "x": (dnorm - dnorm.sum() / 5 - norm * (dnorm * norm).sum() / 5) * rstd}


def swapped():
    found = of_layernorm()
    return {**found, "weight": found["bias"], "bias": found["weight"]}


def rmsnorm(x, gamma):
    rms = np.sqrt(np.mean(x**2, axis=1, keepdims=True) + EPS)
    return x / rms * gamma


def of_rmsnorm(rms_depends=True):
    rms = np.sqrt(np.mean(X**2, axis=1, keepdims=True) + EPS)
    dy = G * gamma
    through = X * np.mean(dy * X, axis=1, keepdims=True) / rms**3
    return {"x": dy / rms - (through if rms_depends else 0), "gamma": np.sum(G * X / rms, axis=0)}


RES, DRES = draw(53, (6, 4), (6, 4))


def prenorm(residual, x):
    """A residual stream and its norm; the result uses both."""
    res_out = residual + x
    rms = np.sqrt(np.mean(res_out**2, axis=1, keepdims=True) + EPS)
    out = res_out / rms
    return np.concatenate([res_out, out], axis=1)


def of_prenorm(together):
    """`together`: whether the stream's gradient goes through the norm too."""
    h = RES + X
    rms = np.sqrt(np.mean(h**2, axis=1, keepdims=True) + EPS)

    def through_norm(g):
        return g / rms - h * np.mean(g * h, axis=1, keepdims=True) / rms**3

    d = through_norm(DRES + G) if together else DRES + through_norm(G)
    return {"residual": d, "x": d}


def l2_normalise(x):
    eps = 0.5
    norm = np.sqrt(np.sum(x**2, axis=1, keepdims=True))
    return x / (norm + eps)


def of_l2(as_if_in_norm):
    """`as_if_in_norm`: whether norm + eps is used for the norm, also in its slope x / norm."""
    norm = np.sqrt(np.sum(X**2, axis=1, keepdims=True))
    s = norm + 0.5
    dot = np.sum(G * X, axis=1, keepdims=True)
    return {"x": G / s - X * dot / (s**2 * (s if as_if_in_norm else norm))}


def case(name, where, says, forward, inputs, right, wrong, upstream):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


CASES = [
    case("mean and variance as constants", "facebookresearch/CrypTen/pull/143", ("\\bmu\\b", "var\\b", "mean"),
         batchnorm_forward, BATCH, batchnorm, lambda: batchnorm("constants"), G),
    case("the variance detached", "abhiskk/ladder/issues/2", ("var\\b",), batchnorm_forward, BATCH,
         batchnorm, lambda: batchnorm("variance"), G),
    case("gamma left out of dx", "denizyuret/Knet.jl/issues/288", ("gamma",), batchnorm_forward, BATCH, batchnorm,
         lambda: batchnorm("gamma"), G),
    case("rows and columns of a two-dimensional input", "flagos-ai/FlagGems/issues/5392", ("axis", "axes", "mean"),
         layernorm, TOKENS, of_layernorm, lambda: of_layernorm((1, 2)), G3),
    case("sums over every row", "flagos-ai/FlagGems/pull/59", ("axis", "axes", "over everything", "all"), layernorm,
         TOKENS,
         of_layernorm, sums_of_all_rows, G3),
    case("the mean of the gradient subtracted twice", "tenstorrent/tt-metal/pull/53215", ("mean", "twice", "2 times"),
         layernorm, TOKENS, of_layernorm, lambda: of_layernorm(times=2), G3),
    case("gamma's gradient for beta's", "Oneflow-Inc/oneflow/pull/6149", ("swap", "exchang", "weight", "bias"),
         layernorm, TOKENS, of_layernorm, swapped, G3),
    case("the root mean square as a constant", "ooples/AiDotNet/pull/695", ("rms",), rmsnorm,
         {"x": X, "gamma": gamma}, of_rmsnorm, lambda: of_rmsnorm(False), G),
    case("the residual's gradient through the norm", "Dao-AILab/quack/pull/53", ("res_out", "rms", "norm"),
         prenorm, {"residual": RES, "x": X}, lambda: of_prenorm(False), lambda: of_prenorm(True),
         np.concatenate([DRES, G], axis=1)),
    case("eps within the norm", "chainer/chainer/pull/4190", ("eps", "norm", "sqrt", "slope"), l2_normalise, {"x": X},
         lambda: of_l2(False), lambda: of_l2(True), G),
]  # fmt: skip

"""Layers that normalise, or drop numbers, by hand: batch norm, layer norm, dropout.

n examples, d features; dxhat is ∂C/∂xhat, of the shape of xhat.
"""

import numpy as np

from demos.layers.record import ByHand

__all__ = ["BATCH_NORM", "DROPOUT", "LAYER_NORM"]

rng = np.random.default_rng(2)


# ---- batch norm: each feature, over the examples


def batch_norm(x, gamma, beta):  # (n, d), (d,), (d,)
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc**2).mean(axis=0)
    std = np.sqrt(var + 1e-5)
    xhat = xc / std
    return gamma * xhat + beta, (gamma, xc, std, xhat)


def batch_norm_backward(dout, cache):  # (n, d)
    gamma, xc, std, xhat = cache
    n = len(dout)
    dxhat = dout * gamma
    dstd = -(dxhat * xc).sum(axis=0) / std**2
    dvar = dstd / (2 * std)
    dxc = dxhat / std + dvar * 2 * xc / n
    dmu = -dxc.sum(axis=0)
    return {
        "x": dxc + dmu / n,
        "gamma": (dout * xhat).sum(axis=0),
        "beta": dout.sum(axis=0),
    }


BATCH_NORM = ByHand(
    "batch norm",
    batch_norm,
    {"x": rng.normal(size=(7, 3)), "gamma": rng.normal(size=3), "beta": rng.normal(size=3)},
    rng.normal(size=(7, 3)),
    batch_norm_backward,
    (
        ("the path through mu is missing", "dxc + dmu / n", "dxc"),
        ("the path through var is missing", "dxhat / std + dvar * 2 * xc / n", "dxhat / std"),
        ("a variance with n − 1", "dvar * 2 * xc / n", "dvar * 2 * xc / (n - 1)"),
        ("the mean's 1/n is missing at mu", "dxc + dmu / n", "dxc + dmu"),
        ("gamma is missing", "dout * gamma", "dout"),
        ("the root's ½ is missing", "dstd / (2 * std)", "dstd / std"),
        ("∂C/∂mu is summed over the features, not the examples", "-dxc.sum(axis=0)", "-dxc.sum(axis=1, keepdims=True)"),
        ("∂C/∂gamma uses xc instead of xhat", "dout * xhat", "dout * xc"),
    ),
)


# ---- layer norm: each example, over its features


def layer_norm(x, gamma, beta):  # (n, d), (d,), (d,)
    mu = x.mean(axis=1, keepdims=True)
    xc = x - mu
    var = (xc**2).mean(axis=1, keepdims=True)
    std = np.sqrt(var + 1e-5)
    xhat = xc / std
    return gamma * xhat + beta, (gamma, std, xhat)


def layer_norm_backward(dout, cache):  # (n, d)
    gamma, std, xhat = cache
    dxhat = dout * gamma
    m1 = dxhat.mean(axis=1, keepdims=True)
    m2 = (dxhat * xhat).mean(axis=1, keepdims=True)
    return {
        "x": (dxhat - m1 - xhat * m2) / std,
        "gamma": (dout * xhat).sum(axis=0),
        "beta": dout.sum(axis=0),
    }


LAYER_NORM = ByHand(
    "layer norm",
    layer_norm,
    {"x": rng.normal(size=(4, 6)), "gamma": rng.normal(size=6), "beta": rng.normal(size=6)},
    rng.normal(size=(4, 6)),
    layer_norm_backward,
    (
        ("the path through mu is missing", "dxhat - m1 - xhat * m2", "dxhat - xhat * m2"),
        ("the path through var is missing", "dxhat - m1 - xhat * m2", "dxhat - m1"),
        ("both means are taken as constants", "dxhat - m1 - xhat * m2", "dxhat"),
        ("the mean at mu is over the examples, as in batch norm", "dxhat.mean(axis=1", "dxhat.mean(axis=0"),
        ("a sum instead of a mean, at var", "(dxhat * xhat).mean(", "(dxhat * xhat).sum("),
        ("gamma is missing", "dout * gamma", "dout"),
        ("gamma comes last, after the means", "(dxhat - m1 - xhat * m2) / std",
         "gamma * (dout - dout.mean(axis=1, keepdims=True)"
         " - xhat * (dout * xhat).mean(axis=1, keepdims=True)) / std"),
        ("xhat is missing in ∂C/∂gamma", "(dout * xhat).sum(", "dout.sum("),
    ),
)  # fmt: skip


# ---- dropout, inverted: kept numbers become larger

KEEP = 0.8  # the probability that a number is kept


def dropout(x, mask):  # (n, d), True for the numbers to keep
    return x * mask / KEEP, mask


def dropout_backward(dout, mask):
    return {"x": dout * mask / KEEP}


DROPOUT = ByHand(
    "dropout",
    dropout,
    {"x": rng.normal(size=(5, 4)), "mask": rng.random((5, 4)) < KEEP},
    rng.normal(size=(5, 4)),
    dropout_backward,
    (
        ("the mask is not applied", "dout * mask / KEEP", "dout / KEEP"),
        ("the layer is left out", "dout * mask / KEEP", "dout"),
        ("1/KEEP is missing", "dout * mask / KEEP", "dout * mask"),
        ("1/KEEP is applied twice", "dout * mask / KEEP", "dout * mask / KEEP**2"),
        ("KEEP multiplies, and should divide", "dout * mask / KEEP", "dout * mask * KEEP"),
        ("the probability of dropping, instead of keeping", "dout * mask / KEEP", "dout * mask / (1 - KEEP)"),
        ("the mask is reversed", "dout * mask", "dout * ~mask"),
        ("a new mask is drawn", "mask / KEEP", "(np.random.default_rng(0).random(mask.shape) < KEEP) / KEEP"),
    ),
)

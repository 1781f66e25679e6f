"""Layers of fully connected networks by hand: affine, ReLU, softmax, and two layers that share their weights.

n examples, d inputs, m outputs of a layer; dX is ∂C/∂X, of the shape of X.
"""

import numpy as np

from demos.layers.record import ByHand

__all__ = ["AFFINE", "RELU", "SOFTMAX", "TIED_WEIGHTS"]

rng = np.random.default_rng(1)


# ---- affine


def affine(x, W, b):  # (n, height, width), (d, m), (m,) with d = height · width
    flat = x.reshape(len(x), -1)
    return flat @ W + b, (x, flat, W)


def affine_backward(dout, cache):  # (n, m)
    x, flat, W = cache
    dflat = dout @ W.T
    return {
        "x": dflat.reshape(x.shape),
        "W": flat.T @ dout,
        "b": dout.sum(axis=0),
    }


AFFINE = ByHand(
    "affine",
    affine,
    {"x": rng.normal(size=(4, 2, 3)), "W": rng.normal(size=(6, 5)), "b": rng.normal(size=5)},
    rng.normal(size=(4, 5)),
    affine_backward,
    (
        ("∂C/∂b is a mean over the examples", "dout.sum(axis=0)", "dout.mean(axis=0)"),
        ("∂C/∂b is summed over the neurons too", "dout.sum(axis=0)", "dout.sum()"),
        ("∂C/∂b of the first example only", "dout.sum(axis=0)", "dout[0]"),
        ("∂C/∂W is divided by n, but the output is not a mean", "flat.T @ dout", "flat.T @ dout / len(flat)"),
        ("∂C/∂W is transposed and reshaped to fit", "flat.T @ dout", "(dout.T @ flat).reshape(W.shape)"),
        ("the product of the sums instead of the sum of the products", "flat.T @ dout",
         "np.outer(flat.sum(axis=0), dout.sum(axis=0))"),
        ("the reshape mixes the examples", "dflat.reshape(x.shape)", "dflat.T.reshape(x.shape)"),
        ("the sign of ∂C/∂x", "dout @ W.T", "-dout @ W.T"),
    ),
)  # fmt: skip


# ---- ReLU


def relu(x):
    return np.maximum(0, x), x


def relu_backward(dout, x):
    mask = x > 0
    return {"x": dout * mask}


RELU = ByHand(
    "ReLU",
    relu,
    {"x": rng.normal(size=(5, 4))},
    rng.normal(size=(5, 4)),
    relu_backward,
    (
        ("the mask is missing", "dout * mask", "dout"),
        ("the mask is computed from the incoming gradient", "x > 0", "dout > 0"),
        ("the mask is reversed", "x > 0", "x < 0"),
        ("the output instead of its derivative", "dout * mask", "dout * mask * x"),
        ("the derivative of |x|", "x > 0", "np.sign(x)"),
        ("the derivative of a leaky ReLU", "x > 0", "np.where(x > 0, 1, 0.01)"),
    ),
)


# ---- softmax, of each row


def softmax(x):  # (n, m)
    shifted = x - x.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    p = e / e.sum(axis=1, keepdims=True)
    return p, p


def softmax_backward(dout, p):
    s = (dout * p).sum(axis=1, keepdims=True)
    return {"x": p * (dout - s)}


SOFTMAX = ByHand(
    "softmax",
    softmax,
    {"x": rng.normal(size=(4, 3))},
    rng.normal(size=(4, 3)),
    softmax_backward,
    (
        ("only the diagonal of the Jacobian, p (1 − p)", "p * (dout - s)", "p * (1 - p) * dout"),
        ("the path through the sum is missing", "p * (dout - s)", "p * dout"),
        ("the sum is over the examples", "axis=1", "axis=0"),
        ("the sum is over the whole batch", ".sum(axis=1, keepdims=True)", ".sum()"),
        ("a mean instead of the sum", "(dout * p).sum(", "(dout * p).mean("),
        ("the sum is added, not subtracted", "dout - s", "dout + s"),
        ("the factor p is missing in the sum", "dout * p", "dout"),
        ("the factor p before the bracket is missing", "p * (dout - s)", "dout - s"),
    ),
)


# ---- tied weights: a decoder that has the encoder's W, transposed


def tied(x, W, b, c):  # (n, d), (d, m), (m,), (d,)
    z = x @ W + b
    h = np.tanh(z)
    return h @ W.T + c, (x, W, h)


def tied_backward(dout, cache):  # (n, d)
    x, W, h = cache
    dh = dout @ W
    dz = dh * (1 - h**2)
    dW_encoder = x.T @ dz
    dW_decoder = dout.T @ h
    return {
        "x": dz @ W.T,
        "W": dW_encoder + dW_decoder,
        "b": dz.sum(axis=0),
        "c": dout.sum(axis=0),
    }


TIED_WEIGHTS = ByHand(
    "tied weights",
    tied,
    {"x": rng.normal(size=(4, 5)), "W": rng.normal(size=(5, 3)) / 2, "b": rng.normal(size=3), "c": rng.normal(size=5)},
    rng.normal(size=(4, 5)),
    tied_backward,
    (
        ("the use in the decoder is missing", "dW_encoder + dW_decoder", "dW_encoder"),
        ("the use in the encoder is missing", "dW_encoder + dW_decoder", "dW_decoder"),
        ("the mean of the two uses instead of their sum", "dW_encoder + dW_decoder", "(dW_encoder + dW_decoder) / 2"),
        ("the decoder's use is counted twice", "dW_encoder + dW_decoder", "dW_encoder + 2 * dW_decoder"),
        ("tanh′ is missing in the gradient of the encoder's W", "x.T @ dz", "x.T @ dh"),
        ("1 − h is used instead of 1 − h²", "1 - h**2", "1 - h"),
        ("tanh′ is evaluated at h, not at z", "1 - h**2", "1 - np.tanh(h) ** 2"),
        ("tanh′ is missing in the gradient of x", "dz @ W.T", "dh @ W.T"),
    ),
)

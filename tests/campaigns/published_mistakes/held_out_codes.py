"""Held out from the search: autoencoders, generators, policies, distances."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

# ---- autoencoders

XA, NOISY, WA, BA, CA = draw(807, (6, 4), (6, 4), (4, 4), 4, 4)


def tied_autoencoder(W, b, c):
    h = sigmoid(NOISY @ W + b)
    z = sigmoid(h @ W.T + c)
    return np.mean(np.sum((z - XA) ** 2, axis=1))


def of_tied(fault=""):
    h = sigmoid(NOISY @ WA + BA)
    z = sigmoid(h @ WA.T + CA)
    dz = 2 / 6 * (z - (NOISY if fault == "noisy" else XA)) * z * (1 - z)
    dh = dz @ WA * h * (1 - h)
    decoder = h.T @ dz if fault == "untransposed" else dz.T @ h
    return {"W": NOISY.T @ dh + decoder, "b": dh.sum(axis=0), "c": dz.sum(axis=0)}


CASES = [
    case("the decoder's gradient not transposed", "https://stackoverflow.com/questions/36889732", ("transpos",
         "W\\.T"), tied_autoencoder, {"W": WA, "b": BA, "c": CA}, of_tied, "untransposed"),
    case("the noisy input as the target", "https://stackoverflow.com/questions/36889732", ("NOISY", "noisy", "XA"),
         tied_autoencoder, {"W": WA, "b": BA, "c": CA}, of_tied, "noisy"),
]  # fmt: skip

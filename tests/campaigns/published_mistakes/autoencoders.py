"""Mistakes in autoencoders: tied weights, two matrices of one shape, a penalty on the mean activation."""

import numpy as np

from tests.campaigns.record import Mistake, draw, sigmoid

X, W, b, c = draw(111, (6, 5), (5, 3), 3, 5)
ENCODER, DECODER = draw(112, (5, 3), (3, 5))


def tied(X, W, b, c):
    h = sigmoid(X @ W + b)
    r = h @ W.T + c
    return 0.5 * np.sum((r - X) ** 2)


def of_tied(uses=("encoder", "decoder")):
    h = sigmoid(X @ W + b)
    e = h @ W.T + c - X
    d = e @ W * h * (1 - h)
    dW = sum({"encoder": X.T @ d, "decoder": e.T @ h}[use] for use in uses)
    return {"W": dW, "b": d.sum(axis=0), "c": e.sum(axis=0)}


def untied(x, encoder, decoder):
    a = sigmoid(x @ encoder)
    z = sigmoid(a @ decoder)
    return np.sum(0.5 * (z - x) ** 2)


def of_untied(back):
    """`back`: the matrix that passes the error back."""
    a = sigmoid(X @ ENCODER)
    z = sigmoid(a @ DECODER)
    error_0 = (z - X) * z * (1 - z)
    error_1 = error_0 @ back * a * (1 - a)
    return {"encoder": X.T @ error_1, "decoder": a.T @ error_0}


def sparse(x, encoder, decoder):
    rho, beta = 0.2, 3.0
    a = sigmoid(x @ encoder)
    z = a @ decoder
    rho_hat = np.mean(a, axis=0)
    kl = rho * np.log(rho / rho_hat) + (1 - rho) * np.log((1 - rho) / (1 - rho_hat))
    return 0.5 * np.sum((z - x) ** 2) / len(x) + beta * np.sum(kl)


def of_sparse(penalty=True):
    a = sigmoid(X @ ENCODER)
    e = (a @ DECODER - X) / 6
    rho_hat = a.mean(axis=0)
    da = e @ DECODER.T + penalty * 3.0 * (-0.2 / rho_hat + 0.8 / (1 - rho_hat)) / 6
    return {"encoder": X.T @ (da * a * (1 - a)), "decoder": a.T @ e}


TIED = {"X": X, "W": W, "b": b, "c": c}
TWO = {"x": X, "encoder": ENCODER, "decoder": DECODER}
QUESTION = "https://stats.stackexchange.com/questions/239943/autoencoders-gradient-when-using-tied-weights"
CASES = [
    Mistake("tied weights, of which the decoder's use counts", QUESTION, tied, TIED, of_tied,
            lambda: of_tied(["decoder"]), ("X @ W", "path", "\\buse", "alone")),
    Mistake("tied weights, of which the encoder's use counts", QUESTION, tied, TIED, of_tied,
            lambda: of_tied(["encoder"]), ("W\\.T", "path", "\\buse", "alone")),
    Mistake("the encoder passes the error back", "https://stackoverflow.com/questions/6552851", untied, TWO,
            lambda: of_untied(DECODER.T), lambda: of_untied(ENCODER), ("decoder", "encoder")),
    Mistake("the sparsity forgotten", "https://github.com/jatinshah/ufldl_tutorial/issues/9", sparse, TWO, of_sparse,
            lambda: of_sparse(penalty=False), ("rho_hat", "\\bkl\\b", "mean")),
]  # fmt: skip

"""Claims about operands: a factor in an einsum is missing, heads are not put in order, numbers are exchanged."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_a_factor_that_einsum_multiplies_with():
    x, p, out = normal(5, 2, 3), normal(5, 2), normal(5, 3)

    def mixture(x, p):
        return np.einsum("nk,nke->ne", p, x)

    dp = np.einsum("ne,nke->nk", out, x)
    assert check_backward(mixture, {"x": x, "p": p}, {"x": p[:, :, None] * out[:, None], "p": dp}, out)
    found = why(mixture, {"x": x, "p": p}, {"x": np.repeat(out[:, None], 2, axis=1), "p": dp}, out)
    assert "the factor p is missing in the gradient of x" in found


def test_a_factor_that_is_reshaped_as_it_stands():
    heads, W, out = normal(3, 4, 2), normal(6, 6), normal(4, 6)

    def merged(heads, W):
        joined = heads.transpose(1, 0, 2).reshape(4, 6)
        return joined @ W

    dheads = (out @ W.T).reshape(4, 3, 2).transpose(1, 0, 2)
    dW = heads.transpose(1, 0, 2).reshape(4, 6).T @ out
    assert check_backward(merged, {"heads": heads, "W": W}, {"heads": dheads, "W": dW}, out)
    found = why(merged, {"heads": heads, "W": W}, {"heads": dheads, "W": heads.reshape(4, 6).T @ out}, out)
    assert "heads, reshaped as it stands, is used instead of joined" in found


def test_two_numbers_are_exchanged():
    x, s, out = normal(5, 2), normal(2), normal(5, 2)

    def moving_average(x, s):
        beta, means = 0.9, []
        for row in x:
            s = beta * s + (1 - beta) * row
            means.append(s)
        return np.stack(means)

    def by_hand(beta, rest):
        ds, dx = np.zeros(2), np.zeros((5, 2))
        for t in (4, 3, 2, 1, 0):
            ds = ds + out[t]
            dx[t], ds = rest * ds, beta * ds
        return {"x": dx, "s": ds}

    inputs = {"x": x, "s": s}
    assert check_backward(moving_average, inputs, by_hand(0.9, 0.1), out)
    assert "the factors 0.1 and beta are exchanged" in why(moving_average, inputs, by_hand(0.1, 0.9), out)

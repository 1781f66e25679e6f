"""Claims about softmaxes and their logarithms: a part of their slope that is missing or replaced is named."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.operations.slopes import elsewhere
from tests.helpers.by_hand import normal, recorded, why


def attended(S, V):
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    return P @ V


S, VALUES, G = normal(4, 3), normal(3, 2), normal(4, 2)
SOFT = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
DP = G @ VALUES.T
LAST = np.array([0.0, 0.0, 1.0])


def total(values):
    return values.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("dS", "said"),
    [
        (DP * SOFT * (1 - SOFT), "is computed as g p (1 − p), as for a sigmoid"),
        (SOFT - DP, "is computed as p − g, as if the incoming gradient g were the labels of a cross-entropy"),
        (DP * SOFT, "the sum is missing in the gradient through the softmax p = P (the right one is p (g − Σ g p), "),
        (DP, "softmax′ is missing: the gradient of P is passed back to S unchanged"),
        (DP - total(DP * SOFT), "the first factor p is missing in the gradient through the softmax p = P"),
        (SOFT * (DP - total(DP)), "the factor p inside the sum is missing in the gradient through the softmax p = P"),
        (DP - SOFT * total(DP * SOFT), "the factor p of the first term, p g, is missing"),
        (SOFT * (DP + total(DP * SOFT)), "the sum is added, not subtracted, in the gradient through the softmax p = P"),
        (-SOFT * total(DP * SOFT), "the term p g, from the diagonal of the Jacobian matrix, is missing"),
        (SOFT * (DP - (DP * SOFT).sum()), "the sum is over the whole array"),
        (SOFT * (DP - (DP * SOFT).sum(axis=0, keepdims=True)), "the sum is along the wrong axis"),
        (SOFT * (DP - total(DP * SOFT) / 3), "a mean is used instead of the sum"),
        (
            SOFT * (DP - SOFT * total(DP)),
            "the entries of the Jacobian matrix are p_i (δ_ij − p_i), not p_i (δ_ij − p_j)",
        ),
        (SOFT * DP - total(DP * SOFT**2), "the entries of the Jacobian matrix are p_j (δ_ij − p_j), not p_i"),
        (SOFT[0] * (DP - total(DP * SOFT[0])), "the p of the first example is used for every example"),
        (SOFT[3] * (DP - total(DP * SOFT[3])), "the p of the last example is used for every example"),
        (SOFT * DP - S * total(DP * SOFT), "S is used instead of p_j in the entries p_i (δ_ij − p_j) of the Jacobian"),
        (SOFT * (DP - total(DP * S)), "S is used instead of p inside the sum in the gradient through the softmax"),
        (DP * SOFT * (DP - total(DP * SOFT)), "the result is multiplied by g once more in the gradient through the"),
        (S * (DP - total(DP * S)), "S is used instead of p in the gradient through the softmax p = P"),
        (DP * SOFT * (LAST - SOFT[:, -1:]), "only the last column of the Jacobian matrix p_i (δ_ij − p_j) is kept in"),
        (
            DP * SOFT * (LAST - S[:, -1:]),
            "only the last column of the Jacobian matrix p_i (δ_ij − p_j) is kept, and S "
            "is used instead of p_j, in the gradient through the softmax p = P",
        ),
        (DP * SOFT[:, -1:] * (LAST - SOFT), "only the last row of the Jacobian matrix p_i (δ_ij − p_j) is kept in the"),
    ],
)
def test_the_slope_of_a_softmax(dS, said):
    assert check_backward(attended, {"S": S, "V": VALUES}, {"S": SOFT * (DP - total(DP * SOFT))}, G)
    assert said in why(attended, {"S": S, "V": VALUES}, {"S": dS, "V": SOFT.T @ G}, G)


def test_the_slope_of_a_softmax_twice():
    once = SOFT * (DP - total(DP * SOFT))
    twice = SOFT * (once - total(once * SOFT))
    assert "is applied twice" in why(attended, {"S": S, "V": VALUES}, {"S": twice, "V": SOFT.T @ G}, G)


def test_a_softmax_along_the_other_axis():
    """p − y, where p is the softmax along the wrong axis."""

    def cost(z, y):
        p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        return -(y * np.log(p)).sum()

    y = np.eye(3)[[0, 2, 1, 1]]
    other = np.exp(S) / np.exp(S).sum(axis=0)
    assert check_backward(cost, {"z": S, "y": y}, {"z": SOFT - y})
    assert "along axis 0, but the forward pass takes it along axis 1" in why(cost, {"z": S, "y": y}, {"z": other - y})


def log_softmax(S, V):
    L = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return L @ V


DL = G @ VALUES.T
LOGS = np.log(SOFT)


@pytest.mark.parametrize(
    ("dS", "said"),
    [
        (DL - SOFT, "the sum is missing in the gradient through the log softmax L (the right one is g − p Σ g, "),
        (DL + SOFT * total(DL), "p Σ g is added, not subtracted, in the gradient through the log softmax L"),
        (DL, "p Σ g is missing in the gradient through the log softmax L"),
        (DL - total(DL * np.log(SOFT)), "Σ g y, with y the output, is used instead of p Σ g in the gradient through"),
        (DL - total(DL * SOFT), "Σ g p is used instead of p Σ g, as if p belonged to the sum, in the gradient"),
        (DL - total(DL), "the factor p is missing in the gradient through the log softmax L"),
        (DL - SOFT * DL, "p g is used instead of p Σ g"),
    ],
)
def test_the_slope_of_a_log_softmax(dS, said):
    inputs, dV = {"S": S, "V": VALUES}, LOGS.T @ G
    assert check_backward(log_softmax, inputs, {"S": DL - SOFT * total(DL), "V": dV}, G)
    assert said in why(log_softmax, inputs, {"S": dS, "V": dV}, G)


# ---- the softmax of another array: without a temperature, without a mask


def probabilities(u, axis=-1):
    e = np.exp(u - u.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def back(p, g, axis=-1):
    return p * (g - (g * p).sum(axis=axis, keepdims=True))


def distilled(z, q):
    s = z / 4.0
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    return -(q * log_p).sum()


def causal(Q, K, V):
    scores = Q @ K.T / np.sqrt(2.0)
    masked = np.where(np.tri(4) > 0, scores, -1e9)
    e = np.exp(masked - masked.max(axis=-1, keepdims=True))
    P = e / e.sum(axis=-1, keepdims=True)
    return P @ V


def of_causal(Q, K, V, dout, P_back=None):
    scores = Q @ K.T / np.sqrt(2.0)
    P = probabilities(np.where(np.tri(4) > 0, scores, -1e9))
    dS = back(P if P_back is None else P_back(scores), dout @ V.T) / np.sqrt(2.0)
    return {"Q": dS @ K, "K": dS.T @ Q, "V": P.T @ dout}


def pooled(x, w):
    s = (x @ w) / 2.0
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    return (p[..., None] * x).sum(axis=1)


def of_pooled(x, w, dout, of=lambda s: s):
    s = x @ w / 2.0
    p = probabilities(s)
    ds = back(probabilities(of(s)), (dout[:, None] * x).sum(axis=-1)) / 2.0
    return {"x": p[..., None] * dout[:, None] + ds[..., None] * w, "w": np.einsum("bt,bti->i", ds, x)}


def test_a_softmax_without_its_temperature():
    z, q = normal(5, 4), probabilities(normal(5, 4))
    inputs = {"z": z, "q": q}
    assert check_backward(distilled, inputs, {"z": (probabilities(z / 4) - q) / 4})
    said = why(distilled, inputs, {"z": (probabilities(z) - q) / 4})
    assert "the backward pass uses the softmax of z; log_p is the log softmax of s" in said
    said = why(distilled, inputs, {"z": probabilities(z) - q})
    assert "softmax of z, and skips the operations from z to s, such as a mask" in said
    x, w, dout = normal(3, 5, 2), normal(2), normal(3, 2)
    assert check_backward(pooled, {"x": x, "w": w}, of_pooled(x, w, dout), dout)
    said = why(pooled, {"x": x, "w": w}, of_pooled(x, w, dout, lambda s: 2 * s), dout)
    assert "the backward pass uses the softmax of `x @ w`; p is that of s" in said


@pytest.mark.parametrize("width", [2, 3, 5])
def test_a_softmax_without_its_mask(width):
    inputs, dout = {"Q": normal(4, 2), "K": normal(4, 2), "V": normal(4, width)}, normal(4, width)
    assert check_backward(causal, inputs, of_causal(**inputs, dout=dout), dout)
    said = why(causal, inputs, of_causal(**inputs, dout=dout, P_back=probabilities), dout)
    assert "the backward pass uses the softmax of scores" in said
    random = {name: normal(*array.shape) for name, array in inputs.items()}
    assert not why(causal, inputs, random, dout)


def test_no_gradient_goes_to_plain_numbers_that_a_softmax_is_made_of():
    """x of the softmax has the mask's shape, so an edit that jumps past it would lead to the mask."""
    mask = np.where(np.arange(12).reshape(4, 3) % 2, 1.0, -1.0)

    def masked(x):
        e = np.exp(x * mask)
        return e / e.sum(axis=1, keepdims=True)

    run = recorded(masked, {"x": normal(4, 3)}, normal(4, 3))
    flows = run.backward.flows
    jumps = [jump for edit in elsewhere(run) for jump in edit.change(1.0).jumps]
    assert jumps
    assert {target for _, target in jumps} <= set(flows)


def test_the_softmax_of_the_incoming_gradient():
    def layer(x):
        e = np.exp(x)
        return e / e.sum(axis=1, keepdims=True)

    x, out = normal(4, 3), normal(4, 3)
    p, wrong = layer(x), layer(out)
    right = p * (out - (out * p).sum(axis=1, keepdims=True))
    assert check_backward(layer, {"x": x}, {"x": right}, out)
    said = why(layer, {"x": x}, {"x": wrong * (out - (out * wrong).sum(axis=1, keepdims=True))}, out)
    assert "the softmax of the incoming gradient is used instead of p" in said


def test_the_jacobian_has_p_times_one_minus_p_off_its_diagonal_too():
    x, g = normal(4, 3), normal(4, 3)

    def softmax_of(x):
        e = np.exp(x)
        return e / e.sum(axis=1, keepdims=True)

    p = softmax_of(x)
    assert check_backward(softmax_of, {"x": x}, {"x": p * (g - (g * p).sum(axis=1, keepdims=True))}, g)
    dx = np.array([np.outer(row, 1 - row) @ arriving for row, arriving in zip(p, g, strict=True)])
    assert "p_i (1 − p_j) off the diagonal too" in why(softmax_of, {"x": x}, {"x": dx}, g)

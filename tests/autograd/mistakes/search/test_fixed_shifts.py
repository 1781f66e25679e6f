"""Claims about the maximum that a softmax subtracts: the search takes it as fixed, as people do."""

import numpy as np

from autograd.mistakes.search.fixed_shifts import fixed_shifts
from tests.helpers.by_hand import normal, recorded, why

Z, W = normal(5, 3), normal(3, 3)


def crossed(W):
    cost = 0.0
    for z in Z:
        scores = z @ W
        scores = scores - np.max(scores)
        cost = cost + (np.log(np.sum(np.exp(scores))) - scores[1])
    return cost


def spread(x):
    return np.sum((x - np.max(x, axis=1, keepdims=True)) ** 2)


def test_a_path_is_missing_as_if_the_maximum_were_fixed():
    """Without the path through scores[1], the gradients no longer add up to 0, and the maximum would get their sum."""
    p = np.exp(Z @ W) / np.exp(Z @ W).sum(axis=1, keepdims=True)
    assert "`scores[1]` is missing" in why(crossed, {"W": W}, {"W": Z.T @ p})
    assert "and also" not in why(crossed, {"W": W}, {"W": Z.T @ p})


def test_only_maxima_whose_gradient_is_zero_are_fixed():
    found = recorded(crossed, {"W": W})
    fixed = fixed_shifts(found)
    assert len(fixed.backward.passed) < len(found.backward.passed)
    for number, flow in fixed.backward.flows.items():
        np.testing.assert_allclose(flow, found.backward.flows[number], rtol=0, atol=1e-14)
    other = recorded(spread, {"x": Z})
    assert fixed_shifts(other) is other


def of_a_list(z):
    scores = np.array([z[k] * z[k] for k in range(4)])
    return np.exp(scores - np.max(scores)) / np.sum(np.exp(scores - np.max(scores)))


def test_the_largest_of_numbers_that_were_put_together_and_a_maximum_that_is_subtracted_twice():
    z, out = normal(4), normal(4)
    found = fixed_shifts(recorded(of_a_list, {"z": z}, out))
    assert len(found.backward.passed) < len(recorded(of_a_list, {"z": z}, out).backward.passed)
    p = np.exp(z * z) / np.exp(z * z).sum()
    said = why(of_a_list, {"z": z}, {"z": 2 * z * p * (1 - p) * out}, out)
    assert "is computed as g p (1 − p), as for a sigmoid" in said

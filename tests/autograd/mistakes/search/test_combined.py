"""Claims about several paths at once: each is missing or has a wrong factor, and so has every other path."""

import numpy as np
import pytest

from tests.helpers.by_hand import BN, BN_OUT, batchnorm, batchnorm_by_hand, normal, why


@pytest.mark.parametrize(
    ("mu", "var", "said"),
    [
        (0.0, 2.0, ["is counted twice", "the path through mu is missing"]),
        (-1.0, 0.5, ["the path through mu has the wrong sign", "is 1/2 of what it should be"]),
        (0.5, -1.0, ["the path through mu is 1/2 of what it should be", "has the wrong sign"]),
    ],
)
def test_two_paths(mu, var, said):
    found = why(batchnorm, BN, batchnorm_by_hand(through_mu=mu, through_var=var), BN_OUT)
    assert [words for words in said if words not in found] == []
    assert "var" in found or "std" in found


def four_ways(x, W):
    a = np.tanh(x @ W)
    b = np.exp(x * 0.5)
    c = np.sin(x)
    d = np.cosh(x)
    return a + b + c + d


X, W, DOUT = normal(4, 3), normal(3, 3), normal(4, 3)
DZ = DOUT * (1 - np.tanh(X @ W) ** 2)
A, B, C, D = DZ @ W.T, DOUT * 0.5 * np.exp(X * 0.5), DOUT * np.cos(X), DOUT * np.sinh(X)


@pytest.mark.parametrize(
    ("dx", "said"),
    [
        (2 * A + C + D, ("a", "is counted twice", "b", "missing")),
        (A + 3 * B + 0.5 * C + D, ("b", "3 times", "c", "1/2 of")),
        (4 * A + 2 * (B + C + D), ("a", "2")),
    ],
)
def test_of_four_ways(dx, said):
    found = why(four_ways, {"x": X, "W": W}, {"x": dx, "W": X.T @ DZ}, DOUT)
    assert [words for words in said if words not in found] == []


def test_two_of_four_ways_have_the_wrong_sign():
    found = why(four_ways, {"x": X, "W": W}, {"x": A - B + C - D, "W": X.T @ DZ}, DOUT)
    assert found.count("has the wrong sign") == 2
    assert "every" not in found


def test_of_many_ways_two_are_all_there_is():
    found = why(four_ways, {"x": X, "W": W}, {"x": 2 * B + 3 * C}, DOUT)
    assert "is counted twice" in found
    assert "3 times" in found
    assert found.endswith("every other path is missing")


def test_unknown_multiples_of_four_ways_are_no_reason():
    assert why(four_ways, {"x": X, "W": W}, {"x": 0.123 * A + 0.77 * B + C, "W": X.T @ DZ}, DOUT) == ""


def three_ways_that_cancel(x, W):
    a, b, c = np.tanh(x) * 1e8, np.tanh(x) * 1e8, np.tanh(x) * 2e8
    return np.sin(x @ W) + a + b - c - x @ W * 0


def test_a_search_ends_where_large_ways_add_up_to_0():
    given = {"x": A * 1e20, "W": A.T @ A * 1e30}
    assert why(three_ways_that_cancel, {"x": X, "W": np.zeros((3, 3))}, given, DOUT) == ""

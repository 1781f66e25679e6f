"""Claims about a normalisation by given numbers: its gradient is taken as if they were the statistics of x itself."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.operations.fixed_statistics import fixed_statistics
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, normal, recorded, why

X, MEAN, STD, OUT = normal(6, 4), normal(4), normal(4) ** 2 + 0.5, normal(6, 4)


def divided(x, mean, std):
    xhat = (x - mean) / std
    return np.sin(xhat)


def multiplied(x, mean, std):
    scale = 1 / std
    xhat = scale * (x - mean)
    return np.sin(xhat)


def by_hand(with_mean=0.0, with_variance=0.0):
    xhat = (X - MEAN) / STD
    g = OUT * np.cos(xhat)
    own = g - with_mean * g.mean(axis=0) - with_variance * xhat * (g * xhat).mean(axis=0)
    return {"x": own / STD, "mean": -(g / STD).sum(axis=0), "std": -(g * xhat / STD).sum(axis=0)}


@pytest.mark.parametrize("forward", [divided, multiplied])
@pytest.mark.parametrize(
    ("terms", "said"),
    [((1, 1), "by the mean and the variance of x"), ((1, 0), "by the mean of x"), ((0, 1), "by the variance of x")],
)
def test_the_statistics_are_taken_for_those_of_x(forward, terms, said):
    inputs = {"x": X, "mean": MEAN, "std": STD}
    assert check_backward(forward, inputs, by_hand(), OUT)
    found = why(forward, inputs, by_hand(*terms), OUT)
    assert f"the gradient of x is that of a normalisation {said} itself, but xhat is made with mean and" in found


def test_a_normalisation_by_its_own_statistics_is_left_alone():
    assert not [*fixed_statistics(recorded(batchnorm, BN, BN_OUT))]

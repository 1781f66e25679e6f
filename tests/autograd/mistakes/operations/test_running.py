"""Claims about kept numbers: a gradient that treats them as the mean and variance of the batch is named."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.operations.running import running
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, normal, recorded, why

MEAN, VAR = normal(3), normal(3) ** 2 + 0.2
X, GAMMA, DOUT = normal(5, 3), normal(3), normal(5, 3)
XHAT = (X - MEAN) / np.sqrt(VAR + 1e-5)


def inference(x, gamma):
    xhat = (x - MEAN) / np.sqrt(VAR + 1e-5)
    return gamma * xhat


def with_given_statistics(x, gamma, mean, var):
    xhat = (x - mean) / np.sqrt(var + 1e-5)
    return gamma * xhat


def in_one_line(g):
    return (g - g.mean(axis=0) - XHAT * (g * XHAT).mean(axis=0)) / np.sqrt(VAR + 1e-5)


def step_by_step(g):
    std = np.sqrt(VAR + 1e-5)
    dvar = np.sum(g * (X - MEAN), axis=0) * -0.5 / std**3
    dmean = -np.sum(g / std, axis=0) - 2 * dvar * np.mean(X - MEAN, axis=0)
    return g / std + dvar * 2 * (X - MEAN) / 5 + dmean / 5


@pytest.mark.parametrize("wrong", [in_one_line, step_by_step])
@pytest.mark.parametrize("forward", [inference, with_given_statistics])
def test_running_averages_as_if_they_were_the_batchs(forward, wrong):
    inputs = {"x": X, "gamma": GAMMA}
    if forward is with_given_statistics:
        inputs |= {"mean": MEAN, "var": VAR}
    g, dgamma = DOUT * GAMMA, (DOUT * XHAT).sum(axis=0)
    assert check_backward(forward, inputs, {"x": g / np.sqrt(VAR + 1e-5), "gamma": dgamma}, DOUT)
    said = why(forward, inputs, {"x": wrong(g), "gamma": dgamma}, DOUT)
    assert "are treated as the mean and standard deviation of x along axis 0" in said
    assert "in xhat they do not depend on x" in said


def test_the_batchs_own_statistics_are_not_kept_numbers():
    assert list(running(recorded(batchnorm, BN, BN_OUT))) == []

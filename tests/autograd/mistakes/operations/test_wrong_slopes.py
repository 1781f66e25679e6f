"""Claims about wrong slopes of single operations: a power without its base, a root that multiplies."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_the_slope_of_a_power_without_its_base():
    def cubes(x):
        return np.power(x, 3) + x

    x, dout = normal(4, 3), normal(4, 3)
    assert check_backward(cubes, {"x": x}, {"x": dout * (3 * x**2 + 1)}, dout)
    assert "the factor xⁿ⁻¹ is missing in the derivative n xⁿ⁻¹" in why(cubes, {"x": x}, {"x": dout * 4}, dout)


def test_a_root_that_multiplies():
    def lengths(x):
        n = np.sqrt((x * x).sum(axis=1))
        return n * 1.0

    x, dout = normal(4, 3), normal(4)
    n = np.sqrt((x * x).sum(axis=1, keepdims=True))
    assert check_backward(lengths, {"x": x}, {"x": dout[:, None] * x / n}, dout)
    said = why(lengths, {"x": x}, {"x": dout[:, None] * x * n}, dout)
    assert "the root n multiplies, but should divide, in the derivative of n" in said

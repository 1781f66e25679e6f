"""Claims about elementwise arithmetic without NumPy: the results equal those of arrays."""

import math

import numpy as np
import pytest

from nn.training.vectors import Vector, square_root, vector

A, B = [3.0, -0.0, math.inf, 1e300, math.nan, -2.0], [2.0, 0.0, 0.0, 1e300, 1.0, -0.0]


@pytest.mark.parametrize(
    "rule", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b, lambda a, b: a * 0.5]
)
def test_arithmetic_is_that_of_arrays(rule):
    with np.errstate(all="ignore"):
        arrays = rule(np.array(A), np.array(B))
    np.testing.assert_array_equal(rule(Vector(A), Vector(B)).tolist(), arrays)


def test_square_roots_are_those_of_arrays():
    numbers = [0.0, 2.0, math.inf]
    np.testing.assert_array_equal(square_root(Vector(numbers)).tolist(), square_root(vector(numbers)))

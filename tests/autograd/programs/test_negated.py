"""Claims about -x @ w: it is recorded as −(x @ w)."""

import numpy as np
import pytest

from autograd import check_backward, table
from autograd.programs.assignments import Contraction, Map
from tests.helpers.by_hand import normal, recorded, why

X, W, Y = normal(6, 3), normal(3), (normal(6) > 0) * 1.0


def of_numbers(w):
    p = 1 / (1 + np.exp(-X @ w))
    return np.sum((p - Y) ** 2)


def of_an_array(w):
    h = 1.0 * w
    p = 1 / (1 + np.exp(-h @ X.T))
    return np.sum((p - Y) ** 2)


@pytest.mark.parametrize("cost", [of_numbers, of_an_array])
def test_the_product_is_recorded_without_its_minus(cost):
    assignments = recorded(cost, {"w": W}).program.assignments
    (product,) = [a for a in assignments if isinstance(a, Contraction) and len(a.operands) == 2]
    (negative,) = [a for a in assignments if isinstance(a, Map) and a.op is table.NEG and a.operands[0] is product]
    np.testing.assert_allclose(product.value, X @ W, rtol=1e-12)
    np.testing.assert_array_equal(negative.value, -product.value)
    assert not product.place.text.startswith("-")


@pytest.mark.parametrize("cost", [of_numbers, of_an_array])
def test_the_sigmoid_is_found(cost):
    p = 1 / (1 + np.exp(-X @ W))
    assert check_backward(cost, {"w": W}, {"w": X.T @ (2 * (p - Y) * p * (1 - p))})
    assert "σ′(" in why(cost, {"w": W}, {"w": X.T @ (2 * (p - Y))})

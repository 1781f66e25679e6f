"""Claims about factors that are applied at another place of the way back: before a product or after it."""

from autograd import check_backward
from tests.helpers.by_hand import normal, why

A, X, OUT = abs(normal(4, 4)), normal(4, 3), normal(4, 3)
DEGREES = A.sum(axis=1, keepdims=True)
INPUTS = {"X": X, "degrees": DEGREES}


def mean_of_neighbours(X, degrees):
    total = A @ X
    return total / degrees


def test_a_division_after_the_product_instead_of_before():
    right = {"X": A.T @ (OUT / DEGREES)}
    assert check_backward(mean_of_neighbours, INPUTS, right, OUT)
    said = why(mean_of_neighbours, INPUTS, {"X": (A.T @ OUT) / DEGREES}, OUT)
    assert "the division by degrees is applied to the gradient of X, after the way back through total" in said

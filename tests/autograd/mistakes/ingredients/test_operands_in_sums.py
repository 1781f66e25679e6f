"""Claims about the factor of a sum of products, such as a matrix product: it is missing, inverted or squared."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


X, Y, W1, W2 = normal(5, 3), normal(5, 2), normal(3, 4), normal(4, 2)


def cost(W1, W2):
    h = np.tanh(X @ W1)
    o = sigmoid(h @ W2)
    return 0.5 * np.sum((o - Y) ** 2)


def by_hand(inputs=X, back=lambda do, dz: dz @ W2.T):
    h = np.tanh(X @ W1)
    o = sigmoid(h @ W2)
    do = o - Y
    dz = do * o * (1 - o)
    return {"W1": inputs.T @ (back(do, dz) * (1 - h**2)), "W2": h.T @ dz}


def everywhere(d):
    return np.broadcast_to(d.sum(axis=1, keepdims=True), (5, 4))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (by_hand(inputs=1 / X), "X divides, but should multiply, in the gradient of W1"),
        (by_hand(inputs=X**2), "the factor X is applied twice in the gradient of W1"),
        (by_hand(back=lambda do, dz: everywhere(dz)), "the factor W2 is missing in the gradient of h: every entry "),
        (by_hand(back=lambda do, dz: everywhere(do)),
         "the factor W2 is missing in the gradient of h, and what goes back is the gradient of o: its derivative is "
         "missing too"),
    ],
)  # fmt: skip
def test_the_factor_of_a_matrix_product(wrong, said):
    assert check_backward(cost, {"W1": W1, "W2": W2}, by_hand())
    assert said in why(cost, {"W1": W1, "W2": W2}, wrong)


def test_a_function_of_another_shape_behind_a_product_is_not_its_slope():
    """The scores are reshaped for two heads: no gradient of this shape can go back instead of the product's."""
    q, k, out = normal(4, 6), normal(4, 6), normal(2, 4, 4)

    def scores(q, k):
        s = (q @ k.T).reshape(2, 2, 4)
        return np.concatenate([np.tanh(s), s], axis=1)

    assert why(scores, {"q": q, "k": k}, {"q": normal(4, 6), "k": normal(4, 6)}, out) == ""

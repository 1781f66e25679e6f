"""Claims about sums of products: a product of sums, a dot product or a product element by element is told."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
DZ = P.dz1


def test_a_product_of_sums_is_no_sum_of_products():
    given = {**first_layer(P, DZ), "W1": np.outer(P.x.sum(axis=0), DZ.sum(axis=0))}
    assert "the gradient of W1 is a product of two sums, not a sum of products" in why(network, NET, given, NET_OUT)
    given["W1"] = given["W1"] / len(P.x)
    assert "the gradient of W1 is a product of means, not a sum of products" in why(network, NET, given, NET_OUT)


def test_a_dot_product_for_an_outer_product():
    M, m, z = normal(3, 3), normal(3), normal(3)

    def lagrangian(M, m):
        return np.sum(M**2) + m @ (M @ z - 1)

    assert check_backward(lagrangian, {"M": M, "m": m}, {"M": 2 * M + np.outer(m, z), "m": M @ z - 1})
    said = "the gradient of M is the dot product of two vectors, one number, not their outer product"
    assert why(lagrangian, {"M": M, "m": m}, {"M": 2 * M + m @ z, "m": M @ z - 1}, None) == said


DENSE = {"x": normal(3, 3), "W": normal(3, 3)}
DENSE_OUT = normal(3, 3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"W": DENSE["x"] * DENSE_OUT.T}, "the gradient of W.T is a product element by element (*), not a matrix"),
        ({"x": DENSE_OUT.T * DENSE["W"]}, "the gradient of x is a product element by element (*), not a matrix"),
        ({"x": (DENSE_OUT * DENSE["W"]).T}, "the gradient of x is a product element by element (*), not a matrix"),
    ],
)
def test_a_product_element_by_element(wrong, said):
    x, W = DENSE["x"], DENSE["W"]
    right = {"x": DENSE_OUT @ W, "W": DENSE_OUT.T @ x}
    assert check_backward(lambda x, W: x @ W.T, DENSE, right, DENSE_OUT)
    assert said in why(lambda x, W: x @ W.T, DENSE, right | wrong, DENSE_OUT)


def test_shapes_that_do_not_fit_have_no_product_element_by_element():
    inputs = {"x": normal(5, 3), "W": normal(4, 3)}
    dout = normal(5, 4)
    assert why(lambda x, W: x @ W.T, inputs, {"x": dout @ inputs["W"], "W": normal(4, 3)}, dout) == ""


def test_what_is_no_matrix_product_is_not_told_as_one():
    """The right gradient of A is a product element by element too; what is missing is [:, None]."""
    A, B, g = normal(3, 3), normal(3, 3), normal(3)
    rows = lambda A, B: np.einsum("ij,ij->i", A, B)  # noqa: E731
    right = {"A": g[:, None] * B, "B": g[:, None] * A}
    assert check_backward(rows, {"A": A, "B": B}, right, g)
    assert "matrix product" not in why(rows, {"A": A, "B": B}, right | {"A": g * B}, g)


@pytest.mark.parametrize(("of", "slope", "formula"), [
    (np.tanh, lambda y: 1 - y @ y.T, "the matrix product of a and its transpose"),
    (lambda z: 1 / (1 + np.exp(-z)), lambda y: y @ (1 - y).T, "the matrix product of a and the transpose of 1 − a"),
])  # fmt: skip
def test_a_slope_that_is_made_with_a_matrix_product(of, slope, formula):
    """A published mistake: dZ = np.dot(dA, 1 - np.dot(A.T, A))."""
    z, up = normal(5, 3), normal(5, 3)

    def layer(z):
        a = of(z)
        return 2 * a

    a = of(z)
    right = 2 * up * (1 - a * a if of is np.tanh else a * (1 - a))
    assert check_backward(layer, {"z": z}, {"z": right}, up)
    said = why(layer, {"z": z}, {"z": slope(a).T @ (2 * up)}, up)
    assert said == (
        f"the slope of a is made with {formula}, and multiplied by the incoming gradient in another matrix product: "
        "both products are element by element (*)"
    )


def test_the_factors_of_a_matrix_product_in_the_wrong_order():
    """A published mistake: dx = dout @ W.T for W @ x."""
    x, W, up = normal(3, 3), normal(3, 3), normal(3, 3)

    def product(W, x):
        return W @ x

    right = {"W": up @ x.T, "x": W.T @ up}
    assert check_backward(product, {"W": W, "x": x}, right, up)
    said = "in the gradient of x, the two factors of the matrix product are in the wrong order"
    assert why(product, {"W": W, "x": x}, right | {"x": up @ W.T}, up) == said
    said = "in the gradient of W, the two factors of the matrix product are in the wrong order"
    assert why(product, {"W": W, "x": x}, right | {"W": x.T @ up}, up) == said


def test_sums_of_a_matrix_in_the_place_of_the_matrix():
    x, W, up = normal(4, 3), normal(3, 3), normal(4, 3)
    right = {"x": up @ W.T, "W": x.T @ up}
    for axis in (0, 1):
        said = why(lambda x, W: x @ W, {"x": x, "W": W}, right | {"x": up * W.sum(axis=axis)}, up)
        assert f"the gradient of x is multiplied by the sums of W along axis {axis}, one by one (*)" in said


def gates(h, Wr, Wz, Wn):
    r = 1 / (1 + np.exp(-(h @ Wr)))
    z = 1 / (1 + np.exp(-(h @ Wz)))
    n = np.tanh(r * (h @ Wn))
    return (1 - z) * n


def test_sums_in_every_product_of_one_array():
    """The lines of the three gates have different names in them."""
    h, Wr, Wz, Wn, out = normal(4, 3), normal(3, 3), normal(3, 3), normal(3, 3), normal(4, 3)
    r, z = (1 / (1 + np.exp(-(h @ W))) for W in (Wr, Wz))
    n = np.tanh(r * (h @ Wn))
    dz, dn = -out * n * z * (1 - z), out * (1 - z) * (1 - n**2)
    dr, dm = dn * (h @ Wn) * r * (1 - r), dn * r
    given = {"h": dr @ Wr.T + dz @ Wz.T + dm @ Wn.T, "Wr": h.T @ dr, "Wz": h.T @ dz, "Wn": h.T @ dm}
    inputs = {"h": h, "Wr": Wr, "Wz": Wz, "Wn": Wn}
    assert check_backward(gates, inputs, given, out)
    given["h"] = dr * Wr.sum(axis=1) + dz * Wz.sum(axis=1) + dm * Wn.sum(axis=1)
    said = why(gates, inputs, given, out)
    assert "the gradient of h is multiplied by the sums of Wn, Wz and Wr along axis 1, one by one (*)" in said


def test_a_product_of_two_vectors_that_is_their_dot_product():
    """A published mistake: y * (X * w) of matrices in the margin of a logistic regression."""
    x, y, w = normal(8, 3), np.array([1.0, -1, 1, 1, -1, -1, 1, -1]), 0.2 * normal(3)

    def cost(w):
        m = y * (x @ w)
        return np.mean(np.log(1 + np.exp(-m)))

    def by_hand(m):
        return {"w": -x.T @ (y / (1 + np.exp(m))) / 8}

    assert check_backward(cost, {"w": w}, by_hand(y * (x @ w)))
    said = why(cost, {"w": w}, by_hand(np.full(8, y @ (x @ w))))
    assert "m is taken as a dot product, one number for all its elements" in said

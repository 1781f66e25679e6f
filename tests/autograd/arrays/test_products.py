"""Claims about products of arrays of Values: NumPy's numbers, right gradients, one node for each number."""

import numpy as np
import pytest

from autograd import array
from tests.helpers.arrays import ROW, STACK, agree

PRODUCTS = {
    "matrices": lambda x: [x @ x.T, x @ STACK[0].T, STACK[1].T @ x, np.matmul(x, x.T)],
    "vectors": lambda x: [x @ ROW, ROW @ x.T, x[0] @ x[1], x[0] @ [1.0, 2.0, 3.0, 4.0]],
    "stacks": lambda x: [STACK @ x.T, (x[None] * STACK) @ np.swapaxes(x[None] + STACK, -1, -2), STACK @ x[0]],
    "dot": lambda x: [
        np.dot(x, ROW),
        x.dot(x.T),
        np.dot(2.0, x),
        np.dot(STACK, x.T),
        np.vdot(x, x),
        np.dot(x[0], x[1]),
    ],
    "inner and outer": lambda x: [np.inner(x, x), np.outer(x[0], x[1]), np.multiply.outer(x[0], ROW), np.kron(x, ROW)],
    "tensordot": lambda x: [np.tensordot(x, x, axes=([0], [0])), np.tensordot(STACK, x, axes=2)],
    "einsum": lambda x: [np.einsum("ij,kj->ik", x, x), np.einsum("ij->j", x), np.einsum("bij,kj->bik", STACK, x)],
    "einsum, optimised": lambda x: [np.einsum("bij,kj,k->bi", STACK, x, x[:, 0], optimize=True)],
    "chains": lambda x: [np.linalg.multi_dot([x.T, x, ROW]), np.linalg.matrix_power(x[:, :3], 3)],
    "convolution": lambda x: [np.convolve(x[0], [1.0, 2.0]), np.convolve(x[0], x[1], "same"), np.correlate(x[0], ROW)],
    "cross, trace": lambda x: [np.cross(x[:, :3], x[:, 1:]), np.trace(x), x.trace(offset=1)],
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product(name):
    agree(PRODUCTS[name])


def test_a_product_of_matrices_is_one_node_a_number():
    A, B = array(np.ones((2, 3))), array(np.ones((3, 2)))
    for product in (A @ B, np.dot(A, B), A @ np.ones((3, 2)), np.ones((2, 3)) @ B):
        assert {v.op.name for v in product.ravel().tolist()} == {"dot"}


def in_place(x, b):
    y = x.copy()
    y @= b
    return y


def test_a_product_in_place():
    square = np.random.default_rng(2).normal(size=(4, 4))
    agree(lambda x: [in_place(x, square), in_place(x[0], square), in_place(STACK * x[0], square)])
    with pytest.raises(
        ValueError, match=r"a product of shape \(4,\) is written to an array of its shape; got .*\(4, 4\)"
    ):
        in_place(array(square), ROW)

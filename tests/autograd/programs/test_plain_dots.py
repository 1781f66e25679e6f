"""Claims about X.dot(w) with a plain array X: it is recorded as one product, and sums that people write are none."""

import numpy as np
import pytest

from autograd import array, check_backward
from autograd.programs.assignments import Constant, Contraction
from tests.helpers.by_hand import normal, recorded

X, W, V = normal(5, 4), normal(4, 3), normal(4)

PRODUCTS = {
    "matrix times matrix": (lambda w: np.tanh(X.dot(w)), W, ("ab", "bc"), "ac"),
    "matrix times vector": (lambda w: np.tanh(X.dot(w)), V, ("ab", "b"), "a"),
    "vector times matrix": (lambda w: np.tanh(X[1].dot(w)), W, ("b", "bc"), "c"),
    "vector times vector": (lambda w: np.tanh(X[1].dot(w)), V, ("b", "b"), ""),
    "as many rows as columns": (lambda w: np.tanh(X[:3, :3].dot(w[:3])), W, ("ab", "bc"), "ac"),
    "equal numbers": (lambda w: np.tanh(np.ones((2, 4)).dot(w)), W, ("ab", "bc"), "ac"),
    "inside another call": (lambda w: np.sum(X.dot(w)), W, ("ab", "bc"), "ac"),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_it_is_one_product(name):
    forward, w, letters, out = PRODUCTS[name]
    program = recorded(forward, {"w": w}, np.ones(np.shape(forward(w)))).program
    found = [node for node in program.assignments if isinstance(node, Contraction) and len(node.operands) == 2]
    assert [(node.letters, node.out) for node in found] == [(letters, out)]
    assert isinstance(found[0].operands[0], Constant)
    assert found[0].operands[0].value @ found[0].operands[1].value == pytest.approx(found[0].value, rel=1e-15)


def test_it_has_the_texts_of_its_operands_and_the_right_gradient():
    def forward(w):
        return np.sum(np.tanh(X.dot(w)))

    program = recorded(forward, {"w": W}).program
    assert "X" in {node.text for node in program.assignments}
    assert "X.dot(w)" in {node.place.text for node in program.assignments if node.place}
    assert check_backward(forward, {"w": W}, {"w": X.T @ (1 - np.tanh(X @ W) ** 2)})


def test_sums_that_are_written_out_are_no_products():
    def written(w):
        total = X[0, 0] * w[0] + X[0, 1] * w[1]
        return total + sum(x * v for x, v in zip(X[1], w, strict=True)) + 2.0 * w[2]

    program = recorded(written, {"w": V}).program
    assert not any(isinstance(node, Contraction) for node in program.assignments)


def test_the_result_is_an_array_of_values():
    assert type(X.dot(array(W))) is type(array(W))
    assert X.dot(array(W)).data == pytest.approx(X @ W)

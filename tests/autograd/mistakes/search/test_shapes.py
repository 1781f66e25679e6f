"""Claims about shapes: the reason for a gradient of a wrong shape is told."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.search.shapes import misshapen
from tests.helpers.by_hand import (
    BN,
    BN_OUT,
    NET,
    NET_OUT,
    batchnorm,
    first_layer,
    given,
    network,
    network_by_hand,
    normal,
    recorded,
    why,
)

P = network_by_hand()
FOUND = recorded(network, NET, NET_OUT)
DZ = P.dz1


@pytest.mark.parametrize(
    ("name", "array", "said"),
    [
        ("W1", DZ.T @ P.x, "dW1 is transposed: dW1 has shape (4, 3), but W1 has shape (3, 4)"),
        (
            "b1",
            DZ,
            "db1 has shape (5, 4), but b1 has shape (4,): it is not summed over axis 0, along which b1 was broadcast",
        ),
        ("b1", DZ.sum(axis=0, keepdims=True), "its numbers are right, so reshape it"),
        ("b1", DZ * 5, "it is not averaged over axis 0, along which b1 was broadcast"),
        ("b1", DZ.sum(), "db1 has shape (), but b1 has shape (4,): it is also summed over the whole array"),
        ("b1", DZ.sum(axis=0).mean(), "it is also averaged over the whole array"),
        ("W1", (P.x.T @ DZ).sum(axis=0), "it is also summed over axis 0 of W1"),
        ("W1", (P.x.T @ DZ).mean(axis=1), "it is also averaged over axis 1 of W1"),
        ("W1", (P.x.T @ DZ).ravel(), "its numbers are right, so reshape it"),
        ("W1", 3 * DZ.T @ P.x + 1, "it is transposed, and its numbers are wrong too"),
        ("W1", np.ones((2, 2)), "dW1 has shape (2, 2), but W1 has shape (3, 4)"),
        ("b1", np.ones(7), "db1 has shape (7,), but b1 has shape (4,)"),
        ("b1", np.array(2.0), "db1 has shape (), but b1 has shape (4,)"),
        ("b1", DZ.sum(axis=1), "it is summed over axis 1, not over axis 0, along which b1 was broadcast"),
        ("b1", DZ.mean(axis=1, keepdims=True), "it is averaged over axis 1, not over axis 0, along which b1 was"),
    ],
)
def test_what_is_said(name, array, said):
    text = misshapen(given(FOUND, name, array), FOUND)
    assert said in text
    if "has (" in said and ":" not in said:
        assert text == said


def test_several_wrong_shapes_and_a_mistake_besides():
    assert why(network, NET, {**first_layer(P, DZ), "W1": DZ.T @ P.x}, NET_OUT).startswith("dW1 is transposed")
    both = {**first_layer(P, DZ), "W1": DZ.T @ P.x, "b1": DZ.sum()}
    assert "dW1 is transposed" in why(network, NET, both, NET_OUT)
    assert "db1 has shape ()" in why(network, NET, both, NET_OUT)
    besides = {**first_layer(P, DZ), "b1": DZ, "W2": 2 * P.dW2}
    said = why(network, NET, besides, NET_OUT)
    assert "it is not summed over axis 0" in said
    assert ", and also dW2 is 2 times what it should be" in said


def test_a_column_for_a_row():
    dgamma = (BN_OUT * 1.0).sum(axis=0)[:, None]
    assert "its numbers are right, so reshape it" in why(batchnorm, BN, {"beta": dgamma}, BN_OUT)


def test_the_padding_is_still_there():
    x, w, dout = (np.random.default_rng(8).normal(size=n) for n in (5, 3, 5))

    def forward(x):
        padded = np.pad(x, 1)
        return np.stack([padded[t : t + 3] @ w for t in range(5)])

    dpadded = np.zeros(7)
    for t in range(5):
        dpadded[t : t + 3] += dout[t] * w
    assert check_backward(forward, {"x": x}, {"x": dpadded[1:-1]}, dout)
    assert "its inner numbers are right, so cut off the border" in why(forward, {"x": x}, {"x": dpadded}, dout)


def test_labels_in_a_row_and_predictions_in_a_column():
    x, w, y = np.arange(15.0).reshape(5, 3) / 7, np.ones((3, 1)), np.array([1.0, 0, 1, 1, 0])

    def cost(w):
        h = np.tanh(x @ w)
        return 0.5 * np.sum((h - y.reshape(-1, 1)) ** 2)

    h = np.tanh(x @ w)
    assert check_backward(cost, {"w": w}, {"w": x.T @ ((h - y[:, None]) * (1 - h**2))})
    said = why(cost, {"w": w}, {"w": x.T @ ((h - y) * (1 - h**2))})
    assert "as if an array of shape (5,), such as a vector of labels, were subtracted from h, of shape (5, 1)" in said
    assert "labels" not in why(cost, {"w": w}, {"w": np.ones((3, 4))})


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (lambda A, inverse: A.T @ inverse.T, "its trace, the sum of its diagonal, is right"),
        (lambda A, inverse: A * inverse.T, "its sum is right"),
    ],
)
def test_an_array_for_a_number(way, said):
    A, B, t = normal(3, 3), normal(3, 3), np.array(0.4)

    def log_of_determinant(t):
        return np.log(np.abs(np.linalg.det(A * t + B)))

    inverse = np.linalg.inv(A * t + B)
    assert check_backward(log_of_determinant, {"t": t}, {"t": np.trace(inverse @ A)})
    found = why(log_of_determinant, {"t": t}, {"t": way(A, inverse)}, None)
    assert found == f"dt has shape (3, 3), but t has shape (): {said}"


def test_a_mistake_in_a_gradient_that_is_transposed_too():
    found = why(network, NET, {"W1": (3 * P.x.T @ DZ).T}, NET_OUT)
    assert found.startswith("dW1 has shape (4, 3), but W1 has shape (3, 4): it is transposed, and its numbers are")
    assert ", and also dW1 is 3 times what it should be" in found
    unknown = why(network, NET, {"W1": normal(4, 3)}, NET_OUT)
    assert unknown.endswith("it is transposed, and its numbers are wrong too")

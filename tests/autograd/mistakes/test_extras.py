"""Claims about what is put in: penalties, a constant, weights that moved, an upstream that is left out, a − y."""

import numpy as np
import pytest

from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
RIGHT = first_layer(P, P.dz1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (0.1 * P.W1, "yours − right is 0.1 · W1: an L2 penalty that this cost does not have"),
        (0.37 * P.W1, "yours − right is 0.37 · W1"),
        (0.01 * np.sign(P.W1), "yours − right is 0.01 · sign(W1): an L1 penalty"),
        (0.5 * np.ones((3, 4)), "yours − right is 0.5 in every place of W1"),
        (np.vstack([np.zeros((1, 4)), 0.2 * P.W1[1:]]), "in all but the first row"),
    ],
)
def test_a_penalty(more, said):
    assert said in why(network, NET, {**RIGHT, "W1": RIGHT["W1"] + more}, NET_OUT)


def test_a_penalty_on_all_weights():
    given = {**RIGHT, "W1": RIGHT["W1"] + 0.1 * P.W1, "W2": RIGHT["W2"] + 0.1 * P.W2}
    assert "yours − right is 0.1 · W1, W2: an L2 penalty" in why(network, NET, given, NET_OUT)


def test_weights_that_were_updated_on_the_way():
    moved = P.W2 - 0.05 * P.dW2
    dz1 = NET_OUT @ moved.T * (1 - P.a1**2)
    said = why(network, NET, first_layer(P, dz1), NET_OUT)
    assert "through weights W2 that were updated already (learning rate 0.05)" in said


def test_the_upstream_is_left_out():
    p = network_by_hand(np.ones((5, 2)))
    assert "the incoming gradient, upstream, is missing" in why(network, NET, first_layer(p, p.dz1), NET_OUT)


def test_the_result_in_the_place_of_the_upstream():
    p = network_by_hand(P.a1 @ P.W2 + P.b2)
    said = why(network, NET, first_layer(p, p.dz1), NET_OUT)
    assert "itself stands in the place of the incoming gradient, upstream" in said


def cost(x, W, y):
    z = x @ W
    a = 1 / (1 + np.exp(-z))
    return 0.5 * ((a - y) ** 2).sum()


def test_the_error_in_the_place_of_delta():
    """a − y is the δ of another cost, or of another activation."""
    x, W, y = normal(5, 3), normal(3, 2), normal(5, 2)
    a = 1 / (1 + np.exp(-(x @ W)))
    said = why(cost, {"x": x, "W": W, "y": y}, {"W": x.T @ (a - y)})
    assert "σ′(z) is missing" in said
    said = why(cost, {"x": x, "W": W, "y": y}, {"W": x.T @ a})
    assert "the gradient of z is taken as" in said
    said = why(cost, {"x": x, "W": W, "y": y}, {"W": x.T @ (0.2 * a)})
    assert "is taken as 0.2 · (a), which it is not for this cost" in said

"""Claims about gradients with several mistakes, of which one is known: it is told for those that it explains."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.backprop import Net
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal

P = network_by_hand()


def test_one_of_two_mistakes():
    """σ′ is missing in δ of layer 1, and nobody knows what is wrong with dx."""
    unmasked = first_layer(P, NET_OUT @ NET["W2"].T)
    given = {**first_layer(P, P.dz1), "W1": unmasked["W1"], "b1": unmasked["b1"], "x": normal(5, 3)}
    verdict = check_backward(network, NET, given, NET_OUT)
    assert verdict.why == ""
    assert verdict.where.endswith(
        "of these, dW1 and db1 alone would be explained: tanh′(z1) is missing: the gradient of a1 is passed back to z1 "
        "unchanged; mend it, and ask again for the rest"
    )
    assert verdict.whereabouts.text in verdict.text
    assert str(verdict).endswith(": " + verdict.where.splitlines()[-1])
    assert verdict.text.count("alone would be explained") == 1


def test_a_known_factor_of_one_gradient():
    given = {**first_layer(P, P.dz1), "x": normal(5, 3)}
    given["W1"] = 2 * given["W1"]
    verdict = check_backward(network, NET, given, NET_OUT)
    assert verdict.why == ""
    assert "of these, dW1 alone would be explained: dW1 is 2 times what it should be" in verdict.where


@pytest.mark.all_the_time
def test_random_numbers_have_no_such_reason():
    for _ in range(5):
        given = {**first_layer(P, P.dz1), "W1": normal(3, 4), "b1": normal(4), "x": normal(5, 3)}
        assert "alone" not in check_backward(network, NET, given, NET_OUT).where


def test_in_a_network():
    net = Net((4, 5, 3), "tanh", "sigmoid", n=6)
    dW, db = net.backprop()
    dW[1], db[0] = -dW[1], normal(5)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    assert verdict.why == ""
    assert "of these, dW[1] alone would be explained: dW[1] has the wrong sign" in verdict.where
    assert np.all([line in str(verdict) for line in verdict.where.split("\n")])

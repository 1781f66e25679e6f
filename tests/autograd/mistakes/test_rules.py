"""Claims about the rules that edits share: what goes back along a way."""

import numpy as np

from autograd.mistakes.rules import all_multiplied, instead, multiplied, of_another, stopped, with_operands
from autograd.programs.reverse import Way
from tests.helpers.by_hand import normal, recorded

X, W, OUT = normal(4, 3), normal(3, 2), normal(4, 2)


def product(x, W):
    return x @ W


PASS = recorded(product, {"x": X, "W": W}, OUT)
(TO_X,) = (way for way in PASS.backward.passed if PASS.target(way).name == "x")
FLOW = normal(4, 2)


def test_a_way_leads_from_a_node_to_a_target():
    assert PASS.node(TO_X) is PASS.result
    assert PASS.target(TO_X) is PASS.inputs["x"]
    assert Way(PASS.result.number, TO_X.position) == TO_X


def test_what_goes_back_instead():
    assert instead(X, FLOW) is X
    assert np.array_equal(stopped(PASS, [TO_X])[TO_X](FLOW), np.zeros((4, 3)))
    np.testing.assert_allclose(multiplied(PASS, TO_X, X)(FLOW), FLOW @ W.T * X)
    np.testing.assert_allclose(of_another(PASS, TO_X, OUT)(FLOW), OUT @ W.T)
    np.testing.assert_allclose(with_operands(PASS, TO_X, {1 - TO_X.position: 2 * W})(FLOW), FLOW @ (2 * W).T)


def test_several_ways_are_multiplied_in_one_change():
    changed = PASS.backward.replaced(all_multiplied(PASS, PASS.backward.passed, -3.0))
    np.testing.assert_allclose(changed[PASS.inputs["W"].number], -3 * X.T @ OUT)
    np.testing.assert_allclose(changed[PASS.inputs["x"].number], -3 * OUT @ W.T)

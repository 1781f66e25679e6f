"""Claims about mistakes in the derivative of a cost that has the softmax or the sigmoid in it."""

import numpy as np
import pytest

from tests.helpers.backprop import Net


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_softmax_divides_by_the_sum_over_all_examples(depth):
    net = Net((*(4, 5, 6)[:depth], 3), "tanh", "linear", "softmax_cross_entropy", n=7)
    powers = np.exp(net.a[-1])
    dW, db = net.backprop(error=lambda net: (powers / powers.sum() - net.Y) / net.n)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    assert verdict.why == "the softmax divides by the sum over all examples, not by that of each example"


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_term_of_the_other_label_has_the_wrong_sign(depth):
    net = Net((*(4, 5, 6)[:depth], 3), "tanh", "linear", "binary_cross_entropy", n=7)
    p = net.p
    dW, db = net.backprop(error=lambda net: (-net.Y / p - (1 - net.Y) / (1 - p)) * p * (1 - p) / net.n)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    said = "the term of 1 − y has the wrong sign: ∂C/∂σ(a) is −y/σ(a) + (1 − y)/(1 − σ(a))"
    assert verdict.why.startswith(said)


def test_one_example_has_no_sum_over_all():
    net = Net((4, 3), "tanh", "linear", "softmax_cross_entropy", n=1)
    dW, db = net.backprop()
    assert net.compared().against(dW=dW, db=db, convention="rows")

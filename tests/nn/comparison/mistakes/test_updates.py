"""Claims about weights that are updated before the error is passed back: the reason has the learning rate."""

import numpy as np
import pytest

from tests.helpers.backprop import Net

NETS = [("sigmoid", "sigmoid"), ("tanh", "tanh"), ("sigmoid", "linear")]


def by_hand(net, rate, errors, also=0.0):
    """Layers from the last to the first: each updates its weights, then passes δ back, or ∂C/∂a."""
    e, dW, db = net.error / net.n, [], []
    for l in range(net.depth, 0, -1):
        from_a = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2, "linear": np.ones_like}
        delta = e * from_a[net.kinds[l - 1]](net.a[l])
        dW.insert(0, net.a[l - 1].T @ delta)
        db.insert(0, delta.sum(axis=0))
        e = (e if errors else delta) @ (net.W[l] - rate * dW[0] + also * net.W[l]).T
    return dW, db


@pytest.mark.parametrize("kinds", NETS)
@pytest.mark.parametrize("depth", [2, 3, 4])
@pytest.mark.parametrize("rate", [0.01, 0.3])
def test_the_learning_rate_is_told(kinds, depth, rate):
    net = Net((*(4, 5, 6, 3)[:depth], 2), *kinds, n=7)
    dW, db = by_hand(net, rate, errors=False)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    assert verdict.why.startswith(f"BP2 uses weights that were already updated (learning rate {rate:g})")
    assert net.compared().against(**dict(zip(("dW", "db"), by_hand(net, 0.0, errors=False), strict=True)))


@pytest.mark.parametrize("kinds", NETS[:2])
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_and_so_it_is_where_the_error_is_passed_back_instead_of_delta(kinds, depth):
    net = Net((*(4, 5, 6, 3)[:depth], 2), *kinds, n=7)
    dW, db = by_hand(net, 0.1, errors=True)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    said = "BP2 passes ∂C/∂a back, not δ, and uses weights that were already updated (learning rate 0.1)"
    assert said in verdict.why


@pytest.mark.parametrize("depth", [2, 3])
def test_delta_is_passed_back_through_both_weights(depth):
    """A published mistake: the sum in BP2 is added up before and after the update of the weights."""
    net = Net((*(4, 5, 6)[:depth], 2), "sigmoid", "sigmoid", n=7)
    dW, db = by_hand(net, 0.1, errors=False, also=1.0)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert "BP2 passes δ back twice: through the weights, and through weights that were already updated" in why
    assert "(learning rate 0.1)" in why


def test_random_gradients_have_no_learning_rate():
    net = Net((4, 5, 3), "sigmoid", "sigmoid", n=7)
    dW, db = net.backprop()
    dW[0] = np.random.default_rng(1).normal(size=dW[0].shape)
    assert net.compared().against(dW=dW, db=db, convention="rows").why == ""

"""Claims about δ that is rounded to a few decimals before it is used."""

import numpy as np
import pytest

from tests.helpers.backprop import Net, at, right_delta


@pytest.mark.parametrize("n", [1, 5])
@pytest.mark.parametrize(("layers", "where"), [([1, 2], "every layer"), ([2], "layer 2"), ([1], "layer 1")])
@pytest.mark.parametrize("decimals", [2, 3, 5])
def test_the_layers_and_the_decimals_are_told(n, layers, where, decimals):
    """A published mistake: delta = roundThreeDecimals(…)."""
    net = Net((3, 4, 2), "sigmoid", "sigmoid", n=n)
    rounded = lambda net, l, e: np.round(right_delta(net, l, e) * net.n, decimals) / net.n  # noqa: E731
    dW, db = net.backprop(delta=at(layers, rounded, right_delta))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == f"in {where}: δ is rounded to {decimals} decimals before it is used"


def test_with_another_mistake_nothing_is_said():
    """So few digits are left that many mistakes would fit."""
    net = Net((2, 3, 1), "sigmoid", "sigmoid", n=1)
    without_slope = lambda net, l, e: np.round(e if l == 1 else right_delta(net, l, e), 3)  # noqa: E731
    dW, db = net.backprop(delta=without_slope)
    assert "rounded" not in net.compared().against(dW=dW, db=db, convention="rows").why

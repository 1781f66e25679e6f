"""Claims about BP3 in which the biases themselves come in, as in `bias += rate * delta * bias`."""

import pytest

from tests.helpers.backprop import Net, at, right_sum


@pytest.mark.parametrize("n", [1, 6])
@pytest.mark.parametrize(("layers", "where"), [([1], "in layer 1"), ([2], "in layer 2"), ([1, 2], "in every layer")])
def test_the_biases_multiply(n, layers, where):
    net = Net((3, 4, 2), "tanh", "sigmoid", n=n)
    dW, db = net.backprop(db=at(layers, lambda net, l, delta: delta[l].sum(axis=0) * net.b[l], right_sum))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == f"{where}: BP3 multiplies by the biases b, which do not belong there: ∂z/∂b is 1"


def test_dw_is_summed_over_the_inputs_in_every_layer():
    net = Net((3, 4, 2), "tanh", "sigmoid", n=6)
    dW, db = net.backprop(db=lambda net, l, delta: (net.a[l - 1].T @ delta[l]).sum(axis=0))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why.startswith("in every layer: BP3 sums dW over the layer's inputs, not δ over the examples")

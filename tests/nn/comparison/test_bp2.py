"""Claims about BP2 without the next layer's weights, where that layer has one neuron."""

import pytest

from tests.helpers.backprop import Net, right_delta


@pytest.mark.parametrize("output", ["sigmoid", "tanh"])
@pytest.mark.parametrize("n", [1, 6])
def test_the_output_passes_its_delta_or_its_error_to_every_hidden_neuron(output, n):
    net = Net((3, 4, 1), "sigmoid", output, n=n)
    error = net.error / n
    delta = right_delta(net, 2, error)
    for passed, more in ((delta, ""), (error, ", and passes ∂C/∂a back, not δ")):
        dW, db = net.backprop(back=lambda net, l, e, delta, passed=passed: passed)
        why = net.compared().against(dW=dW, db=db, convention="rows").why
        assert why.split("; or ")[0] == f"in layer 1: BP2 leaves the next layer's weights out{more}"


def test_the_error_in_the_place_of_delta_where_the_widths_are_equal():
    net = Net((3, 4, 4), "tanh", "sigmoid", n=6)
    dW, db = net.backprop(back=lambda net, l, e, delta: e)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert "in layer 1: BP2 leaves the next layer's weights out, and passes ∂C/∂a back, not δ" in why

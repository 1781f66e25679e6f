"""Claims about BP2 without the next layer's weights, where that layer has one neuron."""

import numpy as np
import pytest

from tests.helpers.backprop import Net, at, right_back, right_delta, right_gradient, slope


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


@pytest.mark.parametrize("n", [1, 6])
def test_the_deltas_of_the_next_layer_are_summed_without_the_weights(n):
    """A published mistake: δˡ is Σ δˡ⁺¹ ∘ σ′(zˡ)."""
    net = Net((3, 4, 2, 3), "sigmoid", "sigmoid", n=n)
    back = lambda net, l, e, delta: np.broadcast_to(delta.sum(axis=1, keepdims=True), net.a[l - 1].shape)  # noqa: E731
    dW, db = net.backprop(back=back)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in every layer: BP2 leaves the next layer's weights out"


@pytest.mark.parametrize(("n", "sizes"), [(1, (3, 4, 1)), (5, (3, 4, 2))])
def test_bp2_without_the_derivative_of_the_cost(n, sizes):
    """A published mistake: the hidden layer gets σ′(zᴸ) Wᴸ, and the last layer is right."""
    net = Net(sizes, "sigmoid", "sigmoid", n=n)
    dW, db = net.backprop(back=lambda net, l, e, delta: slope("sigmoid", net.z[l]) @ net.W[l].T / net.n)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why.split("; or ")[0] == (
        "in layer 1: BP2 passes σ′(z²) back, not δ²: the derivative of the cost is missing in BP2 only"
    )


@pytest.mark.parametrize("layers", [[2], [2, 3]])
def test_the_outputs_pass_back(layers):
    """A published mistake: the next layer's outputs, not its δ, go back through its weights."""
    net = Net((3, 4, 3, 2), "tanh", "tanh", n=5)
    back = lambda net, l, e, delta: net.a[l] @ net.W[l].T  # noqa: E731
    dW, db = net.backprop(back=at(layers, back, right_back))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    where = "in layer 1" if layers == [2] else "in every layer but the last"
    assert why.split("; or ")[0] == f"{where}: BP2 passes the outputs a of the next layer back, not δ"


@pytest.mark.parametrize(("output", "cost"), [("sigmoid", "quadratic"), ("linear", "binary_cross_entropy")])
def test_every_layer_takes_the_error_of_the_last(output, cost):
    """A published mistake: linear_backward(sigmoid_backward(dAL, cache)) in the loop over the layers."""
    net = Net((3, 4, 5, 1), "sigmoid", output, cost, n=6)
    error = net.error if output == "sigmoid" else (net.p - net.Y) / (net.p * (1 - net.p))
    delta = lambda net, l, e: error / net.n * slope("sigmoid", net.z[l])  # noqa: E731
    dW, db = net.backprop(delta=delta)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why.endswith("of the last layer, is used as ∂C/∂a, so BP2 is missing")


def test_the_output_passes_back_where_it_is_one_number():
    """Then this is a factor of δ too, but the factor is no known one: it says less."""
    net = Net((2, 4, 1), "sigmoid", "sigmoid", n=1)
    back = lambda net, l, e, delta: net.a[l] @ net.W[l].T  # noqa: E731
    dW, db = net.backprop(back=at([2], back, right_back))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why.startswith("in layer 1: BP2 passes the outputs a of the next layer back, not δ")
    assert "times" not in why


@pytest.mark.parametrize("n", [1, 4])
def test_a_wrong_entry_is_cut_off_and_the_weights_are_updated(n):
    """Two published mistakes in one program: np.delete of the wrong column, from weights that were updated."""
    net, rate, cut = Net((3, 5, 2), "sigmoid", "sigmoid", n=n), 0.1, 2

    def back(net, l, e, delta):
        W, b = net.W[l] - rate * right_gradient(net, l, {l: delta}), net.b[l] - rate * delta.sum(axis=0)
        return np.delete(delta @ np.column_stack([W.T, b]), cut, axis=1) if l == 2 else right_back(net, l, e, delta)

    dW, db = net.backprop(back=back)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert "BP2 cuts the 3. entry of the product off, not the last, and uses weights that were already updated" in why
    assert "(learning rate 0.1)" in why


def test_the_slope_of_the_next_layer_and_weights_that_are_updated():
    """A published mistake: δ2 · (W2 + h δ2) · o (1 − o) goes back, and the hidden layer has no slope of its own."""
    net = Net((3, 4, 2), "sigmoid", "sigmoid", n=1)

    def back(net, l, e, delta):
        moved = net.W[l] - (net.a[l - 1].T @ delta if l == 2 else 0.0)
        return (delta * slope("sigmoid", net.z[l])) @ moved.T if l == 2 else right_back(net, l, e, delta)

    hidden = lambda net, l, e: e if l == 1 else right_delta(net, l, e)  # noqa: E731
    dW, db = net.backprop(back=back, delta=hidden)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    said = "in layer 1: BP2 multiplies by σ′ of the next layer once more, and the layer's own σ′(z) is missing"
    assert f"{said}, and the weights were already updated (learning rate 1)" in why


@pytest.mark.parametrize("depth", [2, 3])
def test_the_gradients_of_the_weights_are_added_up(depth):
    """A published mistake: d_w1 = (d_w5 + d_w6) h1 (1 − h1) x1, where it should be δ5 w5 + δ6 w6."""
    net = Net((*(4, 5, 6)[:depth], 2), "sigmoid", "sigmoid", n=7)

    def back(net, l, e, delta):
        return delta.sum(axis=1, keepdims=True) * net.a[l - 1]

    dW, db = net.backprop(back=back)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert "BP2 adds up ∂C/∂w of the next layer, δ a: it should add up δ w" in why

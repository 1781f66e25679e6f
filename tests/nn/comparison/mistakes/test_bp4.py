"""Claims about BP4 with σ′ of a layer's inputs in the place of the inputs, where x is an input too."""

import numpy as np
import pytest

from tests.helpers.backprop import FORMULA, Net, at, right_gradient


@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid"])
def test_the_formula_of_the_slope_takes_the_inputs(hidden):
    """A published mistake: dW = δ @ relu_derivative(inputs).T, in every hidden layer."""
    net = Net((5, 6, 4, 3), hidden, "linear", "softmax_cross_entropy", n=7)
    wrong = lambda net, l, delta: FORMULA[hidden](net.a[l - 1]).T @ delta[l]  # noqa: E731
    assert net.compared().against(dW=net.backprop()[0], db=net.backprop()[1], convention="rows")
    for layers, said in (
        ([1], "in layer 1: BP4 uses σ′ of the layer's inputs, by its formula, not the inputs themselves"),
        ([1, 2], "in layer 1: BP4 uses σ′ of the layer's inputs, by its formula, not the inputs themselves"),
        ([1, 2, 3], "in layers 1, 2 and 3: BP4 uses σ′ of the layer's inputs, by its formula"),
    ):
        dW, db = net.backprop(dW=at(layers, wrong, right_gradient))
        assert said in net.compared().against(dW=dW, db=db, convention="rows").why


def test_neurons_without_a_gradient():
    """A published mistake: the loop over the hidden neurons ends with the number of outputs."""
    net = Net((4, 5, 2), "sigmoid", "sigmoid", n=1)
    dW, db = net.backprop()
    dW[0] = dW[0] * (np.arange(5) < 2)
    verdict = net.compared().against(dW=dW, db=db, convention="rows")
    assert verdict.why == "neurons 3, 4 and 5 of layer 1 have no gradient in dW[0]: it is 0 there"


@pytest.mark.parametrize(("axis", "there", "said"), [
    (0, 1, "in dW[0], only neuron 2 of layer 1 is set, to the numbers of neuron 5: every step of a loop writes there"),
    (1, 0, "in dW[0], only input 1 of layer 1 is set, to the numbers of input 4: every step of a loop writes there"),
])  # fmt: skip
def test_one_neuron_or_input_is_set_alone(axis, there, said):
    net = Net((4, 5, 2), "sigmoid", "sigmoid", n=3)
    dW, db = net.backprop()
    own, wrong = np.moveaxis(dW[0].T, axis, 0), np.zeros_like(np.moveaxis(dW[0].T, axis, 0))
    wrong[there] = own[-1]
    dW[0] = np.moveaxis(wrong, 0, axis).T
    assert net.compared().against(dW=dW, db=db, convention="rows").why == said


def test_the_products_without_the_biases_stand_for_the_outputs():
    net = Net((4, 5, 2), "sigmoid", "sigmoid", n=3)
    dW, db = net.backprop(dW=at([2], lambda net, l, delta: (net.z[1] - net.b[1]).T @ delta[l], right_gradient))
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why == "in layer 2: BP4 uses z¹ − b¹, not a of the layer before"


def test_the_own_weights_stand_for_the_inputs():
    """A published mistake: dw2 = delta * w2, in a network of one neuron a layer, and also of more."""
    for sizes, n in (((1, 1, 1), 6), ((4, 5, 2), 3)):
        net = Net(sizes, "sigmoid", "sigmoid", n=n)
        own = lambda net, l, delta: delta[l].sum(axis=0) * net.W[l]  # noqa: E731
        dW, db = net.backprop(dW=at([1, 2], own, right_gradient))
        why = net.compared().against(dW=dW, db=db, convention="rows").why
        assert why == "in every layer: BP4 multiplies δ by the layer's own weights, not by a of the layer before"


def test_the_gradient_of_one_neuron_is_written_to_another():
    net = Net((4, 5, 2), "sigmoid", "sigmoid", n=3)
    dW, db = net.backprop()
    dW[0][:, 1], dW[0][:, 2] = dW[0][:, 2], 0.0
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    said = "in dW[0] of layer 1, neuron 2 has the numbers of neuron 3 and neuron 3 is 0"
    assert why == f"{said}: the gradient of one neuron is written to another"


@pytest.mark.parametrize(("cost", "said"), [
    ("quadratic", "in layer 1: BP4 multiplies ∂C/∂a by sigmoid′ of the layer's inputs, one by one, not by σ′(z)"),
    ("binary_cross_entropy", "in layer 1: BP4 multiplies by sigmoid′ of the layer's inputs, one by one, which does not "
     "belong there"),
])  # fmt: skip
def test_the_slope_is_taken_at_the_inputs(cost, said):
    """A published mistake, of an exercise: error_term = (y - output) * sigmoid_prime(x), with the features x."""
    net = Net((5, 1), "sigmoid", "sigmoid" if cost == "quadratic" else "linear", cost, n=7)
    slope = FORMULA["sigmoid"](1 / (1 + np.exp(-net.X)))
    error = (net.a[1] - net.Y) if cost == "quadratic" else net.p - net.Y
    wrong = ((error / net.n * slope) * net.X).sum(axis=0)[:, None]
    assert net.compared().against(dW=net.backprop()[0], convention="rows")
    assert net.compared().against(dW=[wrong], convention="rows").why == said


def test_the_product_of_the_inputs_is_never_set_back():
    """A published mistake, of a loop over the features: gradient *= x[j]."""
    net = Net((4, 3, 2), "sigmoid", "sigmoid", n=5)
    wrong = lambda net, l, delta: np.cumprod(net.a[l - 1], axis=1).T @ delta[l]  # noqa: E731
    for layers, where in (([1], "in layer 1"), ([1, 2], "in every layer")):
        dW, db = net.backprop(dW=at(layers, wrong, right_gradient))
        why = net.compared().against(dW=dW, db=db, convention="rows").why
        assert why == f"{where}: BP4 multiplies δ by the product of all inputs up to the k-th, not by the k-th alone"


@pytest.mark.parametrize("cost", ["quadratic", "binary_cross_entropy"])
def test_the_own_output_of_one_neuron_gives_one_number(cost):
    """A published mistake: dW2 = dZ2 · A2ᵀ, of shape (1, 1), for dZ2 · A1ᵀ."""
    net = Net((3, 4, 1), "sigmoid", "sigmoid" if cost == "quadratic" else "linear", cost, n=6)
    out = net.a[2] if cost == "quadratic" else net.p
    for shape in ((1, 1), (4, 1)):
        wrong = lambda net, l, delta, shape=shape: np.broadcast_to(out.T @ delta[l], shape)  # noqa: E731
        dW, db = net.backprop(dW=at([2], wrong, right_gradient))
        why = net.compared().against(dW=dW, db=db, convention="rows").why
        assert why.startswith("in layer 2: BP4 uses the layer's own output, not a of the layer before: this is one")

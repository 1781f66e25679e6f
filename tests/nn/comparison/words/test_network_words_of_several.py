"""Claims about the words of `against` for several mistakes at once, beside a penalty, or in all arrays of one kind."""

import numpy as np
import pytest

from nn import MLP, compare
from tests.helpers.backprop import FORMULA, Net


def penalised():
    rng = np.random.default_rng(3)
    weights, biases = [rng.normal(size=(4, 3)), rng.normal(size=(2, 4))], [rng.normal(size=4), rng.normal(size=2)]
    model = MLP.from_arrays(weights, biases, "tanh", "sigmoid")
    found = compare(model, rng.normal(size=(6, 3)), rng.uniform(size=(6, 2)), l2=0.5)
    return found, [W.copy() for W in model.weights], [found.closed_form.dW[k].copy() for k in (0, 1)]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.5, "the gradient of the L2 penalty, 0.5 · W[0] and 0.5 · W[1], is 0.5 times what it should be"),
        (-1.0, "the gradient of the L2 penalty, 0.5 · W[0] and 0.5 · W[1], is subtracted, but should be added"),
        (1 / 6, "the gradient of the L2 penalty, 0.5 · W[0] and 0.5 · W[1], is 1/n = 0.166667 times what it should be"),
    ],
)
def test_the_penalty_has_a_wrong_factor(share, said):
    found, W, dW = penalised()
    assert found.against(dW=dW)
    assert found.against(dW=[d + (share - 1) * 0.5 * w for d, w in zip(dW, W, strict=True)]).why == said


def test_a_factor_of_all_but_the_penalty():
    found, W, dW = penalised()
    said = found.against(dW=[6 * (d - 0.5 * w) + 0.5 * w for d, w in zip(dW, W, strict=True)]).why
    assert said.startswith("without the gradient 0.5 · W of the L2 penalty, dW[0] and dW[1] are n = 6 times")


def test_the_biases_have_the_penalty_of_ones():
    """A published mistake: the matrix of biases and weights, with ones in the column of the biases, times λ."""
    found, _, dW = penalised()
    db = [found.closed_form.db[k] + 0.5 for k in (0, 1)]
    said = found.against(dW=dW, db=db).why
    assert said.endswith("as if the biases had the penalty's weight 0.5 and were 1: biases have no penalty")


def test_the_biases_of_one_example_have_one_number_each():
    net = Net((4, 5, 3, 2), "sigmoid", "sigmoid", n=1)
    dW, db = net.backprop()
    said = net.compared().against(dW=dW, db=[np.full_like(v, v.sum()) for v in db], convention="rows").why
    assert said == "db[0] … db[2] have one number for all neurons, their sum"


@pytest.mark.parametrize("own", [True, False])
def test_bp4_with_the_dot_product_of_two_vectors(own):
    """A published mistake: np.dot(delta, a) of two vectors is one number."""
    net = Net((3, 3, 3), "sigmoid", "linear", "softmax_cross_entropy", n=1)
    outputs = [None, net.a[1], net.p] if own else net.a
    dot = lambda net, l, delta: np.sum(delta[l] * outputs[l - (not own)])  # noqa: E731
    dW, db = net.backprop(dW=dot)
    said = net.compared().against(dW=dW, db=db, convention="rows").why.split("; or ")[0]
    assert said.startswith("in layers 1 and 2: BP4 uses the dot product of δ and ")
    assert said.endswith(" which is one number, not their outer product")
    assert ("the layer's own a, not that of the layer before," in said) == own


def test_a_wrong_formula_and_weights_that_were_updated():
    net = Net((3, 4, 2), "tanh", "tanh", n=1)
    formula = lambda net, l, e: e * FORMULA["sigmoid"](net.a[l])  # noqa: E731
    moved = lambda net, l, e, delta: delta @ (net.W[l] - 0.4 * net.a[l - 1].T @ delta).T  # noqa: E731
    dW, db = net.backprop(delta=formula, back=moved)
    said = net.compared().against(dW=dW, db=db, convention="rows").why
    assert said.startswith(
        "in every layer: a (1 − a) is the derivative of the sigmoid, not of this layer's σ, and also "
    )
    assert "BP2 uses weights that were already updated (learning rate 0.4)" in said


@pytest.mark.parametrize("db", [[1.0, 2.0, 3.0], [0.5, 0.25, 1.0], [1.0, 1.0, 1.0]])
def test_one_short_number_for_each_layer_has_no_reason(db):
    net = Net((3, 4, 3, 2), "tanh", "sigmoid", n=4)
    assert net.compared().against(db=db).why == ""


def test_a_factor_of_some_gradients_is_not_said_of_all():
    net = Net((3, 4, 3, 2), "tanh", "sigmoid", n=4)
    dW, db = net.backprop()
    said = net.compared().against(dW=[2 * d for d in dW], db=[db[0][::-1], *db[1:]], convention="rows").why
    assert said == "db[0] is in reverse order, and also dW[0] … dW[2] are 2 times what they should be"
    said = net.compared().against(dW=[2 * d for d in dW], db=[0 * d for d in db], convention="rows").why
    assert said.startswith("db[0] … db[2] are all zeros, and also dW[0] … dW[2] are 2 times what they should be")
    assert "; or " not in said


def test_zeros_and_weights_in_the_place_of_gradients_beside_a_penalty():
    found, W, dW = penalised()
    db = list(found.closed_form.db)
    zeros = [0 * d for d in dW]
    assert found.against(dW=zeros, db=db).why == "dW[0] and dW[1] are all zeros"
    said = found.against(dW=zeros, db=[0 * d for d in db]).why
    assert said == "db[0] and db[1] are all zeros, and also dW[0] and dW[1] are all zeros"
    assert found.against(dW=W, db=db).why == "dW[0] and dW[1] are W[0] and W[1] themselves"
    each = [k * (d - 0.5 * w) + 0.5 * w for k, d, w in zip((3, -2), dW, W, strict=True)]
    said = found.against(dW=each, db=db).why
    assert said.startswith("without the gradient 0.5 · W of the L2 penalty, dW[0] is 0.5n = 3 times, dW[1] −2 times")


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("formula", ["a (1 − a)", "1 − a²"])
def test_a_slope_in_bp4_alone(layer, formula):
    """A published mistake: output_delta = error * output * (1 - output) for dW alone, of a linear output."""
    net = Net((3, 4, 2), "relu", "linear", n=6)
    a = net.a[layer]
    by = a * (1 - a) if formula == "a (1 − a)" else 1 - a**2
    dW, db = net.backprop()
    dW[layer - 1] = net.a[layer - 1].T @ (by * (net.error / 6 if layer == 2 else _hidden_delta(net)))
    said = net.compared().against(dW=dW, db=db, convention="rows").why
    assert f"in layer {layer}: BP4 multiplies δ by {formula}, which does not belong there" in said


def _hidden_delta(net):
    return net.error / 6 @ net.W[2].T * (net.z[1] > 0)


def test_the_biases_have_the_weights_penalty():
    found, _, dW = penalised()
    db = [found.closed_form.db[k] + 0.5 * found.model.biases[k] for k in (0, 1)]
    assert found.against(dW=dW, db=db).why.endswith(
        "the L2 penalty is put on the biases too, but this cost has it for the weights alone"
    )


def test_the_penalty_of_the_weight_is_added_to_the_bias():
    """A published mistake: one number is added to the whole vector of intercept and weight."""
    rng = np.random.default_rng(5)
    x, y, w = rng.normal(size=(7, 1)), rng.normal(size=(7, 1)), np.array([[-0.6]])
    found = compare(MLP.from_arrays([w], [np.array([0.8])], output="linear"), x, y, cost="mean_squared_error", l2=0.7)
    dW, db = found.closed_form.dW[0], found.closed_form.db[0]
    assert found.against(dW=[dW], db=[db])
    said = "the gradient of the L2 penalty, 0.7 · W[0], is added to db[0] too: biases have no penalty"
    assert found.against(dW=[dW], db=[db + 0.7 * w[0]]).why == said

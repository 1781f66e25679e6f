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
    dot = lambda net, l, delta: np.full_like(net.W[l], np.sum(delta[l] * outputs[l - (not own)]))  # noqa: E731
    dW, db = net.backprop(dW=dot)
    said = net.compared().against(dW=dW, db=db, convention="rows").why.split("; or ")[0]
    assert said.startswith("in layers 1 and 2: BP4 uses the dot product of δ and a, which is one number, not their")
    assert said.endswith("not that of the layer before") == own


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

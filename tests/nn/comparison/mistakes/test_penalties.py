"""Claims about mistakes in the gradient of the L2 penalty: its factor, its biases, another array, or nothing else."""

import numpy as np
import pytest

from nn import MLP, compare
from tests.helpers.backprop import Net
from tests.helpers.by_hand import normal

X, Y, L2 = normal(6, 4), normal(6, 2), 0.3
W = [normal(3, 4), normal(2, 3)]
B = [normal(3), normal(2)]


def gradients():
    """Returns the gradients of the data alone, by hand, each a list by layers: of W and of b."""
    a = np.tanh(X @ W[0].T + B[0])
    d2 = (a @ W[1].T + B[1] - Y) / 6
    d1 = d2 @ W[1] * (1 - a * a)
    return [d1.T @ X, d2.T @ a], [d1.sum(axis=0), d2.sum(axis=0)]


def judged(of_weights, of_biases, factor=1.0):
    """Returns the verdict on gradients with these penalties, by layers, all of them times a factor."""
    dW, db = gradients()
    found = compare(MLP.from_arrays(W, B, "tanh", "linear"), X, Y, l2=L2)
    return found.against(dW=[factor * (g + p) for g, p in zip(dW, of_weights, strict=True)],
                         db=[factor * (g + p) for g, p in zip(db, of_biases, strict=True)])  # fmt: skip


RIGHT, NONE = [L2 * w for w in W], [0.0, 0.0]


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (6.0, "are n = 6 times what they should be: the cost is the mean over the examples, C = (1/n) Σ Cₓ, not their"),
        (-1.0, "have the wrong sign"),
        (0.5, "are 1/2 of what they should be: the cost is ½ ‖y − a‖², so its derivative is a − y, without the ½"),
        (7.3, "are 7.3 times what they should be"),
    ],
)
def test_a_factor_of_the_gradients_with_their_penalty(factor, said):
    assert judged(RIGHT, NONE).agrees()
    why = judged(RIGHT, NONE, factor).why
    assert f"dW[0], dW[1], db[0] and db[1], with the gradient 0.3 · W of the L2 penalty, {said}" in why


def test_a_factor_of_the_weights_with_their_penalty():
    dW, db = gradients()
    found = compare(MLP.from_arrays(W, B, "tanh", "linear"), X, Y, l2=L2)
    why = found.against(dW=[2 * (g + L2 * w) for g, w in zip(dW, W, strict=True)], db=db).why
    assert "dW[0] and dW[1], with the gradient 0.3 · W of the L2 penalty, are 2 times what they should be" in why


@pytest.mark.parametrize(("k", "which"), [(0, "first"), (-1, "last")])
@pytest.mark.parametrize("layers", [(0,), (1,), (0, 1)])
def test_the_wrong_index_is_left_out(k, which, layers):
    of_weights, of_biases = [np.array(p) for p in RIGHT], [*NONE]
    for l in layers:
        of_weights[l][:, k] = 0.0
        of_biases[l] = L2 * B[l]
    assert f"the L2 penalty leaves out the weights of the {which} input" in judged(of_weights, of_biases).why


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (np.sign, "0.1 times the sign of W, the gradient of an L1 penalty,"),
        (np.square, "0.1 times W²"),
        (np.abs, "0.1 times |W|"),
        (np.ones_like, "0.1 times the number 1, in every entry,"),
        (lambda W: np.full(W.shape, W.sum()), "0.1 times the sum of W, one number for all entries,"),
        (lambda W: np.full(W.shape, (W**2).sum()), "0.1 times the sum of W², one number for all entries,"),
    ],
)
def test_another_function_of_the_weights_for_the_gradient_of_the_penalty(wrong, said):
    net = Net((4, 5, 3), "tanh", "linear", "softmax_cross_entropy", n=7)
    model = MLP.from_arrays([W.T for W in net.W[1:]], net.b[1:], net.hidden, net.output)
    comparison = compare(model, net.X, net.Y, net.cost, l2=0.1)
    dW, db = net.backprop()
    right, spoilt = ([d + 0.1 * of(W) for d, W in zip(dW, net.W[1:], strict=True)] for of in (np.positive, wrong))
    assert comparison.against(dW=right, db=db, convention="rows")
    why = comparison.against(dW=spoilt, db=db, convention="rows").why
    assert why == f"{said} is added to dW: the gradient of the L2 penalty is 0.1 · W"


def test_gradients_without_the_data():
    dW, _ = gradients()
    assert "dW[0] and dW[1] are all zeros" in judged([-g for g in dW], NONE).why
    assert "dW[1] is W[1] itself" in judged([RIGHT[0], W[1] - dW[1]], NONE).why


@pytest.mark.parametrize(
    ("times", "said"),
    [(0.0, "is missing"), (-1.0, "is subtracted, but should be added"), (7.0, "is n = 7 times what it should be")],
)
@pytest.mark.parametrize("features", [1, 2, 3])
def test_the_penalty_of_a_layer_with_few_weights(times, said, features):
    x, y, w, b = normal(7, features), normal(7, 1) > 0, normal(1, features), normal(1)
    found = compare(MLP.from_arrays([w], [b], output="linear"), x, y, cost="binary_cross_entropy", l2=0.2)
    d = 1 / (1 + np.exp(-(x @ w.T + b))) - y

    def by_hand(times):
        return {"dW": [d.T @ x / 7 + times * 0.2 * w], "db": [d.sum(axis=0) / 7]}

    assert found.against(**by_hand(1.0)).agrees()
    assert f"the gradient of the L2 penalty, 0.2 · W[0], {said}" in found.against(**by_hand(times)).why
    alone = found.against(dW=[0.2 * w], db=[np.zeros(1)]).why
    assert alone == "the gradient of the data is missing: only that of the L2 penalty is left, 0.2 · W"


def test_random_gradients_have_no_reason():
    assert not judged([normal(3, 4), normal(2, 3)], [normal(3), normal(2)]).why

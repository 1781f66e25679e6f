"""Claims about the cross-entropy as a cost of probabilities, with σ as the activation of the last layer."""

import numpy as np
import pytest

from nn import MLP, compare
from nn.comparison.forward_pass import ForwardPass
from nn.comparison.mistakes.cross_entropy import CROSS_ENTROPY, of_probabilities, terms
from tests.helpers.backprop import Net

RIGHT = "∂C/∂σ(a) is −y/σ(a) + (1 − y)/(1 − σ(a))"
OF_LAYER_2 = " (σ of layer 2 is that of the cost, a² = σ(z²))"


def verdict(error=None, **steps):
    """Returns the verdict on a network whose ∇ₐC is computed from y and p."""
    net = Net((3, 4, 2), "tanh", "linear", "binary_cross_entropy", n=6)
    of = error or (lambda y, p: p - y)
    dW, db = net.backprop(error=lambda net: of(net.Y, net.p) / net.n, **steps)
    return net.compared().against(dW=dW, db=db, convention="rows")


def test_it_is_the_cost_of_logits():
    """With σ as the last layer's activation, the gradients are the same."""
    net = Net((3, 4, 2), "tanh", "linear", "binary_cross_entropy", n=6)
    forward = ForwardPass(net.compared().closed_form)
    other = of_probabilities(forward)
    for layer in (1, 2):
        for key in ("dW", "db", "delta"):
            assert np.allclose(other.right(key, layer), forward.right(key, layer), rtol=1e-10, atol=1e-14)
    assert other.layers[-1].a.value == pytest.approx(net.p)


def test_its_derivative_is_rise_over_run():
    a, y, h = np.array([[0.2, 0.7, 0.4]]), np.array([[0.0, 1.0, 0.3]]), 1e-6
    rise = CROSS_ENTROPY.costs(a + h, y) - CROSS_ENTROPY.costs(a - h, y)
    assert CROSS_ENTROPY.gradients(a, y)[0] == pytest.approx(rise / (2 * h), rel=1e-7)


def test_there_is_none_for_other_costs_or_saturated_outputs():
    for cost in ("quadratic", "softmax_cross_entropy"):
        assert of_probabilities(ForwardPass(Net((3, 2), "tanh", "linear", cost).compared().closed_form)) is None
    saturated = compare(MLP.from_arrays([[[40.0]]], [[0.0]], output="linear"), [[1.0]], [[1.0]], "binary_cross_entropy")
    assert of_probabilities(ForwardPass(saturated.closed_form)) is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (lambda y, p: -y + (1 - y) / (1 - p), "y is not divided by σ(a)"),
        (lambda y, p: -y / p + (1 - y), "1 − y is not divided by 1 − σ(a)"),
        (lambda y, p: -y / p + (1 - y) * (1 - p), "1 − y is multiplied by 1 − σ(a), not divided"),
        (lambda y, p: -y / p + 1 / (1 - p), "1 − y is missing in its term, (1 − y)/(1 − σ(a))"),
        (lambda y, p: -y / p + (1 - y) / (1 + p), "1 − y is divided by 1 + σ(a), not by 1 − σ(a)"),
        (lambda y, p: -y / (1 - p) + (1 - y) / p, "σ(a) and 1 − σ(a) are exchanged"),
    ],
)
def test_a_term_of_the_derivative_is_wrong(error, said):
    assert f"{said}: {RIGHT}" in verdict(lambda y, p: error(y, p) * p * (1 - p)).why


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (lambda z, p: p**2, "in layer 2: a² is used instead of σ′(z)"),
        (lambda z, p: p * (1 + p), "in layer 2: a (1 + a) is used instead of σ′(z)"),
        (lambda z, p: z * (1 - z), "in layer 2: the formula for σ′ needs a, but gets z"),
        (lambda z, p: 1 - p**2, "in layer 2: 1 − a² is used instead of σ′(z)"),
    ],
)
def test_the_slope_of_the_sigmoid_is_wrong(slope, said):
    net = Net((3, 4, 2), "tanh", "linear", "binary_cross_entropy", n=6)
    p, z = net.p, net.z[2]
    error = (-net.Y / p + (1 - net.Y) / (1 - p)) * slope(z, p) / net.n
    dW, db = net.backprop(error=lambda net: error)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert why.split("; or ")[0] == f"{said}{OF_LAYER_2}"


def test_the_derivative_by_the_probabilities_stands_for_delta_in_one_equation():
    by_p = {}

    def bp4(net, l, delta):
        by_p[2] = delta[2] / (net.p * (1 - net.p))
        return net.a[l - 1].T @ (by_p[2] if l == 2 else delta[l])

    nabla = "∇ₐC = −y/a + (1 − y)/(1 − a)"
    assert verdict(dW=bp4).why == f"in layer 2: BP4 uses {nabla}, not δ², so σ′(z²) is missing in BP4 only{OF_LAYER_2}"


def test_each_text_of_a_term_is_another_mistake():
    y, p = np.array([[0.0, 1.0, 0.3]]), np.array([[0.2, 0.7, 0.4]])
    found = [(text, wrong) for text, wrong in terms(p, y)]
    assert len({text for text, _ in found}) == len(found)
    right = -y / p + (1 - y) / (1 - p)
    assert all(np.abs(wrong - right).max() > 1e-3 for _, wrong in found)


# ---- the softmax


@pytest.mark.parametrize(
    ("of_p", "said"),
    [
        (lambda y, p: -y, "y is not divided by p"),
        (lambda y, p: -y * p, "y is multiplied by p, not divided"),
        (lambda y, p: p - y, "p − y, the error, is used instead"),
        (lambda y, p: -y * np.log(p), "ln p is used instead of 1/p"),
    ],
)
def test_the_derivative_by_the_softmax_is_wrong(of_p, said):
    net = Net((4, 5, 3), "tanh", "linear", "softmax_cross_entropy", n=6)
    p, g = net.p, of_p(net.Y, net.p)
    dW, db = net.backprop(error=lambda net: p * (g - (g * p).sum(axis=1, keepdims=True)) / net.n)
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert f"{said}: with p the softmax of a², ∂C/∂p is −y/p" in why


@pytest.mark.parametrize("equation", ["BP2", "BP3", "BP4"])
def test_the_derivative_by_the_softmax_stands_for_delta_in_one_equation(equation):
    net = Net((4, 5, 3), "tanh", "linear", "softmax_cross_entropy", n=6)
    by_p = -net.Y / net.p / net.n

    def delta(l, of, this):
        return by_p if l == 2 and equation == this else of

    dW, db = net.backprop(
        back=lambda net, l, e, of: delta(l, of, "BP2") @ net.W[l].T,
        dW=lambda net, l, deltas: net.a[l - 1].T @ delta(l, deltas[l], "BP4"),
        db=lambda net, l, deltas: delta(l, deltas[l], "BP3").sum(axis=0),
    )
    why = net.compared().against(dW=dW, db=db, convention="rows").why
    assert f"{equation} {'passes back' if equation == 'BP2' else 'uses'} −y/p, the derivative by the softmax p" in why
    assert f"is missing in {equation} only" in why

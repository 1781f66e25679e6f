"""Claims about operations of any number of operands, and of those that choose, in a lifted program."""

import math
import random

import numpy as np
import pytest

from autograd import DomainError, Value, define_operation, dot, lift, log_sum_exp, softmax, where
from nn import MLP, mean, softmax_cross_entropy
from tests.helpers.lifting import assert_equal, eager, eager_mean, flat, linear, values

EQUATIONS = """\
z¹ = W¹ x + b¹
a¹ = tanh(z¹)
z² = W² a¹ + b²
h₁ = log_sum_exp(z²)
C = h₁ − Σ y ∘ z²

δ² = softmax(z²) − y           BP1
∂C/∂W² = δ² (a¹)ᵀ              BP4
∂C/∂b² = Σ δ²                  BP3
δ¹ = ((W²)ᵀ δ²) ∘ tanh′(z¹)    BP2
∂C/∂W¹ = δ¹ xᵀ                 BP4
∂C/∂b¹ = Σ δ¹                  BP3"""


def classifier(classes=10, n=7):
    """Returns (model, inputs, one-hot classes) of a network that ends in logits."""
    rng = np.random.default_rng(0)
    model = MLP(6, [5, classes], activation="tanh", seed=0)
    return model, rng.normal(size=(n, 6)), np.eye(classes)[rng.integers(0, classes, n)]


def by_hand(model, X, Y):
    """Softmax cross-entropy and its gradient in hand-written NumPy, neuron by neuron, weights before bias."""
    (W1, W2), (b1, b2) = model.weights, model.biases
    A1 = np.tanh(X @ W1.T + b1)
    Z2 = A1 @ W2.T + b2
    P = np.exp(Z2) / np.exp(Z2).sum(axis=1, keepdims=True)
    D2 = (P - Y) / len(X)
    D1 = (D2 @ W2) * (1 - A1**2)
    layers = [np.column_stack([D1.T @ X, D1.sum(axis=0)]), np.column_stack([D2.T @ A1, D2.sum(axis=0)])]
    return -(Y * np.log(P)).sum() / len(X), np.concatenate([layer.ravel() for layer in layers])


def test_the_error_of_a_softmax_is_its_outputs_less_the_targets():
    model, X, Y = classifier()
    cost = lambda x: softmax_cross_entropy(model(x), Y[0].tolist())  # noqa: E731
    program = lift(cost, model.parameters(), X)
    assert str(program) == EQUATIONS
    assert "    h1, softmax = log_sum_exp(z2)\n" in program.source
    assert "    delta2 = (softmax - y) / n\n" in program.source


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_classifier_is_what_is_written_by_hand(classes):
    """As a whole graph with a batch, and over examples; no function gets an argument for each class."""
    model, X, Y = classifier(classes)
    wanted = by_hand(model, X, Y)
    whole = lift(mean(softmax_cross_entropy(model(x), y) for x, y in zip(X, Y, strict=True)), model.parameters())
    mapped = lift(lambda x, y: softmax_cross_entropy(model(x), y), model.parameters(), (X, Y))
    for program, result in ((whole, whole()), (mapped, mapped(np.hstack([X, Y])))):
        np.testing.assert_allclose(result[0], wanted[0], rtol=1e-12)
        np.testing.assert_allclose(result[1], wanted[1], rtol=1e-10, atol=1e-14)
        assert program.source.count("log_sum_exp(") == 2  # one definition and one call


def attention(rng, tokens=5, width=3):
    """Attention: the shares of each token in the others are a softmax."""
    x, (wq, wk, wv) = values(rng, tokens, width), (values(rng, width, width) for _ in range(3))
    q, k, v = ([linear(w, token) for token in x] for w in (wq, wk, wv))
    rows = [softmax([dot(one, other) for other in k]) for one in q]
    outputs = [dot(row, [token[j] for token in v]) ** 2 for row in rows for j in range(width)]
    return sum(outputs), flat([wq, wk, wv]), flat(x)


def test_the_rows_of_an_attention_are_one_call():
    output, parameters, inputs = attention(random.Random(0))
    examples = [[x.data * (1 + 0.1 * i) for x in inputs] for i in range(3)]
    whole, mapped = lift(output, parameters), lift(output, parameters, inputs)
    assert whole.source.count("softmax_of(") == mapped.source.count("softmax_of(") == 2
    assert_equal(whole(), eager(output, parameters))
    assert_equal(mapped(examples), eager_mean(output, parameters, inputs, examples))


EDGES = [(1000.0, -1000.0, 0.0), (1000.0, 1000.0, 999.0), (-1000.0, -1001.0, -1000.0), (math.inf, 0.0, 1.0),
         (-math.inf, 0.0, 1.0), (-math.inf, -math.inf, -math.inf), (math.nan, 0.0, 1.0)]  # fmt: skip


@pytest.mark.parametrize("at", EDGES)
def test_log_sum_exp_at_the_edges_is_what_the_graph_gives(at):
    leaves = [Value(x) for x in at]
    output = log_sum_exp(leaves).tanh()
    output.backward()
    wanted = output.data, [x.grad for x in leaves]
    ordinary = [Value(x) for x in (0.1, 0.2, 0.3)]
    one = Value(1.0)
    whole = lift(log_sum_exp(ordinary).tanh(), ordinary)
    mapped = lift(log_sum_exp([x * one for x in ordinary]).tanh(), ordinary, [one])
    for program, examples in ((whole, ()), (mapped, ([[1.0], [1.0]],))):
        program.parameters = at
        cost, gradient = program(*examples)
        np.testing.assert_allclose([cost, *gradient], [wanted[0], *wanted[1]], rtol=1e-12)


def test_a_rule_of_somebody_s_own_may_speak_of_log_sum_exp():
    both = define_operation(
        "both",
        lambda m, a, b: m.log_sum_exp(a, b, 1.0, 2.0),
        (lambda m, y, a, b: m.exp(a - y), lambda m, y, a, b: m.exp(b - y)),
    )
    a, b = Value(0.3), Value(-0.2)
    program = lift(both(a, b) * 1.5, [a, b])
    assert_equal(program(), eager(both(a, b) * 1.5, [a, b]))
    program.parameters = [1000.0, math.inf]
    assert program.forward() == math.inf


@pytest.mark.filterwarnings("ignore:the graph")
@pytest.mark.parametrize("condition", [0.0, 1.0])
def test_a_choice_that_is_made_reads_only_what_it_took(condition):
    """Over examples the result still has the shape of the examples, and the other side gets no gradient."""
    p, x = Value(2.0), Value(0.5)
    examples = [[0.5], [1.5], [2.5]]
    program = lift(where(condition, p, x * p), [p], [x])
    wanted = [2.0, 2.0, 2.0] if condition else [1.0, 3.0, 5.0]
    np.testing.assert_allclose(program.forward(examples), wanted)
    cost, gradient = program(examples)
    assert cost == pytest.approx(np.mean(wanted))
    np.testing.assert_allclose(gradient, [1.0 if condition else 1.5])


def test_a_condition_may_be_an_input():
    """Each example has its own condition; √ has an infinite slope at 0, but gets no gradient where it is not chosen."""
    c, p, x = Value(1.0), Value(3.0), Value(4.0)
    program = lift(where(c, p * x, (p * x).sqrt()), [p], [c, x])
    cost, gradient = program([[1.0, 0.0], [0.0, 4.0], [-2.0, 1.0]])
    assert cost == pytest.approx((0.0 + math.sqrt(12.0) + 3.0) / 3)
    np.testing.assert_allclose(gradient, [(0.0 + 2.0 / math.sqrt(12.0) + 1.0) / 3])
    with pytest.raises(DomainError, match=r"sqrt\(-3.0\) has no value.*\(example 1 of 1\)"):
        program([[1.0, -1.0]])


def test_a_condition_that_python_decided_is_told():
    w, x = Value(2.0), Value(0.5)
    with pytest.warns(UserWarning, match=r"the graph chooses by the constant 1.0; if it comes from a comparison"):
        lift(where(x.data > 0, w * x, 0.1 * w * x), [w], [x])

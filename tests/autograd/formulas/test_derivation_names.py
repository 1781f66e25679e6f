"""Claims about the names in a derivation: each stands for one Value, in the text and in the picture."""

import re

import pytest

import autograd
from autograd import Value, explain, label, nodes
from autograd.formulas.derivation import MOST_DERIVATIVES
from autograd.formulas.typesetting import rounded
from nn import MLP, compare
from tests.viz.test_value_graph import labels_of
from viz import draw


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_an_activations_slope_has_the_name_that_it_has_in_the_picture(activation):
    comparison = compare(MLP(1, [2, 1], activation, activation, seed=1), [0.5], [0.1])
    z = comparison.traces[0].z[1][0]
    called = {"sigmoid": "σ"}.get(activation, activation)
    assert explain(comparison.graph, z).text.splitlines()[1].strip() == f"= {called}′(z²₁) · (a²₁ − y₁)"
    for melt in (False, True):
        slopes = labels_of(draw(comparison.graph, melt=melt)).values()
        assert [text for text in slopes if text.startswith(f"{called}′(z²₁) = ")]


def test_values_of_one_label_are_told_apart():
    """Four examples give four values z, four derivatives, and one name would be said of all of them."""
    model = MLP(1, [1, 1], "tanh", seed=1)
    C = sum(0.5 * (model([x]) - y) ** 2 for x, y in ((0.1, 0.2), (0.3, 0.4), (0.5, 0.6), (0.7, 0.8))) / 4
    label(C=C)
    C.backward()
    weight = model.parameters()[0]
    found = explain(C, weight).text
    assert "= x₁(1) · ∂C/∂z¹₁(1) + x₁(2) · ∂C/∂z¹₁(2)" in found
    told = {part.split(" = ")[0]: part.split(" = ")[-1] for part in found.split("where ")[1:]}
    by_hand = {f"∂C/∂z¹₁({k})": v.grad for k, v in enumerate((v for v in nodes(C) if v.label == "z¹₁"), 1)}
    assert {name: float(x.replace("−", "-")) for name, x in told.items()} == pytest.approx(by_hand, rel=1e-5)
    assert "z¹₁(4)" in draw(C).source


def test_what_is_derived_no_further_says_so():
    both = compare(MLP(1, [5, 5, 5, 5, 1], "tanh", seed=1), [0.5], [0.1])
    weight = both.model.layers[0].neurons[0].weights[0]
    derived = explain(both.graph, weight).text.split("where ")[1:]
    cut = [part.strip() for part in derived if "(derived by explain(C, " in part]
    assert len(derived) - len(cut) == MOST_DERIVATIVES - 1  # and the one that was asked for
    values = {value.label: value for value in nodes(both.graph)}
    for part in cut:
        name, told = re.fullmatch(r"∂C/∂\S+ = (\S+) \(derived by explain\(C, (\S+)\)\)", part).group(2, 1)
        assert told == rounded(explain(both.graph, values[name]).value)


def test_a_lone_factor_stands_without_parentheses():
    a = Value(2.0, "a")
    assert explain((a * 2 + 3) * a, a).text == "∂v1/∂a = 3 + 4 · a\n       = 11"
    bare = Value(2.0)
    assert explain((bare + 2) * bare, bare).latex.splitlines()[0].split(r" \\ ")[0].endswith(r"&= 2 + 2 \cdot v_{1}")
    y = (a * 2 + 3) * a
    assert list(labels_of(draw(y, melt=True)).values()) == ["3 + 4 · a = 11"]


def test_arrays_and_lists_are_labelled_as_the_notes_have_it():
    model = MLP(2, [3, 1], seed=1)
    expected = [value.label for layer in model.layers for neuron in layer.neurons for value in neuron.weights]
    W = [[[Value(1.0) for _ in neuron.weights] for neuron in layer.neurons] for layer in model.layers]
    label(W=W)
    assert [value.label for matrix in W for row in matrix for value in row] == expected
    W1, W2 = (autograd.array([[value.data for value in row] for row in matrix]) for matrix in W)
    label(W1=W1, W2=W2, b1=(b1 := autograd.array([0.1, 0.2, 0.3])))
    assert [value.label for matrix in (W1, W2) for value in matrix.flat] == expected
    assert [value.label for value in b1] == [neuron.bias.label for neuron in model.layers[0].neurons]
    alone, x, word = [[Value(1.0)] * 2, [Value(2.0)] * 2], [Value(1.0) for _ in range(11)], (Value(1.0), Value(2.0))
    label(W=alone, x=x, rate=word)
    assert [row[1].label for row in alone] == ["w₁₂", "w₂₂"]
    assert [x[0].label, x[10].label, word[1].label] == ["x₁", "x[11]", "rate₂"]
    assert compare(model, [1.0, 2.0], [1.0]).agrees()


def test_label_says_how_it_is_called():
    x, y = Value(1.0), Value(2.0)
    with pytest.raises(TypeError, match=r"label takes Values by name: label\(x=x\), not label\(x\)"):
        label(x)
    with pytest.raises(TypeError, match=r"label names Values, and w₂₁ is to be a Value; got float 1\.0"):
        label(y=y, W=[[x, x], [1.0, x]])
    assert [x.label, y.label] == ["", ""], "nothing is named where something cannot be"

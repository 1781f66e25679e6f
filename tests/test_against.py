"""Claims about `against`: right backprop passes in either convention, and a known slip is told by name."""

from itertools import pairwise

import numpy as np
import pytest

from nn import MLP, closed_form, compare
from nn.slips import Problem, slips, updated_weights


def network(sizes, n, seed=0, activation="tanh", output="sigmoid"):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=(b, a)) for a, b in pairwise(sizes)]
    model = MLP.from_arrays(weights, [rng.normal(size=b) for b in sizes[1:]], activation, output)
    shape = (n,) if n else ()
    return compare(model, rng.normal(size=(*shape, sizes[0])), rng.uniform(size=(*shape, sizes[-1])))


def sides(comparison):
    model, (x, y) = comparison.model, (comparison.x, comparison.y)
    columns = closed_form.columns(model.weights, model.biases, x.T, y.T, model.activations)
    rows = closed_form.rows([w.T for w in model.weights], model.biases, x, y, model.activations)
    return columns, rows


@pytest.mark.parametrize(("sizes", "n"), [((3, 4, 2), 5), ((3, 4, 2), 0), ((2, 2, 2), 3), ((1, 1), 0), ((4, 1, 3), 1)])
def test_right_backprop_agrees_in_both_conventions(sizes, n):
    comparison = network(sizes, n)
    for side in sides(comparison):
        verdict = comparison.against(dW=side.dW, db=side.db, delta=side.delta)
        assert verdict.agrees(), str(verdict)
        assert verdict.wrong == []
        assert comparison.against(dW=side.dW).agrees()
        assert comparison.against(db=side.db).agrees()
        assert comparison.against(delta=side.delta).agrees()
    assert str(verdict).startswith("yours agrees: all ")


def test_weights_as_columns_with_examples_as_rows_is_fine():
    """PyTorch's habit: Z = X Wᵀ + b."""
    comparison = network((3, 4, 2), 5)
    columns, rows = sides(comparison)
    assert comparison.against(dW=columns.dW, delta=rows.delta).agrees()


def test_vectors_may_lie_or_stand():
    comparison = network((3, 4, 2), 0)
    columns, _ = sides(comparison)
    assert comparison.against(db=[v[:, None] for v in columns.db], delta=[v[None] for v in columns.delta]).agrees()


def problem(comparison):
    model = comparison.model
    return Problem.of(model.weights, model.activations, comparison.closed_form, comparison.y.T)


SHAPES = [((3, 4, 2), 5), ((3, 3, 3, 3), 4), ((2, 5, 4, 3), 0), ((4, 4, 4), 0)]
SLIPS = [(sizes, n, i) for sizes, n in SHAPES for i in range(len(list(slips(problem(network(sizes, n))))))]


@pytest.mark.parametrize(("sizes", "n", "index"), SLIPS)
def test_every_known_slip_is_told_by_name(sizes, n, index):
    comparison = network(sizes, n)
    text, made = list(slips(problem(comparison)))[index]
    for turn in (lambda arrays: arrays, lambda arrays: [v.T for v in arrays]):
        verdict = comparison.against(dW=turn(made.dW), db=made.db, delta=turn(made.delta))
        assert not verdict.agrees()
        assert verdict.why.split("; or ")[0] == text
        assert text in str(verdict)
    assert text in comparison.against(dW=made.dW).why


def test_slips_written_out_by_hand():
    """The most common ones, each written as somebody would write it, not by the code that looks for it."""
    comparison = network((3, 4, 2), 5)
    (w1, w2), (a0, a1, a2), (z1, z2) = comparison.model.weights, comparison.closed_form.a, comparison.closed_form.z
    n, y = 5, comparison.y.T

    def tanh_slope(v):
        return 1 - np.tanh(v) ** 2

    def sigmoid_slope(v):
        return np.exp(-v) / (1 + np.exp(-v)) ** 2

    d2 = (a2 - y) / n * sigmoid_slope(z2)
    right = [(w2.T @ d2 * tanh_slope(z1)) @ a0.T, d2 @ a1.T]
    assert comparison.against(dW=right).agrees()

    at_a = (a2 - y) / n * sigmoid_slope(a2)
    why = comparison.against(dW=[(w2.T @ at_a * tanh_slope(a1)) @ a0.T, at_a @ a1.T]).why
    assert why.startswith("in every layer: σ′ is taken at a instead of z")
    why = comparison.against(dW=[(w2.T @ d2 * tanh_slope(a1)) @ a0.T, d2 @ a1.T]).why
    assert why.startswith("in layer 1: σ′ is taken at a instead of z")
    why = comparison.against(dW=[n * dw for dw in right]).why
    assert why.startswith("a factor n: the sum over the 5 examples")
    updated = w2 - 0.3 * right[1]
    why = comparison.against(dW=[(updated.T @ d2 * tanh_slope(z1)) @ a0.T, right[1]]).why
    assert why.startswith("BP2 takes weights that were updated already (learning rate 0.3)")
    why = comparison.against(dW=[right[0], d2 @ z1.T]).why
    assert why.startswith("in layer 2: BP4 takes z of the layer before")
    assert "transposed" in comparison.against(dW=[right[0].T, right[1]]).why
    assert w1.shape == (4, 3)


def test_the_wrong_layers_weights():
    comparison = network((3, 3, 3, 3), 4)
    (w1, w2, w3), (z1, z2, _) = comparison.model.weights, comparison.closed_form.z
    d3, (a0, a1, a2, _) = comparison.closed_form.delta[2], comparison.closed_form.a
    d2 = w2.T @ d3 * (1 - np.tanh(z2) ** 2)
    d1 = w1.T @ d2 * (1 - np.tanh(z1) ** 2)
    verdict = comparison.against(dW=[d1 @ a0.T, d2 @ a1.T, d3 @ a2.T])
    assert verdict.why == "in every layer: BP2 takes the layer's own weights instead of the next layer's"
    d2 = w3 @ d3 * (1 - np.tanh(z2) ** 2)
    d1 = w2.T @ d2 * (1 - np.tanh(z1) ** 2)
    verdict = comparison.against(dW=[d1 @ a0.T, d2 @ a1.T, d3 @ a2.T])
    assert verdict.why == "in layer 2: BP2 takes the next layer's weights untransposed"


@pytest.mark.parametrize("sizes", [(3, 4, 2), (2, 3, 4, 2), (2, 2, 2)])
def test_updated_weights(sizes):
    comparison = network(sizes, 3)
    made = updated_weights(problem(comparison), 0.25)
    for given in ({"dW": made.dW}, {"delta": made.delta}, {"dW": made.dW, "db": made.db, "delta": made.delta}):
        verdict = comparison.against(**given)
        assert "updated already (learning rate 0.25)" in verdict.why


def test_one_wrong_entry_is_named():
    comparison = network((3, 4, 2), 5)
    columns, rows = sides(comparison)
    for side, index in ((columns, (3, 1)), (rows, (1, 3))):
        dW = [array.copy() for array in side.dW]
        dW[0][index] += 0.125
        (entry,) = comparison.against(dW=dW).wrong
        assert (entry.name, entry.layer, entry.neuron) == ("∂C/∂w¹₄₂", 1, 4)
        assert entry.yours == pytest.approx(entry.closed_form + 0.125)
        assert entry.graph == pytest.approx(entry.closed_form)
        text = str(comparison.against(dW=dW))
        assert "1 entry, the worst: layer 1, neuron 4: ∂C/∂w¹₄₂ is" in text
        assert "none of the known slips" in text


def test_delta_of_each_examples_own_cost():
    comparison = network((3, 4, 2), 5)
    columns, _ = sides(comparison)
    verdict = comparison.against(dW=columns.dW, delta=[5 * d for d in columns.delta])
    assert "a factor n = 5: ∂Cₓ/∂z of each example's own cost" in verdict.why
    assert {entry.example for entry in verdict.wrong} == {1, 2, 3, 4, 5}


def test_a_constant_factor():
    comparison = network((3, 4, 2), 0)
    columns, _ = sides(comparison)
    assert comparison.against(dW=[columns.dW[0], 3 * columns.dW[1]]).why == "dW[1]: a factor 3"


def test_a_square_matrix_transposed():
    comparison = network((2, 2, 3), 4)
    columns, _ = sides(comparison)
    verdict = comparison.against(dW=[columns.dW[0].T, columns.dW[1]])
    assert verdict.why == "dW[0]: transposed"


def test_nan_is_wrong():
    comparison = network((3, 4, 2), 5)
    columns, _ = sides(comparison)
    dW = [array.copy() for array in columns.dW]
    dW[1][0, 0] = np.nan
    (entry,) = comparison.against(dW=dW).wrong
    assert entry.name == "∂C/∂w²₁₁"


@pytest.mark.parametrize(
    ("given", "kind", "message"),
    [
        ({}, ValueError, "nothing was given to compare"),
        ({"dW": [np.zeros((4, 3))]}, ValueError, "dW is a list with one array for each of the 2 layers.* got 1"),
        ({"dW": 3}, ValueError, "dW is a list .* got int"),
        ({"dW": [np.zeros((4, 3)), np.zeros((3, 4))]}, ValueError, r"dW\[1\] has shape \(2, 4\).* got \(3, 4\)"),
        ({"db": [np.zeros(3), np.zeros(2)]}, ValueError, r"db\[0\] has shape \(4,\).* got \(3,\)"),
        ({"delta": [np.zeros(4), np.zeros(2)]}, ValueError, r"delta\[0\] has shape \(4, 5\).* got \(4,\)"),
        ({"dW": ["a", "b"]}, TypeError, "dW holds arrays of real numbers"),
    ],
)
def test_what_does_not_fit(given, kind, message):
    with pytest.raises(kind, match=message):
        network((3, 4, 2), 5).against(**given)


def test_a_dead_network_has_nothing_to_be_wrong_about():
    model = MLP.from_arrays([[[-1.0]], [[1.0]]], [[-1.0], [-1.0]], "relu", "relu")
    comparison = compare(model, [1.0], [1.0])
    assert comparison.against(dW=[[[0.0]], [[0.0]]]).agrees()
    assert not comparison.against(dW=[[[0.0]], [[0.1]]]).agrees()

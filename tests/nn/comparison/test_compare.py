"""Claims about compare: graph and equations agree on every number of any network, and a difference is named."""

import copy
import math
import pickle
from functools import partial

import numpy as np
import pytest

from autograd import Value, explain, no_grad, nodes, table
from autograd.value import apply
from nn import MLP, Row, compare
from tests.helpers.networks import published, random_network


@pytest.mark.parametrize("block", range(10))
def test_graph_and_equations_agree_on_500_random_networks(block):
    for seed in range(50 * block, 50 * block + 50):
        model, x, y = random_network(seed)
        comparison = compare(model, x, y)
        assert comparison.agrees(1e-12), (seed, str(comparison))


def test_what_a_comparison_holds():
    model, x, y = published()
    found = compare(model, x, y)
    assert found.cost == pytest.approx(0.298371109, abs=5e-10)
    names = [row.name for row in found.rows]
    assert names == ["z¹", "a¹", "z²", "a²", "C", "δ²", "∂C/∂b²", "∂C/∂w²", "δ¹", "∂C/∂b¹", "∂C/∂w¹"]
    assert [row.equation for row in found.rows[4:]] == ["½ ‖y − a‖²", "BP1", "BP3", "BP4", "BP2", "BP3", "BP4"]
    assert found.row("∂C/∂w", 1).graph.shape == found.row("∂C/∂w", 1).closed_form.shape == (2, 2)
    assert found.max_abs_error == max(row.max_abs_error for row in found.rows) <= 1e-15
    assert found.agrees()
    assert found.disagreements() == []
    assert found.graph.label == "C"
    with pytest.raises(KeyError, match="no row of 'δ' in layer 3"):
        found.row("δ", 3)


def test_a_batch_has_a_row_an_example():
    model = MLP(3, [4, 2], "tanh", "sigmoid", seed=1)
    X, Y = np.ones((5, 3)), np.zeros((5, 2))
    found = compare(model, X, Y)
    assert found.row("δ", 1).graph.shape == (5, 4)
    assert found.row("∂C/∂b", 1).graph.shape == (4,)
    np.testing.assert_allclose(found.row("δ", 1).graph.sum(axis=0), found.row("∂C/∂b", 1).graph, rtol=1e-14)
    assert found.cost == pytest.approx(compare(model, X[0], Y[0]).cost)


def test_the_parameters_hold_the_gradient_of_the_mean_cost():
    model = MLP(2, [3, 1], "tanh", seed=0)
    for p in model.parameters():
        p.grad = 99.0
    found = compare(model, [[1.0, 2.0], [3.0, 4.0]], [1.0, 2.0])
    np.testing.assert_array_equal(
        [[w.grad for w in n.weights] for n in model.layers[0].neurons], found.row("∂C/∂w", 1).graph
    )
    np.testing.assert_allclose(found.row("∂C/∂w", 1).graph, found.closed_form.dW[0], atol=1e-15)


def test_a_table_number_by_number():
    model, x, y = published()
    lines = str(compare(model, x, y)).splitlines()
    assert lines[0] == "MLP 2 → 2 → 2 (sigmoid, sigmoid), 12 parameters, one example: C = 0.298371109"
    assert lines[3].split() == ["z", "=", "W", "a", "+", "b", "z¹₁", "0.37750000", "0.37750000", "0"]
    (line,) = [line for line in lines if line.startswith("BP1")]
    assert line.split()[:4] == ["BP1", "δ²₁", "0.13849856", "0.13849856"]
    assert lines[-1].startswith("25 numbers, largest difference ")
    assert lines[-1].endswith(": the two sides agree")


def test_a_table_row_by_row_where_there_are_many_numbers():
    model = MLP(8, [16, 1], seed=0)
    text = str(compare(model, np.ones((4, 8)), np.ones(4)))
    (line,) = [line for line in text.splitlines() if line.startswith("BP2")]
    assert line.split()[:5] == ["BP2", "δ¹", "4", "×", "16"]
    assert len(text.splitlines()) < 20


def test_a_wrong_rule_is_caught_and_named():
    """A tanh with a slope that is 1 % too large: compare names the numbers that differ."""
    wrong = table.TANH._replace(slopes=(lambda m, y, a: 1.01 * (1 - y * y),))
    model = MLP(2, [2, 1], "tanh", "linear", seed=3)
    for neuron in model.layers[0].neurons:
        neuron.function = partial(apply, wrong)
    found = compare(model, [0.5, -1.0], [0.25])
    assert not found.agrees()
    assert {entry.layer for entry in found.disagreements()} == {1}
    first = found.disagreements()[0]
    assert (first.name, first.layer, first.neuron, first.equation) == ("δ¹₁", 1, 1, "BP2")
    assert first.graph == pytest.approx(1.01 * first.closed_form)
    text = str(found)
    assert "layer 1, neuron 1: δ¹₁ is" in text
    assert repr(first.graph) in text
    assert repr(first.closed_form) in text
    assert "≠" in text
    assert "the two sides disagree on" in text


def test_a_difference_in_a_batch_names_the_example():
    model = MLP(2, [2, 1], "tanh", "linear", seed=3)
    found = compare(model, [[0.5, -1.0], [0.1, 0.2]], [[0.25], [0.5]])
    found.row("δ", 1).graph[1, 0] += 1e-3
    (entry,) = found.disagreements()
    assert (entry.name, entry.layer, entry.neuron, entry.example) == ("δ¹₁", 1, 1, 2)
    assert "δ¹₁ for example 2 is" in str(found)


def test_numbers_below_one_are_held_to_the_tolerance_itself():
    row = Row("δ", 1, "BP1", np.array([1e-3, 0.0]), np.array([1e-3, 5e-13]))
    assert row.agrees(1e-12)
    assert not row.agrees(1e-13)


def test_many_disagreements_are_counted_not_listed():
    found = compare(MLP(2, [20, 1], seed=3), [0.5, -1.0], [0.25])
    found.row("z", 1).graph[:] += 1.0
    assert len(found.disagreements()) == 20
    assert "  and 10 more" in str(found)


def test_tolerance_is_relative_to_the_row():
    model = MLP(1, [1], "linear", "linear", seed=0)
    found = compare(model, [1e6], [0.0])
    row = found.row("∂C/∂w", 1)
    row.graph[0, 0] *= 1 + 1e-10
    assert found.agrees(1e-9)
    assert not found.agrees(1e-11)


@pytest.mark.parametrize(
    ("x", "y", "kind", "message"),
    [
        ([1.0], [1.0], ValueError, r"takes x as 2 and y as 1 numbers.*got x of shape \(1,\) and y of shape \(1,\)"),
        ([1.0, 2.0], [1.0, 2.0], ValueError, r"y of shape \(2,\)"),
        ([[1.0, 2.0]], [[1.0], [2.0]], ValueError, r"x of shape \(1, 2\) and y of shape \(2, 1\)"),
        (
            [[1.0, 2.0], [3.0]],
            [[1.0], [2.0]],
            TypeError,
            "x: real numbers, in rows of equal length; got rows of different lengths",
        ),
        (np.ma.array([1.0, 2.0], mask=[True, False]), [1.0], TypeError, r"x: real numbers, .* masked: give \.filled"),
        (["a", "b"], [1.0], TypeError, "x: real numbers, in rows of equal length; got an array of"),
        ([1j, 2.0], [1.0], TypeError, "x: real numbers, in rows of equal length; got an array of"),
        ([None, 2.0], [1.0], TypeError, "x: real numbers, in rows of equal length; got an array of"),
        ([], [], ValueError, r"x is a flat list of numbers, or a list of such lists; got shape \(0,\)"),
        ([[[1.0, 2.0]]], [1.0], ValueError, r"got shape \(1, 1, 2\)"),
        (3.0, [1.0], ValueError, r"got shape \(\)"),
        ([math.nan, 2.0], [1.0], ValueError, "x holds finite numbers; got nan among them"),
        ([1.0, 2.0], [math.inf], ValueError, "y holds finite numbers; got inf among them"),
    ],
)
def test_what_does_not_fit_changes_nothing(x, y, kind, message):
    model = MLP(2, [3, 1], seed=0)
    for p in model.parameters():
        p.grad = 7.0
    with pytest.raises(kind, match=message):
        compare(model, x, y)
    assert all(p.grad == 7.0 for p in model.parameters())


@pytest.mark.parametrize(
    ("tamper", "message"),
    [
        (lambda n: setattr(n, "bias", 0.5), r"neuron Values as weights and bias; got 0\.5: write neuron\.bias\.data ="),
        (lambda n: n.weights.pop(), "dot pairs each weight with one input; got 1 weights and 2 inputs"),
        (lambda n: n.weights.__setitem__(0, -0.5), r"neuron Values as weights and bias; got -0\.5"),
    ],
)
def test_a_network_that_was_tampered_with(tamper, message):
    model = MLP(2, [3, 1], seed=0)
    for p in model.parameters():
        p.grad = 7.0
    tamper(model.layers[0].neurons[1])
    with pytest.raises(ValueError, match=message):
        compare(model, [1.0, 2.0], [1.0])
    assert all(p.grad == 7.0 for p in model.parameters())
    model.layers[0].neurons.clear()
    with pytest.raises(ValueError, match=r"each layer has neurons, and .*; got \[0, 4\] of them"):
        compare(model, [1.0, 2.0], [1.0])


def test_a_pickled_comparison_keeps_its_roles_and_its_size():
    model = MLP(2, [4, 4, 4, 4, 1], "tanh", seed=0)
    found = compare(model, [[1.0, 2.0], [0.5, -1.0]], [[1.0], [0.0]])
    for twin in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert str(twin) == str(found)
        graph = set(nodes(twin.graph))
        assert all(v in graph for trace in twin.traces for layer in (*trace.z, *trace.a) for v in layer)
        assert [z.label for z in twin.traces[1].z[0]] == ["z¹₁(2)", "z¹₂(2)", "z¹₃(2)", "z¹₄(2)"]
        assert [y.label for y in twin.targets[0]] == ["y₁(1)"]
        assert set(twin.targets[1]) <= graph
        assert set(twin.model.parameters()) <= graph
        assert explain(twin.graph, twin.traces[0].z[0][0], twin.errors).value == found.traces[0].z[0][0].grad
    assert len(pickle.dumps(found)) < 2 * len(pickle.dumps(found.graph)) + 10_000


def test_inside_no_grad_there_is_no_graph_to_compare():
    model = MLP(2, [3, 1], seed=0)
    model.parameters()[0].grad = 7.0
    with no_grad(), pytest.raises(RuntimeError, match=r"inside no_grad\(\) none is recorded"):
        compare(model, [1.0, 2.0], [1.0])
    assert model.parameters()[0].grad == 7.0


def test_numbers_that_are_not_finite_agree_only_with_the_same():
    inf, nan = math.inf, math.nan
    row = Row("z", 1, "", np.array([inf, 5.0, nan, inf, 1.0, -inf]), np.array([1.0, 7.0, nan, inf, 1.0, inf]))
    assert row.within().tolist() == [False, False, True, True, True, False]
    assert row.max_abs_error == inf


def test_a_flat_list_for_one_input_or_one_output_is_a_batch():
    found = compare(MLP(1, [2, 1], seed=0), [1.0, 2.0, 3.0], [0.0, 1.0, 0.5])
    assert found.row("δ", 1).graph.shape == (3, 2)
    assert found.row("delta", 1) is found.row("δ", 1)


def test_large_numbers_do_not_flood_the_table():
    model = MLP.from_arrays([[[1e120]]], [[0.0]])
    assert max(map(len, str(compare(model, [1.0], [0.0])).splitlines())) < 100


@pytest.mark.parametrize("weight", [1e200, -1e200])
def test_numbers_that_overflow_on_both_sides_agree_without_a_word(weight):
    found = compare(MLP.from_arrays([[[weight]], [[weight]]], [[0.0], [1.0]], "relu"), [1e200], [0.0])
    assert math.isinf(found.cost) == (weight > 0)
    assert found.row("z", 1).agrees()
    assert found.row("C").agrees()


def test_what_compare_takes():
    with pytest.raises(TypeError, match=r"compare takes an nn\.MLP; got Value"):
        compare(Value(1.0), [1.0], [1.0])
    with pytest.raises(
        ValueError, match="no cost is called 'hinged'; the known ones are quadratic, mean_squared_error"
    ):
        compare(MLP(1, [1]), [1.0], [1.0], cost="hinged")
    with pytest.raises(ValueError, match="no cost is called"):
        compare(MLP(1, [1]), [1.0], [1.0], cost=["quadratic"])
    with pytest.raises(ValueError, match=r"no cost is called function .*cross_entropy; an nn\.Cost will do too"):
        compare(MLP(1, [1]), [1.0], [1.0], cost=lambda a, y: a - y)
    for cost, meant in (("mse", "'mean_squared_error'"),
                        ("crossentropy", "'binary_cross_entropy' or 'softmax_cross_entropy'")):  # fmt: skip
        with pytest.raises(ValueError, match=rf"{meant} may be meant$"):
            compare(MLP(1, [1]), [1.0], [1.0], cost=cost)


def test_classes_may_be_given_by_their_numbers_as_to_fit():
    model, X = MLP(2, [3], seed=0), [[1.0, -1.0], [0.5, 2.0]]
    rows = compare(model, X, [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]], cost="softmax_cross_entropy")
    numbers = compare(model, X, [2, 0], cost="softmax_cross_entropy")
    assert str(numbers) == str(rows)
    np.testing.assert_array_equal(numbers.y, rows.y)
    with pytest.raises(ValueError, match="the numbers of the classes, 0 to 2 as the model has 3 outputs; got 3"):
        compare(model, X, [3, 0], cost="softmax_cross_entropy")
    with pytest.raises(ValueError, match=r"y as 3 numbers, .*; got x of shape \(2, 2\) and y of shape \(2,\)"):
        compare(model, X, [2, 0])


def test_a_batch_of_one_is_one_example():
    assert "parameters, 1 example: C" in str(compare(MLP(1, [1]), [[1.0]], [[1.0]]))

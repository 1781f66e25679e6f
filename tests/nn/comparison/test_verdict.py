"""Claims about `against`: right gradients are accepted, however deep or small, and wrong numbers are named."""

import numpy as np
import pytest

from nn import MLP, SGD, compare
from tests.helpers.networks import compared, sides


def test_near_the_minimum_wrong_is_still_wrong():
    """The gradient is about 1e-10, and it is the difference of outputs and targets that are much larger."""
    rng = np.random.default_rng(0)
    w1, w2, x = rng.normal(size=(4, 3)), rng.normal(size=(2, 4)), rng.normal(size=3)
    model = MLP.from_arrays([w1, w2], [np.zeros(4), np.zeros(2)], "tanh", "linear")
    comparison = compare(model, x, w2 @ np.tanh(w1 @ x) + 3e-10 * np.array([1, 2.0]))
    columns, _ = sides(comparison)
    assert comparison.against(dW=columns.dW).agrees()
    assert "the wrong sign" in comparison.against(dW=[-dw for dw in columns.dW]).why
    assert not comparison.against(dW=[0 * dw for dw in columns.dW]).agrees()


@pytest.mark.parametrize("z", [8.0, 10.0, 15.0])
def test_on_saturated_layers_right_is_still_right(z):
    """Another formula for σ′ differs from 1 − a² where this loses digits."""
    comparison = compare(MLP.from_arrays([[[z]], [[0.7]]], [[0.0], [0.0]], "tanh", "linear"), [1.0], [0.3])
    d2 = comparison.closed_form.delta[1]
    assert comparison.against(dW=[[0.7 * d2 / np.cosh(z) ** 2], [d2 * np.tanh(z)]]).agrees()


def test_the_comparison_stays_as_it_was_when_the_model_learns():
    comparison = compared((3, 4, 2), 5)
    columns, _ = sides(comparison)
    before = str(comparison)
    SGD(comparison.model.parameters(), 0.5).step()
    comparison.model.zero_grad()
    assert comparison.against(dW=columns.dW, db=columns.db, delta=columns.delta).agrees()
    assert str(comparison) == before


def test_numbers_as_small_as_vanished_gradients_are_held_to_their_own_size():
    rng = np.random.default_rng(0)
    model = MLP.from_arrays([rng.normal(size=(4, 3)), 1e-100 * rng.normal(size=(2, 4))], [[0] * 4, [0] * 2], "tanh")
    comparison = compare(model, rng.normal(size=(5, 3)), rng.normal(size=(5, 2)))
    columns, _ = sides(comparison)
    assert comparison.against(dW=columns.dW).agrees()
    assert not comparison.against(dW=[5 * columns.dW[0], columns.dW[1]]).agrees()
    assert not comparison.against(dW=[columns.dW[0] * 0 - 1e-30, columns.dW[1]]).agrees()


def test_every_wrong_number_of_a_large_matrix_is_listed():
    comparison = compared((200, 200), 0)
    columns, _ = sides(comparison)
    assert len(comparison.against(dW=[columns.dW[0] + 1]).wrong) == 40_000


def test_one_wrong_entry_is_named():
    comparison = compared((3, 4, 2), 5)
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
        assert "no known mistake explains" in text


def test_nan_is_wrong():
    comparison = compared((3, 4, 2), 5)
    columns, _ = sides(comparison)
    dW = [array.copy() for array in columns.dW]
    dW[1][0, 0] = np.nan
    (entry,) = comparison.against(dW=dW).wrong
    assert entry.name == "∂C/∂w²₁₁"


def test_a_dead_network_has_nothing_to_be_wrong_about():
    model = MLP.from_arrays([[[-1.0]], [[1.0]]], [[-1.0], [-1.0]], "relu", "relu")
    comparison = compare(model, [1.0], [1.0])
    assert comparison.against(dW=[[[0.0]], [[0.0]]]).agrees()
    assert not comparison.against(dW=[[[0.0]], [[0.1]]]).agrees()


def test_zeros_are_no_gradient_of_a_deep_network():
    """A bound made of products of norms would allow a difference of 118 here, and the largest entry is 2.4."""
    comparison = deep()
    right = comparison.closed_form
    assert comparison.against(dW=right.dW, db=right.db, delta=right.delta).agrees()
    for l in range(14):
        zeros = [0 * w if k == l else w for k, w in enumerate(right.dW)]
        assert not comparison.against(dW=zeros).agrees()


def test_right_backprop_of_a_deep_network_agrees_however_it_is_written():
    """Examples as rows, 1 − a² or 1/cosh², and sums in another order."""
    comparison = deep()
    right = comparison.closed_form
    a = [comparison.x]
    for w, b in zip(right.weights, right.biases, strict=True):
        a.append(np.tanh(a[-1] @ w.T + b))
    for slope in (lambda z, a: 1 - a**2, lambda z, a: 1 / np.cosh(z) ** 2, lambda z, a: (1 - a) * (1 + a)):
        delta = [(a[-1] - comparison.y) / 2 * slope(np.arctanh(a[-1]), a[-1])]
        for l in range(12, -1, -1):
            z = a[l] @ right.weights[l].T + right.biases[l]
            delta.insert(0, (delta[0] @ right.weights[l + 1]) * slope(z, a[l + 1]))
        dW = [(before[::-1].T @ d[::-1]).T for before, d in zip(a, delta, strict=False)]
        assert comparison.against(dW=dW, delta=[d.T for d in delta], convention="columns").agrees()


def deep():
    rng = np.random.default_rng(0)
    model = MLP(4, [32] * 13 + [2], activation="tanh", output="tanh", seed=1)
    return compare(model, rng.normal(size=(2, 4)), rng.uniform(-1, 1, size=(2, 2)))


def test_a_verdict_is_true_where_it_agrees():
    both = compare(MLP(2, [3, 1], "tanh", seed=0), [0.5, -1.0], [1.0])
    assert both.against(dW=both.closed_form.dW)
    assert not both.against(dW=[2 * w for w in both.closed_form.dW])


def test_a_line_whose_two_parameters_are_given_after_a_step():
    """A published mistake, of a course on linear regression: theta − gradient where the gradient is asked for."""
    x = np.array([[12.5], [21.5], [31.6], [48.9], [57.5]])
    y = np.array([[37.4], [36.1], [45.8], [46.7], [59.6]])
    error = 2.0 + 0.7 * x - y
    dw, db = (error * x).mean(), error.mean()
    both = compare(MLP.from_arrays([[[0.7]]], [[2.0]], output="linear"), x, y)
    assert both.against(dW=[[[dw]]], db=[[db]])
    said = "dW[0] and db[0] are W[0] and b[0] after an update with the learning rate 1: give the gradients"
    assert both.against(dW=[[[0.7 - dw]]], db=[[2.0 - db]]).why == said

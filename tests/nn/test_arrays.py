"""Claims about arrays: those of consecutive layers fit each other, and hold real numbers."""

import numpy as np
import pytest

from nn import MLP
from nn.arrays import layer_arrays, real_array


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([[[1.0]]], [], "got 1 matrices and 0 biases"),
        ([], [], "got 0 matrices"),
        ([[1.0, 2.0]], [[1.0]], r"layer 1 has a weight matrix and a bias for each of its neurons; got weights \(2,\)"),
        (
            [[[1.0, 2.0]], [[1.0, 2.0]]],
            [[0.0], [0.0]],
            r"layer 2 takes the 1 activations .*; got weights \(1, 2\)",
        ),
        ([[[1.0, 2.0]]], [[0.0, 0.0]], r"layer 1 has .* a bias for each .*; got weights \(1, 2\) and biases \(2,\)"),
        ([np.zeros((0, 2))], [np.zeros(0)], r"got weights \(0, 2\)"),
    ],
)
def test_arrays_that_do_not_fit(weights, biases, message):
    with pytest.raises(ValueError, match=message):
        MLP.from_arrays(weights, biases)


@pytest.mark.parametrize("wrong", [[[["a"]]], [[[1j]]], [[[1.0, 2.0], [3.0]]], [[[None]]]])
def test_arrays_that_are_no_numbers(wrong):
    with pytest.raises(TypeError, match="the weights of layer 1: real numbers, in rows of equal length; got"):
        MLP.from_arrays(wrong, [[0.0]])


def test_arrays_of_layers_may_have_a_neurons_weights_as_columns():
    W, b = layer_arrays([np.ones((3, 4)), np.ones((4, 2))], [np.zeros(4), [1, 2]], inputs_axis=0)
    assert [w.shape for w in W] == [(3, 4), (4, 2)]
    assert b[1].dtype == np.float64
    with pytest.raises(ValueError, match=r"layer 2 takes the 4 activations before it; got weights \(2, 4\)"):
        layer_arrays([np.ones((3, 4)), np.ones((2, 4))], [np.zeros(4), np.zeros(4)], inputs_axis=0)


def test_a_masked_array_is_told_to_be_filled():
    whole = np.ma.masked_array([1.0, 2.0], mask=[False, False])
    assert real_array(whole, "x").tolist() == [1.0, 2.0]
    with pytest.raises(TypeError, match=r"x: real numbers, all of them; .* masked: give \.filled\(\.\.\.\) instead"):
        real_array(np.ma.masked_array([1.0, 2.0], mask=[False, True]), "x")

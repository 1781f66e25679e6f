"""Claims about arrays of real numbers, from what people give."""

import numpy as np
import pytest

from nn import MLP


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

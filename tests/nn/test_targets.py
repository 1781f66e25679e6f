"""Claims about examples as rows: inputs, and targets in all allowed shapes."""

import numpy as np
import pytest

from nn.targets import inputs_of, one_hot


def test_examples_are_rows():
    assert inputs_of([[1, 2], [3, 4]]).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    for wrong in ([1.0, 2.0], 3.0, [[]], [[[1.0]]]):
        with pytest.raises(ValueError, match="X holds the examples as rows; got shape"):
            inputs_of(wrong)
    with pytest.raises(ValueError, match="inf"):
        inputs_of([[float("inf")]])


def test_classes_are_rows_of_one_1():
    assert one_hot(np.array([2.0, 0.0]), 3).tolist() == [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    rows = np.array([[0.25, 0.75]])
    assert one_hot(rows, 2) is rows
    with pytest.raises(ValueError, match="0 to 2 as the model has 3 outputs; got 3 among them"):
        one_hot(np.array([3.0]), 3)

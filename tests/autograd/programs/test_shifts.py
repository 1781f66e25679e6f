"""Claims about shifts: what is recognised as the largest number, or the mean, taken away."""

import numpy as np
import pytest

from autograd.programs.shifts import is_shift
from tests.helpers.recorded import recorded

X = np.array([[1.0, 2.0, 4.0], [3.0, -1.0, 0.5]])


@pytest.mark.parametrize(
    ("forward", "wanted"),
    [
        (lambda x: x - x.max(axis=1, keepdims=True), True),
        (lambda x: x - x.mean(axis=0), True),
        (lambda x: x - x.sum(axis=1, keepdims=True) / 3, True),
        (lambda x: x - np.tanh(x).mean(axis=0), False),
        (lambda x: x - 2.0, False),
        (lambda x: x * x.mean(axis=0), False),
    ],
    ids=["largest", "mean", "sum-divided", "of-another", "a-number", "product"],
)
def test_a_shift_is_the_largest_or_the_mean_of_the_same_numbers(forward, wanted):
    result = recorded(forward, x=X).result
    assert is_shift(result, 1) == wanted
    assert not is_shift(result, 0)

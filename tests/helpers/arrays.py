"""Helpers for the tests of arrays of Values: a function is run on floats by NumPy and on Values by the library."""

import numpy as np

from autograd import Value, array, numbers
from autograd.arrays.value_array import ValueArray

X = np.array([[0.126, -1.132, 0.64, 0.105], [-0.536, 0.362, 1.304, 0.947], [-0.704, -1.265, -0.623, 0.041]])
ROW = np.array([0.5, -0.4, 1.1, -0.9])
STACK = np.arange(24.0).reshape(2, 3, 4) / 7 - 1.5
WEIGHTS = np.cos(np.arange(1000.0))  # different weights for the numbers of a result, so that each error shows


def agree(function, at=X, rtol=1e-13):
    """Asserts that a function gives equal numbers on Values and on floats, and the gradient of a weighted sum."""
    x = array(at)
    expected, found = parts(function(at.copy())), parts(function(x))
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        same(a, b, rtol)
    if any(is_float(part) for part in expected):
        weighted(found).backward()
        rises = [rise(lambda t, i=i: weighted(parts(function(put(at, i, t)))), at[i]) for i in np.ndindex(at.shape)]
        np.testing.assert_allclose(x.grad.ravel(), rises, rtol=1e-6, atol=1e-7)


def rise(f, x, h=1e-5):
    """Returns df/dx by central differences. The inputs are farther than h from the jumps of floor and rounding."""
    return (f(x + h) - f(x - h)) / (2 * h)


def parts(result):
    return list(result) if isinstance(result, list | tuple) else [result]


def is_float(part):
    return np.asarray(part).dtype.kind in "fO"


def same(found, expected, rtol):
    expected = np.asarray(expected)
    if not is_float(expected):
        assert not isinstance(found, ValueArray)
        np.testing.assert_array_equal(found, expected)
        assert np.asarray(found).dtype == expected.dtype
        return
    assert type(found) is (ValueArray if expected.ndim or isinstance(found, np.ndarray) else Value)
    assert holds_values_alone(found)
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(numbers(found), expected, rtol=rtol, atol=1e-15)


def holds_values_alone(array_or_value):
    return all(isinstance(x, Value) for x in np.asarray(array_or_value, dtype=object).ravel().tolist())


def weighted(results):
    """The sum of all numbers in these results, each times a weight of its own."""
    elements = [x for part in results if is_float(part) for x in np.asarray(part).ravel().tolist()]
    return sum((x * w for x, w in zip(elements, WEIGHTS.tolist(), strict=False)), 0.0)


def put(at, i, number):
    moved = at.copy()
    moved[i] = number
    return moved

"""Claims about the table's functions on arrays and lists: element by element, of floats or of Values."""

import numpy as np
import pytest

import autograd
from autograd import Value, array, grad, leaky_relu, maximum, relu, sigmoid, softplus, tanh  # fmt: skip
from autograd.arrays.value_array import ValueArray
from tests.helpers.arrays import ROW, X


@pytest.mark.parametrize("function", [sigmoid, tanh, relu, leaky_relu, softplus, lambda x: maximum(x, 0.5)])
def test_functions_of_floats_give_floats(function):
    for given in (X, X.tolist(), tuple(ROW), ROW.astype(np.float32), np.array([1, -2]), [], np.zeros((0, 2))):
        made = function(given)
        assert type(made) is np.ndarray
        assert made.dtype == float
        assert made.shape == np.shape(given)
        each = [function(t).data for t in np.ravel(given).tolist()]
        assert made.ravel().tolist() == each


@pytest.mark.parametrize("function", [sigmoid, tanh, relu, leaky_relu, softplus, lambda x: maximum(x, 0.5)])
def test_functions_of_arrays_with_values_among_them_give_the_class(function):
    v = Value(0.3)
    for given in ([v, 1.0], [[v], [v]], (1.0, v), np.array([v, 1.0]), array([1.0, 2.0]), array([])):
        made = function(given)
        assert type(made) is ValueArray
        assert made.shape == np.shape(given)
    function([v, 2.0])[0].backward()
    assert v.grad == grad(function)(0.3)


def test_activations_of_arrays_as_in_the_note():
    W, a, b = np.array([[Value(0.5), Value(-1.0)]]), np.array([1.0, 2.0]), np.array([Value(0.25)])
    for sigma in (autograd.sigmoid, autograd.relu, autograd.softplus, autograd.leaky_relu, autograd.tanh):
        (made,) = sigma(W @ a + b)
        assert made.data == pytest.approx(sigma(0.5 - 2 + 0.25).data)
    assert autograd.sigmoid(np.zeros((2, 3))).shape == (2, 3)

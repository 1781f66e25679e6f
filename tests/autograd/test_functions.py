"""Claims about the operations as functions."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, dot
from autograd.table import OPERATIONS


def test_of_plain_numbers_alone_there_is_nothing_to_remember():
    for made in (autograd.sin(2.0), autograd.maximum(1, 2), dot([1, 2], [3, 4], 5), dot([], [])):
        assert made.op is None
        assert made.operands == ()


@pytest.mark.parametrize(("condition", "chosen"), [(True, "a"), (0.0, "b"), (Value(-2.0), "a"), (Value(0.0), "b")])
def test_where_passes_the_gradient_to_the_one_that_was_chosen(condition, chosen):
    leaves = {"a": Value(3.0), "b": Value(math.nan if chosen == "a" else 5.0)}
    y = autograd.where(condition, *leaves.values())
    y.backward()
    assert y.data == leaves[chosen].data
    assert {name: leaf.grad for name, leaf in leaves.items()} == {"a": 0.0, "b": 0.0, chosen: 1.0}


def test_softmax_is_the_gradient_of_log_sum_exp():
    logits = [Value(x) for x in (1.0, -2.0, 1000.0, 999.5)]
    y = autograd.log_sum_exp(logits)
    y.backward()
    assert y.data == pytest.approx(1000.0 + math.log1p(math.exp(-0.5)), rel=1e-15)
    shares = [p.data for p in autograd.softmax(logits)]
    assert shares == [a.grad for a in logits]
    assert sum(shares) == pytest.approx(1.0, rel=1e-15)


def test_softmax_of_an_array_is_along_its_last_axis():
    logits = np.array([[0.5, -1.0, 2.0], [1.0, 1.0, 1.0]])
    shares = autograd.softmax(autograd.array(logits))
    np.testing.assert_allclose(shares.data, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), rtol=1e-14)


def test_softmax_of_numbers_and_of_arrays_with_values_among_them():
    logits = np.array([[[0.5, -1.0, 2.0]], [[1000.0, 1.0, 999.0]]])
    shares = autograd.softmax(logits)
    assert (type(shares), shares.dtype, shares.shape) == (np.ndarray, float, logits.shape)
    np.testing.assert_allclose(shares.sum(axis=-1), 1.0, rtol=1e-13)
    v = Value(0.5)
    first, second = autograd.softmax(np.array([v, 2.0]))
    first.backward()
    assert v.grad == pytest.approx(first.data * second.data, rel=1e-15)
    assert autograd.softmax(np.zeros((0, 3))).shape == (0, 3)
    assert [p.data for p in autograd.softmax([0.0, Value(0.0)])] == [0.5, 0.5]
    assert [p.data for p in autograd.softmax(iter([-math.inf, Value(3.0)]))] == [0.0, 1.0]


def test_log_sum_exp_is_of_lists_arrays_and_iterables():
    values = [Value(0.5), 1, np.float64(2.0), Value(-1.0)]
    wanted = np.logaddexp.reduce([0.5, 1.0, 2.0, -1.0])
    for given in (values, tuple(values), iter(values), np.array(values), autograd.array(values).reshape(2, 2)):
        assert autograd.log_sum_exp(given).data == pytest.approx(wanted, rel=1e-15)


@pytest.mark.parametrize("function", [autograd.log_sum_exp, autograd.softmax])
def test_nothing_has_no_log_sum_exp(function):
    for nothing in ([], (), iter(()), np.array([]), np.zeros((3, 0))):
        with pytest.raises(ValueError, match="log_sum_exp is of one Value or more; got none"):
            function(nothing)


@pytest.mark.parametrize("function", [autograd.log_sum_exp, autograd.softmax])
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([1j], r"one real number; got complex 1j: take its \.real"),
        ([Value(1.0), 2j], "one real number; got complex"),
        ("ab", "one real number; got str 'a': convert it first"),
        ([None], "one real number; got NoneType None"),
        ([[Value(1.0)], [2.0]], "one real number; got list .*: give its Values one by one"),
        (2.0, "of a list or an array"),
        (Value(2.0), "of a list or an array"),
    ],
)
def test_what_log_sum_exp_is_not_of(function, wrong, told):
    with pytest.raises(TypeError, match=told):
        function(wrong)


@pytest.mark.parametrize("wrong", [1j, "2", None, b"2"])
def test_where_is_of_real_numbers(wrong):
    for operands in ((wrong, 1.0, Value(2.0)), (True, wrong, 2.0), (Value(1.0), 2.0, wrong), ([True], [wrong], 1.0)):
        with pytest.raises(TypeError, match="a Value holds one real number; got"):
            autograd.where(*operands)


def test_where_pairs_arrays_of_one_shape():
    x = autograd.array([1.0, -2.0, 3.0])
    chosen = autograd.where(x > 0, x, 0.1 * x)
    chosen.sum().backward()
    assert chosen.data.tolist() == [1.0, -0.2, 3.0]
    assert x.grad.tolist() == [1.0, 0.1, 1.0]
    assert autograd.where([1.0, 0.0], 2.0, (3.0, 4.0)).tolist() == [2.0, 4.0]
    assert autograd.where(autograd.array([0.0, 1.0]), x[:2], 5.0).data.tolist() == [5.0, -2.0]
    with pytest.raises(ValueError, match=r"where pairs arrays of one shape; got .* and \(2,\)"):
        autograd.where(x > 0, x, [1.0, 2.0])


def test_numpys_functions_of_values_alone_are_rows():
    v, w = Value(0.5), Value(-0.25)
    for function, name in ((np.arcsin, "arcsin"), (np.tan, "tan"), (np.expm1, "expm1"), (np.log1p, "log1p")):
        assert (function(v).op.name, function(v).data) == (name, getattr(v, name)().data)
    assert np.arctan2(v, w).op is OPERATIONS["arctan2"]
    assert np.arctan2(0.5, w).data == math.atan2(0.5, -0.25)
    assert np.logaddexp(v, w).op is OPERATIONS["log_sum_exp"]
    assert np.log2(v).data == -1.0

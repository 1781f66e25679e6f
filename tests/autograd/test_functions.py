"""Claims about the operations as functions."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, dot, functions
from autograd.table import TABLE


def test_of_plain_numbers_alone_there_is_nothing_to_remember():
    for made in (autograd.sin(2.0), autograd.maximum(1, 2), dot([1, 2], [3, 4], 5), dot([], [])):
        assert made.op is None
        assert made.operands == ()


ONE_INPUT = [op for op in TABLE if len(op.slopes) == 1 and op.name != "neg"]


@pytest.mark.parametrize("op", ONE_INPUT, ids=lambda op: op.name)
def test_a_function_and_its_method_are_one_operation(op):
    x = Value(op.samples[-1][0])
    named, method = getattr(functions, op.name)(x), getattr(Value, op.name, Value.__abs__)(x)
    assert (named.op, named.data, named.parents) == (method.op, method.data, method.parents) == (op, named.data, (x,))


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


def test_nothing_has_no_log_sum_exp():
    with pytest.raises(ValueError, match="log_sum_exp is of one Value or more; got none"):
        autograd.log_sum_exp([])

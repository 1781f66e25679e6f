"""Claims about a node: its data, its operands, its text."""

import math

import numpy as np
import pytest

from autograd import Value, dot


def test_a_leaf():
    x = Value(2, "x")
    assert (x.data, x.grad, x.label, x.op) == (2.0, 0.0, "x", None)
    assert (x.operands, x.parents, x.local_grads) == ((), (), ())
    assert type(x.data) is float


def test_a_node_remembers_what_it_was_made_from():
    a, b = Value(2.0), Value(3.0)
    product = a * b
    assert product.op.name == "mul"
    assert product.operands == product.parents == (a, b)
    assert product.local_grads == (3.0, 2.0)


def test_constants_are_operands_but_no_parents():
    x = Value(3.0)
    for node, operands, slope in (
        (x + 1, (x, 1.0), 1.0),
        (1 + x, (1.0, x), 1.0),
        (x - 1, (x, 1.0), 1.0),
        (1 - x, (1.0, x), -1.0),
        (x * 2, (x, 2.0), 2.0),
        (2 * x, (2.0, x), 2.0),
        (x / 2, (x, 2.0), 0.5),
        (6 / x, (6.0, x), -6 / 9),
        (x**2, (x, 2.0), 6.0),
        (2**x, (2.0, x), 8 * math.log(2)),
    ):
        assert node.operands == operands
        assert node.parents == (x,)
        assert node.local_grads == (pytest.approx(slope, rel=1e-15),)


def test_a_repeated_operand_is_there_twice():
    x = Value(3.0)
    assert (x * x).parents == (x, x)
    assert dot([x, x], [x, 2.0], x).parents == (x, x, x, x)


def test_a_value_in_a_value():
    with pytest.raises(TypeError, match=r"is a Value already: use it as it is, or Value\(v\.data\)"):
        Value(Value(2.0))


def test_a_label_is_text():
    with pytest.raises(TypeError, match="a label is text; got int 3"):
        Value(2.0, 3)


def test_repr():
    assert repr(Value(2.0)) == "Value(data=2.0, grad=0.0)"
    assert repr(Value(2.0, "w₁")) == "Value(data=2.0, grad=0.0, label='w₁')"


def test_data_and_grad_are_plain_and_assignable():
    x = Value(2.0)
    x.data -= 0.5
    x.grad = 0
    x.label = "x"
    assert (x.data, x.grad, x.label) == (1.5, 0, "x")
    y = x * 3
    x.data = 100
    y.backward()
    assert (y.data, x.grad) == (4.5, 3.0)


def test_what_is_assigned_is_a_number_too():
    x = Value(2.0)
    y = x * 3
    for wrong in (None, "2", [1.0], 2j):
        with pytest.raises(TypeError, match="a Value holds one real number; got"):
            x.grad = wrong
        with pytest.raises(TypeError, match="a Value holds one real number; got"):
            x.data = wrong
    with pytest.raises(TypeError, match=r"data and grad are plain numbers; got Value.*: write v\.data = other\.data"):
        x.data = Value(1.0)
    x.data, x.grad = np.float32(0.5), np.int64(1)
    assert (type(x.data), type(x.grad)) == (float, float)
    y.backward()
    assert x.grad == 4.0

"""Claims about remainders, whole quotients and rounding: % and // are operations, int and round leave the graph."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value, check_grads, explain, grad, label


@pytest.mark.parametrize(("a", "b"), [(7.5, 2.0), (-7.5, 2.0), (7.5, -2.0), (-7.5, -2.0), (1.0, 0.1), (0.3, 4.0)])
def test_they_are_pythons(a, b):
    x, y = Value(a), Value(b)
    assert (x % y).data == (x % b).data == (a % y).data == a % b == np.mod(a, b)
    assert (x // y).data == (x // b).data == (a // y).data == a // b == np.floor_divide(a, b)
    assert [part.data for part in divmod(x, y)] == list(divmod(a, b))
    assert [part.data for part in divmod(a, y)] == list(divmod(a, b))


def test_their_slopes():
    assert grad(lambda a, b: a % b, (0, 1))(7.5, 2.0) == (1.0, -3.0)
    assert grad(lambda a, b: a % b, (0, 1))(-7.5, 2.0) == (1.0, 4.0)
    assert grad(lambda a, b: a // b, (0, 1))(7.5, 2.0) == (0.0, 0.0)
    assert grad(lambda a: a % 2)(7.5) == 1.0
    check_grads(lambda a, b: (a % b) ** 2 + (a // b) * a, (7.3, 2.1))
    assert grad(grad(lambda a: (a % 2.0) ** 2))(7.5) == 2.0


@pytest.mark.parametrize("other", [0, 0.0, -0.0, Value(0.0)])
def test_0_divides_nothing(other):
    with pytest.raises(autograd.DomainError, match="has no value: % needs a divisor other than 0"):
        Value(1.0) % other
    with pytest.raises(autograd.DomainError, match="has no value: // needs a divisor other than 0"):
        Value(1.0) // other


@pytest.mark.parametrize("other", ["2", None, 2j])
def test_what_is_no_number_is_refused(other):
    for attempt in (lambda: Value(1.0) % other, lambda: Value(1.0) // other):
        with pytest.raises(TypeError):
            attempt()


def test_a_text_formats_a_value():
    assert "%.1f" % Value(2.25) == "2.2"  # noqa: UP031  it is text's % that is asked


def test_they_are_written():
    x = Value(7.5, "x")
    y = x % 2 + x // 2
    label(y=y)
    assert str(autograd.expression(y)) == "mod(x, 2) + floor(½ · x)"
    assert explain(y, x).value == 1.0


def test_whole_numbers_of_a_value():
    v = Value(-2.5)
    assert (int(v), round(v), round(v, 1), round(Value(2.347), 2)) == (-2, -2, -2.5, 2.35)
    assert (math.floor(v), math.ceil(v), math.trunc(v)) == (-3, -2, -2)
    assert [type(whole) for whole in (int(v), round(v), math.floor(v))] == [int] * 3
    assert list(range(int(Value(3.0)))) == [0, 1, 2]

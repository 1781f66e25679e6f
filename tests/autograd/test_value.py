"""Claims about Value in a REPL: its contents, its errors, and its text."""

import math
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, dot, value


def test_plus_minus_times_follow_ieee():
    huge, infinite = Value(1e308), Value(math.inf)
    assert (huge + huge).data == math.inf
    assert (huge * -10).data == -math.inf
    assert math.isnan((infinite - infinite).data)
    assert infinite.exp().data == math.inf
    assert autograd.log(infinite).data == math.inf
    assert math.isnan(Value(math.nan).log().data)
    with pytest.raises(DomainError, match=r"^sqrt\(-1\.0\)"):
        Value(-1.0).sqrt()
    with pytest.raises(DomainError, match=r"^sin\(inf\) has no value: sin needs a finite input$"):
        infinite.sin()
    with pytest.raises(DomainError, match=r"^log\(-inf\) has no value"):
        (-infinite).log()
    assert (infinite.softplus().data, infinite.softplus().local_grads) == (math.inf, (1.0,))


def test_stable_far_out():
    for x, sigmoid, softplus, tanh in ((1000, 1, 1000, 1), (-1000, 0, 0, -1)):
        assert Value(x).sigmoid().data == sigmoid
        assert Value(x).softplus().data == softplus
        assert Value(x).tanh().data == tanh
    assert Value(-40).sigmoid().data == pytest.approx(math.exp(-40), rel=1e-15)
    assert Value(-40).softplus().data == pytest.approx(math.exp(-40), rel=1e-15)


def test_powers():
    zero = Value(0.0)
    flat = zero**0
    flat.backward()
    assert (flat.data, zero.grad) == (1.0, 0.0)
    base, exponent = Value(2.0), Value(3.0)
    (base**exponent).backward()
    assert base.grad == 12.0
    assert exponent.grad == pytest.approx(8 * math.log(2), rel=1e-15)
    negative = Value(-2.0)
    (negative**3).backward()
    assert negative.grad == 12.0
    assert (Value(4.0) ** -0.5).data == 0.5


def test_comparison_is_by_number_equality_by_node():
    a, b = Value(1.0), Value(2.0)
    assert a < b
    assert a <= 1
    assert a >= 1
    assert not a > 1
    assert not a < 1
    assert b > 1.5
    assert b <= 3
    assert np.float64(3) > b
    assert max([a, b]) is b
    assert sorted([b, a]) == [a, b]
    assert Value(1.0) != a
    assert a != 1.0
    assert len({a, Value(1.0)}) == 2
    with pytest.raises(TypeError, match="'<' not supported"):
        assert a < "b"


def test_as_a_number():
    x = Value(2.5)
    assert float(x) == 2.5
    assert math.sin(x) == math.sin(2.5)
    assert bool(x)
    assert not Value(0.0)
    assert f"{x:.2f}" == "2.50"
    assert f"{x}" == repr(x)
    assert +x is x
    assert abs(Value(-2.0)).data == 2.0


def test_subclasses_take_part():
    class Parameter(Value):
        pass

    p = Parameter(2.0, "p")
    y = p * p + dot([p], [p], 1)
    y.backward()
    assert p.grad == 8.0
    assert type(y) is Value


def test_a_name_of_other_libraries_hides_no_method():
    """A method that a Value gets is not overwritten by the name's remedy: importing the file says so."""
    source = Path(value.__file__).read_text(encoding="utf-8")
    with_clip = source.replace("    def relu(self)", "    def clip(self): ...\n\n    def relu(self)")
    assert with_clip != source
    with pytest.raises(NameError, match="a Value has clip itself: take the name out of ELSEWHERE"):
        exec(compile(with_clip, "value.py", "exec"), {"__name__": "autograd.value_again", "__package__": "autograd"})

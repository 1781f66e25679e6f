"""Claims about Value as people use it in a REPL: what it holds, what it refuses, and how it looks."""

import math

import numpy as np
import pytest

import autograd
from autograd import DomainError, Value, dot


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


def test_dot_is_one_node_with_weights_then_inputs_then_bias():
    w, a, b = [Value(2.0), Value(-1.0)], [Value(3.0), Value(4.0)], Value(0.5)
    z = dot(w, a, b)
    assert z.data == 2.5
    assert z.operands == (*w, *a, b)
    assert z.local_grads == (3.0, 4.0, 2.0, -1.0, 1.0)
    assert dot(w, a).data == 2.0
    assert dot(iter(w), (x for x in a), b).data == 2.5


def test_dot_takes_plain_numbers_too():
    w = Value(2.0)
    z = dot([w, 3], np.array([4.0, 5.0]), 1)
    assert z.data == 24.0
    assert z.operands == (w, 3.0, 4.0, 5.0, 1.0)
    assert z.parents == (w,)
    z.backward()
    assert w.grad == 4.0
    assert dot([], []).data == 0.0


def test_dot_pairs_weights_and_inputs():
    with pytest.raises(ValueError, match="dot pairs each weight with one input; got 2 weights and 3 inputs"):
        dot([1, 2], [1, 2, 3])
    with pytest.raises(TypeError, match="one real number; got str 'a'"):
        dot([Value(1.0)], ["a"])


@pytest.mark.parametrize("wrong", ["2", b"2", None, 2j])
def test_what_is_no_number_is_refused_in_every_operator(wrong):
    x = Value(3.0)
    for combine in (lambda: x + wrong, lambda: wrong + x, lambda: x - wrong, lambda: wrong - x, lambda: x * wrong,
                    lambda: wrong * x, lambda: x / wrong, lambda: wrong / x, lambda: x**wrong, lambda: wrong**x,
                    lambda: autograd.maximum(x, wrong), lambda: Value(wrong), lambda: x.backward(wrong)):  # fmt: skip
        with pytest.raises(TypeError, match="a Value holds one real number; got"):
            combine()
    assert (x.data, x.grad) == (3.0, 0.0)


def test_a_value_in_a_value():
    with pytest.raises(TypeError, match=r"is a Value already: use it as it is, or Value\(v\.data\)"):
        Value(Value(2.0))


def test_a_label_is_text():
    with pytest.raises(TypeError, match="a label is text; got int 3"):
        Value(2.0, 3)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: autograd.log(-2), r"^log\(-2\.0\) has no value: log needs a positive input$"),
        (lambda: autograd.log(0), r"^log\(0\.0\) has no value"),
        (lambda: autograd.sqrt(-1), r"^sqrt\(-1\.0\) has no value: sqrt needs an input that is not negative$"),
        (lambda: 1 / Value(0.0, "x"), r"^1\.0 / \(x = 0\.0\) has no value: / needs a divisor other than 0"),
        (lambda: Value(1e300) / 1e-300, r"^1e\+300 / 1e-300 has no value: .* a quotient that a float can hold$"),
        (lambda: Value(1000.0).exp(), r"^exp\(1000\.0\) has no value: exp needs an input below 709\.79"),
        (lambda: Value(-8.0) ** (1 / 3), r"^\(-8\.0\) \*\* 0\.333.* has no value: \*\* needs a base above 0"),
        (lambda: Value(0.0) ** -1, r"^0\.0 \*\* \(-1\.0\) has no value"),
        (lambda: Value(10.0) ** 400, r"^10\.0 \*\* 400\.0 has no value: .* a power that a float can hold$"),
    ],
)
def test_outside_the_domain(wrong, message):
    with pytest.raises(DomainError, match=message):
        wrong()


@pytest.mark.parametrize("kind", [ValueError, ZeroDivisionError, OverflowError])
def test_a_domain_error_is_what_plain_floats_raise(kind):
    with pytest.raises(kind):
        Value(1.0) / 0


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


def test_of_plain_numbers_alone_there_is_nothing_to_remember():
    for made in (autograd.sin(2.0), autograd.maximum(1, 2), dot([1, 2], [3, 4], 5), dot([], [])):
        assert made.op is None
        assert made.operands == ()


def test_subclasses_take_part():
    class Parameter(Value):
        pass

    p = Parameter(2.0, "p")
    y = p * p + dot([p], [p], 1)
    y.backward()
    assert p.grad == 8.0
    assert type(y) is Value

"""Claims about Values beside other kinds of numbers, in NumPy's arrays, and in code for other engines."""

import random
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Value, dot


@pytest.mark.parametrize(
    "number", [2, Fraction(2), Decimal(2), np.float32(2), np.float64(2), np.int64(2), np.array(2.0)]
)
def test_any_real_number_combines_with_a_value(number):
    x = Value(3.0)
    for result, expected in ((x + number, 5), (number + x, 5), (x - number, 1), (number - x, -1), (x * number, 6),
                             (number * x, 6), (number / x, 2 / 3), (x**number, 9), (number**x, 8)):  # fmt: skip
        assert isinstance(result, Value)
        assert result.data == pytest.approx(expected, rel=1e-15)
        assert result.parents == (x,)
        assert Value(number).data == 2.0


def test_other_types_are_asked_for_their_own_arithmetic():
    class Other:
        def __radd__(self, other):
            return "theirs"

    assert Value(1.0) + Other() == "theirs"
    with pytest.raises(TypeError, match="unsupported operand"):
        Value(1.0) * object()
    with pytest.raises(TypeError, match="unsupported operand"):
        Value(1.0) / [1.0]


def test_numpy_arrays_of_values():
    W = np.array([[Value(0.1), Value(0.2)], [Value(0.3), Value(0.4)]])
    a, b = np.array([Value(1.0), Value(2.0)]), np.array([0.5, -0.5])
    z = W @ a + b
    for function in ("tanh", "exp", "sin", "cos", "sqrt", "log"):
        expected = getattr(np, function)(z.astype(float) + 2)
        np.testing.assert_allclose(getattr(np, function)(z + 2).astype(float), expected, rtol=1e-15)
    C = np.tanh(z).sum()
    C.backward()
    slope = 1 - np.tanh(z.astype(float)) ** 2
    np.testing.assert_allclose([w.grad for w in W.flat], np.outer(slope, [1.0, 2.0]).flat, rtol=1e-15)
    assert isinstance(np.float64(2) * Value(3.0), Value)
    assert (Value(3.0) * np.array([1.0, 2.0])).dtype == object


def test_the_micrograd_readme():
    """The example and its numbers: README of micrograd 0.1.0, https://github.com/karpathy/micrograd."""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_a_value_that_numpy_wrapped_is_still_that_value():
    v, w = Value(2.0), Value(3.0)
    for made in (
        v * np.array(w),
        np.array(w) * v,
        v + np.array(w) - 1,
        dot([v], [np.array(w)]),
        autograd.maximum(v, np.array(w)),
    ):
        w.grad = 0.0
        made.backward()
        assert w.grad in (1.0, 2.0)
    with pytest.raises(TypeError, match="a Value holds one real number"):
        Value(np.array(w))


def test_numpys_statistics():
    values = np.array([Value(x) for x in (1.0, 2.0, 4.0)])
    spread = values.std()
    spread.backward()
    plain = np.array([1.0, 2.0, 4.0])
    assert spread.data == pytest.approx(plain.std())
    assert [v.grad for v in values] == pytest.approx((plain - plain.mean()) / (3 * plain.std()))


def test_code_written_for_microgpt_runs():
    """Its public use of Value: sums, softmax by max and exp, rms norm, log loss, data and grad assigned."""
    rng = random.Random(42)
    w = [[Value(rng.gauss(0, 0.5)) for _ in range(4)] for _ in range(3)]
    x = [Value(rng.gauss(0, 1)) for _ in range(4)]
    scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    normed = [xi * scale for xi in x]
    logits = [sum(wi * xi for wi, xi in zip(row, normed, strict=True)) for row in w]
    largest = max(val.data for val in logits)
    exps = [(val - largest).exp() for val in logits]
    probs = [e / sum(exps) for e in exps]
    loss = (1 / 1) * sum([-probs[1].log()])
    loss.backward()
    softmax = np.array([p.data for p in probs])
    expected = np.outer(softmax - np.eye(3)[1], [n.data for n in normed])
    np.testing.assert_allclose([[v.grad for v in row] for row in w], expected, rtol=1e-12)
    for p in (v for row in w for v in row):
        p.data -= 0.1 * p.grad
        p.grad = 0
    assert all(p.grad == 0 for row in w for p in row)


def test_what_has_a_shape_and_is_no_array():
    with pytest.raises(TypeError, match="one real number; got memoryview"):
        autograd.sin(memoryview(b"12"))

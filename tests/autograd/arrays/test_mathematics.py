"""Claims about NumPy's mathematics on arrays of Values: NumPy's numbers, and gradients as by finite differences."""

import numpy as np
import pytest

from autograd import Value, array, numbers
from autograd.arrays.mathematics import MATHEMATICS
from autograd.vocabulary import VALUES
from tests.helpers.arrays import ROW, X, agree

FAR = np.array([[0.3, -1.2, 2.5, 7.0], [1e-9, -0.4, 0.9, -6.0]])


ABOVE = np.abs(X) + 1.2


INSIDE = np.tanh(X)


UNARY = {
    "square": FAR, "reciprocal": X, "negative": X, "positive": X, "conjugate": X, "sqrt": ABOVE, "cbrt": X, "exp": FAR,
    "exp2": FAR, "expm1": FAR, "log": ABOVE, "log2": ABOVE, "log10": ABOVE, "log1p": ABOVE - 2, "sin": FAR, "cos": FAR,
    "tan": X, "arcsin": INSIDE, "arccos": INSIDE, "arctan": FAR, "sinh": FAR, "cosh": FAR, "tanh": FAR,
    "arcsinh": FAR, "arccosh": ABOVE, "arctanh": INSIDE, "deg2rad": X,
    "radians": X, "rad2deg": X, "degrees": X, "absolute": X, "fabs": X, "sign": X, "floor": X, "ceil": X, "trunc": X,
    "rint": X, "modf": X,
}  # fmt: skip


BINARY = ("add", "subtract", "multiply", "divide", "true_divide", "maximum", "minimum", "fmax", "fmin", "logaddexp",
          "logaddexp2", "arctan2", "hypot", "copysign", "heaviside", "floor_divide", "remainder", "divmod")  # fmt: skip


POWERS = ("power", "float_power")


@pytest.mark.parametrize("name", UNARY)
def test_a_function_of_one_array(name):
    agree(getattr(np, name), UNARY[name])


@pytest.mark.parametrize("name", BINARY)
def test_a_function_of_two_arrays(name):
    function = getattr(np, name)
    agree(lambda x: function(x, ROW))
    agree(lambda x: function(ROW, x))
    agree(lambda x: function(x[:2], x[1:] * 0.9))


@pytest.mark.parametrize("name", POWERS)
def test_powers(name):
    function = getattr(np, name)
    agree(lambda x: function(x, 3.0))
    agree(lambda x: function(1.7, x))
    agree(lambda x: function(x, x[::-1]), ABOVE)


def test_every_function_that_has_a_meaning_is_tried_here():
    tried = {*UNARY, *BINARY, *POWERS, "clip", "expit"}
    assert set(MATHEMATICS) == tried


def test_a_word_of_rules_is_what_its_name_means():
    """A function by hand, such as arcsinh, has to go when the vocabulary gets a word of its name."""
    words = {getattr(np, name).__name__: word for name, word in vars(VALUES).items()
             if isinstance(getattr(np, name, None), np.ufunc)}  # fmt: skip
    assert len(words) > 15
    assert [name for name, word in words.items() if MATHEMATICS[name] is not word] == []


def test_accuracy_near_0():
    tiny = np.array([1e-20, -1e-12, 1e-9, 1e-5, 0.1])
    for name in ("log1p", "expm1", "sinh", "arcsinh", "arctanh", "tanh", "sin"):
        x = array(tiny)
        y = getattr(np, name)(x)
        np.testing.assert_allclose(numbers(y), getattr(np, name)(tiny), rtol=1e-15 if name != "arctanh" else 1e-14)
        y.sum().backward()
        np.testing.assert_allclose(x.grad[:3], 1.0, rtol=1e-8)


def test_sizes_whose_squares_overflow_or_vanish():
    for unit in (1e-200, 1e200):
        x = array([3.0 * unit, -4.0 * unit])
        y = np.hypot(x[0], x[1])
        y.backward()
        assert y.data == pytest.approx(5.0 * unit, rel=1e-15)
        assert x.grad == pytest.approx([0.6, -0.8], rel=1e-15)


def test_infinities_in_logaddexp():
    inf = np.inf
    for a, b in [(-inf, -inf), (inf, 1.0), (-inf, 2.0), (inf, inf)]:
        assert np.logaddexp(Value(a), b).data == np.logaddexp(a, b)
    x = array([-inf, 2.0])
    np.logaddexp.reduce(x).backward()
    assert x.grad.tolist() == [0.0, 1.0]
    for a, b, slopes in [(inf, 1.0, (1.0, 0.0)), (-inf, 2.0, (0.0, 1.0)), (2.0, -inf, (1.0, 0.0))]:
        x = array([a, b])
        np.logaddexp(x[0], x[1]).backward()
        assert tuple(x.grad) == slopes

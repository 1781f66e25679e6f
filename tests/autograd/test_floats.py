"""Claims about the mathematics of floats: it gives NumPy's results, also at the edges."""

import itertools
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, floats
from autograd.vocabulary import WORDS

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 5e-324, 1e308, -1e308, math.inf, -math.inf, math.nan, 710.0]
UFUNCS = {name: getattr(np, name) for name in WORDS if isinstance(getattr(np, name, None), np.ufunc)}
ONE = [name for name, ufunc in UFUNCS.items() if ufunc.nin == 1]
TWO = [name for name, ufunc in UFUNCS.items() if ufunc.nin == 2]


def same(mine, numpys):
    return (math.isnan(mine) and np.isnan(numpys)) or mine == pytest.approx(float(numpys), rel=1e-15, abs=0)


@pytest.mark.parametrize("function", ONE)
def test_functions_of_one_number(function):
    for a in EDGES:
        with np.errstate(all="ignore"):
            assert same(getattr(floats, function)(a), getattr(np, function)(a)), a


@pytest.mark.parametrize("function", TWO)
def test_functions_of_two_numbers(function):
    for a, b in itertools.product(EDGES, EDGES):
        if function == "power" and a == -math.inf and b % 1 > 0:
            assert math.isnan(floats.power(a, b))  # IEEE 754's pow gives inf or 0, of any other negative base nan
            continue
        with np.errstate(all="ignore"):
            assert same(getattr(floats, function)(a, b), getattr(np, function)(a, b)), (a, b)


def test_these_are_the_words_of_rules_but_for_two():
    assert len(ONE) + len(TWO) == len(WORDS) - 2
    assert set(WORDS) - set(UFUNCS) == {"where", "log_sum_exp"}


@pytest.mark.parametrize("count", [1, 2])
def test_the_logarithm_of_a_sum_of_exponentials(count):
    for a in itertools.product(EDGES, repeat=count):
        with np.errstate(all="ignore"):
            assert same(floats.log_sum_exp(*a), np.logaddexp.reduce(a)), a


def test_division_keeps_the_sign_of_zero():
    assert floats.divide(1.0, -0.0) == -math.inf
    assert floats.divide(-1.0, -0.0) == math.inf


@pytest.mark.parametrize(
    "number", [2, 2.0, True, Fraction(1, 3), Decimal("0.1"), np.float32(0.5), np.int64(7), np.array(1.5), np.float64(2)]
)
def test_any_real_number_is_a_float(number):
    assert type(floats.as_float(number)) is float
    assert floats.as_float(number) == float(number)


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ("3", "convert it first"),
        (b"3", "convert it first"),
        (None, r"write 0\.0"),
        (1j, r"\.real"),
        (np.complex128(1), r"\.real"),
        (np.zeros(3), r"autograd\.array\(\.\.\.\) makes"),
        (np.zeros((1,)), r"autograd\.array\(\.\.\.\) makes"),
        ([1.0], "for element in"),
        ((Value(1.0), 2.0), "one by one"),
        (object(), "one plain number"),
        (np.array("abc"), "convert it first"),
        (np.array("1.5"), "convert it first"),
        (np.datetime64("2026-01-01"), "one plain number"),
        (np.array(None), "one plain number"),
        (Decimal("sNaN"), "one plain number"),
        ([10**5000], "for element in"),
    ],
)
def test_what_is_no_number_is_refused_with_a_remedy(wrong, remedy):
    with pytest.raises(TypeError, match=rf"(?s)a Value holds one real number; got .*{remedy}"):
        floats.as_float(wrong)


def test_an_integer_too_large_for_a_float():
    with pytest.raises(OverflowError, match="a larger Decimal"):
        floats.as_float(Decimal("1e400"))
    assert floats.as_float(Decimal("Infinity")) == math.inf
    with pytest.raises(OverflowError, match=r"a Value holds a float, up to 1.8e308; got a larger int"):
        floats.as_float(10**400)

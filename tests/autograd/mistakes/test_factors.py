"""Claims about factors: those made of sizes and constants are known, with their names, and no others."""

import math

import numpy as np
import pytest

from autograd.mistakes.factors import Factors
from tests.helpers.by_hand import normal, recorded


def attention(Q, K):
    S = Q @ K.T / np.sqrt(16.0)
    return S * 0.3


def factors():
    """Returns the factors of an attention with n = 5 queries and 7 keys of 16 numbers."""
    return Factors(recorded(attention, {"Q": normal(5, 16), "K": normal(7, 16)}, np.ones((5, 7))))


KNOWN = factors()


@pytest.mark.parametrize(
    ("factor", "called"),
    [
        (5.0, "5"), (1 / 5, "1/5"), (7.0, "7"), (5 / 4, "5/(5 − 1)"), (4 / 5, "(5 − 1)/5"), (6 / 7, "(7 − 1)/7"),
        (math.sqrt(5), "√5"), (1 / math.sqrt(7), "1/√7"), (2 / 5, "2/5"), (10.0, "2 · 5"), (35.0, "35"),
        (1 / 35, "1/35"), (2.0, "2"), (0.5, "1/2"), (-2.0, "−2"), (0.25, "1/4"), (25.0, "5²"), (5 / 7, "5/7"),
        (5 / 3, "5/(5 − 2)"), (0.3, "0.3"), (1 / 0.3, "1/0.3"), (0.09, "0.3²"), (0.1 / 5, "0.1/5"), (-5.0, "−5"),
        (-1.0, "the sign is wrong"), (1 / 10, "1/(2 · 5)"), (3.5, "7/2"), (80.0, "80"), (112.0, "112"),
    ],
)  # fmt: skip
def test_what_a_factor_is_called(factor, called):
    assert KNOWN.called(factor) == called
    assert KNOWN.called(factor * (1 + 1e-12)) == called
    assert KNOWN.nearest(factor * (1 + 1e-12)) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize("factor", [1.2345, 0.777, -0.123456, 5.0001, 1 / 5 * (1 + 1e-6), 1e-5, 123456.0])
def test_what_is_none(factor):
    assert KNOWN.called(factor) is None
    assert KNOWN.nearest(factor) is None


def test_zero_and_one_are_known_and_have_no_name():
    assert KNOWN.nearest(1e-12) == 0.0
    assert KNOWN.nearest(1 - 1e-12) == 1.0
    assert KNOWN.called(1.0) is None
    assert KNOWN.called(0.0) is None
    assert 0.0 not in KNOWN.known
    assert 1.0 not in KNOWN.known


def test_what_they_are_called_is_what_they_are():
    """The name of each is evaluated as arithmetic."""
    for number, written in KNOWN.known.items():
        if written != "the sign is wrong" and "sign is wrong" not in written:
            text = written.replace("−", "-").replace("·", "*").replace("²", "**2")
            if text.startswith("-"):
                text = f"-({text[1:]})"
            text = text.replace("√", "np.sqrt(") + ")" * text.count("√")
            assert eval(text) == pytest.approx(number, rel=1e-5), written


def test_how_near_a_factor_must_be():
    assert KNOWN.nearest(5.00001) is None
    assert KNOWN.nearest(5.00001, close=1e-4) == 5.0


@pytest.mark.parametrize(
    ("factor", "written", "told"),
    [
        (2.0, "2", "2 times what it should be"),
        (-2.0, "−2", "−2 times what it should be"),
        (1 / 5, "1/5", "1/5 of what it should be (5 is the number of rows of Q)"),
        (5 / 4, "5/(5 − 1)", "5/(5 − 1) times what it should be (1.25, where 5 is the number of rows of Q)"),
        (14.0, "2 · 7", "2 · 7 times what it should be (14, where 7 is the number of rows of K)"),
        (0.123456789, "0.123457", "0.123457 times what it should be"),
        (1 / 16, "1/16", "1/16 of what it should be (16 is the number of columns of Q)"),
        (
            5 / 7,
            "5/7",
            "5/7 times what it should be (5 is the number of rows of Q and 7 is the number of rows of K)",
        ),
    ],
)
def test_how_a_factor_is_told(factor, written, told):
    assert factors().written(factor) == written
    assert factors().times(factor) == told


def test_a_small_factor_may_be_a_size():
    """It has other causes too. Only the number of examples is told, the rows of the first input."""
    known = Factors(recorded(lambda x, W: x @ W, {"x": normal(4, 3), "W": normal(3, 2)}, normal(4, 2)))
    assert known.times(4.0) == "4 times what it should be (4 may be the number of rows of x)"
    assert known.times(1 / 3) == "1/3 of what it should be"
    assert known.times(2.0) == "2 times what it should be"


def test_one_seventh_is_written_so():
    found = recorded(lambda x: (1 / 7) * np.sin(x), {"x": normal(3, 2)}, normal(3, 2))
    assert Factors(found).called(1 / 7) == "1/7"
    assert Factors(found).called(7.0) == "7"


def test_the_inverse_of_one_fifth_is_5():
    found = recorded(lambda x: 0.2 * np.sin(x), {"x": normal(3, 2)}, normal(3, 2))
    assert Factors(found).called(5.0) == "5"


def test_a_quotient_of_sizes_is_told_in_the_lowest_terms():
    x = normal(2, 3, 8)  # the sizes 24 · 2 and 8 · 3 stand for no other quotient
    factors = Factors(recorded(lambda x: np.sin(x), {"x": x}, normal(2, 3, 8)))
    assert factors.called(8 / 3) == "8/3"
    assert factors.called(48 / 8) in ("6", "(2 · 3)", "2 · 3")


def test_the_square_of_a_number_with_a_name():
    def dice(x):
        union = x.sum() + 2.7
        return x / union

    x = np.array([0.3, 1.7, 0.9])
    found = Factors(recorded(dice, {"x": x}, np.ones(3)))
    union = x.sum() + 2.7
    assert (found.called(union), found.called(union**2), found.called(1 / union**2)) == ("union", "union²", "1/union²")


@pytest.mark.parametrize("size", [1e200, 1e-320])
def test_numbers_whose_square_or_inverse_is_infinite(size):
    found = Factors(recorded(lambda x: (x * size).sum(), {"x": normal(3)}, np.ones(())))
    assert all(map(math.isfinite, found.known))


def test_the_number_of_entries_that_a_hinge_lets_through():
    x, up = normal(8), np.ones(8)
    run = recorded(lambda x: np.maximum(0, 1 - x), {"x": x}, up)
    passing = int((x < 1).sum())
    assert passing == 6
    told = Factors(run).times(8 / 6)
    assert told.startswith("8/6 times what it should be (6 is the number of entries that pass through")
    assert "8/6" not in Factors(recorded(lambda x: np.maximum(0, 1 - x), {"x": x - 9}, up)).known.values()


def test_a_size_is_that_of_the_data_rather_than_of_an_intermediate_array():
    X = normal(6, 4)

    def cost(w):
        z = X @ w
        return np.mean(z**2)

    assert Factors(recorded(cost, {"w": normal(4)})).times(6.0).endswith("(6 is the number of rows of X)")

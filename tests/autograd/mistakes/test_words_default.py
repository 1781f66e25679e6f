"""Claims about the words in which reasons are told."""

import pytest

from autograd.mistakes.edits import fixed
from autograd.mistakes.factors import Factors
from autograd.mistakes.words import Words
from autograd.programs.reverse import Change
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, given, recorded

FOUND = recorded(batchnorm, BN, BN_OUT)
FACTORS, WORDS = Factors(FOUND), Words()
X, GAMMA = given(FOUND, "x"), given(FOUND, "gamma")


@pytest.mark.parametrize(
    ("factor", "givens", "said"),
    [
        (2.0, [X], "dx is 2 times what it should be"),
        (1 / 6, [X, GAMMA], "dx and dgamma are 1/6 of what they should be (6 is the number of rows of x)"),
        (-1.0, [X], "dx has the wrong sign"),
        (1.23456789, [X], "dx is 1.23457 times what it should be"),
    ],
)
def test_a_factor(factor, givens, said):
    assert WORDS.times(factor, FACTORS, givens) == said


def test_a_factor_each():
    said = WORDS.times_each([(2.0, X), (-1.0, GAMMA)], FACTORS)
    assert said == "dx is 2 times what it should be, and dgamma has the wrong sign"


def test_an_edit_is_told_by_its_text():
    edit = fixed(Change(), "what it is", 1)
    assert WORDS.edit(edit, 1.0, FACTORS) == "what it is"
    assert WORDS.together([edit], 1.0, FACTORS, "all of them") == "all of them"

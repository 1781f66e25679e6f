"""Claims about the checks of arguments: right ones pass, and errors name the rule and what arrived."""

import random
from fractions import Fraction

import numpy as np
import pytest

from nn.arguments import generator, not_negative, tolerance, whole


def test_what_is_meant_passes():
    assert whole(np.int64(3), "a size") == 3
    assert not_negative(Fraction(1, 4), "a rate") == 0.25
    assert tolerance(0) == 0.0
    assert generator(None) is random
    assert generator(7).random() == random.Random(7).random()


@pytest.mark.parametrize(
    ("check", "error", "message"),
    [
        (lambda: whole(2.0, "a size"), TypeError, "a size is a whole number, 1 or more; got float 2.0"),
        (lambda: whole(True, "a size"), TypeError, "got bool True"),
        (lambda: whole(0, "a size"), ValueError, "a size is a whole number, 1 or more; got 0"),
        (lambda: whole(4, "example", most=3), ValueError, "example is one of 1 to 3; got 4"),
        (lambda: not_negative(-1, "a rate"), ValueError, "a rate is a finite number, 0 or more; got -1.0"),
        (lambda: not_negative("1", "a rate"), TypeError, "got str '1'"),
        (lambda: tolerance(-1e-9), ValueError, "tol is a number, 0 or more; got -1e-09"),
        (lambda: generator(0.5), TypeError, "a seed is a whole number"),
    ],
)
def test_an_error_names_the_rule_and_what_arrived(check, error, message):
    with pytest.raises(error) as caught:
        check()
    assert message in str(caught.value)

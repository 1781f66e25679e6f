"""Claims about the functions that rules call, on arrays: each is there, and gives the same numbers as on floats."""

import numpy as np
import pytest

from autograd import floats
from autograd.arrays.rules import ARRAYS
from autograd.table import TABLE
from autograd.vocabulary import WORDS
from nn import costs

OPERATIONS = [op for op in TABLE if op.samples]


def at_points(op, function):
    """What a function gives of the row's points, all at once, and what the rule does of each, on floats."""
    for count in {len(at) for at in op.samples}:
        points = [at for at in (*op.samples, *op.edges) if len(at) == count]
        with np.errstate(all="ignore"):
            yield function(*map(np.array, zip(*points, strict=True))), [op.forward(floats, *at) for at in points]


def test_the_words_are_those_of_the_vocabulary():
    assert set(vars(ARRAYS)) == set(WORDS)


@pytest.mark.parametrize("word", [word for word in WORDS.values() if word.operation], ids=lambda word: word.name)
@pytest.mark.parametrize("m", [ARRAYS, costs.ARRAYS], ids=["rules", "costs"])
def test_a_word_gives_what_its_operation_does(word, m):
    (op,) = [op for op in OPERATIONS if op.name == word.operation]
    for found, expected in at_points(op, getattr(m, word.name)):
        np.testing.assert_allclose(found, expected, rtol=1e-15)


@pytest.mark.parametrize("m", [ARRAYS, costs.ARRAYS], ids=["rules", "costs"])
def test_words_that_are_no_operations(m):
    x = np.array([-2.0, -0.0, 0.0, 3.0])
    assert m.sign(x).tolist() == [floats.sign(a) for a in x.tolist()]
    assert m.where(x > 0, x, 7.0).tolist() == [7.0, 7.0, 7.0, 3.0]
    assert {"sign", "where"} == {word.name for word in WORDS.values() if not word.operation}


@pytest.mark.parametrize("m", [ARRAYS, costs.ARRAYS], ids=["rules", "costs"])
def test_a_fractional_power_of_minus_infinity_has_no_value(m):
    assert m.power(np.array([-np.inf, -np.inf, -np.inf]), np.array([2.0, 0.5, -1.5])).tolist()[0] == np.inf
    assert np.isnan(m.power(np.array([-np.inf, -np.inf]), np.array([0.5, -1.5]))).all()


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: op.name)
def test_the_rules_of_costs_have_each_operation_by_its_name(op):
    """By hand, for the closed form: what it gives on floats, the table's rule knows nothing of."""
    for found, expected in at_points(op, getattr(costs.ARRAYS, op.name)):
        np.testing.assert_allclose(found, expected, rtol=1e-14)

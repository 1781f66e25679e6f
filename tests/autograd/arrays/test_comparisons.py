"""Claims about comparisons of arrays: arrays of True and False, which `where` records."""

import copy
import pickle

import numpy as np
import pytest

from autograd import array, where


@pytest.mark.parametrize("chosen", [np.where, where], ids=["NumPy's", "ours"])
def test_where_of_arrays_records_what_was_compared(chosen):
    x = array([1.0, -2.0, 3.0])
    y = chosen(x > 0.0, x * x, -x)
    assert y.data.tolist() == [1.0, 2.0, 9.0]
    assert [v.operands[0].op.name for v in y] == ["greater"] * 3
    assert [v.operands[0].operands[0] for v in y] == x.tolist()
    y.sum().backward()
    assert x.grad.tolist() == [2.0, -1.0, 6.0]


def test_a_part_of_a_comparison_remembers_its_part():
    x = array([[1.0, -2.0], [3.0, -4.0]])
    y = np.where((x > np.array([0.0, 1.0]))[1], x[1], 0.0)
    assert [v.operands[0].operands for v in y] == [(x[1, 0], 0.0), (x[1, 1], 1.0)]


def test_what_numpy_makes_of_a_comparison_is_plain():
    x = array([1.0, -2.0, 3.0])
    made = x > 0.0
    assert made.dtype == bool
    for plain in (made & True, ~made, made == True, np.stack([made, made]), made.sum(axis=0, keepdims=True)):  # noqa: E712
        assert type(plain) is np.ndarray
    assert type(made[0]) is np.bool_
    assert repr(made) == "array([ True, False,  True])"
    assert x[made].tolist() == [x[0], x[2]]
    assert np.where(made, 1.0, 2.0).tolist() == [1.0, 2.0, 1.0]
    assert np.where(made)[0].tolist() == [0, 2]
    assert (made.sum(), made.mean(), made.all()) == (2, 2 / 3, False)
    assert copy.deepcopy(made).tolist() == pickle.loads(pickle.dumps(made)).tolist() == [True, False, True]

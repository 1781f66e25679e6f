"""Claims about the arrays of a run that is recorded."""

import copy

import numpy as np
import pytest

from autograd import array
from autograd.programs.named_recorder import NamedRecorder
from autograd.programs.naming import Names
from autograd.programs.run_arrays import RecordedArray, memory
from tests.helpers.recorded import X


def test_the_owner_of_the_memory():
    x = np.zeros((2, 3))
    assert memory(x) is x
    assert memory(x.T[1:][0]) is x
    assert memory(x[[0]]) is not x


COPIES = {
    "fancy": lambda x: x[[0, 2]],
    "mask": lambda x: x[np.ones(4, dtype=bool)],
    "copy": lambda x: x.copy(),
    "copy.copy": copy.copy,
    "astype": lambda x: x.astype(object),
    "flatten": lambda x: x.flatten(),
    "ravel": lambda x: x.T.ravel(),
    "reshape": lambda x: x.T.reshape(-1),
    "repeat": lambda x: x.repeat(2, axis=0),
    "take": lambda x: x.take([1], axis=0),
    "compress": lambda x: x.compress([True, False], axis=0),
    "a routine": lambda x: np.concatenate([x, x]),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES.keys())
def test_a_copy_has_values_of_its_own_with_the_same_numbers(copied):
    found = during(copied)
    x, made = found
    assert isinstance(made, RecordedArray)
    assert not set(made.ravel().tolist()) & set(x.ravel().tolist())
    np.testing.assert_array_equal(made.data, copied(X))


VIEWS = {"slice": lambda x: x[1:], "T": lambda x: x.T, "reshape": lambda x: x.reshape(2, 6), "row": lambda x: x[1]}


@pytest.mark.parametrize("viewed", VIEWS.values(), ids=VIEWS.keys())
def test_a_view_has_the_values_of_its_array_and_knows_it(viewed):
    x, made = during(viewed)
    assert made.made_from is x
    assert set(made.ravel().tolist()) <= set(x.ravel().tolist())


def test_outside_a_recording_a_copy_has_the_same_values():
    x = array(X).view(RecordedArray)
    assert x[[0, 1]][0, 0] is x[0, 0]
    assert x.copy().made_from is None


def during(function):
    """Returns an array and what the function gives for it, while a program is recorded."""
    names = Names()
    recorder = NamedRecorder(names)
    x = array(X).view(RecordedArray)
    recorder.leaf(x, "x")
    with recorder.running():
        made = names.run(function, [x])
    return x, made

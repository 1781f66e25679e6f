"""Claims about the recorder of array operations: each thread has its own, and no other thread sees its operations."""

import threading

import numpy as np
import pytest

from autograd import array
from autograd.arrays.recorder import recording

X = array([[1.0, 2.0], [3.0, 4.0]])


class Told:
    """Writes down what it is told, and lets it run."""

    def __init__(self):
        self.operations = []

    def operation(self, run, name, method, inputs, kwargs):
        result = run()
        self.operations.append((name, method, len(inputs), sorted(kwargs)))
        return result


@pytest.fixture
def told():
    made = Told()
    token = recording.set(made)
    yield made
    recording.reset(token)


def test_nobody_is_told_unless_somebody_records():
    assert recording.get() is None


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (lambda: np.exp(X), ("exp", "__call__", 1, [])),
        (lambda: X * 2, ("multiply", "__call__", 2, [])),
        (lambda: X @ X, ("matmul", "__call__", 2, [])),
        (lambda: np.add.reduce(X, axis=1), ("add", "reduce", 1, ["axis"])),
        (lambda: np.einsum("ij,jk->ik", X, X), ("einsum", "routine", 3, [])),
        (lambda: np.dot(X, X), ("dot", "routine", 2, [])),
    ],
    ids=["exp", "product", "matmul", "reduce", "einsum", "dot"],
)
def test_an_operation_is_told_by_its_name_and_its_method(told, operation, expected):
    operation()
    assert told.operations[-1] == expected


def test_what_it_returns_is_the_result(told):
    told.operation = lambda run, name, method, inputs, kwargs: (run(), "told")
    result, word = np.exp(X)
    assert word == "told"
    assert result.shape == (2, 2)


def test_another_thread_tells_nobody(told):
    thread = threading.Thread(target=lambda: np.exp(X))
    thread.start()
    thread.join()
    assert told.operations == []


def test_plain_arrays_are_nobodys_business(told):
    np.exp(np.ones(3))
    assert told.operations == []

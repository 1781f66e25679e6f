"""Claims about what a view is made of."""

import numpy as np

from autograd.programs.assignments import Constant, Leaf
from autograd.programs.gathered import gathered


def test_elements_of_two_arrays_and_numbers():
    a, b = Leaf(value=np.arange(3.0), number=0), Leaf(value=np.arange(10.0, 14.0), number=1)
    origins = [(b, 3), None, (a, 0), (b, 0)]
    operands, source, index = gathered([13.0, 5.0, 0.0, 10.0], (2, 2), origins, lambda x: Constant(value=x), None)
    assert operands[:2] == (b, a)
    np.testing.assert_array_equal(operands[2].value, [[0, 5], [0, 0]])
    np.testing.assert_array_equal(source, [[0, 2], [1, 0]])
    np.testing.assert_array_equal(index, [[3, 1], [0, 0]])


def test_of_two_branches_the_one_that_was_made_first_is_the_first():
    a, b = Leaf(value=np.zeros(2), number=3), Leaf(value=np.ones(2), number=2)
    operands, source, index = gathered([0.0, 1.0], (2,), [(a, 0), (b, 1)], None, None)
    assert operands == (b, a)
    np.testing.assert_array_equal(source, [1, 0])
    np.testing.assert_array_equal(index, [0, 1])

"""Claims about conversions: arrays of Values from numbers, and arrays of numbers and gradients from Values."""

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from autograd import Value, array, gradients, numbers
from tests.helpers.arrays import holds_values_alone

ROOT = Path(__file__).parents[3]


def test_numbers_become_leaves_and_values_stay():
    v = Value(2.0, "v")
    x = array([[v, 1], [np.float32(0.5), Fraction(1, 4)]])
    assert x[0, 0] is v
    assert x.shape == (2, 2)
    assert numbers(x).tolist() == [[2.0, 1.0], [0.5, 0.25]]
    assert holds_values_alone(x)
    assert array(x)[0, 0] is v
    assert array(x) is not x
    assert array(3.0).shape == ()
    assert array([]).shape == (0,)


@pytest.mark.parametrize("wrong", ["a", None, [None], [1j], ["1.0"], [[1.0], ["b"]], {1.0}])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(TypeError, match="a Value holds one real number; got"):
        array(wrong)
    with pytest.raises(TypeError, match="a Value holds one real number; got"):
        numbers(wrong)
    with pytest.raises(TypeError, match="a Value holds one real number; got"):
        gradients(wrong)


def test_masked_arrays_are_refused():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    with pytest.raises(TypeError, match=r"got a masked array: give \.filled"):
        array(masked)
    with pytest.raises(TypeError, match=r"masked arrays do not go with Values: give \.filled"):
        array([1.0, 2.0]) + masked


def test_numbers_and_gradients_of_anything_that_holds_values():
    v, w = Value(2.0), Value(3.0)
    (v * w).backward()
    for held in ([v, w], (v, w), np.array([v, w]), array([v, w])):
        assert numbers(held).tolist() == [2.0, 3.0]
        assert gradients(held).tolist() == [3.0, 2.0]
        assert numbers(held).dtype == gradients(held).dtype == float
    assert numbers([[v], [1]]).tolist() == [[2.0], [1.0]]
    assert gradients([[v], [1]]).tolist() == [[3.0], [0.0]]
    assert numbers(v).shape == ()
    floats = np.array([1.0, 2.0])
    assert numbers(floats).tolist() == [1.0, 2.0]
    assert numbers(np.array([1, 2])).dtype == float


def test_importing_the_three_functions_loads_no_numpy():
    code = "import sys; from autograd import array, gradients, numbers; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)

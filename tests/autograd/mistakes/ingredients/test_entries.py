"""Claims about entries of a gradient that have a wrong factor, are not set, or are all that is set."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, OUT = normal(5), normal(5)
RIGHT = OUT * np.cos(X)


@pytest.mark.parametrize(
    ("factor", "said"), [(2.0, "2 times what they should be"), (-1.0, "have the wrong sign"), (0.2, "1/5 of what")]
)
def test_the_wrong_entries_have_one_factor(factor, said):
    assert check_backward(np.sin, {"x": X}, {"x": RIGHT}, OUT)
    told = why(np.sin, {"x": X}, {"x": RIGHT * np.array([1, factor, 1, factor, 1])}, OUT)
    assert told.startswith("the wrong entries of dx ")
    assert said in told


@pytest.mark.parametrize("factors", [[1, 2, 1, 3, 1], [1, 1.37, 1, 1.37, 1]], ids=["two factors", "an unknown one"])
def test_other_wrong_entries_have_no_reason(factors):
    assert why(np.sin, {"x": X}, {"x": RIGHT * np.array(factors)}, OUT) == ""


def test_one_slice_is_set_alone():
    v, out = normal(2, 4, 3), normal(2, 4, 3)
    wrong = np.zeros((2, 4, 3))
    wrong[:, 1] = (out * np.cos(v))[:, 3]
    said = "of dv, only index 1 along axis 1 is set, to the numbers of index 3: every step of a loop writes there"
    assert said in why(np.sin, {"v": v}, {"v": wrong}, out)
    wrong[:, 1] = (out * np.cos(v))[:, 1]
    assert "every step" not in why(np.sin, {"v": v}, {"v": wrong}, out)


@pytest.mark.parametrize(("axis", "missing", "said"), [
    (0, [1], "dv is 0 at index 1 along axis 0: no gradient is computed there"),
    (1, [2, 3], "dv is 0 at indices 2 and 3 along axis 1: no gradient is computed there, as where a loop ends too"),
])  # fmt: skip
def test_slices_that_are_not_set(axis, missing, said):
    v, out = normal(3, 4, 2), normal(3, 4, 2)
    wrong = out * np.cos(v)
    np.moveaxis(wrong, axis, 0)[missing] = 0.0
    assert said in why(np.sin, {"v": v}, {"v": wrong}, out)


def test_slices_that_are_set_alone_by_no_loop_have_no_loop_in_the_reason():
    v, out = normal(4, 3), normal(4, 3)
    wrong = out * np.cos(v)
    wrong[[0, 2]] = 0.0
    found = why(np.sin, {"v": v}, {"v": wrong}, out)
    assert "dv is 0 at indices 0 and 2 along axis 0: no gradient is computed there" in found
    assert "loop" not in found


def test_the_slices_of_one_index_are_written_to_another():
    """A published mistake: grad_I[:, m] for grad_I[:, d], where m is left over from another loop."""
    v, out = normal(2, 4, 3), normal(2, 4, 3)
    right = out * np.cos(v)
    wrong = right.copy()
    wrong[:, 1], wrong[:, 3] = right[:, 3], 0.0
    said = "along axis 1 of dx, index 1 has the numbers of index 3 and index 3 is 0"
    assert why(np.sin, {"x": v}, {"x": wrong}, out) == f"{said}: the gradient of one index is written to another"


def test_the_wrong_entries_are_zeros():
    """A published mistake: a pooling's loop leaves the last row and the last column of windows out."""
    v, out = normal(3, 4), normal(3, 4)
    wrong = out * np.cos(v)
    wrong[-1], wrong[:, -1] = 0.0, 0.0
    assert why(np.sin, {"x": v}, {"x": wrong}, out) == "the wrong entries of dx are 0: no gradient is computed there"

"""Claims about a[z < 0] = f(z[z < 0]): it is a choice between two arrays of the whole shape, if f has a slope there."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.programs.assignments import Map, View
from tests.helpers.by_hand import normal, recorded

X, W = normal(5, 3), normal(3, 4)
Z = X @ W
OUT = normal(5, 4)


def times(w):
    z = X @ w
    a = z.copy()
    a[z < 0] *= 0.1
    return a


def onto_itself(w):
    z = X @ w
    z[z < 0] = 0.1 * z[z < 0]
    return z


def elu(w):
    z = X @ w
    a = np.copy(z)
    a[z <= 0] = 0.5 * (np.exp(z[z <= 0]) - 1)
    return a


FORMS = {times: np.where(Z < 0, 0.1, 1.0), onto_itself: np.where(Z < 0, 0.1, 1.0),
         elu: np.where(Z > 0, 1.0, 0.5 * np.exp(Z))}  # fmt: skip


def stored(forward):
    (view,) = (node for node in recorded(forward, {"w": W}, OUT).program.assignments
               if isinstance(node, View) and len(node.operands) == 2)  # fmt: skip
    return view


@pytest.mark.parametrize("forward", FORMS)
def test_both_branches_have_the_whole_shape(forward):
    view = stored(forward)
    assert [operand.shape for operand in view.operands] == [Z.shape, Z.shape]
    assert sum(isinstance(operand, Map) for operand in view.operands) == 1
    assert view.value == pytest.approx(forward(W), rel=1e-15)


@pytest.mark.parametrize("forward", FORMS)
def test_the_right_gradient_agrees(forward):
    assert check_backward(forward, {"w": W}, {"w": X.T @ (OUT * FORMS[forward])}, OUT)


def test_a_function_that_has_no_slope_everywhere_stays_a_part():
    def logarithm(w):
        z = X @ w
        z[z > 0] = np.log(z[z > 0])
        return z

    view = stored(logarithm)
    assert {operand.shape for operand in view.operands} == {Z.shape, (np.sum(Z > 0),)}
    with np.errstate(invalid="ignore"):
        assert check_backward(logarithm, {"w": W}, {"w": X.T @ (OUT * np.where(Z > 0, 1 / Z, 1.0))}, OUT)


def test_a_part_that_other_elements_make_stays_a_part():
    def from_elsewhere(w):
        z = X @ w
        z[1:3] = 0.1 * z[3:5]
        z[0, :2] = 2.0 * z[4, :2]
        return z

    right = OUT.copy()
    right[1:3] = 0.0
    right[0, :2] = 0.0
    right[3:5] += 0.1 * OUT[1:3]
    right[4, :2] += 2.0 * OUT[0, :2]
    assert check_backward(from_elsewhere, {"w": W}, {"w": X.T @ right}, OUT)

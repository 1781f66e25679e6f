"""Claims about the texts of operands: constants and parts of arrays that no variable holds have that of the source."""

import numpy as np

from autograd.programs.assignments import Constant, View
from tests.helpers.by_hand import normal, recorded

X, Y, W = normal(4, 3), normal(4), normal(3)


def cost(w):
    total = 0.0
    for i in range(2):
        total = total + (1 - Y[i]) * np.exp(w[i] * w[2])
    return total + np.sum((2 * Y) * np.dot(X, w)) + np.exp(w[2:]).sum() * 0.5


def texts_of(kind):
    return {array.text for array in recorded(cost, {"w": W}).program.assignments if isinstance(array, kind)}


def test_constants_and_views_have_their_texts():
    assert {"2 * Y"} <= texts_of(Constant)
    assert "0.5" not in texts_of(Constant)
    assert {"w[i]", "w[2]", "w[2:]"} <= texts_of(View)


def test_an_operand_that_is_multiplied_in_place_and_one_with_a_minus_have_their_texts():
    def in_place(w):
        a = np.exp(w)
        a *= X[0]
        total = -Y[0] * a[0]
        total = Y[1] * 0.5 * total
        return np.sum(a) + total

    texts = {array.text for array in recorded(in_place, {"w": W}).program.assignments if isinstance(array, Constant)}
    assert {"X[0]", "-Y[0]", "Y[1] * 0.5"} <= texts

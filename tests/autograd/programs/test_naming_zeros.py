"""Claims about zeros and the parts of np.clip: a 0 has no variable's name, and what is clipped keeps its order."""

import numpy as np

from autograd.programs.assignments import Constant, Map, View
from tests.helpers.recorded import recorded


def test_a_zero_is_not_called_by_the_sum_that_begins_with_it():
    def hinge(x):
        loss = 0.0
        for k in range(3):
            loss = loss + np.maximum(x[k] - 1.0, 0.0)
        return loss

    found = recorded(hinge, x=np.array([0.5, 1.5, 2.5]))
    zeros = [x for x in found.program.assignments if isinstance(x, Constant) and not x.shape and not x.value]
    assert zeros
    assert {zero.name for zero in zeros} == {""}


def test_the_parts_of_clip_have_the_order_and_the_shape_of_its_argument():
    def clipped(x):
        color = np.sum(x * 2.0, axis=1) + 0.5
        return np.clip(color, 0.0, 1.0)

    found = recorded(clipped, x=np.arange(24.0).reshape(4, 3, 2) / 20)
    assert not [x for x in found.program.assignments if isinstance(x, View)]
    assert [x.shape for x in found.program.assignments if isinstance(x, Map)][-2:] == [(4, 2), (4, 2)]

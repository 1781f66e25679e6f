"""Claims about overlapping parts whose gradients overwrite each other, in whatever order the loops run."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

IMAGE, KERNEL, OUT = normal(5, 5), normal(2, 2), normal(4, 4)
PLACES = [(i, j) for i in range(4) for j in range(4)]


def blurred(x):
    return np.stack([np.stack([(x[i : i + 2, j : j + 2] * KERNEL).sum() for j in range(4)]) for i in range(4)])


def largest(x):
    return np.stack([np.stack([x[i : i + 2, j : j + 2].max() for j in range(4)]) for i in range(4)])


def by_hand(forward, places, adds):
    dx = np.zeros((5, 5))
    for i, j in places:
        window = IMAGE[i : i + 2, j : j + 2]
        passed = KERNEL if forward is blurred else 1.0 * (window == window.max())
        there = passed != 0
        old = dx[i : i + 2, j : j + 2]
        old[there] = (passed * OUT[i, j] + old * adds)[there]
    return {"x": dx}


ORDERS = {
    "each row back": sorted(PLACES, key=lambda at: (at[0], -at[1])),
    "mixed": [PLACES[k] for k in np.arange(16) * 7 % 16],
}
SAID = "where parts of x are used several times, only one of their gradients is kept: the gradients of all uses add up"


@pytest.mark.parametrize("forward", [blurred, largest])
@pytest.mark.parametrize("order", ORDERS)
def test_windows_in_another_order(forward, order):
    assert check_backward(forward, {"x": IMAGE}, by_hand(forward, ORDERS[order], adds=True), OUT)
    assert SAID in why(forward, {"x": IMAGE}, by_hand(forward, ORDERS[order], adds=False), OUT)


def test_rows_that_are_taken_several_times():
    """A published mistake: diff[idx] = … in the place of += for rows that several triplets have."""
    x, out, triplets = normal(6, 3), normal(3, 4, 3), [[0, 2, 4], [1, 4, 3], [2, 0, 5], [3, 5, 4]]

    def chosen(x):
        return np.stack([np.stack([x[t[k]] for t in triplets]) for k in range(3)])

    right, kept = np.zeros((6, 3)), np.zeros((6, 3))
    for i, triplet in enumerate(triplets):
        for k, row in enumerate(triplet):
            right[row] += out[k, i]
            kept[row] = out[k, i]
    assert check_backward(chosen, {"x": x}, {"x": right}, out)
    assert SAID in why(chosen, {"x": x}, {"x": kept}, out)


def test_other_numbers_have_no_reason():
    assert not why(blurred, {"x": IMAGE}, {"x": normal(5, 5)}, OUT)

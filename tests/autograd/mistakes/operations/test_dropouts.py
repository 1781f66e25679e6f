"""Claims about dropout masks: one that is drawn anew, or read off the output, is told."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import why

DROPPED, AGAIN = (np.random.default_rng(seed).random((6, 5)) < 0.6 for seed in (1, 2))


def thinned_out(x):
    h = np.maximum(x, 0.0)
    return h * DROPPED / 0.6


DROPPED_IN, DROPPED_OUT = np.random.default_rng(3).normal(size=(2, 6, 5))  # relu leaves places where the masks differ


def thinned_out_by_hand(mask):
    return DROPPED_OUT * mask / 0.6 * (DROPPED_IN > 0)


def test_a_mask_that_is_drawn_anew():
    """Also for a dropout mask after a relu, whose own mask does not change."""
    told = why(thinned_out, {"x": DROPPED_IN}, {"x": thinned_out_by_hand(AGAIN)}, DROPPED_OUT)
    assert told == "dx uses a new dropout mask, not DROPPED: keep the mask of the forward pass"
    assert check_backward(thinned_out, {"x": DROPPED_IN}, {"x": thinned_out_by_hand(DROPPED)}, DROPPED_OUT)


def test_entries_that_are_zero_are_no_other_mask():
    """A mask is another one only if it keeps some gradients that should be dropped; other numbers are not masks."""
    lost, other = thinned_out_by_hand(DROPPED), thinned_out_by_hand(AGAIN)
    lost[tuple(np.argwhere(lost)[0])] = 0.0
    other[tuple(np.argwhere(other)[0])] *= 1.01
    for wrong in (lost, other):
        assert "drawn anew" not in why(thinned_out, {"x": DROPPED_IN}, {"x": wrong}, DROPPED_OUT)


# ---- read off the output

X, KEPT, DOUT = DROPPED_IN, DROPPED * 2.0, DROPPED_OUT


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        (2.0 * (X * KEPT > 0), "as 2 where `x * KEPT` is not 0: keep KEPT"),
        (np.where(X <= 0, 2.0, KEPT), "as 2 where `x * KEPT` is not 0, or where x is 0: keep KEPT"),
        (np.where(X <= 0, 1.0, KEPT), "as 2 where `x * KEPT` is not 0, and as 1 where x is 0: keep KEPT"),
    ],
)
def test_a_mask_that_is_read_off_the_output(mask, said):
    x = np.maximum(X, 0.0)
    assert said in why(lambda x: x * KEPT, {"x": x}, {"x": DOUT * mask}, DOUT)
    assert check_backward(lambda x: x * KEPT, {"x": x}, {"x": DOUT * KEPT}, DOUT)


def test_a_mask_of_positive_outputs():
    x = np.where(DROPPED_IN > 0, DROPPED_IN, DROPPED_IN - 0.1)
    assert "as 2 where `x * KEPT` > 0: keep KEPT" in why(
        lambda x: x * KEPT, {"x": x}, {"x": DOUT * 2.0 * (x * KEPT > 0)}, DOUT
    )
    assert check_backward(lambda x: x * KEPT, {"x": x}, {"x": DOUT * KEPT}, DOUT)

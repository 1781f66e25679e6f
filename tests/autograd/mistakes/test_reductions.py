"""Claims about wrong reductions: each is told with its axes, and differs from the sum."""

import numpy as np

from autograd.mistakes.reductions import reductions
from tests.helpers.by_hand import normal


def test_a_sum_over_some_axes_alone():
    blocks = normal(2, 3, 4)
    found = {text: reduce(blocks) for _, text, reduce in reductions((0, 2), told=(5, 7))}
    np.testing.assert_allclose(found["a mean over axes 5 and 7, not a sum"], np.einsum("ijk->j", blocks) / 8)
    text = "summed over axis 7 alone: along axis 5, only the last one is taken"
    np.testing.assert_allclose(found[text], np.einsum("jk->j", blocks[-1]))
    assert np.array_equal(found["only the first one along axes 5 and 7, not the sum"], blocks[0, :, 0])
    assert not any(np.allclose(made, blocks.sum(axis=(0, 2))) for made in found.values())
    assert len(found) == 8

"""Claims about the slope of a power at x − c, where x is not the only error of the cost."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def test_fakes_are_pulled_to_the_target_of_the_real_ones():
    """The slope of fake² is taken at fake − 1, as that of (real − 1)²."""
    x, y, w = normal(5, 3), normal(5, 3), normal(3)

    def least_squares(w):
        real, fake = x @ w, y @ w
        return 0.5 * np.mean((real - 1) ** 2) + 0.5 * np.mean(fake**2)

    assert check_backward(least_squares, {"w": w}, {"w": ((x @ w - 1) @ x + (y @ w) @ y) / 5})
    said = why(least_squares, {"w": w}, {"w": ((x @ w - 1) @ x + (y @ w - 1) @ y) / 5})
    assert "is evaluated at fake − 1, not at fake" in said
    assert not why(least_squares, {"w": w}, {"w": normal(3)})

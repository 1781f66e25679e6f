"""Claims about the derivative of an ELU or SELU that is worked out from its output."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

LAM, ALPHA = 1.0507, 1.6733
X, OUT = normal(4, 5), normal(4, 5)


def selu(x):
    return LAM * np.where(x > 0, x, ALPHA * (np.exp(x) - 1))


def elu(x):
    return np.where(x > 0, x, ALPHA * (np.exp(x) - 1))


def given(of, slope, x=X):
    y = of(x)
    return {"x": OUT * np.where(x > 0, LAM if of is selu else 1.0, slope(y))}


@pytest.mark.parametrize(("of", "slope"), [(selu, lambda y: y + LAM * ALPHA), (elu, lambda y: y + ALPHA)])
def test_the_right_formula_is_right(of, slope):
    assert check_backward(of, {"x": X}, given(of, slope), OUT)


@pytest.mark.parametrize(
    ("of", "slope", "said"),
    [
        (selu, lambda y: LAM * (y + ALPHA), "as 1.0507 (y + 1.6733), where it should be y + 1.7581"),
        (selu, lambda y: y + ALPHA, "as y + 1.6733, where it should be y + 1.7581"),
        (elu, lambda y: ALPHA * (y + 1), "as 1.6733 (y + 1), where it should be y + 1.6733"),
    ],
)
def test_a_wrong_formula_is_told(of, slope, said):
    """Among them a published one, λ (y + α), of a library in C++."""
    assert f"is computed from the output y {said}" in why(of, {"x": X}, given(of, slope), OUT)


@pytest.mark.parametrize("of", [selu, elu])
def test_random_numbers_have_no_such_reason(of):
    random = np.random.default_rng(3)
    for _ in range(5):
        gradient = given(of, lambda y: random.normal(size=y.shape))
        assert "from the output y" not in why(of, {"x": X}, gradient, OUT)

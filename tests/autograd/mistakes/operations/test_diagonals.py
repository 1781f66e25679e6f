"""Claims about Jacobian matrices of which only the diagonal is kept: the missing sum is named."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import BN, BN_OUT, batchnorm, batchnorm_by_hand, normal, why

Y, UP = normal(4, 3), normal(4, 3)


def unit(Y):
    norm = np.sqrt(np.sum(Y**2, axis=1, keepdims=True))
    return Y / norm


def test_the_gradient_of_a_norm_is_a_sum():
    """A published mistake: d(Y / norm) = (norm² − Y²) / norm³, entry by entry."""
    norm = np.linalg.norm(Y, axis=1, keepdims=True)
    right = UP / norm - Y * (UP * Y).sum(axis=1, keepdims=True) / norm**3
    assert check_backward(unit, {"Y": Y}, {"Y": right}, UP)
    said = why(unit, {"Y": Y}, {"Y": UP * (norm**2 - Y**2) / norm**3}, UP)
    assert said == (
        "the sum is missing in the gradient of norm: through it, every entry of `Y / norm` depends on every entry of "
        "`Y**2`, but only the diagonal of this Jacobian matrix is kept"
    )


@pytest.mark.parametrize("through", ["mu", "var"])
def test_the_sums_in_batch_norm(through):
    x, n = BN["x"], len(BN["x"])
    xc = x - x.mean(axis=0)
    std = np.sqrt((xc**2).mean(axis=0) + 1e-5)
    dxhat = BN_OUT * BN["gamma"]
    var_term = -dxhat * xc / std**3 * xc / n if through == "var" else -(dxhat * xc).sum(axis=0) / std**3 * xc / n
    dxc = dxhat / std + var_term
    given = {**batchnorm_by_hand(), "x": dxc - (dxc / n if through == "mu" else dxc.mean(axis=0))}
    said = why(batchnorm, BN, given, BN_OUT)
    assert f"the sum is missing in the gradient of {'mu' if through == 'mu' else 'std'}" in said


@pytest.mark.all_the_time
def test_random_numbers_have_no_such_reason():
    for _ in range(5):
        assert why(unit, {"Y": Y}, {"Y": normal(4, 3)}, UP) == ""


@pytest.mark.parametrize(
    "norm",
    [
        lambda Y: np.linalg.norm(Y, axis=1, keepdims=True),
        lambda Y: np.expand_dims(np.linalg.norm(Y, ord=2, axis=1), axis=1),
    ],
)
def test_the_norm_of_one_call(norm):
    size = np.linalg.norm(Y, axis=1, keepdims=True)
    said = why(lambda Y: Y / norm(Y), {"Y": Y}, {"Y": UP * (size**2 - Y**2) / size**3}, UP)
    assert said.endswith("depends on every entry of Y, but only the diagonal of this Jacobian matrix is kept")


def test_a_term_of_the_cost_that_is_missing_has_no_diagonal():
    """A published mistake: the loss of the last cell is not passed back. Its sum meets no other array."""
    x = normal(2, 3)

    def cost(x):
        c = np.tanh(x)
        h = np.sin(c)
        return 0.5 * (h**2).sum() + 0.5 * (c**2).sum()

    c = np.tanh(x)
    said = why(cost, {"x": x}, {"x": np.sin(c) * np.cos(c) * (1 - c**2)})
    assert "the path through `0.5 * (c**2).sum()` is missing" in said
    assert "diagonal" not in said

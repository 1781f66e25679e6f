"""Claims about choices: which operations are choices, what their branches are made of, and their gradients."""

import numpy as np
import pytest

from autograd.mistakes.operations.choices import choices
from tests.helpers.by_hand import normal, recorded, why

X, ALPHA, G = normal(5, 4), normal(4), normal(5, 4)


def chosen(forward, **inputs):
    found = recorded(forward, inputs, G)
    (choice,) = choices(found)
    return found, choice


def stored(x, alpha):
    y = alpha * x
    y[x > 0] = x[x > 0]
    return y


@pytest.mark.parametrize(
    "forward",
    [lambda x, alpha: np.where(x > 0, x, alpha * x), lambda x, alpha: np.maximum(x, alpha * x), stored],
)
def test_what_the_branches_are_made_of(forward):
    alpha = np.abs(ALPHA) / 9
    found, choice = chosen(forward, x=X, alpha=alpha)
    assert choice.x is found.named["x"]
    assert set(choice.targets) == {found.named["x"], found.named["alpha"]}
    assert not choice.is_relu
    of_x = next(way.position for way in choice.ways if choice.node.operands[way.position] is choice.x)
    np.testing.assert_array_equal(choice.first == (of_x == 0), X > 0)
    np.testing.assert_array_equal(choice.branch_slope(of_x), np.ones_like(X))
    np.testing.assert_allclose(choice.branch_slope(1 - of_x), np.broadcast_to(alpha, X.shape))
    np.testing.assert_allclose(choice.branch(1 - of_x), alpha * X)


def test_what_comes_back_with_the_right_mask_is_right():
    found, choice = chosen(lambda x, alpha: np.where(x > 0, 2 * x, alpha * np.exp(x)), x=X, alpha=ALPHA)
    for target in choice.targets:
        right = found.backward.flows[target.number]
        np.testing.assert_allclose(choice.passed(target, choice.first, G), right)
    other = choice.passed(found.named["alpha"], ~choice.first, G)
    np.testing.assert_allclose(other, (G * np.exp(X) * (X > 0)).sum(axis=0))


def test_a_change_for_one_array_leaves_the_others():
    found, choice = chosen(lambda x, alpha: np.where(x > 0, x, alpha * x), x=X, alpha=ALPHA)
    alpha = found.named["alpha"]
    changed = found.backward.replaced(choice.instead(alpha, lambda flow: np.full(4, 7.0)))
    np.testing.assert_allclose(changed.pop(alpha.number), np.full(4, 7.0), rtol=1e-14)  # g + (7 − g) may round
    for number, flow in changed.items():
        if number < choice.node.number and number not in choice.inside:
            np.testing.assert_allclose(flow, found.backward.flows[number])


def test_a_relu_is_one_and_rows_by_their_numbers_are_none():
    _, choice = chosen(lambda x: np.maximum(x, 0) * 1.0, x=X)
    assert choice.is_relu
    ids = np.array([2, 0, 1, 3, 0])
    found = recorded(lambda x: np.where(ids[:, None] > 0, x[ids], 0.0), {"x": X}, G)
    assert not list(choices(found))


def test_numbers_that_are_put_together_are_no_choice():
    def forward(x):
        return np.stack([np.sum(x * x), np.sum(np.sin(x))])

    assert list(choices(recorded(forward, {"x": X}, np.ones(2)))) == []


def test_a_largest_number_that_is_subtracted_is_no_array_of_a_choice():
    """A softmax of one class is 1 whatever is subtracted; the maximum gets no gradient, and no mistake is sought."""
    w = normal(1)

    def cost(x, w):
        top = x.max(axis=1, keepdims=True)
        shifted = x - top
        largest = np.maximum(shifted[:, :1], shifted[:, 1:])
        c = np.stack([(largest * w).sum(axis=1)], axis=1)
        p = np.exp(c) / np.exp(c).sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(4), np.zeros(4, int)]).mean()

    assert why(cost, {"x": normal(4, 2), "w": w}, {"x": normal(4, 2), "w": normal(1)}) == ""

"""Claims about penalties: one that the cost does not have, one that is missing, and one on the wrong array."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
RIGHT = first_layer(P, P.dz1)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (0.1 * P.W1, "dW1 differs from the right gradient by 0.1 · W1: an L2 penalty that this cost does not have"),
        (0.37 * P.W1, "dW1 differs from the right gradient by 0.37 · W1"),
        (0.01 * np.sign(P.W1), "dW1 differs from the right gradient by 0.01 · sign(W1): an L1 penalty"),
        (0.5 * np.ones((3, 4)), "dW1 differs from the right gradient by 0.5 in every entry"),
        (np.vstack([np.zeros((1, 4)), 0.2 * P.W1[1:]]), "in all but the first row"),
    ],
)
def test_a_penalty_that_the_cost_lacks(more, said):
    assert said in why(network, NET, {**RIGHT, "W1": RIGHT["W1"] + more}, NET_OUT)


def test_a_penalty_on_all_weights():
    given = {**RIGHT, "W1": RIGHT["W1"] + 0.1 * P.W1, "W2": RIGHT["W2"] + 0.1 * P.W2}
    assert "dW1 and dW2 differ from the right gradients by 0.1 · W1 and 0.1 · W2: an L2 penalty" in why(
        network, NET, given, NET_OUT
    )


@pytest.mark.parametrize(("strength", "is_told"), [(0.01, True), (5e-4, True), (0.0137, False), (0.3, False)])
def test_two_numbers_show_a_penalty_of_a_usual_strength(strength, is_told):
    def line(x, w):
        return np.sum((x @ w) ** 2)

    x, w = normal(5, 2), normal(2)
    right = 2 * x.T @ (x @ w)
    assert check_backward(line, {"x": x, "w": w}, {"w": right})
    said = why(line, {"x": x, "w": w}, {"w": right + strength * w})
    assert ("an L2 penalty that this cost does not have" in said) == is_told


# ---- costs with a penalty: ridge regression, a network, a filter bank with one bias for each filter


def ridge(x, w, b, y):
    return ((x @ w + b - y) ** 2).mean() + 0.5 * 0.3 * np.sum(w**2)


def decayed(x, W, b, y):
    a = np.tanh(x @ W + b)
    return 0.5 * np.sum((a - y) ** 2) + 0.2 * np.sum(W**2)


def lasso(x, F, b, y):
    e = np.einsum("nik,ij->njk", x, F) + b - y
    return np.sum(e**2) + 0.7 * np.sum(np.abs(F))


def ridge_by_hand(x, w, b, y):
    e = 2 * (x @ w + b - y) / len(x)
    return {"w": x.T @ e, "b": e.sum(keepdims=True)}, 0.3, "w"


def decayed_by_hand(x, W, b, y):
    a = np.tanh(x @ W + b)
    d = (a - y) * (1 - a * a)
    return {"W": x.T @ d, "b": d.sum(axis=0)}, 0.4, "W"


def lasso_by_hand(x, F, b, y):
    d = 2 * (np.einsum("nik,ij->njk", x, F) + b - y)
    return {"F": np.einsum("nik,njk->ij", x, d), "b": d.sum(axis=(0, 2))[:, None]}, 0.7, "F"


COSTS = {
    "ridge": (ridge, ridge_by_hand, {"x": normal(7, 3), "w": normal(3), "b": normal(1), "y": normal(7)}, np.positive),
    "decayed": (decayed, decayed_by_hand, {"x": normal(6, 3), "W": normal(3, 4), "b": normal(4), "y": normal(6, 4)},
                np.positive),
    "lasso": (lasso, lasso_by_hand, {"x": normal(2, 3, 5), "F": normal(3, 4), "b": normal(4, 1), "y": normal(2, 4, 5)},
              np.sign),
}  # fmt: skip


@pytest.mark.parametrize("name", COSTS)
def test_a_penalty_of_the_cost_in_the_wrong_place(name):
    forward, by_hand, inputs, of = COSTS[name]
    rest, rate, w = by_hand(**inputs)
    penalty, b = rate * of(inputs[w]), inputs["b"]
    right = {**rest, w: rest[w] + penalty}
    assert check_backward(forward, inputs, right)
    written = "b" if of is np.positive else "sign(b)"
    said = why(forward, inputs, {**right, "b": right["b"] + rate * of(b)})
    assert (
        f"db differs from the right gradient by {rate:g} · {written}: the L{1 + (of is np.positive)} penalty of "
        f"{w} is put on b too" in said
    )
    for k, which in ((0, "first"), (1, "second"), (-1, "last")):
        said = why(forward, inputs, {**right, w: rest[w] + rate * of(np.broadcast_to(inputs[w][k], inputs[w].shape))})
        if of is np.positive:
            assert f"the {which} one" in said
            assert "in every entry" in said or "is replaced by" in said


def test_a_penalty_of_the_cost_that_is_missing_is_not_called_one_it_lacks():
    """A penalty is subtracted from a cost that is maximised, so that the missing part is negative."""

    def likelihood(x, w, y):
        z = x @ w
        return np.sum(y * z - np.log(1 + np.exp(z))) - 0.25 * np.sum(w**2) - 0.3 * w[0] ** 2

    x, w, y = normal(8, 5), normal(5), (normal(8) > 0) * 1.0
    inputs = {"x": x, "w": w, "y": y}
    right = x.T @ (y - 1 / (1 + np.exp(-x @ w))) - 0.5 * w - np.array([0.6 * w[0], 0, 0, 0, 0])
    assert check_backward(likelihood, inputs, {"w": right})
    said = why(likelihood, inputs, {"w": right + 0.5 * w})
    assert "is missing" in said
    assert "does not have" not in said
    assert "an L2 penalty that is 0.754 times that of this cost" in why(likelihood, inputs, {"w": right + 0.123 * w})


@pytest.mark.all_the_time
@pytest.mark.parametrize("name", COSTS)
def test_random_arrays_are_no_penalty(name):
    forward, by_hand, inputs, _ = COSTS[name]
    rest, _, w = by_hand(**inputs)
    for _ in range(3):
        assert not why(forward, inputs, {w: normal(*rest[w].shape), "b": normal(*rest["b"].shape)})


def test_a_penalty_of_any_weight_is_told_also_where_nothing_else_is_free():
    """Also behind a layer of one neuron, as the penalty does not pass through it."""
    x, W, v = normal(4, 3), normal(3, 5), normal(5)

    def forward(W, v):
        a = np.tanh(x @ W @ v)
        return (a**2).sum()

    a = np.tanh(x @ W @ v)
    right = np.outer(x.T @ (2 * a * (1 - a**2)), v)
    assert check_backward(forward, {"W": W, "v": v}, {"W": right})
    assert "dW differs from the right gradient by 0.1234 · W: an L2 penalty" in why(
        forward, {"W": W, "v": v}, {"W": right + 0.1234 * W}
    )


XP, YP, WP = normal(7, 4), normal(7), normal(4)


def penalised_but_for_the_first(w):
    return 0.5 * np.sum((XP @ w - YP) ** 2) + 0.3 * np.sum(w[1:] ** 2)


def test_the_penalty_of_a_part_on_the_whole():
    right = XP.T @ (XP @ WP - YP) + 0.6 * WP * np.array([0.0, 1, 1, 1])
    assert check_backward(penalised_but_for_the_first, {"w": WP}, {"w": right})
    said = why(penalised_but_for_the_first, {"w": WP}, {"w": XP.T @ (XP @ WP - YP) + 0.6 * WP})
    assert "dw differs from the right gradient by 0.6 · w in some entries: the L2 penalty of a part of w" in said


def test_one_number_is_no_penalty_of_a_part():
    """Any number is a multiple of one weight, or of its sign."""
    x, theta = normal(5), normal(2)

    def line(theta):
        return np.sum(np.sin(theta[0] + theta[1] * x))

    slope = np.cos(theta[0] + theta[1] * x)
    assert "penalty" not in why(line, {"theta": theta}, {"theta": np.full(2, (slope * x).sum())})


@pytest.mark.parametrize("both", [False, True])
def test_the_value_of_a_penalty_is_added_not_its_gradient(both):
    """A published mistake: dw2 = … + reg * np.square(w2).sum()."""
    x, v, w, reg = normal(5, 3), normal(3, 4), normal(4, 2), 0.05

    def cost(v, w):
        h = np.tanh(x @ v)
        return np.sum(np.sin(h @ w)) + reg * (np.square(v).sum() + np.square(w).sum()) / 2

    h = np.tanh(x @ v)
    d = np.cos(h @ w)
    dv, dw = x.T @ (d @ w.T * (1 - h**2)), h.T @ d
    right = {"v": dv + reg * v, "w": dw + reg * w}
    assert check_backward(cost, {"v": v, "w": w}, right)
    wrong = {"v": dv + reg * np.square(v).sum() if both else right["v"], "w": dw + reg * np.square(w).sum()}
    said = "2 times the term of `np.square(w).sum()`, which is one number, is added to dw, not the gradient"
    if both:
        terms = "`np.square(v).sum()` and `np.square(w).sum()`"
        said = f"2 times the terms of {terms}, which are numbers, are added to dv and dw, not the gradients"
    assert said in why(cost, {"v": v, "w": w}, wrong, None)


@pytest.mark.parametrize("dw", [np.full(5, 0.37), np.full(5, 2 * 0.7 * 0.31)])
def test_a_constant_gradient_of_a_sum_of_squares_has_no_such_reason(dw):
    w = normal(5)
    assert "term of" not in why(lambda w: (w**2).sum(), {"w": w}, {"w": dw}, None)
    assert "term of" not in why(lambda w: (w**2).sum() + np.sin(w).sum(), {"w": w}, {"w": np.cos(w) + dw}, None)


def test_one_wrong_number_of_a_column_is_no_penalty():
    """Some multiple of the weight gives it always."""
    x, w, y = normal(5, 4), normal(4, 1), normal(5, 1)
    right = 2 * x.T @ (x @ w - y)
    wrong = right.copy()
    wrong[0] += 0.3 * normal()
    assert check_backward(lambda w: np.sum((x @ w - y) ** 2), {"w": w}, {"w": right})
    assert why(lambda w: np.sum((x @ w - y) ** 2), {"w": w}, {"w": wrong}) == ""


@pytest.mark.parametrize(("times", "said"), [
    (7, "an L2 penalty that is 7 times that of this cost, as where it is added in each turn of a loop"),
    (0, "an L2 penalty of this cost is missing"),
])  # fmt: skip
def test_the_penalty_of_a_part_is_added_for_each_example(times, said):
    """A published mistake: + lambda * theta(j) inside the loop over the examples."""
    gradient = XP.T @ (XP @ WP - YP) + times * 0.6 * WP * np.array([0.0, 1, 1, 1])
    reason = why(penalised_but_for_the_first, {"w": WP}, {"w": gradient})
    term = f"{(times - 1) * 0.6:.6g}".replace("-", "−")
    assert f"dw differs from the right gradient by {term} · w in all but the first entry: {said}" in reason


def test_the_penalty_of_one_number_is_broadcast_to_the_whole():
    """A published mistake, of a notebook: 2/m XᵀE + alpha * theta[1], where theta has an intercept too."""
    x, y, w = np.column_stack([np.ones(7), normal(7)]), normal(7, 1), normal(2, 1)

    def ridge(w):
        return ((x @ w - y) ** 2).mean() + 0.3 * (w[1:] ** 2).sum()

    data = 2 / 7 * x.T @ (x @ w - y)
    assert check_backward(ridge, {"w": w}, {"w": data + 0.6 * w * [[0], [1]]})
    said = "the gradient of a part of w, which is one number, is added to all of dw"
    assert said in why(ridge, {"w": w}, {"w": data + 0.6 * w[1]})

"""Claims about the cause of a wrong factor of a path: a number on the path, or the last term of a loop's sum."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.causes import cause
from tests.helpers.by_hand import normal, recorded, why


def scaled_dots(q, k):
    scores = q @ k.T / 3.0
    e = np.exp(scores)
    return e * 2.0


def dropped(x, mask):
    h = np.tanh(x)
    d = 1.7 * h * mask
    return np.sin(d)


def squared(x, w):
    c = x - w
    s = c**3
    t = s / 4
    return np.sqrt(1 + t**2) + c


Q, K, X, MASK = normal(4, 2), normal(3, 2), normal(5, 4), (normal(5, 4) > 0) * 1.0
PASSES = {
    "attention": (scaled_dots, {"q": Q, "k": K}, normal(4, 3)),
    "dropout": (dropped, {"x": X, "mask": MASK}, normal(5, 4)),
    "a power": (squared, {"x": normal(2, 3, 2), "w": normal(2)}, normal(2, 3, 2)),
}


@pytest.mark.parametrize(
    ("name", "array", "t", "said"),
    [
        ("attention", "scores", 3.0, "as if the division by 3 in scores were missing"),
        ("attention", "e", 3.0, "as if the division by 3 in scores were missing"),  # e has no other use than scores
        ("attention", "scores", 1 / 3, "as if the division by 3 in scores were applied twice"),
        ("attention", "e", 0.5, "as if the factor 2 in `e * 2.0` were missing"),
        ("attention", "e", 2.0, "as if the factor 2 in `e * 2.0` were applied twice"),
        ("dropout", "h", 1 / 1.7, "as if the factor 1.7 in `1.7 * h` were missing"),
        ("dropout", "h", 1.7, "as if the factor 1.7 in `1.7 * h` were applied twice"),
        ("a power", "s", 1 / 3, "as if the factor 3 in the derivative of s were missing"),
        ("a power", "t", 4.0, "as if the division by 4 in t were missing"),
        ("a power", "t", 5.0, ""),
        ("a power", "c", 1 / 3, ""),  # c is used twice, and only one of its ways has the power
    ],
)
def test_a_number_on_the_way(name, array, t, said):
    found = recorded(*PASSES[name])
    told = cause(found, [found.named[array]], t)
    assert said in told
    assert bool(said) == bool(told)


def residual(x, mask):
    h = np.tanh(x)
    d = h * mask / 0.8
    return x + d


def test_it_is_said_of_a_path():
    dout, slope = normal(5, 4), 1 - np.tanh(X) ** 2
    for by, said in (
        (
            1 / 0.8,
            "the path through h and d is 1/0.8 of what it should be (1.25), as if the division by 0.8 in d were",
        ),
        (0.8, "the path through h and d is 0.8 times what it should be, as if the division by 0.8 in d were missing"),
    ):
        dx = dout + by * dout * MASK / 0.8 * slope
        assert said in why(residual, {"x": X, "mask": MASK}, {"x": dx}, dout)


def example_by_example(X, W):
    cost = 0.0
    for x in X:
        cost += np.sum(np.sin(W @ x))
    return cost / 4


def step_by_step(h, W):
    total = np.zeros(())
    for _ in range(3):
        h = np.tanh(W @ h)
        total = total + np.sum(h * h)
    return total


@pytest.mark.parametrize("sizes", [(2, 3), (4, 2), (1, 5)])
def test_the_last_term_of_a_sum_in_a_loop(sizes):
    X, W = normal(4, sizes[1]), normal(*sizes)
    said = why(example_by_example, {"X": X, "W": W}, {"W": np.outer(np.cos(W @ X[-1]), X[-1]) / 4})
    assert "of the sum in the loop, only the last term is counted" in said
    two = sum(np.outer(np.cos(W @ x), x) / 4 for x in X[2:])
    said = why(example_by_example, {"X": X, "W": W}, {"W": two})
    assert "of the sum in the loop, only the terms after it are counted" in said


def test_what_is_no_sum_of_a_loop():
    found = recorded(squared, *PASSES["a power"][1:])
    assert not any(cause(found, [array], 0.0) for array in found.named.values())


def responded(x):
    sq = x**2
    near = sq[:, :-1] + sq[:, 1:]
    scale = 1.0 + 0.3 * near
    return x[:, 1:] / scale


def test_two_numbers_on_the_way_are_missing():
    x, out = normal(4, 6), normal(4, 5)
    scale = 1 + 0.3 * (x[:, :-1] ** 2 + x[:, 1:] ** 2)
    dscale = -out * x[:, 1:] / scale**2

    def by_hand(share):
        dx = np.zeros_like(x)
        dx[:, 1:] = out / scale + share * dscale * x[:, 1:]
        dx[:, :-1] += share * dscale * x[:, :-1]
        return {"x": dx}

    assert check_backward(responded, {"x": x}, by_hand(0.6), out)
    found = why(responded, {"x": x}, by_hand(1.0), out)
    assert "as if the factor 0.3 in `0.3 * near` were missing and the factor 2 in the derivative of sq" in found
    assert "size" not in found


def test_a_factor_of_a_single_gradient_has_its_cause():
    """Only dw is behind the dropout: its factor alone would not name what is left out."""
    x, w, v, mask, keep = normal(5, 3), normal(3, 4), normal(4), normal(5, 4) > 0, 0.75

    def dropped(w, v):
        h = np.maximum(0, x @ w) * mask / keep
        return np.sum((h @ v) ** 2)

    z = x @ w
    h = np.maximum(0, z) * mask / keep
    dz = np.outer(2 * h @ v, v) * mask * (z > 0)
    assert check_backward(dropped, {"w": w, "v": v}, {"w": x.T @ dz / keep, "v": 2 * h.T @ (h @ v)})
    said = why(dropped, {"w": w, "v": v}, {"w": x.T @ dz, "v": 2 * h.T @ (h @ v)})
    assert said.startswith("dw is 0.75 times what it should be")
    assert "as if the division by keep in h were missing" in said


def tempered(x, W):
    z = x @ W
    e = np.exp(z / 3.0)
    return -np.log(e[:, 0] / e.sum(axis=1)).mean()


def test_a_number_that_all_wrong_gradients_go_through():
    x, W = normal(5, 3), normal(3, 4)
    p = np.exp(x @ W / 3.0)
    dz = (p / p.sum(axis=1, keepdims=True) - np.eye(4)[0]) / 5
    right = {"x": dz @ W.T / 3, "W": x.T @ dz / 3}
    assert check_backward(tempered, {"x": x, "W": W}, right)
    said = why(tempered, {"x": x, "W": W}, {name: 3 * dx for name, dx in right.items()})
    assert said == "dx and dW are 3 times what they should be, as if the division by 3 in `z / 3.0` were missing"
    said = why(tempered, {"x": x, "W": W}, {name: 4 * dx for name, dx in right.items()})
    assert "as if" not in said


def test_minus_one_that_all_wrong_gradients_go_through():
    """Left out and applied twice, it gives the same sign; it is said to be missing."""
    x, W = normal(4, 3), normal(3, 2)
    right = {"x": -np.cos(x @ W) @ W.T, "W": -x.T @ np.cos(x @ W)}

    def turned(x, W):
        return np.sin(-1.0 * (x @ W)).sum()

    assert check_backward(turned, {"x": x, "W": W}, right)
    said = why(turned, {"x": x, "W": W}, {name: -dx for name, dx in right.items()})
    assert said == "dx and dW have the wrong sign, as if the factor -1 in `-1.0 * (x @ W)` were missing"


@pytest.mark.parametrize("n", [8, 2])
def test_another_count_in_a_division(n):
    count = 5
    x, w = normal(8, 6), normal(6)

    def forward(w):
        return np.sum(np.sin(x @ w)[:5]) / count

    dw = x[:5].T @ np.cos(x[:5] @ w) / n
    assert f"were divided by {n}, not by `count`" in why(forward, {"w": w}, {"w": dw})
    assert "were divided" not in why(forward, {"w": w}, {"w": dw * n / 5 * 0.3})


def test_a_half_within_another_number():
    strength, w = 0.1, normal(4)

    def penalised(w):
        squares = np.sum(w**2)
        return 0.5 * strength * squares + np.sum(np.sin(w))

    assert check_backward(penalised, {"w": w}, {"w": strength * w + np.cos(w)})
    said = why(penalised, {"w": w}, {"w": 2 * strength * w + np.cos(w)})
    assert said.startswith("the path through squares is counted twice, as if a factor 1/2 in ")


def test_a_mean_for_the_sum_of_what_was_broadcast():
    x, b, out = normal(6, 3), normal(3), normal(6, 3)

    def moved(x, b):
        return x * 2 + b

    right = {"x": 2 * out, "b": out.sum(axis=0)}
    assert why(moved, {"x": x, "b": b}, {**right, "b": out.mean(axis=0)}, out).endswith(
        ", as if the sum over axis 0 were a mean"
    )
    assert "a mean" not in why(moved, {"x": x, "b": b}, {**right, "b": right["b"] / 4}, out)


def gelu(z):
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


def test_a_number_in_the_other_factor_of_a_product():
    """Of the expressions without a name that the path goes through, one is told that is not long; none has a 1/2."""
    z, dout = normal(4, 3), normal(4, 3)
    t = np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))
    inner = z * (1 - t**2) * np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * z**2)
    assert check_backward(gelu, {"z": z}, {"z": dout * (0.5 * (1 + t) + 0.5 * inner)}, dout)
    found = why(gelu, {"z": z}, {"z": dout * (0.5 * (1 + t) + inner)}, dout)
    assert found.startswith("the path through `z + 0.044715 * z**3` is counted twice, as if the factor 0.5 in `0.5 * z")
    assert "; or " not in found


def test_a_dropout_that_is_multiplied_by_the_share_it_drops():
    """A published mistake: dx = dout * mask * p, where the forward pass divides by 1 − p."""
    x, mask, out = normal(4, 5), (normal(4, 5) > -0.5) * 1.0, normal(4, 5)

    def dropout(x):
        z = np.tanh(x)
        return z * mask / 0.7

    slope = 1 - np.tanh(x) ** 2
    assert check_backward(dropout, {"x": x}, {"x": out * mask / 0.7 * slope}, out)
    said = why(dropout, {"x": x}, {"x": out * mask * 0.3 * slope}, out)
    assert "multiplied by 0.3, not divided by 0.7" in said

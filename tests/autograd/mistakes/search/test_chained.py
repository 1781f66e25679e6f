"""Claims about two mistakes of one gradient, of which the second acts on what the first has changed."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.search.chained import chained
from autograd.mistakes.search.deadline import Deadline
from autograd.mistakes.search.screening import Screen
from autograd.programs.reverse import Change
from tests.helpers.backprop import Net, at, right_delta
from tests.helpers.by_hand import given, normal, recorded, why

X, W, S, OUT = normal(5, 3), normal(3, 4), normal(4), normal(5, 4)


def forward(x, W, s):
    a = np.tanh(x @ W)
    return np.sin(a * s)


def by_hand(slope_of_tanh, slope_of_sine):
    a = np.tanh(X @ W)
    return {"W": X.T @ (OUT * slope_of_sine(a * S) * S * slope_of_tanh(a))}


def right_slope(a):
    return 1 - a**2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (by_hand(lambda a: 1 - np.tanh(a) ** 2, np.ones_like), "is missing"),
        (by_hand(lambda a: a * (1 - a), lambda z: np.cos(np.sin(z))), "a (1 − a) is used instead of tanh′"),
    ],
)
def test_two_slopes_on_one_way(wrong, said):
    inputs = {"x": X, "W": W, "s": S}
    assert check_backward(forward, inputs, by_hand(right_slope, np.cos), OUT)
    found = why(forward, inputs, wrong, OUT)
    assert said in found
    assert ", and also " in found


def test_the_pair_is_found_before_the_deadline():
    found = recorded(forward, {"x": X, "W": W, "s": S}, OUT)
    both = given(found, "W", by_hand(lambda a: 1 - np.tanh(a) ** 2, np.ones_like)["W"])
    a = np.tanh(X @ W)
    ways = {found.node(way).op.name: way for way in found.backward.passed if getattr(found.node(way), "op", None)}
    without_sine = Change(rules={ways["sin"]: lambda flow: flow})
    at_output = Change(rules={ways["tanh"]: lambda flow: flow * (1 - np.tanh(a) ** 2)})
    screen = Screen(found, [both])
    for changes, pair in (([without_sine, at_output], (0, 1)), ([at_output, without_sine], (1, 0))):
        effects = np.array([screen.effect(change) for change in changes])
        ((first, second, effect),) = chained(screen, changes, effects, Deadline(5.0))
        assert (first, second) == pair
        assert screen.explains(effect)
        assert list(chained(screen, changes, effects, Deadline(-1.0))) == []


def test_a_pair_that_explains_one_array_and_a_third_mistake():
    """A published mistake: p (1 − p) once more, z for a in BP4, and a slope that is missing."""
    net = Net((4, 5, 6, 3), "relu", "linear", "softmax_cross_entropy", n=6)
    dW, _ = net.backprop(
        error=lambda net: net.error * net.p * (1 - net.p) / net.n,
        delta=at([1], lambda net, l, e: e, right_delta),
        dW=lambda net, l, delta: (net.z[l - 1] if l > 1 else net.X).T @ delta[l],
    )
    said = net.compared().against(dW=dW, convention="rows").why
    assert "it is applied again as p (1 − p)" in said
    assert "in every layer after the first: BP4 uses z of the layer before, not its a" in said
    assert "in layer 1: σ′(z) is missing" in said


@pytest.mark.parametrize(("factor", "told"), [(5.0, "5 times"), (-1.0, "wrong sign"), (0.2, "1/5 of"), (10.0, "2 · 5")])
def test_a_known_factor_of_a_path_on_which_a_slope_is_wrong(factor, told):
    def normalised(x, g):
        mu = x.mean(axis=0)
        c = np.tanh(x - mu)
        return np.sin(c * g)

    g = normal(3)
    c = np.tanh(X - X.mean(axis=0))
    dc = OUT[:, :3] * np.cos(c * g) * g

    def by_hand(slope, factor):
        d = dc * slope
        return {"x": d - factor * d.mean(axis=0)}

    assert check_backward(normalised, {"x": X, "g": g}, by_hand(1 - c**2, 1.0), OUT[:, :3])
    said = why(normalised, {"x": X, "g": g}, by_hand(c, factor), OUT[:, :3])
    assert [words for words in ("through mu", told, "c is used instead of tanh′") if words not in said] == []

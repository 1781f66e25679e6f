"""Claims about gradients that go back through too few turns of a loop."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

T, H = 4, 3
GIVEN = {"x": normal(T, 2), "h0": normal(H), "Wx": normal(2, H), "Wh": normal(H, H), "V": normal(H, 2)}


def summed(x, h0, Wx, Wh, V):
    h, cost = h0, 0.0
    for t in range(T):
        h = np.tanh(x[t] @ Wx + h @ Wh)
        cost = cost + ((h @ V) ** 2).sum()
    return cost


def stored(x, h0, Wx, Wh, V):
    h = {-1: h0}
    for t in range(T):
        h[t] = np.tanh(x[t] @ Wx + h[t - 1] @ Wh)
    return sum(((h[t] @ V) ** 2).sum() for t in range(T))


def by_hand(most=T, has_slope=True):
    """Returns the gradients if the cost of each turn goes back at most so many turns."""
    x, h0, Wx, Wh, V = GIVEN.values()
    h = [h0]
    for t in range(T):
        h.append(np.tanh(x[t] @ Wx + h[-1] @ Wh))
    g = {name: np.zeros_like(array) for name, array in GIVEN.items()}
    for t in range(T):
        dy = 2 * (h[t + 1] @ V)
        g["V"] += np.outer(h[t + 1], dy)
        dz = V @ dy * (1 - h[t + 1] ** 2)
        for k in range(t, max(-1, t - most - 1), -1):
            g["Wx"] += np.outer(x[k], dz)
            g["Wh"] += np.outer(h[k], dz)
            dz = Wh @ dz * (1 - h[k] ** 2 if has_slope and k else 1)
        g["h0"] += dz if most >= t + 1 else 0.0
    return {name: g[name] for name in ("Wx", "Wh", "V")}


@pytest.mark.parametrize("forward", [summed, stored])
def test_a_gradient_that_goes_back_at_most_two_turns(forward):
    assert check_backward(forward, GIVEN, by_hand())
    for most, told in ((1, "1 turn of"), (2, "2 turns of")):
        said = why(forward, GIVEN, by_hand(most))
        assert f"the gradient is truncated: that of each turn goes back at most {told} the loop" in said


@pytest.mark.parametrize("forward", [summed, stored])
def test_a_truncated_gradient_without_the_slope_of_the_state(forward):
    said = why(forward, GIVEN, by_hand(1, has_slope=False))
    assert "goes back at most 1 turn of the loop, and tanh′" in said
    assert "is missing on this way" in said


@pytest.mark.all_the_time
@pytest.mark.parametrize("forward", [summed, stored])
def test_random_gradients_are_not_truncated(forward):
    assert why(forward, GIVEN, {name: normal(*GIVEN[name].shape) for name in ("Wx", "Wh", "V")}) == ""

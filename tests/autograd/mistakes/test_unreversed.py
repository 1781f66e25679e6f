"""Claims about a loop backward that runs from the first turn to the last."""

import numpy as np
import pytest

from autograd import check_backward
from autograd.mistakes.unreversed import FORWARDS
from tests.helpers.by_hand import normal, why

T, H = 4, 3
GIVEN = {"x": normal(T, 2), "h0": normal(H), "Wx": normal(2, H), "Wh": normal(H, H), "V": normal(H, 2)}


def recurrent(x, h0, Wx, Wh, V):
    h, cost = h0, 0.0
    for t in range(T):
        h = np.tanh(x[t] @ Wx + h @ Wh)
        cost = cost + ((h @ V) ** 2).sum()
    return cost


def by_hand(order):
    x, h0, Wx, Wh, V = GIVEN.values()
    h = [h0]
    for t in range(T):
        h.append(np.tanh(x[t] @ Wx + h[-1] @ Wh))
    dWx, dWh, dV, dh_next = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(V), np.zeros(H)
    for t in order:
        dy = 2 * (h[t + 1] @ V)
        dV += np.outer(h[t + 1], dy)
        dz = (V @ dy + dh_next) * (1 - h[t + 1] ** 2)
        dWx += np.outer(x[t], dz)
        dWh += np.outer(h[t], dz)
        dh_next = Wh @ dz
    return {"Wx": dWx, "Wh": dWh, "V": dV, "h0": dh_next}


def test_a_loop_that_runs_forwards():
    assert check_backward(recurrent, GIVEN, by_hand(reversed(range(T))))
    assert (
        why(recurrent, GIVEN, by_hand(range(T)))
        == f"{FORWARDS}: what a turn passes back to h arrives at the turn after it"
    )


def at_the_end(x, h0, Wx, Wh, V):
    h = h0
    for t in range(T):
        h = np.tanh(x[t] @ Wx + h @ Wh)
    return h @ V


def at_the_end_by_hand(dy, order):
    x, h0, Wx, Wh, V = GIVEN.values()
    h = [h0]
    for t in range(T):
        h.append(np.tanh(x[t] @ Wx + h[-1] @ Wh))
    dWx, dWh, dV, dh = np.zeros_like(Wx), np.zeros_like(Wh), np.outer(h[-1], dy), V @ dy
    for t in order:
        dz = dh * (1 - h[t + 1] ** 2)
        dWx += np.outer(x[t], dz)
        dWh += np.outer(h[t], dz)
        dh = Wh @ dz
    return {"Wx": dWx, "Wh": dWh, "V": dV, "h0": dh}


def test_what_comes_from_after_the_loop_arrives_at_the_first_turn():
    dy = normal(2)
    assert check_backward(at_the_end, GIVEN, at_the_end_by_hand(dy, reversed(range(T))), dy)
    assert FORWARDS in why(at_the_end, GIVEN, at_the_end_by_hand(dy, range(T)), dy)


def lstm(x, Wx, Wh):
    h, c, out = np.zeros(H), np.zeros(H), []
    for t in range(T):
        z = x[t] @ Wx + h @ Wh
        f = 1 / (1 + np.exp(-z[:H]))
        c = f * c + np.tanh(z[H:])
        h = np.tanh(c)
        out.append(h)
    return np.stack(out)


def lstm_by_hand(given, upstream, order):
    x, Wx, Wh = given.values()
    hs, cs, fs, gs = [np.zeros(H)], [np.zeros(H)], [], []
    for t in range(T):
        z = x[t] @ Wx + hs[-1] @ Wh
        fs.append(1 / (1 + np.exp(-z[:H])))
        gs.append(np.tanh(z[H:]))
        cs.append(fs[-1] * cs[-1] + gs[-1])
        hs.append(np.tanh(cs[-1]))
    dWx, dWh, dc, dh = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(H), np.zeros(H)
    for t in order:
        dh = dh + upstream[t]
        dc = dc + dh * (1 - hs[t + 1] ** 2)
        dz = np.concatenate([dc * cs[t] * fs[t] * (1 - fs[t]), dc * (1 - gs[t] ** 2)])
        dWx += np.outer(x[t], dz)
        dWh += np.outer(hs[t], dz)
        dh, dc = Wh @ dz, dc * fs[t]
    return {"Wx": dWx, "Wh": dWh}


def test_two_arrays_go_from_turn_to_turn_and_begin_with_zeros():
    given, upstream = {"x": normal(T, 2), "Wx": normal(2, 2 * H), "Wh": normal(H, 2 * H)}, normal(T, H)
    assert check_backward(lstm, given, lstm_by_hand(given, upstream, reversed(range(T))), upstream)
    said = why(lstm, given, lstm_by_hand(given, upstream, range(T)), upstream)
    assert f"{FORWARDS}: what a turn passes back to h and c arrives" in said


def layers(x, U, W):
    lower, h = [], np.zeros(H)
    for t in range(T):
        h = np.tanh(x[t] + h @ U)
        lower.append(h)
    h = np.zeros(H)
    for t in range(T):
        h = np.tanh(lower[t] + h @ W)
        lower[t] = h
    return np.stack(lower)


def layers_by_hand(given, upstream, order):
    x, U, W = given.values()
    below, above = [np.zeros(H)], [np.zeros(H)]
    for t in range(T):
        below.append(np.tanh(x[t] + below[-1] @ U))
    for t in range(T):
        above.append(np.tanh(below[t + 1] + above[-1] @ W))
    dW, dU, dlower, carried = np.zeros_like(W), np.zeros_like(U), np.zeros((T, H)), np.zeros(H)
    for t in order(T):
        dz = (upstream[t] + carried) * (1 - above[t + 1] ** 2)
        dW += np.outer(above[t], dz)
        dlower[t], carried = dz, W @ dz
    carried = np.zeros(H)
    for t in order(T):
        dz = (dlower[t] + carried) * (1 - below[t + 1] ** 2)
        dU += np.outer(below[t], dz)
        carried = U @ dz
    return {"U": dU, "W": dW}


@pytest.mark.all_the_time
@pytest.mark.parametrize("seed", range(2))
def test_random_gradients_get_no_reason(seed):
    rng = np.random.default_rng(seed)
    assert why(recurrent, GIVEN, {name: rng.normal(size=x.shape) for name, x in GIVEN.items() if name != "x"}) == ""


def test_two_loops():
    given, dh = {"x": normal(T, H), "U": normal(H, H), "W": normal(H, H)}, normal(T, H)
    assert check_backward(layers, given, layers_by_hand(given, dh, lambda n: reversed(range(n))), dh)
    assert FORWARDS in why(layers, given, layers_by_hand(given, dh, range), dh)

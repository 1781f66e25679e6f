"""Claims about operands in loops: the array that each turn makes, in the place of the one it began with."""

from itertools import pairwise

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

RX, RU, RW, ROUT = normal(4, 2), normal(3, 2), normal(3, 3), normal(3)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def plain_steps(x, U, W):
    h = np.zeros(3)
    for t in range(4):
        h = np.tanh(U @ x[t] + W @ h)
    return h


def plain_steps_by_hand(wrong):
    hs = [np.zeros(3)]
    for t in range(4):
        hs.append(np.tanh(RU @ RX[t] + RW @ hs[-1]))
    dx, dU, dW, dh = np.zeros_like(RX), np.zeros_like(RU), np.zeros_like(RW), ROUT
    for t in reversed(range(4)):
        dz = dh * (1 - hs[t + 1] ** 2)
        dx[t] = RU.T @ dz
        dU += np.outer(dz, RX[t])
        dW += np.outer(dz, hs[t + 1 if wrong else t])
        dh = RW.T @ dz
    return {"x": dx, "U": dU, "W": dW}


DA, DB, DOUT = normal(5), normal(3, 5), normal(5)


def decay(a, b):
    s = np.zeros(5)
    for t in range(3):
        s = np.sin(a * s + b[t])
    return s


def decay_by_hand(wrong):
    states = [np.zeros(5)]
    for t in range(3):
        states.append(np.sin(DA * states[-1] + DB[t]))
    da, db, ds = np.zeros(5), np.zeros((3, 5)), DOUT
    for t in reversed(range(3)):
        db[t] = ds * np.cos(DA * states[t] + DB[t])
        da += db[t] * states[t + 1 if wrong else t]
        ds = db[t] * DA
    return {"a": da, "b": db}


BX, BU, BW, BOUT = normal(3, 4, 2), normal(2, 3), normal(3, 3), normal(4, 3)


def batch_steps(x, U, W):
    h = np.zeros((4, 3))
    for t in range(3):
        h = sigmoid(x[t] @ U + h @ W)
    return h


def batch_steps_by_hand(wrong):
    hs = [np.zeros((4, 3))]
    for t in range(3):
        hs.append(sigmoid(BX[t] @ BU + hs[-1] @ BW))
    dx, dU, dW, dh = np.zeros_like(BX), np.zeros_like(BU), np.zeros_like(BW), BOUT
    for t in reversed(range(3)):
        dz = dh * hs[t + 1] * (1 - hs[t + 1])
        dx[t], dh = dz @ BU.T, dz @ BW.T
        dU += BX[t].T @ dz
        dW += hs[t + 1 if wrong else t].T @ dz
    return {"x": dx, "U": dU, "W": dW}


LOOPS = {
    "recurrent": (plain_steps, {"x": RX, "U": RU, "W": RW}, plain_steps_by_hand, ROUT, "h(1) … h(4)"),
    "decay": (decay, {"a": DA, "b": DB}, decay_by_hand, DOUT, "s(1) … s(3)"),
    "batch": (batch_steps, {"x": BX, "U": BU, "W": BW}, batch_steps_by_hand, BOUT, "h(1) … h(3)"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOPS)
def test_what_a_turn_makes_for_what_it_began_with(name):
    forward, inputs, by_hand, upstream, said = LOOPS[name]
    assert check_backward(forward, inputs, by_hand(wrong=False), upstream)
    assert f"what each turn makes, {said}, is used instead of {said[0]}" in why(
        forward, inputs, by_hand(wrong=True), upstream
    )
    assert why(forward, inputs, {key: normal(*array.shape) for key, array in inputs.items()}, upstream) == ""


def layers_in_a_loop(x, *weights):
    for W in weights:
        z = x @ W
        x = np.tanh(z)
    return x


@pytest.mark.parametrize("sizes", [(3, 4, 4), (4, 4, 3), (2, 4, 4, 4), (4, 4, 4)])
def test_layers_of_other_widths_in_a_loop(sizes):
    x, dout = normal(6, sizes[0]), normal(6, sizes[-1])
    weights = {f"W{k}": normal(*shape) for k, shape in enumerate(pairwise(sizes), 1)}
    random = {name: normal(*W.shape) for name, W in weights.items()}
    assert why(layers_in_a_loop, {"x": x, **weights}, random, dout) == ""


def in_groups(x, w):
    """Two groups of columns, each with its own matrix, and a loop over the rows within each group."""
    rows = []
    for g in range(2):
        own = w[g]
        rows += [np.tanh(x[t, 3 * g : 3 * g + 3]) @ own for t in range(4)]
    return np.stack(rows)


def test_each_group_uses_the_other_groups_matrix():
    x, w, out = normal(4, 6), normal(2, 3, 2), normal(8, 2)

    def by_hand(wrong):
        dx, dw = np.zeros_like(x), np.zeros_like(w)
        for g in range(2):
            here, h = slice(3 * g, 3 * g + 3), np.tanh(x[:, 3 * g : 3 * g + 3])
            dw[g] = h.T @ out[4 * g : 4 * g + 4]
            dx[:, here] = out[4 * g : 4 * g + 4] @ w[1 - g if wrong else g].T * (1 - h**2)
        return {"x": dx, "w": dw}

    assert check_backward(in_groups, {"x": x, "w": w}, by_hand(wrong=False), out)
    assert "that of the opposite turn (the last for the first) is used instead of own(1) and own(2)" in why(
        in_groups, {"x": x, "w": w}, by_hand(wrong=True), out
    )


def test_divisors_of_which_the_last_is_one():
    table, dout = normal(4, 3), normal(3, 3)
    bags = [[0, 1], [1, 2, 3], [2]]

    def means(E):
        return np.stack([E[bag].sum(axis=0) / np.array(float(len(bag))) for bag in bags])

    right, wrong = np.zeros_like(table), np.zeros_like(table)
    for bag, d in zip(bags, dout, strict=True):
        right[bag] += d / len(bag)
        wrong[bag] += d
    assert check_backward(means, {"E": table}, {"E": right}, dout)
    assert "the division by 2, 3 and 1 is missing" in why(means, {"E": table}, {"E": wrong}, dout)


def test_a_part_of_another_array_in_each_turn():
    states, w = normal(5, 3), normal(3)
    rewards = normal(5)

    def cost(w):
        rates = np.array([0.5, 1.0, 2.0, 1.5, 0.3])
        returns = rewards * rates
        total = 0.0
        for t in range(5):
            total = total + returns[t] * np.sin(states[t] @ w)
        return total

    right = rewards * np.array([0.5, 1.0, 2.0, 1.5, 0.3])
    assert check_backward(cost, {"w": w}, {"w": states.T @ (right * np.cos(states @ w))})
    said = why(cost, {"w": w}, {"w": states.T @ (rewards * np.cos(states @ w))})
    assert "the part of rewards is used instead of `returns[t]`" in said


def test_one_number_for_the_weights_of_the_turns():
    weights, x, w = [0.5, 2.0, 1.0, 3.0], normal(4, 3), normal(3)

    def cost(w):
        total = 0.0
        for k in range(4):
            total = total + weights[k] * 0.5 * np.sum((x[k] @ w) ** 2)
        return total

    assert check_backward(cost, {"w": w}, {"w": x.T @ (np.array(weights) * (x @ w))})
    said = why(cost, {"w": w}, {"w": x.T @ (x @ w)})
    assert "0.5 is used instead of `weights[k] * 0.5` in every turn" in said
    assert why(cost, {"w": w}, {"w": normal(3)}) == ""


def test_a_part_of_an_array_in_the_place_of_another_ones_part():
    def cost(p, q):
        total = 0.0
        for i in range(3):
            for j in range(2):
                total = total + np.sin(np.dot(p[i, :], q[:, j]))
        return total

    p, q = normal(3, 4), normal(4, 2)
    slope, own = np.cos(p @ q), np.cos(p @ q).sum(axis=0)
    assert check_backward(cost, {"p": p, "q": q}, {"p": slope @ q.T, "q": p.T @ slope})
    said = why(cost, {"p": p, "q": q}, {"p": slope @ q.T, "q": q * own})
    assert said.startswith("`q[:, j]` is used instead of `p[i, :]` in the gradient of `q[:, j]`")


def test_the_last_turn_of_an_inner_loop():
    x, w1, w2 = normal(4, 3), normal(3, 3), normal(3, 3)

    def cost(w1, w2):
        total = 0.0
        for one in x:
            a = one
            for w in (w1, w2):
                a = np.sin(w @ a)
            total = total + np.sum(a)
        return total

    def by_hand(stuck):
        found = {"w1": 0.0, "w2": 0.0}
        for one in x:
            a = np.sin(w1 @ one)
            d2 = np.cos(w2 @ a)
            found["w2"] = found["w2"] + np.outer(d2, a)
            found["w1"] = found["w1"] + np.outer(w2.T @ d2 * np.cos(w1 @ one), a if stuck else one)
        return found

    inputs = {"w1": w1, "w2": w2}
    assert check_backward(cost, inputs, by_hand(stuck=False))
    assert "from the last turn of the inner loop, in all of its turns, is used" in why(
        cost, inputs, by_hand(stuck=True)
    )

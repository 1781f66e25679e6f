"""Claims about inner arrays: their gradients are mixed up or exchanged, or parts are joined in another order."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


X, WG, WU, WD, GATED_OUT = normal(4, 3), normal(3, 5), normal(3, 5), normal(5, 2), normal(4, 2)
GATED = {"x": X, "Wg": WG, "Wu": WU, "Wd": WD}


def gated(x, Wg, Wu, Wd):
    gate = x @ Wg
    up = x @ Wu
    return (np.tanh(gate) * up) @ Wd


def gated_by_hand(fault=""):
    t, up = np.tanh(X @ WG), X @ WU
    dh = GATED_OUT @ WD.T
    dgate, dup = dh * up * (1 - t**2), dh * t
    if fault == "exchanged":
        dgate, dup = dup, dgate
    if fault == "taken":
        dgate = dup
    return {"x": dgate @ WG.T + dup @ WU.T, "Wg": X.T @ dgate, "Wu": X.T @ dup, "Wd": (t * up).T @ GATED_OUT}


S, WQ, WK, WV, SCORES_OUT = normal(4, 3), normal(3, 2), normal(3, 2), normal(3, 2), normal(4, 2)
ATTENTION = {"s": S, "Wq": WQ, "Wk": WK, "Wv": WV}


def attention(s, Wq, Wk, Wv):
    q = s @ Wq
    k = s @ Wk
    v = s @ Wv
    e = np.exp(q @ k.T)
    return (e / e.sum(axis=1, keepdims=True)) @ v


def attention_by_hand(fault=""):
    q, k, v = S @ WQ, S @ WK, S @ WV
    e = np.exp(q @ k.T)
    p = e / e.sum(axis=1, keepdims=True)
    dp = SCORES_OUT @ v.T
    ds = p * (dp - (dp * p).sum(axis=1, keepdims=True))
    dq, dk, dv = ds @ k, ds.T @ q, p.T @ SCORES_OUT
    if fault == "exchanged":
        dq, dv = dv, dq
    if fault == "taken":
        dq = dv
    return {"s": dq @ WQ.T + dk @ WK.T + dv @ WV.T, "Wq": S.T @ dq, "Wk": S.T @ dk, "Wv": S.T @ dv}


A, B, C, TREE_OUT = normal(6), normal(6), normal(6), normal(6)
TREE = {"a": A, "b": B, "c": C}


def tree(a, b, c):
    left = a * b
    right = np.sin(b) * c
    return np.tanh(left) * np.exp(0.3 * right)


def tree_by_hand(fault=""):
    left, right = A * B, np.sin(B) * C
    dleft = TREE_OUT * (1 - np.tanh(left) ** 2) * np.exp(0.3 * right)
    dright = TREE_OUT * np.tanh(left) * np.exp(0.3 * right) * 0.3
    if fault == "exchanged":
        dleft, dright = dright, dleft
    if fault == "taken":
        dleft = dright
    return {"a": dleft * B, "b": dleft * A + dright * np.cos(B) * C, "c": dright * np.sin(B)}


LAYERS = {
    "gated": (gated, GATED, gated_by_hand, GATED_OUT, "gate and up", "up is used instead of the gradient of gate"),
    "attention": (
        attention,
        ATTENTION,
        attention_by_hand,
        SCORES_OUT,
        "q and v",
        "v is used instead of the gradient of q",
    ),
    "tree": (tree, TREE, tree_by_hand, TREE_OUT, "left and right", "right is used instead of the gradient of left"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_the_gradients_of_two_inner_arrays_are_exchanged(name):
    forward, inputs, by_hand, upstream, names, _ = LAYERS[name]
    assert f"the gradients of {names} are exchanged" in why(forward, inputs, by_hand("exchanged"), upstream)


@pytest.mark.parametrize("name", LAYERS)
def test_one_inner_gradient_is_taken_for_another_one(name):
    forward, inputs, by_hand, upstream, _, said = LAYERS[name]
    assert f"the gradient of {said}" in why(forward, inputs, by_hand("taken"), upstream)


@pytest.mark.parametrize("name", LAYERS)
def test_right_ones_agree_and_random_ones_have_no_reason(name):
    forward, inputs, by_hand, upstream, *_ = LAYERS[name]
    assert check_backward(forward, inputs, by_hand(), upstream)
    assert why(forward, inputs, {key: normal(*array.shape) for key, array in inputs.items()}, upstream) == ""


def rated(R, bu, bi):
    cost = 0.0
    for u in range(3):
        for i in range(3):
            cost += 0.5 * (R[u, i] - np.tanh(bu[u] + bi[i])) ** 2
    return cost + 0.1 * np.sum(bu**2) + 0.2 * np.sum(bi**2)


def test_a_sum_over_the_other_index_of_a_loop():
    """The bias of a user is summed over the users, and that of an item over the items."""
    R, bu, bi = normal(3, 3), normal(3), normal(3)
    t = np.tanh(bu[:, None] + bi)
    d = (t - R) * (1 - t**2)
    right = {"R": R - t, "bu": d.sum(axis=1) + 0.2 * bu, "bi": d.sum(axis=0) + 0.4 * bi}
    inputs = {"R": R, "bu": bu, "bi": bi}
    assert check_backward(rated, inputs, right)
    said = why(rated, inputs, {**right, "bu": d.sum(axis=0) + 0.2 * bu}, None)
    assert "the gradient of bi in" in said
    assert "is used instead of the gradient of bu in" in said
    both = {**right, "bu": d.sum(axis=0) + 0.2 * bu, "bi": d.sum(axis=1) + 0.4 * bi}
    assert "are exchanged" in why(rated, inputs, both, None)


# ---- parts of one array


T, H = 3, 2
XS, WX, WH, STEPS_OUT = normal(T, 4), normal(4 * H, 4), normal(4 * H, H), normal(T, H)


def lstm(x, Wx, Wh):
    h, c, hs = np.zeros(2), np.zeros(2), []
    for t in range(3):
        a = Wx @ x[t] + Wh @ h
        i, f, o, g = sigmoid(a[:2]), sigmoid(a[2:4]), sigmoid(a[4:6]), np.tanh(a[6:])
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
    return np.stack(hs)


def lstm_by_hand(order=(0, 1, 2, 3)):
    h, c, steps = np.zeros(H), np.zeros(H), []
    for t in range(T):
        a = WX @ XS[t] + WH @ h
        i, f, o, g = sigmoid(a[:2]), sigmoid(a[2:4]), sigmoid(a[4:6]), np.tanh(a[6:])
        steps.append((i, f, o, g, c, h))
        c = f * c + i * g
        h = o * np.tanh(c)
    dx, dWx, dWh = np.zeros_like(XS), np.zeros_like(WX), np.zeros_like(WH)
    dh, dc = np.zeros(H), np.zeros(H)
    for t in reversed(range(T)):
        i, f, o, g, before, h = steps[t]
        tc = np.tanh(f * before + i * g)
        dh = dh + STEPS_OUT[t]
        dc = dc + dh * o * (1 - tc**2)
        parts = (dc * g * i * (1 - i), dc * before * f * (1 - f), dh * tc * o * (1 - o), dc * i * (1 - g**2))
        da = np.concatenate([parts[k] for k in order])
        dx[t] = WX.T @ da
        dWx += np.outer(da, XS[t])
        dWh += np.outer(da, h)
        dh, dc = WH.T @ da, dc * f
    return {"x": dx, "Wx": dWx, "Wh": dWh}


P, W, PACKED_OUT = normal(4, 5), normal(5, 9), normal(4, 3)


def packed(p, W):
    qkv = p @ W
    q, k, v = qkv[:, :3], qkv[:, 3:6], qkv[:, 6:]
    return np.tanh(q @ k.T) @ v


def packed_by_hand(order=(0, 1, 2)):
    q, k, v = np.split(P @ W, 3, axis=1)
    s = np.tanh(q @ k.T)
    ds = PACKED_OUT @ v.T * (1 - s**2)
    parts = (ds @ k, ds.T @ q, s.T @ PACKED_OUT)
    d = np.concatenate([parts[k] for k in order], axis=1)
    return {"p": d @ W.T, "W": P.T @ d}


V, PAIR_OUT = normal(2, 6), normal(2, 3)


def pair(v):
    y = np.tanh(v)
    return y[:, :3] * np.exp(y[:, 3:])


def pair_by_hand(order=(0, 1)):
    y = np.tanh(V)
    parts = (PAIR_OUT * np.exp(y[:, 3:]), PAIR_OUT * y[:, :3] * np.exp(y[:, 3:]))
    return {"v": np.concatenate([parts[k] for k in order], axis=1) * (1 - y**2)}


PARTS = {
    "gates": (lstm, {"x": XS, "Wx": WX, "Wh": WH}, lstm_by_hand, STEPS_OUT, (0, 1, 3, 2), "o(1) … o(3) and g(1)"),
    "three gates": (lstm, {"x": XS, "Wx": WX, "Wh": WH}, lstm_by_hand, STEPS_OUT, (1, 2, 0, 3), "f(1) … f(3)"),
    "q and k": (packed, {"p": P, "W": W}, packed_by_hand, PACKED_OUT, (1, 0, 2), "q and k"),
    "halves": (pair, {"v": V}, pair_by_hand, PAIR_OUT, (1, 0), "`y[:, 3:]` and `y[:, :3]`"),
}


@pytest.mark.parametrize("name", PARTS)
def test_the_gradients_of_parts_in_another_order(name):
    forward, inputs, by_hand, upstream, order, names = PARTS[name]
    said = why(forward, inputs, by_hand(order), upstream)
    assert "are exchanged within the gradient of" in said
    assert names in said


@pytest.mark.all_the_time
@pytest.mark.parametrize("name", PARTS)
def test_right_parts_agree_and_random_ones_have_no_reason(name):
    forward, inputs, by_hand, upstream, *_ = PARTS[name]
    assert check_backward(forward, inputs, by_hand(), upstream)
    assert why(forward, inputs, {key: normal(*array.shape) for key, array in inputs.items()}, upstream) == ""


def test_parts_that_are_cut_into_heads():
    x, w, dout = normal(5, 2), normal(2, 12), normal(5, 4)

    def forward(w):
        qkv = x @ w
        q, k, v = qkv[:, :4], qkv[:, 4:8], qkv[:, 8:]
        parts = [q[:, at : at + 2] * np.sin(k[:, at : at + 2].T).T + v[:, at : at + 2] for at in (0, 2)]
        return np.concatenate(parts, axis=1)

    q, k = (x @ w)[:, :4], (x @ w)[:, 4:8]
    dq, dk = dout * np.sin(k), dout * q * np.cos(k)
    assert check_backward(forward, {"w": w}, {"w": x.T @ np.hstack((dq, dk, dout))}, dout)
    said = why(forward, {"w": w}, {"w": x.T @ np.hstack((dk, dq, dout))}, dout)
    assert "the gradients of k and q are exchanged" in said


def test_one_variable_of_all_turns():
    x, wa, wb, dout = normal(5, 2), normal(2, 2, 3), normal(2, 2, 3), normal(5, 3)

    def forward(wa, wb):
        out = 0.0
        for i in range(2):
            a = x @ wa[i]
            b = x @ wb[i]
            out = out + np.sin(a) * np.cos(b)
        return out

    def gone_back(fault=False):
        found = []
        for i in range(2):
            a, b = x @ wa[i], x @ wb[i]
            da, db = dout * np.cos(a) * np.cos(b), -dout * np.sin(a) * np.sin(b)
            found.append([x.T @ (db if fault else da), x.T @ (da if fault else db)])
        return {"wa": np.array([a for a, _ in found]), "wb": np.array([b for _, b in found])}

    inputs = {"wa": wa, "wb": wb}
    assert check_backward(forward, inputs, gone_back(), dout)
    assert "exchanged" in why(forward, inputs, gone_back(True), dout)


def test_the_gradient_of_one_part_in_the_place_of_another():
    xs, theta = normal(6), normal(2)

    def cost(theta):
        return np.sum(np.sin(theta[0] + theta[1] * xs))

    slope = np.cos(theta[0] + theta[1] * xs)
    assert check_backward(cost, {"theta": theta}, {"theta": np.array([slope.sum(), (slope * xs).sum()])})
    said = why(cost, {"theta": theta}, {"theta": np.full(2, (slope * xs).sum())})
    assert "within the gradient of theta, that of `theta[1]` also stands in the place of that of `theta[0]`" in said


def test_the_derivative_between_two_arrays_is_named():
    """A published mistake, of a matrix factorisation: the error itself is left out of the gradient of its square."""
    p, q, r = normal(3, 4), normal(5, 4), normal(3, 5)

    def cost(p, q):
        C = 0.0
        for u, m in np.ndindex(3, 5):
            e = r[u, m] - np.dot(p[u], q[m])
            C = C + 0.5 * np.square(e)
        return C

    said = why(cost, {"p": p, "q": q}, {"p": np.tile(-q.sum(axis=0), (3, 1)), "q": np.tile(-p.sum(axis=0), (5, 1))})
    assert "is used instead of the gradient of e(1) … e(15): the derivative of `np.square(e)` is missing there" in said

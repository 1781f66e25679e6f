"""Claims about gradients of other arrays that are passed back, or handed in, in the place of the right ones."""

import numpy as np

from autograd import check_backward
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()


def test_the_gradient_before_the_slope_is_passed_on_to_some():
    """db1 is computed from da1, and dW1 from dz1."""
    given = {**first_layer(P, P.dz1), "b1": P.da1.sum(axis=0)}
    said = why(network, NET, given, NET_OUT)
    assert "is computed from the gradient of a1, not" in said or "db1 is the gradient of a1, summed" in said


def test_the_next_layers_delta():
    def deep(x, W1, W2, W3):
        a1 = np.tanh(x @ W1)
        z2 = a1 @ W2
        a2 = np.tanh(z2)
        return a2 @ W3

    x, W1, W2, W3, dout = normal(5, 3), normal(3, 3), normal(3, 3), normal(3, 3), normal(5, 3)
    a1 = np.tanh(x @ W1)
    a2 = np.tanh(a1 @ W2)
    dz2 = dout @ W3.T * (1 - a2**2)
    dz1 = dz2 @ W2.T * (1 - a1**2)
    given = {"W1": x.T @ dz2, "W2": a1.T @ dz2, "W3": a2.T @ dout}
    said = why(deep, {"x": x, "W1": W1, "W2": W2, "W3": W3}, given, dout)
    assert "is computed from the gradient of z2" in said
    given = {"W1": x.T @ dz1, "W2": a1.T @ (dout @ W3.T), "W3": a2.T @ dout}
    assert "a2" in why(deep, {"x": x, "W1": W1, "W2": W2, "W3": W3}, given, dout)


def test_two_gradients_that_are_exchanged():
    def forward(q, k):
        return np.tanh(q @ k.T)

    q, k, dout = normal(3, 4), normal(3, 4), normal(3, 3)
    ds = dout * (1 - np.tanh(q @ k.T) ** 2)
    assert why(forward, {"q": q, "k": k}, {"q": ds.T @ q, "k": ds @ k}, dout) == "dq and dk are exchanged"


def test_one_gradient_is_handed_in_as_another():
    given = {**first_layer(P, P.dz1), "b1": P.da1.sum(axis=0) * 0 + P.dz1.sum(axis=0), "b2": P.db2, "W1": P.x.T @ P.da1}
    assert why(network, NET, given, NET_OUT)

    def gates(a, b):
        i = np.tanh(a)
        f = np.tanh(b)
        return i * f

    a, b, dout = normal(3), normal(3), normal(3)
    di = dout * np.tanh(b) * (1 - np.tanh(a) ** 2)
    said = why(gates, {"a": a, "b": b}, {"a": di, "b": di}, dout)
    assert "db is the gradient of a" in said
    said = why(gates, {"a": a, "b": b}, {"a": dout * np.tanh(b), "b": dout * np.tanh(a) * (1 - np.tanh(b) ** 2)}, dout)
    assert "tanh′(a) is missing" in said


def lstm(x, W):
    h, c, out = np.zeros(2), np.zeros(2), []
    for t in range(3):
        a = W @ np.concatenate([x[t], h])
        i = np.sin(a[:2])
        o = np.cos(a[2:4])
        c = 0.5 * c + i * np.tanh(a[4:])
        h = o * np.tanh(c)
        out.append(h)
    return np.stack(out)


def lstm_by_hand(x, W, out, of_the_cell):
    h, c, steps = np.zeros(2), np.zeros(2), []
    for t in range(3):
        a = W @ np.concatenate([x[t], h])
        before, h_before = c, h
        c = 0.5 * c + np.sin(a[:2]) * np.tanh(a[4:])
        h = np.cos(a[2:4]) * np.tanh(c)
        steps.append((a, before, h_before, c))
    dx, dW, dh, dc = np.zeros_like(x), np.zeros_like(W), np.zeros(2), np.zeros(2)
    for t in reversed(range(3)):
        a, before, h, c = steps[t]
        dh = dh + out[t]
        dc = dc + dh * np.cos(a[2:4]) * (1 - np.tanh(c) ** 2)
        do = (dc if of_the_cell else dh) * np.tanh(c)
        g = np.tanh(a[4:])
        da = np.concatenate([dc * g * np.cos(a[:2]), -do * np.sin(a[2:4]), dc * np.sin(a[:2]) * (1 - g**2)])
        dW += np.outer(da, np.concatenate([x[t], h]))
        both = W.T @ da
        dx[t], dh, dc = both[:2], both[2:], 0.5 * dc
    return {"x": dx, "W": dW}


def test_in_every_step_the_gradient_of_an_array_below():
    """The output gate gets the gradient of the cell, which is complete later than that of h."""
    x, W, out = normal(3, 2), normal(6, 4), normal(3, 2)
    assert check_backward(lstm, {"x": x, "W": W}, lstm_by_hand(x, W, out, False), out)
    said = why(lstm, {"x": x, "W": W}, lstm_by_hand(x, W, out, True), out)
    assert "is computed from the gradient of c(1) … c(3), not from the gradient of h(1) … h(3)" in said


def test_in_two_layers_the_gradient_of_an_array_below():
    def forward(x, W, V):
        p = x @ W
        y = x * np.tanh(p)
        q = y @ V
        return y * np.tanh(q)

    x, W, V, out = normal(4, 3), normal(3, 3), normal(3, 3), normal(4, 3)
    p = x @ W
    y = x * np.tanh(p)
    q = y @ V
    dq = out * y * (1 - np.tanh(q) ** 2)
    dy = out * np.tanh(q) + dq @ V.T
    dp = dy * x * (1 - np.tanh(p) ** 2)
    right = {"x": dy * np.tanh(p) + dp @ W.T, "W": x.T @ dp, "V": y.T @ dq}
    assert check_backward(forward, {"x": x, "W": W, "V": V}, right, out)
    wrong = {**right, "x": dp * np.tanh(p) + dp @ W.T}
    assert "is computed from the gradient of p, not from the gradient of y" in why(
        forward, {"x": x, "W": W, "V": V}, wrong, out
    )


def test_a_factor_that_is_missing_where_another_gradient_is_passed_on():
    def forward(x, v, g):
        norm = np.sqrt((v**2).sum(axis=1, keepdims=True))
        w = g * v / norm
        return x @ w.T

    x, v, g, dout = normal(5, 4), normal(3, 4), normal(3, 1), normal(5, 3)
    dw = dout.T @ x
    said = why(forward, {"x": x, "v": v, "g": g}, {"g": (dw * v).sum(axis=1, keepdims=True)}, dout)
    assert "the division by norm is missing" in said


def test_a_factor_of_the_branch_on_the_way_around_too():
    x, w, mask, dout = normal(4, 3), normal(3, 3), np.abs(normal(4, 3)), normal(4, 3)

    def block(x, w):
        branch = np.tanh(x @ w)
        y = x + branch * mask
        return np.sin(y)

    t = np.tanh(x @ w)
    dy = dout * np.cos(x + t * mask)
    dz = dy * mask * (1 - t**2)
    right = {"x": dy + dz @ w.T, "w": x.T @ dz}
    assert check_backward(block, {"x": x, "w": w}, right, dout)
    said = why(block, {"x": x, "w": w}, right | {"x": dy * mask + dz @ w.T}, dout)
    assert "the gradient of branch, not from the gradient of y: the factor mask does not belong there" in said


def test_one_input_of_many_products_of_single_numbers():
    """The products have parts of the weights, and a loop makes them anew for each example."""
    xs, ys, w = normal(3, 2), normal(3), normal(2)

    def cost(w):
        total = 0.0
        for x, y in zip(xs, ys, strict=True):
            p = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1])))
            total = total + 0.5 * (p - y) ** 2
        return total

    p = 1 / (1 + np.exp(-(xs @ w)))
    assert check_backward(cost, {"w": w}, {"w": xs.T @ ((p - ys) * p * (1 - p))})
    assert "σ′(" in why(cost, {"w": w}, {"w": xs.T @ (p - ys)})
    hidden, v = normal(3, 2), normal(2)

    def of_two(u, v):
        total = 0.0
        for x, y in zip(hidden, ys, strict=True):
            h0, h1 = np.tanh(u[0] * x[0]), np.tanh(u[1] * x[1])
            p = 1 / (1 + np.exp(-(v[0] * h0 + v[1] * h1)))
            total = total + 0.5 * (p - y) ** 2
        return total

    h = np.tanh(hidden * w)
    p = 1 / (1 + np.exp(-(h @ v)))
    delta = (p - ys) * p * (1 - p)
    right = {"u": (hidden * (1 - h**2) * np.outer(delta, v)).sum(axis=0), "v": h.T @ delta}
    assert check_backward(of_two, {"u": w, "v": v}, right)
    said = why(of_two, {"u": w, "v": v}, {**right, "v": h.T @ (p - ys)})
    assert "is computed from the gradient of p(1) … p(3)" in said
    assert "missing there" in said


def test_a_division_in_each_turn_of_a_loop_is_missing():
    def row_by_row(x, w):
        out = []
        for row in x:
            scaled = w * row
            out.append(scaled / np.sqrt(np.sum(row**2)))
        return np.stack(out)

    x, w, dout = normal(4, 3), normal(3), normal(4, 3)
    n = np.sqrt((x**2).sum(axis=1, keepdims=True))
    dx = (dout * w - x * (dout * w * x).sum(axis=1, keepdims=True) / n**2) / n
    assert check_backward(row_by_row, {"x": x, "w": w}, {"x": dx, "w": (dout * x / n).sum(axis=0)}, dout)
    said = why(row_by_row, {"x": x, "w": w}, {"x": dx, "w": (dout * x).sum(axis=0)}, dout)
    assert ": the division by `np.sqrt(np.sum(row**2))` is missing there" in said


def test_the_gradient_of_one_use_is_not_that_of_another_array():
    """In a loop over examples, the last db is that of the last z; but it is a use of b, of which the others lack."""

    def one_by_one(x, w, b):
        cost = 0.0
        for row in x:
            z = w @ row + b
            cost += np.sum(np.tanh(z))
        return cost

    x, w, b = normal(4, 3), normal(2, 3), normal(2)
    dz = 1 - np.tanh(x @ w.T + b) ** 2
    given = {"x": dz @ w, "w": dz.T @ x, "b": dz[-1]}
    assert check_backward(one_by_one, {"x": x, "w": w, "b": b}, {**given, "b": dz.sum(axis=0)})
    assert "b is used 4 times, but only its last use" in why(one_by_one, {"x": x, "w": w, "b": b}, given)


def test_one_number_is_broadcast_to_every_bias():
    x, W1, W2, b1, b2, y = normal(5, 3), normal(3, 4), normal(4, 1), normal(4), normal(1), normal(5, 1)

    def cost(W1, b1, W2, b2):
        a1 = np.tanh(x @ W1 + b1)
        return np.mean((a1 @ W2 + b2 - y) ** 2) / 2

    a1 = np.tanh(x @ W1 + b1)
    d2 = (a1 @ W2 + b2 - y) / 5
    d1 = d2 @ W2.T * (1 - a1**2)
    given = {"W1": x.T @ d1, "b1": d1.sum(axis=0), "W2": a1.T @ d2, "b2": d2.sum(axis=0)}
    inputs = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    assert check_backward(cost, inputs, given)
    said = why(cost, inputs, given | {"b1": np.full(4, d2.sum())})
    assert said == "db1 is the gradient of b2, broadcast, not that of b1"


def test_two_wrong_gradients_of_two_others_are_told_once():
    x, W, b, V, c, dout = normal(5, 3), normal(3, 4), normal(4), normal(4, 2), normal(2), normal(5, 2)

    def network(W, b, V, c):
        return np.tanh(x @ W + b) @ V + c

    a = np.tanh(x @ W + b)
    d = dout @ V.T * (1 - a**2)
    given = {"W": x.T @ d, "b": d.sum(axis=0), "V": a.T @ dout, "c": dout.sum(axis=0)}
    inputs = {"W": W, "b": b, "V": V, "c": c}
    assert check_backward(network, inputs, given, dout)
    said = why(network, inputs, given | {"b": given["W"].sum(axis=0), "c": given["V"].sum(axis=0)}, dout)
    assert said.count("db is the gradient of W, summed over axis 0") == 1
    assert said.count("dc is the gradient of V, summed over axis 0") == 1

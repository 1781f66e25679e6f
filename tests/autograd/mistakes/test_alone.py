"""Claims about one of several uses that counts alone: of an array, of each input, of each part, in each step."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import RNN, RNN_OUT, normal, recurrent, recurrent_by_hand, why

X, A, UP = normal(3, 4), normal(4, 4), normal(3, 4)


def test_one_use_of_several_counts_alone():
    def tied(x, W):
        h = np.tanh(x @ W)
        return h @ W.T

    x, W, dout = normal(4, 3), normal(3, 2), normal(4, 3)
    h = np.tanh(x @ W)
    decoder, encoder = dout.T @ h, x.T @ (dout @ W * (1 - h * h))
    assert check_backward(tied, {"x": x, "W": W}, {"W": decoder + encoder}, dout)
    assert why(tied, {"x": x, "W": W}, {"W": decoder}, dout) == "the path through h is missing"
    assert "W is used 2 times, but only its first use, in `x @ W`, is counted" in why(
        tied, {"x": x, "W": W}, {"W": encoder}, dout
    )


def test_one_use_on_a_line_counts_alone():
    c, W, V, out = normal(3), normal(3, 3), normal(3, 3), normal(3, 3)

    def decoder(c, W, V):
        s, states = c, []
        for _ in range(3):
            s = np.tanh(s @ W + c @ V)
            states.append(s)
        return np.stack(states)

    states = [c, *decoder(c, W, V)]
    dc, dW, dV, back = np.zeros((4, 3)), np.zeros((3, 3)), np.zeros((3, 3)), np.zeros(3)
    for t in (2, 1, 0):
        dz = (out[t] + back) * (1 - states[t + 1] ** 2)
        dW, dV, back = dW + np.outer(states[t], dz), dV + np.outer(c, dz), W @ dz
        dc[t] = V @ dz
    dc[3] = back
    inputs = {"c": c, "W": W, "V": V}
    assert check_backward(decoder, inputs, {"c": dc.sum(axis=0), "W": dW, "V": dV}, out)
    for k, which in ((0, "first"), (2, "last")):
        found = why(decoder, inputs, {"c": dc[k] + dc[3], "W": dW, "V": dV}, out)
        assert f"only the {which} use of c in `c @ V` is counted: the gradients of all uses add up (+=)" in found


def test_one_step_counts_alone():
    """dW = … in a loop, in the place of +=."""
    for step in (0, 2):
        alone = recurrent_by_hand(steps=(step,))
        one = why(recurrent, RNN, {**recurrent_by_hand(), "W": alone["W"]}, RNN_OUT)
        assert f"W is used 3 times, but only its {'last' if step else 'first'} use, in" in one
        every = why(recurrent, RNN, alone, RNN_OUT)
        assert f"only the {'last' if step else 'first'} use of each of U, W and b is counted" in every


def positions(scores, bias):
    n = len(scores)
    out = np.zeros_like(scores)
    for q in range(n):
        for k in range(n):
            out[q, k] = np.tanh(scores[q, k] + bias[q - k + n - 1])
    return out


def rows(x, table):
    return np.stack([np.sin(x[t] * table[t % 2]) for t in range(len(x))])


@pytest.mark.parametrize("which", ["first", "last"])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_one_use_of_each_part(which, n):
    scores, bias, dout = normal(n, n), normal(2 * n - 1), normal(n, n)
    flow = dout * (1 - np.tanh(scores + bias[np.subtract.outer(range(n), range(n)) + n - 1]) ** 2)
    wrong = np.zeros_like(bias)
    for q in range(n)[:: 1 if which == "last" else -1]:
        for k in range(n):
            wrong[q - k + n - 1] = flow[q, k]
    said = why(positions, {"scores": scores, "bias": bias}, {"scores": flow, "bias": wrong}, dout)
    assert f"only the {which} use of each part of bias is counted" in said
    x, table, dy = normal(2 * n, 3), normal(2, 3), normal(2 * n, 3)
    each = dy * np.cos(x * np.tile(table, (n, 1))) * x
    picked = each[-2:] if which == "last" else each[:2]
    said = why(rows, {"x": x, "table": table}, {"table": picked}, dy)
    assert f"only the {which} use of each part" in said
    assert not why(rows, {"x": x, "table": table}, {"table": normal(2, 3)}, dy)


def stages(y, W):
    for _ in range(2):
        k1 = np.tanh(y @ W)
        k2 = np.tanh((y + 0.5 * k1) @ W)
        y = y + k1 + k2
    return y


def of_stages(direct):
    """`direct`: whether the gradient of k1 comes back from y, besides from k2."""
    y, kept = X, []
    for _ in range(2):
        k1 = np.tanh(y @ A)
        u = y + 0.5 * k1
        k2 = np.tanh(u @ A)
        kept.append((y, k1, u, k2))
        y = y + k1 + k2
    dy, dW = UP, np.zeros_like(A)
    for y, k1, u, k2 in reversed(kept):
        dz2 = dy * (1 - k2**2)
        du = dz2 @ A.T
        dz1 = (0.5 * du + direct * dy) * (1 - k1**2)
        dW += u.T @ dz2 + y.T @ dz1
        dy = dy + du + dz1 @ A.T
    return {"y": dy, "W": dW}


def test_the_uses_of_the_arrays_of_each_step():
    inputs = {"y": X, "W": A}
    assert check_backward(stages, inputs, of_stages(1), UP).agrees()
    text = why(stages, inputs, of_stages(0), UP)
    assert "k1(1) and k1(2)" in text
    assert "missing" in text


@pytest.mark.parametrize(
    ("shared", "said"),
    [
        (lambda parts: sum(parts) / 2, "the gradients of the 2 uses of each of v and k are averaged, not summed"),
        (lambda parts: parts[-1], "only the last use of each of v and k is counted"),
    ],
)
def test_arrays_that_all_turns_of_a_loop_share(shared, said):
    x, wk, wv, wq, dout = normal(4, 3), normal(3, 2), normal(3, 2), normal(2, 3, 2), normal(2, 4, 2)

    def heads(x, wk, wv, wq):
        k, v = np.tanh(x @ wk), np.sin(x @ wv)
        return np.stack([(x @ wq[h]) * k + np.cos(x @ wq[h]) * v for h in range(2)])

    def gone_back(shared):
        k, v, q = np.tanh(x @ wk), np.sin(x @ wv), [x @ wq[h] for h in range(2)]
        dk = shared([dout[h] * q[h] for h in range(2)]) * (1 - k**2)
        dv = shared([dout[h] * np.cos(q[h]) for h in range(2)]) * np.cos(x @ wv)
        dq = [dout[h] * (k - np.sin(q[h]) * v) for h in range(2)]
        dx = dk @ wk.T + dv @ wv.T + sum(dq[h] @ wq[h].T for h in range(2))
        return {"x": dx, "wk": x.T @ dk, "wv": x.T @ dv, "wq": np.stack([x.T @ dq[h] for h in range(2)])}

    inputs = {"x": x, "wk": wk, "wv": wv, "wq": wq}
    assert check_backward(heads, inputs, gone_back(sum), dout)
    assert said in why(heads, inputs, gone_back(shared), dout)


def test_a_gradient_is_divided_in_every_turn_of_a_loop():
    x, y, w, b = normal(4, 3), normal(4), normal(3), normal()

    def squares(w, b):
        total = 0.0
        for row, target in zip(x, y, strict=True):
            total = total + 0.5 * (np.dot(row, w) + b - target) ** 2
        return total / len(x)

    def by_hand(within, after):
        dw, db = np.zeros(3), 0.0
        for row, target in zip(x, y, strict=True):
            e = row @ w + b - target
            dw, db = (dw + e * row) / within, (db + e) / within
        return {"w": dw / after, "b": db / after}

    assert check_backward(squares, {"w": w, "b": b}, by_hand(1, 4))
    said = why(squares, {"w": w, "b": b}, by_hand(4, 1))
    assert "the gradient of w and b is divided by 4 in every turn of the loop, not once after it" in said
    said = why(squares, {"w": w, "b": b}, {"w": by_hand(4, 1)["w"], "b": by_hand(1, 4)["b"]})
    assert said.endswith("is divided by 4 in every turn of the loop, not once after it, but only for dw")
    assert not why(squares, {"w": w, "b": b}, {"w": normal(3), "b": normal()})


def test_a_gradient_that_is_added_to_itself():
    """dc += dc in the place of dc += dc_next."""

    def forward(x, f):
        c, cost = x[0], 0.0
        for t in range(3):
            c = f * c + x[t]
            cost = cost + (np.tanh(c) ** 2).sum()
        return cost

    def by_hand(is_doubled):
        cs = [x[0]]
        for t in range(3):
            cs.append(f * cs[-1] + x[t])
        dx, df, dc = np.zeros_like(x), np.zeros_like(f), np.zeros(4)
        for t in (2, 1, 0):
            own = 2 * np.tanh(cs[t + 1]) * (1 - np.tanh(cs[t + 1]) ** 2)
            dc = own + (own if is_doubled else dc)
            dx[t] += dc
            df += dc * cs[t]
            dc = dc * f
        dx[0] += dc
        return {"x": dx, "f": df}

    x, f = normal(3, 4), normal(4)
    assert check_backward(forward, {"x": x, "f": f}, by_hand(False))
    said = why(forward, {"x": x, "f": f}, by_hand(True))
    assert "the gradient of c(2) … c(4) through `np.tanh(c)` is added to itself, not to that through `f * c`" in said


def test_parts_that_one_line_uses_count_alone():
    """The gradient of each query is set for each key, not added; the keys' gradients are right."""

    def forward(qk):
        return np.stack([np.stack([np.sin(qk[t, :2] @ qk[s, 2:]) for s in range(3)]) for t in range(3)])

    def by_hand(adds):
        dqk = np.zeros_like(qk)
        for t in range(3):
            for s in range(3):
                d = np.cos(qk[t, :2] @ qk[s, 2:]) * out[t, s]
                dqk[t, :2] = (dqk[t, :2] if adds else 0.0) + d * qk[s, 2:]
                dqk[s, 2:] += d * qk[t, :2]
        return {"qk": dqk}

    qk, out = normal(3, 4), normal(3, 3)
    assert check_backward(forward, {"qk": qk}, by_hand(True), out)
    said = why(forward, {"qk": qk}, by_hand(False), out)
    assert "only the last use of each" in said


def test_the_last_use_of_some_inputs():
    """A published mistake: dWx takes the last step only, and dWh sums over the steps."""
    x, Wx, Wh = normal(3, 2), normal(4, 2), normal(4, 4)
    Vx, Vh, out = normal(4, 2), normal(4, 4), normal(4)

    def net(Wx, Vx, Wh, Vh):
        h = np.zeros(4)
        for t in range(3):
            a = np.tanh(Wx @ x[t] + Wh @ h)
            h = a + Vx @ x[t] + Vh @ h
        return h

    def by_hand(last):
        h, a, d = [np.zeros(4)], [], dict.fromkeys(("Wx", "Vx", "Wh", "Vh"), 0.0)
        for t in range(3):
            a.append(np.tanh(Wx @ x[t] + Wh @ h[-1]))
            h.append(a[-1] + Vx @ x[t] + Vh @ h[-1])
        dh = out
        for t in reversed(range(3)):
            dz = dh * (1 - a[t] ** 2)
            if t == 2 or not last:
                d["Wx"], d["Vx"] = d["Wx"] + np.outer(dz, x[t]), d["Vx"] + np.outer(dh, x[t])
            d["Wh"], d["Vh"] = d["Wh"] + np.outer(dz, h[t]), d["Vh"] + np.outer(dh, h[t])
            dh = Wh.T @ dz + Vh.T @ dh
        return d

    given = {"Wx": Wx, "Vx": Vx, "Wh": Wh, "Vh": Vh}
    assert check_backward(net, given, by_hand(False), out)
    said = "only the last use of each of Wx and Vx is counted"
    assert said in why(net, given, by_hand(True), out)


def test_the_gradients_of_two_uses_are_multiplied():
    """A published mistake: δ = δ7 · δ4 at the state of an LSTM, where the two add up."""
    x, w, out = normal(4), normal(4), normal(4)

    def forward(x, w):
        c = x * w
        return np.tanh(c) + np.sin(c) * w

    def by_hand(joined):
        dc = joined(out * (1 - np.tanh(x * w) ** 2), out * w * np.cos(x * w))
        return {"x": dc * w, "w": dc * x + out * np.sin(x * w)}

    inputs = {"x": x, "w": w}
    assert check_backward(forward, inputs, by_hand(np.add), out)
    said = why(forward, inputs, by_hand(np.multiply), out)
    assert said == (
        "the gradients of the two uses of c, in `np.tanh(c)` and `np.sin(c)`, are multiplied: they add up (+=)"
    )

"""Claims about recurrent networks: the state of another turn, or another variable of the same turn, is named."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, W, U, V, H0, OUT = normal(4, 3), normal(3, 3), normal(3, 3), normal(2, 3), normal(3), normal(4, 2)
INPUTS = {"W": W, "U": U, "V": V, "h0": H0}


def states(W, U, V, h0):
    h, out = h0, []
    for x in X:
        gate = 1 / (1 + np.exp(-(U @ x)))
        hidden = np.tanh(W @ h) * gate
        h = hidden + x
        out.append(V @ h)
    return np.stack(out)


def by_hand(wrong=""):
    g = {name: np.zeros_like(array) for name, array in INPUTS.items()}
    steps, h = [], H0
    for x in X:
        gate, tanh = 1 / (1 + np.exp(-(U @ x))), np.tanh(W @ h)
        steps.append((h, gate, tanh, gate * tanh + x))
        h = steps[-1][-1]
    back = np.zeros(3)
    for t in reversed(range(4)):
        before, gate, tanh, h = steps[t]
        at = {"before": before, "after": steps[t + 1][3] if t < 3 else H0, "hidden": gate * tanh}.get(wrong, h)
        g["V"] += np.outer(OUT[t], at)
        dh = V.T @ OUT[t] + back
        y = {"gate": gate, "above": gate * tanh}.get(wrong)
        da = dh * gate * (1 - tanh**2)
        if wrong == "above":
            da = dh * gate * (1 - y**2)
        if wrong == "outside":
            da = dh * gate * (1 - tanh) ** 2
        if wrong == "beside":
            da = dh * (W @ before) * (1 - tanh**2)
        g["W"] += np.outer(da, before)
        g["U"] += np.outer(dh * tanh * gate * (1 - gate), X[t])
        back = W.T @ da
    g["h0"] = back
    return g


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("before", "h0 and h(1) … h(3) are used instead of h(1) … h(4) in the gradient of V"),
        ("hidden", "hidden(1) … hidden(4) are used instead of h(1) … h(4) in the gradient of V"),
        ("above", "the formula for tanh′ needs `np.tanh(W @ h)`, but gets hidden(1) … hidden(4)"),
        ("outside", "(1 − y)² is used instead of tanh′(`W @ h`), 1 − y²"),
    ],
)
def test_other_arrays_of_the_turns(wrong, said):
    assert check_backward(states, INPUTS, by_hand(), OUT)
    found = why(states, INPUTS, by_hand(wrong), OUT)
    assert said in found


@pytest.mark.all_the_time
def test_random_gradients_get_no_reason():
    assert why(states, INPUTS, {name: normal(*array.shape) for name, array in INPUTS.items()}, OUT) == ""


def gates(a, b, x):
    c = x
    for _ in range(3):
        forget, take = np.tanh(a), np.sin(b)
        c = forget * c + take * 0.5
    return c


def test_the_gate_beside_the_right_one():
    a, b, x, out = normal(3), normal(3), normal(3), normal(3)
    forget, take = np.tanh(a), np.sin(b)

    def of_gates(on_the_way):
        da, db, dc, cs = np.zeros(3), np.zeros(3), out, [x]
        for _ in range(2):
            cs.append(forget * cs[-1] + take * 0.5)
        for c in reversed(cs):
            da, db, dc = da + dc * c * (1 - forget**2), db + dc * 0.5 * np.cos(b), dc * on_the_way
        return {"a": da, "b": db, "x": dc}

    inputs = {"a": a, "b": b, "x": x}
    assert check_backward(gates, inputs, of_gates(forget), out)
    assert "take(1) … take(3) are used instead of forget(1) … forget(3)" in why(gates, inputs, of_gates(take), out)


def heads(q, k):
    scores = [q[at] @ k[at].T for at in (slice(0, 4), slice(4, 8))]
    return np.stack(scores)


def test_the_other_operand_transposed():
    q, k, out = normal(8, 3), normal(8, 3), normal(2, 4, 4)

    def of_heads(other):
        dq = np.concatenate([out[0] @ k[:4], out[1] @ k[4:]])
        return {"q": dq, "k": np.concatenate([out[0].T @ other[:4], out[1].T @ other[4:]])}

    assert check_backward(heads, {"q": q, "k": k}, of_heads(q), out)
    assert "transposed, is used instead of" in why(heads, {"q": q, "k": k}, of_heads(k), out)


def pairs(table):
    total = table[0, 0] * 0.0
    for i, j in ((0, 2), (2, 1), (1, 0)):
        total = total + np.log(np.sum(np.exp(normalised(table, i)))) - table[i, j]
    return total


def normalised(table, i):
    return table[i] * 2.0


def test_elements_of_one_table_in_a_loop_the_other_way_round():
    table = normal(3, 3)
    p = 2 * np.exp(2 * table) / np.exp(2 * table).sum(axis=1, keepdims=True)
    hot = np.zeros((3, 3))
    hot[[0, 2, 1], [2, 1, 0]] = 1
    assert check_backward(pairs, {"table": table}, {"table": p - hot})
    said = "the gradient of table through `table[i, j]` is transposed"
    assert said in why(pairs, {"table": table}, {"table": p - hot.T})


def test_a_factor_is_passed_back_without_the_incoming_gradient():
    def forward(x, c, W):
        for row in x:
            f = np.exp(row @ W)
            c = np.tanh(f * c) + row
        return c

    x, c, W, out = normal(3, 2), normal(2), normal(2, 2) / 2, normal(2)

    def back(is_alone):
        states = [c]
        for row in x:
            states.append(np.tanh(np.exp(row @ W) * states[-1]) + row)
        dW, dc = np.zeros_like(W), out
        for row, before in zip(x[::-1], states[-2::-1], strict=True):
            f = np.exp(row @ W)
            dproduct = dc * (1 - np.tanh(f * before) ** 2)
            df = before if is_alone else dproduct * before
            dW += np.outer(row, df * f)
            dc = dproduct * f
        return {"c": dc, "W": dW}

    inputs = {"x": x, "c": c, "W": W}
    assert check_backward(forward, inputs, back(False), out)
    said = why(forward, inputs, back(True), out)
    assert "alone are passed back, not multiplied by the incoming gradient, in the gradient of f(1) … f(3)" in said


def test_a_gate_itself_is_passed_back_not_its_gradient():
    """As after W.T @ u for W.T @ du."""

    def forward(h, W, V):
        for _ in range(3):
            u = 1 / (1 + np.exp(-(W @ h)))
            h = u * np.tanh(V @ h)
        return h

    h, W, V, out = normal(3), normal(3, 3), normal(3, 3), normal(3)

    def back(is_value):
        steps, state = [], h
        for _ in range(3):
            u, t = 1 / (1 + np.exp(-(W @ state))), np.tanh(V @ state)
            steps.append((state, u, t))
            state = u * t
        dW, dV, dh = np.zeros_like(W), np.zeros_like(V), out
        for before, u, t in reversed(steps):
            du, dt = dh * t * u * (1 - u), dh * u * (1 - t**2)
            dW += np.outer(du, before)
            dV += np.outer(dt, before)
            dh = W.T @ (u if is_value else du) + V.T @ dt
        return {"h": dh, "W": dW, "V": dV}

    inputs = {"h": h, "W": W, "V": V}
    assert check_backward(forward, inputs, back(False), out)
    said = why(forward, inputs, back(True), out)
    assert "is computed from u(1) … u(3), not from the gradient of `W @ h`" in said

"""Claims about the uses of the arrays of each step, and about values of another step or call."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import normal, why

X, A, B, UP = normal(3, 4), normal(4, 4), normal(4, 4), normal(3, 4)


def twice(x, A, B):
    def layer(x, W):
        return np.tanh(x @ W)

    return layer(layer(x, A), B)


def backward(kept):
    """`kept(k)` is the call whose input and output the k-th call goes back with."""
    values = [(X, np.tanh(X @ A))]
    values.append((values[0][1], np.tanh(values[0][1] @ B)))
    dx, found = UP, {}
    for k, (name, W) in ((1, ("B", B)), (0, ("A", A))):
        x, y = values[kept(k)]
        dz = dx * (1 - y**2)
        found[name], dx = x.T @ dz, dz @ W.T
    return found | {"x": dx}


@pytest.mark.parametrize(
    ("kept", "said"), [(lambda k: 1, "the last call of layer"), (lambda k: 0, "the first call of layer")]
)
def test_a_layer_that_is_called_twice_keeps_the_values_of_one_call(kept, said):
    """The weights of each call are right: only what the layer keeps, its input and output, is of the other call."""
    text = why(twice, {"x": X, "A": A, "B": B}, backward(kept), UP)
    assert f"every call of layer goes back with the values of {said}" in text


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
        (lambda parts: parts[-1], "the gradients of all uses of each of v and k add up: only the last use of each"),
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

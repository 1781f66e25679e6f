"""Claims about orders: a transposed, reversed or shifted array is named; so is a slice that counts alone."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
RIGHT = first_layer(P, P.dz1)


def square(x, W):
    z = x @ W
    return np.tanh(z)


X, W, DOUT = normal(4, 3), normal(3, 3), normal(4, 3)
DZ = DOUT * (1 - np.tanh(X @ W) ** 2)


@pytest.mark.parametrize(
    ("dW", "said"),
    [
        (DZ.T @ X, "dW is transposed"),
        ((X.T @ DZ)[::-1], "dW is in reverse order along axis 0"),
        ((X.T @ DZ)[:, ::-1], "dW is in reverse order along axis 1"),
        (np.roll(X.T @ DZ, 1, axis=0), "dW is shifted by one place along axis 0"),
        ((X.T @ DZ)[::-1, ::-1], "dW is rotated by 180°"),
    ],
)
def test_a_gradient_in_another_order(dW, said):
    assert said in why(square, {"x": X, "W": W}, {"x": DZ @ W.T, "W": dW}, DOUT)


def test_a_gradient_that_fits_by_a_reshape():
    given = {**RIGHT, "W1": (P.dz1.T @ P.x).reshape(3, 4)}
    assert "dW1 is transposed and reshaped to fit" in why(network, NET, given, NET_OUT)


def test_what_is_taken_in_another_order_on_the_way():
    """The heads of attention: out.reshape(…) without the transpose that it needs."""

    def heads(x, W):
        a = (x @ W).reshape(4, 2, 3).transpose(1, 0, 2)
        return np.tanh(a)

    x, w, dout = normal(4, 5), normal(5, 6), normal(2, 4, 3)
    a = (x @ w).reshape(4, 2, 3).transpose(1, 0, 2)
    da = dout * (1 - np.tanh(a) ** 2)
    wrong = da.reshape(4, 6)
    said = why(heads, {"x": x, "W": w}, {"x": wrong @ w.T, "W": x.T @ wrong}, dout)
    assert "the gradient of a is reshaped, but its axes should be put back in order first" in said


def two_parts(a, b):
    both = np.concatenate([a, b], axis=1)
    return np.tanh(both)


def test_parts_that_are_exchanged():
    a, b, dout = normal(3, 2), normal(3, 2), normal(3, 4)
    d = dout * (1 - np.tanh(np.concatenate([a, b], axis=1)) ** 2)
    said = why(two_parts, {"a": a, "b": b}, {"a": d[:, 2:], "b": d[:, :2]}, dout)
    assert "da and db are exchanged" in said


def test_a_slice_alone():
    def forward(x, w):
        y = x * w
        return y.sum(axis=0)

    x, w, dout = normal(4, 3), normal(3), normal(3)
    first = np.zeros((4, 3))
    first[0] = dout * w
    said = why(forward, {"x": x, "w": w}, {"x": first, "w": x[0] * dout}, dout)
    assert "only the first row of" in said or "only example 1" in said


def test_one_that_is_left_out():
    def forward(x, w):
        y = np.exp(x * w)
        return y.sum(axis=0)

    x, w, dout = normal(4, 3), normal(3), normal(3)
    d = dout * np.exp(x * w)
    d[-1] = 0.0
    said = why(forward, {"x": x, "w": w}, {"x": d * w, "w": (d * x).sum(axis=0)}, dout)
    assert "the last row of" in said


# ---- dW of a convolution: the incoming gradient has to be rearranged


def by_columns(x, w):
    """A convolution of two images with filters of three, with a column for each window."""
    cols = np.stack([x[:, :, t : t + 3].reshape(2, 6) for t in range(4)], axis=2)
    rows = w.reshape(5, 6)
    return np.stack([rows @ cols[n] for n in range(2)])


def by_tokens(x, W):
    """Attention with axes heads, tokens, channels."""
    return np.tanh(np.stack([x[t] @ W for t in range(3)], axis=1))


def one_product(x, w):
    """A convolution by one product: filters × (images · places), rearranged to images × filters × places."""
    cols = np.stack([x[n, t : t + 2] for n in range(3) for t in range(4)], axis=1)
    return (w @ cols).reshape(4, 3, 4).transpose(1, 0, 2)


def gradients_of_columns(out, for_w):
    x, w = COLUMNS["x"], COLUMNS["w"]
    cols = np.stack([x[:, :, t : t + 3].reshape(2, 6) for t in range(4)], axis=2)
    dcols = np.stack([w.reshape(5, 6).T @ out[n] for n in range(2)])
    dx = np.zeros_like(x)
    for t in range(4):
        dx[:, :, t : t + 3] += dcols[:, :, t].reshape(2, 2, 3)
    dw = for_w(out).reshape(5, -1) @ cols.transpose(1, 0, 2).reshape(6, -1).T
    return {"x": dx, "w": dw.reshape(5, 2, 3)}


def gradients_of_tokens(out, for_w):
    x, W = TOKENS["x"], TOKENS["W"]
    d = out * (1 - np.tanh(np.stack([x[t] @ W for t in range(3)], axis=1)) ** 2)
    return {"x": np.stack([d[:, t] @ W.T for t in range(3)]), "W": x.reshape(-1, 2).T @ for_w(d).reshape(-1, 5)}


def gradients_of_one(out, for_w):
    x, w = ONE["x"], ONE["w"]
    cols = np.stack([x[n, t : t + 2] for n in range(3) for t in range(4)], axis=1)
    right = out.transpose(1, 0, 2).reshape(4, 12)
    dcols, dx = w.T @ right, np.zeros_like(x)
    for k in range(12):
        dx[k // 4, k % 4 : k % 4 + 2] += dcols[:, k]
    return {"x": dx, "w": for_w(out).reshape(4, 12) @ cols.T}


COLUMNS, COLUMNS_OUT = {"x": normal(2, 2, 6), "w": normal(5, 2, 3)}, normal(2, 5, 4)
TOKENS, TOKENS_OUT = {"x": normal(3, 4, 2), "W": normal(2, 5)}, normal(4, 3, 5)
ONE, ONE_OUT = {"x": normal(3, 5), "w": normal(4, 2)}, normal(3, 4, 4)
PUT_TOGETHER = {
    "columns": (by_columns, COLUMNS, gradients_of_columns, COLUMNS_OUT),
    "tokens": (by_tokens, TOKENS, gradients_of_tokens, TOKENS_OUT),
    "one product": (one_product, ONE, gradients_of_one, ONE_OUT),
}


@pytest.mark.parametrize("name", PUT_TOGETHER)
def test_a_reshape_without_the_transpose_on_the_way_to_one_factor(name):
    forward, inputs, by_hand, upstream = PUT_TOGETHER[name]
    assert check_backward(forward, inputs, by_hand(upstream, lambda out: out.transpose(1, 0, 2)), upstream)
    said = why(forward, inputs, by_hand(upstream, lambda out: out), upstream)
    assert "reshaped" in said
    assert "not transposed to the axis order 1, 0, 2" in said or "put back in order" in said
    assert why(forward, inputs, {key: normal(*array.shape) for key, array in inputs.items()}, upstream) == ""


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda dz: np.roll(dz, 1, axis=0), "the gradient of z1 is shifted by one place along axis 0"),
        (lambda dz: dz[::-1], "the gradient of z1 is in reverse order along axis 0"),
    ],
)
def test_a_gradient_that_is_turned_on_all_ways_back_is_one_edit(turn, said):
    assert said in why(network, NET, {**RIGHT, **first_layer(P, turn(P.dz1))}, NET_OUT).split("; or ")


def rolled(x):
    t = np.tanh(x)
    return t * np.roll(t, 1, axis=1)


def shuffled(x):
    return np.tanh(x).reshape(2, 2, 3, 2).transpose(0, 2, 1, 3).reshape(2, 6, 2) * 1.0


def test_a_gradient_is_rolled_or_shuffled_as_the_array_was():
    x, out = normal(3, 5), normal(3, 5)
    t = np.tanh(x)

    def of_rolled(step):
        return {"x": (out * np.roll(t, 1, axis=1) + np.roll(out * t, step, axis=1)) * (1 - t**2)}

    assert check_backward(rolled, {"x": x}, of_rolled(-1), out)
    assert "the gradient of t is rearranged as t is in the forward pass, not put back" in why(
        rolled, {"x": x}, of_rolled(1), out
    )
    x, out = normal(2, 6, 2), normal(2, 6, 2)

    def of_shuffled(*shape):
        return {"x": out.reshape(shape).transpose(0, 2, 1, 3).reshape(2, 6, 2) * (1 - np.tanh(x) ** 2)}

    assert check_backward(shuffled, {"x": x}, of_shuffled(2, 3, 2, 2), out)
    assert "in the forward pass, not put back" in why(shuffled, {"x": x}, of_shuffled(2, 2, 3, 2), out)


def test_a_bias_with_the_sum_of_all_in_every_place():
    x, b, out = normal(5, 3), normal(3), normal(3, 5)

    def forward(b):
        return np.stack([np.tanh(x[:, k] + b[k]) for k in range(3)])

    db = np.full(3, np.sum(out * (1 - np.tanh(x.T + b[:, None]) ** 2)))
    assert "every entry of db is replaced by the sum of all" in why(forward, {"b": b}, {"b": db}, out)


def test_all_matrices_are_reshaped_instead_of_transposed_and_one_has_another_mistake():
    x, encoder, decoder = normal(4, 5), normal(5, 3), normal(3, 5)

    def loss(encoder, decoder):
        a = np.tanh(x @ encoder)
        return np.sum((np.sin(a @ decoder) - x) ** 2)

    a = np.tanh(x @ encoder)
    dz = 2 * (np.sin(a @ decoder) - x) * np.cos(a @ decoder)
    da = {"decoder.T": dz @ decoder.T, "encoder": dz @ encoder}
    of = {name: x.T @ (flow * (1 - a**2)) for name, flow in da.items()}
    inputs = {"encoder": encoder, "decoder": decoder}
    assert check_backward(loss, inputs, {"encoder": of["decoder.T"], "decoder": a.T @ dz})
    refilled = {"encoder": of["encoder"].T.reshape(5, 3), "decoder": (a.T @ dz).T.reshape(3, 5)}
    said = why(loss, inputs, refilled)
    assert said.startswith("dencoder and ddecoder are transposed and reshaped to fit, and also encoder, transposed, is")

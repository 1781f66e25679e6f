"""Claims about wrong ingredients: updated weights, a missing upstream gradient, a − y for the cost's gradient."""

from itertools import pairwise

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import NET, NET_OUT, first_layer, network, network_by_hand, normal, why

P = network_by_hand()
RIGHT = first_layer(P, P.dz1)


def test_weights_that_were_updated_on_the_way():
    moved = P.W2 - 0.05 * P.dW2
    dz1 = NET_OUT @ moved.T * (1 - P.a1**2)
    said = why(network, NET, first_layer(P, dz1), NET_OUT)
    assert "through W2 after W2 was updated (learning rate 0.05)" in said


def layers_in_a_list(x, W1, W2, W3):
    a = x
    for W in (W1, W2, W3):
        a = np.tanh(a @ W)
    return a


@pytest.mark.parametrize(
    ("sizes", "rate"), [((3, 3, 3, 3), 0.5), ((4, 4, 4, 4), 0.03), ((2, 5, 5, 3), 0.2), ((5, 3, 2, 4), 0.1)]
)
def test_weights_of_several_layers_that_were_updated_on_the_way(sizes, rate):
    """An update of one layer makes the next layer's gradient wrong, and its update uses the wrong gradient."""
    x, dout = normal(6, sizes[0]), normal(6, sizes[-1])
    Ws = [normal(m, n) for m, n in pairwise(sizes)]
    inputs = {"x": x, "W1": Ws[0], "W2": Ws[1], "W3": Ws[2]}

    def by_hand(rate):
        a = [x]
        for W in Ws:
            a.append(np.tanh(a[-1] @ W))
        da, found = dout, {}
        for k in (2, 1, 0):
            dz = da * (1 - a[k + 1] ** 2)
            found[f"W{k + 1}"] = a[k].T @ dz
            da = dz @ (Ws[k] - rate * found[f"W{k + 1}"]).T
        return found

    assert check_backward(layers_in_a_list, inputs, by_hand(0.0), dout)
    said = why(layers_in_a_list, inputs, by_hand(rate), dout)
    assert f"through W2 and W3 after they were updated (learning rate {rate:g})" in said
    random = {name: normal(*inputs[name].shape) for name in ("W1", "W2", "W3")}
    assert not why(layers_in_a_list, inputs, random, dout)


def test_the_upstream_is_left_out():
    p = network_by_hand(np.ones((5, 2)))
    assert "the incoming gradient upstream is missing" in why(network, NET, first_layer(p, p.dz1), NET_OUT)


def test_the_result_in_the_place_of_the_upstream():
    p = network_by_hand(P.a1 @ P.W2 + P.b2)
    said = why(network, NET, first_layer(p, p.dz1), NET_OUT)
    assert "itself is used instead of the incoming gradient upstream" in said


def cost(x, W, y):
    z = x @ W
    a = 1 / (1 + np.exp(-z))
    return 0.5 * ((a - y) ** 2).sum()


def test_the_error_in_the_place_of_delta():
    """a − y is the δ of another cost, or of another activation."""
    x, W, y = normal(5, 3), normal(3, 2), normal(5, 2)
    a = 1 / (1 + np.exp(-(x @ W)))
    said = why(cost, {"x": x, "W": W, "y": y}, {"W": x.T @ (a - y)})
    assert "σ′(z) is missing" in said
    said = why(cost, {"x": x, "W": W, "y": y}, {"W": x.T @ a})
    assert "the gradient of W is computed from a, not from the gradient of z" in said
    said = why(cost, {"x": x, "W": W, "y": y}, {"W": x.T @ (0.2 * a)})
    assert "is computed as 0.2 · (a), which is wrong for this cost" in said


XS, YS = normal(8), normal(8)
LINE = {"a": np.array(0.3), "b": np.array(-0.6), "c": np.array(0.8)}


def parabola(a, b, c):
    return np.mean((a * XS**2 + b * XS + c - YS) ** 2)


def one_after_the_other(names, rate):
    now, made = dict(LINE), {}
    for name in names:
        e = 2 * (now["a"] * XS**2 + now["b"] * XS + now["c"] - YS) / 8
        made[name] = np.sum(e * XS ** (2 - "abc".index(name)))
        now[name] = now[name] - rate * made[name]
    return made


@pytest.mark.parametrize(("names", "told"), [("abc", "a and b"), ("cba", "c and b")])
def test_parameters_that_are_updated_before_the_next_gradient(names, told):
    assert check_backward(parabola, LINE, one_after_the_other(names, 0.0))
    said = why(parabola, LINE, one_after_the_other(names, 0.05))
    assert f"the gradients after the first are computed after {told} were updated (learning rate 0.05)" in said


def test_arrays_that_stand_where_their_gradients_belong():
    """A published mistake: the biases are handed in as their gradients."""
    x, given, out = normal(5, 3), {"W": normal(3, 2), "b": normal(2), "c": normal(2)}, normal(5, 2)

    def affine(W, b, c):
        return (x @ W + b) * c

    W, b, c = given.values()
    right = {"W": x.T @ (out * c), "b": (out * c).sum(axis=0), "c": (out * (x @ W + b)).sum(axis=0)}
    assert check_backward(affine, given, right, out)
    assert why(affine, given, {**right, "b": b}, out) == "db is b itself, not its gradient"
    assert why(affine, given, {**right, "b": b, "c": c}, out) == "db and dc are b and c themselves, not their gradients"

"""Claims about operands: a factor that is missing, inverted, squared or replaced, and a factor too many."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import (
    BN,
    BN_OUT,
    NET,
    NET_OUT,
    batchnorm,
    batchnorm_by_hand,
    first_layer,
    network,
    network_by_hand,
    normal,
    why,
)

P = network_by_hand()


@pytest.mark.parametrize(
    ("gamma", "said"),
    [
        (np.ones(5), "the factor gamma is missing in the gradient of"),
        (1 / BN["gamma"], "gamma divides, but should multiply"),
        (BN["gamma"] ** 2, "the factor gamma is applied twice"),
        (BN["beta"], "beta is used instead of gamma"),
        (BN["gamma"][::-1], "gamma, in reverse order, is used instead of gamma"),
    ],
)
def test_an_elementwise_factor(gamma, said):
    assert said in why(batchnorm, BN, batchnorm_by_hand(gamma=gamma), BN_OUT)


def test_a_division_that_is_missing_or_turned():
    def scaled(x, s):
        y = x / s
        return np.tanh(y)

    x, s, dout = normal(4, 3), 1 + normal(3) ** 2, normal(4, 3)
    d = dout * (1 - np.tanh(x / s) ** 2)
    ds = -(d * x / s**2).sum(axis=0)
    for dx, said in ((d, "the division by s is missing"), (d * s, "s multiplies, but should divide")):
        assert said in why(scaled, {"x": x, "s": s}, {"x": dx, "s": ds}, dout)


def test_a_mask_that_is_missing_or_turned():
    def dropout(x, mask, W):
        h = np.tanh(x) * mask
        return h @ W

    x, W, dout = normal(5, 4), normal(4, 3), normal(5, 3)
    mask = (normal(5, 4) > 0) * 1.0
    h, dh = np.tanh(x) * mask, dout @ W.T
    for m, said in ((1.0, "the factor mask is missing"), (1 - mask, "1 − mask is used instead of mask")):
        given = {"x": dh * m * (1 - np.tanh(x) ** 2), "W": h.T @ dout}
        assert said in why(dropout, {"x": x, "mask": mask, "W": W}, given, dout)


def square(x, W1, W2):
    a = np.tanh(x @ W1)
    return a @ W2


def test_a_matrix_that_should_be_transposed_or_is_another_one():
    x, W1, W2, dout = normal(4, 3), normal(3, 3), normal(3, 3), normal(4, 3)
    a = np.tanh(x @ W1)
    for W, said in ((W2.T, "W2 is used instead of W2.T in the gradient of"), (W1, "W1 is used instead of W2"),
                    (W2[::-1], "W2, in reverse order along axis 0, is used instead of W2")):  # fmt: skip
        dz = dout @ W.T * (1 - a * a)
        given = {"x": dz @ W1.T, "W1": x.T @ dz, "W2": a.T @ dout}
        assert said in why(square, {"x": x, "W1": W1, "W2": W2}, given, dout)


def test_the_preactivation_in_the_place_of_the_activation():
    given = first_layer(P, P.dz1)
    given["W2"] = P.z1.T @ NET_OUT
    assert "z1 is used instead of a1" in why(network, NET, given, NET_OUT)


def test_the_gradient_in_the_place_of_the_operand():
    def forward(q, k):
        s = q @ k.T
        return s * 1.0

    q, k, ds = normal(3, 3), normal(3, 3), normal(3, 3)
    dq = ds @ k
    said = why(forward, {"q": q, "k": k}, {"q": dq, "k": ds.T @ dq}, ds)
    assert "the gradient of q is used instead of q" in said or "dq" in said


def test_a_kernel_that_is_not_flipped():
    def convolved(x, k):
        return np.stack([x[i : i + 3] @ k for i in range(4)])

    x, k, dout = normal(6), normal(3), normal(4)
    dx = np.zeros(6)
    for i in range(4):
        dx[i : i + 3] += dout[i] * k[::-1]
    given = {"x": dx, "k": sum(dout[i] * x[i : i + 3] for i in range(4))}
    assert "k, in reverse order, is used instead of k" in why(convolved, {"x": x, "k": k}, given, dout)


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (P.z2, "the gradient of z2 is multiplied by z2"),
        (1 - P.z2**2, "1 − z2²"),
        (P.z2 * (1 - P.z2), "z2 (1 − z2)"),
    ],
)
def test_a_factor_too_many(factor, said):
    p = network_by_hand(NET_OUT * factor)
    assert said in why(network, NET, first_layer(p, p.dz1), NET_OUT)


# ---- one row for all rows, a row of a matrix, a missing matrix


def regression(X, w):
    return np.tanh(X @ w)


def table_mean(E, V):
    h = E[[0, 2, 3]].mean(axis=0)
    return h @ V


def one_by_one(X, W):
    return np.stack([np.tanh(W @ X[i]) for i in range(4)])


def images(x, w):
    return np.stack([np.stack([np.sum(x[n, t : t + 3] * w) for t in range(4)]) for n in range(2)])


@pytest.mark.parametrize("last", [True, False])
def test_the_last_or_the_first_example_for_every_one(last):
    k, which = (-1, "last") if last else (0, "first")
    X, w, d = normal(5, 3), normal(3), normal(5)
    e = d * (1 - np.tanh(X @ w) ** 2)
    given = {"X": np.outer(e, w), "w": e.sum() * X[k]}
    assert f"the {which} row of X is used instead of X" in why(regression, {"X": X, "w": w}, given, d)
    X, W, d = normal(4, 3), normal(2, 3), normal(4, 2)
    e = d * (1 - np.tanh(X @ W.T) ** 2)
    given = {"X": e @ W, "W": np.outer(e.sum(axis=0), X[k])}
    assert f"X, with its {which} row in place of every row, is used" in why(one_by_one, {"X": X, "W": W}, given, d)
    x, w, d = normal(2, 6), normal(3), normal(2, 4)
    dx = np.zeros_like(x)
    for t in range(4):
        dx[:, t : t + 3] += d[:, t, None] * w
    given = {"x": dx, "w": sum(d[:, t].sum() * x[k, t : t + 3] for t in range(4))}
    assert f"x, with its {which} row in place of every row, is used" in why(images, {"x": x, "w": w}, given, d)


def test_a_row_of_a_matrix_in_the_place_of_a_vector():
    E, V, d = normal(5, 3), normal(3, 4), normal(4)
    dE = np.zeros_like(E)
    dE[[0, 2, 3]] = V @ d / 3
    for k, which in ((1, "second"), (3, "fourth")):
        said = why(table_mean, {"E": E, "V": V}, {"E": dE, "V": np.outer(E[k], d)}, d)
        assert f"the {which} row of E is used instead of h" in said

    def scaled(M, s):
        return np.sin(M[1]) * s

    M, s, d = normal(3, 4), normal(4), normal(4)
    dM = np.zeros_like(M)
    dM[1] = d * s * np.cos(M[1])
    assert "the last row of M is used instead of `np.sin(M[1])`" in why(
        scaled, {"M": M, "s": s}, {"M": dM, "s": d * M[2]}, d
    )


def product(x, W, V):
    h = np.tanh(x @ W)
    return h @ V


def mixed(A, x):
    return np.exp(A @ np.sin(x))


def stacked(x, W):
    return np.stack([np.tanh(x[k]) @ W for k in range(3)])


def test_a_square_matrix_that_is_left_out():
    x, W, V, d = normal(5, 4), normal(4, 3), normal(3, 3), normal(5, 3)
    h = np.tanh(x @ W)
    dz = d * (1 - h**2)
    given = {"x": dz @ W.T, "W": x.T @ dz, "V": h.T @ d}
    assert "V is missing" in why(product, {"x": x, "W": W, "V": V}, given, d)
    A, x, d = normal(3, 3), normal(3), normal(3)
    e = d * np.exp(A @ np.sin(x))
    assert "the factor A is missing" in why(
        mixed, {"A": A, "x": x}, {"A": np.outer(e, np.sin(x)), "x": e * np.cos(x)}, d
    )
    x, W, d = normal(3, 2), normal(2, 2), normal(3, 2)
    given = {"x": d * (1 - np.tanh(x) ** 2), "W": np.tanh(x).T @ d}
    assert "the factor W is missing" in why(stacked, {"x": x, "W": W}, given, d)


@pytest.mark.parametrize(
    ("forward", "shapes", "out"),
    [
        (regression, {"X": (5, 3), "w": (3,)}, (5,)),
        (table_mean, {"E": (5, 3), "V": (3, 4)}, (4,)),
        (one_by_one, {"X": (4, 3), "W": (2, 3)}, (4, 2)),
        (images, {"x": (2, 6), "w": (3,)}, (2, 4)),
        (product, {"x": (5, 4), "W": (4, 3), "V": (3, 3)}, (5, 3)),
        (mixed, {"A": (3, 3), "x": (3,)}, (3,)),
        (stacked, {"x": (3, 2), "W": (2, 2)}, (3, 2)),
    ],
)
def test_random_numbers_have_no_reason(forward, shapes, out):
    inputs = {name: normal(*shape) for name, shape in shapes.items()}
    assert why(forward, inputs, {name: normal(*shape) for name, shape in shapes.items()}, normal(*out)) == ""


# ---- a missing matrix, one row for every row


def two(x, W1, W2):
    h = np.tanh(x @ W1)
    return h @ W2


def test_a_matrix_that_is_left_out_on_the_way_back():
    for n, d in ((5, 3), (4, 4), (2, 6)):
        x, W1, W2, dout = normal(n, d), normal(d, d), normal(d, d), normal(n, d)
        h, inputs = np.tanh(x @ W1), {"x": x, "W1": W1, "W2": W2}
        dz = dout * (1 - h**2)
        said = why(two, inputs, {"x": dz @ W1.T, "W1": x.T @ dz, "W2": h.T @ dout}, dout)
        assert "the factor W2 is missing in the gradient of" in said


def test_one_row_for_every_row():
    """The last example's features for all; and one row of a table, in the place of the mean of several."""
    for n, d in ((5, 3), (7, 2), (3, 4)):
        x, w, y = normal(n, d), normal(d), normal(n)
        e = np.tanh(x @ w) - y
        dz, inputs = e * (1 - np.tanh(x @ w) ** 2), {"x": x, "w": w, "y": y}
        for k, which in ((0, "first"), (-1, "last")):
            said = why(lambda x, w, y: 0.5 * ((np.tanh(x @ w) - y) ** 2).sum(), inputs, {"w": dz.sum() * x[k]})
            assert f"the {which} row of x is used instead of x" in said
    for n, d in ((5, 3), (6, 2), (4, 4)):
        table, out, dout = normal(n, d), normal(d, 3), normal(3)
        said = why(lambda table, out: table[[0, 2]].mean(axis=0) @ out, {"table": table, "out": out},
                   {"out": np.outer(table[1], dout)}, dout)  # fmt: skip
        assert "the second row of table is used instead of" in said


# ---- the array of one turn of a loop in every turn


def by_examples(X, w):
    total = 0.0
    for x in X:
        for k in range(2):
            total += np.tanh(np.sum(x[k : k + 2] * w))
    return total


@pytest.mark.parametrize(("n", "k"), [(3, -1), (4, -1), (5, 0)])
def test_one_turn_of_a_loop_in_every_turn(n, k):
    X, w = normal(n, 3), normal(2)
    right = sum((1 - np.tanh(x[j : j + 2] @ w) ** 2) * x[j : j + 2] for x in X for j in range(2))
    assert check_backward(by_examples, {"X": X, "w": w}, {"w": right})
    stuck = sum((1 - np.tanh(x[j : j + 2] @ w) ** 2) * X[k, j : j + 2] for x in X for j in range(2))
    said = why(by_examples, {"X": X, "w": w}, {"w": stuck})
    assert "in every turn of a loop" in said
    assert f"from the {'first' if k == 0 else 'last'} turn is used instead of" in said
    assert not why(by_examples, {"X": X, "w": w}, {"w": normal(2)})


def test_a_factor_of_a_factor_is_missing():
    x, dout = normal(3, 4), normal(3, 4)

    def forward(x):
        return 0.5 * x * (1 + np.tanh(x))

    t = np.tanh(x)
    assert check_backward(forward, {"x": x}, {"x": dout * 0.5 * (1 + t + x * (1 - t**2))}, dout)
    said = why(forward, {"x": x}, {"x": dout * 0.5 * (1 + t + (1 - t**2))}, dout)
    assert "0.5 is used instead of `0.5 * x` in the gradient of `1 + np.tanh(x)`" in said
    assert why(forward, {"x": x}, {"x": normal(3, 4)}, dout) == ""

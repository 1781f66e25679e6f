"""Claims about slopes: one that is missing, taken at another array, or of another function is named."""

import numpy as np
import pytest

from autograd import check_backward
from tests.helpers.by_hand import (
    NET,
    NET_OUT,
    RNN,
    RNN_OUT,
    first_layer,
    network,
    network_by_hand,
    normal,
    recurrent,
    recurrent_by_hand,
    why,
)

P = network_by_hand()

# wrong slopes in the place of 1 − a² for tanh, with the reasons
TANH = {
    "missing": (np.ones_like(P.a1), "tanh′(z1) is missing: the gradient of a1 is passed back to z1 unchanged"),
    "at the output": (1 - np.tanh(P.a1) ** 2, "tanh′ is evaluated at the output a1, not at z1"),
    "of the input": (1 - P.z1**2, "the formula for tanh′ needs a1, but gets the input z1"),
    "of the gradient": (1 - P.da1**2, "tanh′ is computed from the incoming gradient, not from z1"),
    "the output": (P.a1, "a1 is used instead of tanh′(z1)"),
    "the input": (P.z1, "z1 is used instead of tanh′(z1)"),
    "dividing": (1 / (1 - P.a1**2), "the incoming gradient is divided by tanh′(z1)"),
    "twice": ((1 - P.a1**2) ** 2, "tanh′(z1) is applied twice"),
    "a sigmoid's": (P.a1 * (1 - P.a1), "a1 (1 − a1) is used instead of tanh′(z1)"),
    "a sigmoid's, of z": (P.z1 * (1 - P.z1), "z1 (1 − z1) is used instead of tanh′(z1)"),
    "relu's": ((P.z1 > 0) * 1.0, "(z1 > 0) is used instead of tanh′(z1)"),
    "1 − a": (1 - P.a1, "1 − a1 is used instead of tanh′(z1)"),
    "1 + a²": (1 + P.a1**2, "1 + a1² is used instead of tanh′(z1)"),
    "a (1 + a)": (P.a1 * (1 + P.a1), "a1 (1 + a1) is used instead of tanh′(z1)"),
    "another function's": (np.exp(P.z1), "e^z1 is used instead of tanh′(z1)"),
}


@pytest.mark.parametrize("what", TANH)
def test_a_slope_of_tanh(what):
    slope, said = TANH[what]
    assert said in why(network, NET, first_layer(P, P.da1 * slope), NET_OUT)


def hidden(function):
    def forward(x, W, v):
        z = x @ W
        a = function(z)
        return a @ v

    return forward


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


X, W, V, DOUT = normal(6, 3), normal(3, 4), normal(4), normal(6)
Z = X @ W
DA = np.outer(DOUT, V)
INPUTS = {"x": X, "W": W, "v": V}


def said_of(function, slope, *, of=DA):
    dz = of * slope
    given = {"x": dz @ W.T, "W": X.T @ dz, "v": function(Z).T @ DOUT}
    return why(hidden(function), INPUTS, given, DOUT)


def relu(z):
    return np.maximum(z, 0)


@pytest.mark.parametrize(
    ("function", "slope", "said"),
    [
        (relu, np.ones_like(Z), "relu′(z) is missing: the gradient of a is passed back to z unchanged"),
        (relu, (DA > 0) * 1.0, "is computed from the incoming gradient, not from z"),
        (relu, (Z <= 0) * 1.0, "as if its condition were reversed"),
        (relu, relu(Z), "a is used instead of"),
        (relu, np.where(Z > 0, 1.0, 0.01), "the derivative of a leaky ReLU (0.01)"),
        (relu, np.where(Z > 0, Z, 0.01 * Z), "a leaky ReLU (0.01) of"),
        (sigmoid, sigmoid(Z), "a is used instead of σ′(z)"),
        (sigmoid, 1 - sigmoid(Z) ** 2, "1 − a² is used instead of σ′(z)"),
        (sigmoid, Z * (1 - Z), "the formula for σ′ needs a, but gets the input z"),
        (sigmoid, sigmoid(sigmoid(Z)) * (1 - sigmoid(sigmoid(Z))), "σ′ is evaluated at the output a, not at z"),
        (sigmoid, np.ones_like(Z), "σ′(z) is missing"),
        (np.exp, np.ones_like(Z), "is missing"),
        (np.sin, np.sin(Z), "a is used instead of"),
        (np.cosh, np.ones_like(Z), "is missing"),
    ],
)
def test_slopes_of_other_functions(function, slope, said):
    assert said in said_of(function, slope)


def test_the_slope_of_what_is_no_row_of_the_table():
    """A swish, whose slope follows from its arithmetic."""

    def swish(x, W):
        z = x @ W
        a = z / (1 + np.exp(-z))
        return a * 2.0

    dout, s = normal(6, 4), sigmoid(Z)
    right = 2 * dout * (s + Z * s * (1 - s))
    assert check_backward(swish, {"x": X, "W": W}, {"W": X.T @ right}, dout)
    assert "is missing" in why(swish, {"x": X, "W": W}, {"W": X.T @ (2 * dout)}, dout)
    twice = 2 * dout * (s + Z * s * (1 - s)) ** 2
    assert "the derivative of a with respect to z is applied twice" in why(
        swish, {"x": X, "W": W}, {"W": X.T @ twice}, dout
    )


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        (lambda z, h: np.ones_like(h), "tanh′(z(1) … z(3)) is missing"),
        (lambda z, h: 1 - z * z, "needs h(1) … h(3), but gets the input z(1) … z(3)"),
        (lambda z, h: h * (1 - h), "y (1 − y), with y = h(1) … h(3), is used instead of tanh′(z(1) … z(3))"),
    ],
)
def test_slopes_at_every_step_are_one_mistake(slope, said):
    assert said in why(recurrent, RNN, recurrent_by_hand(slope=slope), RNN_OUT)


# ---- at another array


def two_layers(x, W1, W2):
    z1 = x @ W1
    a1 = np.tanh(z1)
    z2 = a1 @ W2
    return np.tanh(z2)


def test_the_same_mistake_in_two_layers_is_told_of_both():
    W1, W2, dout = normal(3, 4), normal(4, 4), normal(6, 4)
    z1 = X @ W1
    a1 = np.tanh(z1)
    z2 = a1 @ W2
    inputs = {"x": X, "W1": W1, "W2": W2}

    def helped(x, W1, W2):
        for W in (W1, W2):
            z = x @ W
            x = np.tanh(z)
        return x

    for slope, said in (
        (lambda z: np.ones_like(z), "tanh′(z(1)) and tanh′(z(2)) are missing"),
        (lambda z: 1 - np.tanh(np.tanh(z)) ** 2, "tanh′ is evaluated at the output"),
        (lambda z: 1 + z**2, "1 + x², with x = z(1) and z(2), is used instead of tanh′(z(1)) and tanh′(z(2))"),
    ):
        dz2 = dout * slope(z2)
        dz1 = dz2 @ W2.T * slope(z1)
        assert said in why(helped, inputs, {"W1": X.T @ dz1, "W2": a1.T @ dz2}, dout)


def test_the_slope_of_another_layer():
    W1, W2, dout = normal(3, 4), normal(4, 4), normal(6, 4)
    a1 = np.tanh(X @ W1)
    a2 = np.tanh(a1 @ W2)
    dz2 = dout * (1 - a2**2)
    inputs = {"x": X, "W1": W1, "W2": W2}
    for slope, said in (
        (1 - a2**2, "tanh′ is evaluated at z2, not at z1"),
        (1 - (a1 @ W2) ** 2, "the formula for tanh′ is applied to z2"),
    ):
        dz1 = dz2 @ W2.T * slope
        assert said in why(two_layers, inputs, {"W1": X.T @ dz1, "W2": a1.T @ dz2}, dout)


def test_the_formula_of_a_slope_applied_to_the_error():
    def cost(x, W, y):
        z = x @ W
        a = 1 / (1 + np.exp(-z))
        return 0.5 * ((a - y) ** 2).sum()

    y = normal(6, 4)
    e = sigmoid(Z) - y
    said = why(cost, {"x": X, "W": W, "y": y}, {"W": X.T @ (e * (1 - e))})
    assert "the formula for σ′ is applied to the error a − y" in said or "of the incoming gradient" in said


# ---- slopes that are written with the output


def swish(z):
    return z * sigmoid(z)


def softplus(z):
    return np.log(1 + np.exp(z))


@pytest.mark.parametrize("shape", [(5, 3), (2, 3, 4), (7,)])
@pytest.mark.parametrize(
    ("function", "right", "wrong", "rule"),
    [
        (
            swish,
            lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z))),
            lambda z: z + sigmoid(z) * (1 - z),
            "y + σ(x) (1 − y)",
        ),
        (softplus, sigmoid, lambda z: 1 - np.exp(-z), "1 − e^−y"),
    ],
)
def test_a_rule_for_the_output_that_is_taken_of_the_input(shape, function, right, wrong, rule):
    z, k, dout = normal(*shape), normal(shape[-1]), normal(*shape)

    def forward(z, k):
        a = function(z)
        return a * k

    inputs = {"z": z, "k": k}
    assert check_backward(forward, inputs, {"z": dout * k * right(z)}, dout)
    said = why(forward, inputs, {"z": dout * k * wrong(z)}, dout)
    assert f"the formula {rule} for " in said
    assert "needs the output y = a, but gets the input z" in said
    assert not why(forward, inputs, {"z": normal(*shape)}, dout)


OWN = np.random.default_rng(5)  # some margins of either sign are violated, and some are not
XN, WN, YN = OWN.normal(size=(7, 5)), OWN.normal(size=5), OWN.normal(size=7)
SIGNS = np.array([1.0, -1, -1, 1, 1, -1, 1])
FN = XN @ WN


def of_signs(w):
    m = SIGNS * (XN @ w)
    return np.sum(np.log(1 + np.exp(-m)))


def root_of_the_mean(w):
    e = XN @ w - YN
    return np.sqrt(np.mean(e**2))


def distances(w):
    d = np.sqrt((XN @ w) ** 2 + 1)
    return np.sum(d**2 + np.exp(-d))


ROOT = np.sqrt(FN**2 + 1)


@pytest.mark.parametrize(
    ("forward", "right", "wrong", "said"),
    [
        (of_signs, -SIGNS / (1 + np.exp(SIGNS * FN)), -SIGNS / (1 + np.exp(-SIGNS * FN)), "is evaluated at −"),
        (
            root_of_the_mean,
            (FN - YN) / 7 / np.sqrt(np.mean((FN - YN) ** 2)),
            (FN - YN) / 7,
            "dw is `np.sqrt(np.mean(e**2))` times what it should be",
        ),
        (distances, FN * (2 - np.exp(-ROOT) / ROOT), FN * (2 - np.exp(-ROOT)), "the division by the root d is missing"),
    ],
)
def test_slopes_at_the_negative_and_without_a_root(forward, right, wrong, said):
    assert check_backward(forward, {"w": WN}, {"w": XN.T @ right})
    assert said in why(forward, {"w": WN}, {"w": XN.T @ wrong})


def test_a_mistake_inside_a_function_that_is_written_out_is_not_told_first():
    def forward(w):
        p = 1 / (1 + np.exp(-(XN @ w)))
        return -np.sum(np.log(p))

    p = 1 / (1 + np.exp(-FN))
    assert check_backward(forward, {"w": WN}, {"w": XN.T @ (p - 1)})
    said = why(forward, {"w": WN}, {"w": XN.T @ -p})
    assert "p and 1 − p are exchanged" in said
    assert "np.exp" not in said


def test_a_mask_is_not_evaluated_at_labels():
    def forward(y, w):
        t = 2 * y - 1
        return np.sum(np.maximum(0, 1 - t * (XN @ w)) ** 2)

    flags = (SIGNS + 1) / 2
    inputs = {"y": flags, "w": WN}
    margin = np.maximum(0, 1 - SIGNS * FN)
    assert check_backward(forward, inputs, {"w": XN.T @ (-2 * SIGNS * margin)})
    said = why(forward, inputs, {"w": XN.T @ (-2 * flags * margin)})
    assert "y is used instead of t" in said
    assert "relu′ is evaluated at" not in said

"""The rows of the design's table of mistakes, each in the network of its question."""

import numpy as np

from tests.campaigns.published_mistakes.nets import backward, cross_entropy_relu, quadratic_sigmoid, two_layers, weights
from tests.campaigns.record import TABLE, Mistake, sigmoid, softmax

S = two_layers(1, 7, (4, 5, 3), "sigmoid", "sigmoid")
R = two_layers(2, 8, (3, 6, 4), "relu", "softmax")
E = two_layers(3, 6, (5, 3, 3), "sigmoid", "sigmoid")  # layers of one width
ERROR = (S.a2 - S.Y) / S.n
DELTA = ERROR * S.s2
ERROR_R = (R.a2 - R.Y) / R.n


def right():
    return backward(S, DELTA)


def right_relu():
    return backward(R, ERROR_R)


def right_even():
    return backward(E, (E.a2 - E.Y) / E.n * E.s2)


def error_passed_back():
    return weights(S, ERROR @ S.W2.T * S.s1, DELTA)


def slope_of_the_error():
    e = S.a2 - S.Y
    return backward(S, e * (1 - e) / S.n)


def slope_by_z():
    return backward(S, ERROR * S.z2 * (1 - S.z2), S.z1 * (1 - S.z1))


def slope_by_z_hidden():
    return backward(S, DELTA, S.z1 * (1 - S.z1))


def one_minus_p():
    return backward(R, ERROR_R * (1 - R.a2))


def other_delta():
    d2 = (E.a2 - E.Y) / E.n * E.s2
    return {**right_even(), "W1": E.X.T @ d2}


def whole_sum():
    found = right_relu()
    return {**found, "b1": np.full(6, found["b1"].sum()), "b2": np.full(4, found["b2"].sum())}


def mean_of_bias():
    d1 = DELTA @ S.W2.T * S.s1
    return {**right(), "b1": d1.mean(axis=0), "b2": DELTA.mean(axis=0)}


def two_and_four():
    found = right_relu()
    return {**found, "W2": found["W2"] * 2, "b1": found["b1"] * 4}


def penalty():
    found = right()
    return {**found, "W1": found["W1"] + 0.1 * S.W1, "W2": found["W2"] + 0.1 * S.W2}


def relu_of_the_gradient():
    dz = ERROR_R @ R.W2.T
    dz[dz <= 0] = 0
    return weights(R, dz, ERROR_R)


def times(factor):
    return lambda: {name: factor * array for name, array in right().items()}


def sigmoid_twice(X, Y, W1, b1, W2, b2):
    a1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    return np.sum(np.log(1 + np.exp(a2)) - Y * a2) / len(X)


def right_sigmoid_twice():
    return backward(S, (sigmoid(S.a2) - S.Y) / S.n * S.s2)


def softmax_twice(X, Y, W1, b1, W2, b2):
    a1 = np.maximum(0, X @ W1 + b1)
    z2 = a1 @ W2 + b2
    a2 = np.exp(z2) / np.exp(z2).sum(axis=1, keepdims=True)
    return np.sum(np.log(np.exp(a2).sum(axis=1)) - (Y * a2).sum(axis=1)) / len(X)


def right_softmax_twice():
    g = (softmax(R.a2) - R.Y) / R.n
    return backward(R, R.a2 * (g - (g * R.a2).sum(axis=1, keepdims=True)))


def row(name, says, wrong, source=TABLE, v=S, forward=quadratic_sigmoid, right=right):
    return Mistake(name, source, forward, v.inputs, right, wrong, says, in_table=True)


RELU = {"v": R, "forward": cross_entropy_relu, "right": right_relu}
SLOPE = ("σ′", "slope", "derivative of", "sigmoid.*(z2|missing)")

CASES = [
    row("BP2 passes the error back", SLOPE, error_passed_back, "https://stackoverflow.com/questions/53287032"),
    row("σ′'s formula of the error", ("error", "σ′", "slope", "a2 - Y", "a2 − Y"), slope_of_the_error),
    row("σ′'s formula of z", ("at z", "of z", "z2", "input", "a \\(1"), slope_by_z,
        "https://github.com/kyle8998/Sudo-Productivity/issues/3"),
    row("σ′'s formula of z in the hidden layer", ("at z", "of z", "z1", "input"), slope_by_z_hidden),
    row("1 − p after the cancelled slope", ("1 - p", "1 − p", "cancel"), one_minus_p, **RELU),
    row("layer 1 takes the error of layer 2", ("δ²", "delta2", "z2", "layer 2", "BP4"), other_delta,
        v=E, right=right_even),
    row("a bias summed over the neurons too", ("axis", "neurons", "over everything", "whole"), whole_sum,
        "https://github.com/rasbt/stat453-deep-learning-ss21/issues/5", **RELU),
    row("the mean for a bias", ("mean", "1/n", "1/7", "1/N"), mean_of_bias,
        "https://github.com/kvfrans/notes/issues/5"),
    row("2 dW2 and 4 db1", ("2 times", "4 times", "twice", "4 ·", "× 4", "4×"), two_and_four,
        "https://github.com/bighuang624/Andrew-Ng-Deep-Learning-notes/issues/10", **RELU),
    row("a penalty the cost has not", ("0\\.1", "penalty", "L2"), penalty),
    row("relu's mask of the gradient", ("incoming", "mask", "gradient"), relu_of_the_gradient,
        "https://github.com/exacity/deeplearningbook-chinese/issues/127", **RELU),
    row("2n times", ("2 ?n", "14", "2 · 7", "2 ?· ?n"), times(14.0)),
    row("−2 times", ("−2", "-2"), times(-2.0)),
    row("n · nᴸ times", ("21", "n ?· ?n", "7 · 3", "n nᴸ"), times(21.0)),
    row("0.1/n times", ("0\\.1", "0\\.014"), times(0.1 / 7)),
    row("a sigmoid before a cost of logits", ("logits", "sigmoid", "σ"), lambda: backward(S, ERROR),
        forward=sigmoid_twice, right=right_sigmoid_twice),
    row("a softmax before a cost of logits", ("logits", "softmax"), lambda: backward(R, ERROR_R),
        v=R, forward=softmax_twice, right=right_softmax_twice),
]  # fmt: skip

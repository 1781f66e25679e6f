"""Mistakes in the networks of a well-known course, whose examples are columns, and in other activations."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid

FORUM = "https://community.deeplearning.ai/t/"
X, W1, b1, W2, b2 = draw(21, (3, 8), (5, 3), (5, 1), (2, 5), (2, 1))
Y = (draw(22, (2, 8)) > 0) * 1.0
M = 8
INPUTS = {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
A1 = np.tanh(W1 @ X + b1)
A2 = sigmoid(W2 @ A1 + b2)


def planar(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)
    logprobs = np.multiply(Y, np.log(A2)) + np.multiply(1 - Y, np.log(1 - A2))
    cost = -np.sum(logprobs) / m
    cache = {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}
    return cost, cache


def gradients(dZ1, dZ2):
    return {
        "W1": dZ1 @ X.T / M,
        "b1": np.sum(dZ1, axis=1, keepdims=True) / M,
        "W2": dZ2 @ A1.T / M,
        "b2": np.sum(dZ2, axis=1, keepdims=True) / M,
    }


ERROR = A2 - Y
BACK = W2.T @ ERROR


def right():
    return gradients(BACK * (1 - A1**2), ERROR)


def weights_gradient():
    dW2 = ERROR @ A1.T / M
    return gradients(dW2.T @ ERROR * (1 - A1**2), ERROR)


def products_throughout():
    return gradients(np.dot(np.dot(W2.T, ERROR), 1 - np.dot(A1.T, A1)), ERROR)


def half_of_cross_entropy():
    dA2 = -Y / A2
    d2 = dA2 * A2 * (1 - A2)
    return gradients(W2.T @ d2 * (1 - A1**2), d2)


def slope_comes_again():
    d2 = ERROR * A2 * (1 - A2)
    return gradients(W2.T @ d2 * (1 - A1**2), d2)


def planar_case(name, source, says, wrong):
    return Mistake(name, source, planar, INPUTS, right, wrong, says)


Z, G = draw(23, (4, 5), (4, 5))


def layer(name, source, says, forward, right, wrong, z=Z):
    return Mistake(name, source, forward, {"x": z}, lambda: {"x": G * right}, lambda: {"x": wrong}, says, upstream=G)


def leaky(x):
    return np.where(x > 0, x, 0.1 * x)


def no_leak(x):
    slope = 0.0
    return np.where(x > 0, x, slope * x)


def elu(x):
    alpha = 1.5
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def exponential(x):
    return np.exp(x)


def activation(x):
    return 1 / (1 + np.exp(-x))


LEAKY = np.where(Z > 0, 1, 0.1)
ELU = elu(Z)

CASES = [
    planar_case("divided by m twice", FORUM + "course-1-week-3-planar-assignment-4-5-exercise-6-backward-"
                "propagation-error-for-dw1-values/63071", ("1/8", "1/m", "1/n", "0\\.125"),
                lambda: gradients(BACK * (1 - A1**2) / M, ERROR)),
    planar_case("times Z1", FORUM + "wrong-values-for-dw1/85937", ("Z1", "slope", "tanh"),
                lambda: gradients(BACK * (1 - A1**2) * (W1 @ X + b1), ERROR)),
    planar_case("dW2 for W2", FORUM + "w3-ex-6-assertionerror-wrong-values-for-dw1/402919", ("W2",), weights_gradient),
    planar_case("matrix products for elementwise ones", FORUM + "w3-ex-6-assertionerror-wrong-values-for-dw1/402919",
                ("product", "elementwise", "slope", "tanh"), products_throughout),
    planar_case("half of the cross-entropy", GIT + "deeplearning4j/nd4j/issues/1328",
                ("1 ?[-−] ?(Y|A2)", "path", "log\\b"), half_of_cross_entropy),
    planar_case("σ′ though it cancels", GIT + "rasbt/python-machine-learning-book-2nd-edition/issues/54",
                ("σ′", "slope", "cancel", "twice", "again"), slope_comes_again),
    planar_case("labels minus output", GIT + "deeplearning4j/deeplearning4j/issues/345", ("−1", "-1", "sign"),
                lambda: gradients(-BACK * (1 - A1**2), -ERROR)),
    layer("leaky ReLU without its leak", GIT + "deeplearning4j/deeplearning4j/issues/8178",
          ("0\\.1", "slope", "relu"), leaky, LEAKY, G * (Z > 0)),
    layer("leaky ReLU of slope 0 passes everything", GIT + "chainer/chainer/pull/5898", ("slope", "mask", "where"),
          no_leak, Z > 0, G),
    layer("ELU's slope by its output, of its output", GIT + "mlpack/mlpack/pull/1540",
          ("output", "exp", "slope"), elu, np.where(Z > 0, 1, ELU + 1.5), G * np.where(Z > 0, 1, elu(ELU) + 1.5)),
    layer("exp's slope is its input", GIT + "karpathy/nn-zero-to-hero/issues/52", ("input", "exp", "slope"),
          exponential, np.exp(Z), G * Z),
    layer("σ of 1 − σ of the gradient", GIT + "yizt/numpy_neural_network/issues/3", ("σ", "sigmoid", "incoming"),
          activation, sigmoid(Z) * (1 - sigmoid(Z)), sigmoid(1 - sigmoid(G))),
]  # fmt: skip

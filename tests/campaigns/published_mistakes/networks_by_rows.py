"""Mistakes in networks of two or three layers whose examples are rows."""

import numpy as np

from tests.campaigns.published_mistakes.nets import (
    backward,
    cross_entropy_relu,
    quadratic_sigmoid,
    squared_relu,
    squared_tanh,
    two_layers,
    weights,
)
from tests.campaigns.record import GIT, Mistake, draw, sigmoid

S = two_layers(11, 7, (4, 5, 3), "sigmoid", "sigmoid")
T = two_layers(12, 6, (3, 5, 2), "tanh", "linear")
R = two_layers(13, 5, (4, 6, 3), "relu", "linear")
C = two_layers(14, 8, (3, 6, 4), "relu", "softmax")
SQUARE = two_layers(15, 4, (3, 4, 4), "relu", "softmax")  # the numbers of examples and of neurons are equal
ERROR, SIGMA = (S.a2 - S.Y) / S.n, (S.a2 - S.Y) / S.n * S.s2
TWICE = 2 * (T.a2 - T.Y) / T.n
SQUARES = 2 * (R.a2 - R.Y)
P = (C.a2 - C.Y) / C.n


def of_sigmoid():
    return backward(S, SIGMA)


def of_tanh():
    return backward(T, TWICE)


def of_relu():
    return backward(R, SQUARES)


def of_softmax():
    return backward(C, P)


def error_for_the_output_weights():
    return {**of_sigmoid(), "W2": S.a1.T @ ERROR, "b2": ERROR.sum(axis=0)}


def updated(v, d2, rate):
    W2 = v.W2 - rate * v.a1.T @ d2
    return weights(v, d2 @ W2.T * v.s1, d2)


def gradient_of_weights_passes_back():
    grad_w2 = R.a1.T.dot(SQUARES)
    return weights(R, SQUARES.dot(grad_w2.T) * (R.z1 > 0), SQUARES)


def slope_at_the_output():
    def sigmoid_prime(x):
        return sigmoid(x) * (1 - sigmoid(x))

    return backward(S, ERROR * sigmoid_prime(S.a2), sigmoid_prime(S.a1))


def wrong_axis():
    d2 = (SQUARE.a2 - SQUARE.Y) / SQUARE.n
    d1 = d2 @ SQUARE.W2.T * SQUARE.s1
    return {**weights(SQUARE, d1, d2), "b1": d1.sum(axis=1), "b2": d2.sum(axis=1)}


def bias_for_each_example():
    d1 = TWICE @ T.W2.T * T.s1
    return {**of_tanh(), "b1": d1, "b2": TWICE}


def all_penalised(X, Y, W1, b1, W2, b2):
    reg = 0.05
    z1 = X @ W1 + b1
    a1 = np.maximum(0, z1)
    scores = a1 @ W2 + b2
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.sum(Y * np.log(p)) / len(X)
    loss += reg * (np.sum(W1 * W1) + np.sum(W2 * W2) + np.sum(b1 * b1) + np.sum(b2 * b2))
    return loss


def with_penalty(factor, names, base=of_softmax):
    return {name: g + factor * C.inputs[name] if name in names else g for name, g in base().items()}


def penalised_weights(X, Y, W1, b1, W2, b2):
    weight_decay = 0.2
    loss = cross_entropy_relu(X, Y, W1, b1, W2, b2)
    return loss + 0.5 * weight_decay * (np.sum(W1**2) + np.sum(W2**2))


THETA1, THETA2, X_BIAS, Y_BIAS = draw(16, (5, 4), (2, 6), (7, 3), (7, 2))
Y_BIAS = (Y_BIAS > 0) * 1.0


def thetas(X, Y, theta1, theta2):
    """A network with the biases in the first column of theta, as in the course; they are not penalised."""
    reg, m = 1.5, len(X)
    a1 = np.concatenate((np.ones((m, 1)), X), axis=1)
    a2 = np.concatenate((np.ones((m, 1)), sigmoid(a1 @ theta1.T)), axis=1)
    h = sigmoid(a2 @ theta2.T)
    J = -np.sum(Y * np.log(h) + (1 - Y) * np.log(1 - h)) / m
    return J + reg / (2 * m) * (np.sum(theta1[:, 1:] ** 2) + np.sum(theta2[:, 1:] ** 2))


def theta_gradients(first):
    """Its gradients; `first` replaces the column of biases in the slope of the penalty."""
    m = 7
    a1 = np.c_[np.ones((m, 1)), X_BIAS]
    a2 = np.c_[np.ones((m, 1)), sigmoid(a1 @ THETA1.T)]
    d3 = sigmoid(a2 @ THETA2.T) - Y_BIAS
    d2 = (d3 @ THETA2 * a2 * (1 - a2))[:, 1:]
    penalty1 = np.c_[first(THETA1), THETA1[:, 1:]] * 1.5
    penalty2 = np.c_[first(THETA2), THETA2[:, 1:]] * 1.5
    return {"theta1": (d2.T @ a1 + penalty1) / m, "theta2": (d3.T @ a2 + penalty2) / m}


def nothing(theta):
    return np.zeros((len(theta), 1))


W_1, W_2, W_3, X3, Y3 = draw(17, (3, 4), (4, 4), (4, 4), (6, 3), (6, 4))


def three_tanh(X, Y, W1, W2, W3):
    a1 = np.tanh(X @ W1)
    z2 = a1 @ W2
    a2 = np.tanh(z2)
    a3 = np.tanh(a2 @ W3)
    return 0.5 * np.sum((a3 - Y) ** 2)


def three_backward(fault=""):
    a1 = np.tanh(X3 @ W_1)
    a2 = np.tanh(a1 @ W_2)
    a3 = np.tanh(a2 @ W_3)
    d3 = (a3 - Y3) * (1 - a3**2)
    d2 = ((a3 - Y3) if fault == "skips" else d3 @ W_3.T) * (1 - a2**2)
    d1 = d2 @ W_2.T * (1 - (a2 if fault == "other slope" else a1) ** 2)
    return {"W1": X3.T @ d1, "W2": a1.T @ d2, "W3": a2.T @ d3}


ONE = dict(zip(("x", "y", "w1", "b1", "w2", "b2"), draw(18, 1, 1, 1, 1, 1, 1), strict=True))


def one_neuron_each(x, y, w1, b1, w2, b2):
    h = sigmoid(x * w1 + b1)
    out = sigmoid(h * w2 + b2)
    return np.sum((out - y) ** 2)


def one_backward(is_right):
    x, y, w1, b1, w2, b2 = ONE.values()
    h = sigmoid(x * w1 + b1)
    out = sigmoid(h * w2 + b2)
    gradient_y = 2 * (out - y)
    d2 = gradient_y * out * (1 - out)
    if is_right:
        d1 = d2 * w2 * h * (1 - h)
        return {"w1": d1 * x, "b1": d1, "w2": d2 * h, "b2": d2}
    d1 = gradient_y * w2 * h * (1 - h)
    return {"w1": d1 * w1, "b1": d1, "w2": d2 * w2, "b2": d2}


SLOPE2 = ("σ′", "slope.*(a2|z2|sigmoid)", "derivative", "sigmoid.*missing")
SLOPE1 = ("σ′", "slope", "tanh", "1 −", "derivative")


def case(name, source, says, forward, v, right, wrong):
    return Mistake(name, source, forward, v if isinstance(v, dict) else v.inputs, right, wrong, says)


CASES = [
    case("no slope at the output", GIT + "parasdahal/tinyml/issues/1", SLOPE2, quadratic_sigmoid, S, of_sigmoid,
         lambda: backward(S, ERROR)),
    case("the error for the output's weights", "https://stackoverflow.com/questions/59399842", SLOPE2,
         quadratic_sigmoid, S, of_sigmoid, error_for_the_output_weights),
    case("no slope in the hidden layer", GIT + "filipecalasans/mlp/issues/1", SLOPE1, quadratic_sigmoid, S,
         of_sigmoid, lambda: backward(S, SIGMA, 1)),
    case("weights updated on the way, rate 1", GIT + "joelgrus/data-science-from-scratch/issues/31",
         ("updated", "W2 ?[−-]", "new W2"), quadratic_sigmoid, S, of_sigmoid, lambda: updated(S, SIGMA, 1.0)),
    case("weights updated on the way, rate 0.1", GIT + "kim-marcel/basic_neural_network/issues/7",
         ("updated", "W2 ?[−-]", "new W2"), squared_tanh, T, of_tanh, lambda: updated(T, TWICE, 0.1)),
    case("weights updated on the way, and no slope at the output", GIT + "Bot-Academy/NeuralNetworkFromScratch/pull/3",
         ("updated", "σ′", "slope"), quadratic_sigmoid, S, of_sigmoid, lambda: updated(S, ERROR, 0.01)),
    case("target minus output", GIT + "iamtrask/Grokking-Deep-Learning/issues/37", ("−1", "-1", "sign"),
         squared_tanh, T, of_tanh, lambda: backward(T, -TWICE)),
    case("no factor 2", GIT + "davisking/dlib/issues/1169", ("½", "0\\.5", "half", "1/2", "factor 2"),
         squared_relu, R, of_relu, lambda: backward(R, SQUARES / 2)),
    case("the weights' gradient passes the error back", GIT + "jcjohnson/pytorch-examples/issues/5", ("W2", "∂C/∂W2"),
         squared_relu, R, of_relu, gradient_of_weights_passes_back),
    case("σ′ at the output of σ", GIT + "dwhitena/gophernet/issues/6", ("output", "at a", "of a"),
         quadratic_sigmoid, S, of_sigmoid, slope_at_the_output),
    case("tanh′ at the output of tanh", GIT + "davidrmiller/neural2d/issues/40", ("output", "at a1", "of a1"),
         squared_tanh, T, of_tanh, lambda: backward(T, TWICE, 1 - np.tanh(T.a1) ** 2)),
    case("tanh for its own slope", GIT + "andersbll/nnet/issues/4", SLOPE1, squared_tanh, T, of_tanh,
         lambda: backward(T, TWICE, T.a1)),
    case("one plus the square of tanh", GIT + "nicodjimenez/lstm/issues/41", SLOPE1, squared_tanh, T, of_tanh,
         lambda: backward(T, TWICE, 1 + T.a1**2)),
    case("minus the square of tanh", GIT + "scutan90/DeepLearning-500-questions/issues/544", SLOPE1, squared_tanh, T,
         of_tanh, lambda: backward(T, TWICE, -(T.a1**2))),
    case("a bias summed over the wrong axis", "https://pytroubles.com/en/posts/id1785-fixing-numpy-mnist-training-"
         "correct-gradient-axes-bias-reductions-and-stable-softmax", ("axis",), cross_entropy_relu, SQUARE,
         lambda: backward(SQUARE, (SQUARE.a2 - SQUARE.Y) / SQUARE.n), wrong_axis),
    case("a bias's gradient for each example", GIT + "jimfleming/differentiation/issues/1", ("sum", "broadcast"),
         squared_tanh, T, of_tanh, bias_for_each_example),
    case("the penalty of biases forgotten", GIT + "Burton2000/CS231n-2017/issues/9", ("b1", "penalty", "0\\.1", "L2"),
         all_penalised, C, lambda: with_penalty(0.1, C.inputs), lambda: with_penalty(0.1, ("W1", "W2"))),
    case("biases penalised though the cost does not", GIT + "rasmusbergpalm/DeepLearnToolbox/issues/32",
         ("0\\.2 ?·? ?b", "penalty", "L2"), penalised_weights, C, lambda: with_penalty(0.2, ("W1", "W2")),
         lambda: with_penalty(0.2, C.inputs)),
    case("weight decay subtracted", GIT + "andersbll/nnet/issues/4", ("penalty", "−1", "-1", "sign", "−0\\.4", "L2"),
         penalised_weights, C, lambda: with_penalty(0.2, ("W1", "W2")), lambda: with_penalty(-0.2, ("W1", "W2"))),
    case("ones in the place of unpenalised biases", GIT + "JWarmenhoven/Coursera-Machine-Learning/issues/3",
         ("column", "constant", "0\\.214"), thetas,
         {"X": X_BIAS, "Y": Y_BIAS, "theta1": THETA1, "theta2": THETA2}, lambda: theta_gradients(nothing),
         lambda: theta_gradients(lambda theta: np.ones((len(theta), 1)))),
    case("a layer skipped on the way back", GIT + "ImagineAILab/ai-by-hand-excel/issues/9", ("W3", "a3", "layer 3"),
         three_tanh, {"X": X3, "Y": Y3, "W1": W_1, "W2": W_2, "W3": W_3}, three_backward,
         lambda: three_backward("skips")),
    case("the slope of the next layer", GIT + "dennybritz/nn-from-scratch/pull/3", ("slope", "a2", "z2", "tanh"),
         three_tanh, {"X": X3, "Y": Y3, "W1": W_1, "W2": W_2, "W3": W_3}, three_backward,
         lambda: three_backward("other slope")),
    case("weights for activations, one neuron a layer",
         "https://huggingface.co/datasets/nvidia/Nemotron-CC-Math-v1: Backpropagation Demo Gives Always the Same "
         "Result After Training",
         ("w2", "slope", "σ′"), one_neuron_each, ONE, lambda: one_backward(True), lambda: one_backward(False)),
]  # fmt: skip

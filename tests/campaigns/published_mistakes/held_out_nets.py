"""Held out from the search: networks of two and three layers, in loops over layers or examples, in classes, in dicts.

If a page describes a mistake without code, the code is what a beginner would write.
"""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

N, D = 6, 4
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")
ARRAYS = draw(201, (N, D), (N, D), (D, D), D, (D, D), D, (D, D), D)
X, Y, WEIGHTS, BIASES = ARRAYS[0], ARRAYS[1], ARRAYS[2::2], ARRAYS[3::2]
LISTS = dict(zip(("X", "Y", *NAMES), ARRAYS, strict=True))


def layers_in_lists(X, Y, W1, b1, W2, b2, W3, b3):
    weights, biases = [W1, W2, W3], [b1, b2, b3]
    activations, zs = [X], []
    for w, b in zip(weights, biases, strict=True):
        z = np.dot(activations[-1], w) + b
        zs.append(z)
        activations.append(sigmoid(z))
    return 0.5 * np.sum((activations[-1] - Y) ** 2) / len(X)


def of_lists(fault=""):
    a = [X]
    for w, b in zip(WEIGHTS, BIASES, strict=True):
        a.append(sigmoid(a[-1] @ w + b))
    slopes = [x * (1 - x) for x in a[1:]]
    if "at a" in fault:
        slopes = [sigmoid(x) * (1 - sigmoid(x)) for x in a[1:]]
    error = (a[-1] - Y) / N
    delta = error * slopes[-1]
    found, w = {}, list(WEIGHTS)
    for l in (2, 1, 0):
        found[f"W{l + 1}"] = a[l + 1 if "activation" in fault and l else l].T @ delta
        found[f"b{l + 1}"] = delta.mean(axis=0) if "mean" in fault else delta.sum(axis=0)
        if l == 0:
            break
        if "updated" in fault:
            w[l] = w[l] - 0.5 * found[f"W{l + 1}"]
        error = (error if "raw" in fault else delta) @ w[l - 1 if "weights" in fault else l].T
        delta = error * (1 if "no slope" in fault and l == 1 else slopes[l - 1])
    return found


class NeuralNetwork:
    def __init__(self, W1, W2):
        self.W1, self.W2 = W1, W2

    def forward(self, X):
        self.z = np.dot(X, self.W1)
        self.z2 = sigmoid(self.z)
        self.z3 = np.dot(self.z2, self.W2)
        return sigmoid(self.z3)


XC, YC, WC1, WC2 = draw(202, (5, 2), (5, 1), (2, 3), (3, 1))
YC = (YC > 0) * 1.0
CLASS = {"X": XC, "y": YC, "W1": WC1, "W2": WC2}


def in_a_class(X, y, W1, W2):
    NN = NeuralNetwork(W1, W2)
    o = NN.forward(X)
    return np.mean(np.square(y - o))


def of_class(fault=""):
    z2 = sigmoid(XC @ WC1)
    o = sigmoid(z2 @ WC2)
    o_error = (o - YC) * (1 if "mean" in fault else 2 / 5) * (-1 if "sign" in fault else 1)
    o_delta = o_error * o * (1 - o)
    z2_error = (o_error if "raw" in fault else o_delta) @ WC2.T
    return {"W1": XC.T @ (z2_error * z2 * (1 - z2)), "W2": z2.T @ o_delta}


XP, YP, WP1, WP2 = draw(203, (5, 4), (5, 3), (4, 6), (6, 3))
YP = np.eye(3)[[0, 2, 1, 1, 0]]
DICT = {"x": XP, "y": YP, "W1": WP1, "W2": WP2}


def params_in_a_dict(x, y, W1, W2):
    params = {"W1": W1, "W2": W2, "A0": x}
    params["Z1"] = params["A0"] @ params["W1"]
    params["A1"] = sigmoid(params["Z1"])
    params["Z2"] = params["A1"] @ params["W2"]
    exps = np.exp(params["Z2"] - params["Z2"].max(axis=1, keepdims=True))
    params["A2"] = exps / np.sum(exps, axis=1, keepdims=True)
    return np.sum((params["A2"] - y) ** 2) / len(x)


def of_dict(slope=None):
    a1 = sigmoid(XP @ WP1)
    p = softmax(a1 @ WP2)
    error = 2 * (p - YP) / 5
    d2 = p * (error - (error * p).sum(axis=1, keepdims=True)) if slope is None else error * slope(p)
    return {"W1": XP.T @ (d2 @ WP2.T * a1 * (1 - a1)), "W2": a1.T @ d2}


XM, YM, WM1, BM1, WM2, BM2 = draw(204, (3, 7), (1, 7), (5, 3), (5, 1), (1, 5), (1, 1))
COLUMNS = {"X": XM, "Y": YM, "W1": WM1, "b1": BM1, "W2": WM2, "b2": BM2}


def leaky_columns(X, Y, W1, b1, W2, b2):
    Z1 = W1 @ X + b1
    A1 = np.where(Z1 > 0, Z1, 0.01 * Z1)
    Z2 = W2 @ A1 + b2
    return np.mean((Z2 - Y) ** 2)


def tanh_columns(X, Y, W1, b1, W2, b2):
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    Z2 = W2 @ A1 + b2
    return np.mean((Z2 - Y) ** 2)


def relu_columns(X, Y, W1, b1, W2, b2):
    Z1 = W1 @ X + b1
    A1 = np.maximum(0, Z1)
    Z2 = W2 @ A1 + b2
    return np.mean((Z2 - Y) ** 2)


def of_columns(kind, fault=""):
    z1 = WM1 @ XM + BM1
    a1, slope = {
        "leaky": (np.where(z1 > 0, z1, 0.01 * z1), np.where(z1 > 0, 1, 0.01)),
        "tanh": (np.tanh(z1), 1 - np.tanh(z1) ** 2),
        "relu": (np.maximum(0, z1), z1 > 0),
    }[kind]
    z2 = WM2 @ a1 + BM2
    d2 = 2 / 7 * (z2 - YM)
    if "linear" in fault:
        d2 = d2 * z2 * (1 - z2)
    dA1 = WM2.T @ d2
    if "sigmoid's" in fault:
        slope = a1 * (1 - a1)
    if "of dA" in fault:
        slope = np.where(dA1 > 0, 1, 0.01)
    d1 = dA1 * slope
    total = np.mean if "mean" in fault else np.sum
    b1, b2 = (total(d, axis=1, keepdims=True) for d in (d1, d2))
    return {"W1": d1 @ XM.T, "b1": b1, "W2": d2 @ a1.T, "b2": b2}


XE, YE, WE1, BE1, WE2, BE2 = draw(205, (4, 3), (4, 2), (5, 3), 5, (2, 5), 2)
EXAMPLES = {"X": XE, "Y": YE, "W1": WE1, "b1": BE1, "W2": WE2, "b2": BE2}


def example_by_example(X, Y, W1, b1, W2, b2):
    cost = 0.0
    for i in range(len(X)):
        h = np.tanh(W1 @ X[i] + b1)
        out = W2 @ h + b2
        cost += 0.5 * np.sum((out - Y[i]) ** 2)
    return cost / len(X)


def of_examples(fault=""):
    found = {name: np.zeros_like(EXAMPLES[name]) for name in ("W1", "b1", "W2", "b2")}
    for i in range(4):
        h = np.tanh(WE1 @ XE[i] + BE1)
        d2 = WE2 @ h + BE2 - YE[i]
        d1 = WE2.T @ d2 * (1 if "no slope" in fault else 1 - h**2)
        here = {"W1": np.outer(d1, XE[i]), "b1": d1, "W2": np.outer(d2, h), "b2": d2}
        found = {k: here[k] + (0 if "set" in fault else found[k]) for k in found}
    return {k: g / (1 if "sum" in fault else 4) for k, g in found.items()}


SLOPE = ("σ′", "slope", "derivative", "1 −", "sigmoid", "tanh")
COUNT = ("1/n", "mean", "n times", "len\\(", "not divided", "average")


def lists(name, where, says, fault):
    return Mistake(name, GIT + where, layers_in_lists, LISTS, of_lists, lambda: of_lists(fault), says)


def classes(name, where, says, fault):
    return Mistake(name, where, in_a_class, CLASS, of_class, lambda: of_class(fault), says)


def dicts(name, where, says, slope):
    return Mistake(name, where, params_in_a_dict, DICT, of_dict, lambda: of_dict(slope), says)


def columns(name, where, says, forward, kind, fault):
    return Mistake(name, where, forward, COLUMNS, lambda: of_columns(kind), lambda: of_columns(kind, fault), says)


def examples(name, where, says, fault):
    return Mistake(name, where, example_by_example, EXAMPLES, of_examples, lambda: of_examples(fault), says)


EDUCATIVE = "https://discuss.educative.io/t/back-propagation-https-www-educative-io-courses-beginners-guide-to-deep-"
CASES = [
    lists("the error, not δ, passes back", "makeyourownneuralnetwork/makeyourownneuralnetwork/issues/88", SLOPE, "raw"),
    lists("the activation of the same layer", "benoitfragit/libBrain/issues/80", ("activation", "\\ba[12]\\b",
          "a¹", "a²", "layer"), "activation"),
    lists("σ′ of the activation", "benoitfragit/libBrain/issues/78", ("output", "at a", "of a", "activation"), "at a"),
    lists("the weights of the layer before", "PrincetonUniversity/PsyNeuLink/pull/15", ("W2", "W1", "weights"),
          "weights"),
    lists("updated while the error passes back", "louisjc/mnist-neural-network/issues/1", ("updated", "W3 ?[−-]"),
          "updated"),
    lists("the error, not δ, passes back; biases averaged",
          "makeyourownneuralnetwork/makeyourownneuralnetwork/issues/88",
          ("(slope|σ′|derivative).*(mean|1/n|n times)", "(mean|1/n|n times).*(slope|σ′|derivative)"), "raw mean"),
    lists("no slope in the first layer, biases averaged", "kvfrans/notes/issues/5",
          ("(slope|σ′|derivative).*(mean|1/n|n times)", "(mean|1/n|n times).*(slope|σ′|derivative)"), "no slope mean"),
    classes("no slope of the output on the way back", EDUCATIVE + "learning-q2615kley67/36924", SLOPE, "raw"),
    classes("a sum for a mean of squares", GIT + "acids-ircam/creative_ml/pull/6",
            ("2\\.5", "5/2", "0\\.4", "2/5", "n/2", "2/n", *COUNT), "mean"),
    classes("y − o, and a sum for a mean", GIT + "acids-ircam/creative_ml/pull/6", ("−2\\.5", "-2\\.5", "sign", "−5/2",
            "−n/2", "-n/2", "−0\\.4"), "sign mean"),
    dicts("p(1 − p) for softmax's derivative", GIT + "casper-hansen/Neural-Network-From-Scratch/pull/1",
          ("sum", "diagonal", "Σ", "Jacobian"), lambda p: p * (1 - p)),
    dicts("the output for softmax's derivative", "https://stackoverflow.com/questions/75378819",
          ("sum", "Σ", "path", "softmax"), lambda p: p),
    columns("leaky ReLU's slope of the gradient", "https://proxieslive.com/tag/checking/",
            ("incoming", "gradient", "mask", "slope"), leaky_columns, "leaky", "of dA"),
    columns("sigmoid's slope for tanh's, and for a linear output's", GIT + "ttezel/nn/issues/8",
            ("sigmoid", "σ′", "a \\(1", "x \\(1", "1 −"), tanh_columns, "tanh", "linear sigmoid's"),
    columns("sigmoid's slope for a linear output's", GIT + "ttezel/nn/issues/8", ("sigmoid", "σ′", "1 −", "Z2 ?\\("),
            tanh_columns, "tanh", "linear"),
    columns("sigmoid's slope for relu's", GIT + "jeffheaton/encog-dotnet-core/issues/124",
            ("sigmoid", "σ′", "relu", "slope", "A1 ?\\("), relu_columns, "relu", "sigmoid's"),
    columns("biases averaged over the columns", GIT + "kvfrans/notes/issues/5", ("1/7", *COUNT), relu_columns, "relu",
            "mean"),
    examples("summed over examples of a mean", GIT + "openai/guided-diffusion/issues/111", ("\\b4\\b", *COUNT), "sum"),
    examples("the last example alone", GIT + "mratsim/Arraymancer/pull/237",
             ("last", "alone", "i = 3", "example", "only"), "set"),
    examples("no slope, and summed over examples", GIT + "openai/guided-diffusion/issues/111",
             ("(slope|tanh).*(4|n times|mean|1/n)", "(4|n times|mean|1/n).*(slope|tanh)"), "no slope sum"),
]  # fmt: skip

"""Held out from the search: networks from scratch, in classes with caches, in nested dicts, in lists of layers."""

import math

import numpy as np

from tests.campaigns.record import case, draw, parted, sigmoid, softmax

# ---- a list of weights, a mini-batch in rows, as wide as deep

XS, YS, *WS = draw(801, (5, 3), (5, 3), (3, 3), 3, (3, 3), 3, (3, 3), 3)
STACK = dict(zip(("x", "y", "w1", "b1", "w2", "b2", "w3", "b3"), (XS, YS, *WS), strict=True))


def mini_batch(x, y, w1, b1, w2, b2, w3, b3):
    weights, biases = [w1, w2, w3], [b1, b2, b3]
    activation, activations, zs = x, [x], []
    for w, b in zip(weights, biases, strict=True):
        z = np.dot(activation, w) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    return 0.5 * np.sum((activations[-1] - y) ** 2) / x.shape[0]


def of_mini_batch(fault=""):
    weights, zs, acts = WS[::2], [], [XS]
    for w, b in zip(WS[::2], WS[1::2], strict=True):
        zs.append(acts[-1] @ w + b)
        acts.append(sigmoid(zs[-1]))
    prime = [sigmoid(z) * (1 - sigmoid(z)) for z in zs]
    delta, found = (acts[-1] - YS) / 5 * prime[-1], {}
    for l in range(1, 4):
        found[f"b{4 - l}"] = delta.sum(axis=0)
        found[f"w{4 - l}"] = acts[-l if fault == "own activation" else -l - 1].T @ delta
        if l < 3:
            at = {"next": -l, "first": 0}.get(fault, -l - 1)
            delta = delta @ weights[-l].T * prime[at]
    return found


# ---- one example after the other, in lists

XE, YE, W1E, B1E, W2E, B2E = draw(802, (4, 3), (4, 3), (3, 3), 3, (3, 3), 3)
EXAMPLES = {"X": XE, "Y": YE, "W1": W1E, "b1": B1E, "W2": W2E, "b2": B2E}


def nielsen(X, Y, W1, b1, W2, b2):
    weights, biases = [W1, W2], [b1, b2]
    total = 0
    for x, y in zip(X, Y, strict=True):
        activations = [x]
        for w, b in zip(weights, biases, strict=True):
            activations.append(sigmoid(np.dot(w, activations[-1]) + b))
        total += 0.5 * np.linalg.norm(activations[-1] - y) ** 2
    return total / len(X)


def of_nielsen(fault=""):
    nabla = {name: np.zeros_like(EXAMPLES[name]) for name in ("W1", "b1", "W2", "b2")}
    for x, y in zip(XE, YE, strict=True):
        a1 = sigmoid(W1E @ x + B1E)
        a2 = sigmoid(W2E @ a1 + B2E)
        d2 = (a2 - y) * a2 * (1 - a2) / 4
        d1 = W2E.T @ d2 * a1 * (1 - a1)
        own = fault == "own"
        nabla["W2"] += np.outer(d2, a2 if own else a1)
        nabla["W1"] += np.outer(d1, a1 if own else x)
        nabla["b1"] += d1
        nabla["b2"] += d2
    return nabla


# ---- a class with a cache, class ids, a penalty

XC, W1C, B1C, W2C, B2C = draw(803, (6, 4), (4, 5), 5, (5, 3), 3)
YC = np.array([0, 2, 1, 1, 2, 0])
CLASS = {"W1": W1C, "b1": B1C, "W2": W2C, "b2": B2C}


class TwoLayerNet:
    def __init__(self, W1, b1, W2, b2, reg=0.1):
        self.params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
        self.reg = reg
        self.cache = {}

    def forward(self, X):
        self.cache["hidden"] = np.maximum(0, X.dot(self.params["W1"]) + self.params["b1"])
        self.cache["scores"] = self.cache["hidden"].dot(self.params["W2"]) + self.params["b2"]
        return self.cache["scores"]

    def loss(self, X, y):
        scores = self.forward(X)
        exp_scores = np.exp(scores - np.max(scores, axis=1, keepdims=True))
        self.cache["probs"] = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        data_loss = np.sum(-np.log(self.cache["probs"][range(X.shape[0]), y])) / X.shape[0]
        squares = np.sum(self.params["W1"] ** 2) + np.sum(self.params["W2"] ** 2)
        return data_loss + 0.5 * self.reg * squares


def net_in_a_class(W1, b1, W2, b2):
    return TwoLayerNet(W1, b1, W2, b2).loss(XC, YC)


def of_class(fault=""):
    hidden = np.maximum(0, XC @ W1C + B1C)
    d = softmax(hidden @ W2C + B2C)
    if fault != "no label":
        d[range(6), YC] -= 1
    d /= 6
    late = 6 if fault == "divided late" else 1
    dh = d @ W2C.T * (hidden > 0)
    reg = 0.2 if fault == "reg" else 0.1
    return {
        "W1": XC.T @ dh + reg * W1C,
        "b1": dh.sum(axis=0),
        "W2": late * hidden.T @ d + reg * W2C,
        "b2": late * d.sum(axis=0),
    }


# ---- layers as objects

XL, YL, W1L, W2L = draw(804, (6, 4), (6, 2), (4, 5), (5, 2))
LAYERS = {"W1": W1L, "W2": W2L}


class Linear:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        return x @ self.W


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out


def sequential(W1, W2):
    layers = [Linear(W1), Tanh(), Linear(W2), Sigmoid()]
    out = XL
    for layer in layers:
        out = layer.forward(out)
    return np.mean((out - YL) ** 2)


def of_sequential(fault=""):
    z1 = XL @ W1L
    a1 = np.tanh(z1)
    out = 1 / (1 + np.exp(-a1 @ W2L))
    g = 2 * (out - YL) / 12
    g = g * (1 - out) if fault == "1 − a alone" else g * out * (1 - out)
    slope = 1 - z1**2 if fault == "input" else 1 - a1**2
    return {"W1": XL.T @ (g @ W2L.T * slope), "W2": a1.T @ g}


# ---- neurons in dicts, number by number, the bias as the last weight

ROW, EXPECTED = [0.4, -1.1, 0.7], [1.0, 0.0]
WH, WO = draw(805, (3, 4), (2, 4))
NEURONS = {"hidden": WH, "output": WO}


def activate(weights, inputs):
    activation = weights[-1]
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def transfer(activation):
    return 1.0 / (1.0 + np.exp(-activation))


def neurons_in_dicts(hidden, output):
    network = [[{"weights": list(row)} for row in layer] for layer in (hidden, output)]
    inputs = ROW
    for layer in network:
        new_inputs = []
        for neuron in layer:
            neuron["output"] = transfer(activate(neuron["weights"], inputs))
            new_inputs.append(neuron["output"])
        inputs = new_inputs
    return sum((expected - o) ** 2 for expected, o in zip(EXPECTED, inputs, strict=True)) / 2


def of_neurons(fault=""):
    x = np.array([*ROW, 1.0])
    h = np.array([*sigmoid(WH @ x), 1.0])
    o = sigmoid(WO @ h)
    delta = (o - EXPECTED) * o * (1 - o)
    hidden = (WO.T @ delta)[:-1] * (1 if fault == "no derivative" else h[:-1] * (1 - h[:-1]))
    inputs = np.array([*ROW, ROW[-1]]) if fault == "bias input" else x
    return {"hidden": np.outer(hidden, inputs), "output": np.outer(delta, h)}


# ---- a neuron of numbers, as in the lecture on micrograd

NEURON = {"x1": np.array(2.0), "w1": np.array(-0.3), "x2": np.array(0.5), "w2": np.array(1.2), "b": np.array(0.4)}


def micrograd_neuron(x1, w1, x2, w2, b):
    x1w1 = x1 * w1
    x2w2 = x2 * w2
    n = x1w1 + x2w2 + b
    e = np.exp(2 * n)
    return (e - 1) / (e + 1)


def of_neuron(fault=""):
    e = math.exp(2 * (2.0 * -0.3 + 0.5 * 1.2 + 0.4))
    de = 1 / (e + 1) - (0 if fault == "numerator" else (e - 1) / (e + 1) ** 2)
    dn = de * e * (1 if fault == "no 2" else 2)
    return {"x1": dn * -0.3, "w1": dn * 2.0, "x2": dn * 1.2, "w2": dn * 0.5, "b": dn}


# ---- a column of ones in each layer

XT, THETA1, THETA2 = draw(806, (6, 3), (4, 4), (2, 5))
YT = np.eye(2)[[0, 1, 1, 0, 1, 0]]
THETAS = {"Theta1": THETA1, "Theta2": THETA2}


def nn_cost_function(Theta1, Theta2):
    m, lam = len(XT), 0.5
    a1 = np.hstack([np.ones((m, 1)), XT])
    z2 = a1 @ Theta1.T
    a2 = np.hstack([np.ones((m, 1)), sigmoid(z2)])
    h = sigmoid(a2 @ Theta2.T)
    J = np.sum(-YT * np.log(h) - (1 - YT) * np.log(1 - h)) / m
    return J + lam / (2 * m) * (np.sum(Theta1[:, 1:] ** 2) + np.sum(Theta2[:, 1:] ** 2))


def of_thetas(fault=""):
    a1 = np.c_[np.ones(6), XT]
    g = sigmoid(a1 @ THETA1.T)
    a2 = np.c_[np.ones(6), g]
    d3 = sigmoid(a2 @ THETA2.T) - YT
    back = d3 @ THETA2
    d2 = (back[:, :-1] if fault == "last column" else back[:, 1:]) * g * (1 - g)
    if fault == "no slope":
        d2 = back[:, 1:]
    n = 1 if fault == "sum" else 6
    found = {"Theta1": d2.T @ a1 / n, "Theta2": d3.T @ a2 / n}
    for name in found:
        found[name][:, 1:] += 0.5 / 6 * THETAS[name][:, 1:]
    return found


SLOPE = ("slope", "σ′", "derivative", "1 −")
CASES, INVENTED = parted([
    case("σ′ of the next layer, in a batch", "dennybritz/nn-from-scratch/pull/3", ("next", "z.*layer after", "σ′ at",
         "z\\(3\\)\\) are used", "zs"), mini_batch, STACK, of_mini_batch, "next"),
    case("activations[-l], in a batch", "benoitfragit/libBrain/issues/80", ("activation.*(same|own|layer)",
         "activation.*instead"), mini_batch, STACK, of_mini_batch, "own activation"),
    case("activations[-l], example by example", "benoitfragit/libBrain/issues/80", ("activation.*(same|own|layer)",
         "activation.*instead"), nielsen, EXAMPLES, of_nielsen, "own"),
    case("1 not subtracted at the label", "", ("target", "label", "one-hot", "subtract"), net_in_a_class, CLASS,
         of_class, "no label"),
    case("divided by n after dW2", "stephencwelch/Neural-Networks-Demystified/issues/15", ("division .*missing.*W2",
         "6 times"), net_in_a_class, CLASS, of_class, "divided late"),
    case("the ½ of the penalty forgotten", "titu1994/DenseNet/issues/57", ("penalty", "0\\.5", "½", "reg.*\\b2\\b",
         "\\b2\\b.*squares"), net_in_a_class, CLASS, of_class, "reg"),
    case("1 − x² at the input of tanh", "OpenANN/OpenANN/issues/164", ("input", "tanh", "1 − "), sequential, LAYERS,
         of_sequential, "input"),
    case("1 − a for a (1 − a)", "yizt/numpy_neural_network/issues/3", ("out", "factor", "slope"), sequential, LAYERS,
         of_sequential, "1 − a alone"),
    case("no derivative in the hidden layer, neurons in dicts", "Bot-Academy/NeuralNetworkFromScratch/pull/3", SLOPE,
         neurons_in_dicts, NEURONS, of_neurons, "no derivative"),
    case("the last input at the bias, neurons in dicts", "", ("bias", "weights\\[-1\\]", "0\\.7", "activation"),
         neurons_in_dicts, NEURONS, of_neurons, "bias input"),
    case("no 2 of exp(2n)", "andersbll/nnet/issues/4", ("\\b2\\b",), micrograd_neuron, NEURON, of_neuron, "no 2"),
    case("e in the numerator alone", "sebgao/cTensor/issues/5", ("e \\+ 1", "missing", "alone"), micrograd_neuron,
         NEURON, of_neuron, "numerator"),
    case("the last column cut off for the first", "", ("part", "place", "column", "element", "\\[:, 1:\\]"),
         nn_cost_function, THETAS, of_thetas, "last column"),
    case("the error divided by m in the penalty alone", "stephencwelch/Neural-Networks-Demystified/issues/15",
         ("\\b6\\b", "mean", "divided"), nn_cost_function, THETAS, of_thetas, "sum"),
    case("no sigmoid gradient, with ones", "Bot-Academy/NeuralNetworkFromScratch/pull/3", SLOPE, nn_cost_function,
         THETAS, of_thetas, "no slope"),
])  # fmt: skip

"""Held out from the search: networks with parameters in dicts and lists of lists, by columns and number by number."""

import numpy as np

from tests.campaigns.record import case, draw, parted, sigmoid, softmax

# ---- layers in a loop, parameters in a dict, by columns

X, *PARAMS = draw(831, (4, 5), (4, 4), (4, 1), (4, 4), (4, 1), (4, 4), (4, 1))
Y = np.eye(4)[[0, 2, 1, 3, 2]].T
DEEP = dict(zip(("W1", "b1", "W2", "b2", "W3", "b3"), PARAMS, strict=True))


def model_forward(X, parameters):
    caches, A = [], X
    L = len(parameters) // 2
    for l in range(1, L):
        A_prev = A
        Z = np.dot(parameters["W" + str(l)], A_prev) + parameters["b" + str(l)]
        A = np.maximum(0, Z)
        caches.append((A_prev, Z))
    ZL = np.dot(parameters["W" + str(L)], A) + parameters["b" + str(L)]
    T = np.exp(ZL - np.max(ZL, axis=0, keepdims=True))
    return T / np.sum(T, axis=0, keepdims=True), caches


def deep_columns(W1, b1, W2, b2, W3, b3):
    AL, _ = model_forward(X, {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "W3": W3, "b3": b3})
    m = Y.shape[1]
    return -np.sum(Y * np.log(AL)) / m


def of_deep(fault=""):
    As, Zs = [X], []
    for l in (1, 2):
        Zs.append(DEEP[f"W{l}"] @ As[-1] + DEEP[f"b{l}"])
        As.append(np.maximum(0, Zs[-1]))
    Zs.append(DEEP["W3"] @ As[-1] + DEEP["b3"])
    dZ = (softmax(Zs[-1].T).T - Y) / (Y.shape[0] if fault == "classes" else 5)
    found = {}
    for l in (3, 2, 1):
        found[f"W{l}"], found[f"b{l}"] = dZ @ As[l - 1].T, dZ.sum(axis=1, keepdims=True)
        if l > 1:
            dA = DEEP[f"W{l}"].T @ dZ
            mask = Zs[l - 1] if fault == "next Z" else Zs[l - 2]
            dZ = dA if fault == "first layer" and l == 2 else dA * (mask > 0)
    return found


# ---- a dict in a dict

XN, YN, WN1, BN1, WN2, BN2 = draw(832, (6, 3), (6, 2), (3, 4), 4, (4, 2), 2)
NESTED = {"W1": WN1, "b1": BN1, "W2": WN2, "b2": BN2}
ACTIVATIONS = {"tanh": (np.tanh, lambda a: 1 - a**2), "sigmoid": (sigmoid, lambda a: a * (1 - a))}


def nested(W1, b1, W2, b2):
    model = {
        "layer1": {"W": W1, "b": b1, "act": "tanh"},
        "layer2": {"W": W2, "b": b2, "act": "sigmoid"},
    }
    out = XN
    for name in ("layer1", "layer2"):
        layer = model[name]
        layer["in"] = out
        layer["z"] = layer["in"] @ layer["W"] + layer["b"]
        layer["out"] = ACTIVATIONS[layer["act"]][0](layer["z"])
        out = layer["out"]
    return 0.5 * np.mean(np.sum((out - YN) ** 2, axis=1))


def of_nested(fault=""):
    a1 = np.tanh(XN @ WN1 + BN1)
    a2 = sigmoid(a1 @ WN2 + BN2)
    slopes = [ACTIVATIONS["tanh"][1], ACTIVATIONS["sigmoid"][1]]
    if fault == "exchanged":
        slopes = slopes[::-1]
    d2 = (a2 - YN) / 6 * slopes[1](a2)
    d1 = d2 @ WN2.T * slopes[0](a1)
    total = np.mean if fault == "mean" else np.sum
    return {"W1": XN.T @ d1, "b1": total(d1, axis=0), "W2": a1.T @ d2, "b2": total(d2, axis=0)}


# ---- lists of lists, number by number

INPUT, TARGET = [0.5, -0.2], [1.0, 0.0]
LW1, LW2 = draw(833, (2, 2), (2, 2))


def lists_of_lists(w1, w2):
    hidden = [0.0, 0.0]
    for j in range(2):
        for i in range(2):
            hidden[j] += w1[i][j] * INPUT[i]
        hidden[j] = 1.0 / (1.0 + np.exp(-hidden[j]))
    out = [0.0, 0.0]
    for k in range(2):
        for j in range(2):
            out[k] += w2[j][k] * hidden[j]
        out[k] = 1.0 / (1.0 + np.exp(-out[k]))
    error = 0.0
    for k in range(2):
        error += 0.5 * (TARGET[k] - out[k]) ** 2
    return error


def of_lists(fault=""):
    h = sigmoid(np.array(INPUT) @ LW1)
    o = sigmoid(h @ LW2)
    d2 = (o - TARGET) * o * (1 - o)
    back = LW2.T @ d2 if fault == "indices" else LW2 @ d2
    d1 = back * h * (1 - h)
    w2 = np.outer(h, d2)
    return {"w1": np.outer(INPUT, d1), "w2": w2.T if fault == "transposed" else w2}


# ---- examples with weights, one after the other

CLASS_WEIGHT = {0: 1.0, 1: 4.0, 2: 2.5}
XC, WC, BC = draw(834, (5, 4), (4, 3), 3)
YC = [0, 2, 1, 1, 0]


def weighted_classes(W, b):
    loss = 0
    for x, y in zip(XC, YC, strict=True):
        scores = x @ W + b
        e = np.exp(scores - scores.max())
        p = e / e.sum()
        loss += -CLASS_WEIGHT[y] * np.log(p[y])
    return loss / len(XC)


def of_weighted_classes(fault=""):
    dW, db = np.zeros_like(WC), np.zeros_like(BC)
    for x, y in zip(XC, YC, strict=True):
        d = softmax(x @ WC + BC)
        d[y] -= 1
        d *= 1 if fault else CLASS_WEIGHT[y]
        dW += np.outer(x, d) / 5
        db += d / 5
    return {"W": dW, "b": db}


SW = [0.5, 2.0, 1.0, 3.0, 1.5]
XE, YE, WE1, WE2 = draw(835, (5, 3), (5, 2), (4, 3), (2, 4))


def weighted_examples(w1, w2):
    cost = 0.0
    for k in range(len(XE)):
        h = sigmoid(w1.dot(XE[k]))
        o = sigmoid(w2.dot(h))
        cost = cost + SW[k] * 0.5 * np.sum((YE[k] - o) ** 2)
    return cost


def of_weighted_examples(fault=""):
    found = {"w1": np.zeros_like(WE1), "w2": np.zeros_like(WE2)}
    for k in range(5):
        h = sigmoid(WE1 @ XE[k])
        o = sigmoid(WE2 @ h)
        d2 = (o - YE[k]) * o * (1 - o) * (1 if fault else SW[k])
        found["w2"] += np.outer(d2, h)
        found["w1"] += np.outer(WE2.T @ d2 * h * (1 - h), XE[k])
    return found


# ---- one unit

XL, WL = draw(836, (6, 3), (3, 1))
YL = np.array([[1.0], [0], [1], [1], [0], [0]])


def scaled_logistic(w, b):
    mu, sd = XL.mean(axis=0), XL.std(axis=0)
    X_norm = (XL - mu) / sd
    a = sigmoid(X_norm @ w + b)
    return -np.sum(YL * np.log(a) + (1 - YL) * np.log(1 - a)) / len(XL)


def of_scaled(fault=""):
    X_norm = (XL - XL.mean(axis=0)) / XL.std(axis=0)
    a = sigmoid(X_norm @ WL + 0.2)
    dz = -YL * (1 - a) / 6 if fault == "first term" else (a - YL) / 6
    return {"w": (XL if fault == "raw" else X_norm).T @ dz, "b": dz.sum()}


SCALED = {"w": WL, "b": np.array(0.2)}
XS, YS = draw(837, 6, 6)
LINE = {"theta0": np.array(0.4), "theta1": np.array(-0.7)}


def one_variable(theta0, theta1):
    total = 0
    for i in range(len(XS)):
        h = theta0 + theta1 * XS[i]
        total += (h - YS[i]) ** 2
    return total / (2 * len(XS))


def of_one_variable(fault=""):
    e = 0.4 - 0.7 * XS - YS
    return {"theta0": e.mean(), "theta1": (e if fault else e * XS).mean()}


# ---- biases of users and items; a penalty

MASK, RATED = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1], [1, 1, 1]]), draw(838, (4, 3))
U, V, BU, BI = draw(839, (4, 2), (3, 2), (4, 1), (1, 3))
FACTORS = {"U": U, "V": V, "bu": BU, "bi": BI}


def biased(U, V, bu, bi):
    pred = U @ V.T + bu + bi
    err = MASK * (RATED - pred)
    reg = 0.1 * (np.linalg.norm(U) ** 2 + np.linalg.norm(V) ** 2)
    return np.sum(err**2) + reg


def of_biased(fault=""):
    raw = U @ V.T + BU + BI - RATED
    e = 2 * MASK * raw
    at_users = 2 * raw if fault == "no mask" else e
    lengths = [np.linalg.norm(x) if fault == "norm" else 1 for x in (U, V)]
    return {
        "U": e @ V + 0.2 * U / lengths[0],
        "V": e.T @ U + 0.2 * V / lengths[1],
        "bu": at_users.sum(axis=1, keepdims=True),
        "bi": e.sum(axis=0, keepdims=True),
    }


SLOPE = ("slope", "σ′", "relu′", "derivative", "mask")
WEIGHTS = ("(SW|CLASS_WEIGHT).*(missing|left out|forgotten)", "0\\.5 is used instead of `SW")
CASES, INVENTED = parted([
    case("divided by the classes, by columns", "keras-team/keras/pull/8476", ("4 is the number of rows", "5/4"),
         deep_columns, DEEP, of_deep, "classes"),
    case("relu's mask of the next layer, in a loop over a dict", "dennybritz/nn-from-scratch/pull/3",
         ("at .*Z\\(2\\) and .*ZL, not at ",), deep_columns, DEEP, of_deep, "next Z"),
    case("no mask in the first layer", "", SLOPE, deep_columns, DEEP, of_deep, "first layer"),
    case("two activations exchanged", "unda-ml/unda/issues/1", ("tanh.*(sigmoid|σ)", "(sigmoid|σ).*tanh"), nested,
         NESTED, of_nested, "exchanged"),
    case("biases averaged, a dict in a dict", "kvfrans/notes/issues/5", ("mean", "1/6", "divided", "average"), nested,
         NESTED, of_nested, "mean"),
    case("the indices of a weight exchanged on the way back", "", ("transpos", "exchanged"), lists_of_lists, {"w1": LW1,
         "w2": LW2}, of_lists, "indices"),
    case("the indices of a gradient exchanged", "", ("transpos",), lists_of_lists, {"w1": LW1, "w2": LW2}, of_lists,
         "transposed"),
    case("weights of classes forgotten, in a loop", "Python-Ensemble-Toolbox/PET/pull/79", WEIGHTS, weighted_classes,
         {"W": WC, "b": BC}, of_weighted_classes, "no weights"),
    case("weights of examples forgotten, two layers in a loop", "OverLordGoldDragon/see-rnn/pull/27", WEIGHTS,
         weighted_examples, {"w1": WE1, "w2": WE2}, of_weighted_examples, "no weights"),
    case("features that are not scaled", "", ("XL.*instead", "sd.*missing"), scaled_logistic, SCALED, of_scaled, "raw"),
    case("the first term of the cross-entropy alone", "", ("1 - a", "1 - YL", "missing"), scaled_logistic, SCALED,
         of_scaled, "first term"),
    case("no x at the slope of a line", "", ("XS", "theta0"), one_variable, LINE, of_one_variable, "no x"),
    case("the mask forgotten at the users' bias", "", ("MASK",), biased, FACTORS, of_biased, "no mask"),
    case("a square's penalty as of the norm", "", ("\\*\\* 2", "square"), biased, FACTORS, of_biased, "norm"),
])  # fmt: skip

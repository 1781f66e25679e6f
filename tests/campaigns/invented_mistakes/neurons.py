"""Neurons that are written out one by one, as in a worked example, and layers that are written out line by line."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

# ---- two inputs, two hidden neurons, two outputs: a line for each

NAMES = ("w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "b1", "b2")
NUMBERS = (0.31, -0.42, 0.27, 0.55, -0.63, 0.38, 0.71, 0.46, 0.12, -0.24)
NEURONS = dict(zip(NAMES, map(np.array, NUMBERS), strict=True))
X1, X2, Y1, Y2 = 0.35, -0.8, 0.2, 0.9


def neurons(w1, w2, w3, w4, w5, w6, w7, w8, b1, b2):
    net_h1 = w1 * X1 + w2 * X2 + b1
    out_h1 = 1 / (1 + np.exp(-net_h1))
    net_h2 = w3 * X1 + w4 * X2 + b1
    out_h2 = 1 / (1 + np.exp(-net_h2))
    net_o1 = w5 * out_h1 + w6 * out_h2 + b2
    out_o1 = 1 / (1 + np.exp(-net_o1))
    net_o2 = w7 * out_h1 + w8 * out_h2 + b2
    out_o2 = 1 / (1 + np.exp(-net_o2))
    return 0.5 * (out_o1 - Y1) ** 2 + 0.5 * (out_o2 - Y2) ** 2


def of_neurons(fault=""):
    w1, w2, w3, w4, w5, w6, w7, w8, b1, b2 = NUMBERS
    n1, n2 = w1 * X1 + w2 * X2 + b1, w3 * X1 + w4 * X2 + b1
    h1, h2 = sigmoid(n1), sigmoid(n2)
    o1, o2 = sigmoid(w5 * h1 + w6 * h2 + b2), sigmoid(w7 * h1 + w8 * h2 + b2)
    e1, e2 = o1 - Y1, o2 - Y2
    slopes = {"no slope at the outputs": (1, 1), "tanh′ at the outputs": (1 - o1**2, 1 - o2**2)}
    s1, s2 = slopes.get(fault, (o1 * (1 - o1), o2 * (1 - o2)))
    d1, d2 = e1 * s1, e2 * s2
    g1, g2 = d1 * w5 + d2 * w7, d1 * w6 + d2 * w8
    if fault == "updated weights":
        g1 = d1 * (w5 - 0.5 * d1 * h1) + d2 * (w7 - 0.5 * d2 * h1)
        g2 = d1 * (w6 - 0.5 * d1 * h2) + d2 * (w8 - 0.5 * d2 * h2)
    if fault == "errors back":
        g1, g2 = e1 * w5 + e2 * w7, e1 * w6 + e2 * w8
    if fault == "no slope at the hidden ones":
        z1, z2 = g1, g2
    else:
        z1, z2 = g1 * h1 * (1 - h1), g2 * h2 * (1 - h2)
    x = (w1, w2, w3, w4) if fault == "weights for inputs" else (X1, X2, X1, X2)
    a1, a2 = (n1, n2) if fault == "net inputs for outputs" else (h1, h2)
    return dict(zip(NAMES, (z1 * x[0], z1 * x[1], z2 * x[2], z2 * x[3], d1 * a1, d1 * a2, d2 * a1, d2 * a2, z1 + z2,
                            d1 + d2), strict=True))  # fmt: skip


# ---- four layers, a line for each, with examples as columns

XC, YC, *WC = draw(881, (3, 6), (2, 6), (4, 3), (4, 1), (4, 4), (4, 1), (4, 4), (4, 1), (2, 4), (2, 1))
LINES = dict(zip(("W1", "b1", "W2", "b2", "W3", "b3", "W4", "b4"), WC, strict=True))


def lines(W1, b1, W2, b2, W3, b3, W4, b4):
    Z1 = np.dot(W1, XC) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = np.tanh(Z2)
    Z3 = np.dot(W3, A2) + b3
    A3 = np.tanh(Z3)
    Z4 = np.dot(W4, A3) + b4
    return np.sum((Z4 - YC) ** 2) / (2 * 6)


def of_lines(fault=""):
    a, z = [XC], [XC]
    for W, b in zip(WC[::2], WC[1::2], strict=True):
        z.append(W @ a[-1] + b)
        a.append(np.tanh(z[-1]))
    d, found = (z[4] - YC) / 6, {}
    for l in range(4, 0, -1):
        found[f"W{l}"] = d @ (z if fault == "Z for A" else a)[l - 1].T
        found[f"b{l}"] = d.sum(axis=1, keepdims=True)
        if l > 1:
            W = WC[2 * l - 2]
            W = W.T if fault == "no transpose" and l < 4 else W - 0.1 * found[f"W{l}"] if fault == "updated" else W
            if fault == "no weights" and l < 4:
                W = np.eye(4)
            at = {"a (1 − a)": a[l - 1] * (1 - a[l - 1]), "1 − z²": 1 - z[l - 1] ** 2, "no tanh′": 1.0,
                  "1 − a": 1 - a[l - 1], "divided again": (1 - a[l - 1] ** 2) / 6}  # fmt: skip
            d = W.T @ d * at.get(fault, 1 - a[l - 1] ** 2)
    return found


def one(name, says):
    return case(name, "", says, neurons, NEURONS, of_neurons, name)


def line(name, says):
    return case(f"{name}, in all lines", "", says, lines, LINES, of_lines, name)


CASES = [
    one("no slope at the outputs", ("σ′\\(net_o1\\) and σ′\\(net_o2\\) are missing",)),
    one("no slope at the hidden ones", ("σ′\\(net_h1\\) and σ′\\(net_h2\\) are missing",)),
    one("tanh′ at the outputs", ("1 − y², with y = out_o1 and out_o2, is used instead",)),
    one("updated weights", ("w5, w6, w7 and w8 after they were updated",)),
    one("errors back", ("σ′\\(net_o",)),
    one("weights for inputs", ("w1, w2, w3 and w4 are used instead",)),
    one("net inputs for outputs", ("net_h[12] and net_h[12] are used instead of out_h",)),
    line("Z for A", ("Z1, Z2 and Z3 are used instead of A",)),
    line("no transpose", ("transpos",)),
    line("updated", ("updated \\(learning rate 0.1\\)",)),
    line("no weights", ("factor W3 is missing",)),
    line("a (1 − a)", ("a \\(1 − a\\)|y \\(1 − y\\)|sigmoid",)),
    line("1 − z²", ("needs A1, A2 and A3, but gets the input",)),
    line("no tanh′", ("tanh′\\(Z1\\), tanh′\\(Z2\\) and tanh′\\(Z3\\) are missing|derivatives?.*missing",)),
    line("1 − a", ("1 − ",)),
    line("divided again", ("again and again",)),
]

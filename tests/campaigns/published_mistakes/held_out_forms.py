"""Held out from the search: networks and costs in other forms, number by number, in lists, example by example."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

XOR = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
XOR_Y = np.array([0.0, 1.0, 1.0, 0.0])
W_XOR0, W_XOR1 = draw(900, (2, 2), 2)


def xor(w0, w1):
    cost = 0
    for i in range(XOR.shape[0]):
        h0 = sigmoid(w0[0, 0] * XOR[i][0] + w0[1, 0] * XOR[i][1])
        h1 = sigmoid(w0[0, 1] * XOR[i][0] + w0[1, 1] * XOR[i][1])
        y0 = sigmoid(w1[0] * h0 + w1[1] * h1)
        cost = cost + 0.5 * (XOR_Y[i] - y0) ** 2
    return cost


def of_xor(fault=""):
    dw0, dw1 = np.zeros((2, 2)), np.zeros(2)
    for x, y in zip(XOR, XOR_Y, strict=True):
        h = sigmoid(x @ W_XOR0)
        y0 = sigmoid(h @ W_XOR1)
        dey0 = -(y - y0)
        slope = y0 * (1 - y0)
        dw0 += np.outer(x, dey0 * slope * W_XOR1 * h * (1 - h))
        dw1 += dey0 * h * (1 if "w1" in fault else slope)
    return {"w0": dw0, "w1": dw1}


XH, YH, WH, VH = draw(909, (5, 3), (5, 2), (3, 4), (4, 2))
BH, CH = draw(910, 4, 2)
MLP = {"Wxh": WH, "bh": BH, "Why": VH, "by": CH}


def mlp(Wxh, bh, Why, by):
    h_tilde = XH @ Wxh + bh
    h = np.tanh(h_tilde)
    y_tilde = h @ Why + by
    e = np.exp(y_tilde)
    probs = e / e.sum(axis=-1, keepdims=True)
    return -(softmax(YH) * np.log(probs)).sum(axis=1).mean()


def of_mlp(fault=""):
    h = np.tanh(XH @ WH + BH)
    d = (softmax(h @ VH + CH) - softmax(YH)) / 5
    dh = d @ VH.T
    dt = dh * (1 - h**2)
    return {"Wxh": XH.T @ dt, "bh": (dh if "bias" in fault else dt).sum(axis=0), "Why": h.T @ d, "by": d.sum(axis=0)}


MASK = np.array([1, 0, 1, 1]) / 0.8
LISTS = {"w1": draw(952, (4, 3)), "b1": draw(953, 4), "w2": draw(954, 4)}


def in_lists(w1, b1, w2):
    x, target = [0.5, -1.0, 0.8], 1.0
    h = []
    for i in range(4):
        z = b1[i]
        for j in range(3):
            z = z + w1[i][j] * x[j]
        h.append(np.maximum(0.0, z) * MASK[i])
    out = sum(w2[i] * h[i] for i in range(4))
    p = 1 / (1 + np.exp(-out))
    return -(target * np.log(p) + (1 - target) * np.log(1 - p))


def of_in_lists(fault=""):
    x = np.array([0.5, -1.0, 0.8])
    z = LISTS["w1"] @ x + LISTS["b1"]
    h = np.maximum(0, z) * MASK
    d = sigmoid(LISTS["w2"] @ h) - 1.0
    dh = d * LISTS["w2"] * (z > 0) * (1 if "mask" in fault else MASK)
    return {"w1": np.outer(dh, x), "b1": dh, "w2": d * h}


X, Y, W = draw(921, (8, 3), 8, 3)
F = X @ W
T = np.where(Y > 0, 1.0, -1.0)


def squared_hinge(w):
    a = np.maximum(0, 1 - T * (X @ w)) ** 2
    return np.sum(a)


def of_squared_hinge(fault=""):
    a = np.maximum(0, 1 - T * F)
    a = a**2 if "square" in fault else a
    return {"w": X.T @ (2 * a * -T)}


FEATS, CENTERS, LABELS = *draw(922, (6, 2), (3, 2)), np.array([0, 1, 1, 2, 0, 1])


def center_loss(feature, centers):
    centers_batch = centers[LABELS]
    return ((feature - centers_batch) ** 2).sum() / 2.0 / feature.shape[0]


def of_center(fault=""):
    diff = (FEATS - CENTERS[LABELS]) / (1 if "batch" in fault else 6)
    dc = np.zeros_like(CENTERS)
    np.add.at(dc, LABELS, -(FEATS - CENTERS[LABELS]) / 6)
    return {"feature": diff, "centers": dc}


A, P, N = draw(935, (5, 3), (5, 3), (5, 3))


def triplet_loop(a, p, n):
    loss = 0.0
    for i in range(len(a)):
        d_pos = np.sum((a[i] - p[i]) ** 2)
        d_neg = np.sum((a[i] - n[i]) ** 2)
        loss += max(d_pos - d_neg + 4.0, 0)
    return loss / len(a)


def of_triplet(fault=""):
    da, dp, dn = np.zeros_like(A), np.zeros_like(P), np.zeros_like(N)
    for i in range(5):
        if np.sum((A[i] - P[i]) ** 2) - np.sum((A[i] - N[i]) ** 2) + 4 > 0:
            da[i] = 2 * (N[i] - P[i]) / 5
            dp[i] = (2 * (P[i] - N[i]) if "n for a" in fault else 2 * (P[i] - A[i])) / 5
            dn[i] = 2 * (A[i] - N[i]) / 5 * (-1 if "sign" in fault else 1)
    return {"a": da, "p": dp, "n": dn}


XM, WIN, BIN, WOUT, BOUT = draw(1001, (5, 7), (7, 5), 5, (5, 3), 3)
YM = np.eye(3)[[0, 2, 1, 1, 0]]
MNIST = {"w_in": WIN, "b_in": BIN, "w_out": WOUT, "b_out": BOUT}


def act_softmax(y):
    ex = np.exp(y - np.max(y))
    return ex / ex.sum(axis=1, keepdims=True)


def mnist(w_in, b_in, w_out, b_out):
    z1 = XM.dot(w_in) + b_in
    a1 = np.maximum(z1, 0)
    z2 = a1.dot(w_out) + b_out
    a2 = act_softmax(z2)
    return -np.sum(YM * np.log(a2)) / XM.shape[0]


def of_mnist(fault=""):
    z1 = XM @ WIN + BIN
    a1 = np.maximum(z1, 0)
    d2 = (softmax(a1 @ WOUT + BOUT) - YM) / 5
    d1 = d2 @ WOUT.T * (z1 > 0)
    b1 = d1.sum(axis=1 if "axis" in fault else 0)
    return {"w_in": XM.T @ d1, "b_in": b1, "w_out": a1.T @ d2, "b_out": d2.sum(axis=0)}


ZS, TS, WS = draw(1002, (4, 3), (4, 3), (3, 3))
TS = softmax(TS)


def softmax_mse(W):
    A = act_softmax(ZS @ W)
    return 0.5 * np.sum((A - TS) ** 2)


def of_softmax_mse(fault=""):
    dW = np.zeros((3, 3))
    for i in range(4):
        s = softmax(ZS[i] @ WS)
        dA = s - TS[i]
        p = softmax(dA) if "dA" in fault else s
        dW += np.outer(ZS[i], (np.diagflat(p) - np.outer(p, p)) @ dA)
    return {"W": dW}


IN, W1N, W2N = [0.3, -0.7, 0.9], draw(1003, (3, 3)), draw(1004, (3, 3))
GOAL = [0.0, 1.0, 0.0]


class Neuron:
    def __init__(self, weights):
        self.weights = weights

    def output(self, inputs):
        total = 0.0
        for w, x in zip(self.weights, inputs, strict=True):
            total = total + w * x
        return 1 / (1 + np.exp(-total))


def neurons(w1, w2):
    hidden = [Neuron(w1[j]).output(IN) for j in range(3)]
    outs = [Neuron(w2[k]).output(hidden) for k in range(3)]
    error = 0.0
    for k in range(3):
        error += 0.5 * (GOAL[k] - outs[k]) ** 2
    return error


def of_neurons(fault=""):
    h = sigmoid(W1N @ np.array(IN))
    o = sigmoid(W2N @ h)
    d2 = (o - np.array(GOAL)) * o * (1 - o)
    d1 = (W2N if "transpose" in fault else W2N.T) @ d2 * h * (1 - h)
    if "first" in fault:
        d1 = W2N[0] * d2.sum() * h * (1 - h)
    return {"w1": np.outer(d1, IN), "w2": np.outer(d2, h)}


def case(name, where, says, forward, inputs, gradients, fault):
    return Mistake(name, where, forward, inputs, gradients, lambda: gradients(fault), says)


SLOPE = ("σ′", "slope", "derivative", "tanh′")
COUNT = ("1/n", "mean", "n times", "len\\(", "not divided", "6 times")
TUTORIAL = (
    "https://pytroubles.com/en/posts/id1785-fixing-numpy-mnist-training-correct-gradient-axes-bias-reductions-and-stable-"
    "softmax"
)
TRIPLETS = {"a": A, "p": P, "n": N}
CASES = [
    case("no slope for the output's weights, number by number", "https://stackoverflow.com/questions/59399842", SLOPE,
         xor, {"w0": W_XOR0, "w1": W_XOR1}, of_xor, "w1"),
    case("the bias alone without tanh's slope", GIT + "arthurdouillard/deepcourse/pull/9", ("h_tilde", *SLOPE), mlp,
         MLP, of_mlp, "bias"),
    case("dropout forgotten, number by number", GIT + "rohitg00/ai-engineering-from-scratch/pull/17", ("mask",
         "factor"), in_lists, LISTS, of_in_lists, "mask"),
    case("the squared hinge for the hinge", GIT + "vlfeat/matconvnet/issues/164", ("output a", "maximum"),
         squared_hinge, {"w": W}, of_squared_hinge, "square"),
    case("features not divided by the batch", GIT + "jxgu1016/MNIST_center_loss_pytorch/issues/9", COUNT, center_loss,
         {"feature": FEATS, "centers": CENTERS}, of_center, "batch"),
    case("the negative is pulled", GIT + "luhaofang/tripletloss/issues/41", ("sign",), triplet_loop, TRIPLETS,
         of_triplet, "sign"),
    case("the negative for the anchor", GIT + "luhaofang/tripletloss/issues/41", ("`a\\[i\\]`", "gradient of a\\b"),
         triplet_loop, TRIPLETS, of_triplet, "n for a"),
    case("a bias summed along the wrong axis, as many examples as units", TUTORIAL, ("axis 1",), mnist, MNIST,
         of_mnist, "axis"),
    case("the softmax of the gradient", "https://offlinew.com/q/q/3383959922", ("softmax of the incoming",),
         softmax_mse, {"W": WS}, of_softmax_mse, "dA"),
    case("weights by the wrong index, neuron by neuron", "https://datascience.stackexchange.com/questions/26618",
         ("transposed",), neurons, {"w1": W1N, "w2": W2N}, of_neurons, "transpose"),
]  # fmt: skip

"""Held out from the search: networks unrolled over time, of one or two layers, truncated, an LSTM."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

NX, NA, M, T = 2, 3, 2, 4
X, A0, WAX, WAA, BA, DA = draw(1601, (NX, M, T), (NA, M), (NA, NX), (NA, NA), (NA, 1), (NA, M, T))
COURSE = {"x": X, "a0": A0, "Wax": WAX, "Waa": WAA, "ba": BA}


def rnn_forward(x, a0, Wax, Waa, ba):
    parameters = {"Wax": Wax, "Waa": Waa, "ba": ba}
    caches = []
    _, m, T_x = x.shape
    n_a = parameters["Waa"].shape[0]
    a = np.zeros((n_a, m, T_x), dtype=x.dtype)
    a_next = a0
    for t in range(T_x):
        xt = x[:, :, t]
        a_next = np.tanh(np.dot(parameters["Waa"], a_next) + np.dot(parameters["Wax"], xt) + parameters["ba"])
        a[:, :, t] = a_next
        caches.append((a_next, xt))
    return a, caches


def of_course(fault=""):
    a = [A0]
    for t in range(T):
        a.append(np.tanh(WAA @ a[-1] + WAX @ X[:, :, t] + BA))
    g = {"Wax": np.zeros_like(WAX), "Waa": np.zeros_like(WAA), "ba": np.zeros_like(BA)}
    dx, da_prev = np.zeros_like(X), np.zeros_like(A0)
    for t in range(T) if fault == "forwards" else reversed(range(T)):
        da = DA[:, :, t] + da_prev
        dtanh = ((1 - a[t + 1]) ** 2 if fault == "(1 - a)²" else 1 - a[t + 1] ** 2) * da
        dx[:, :, t] = WAX.T @ dtanh
        g["Wax"] += dtanh @ X[:, :, t].T
        g["Waa"] += dtanh @ a[t].T
        g["ba"] += dtanh.sum(axis=1, keepdims=True)
        if fault == "last bias":
            g["ba"] = dtanh.sum(axis=1, keepdims=True)
        da_prev = WAA.T @ dtanh
        if fault == "adds up":
            da_prev = da_prev + da
        if fault == "x of the last step":
            g["Wax"] += dtanh @ (X[:, :, T - 1] - X[:, :, t]).T
    return g | {"x": dx, "a0": da_prev}


S, D, U, V, W, O = [1, 0, 3, 2], 4, *draw(1602, (3, 4), (4, 3), (3, 3)), [0, 3, 2, 1]
WORDS = {"U": U, "V": V, "W": W}


def language_loss(U, V, W):
    s = [np.zeros(3)]
    loss = 0.0
    for t in range(4):
        s.append(np.tanh(U[:, S[t]] + W.dot(s[-1])))
        z = V.dot(s[-1])
        o = np.exp(z - max(z)) / np.exp(z - max(z)).sum()
        loss -= np.log(o[O[t]])
    return loss


def of_words(fault=""):
    s = [np.zeros(3)]
    for t in range(4):
        s.append(np.tanh(U[:, S[t]] + W @ s[-1]))
    g = {k: np.zeros_like(v) for k, v in WORDS.items()}
    for t in reversed(range(4)):
        d = softmax(V @ s[t + 1]) - np.eye(D)[O[t]]
        g["V"] += np.outer(d, s[t + 1])
        delta = V.T @ d * (1 - s[t + 1] ** 2)
        for k in reversed(range(max(0, t - 1) if fault == "truncated" else 0, t + 1)):
            g["W"] += np.outer(delta, s[k])
            g["U"][:, S[t] if fault == "x of t" else S[k]] += delta
            delta = W.T @ delta * (1 - s[k + 1 if fault == "slope of k" else k] ** 2)
            if fault == "no slope":
                delta = delta / (1 - s[k] ** 2)
    return g


N, DIN, H1, H2 = 3, 2, 3, 3
XS, TGT = draw(1603, (N, 4, DIN), N)
STACK = dict(zip(("Wx1", "Wh1", "b1", "Wx2", "Wh2", "b2", "w"),
                 draw(1604, (DIN, H1), (H1, H1), H1, (H1, H2), (H2, H2), H2, H2), strict=True))  # fmt: skip


def stacked_rnn(Wx1, Wh1, b1, Wx2, Wh2, b2, w):
    h1 = np.zeros((3, 3))
    h2 = np.zeros((3, 3))
    for t in range(4):
        h1 = np.tanh(XS[:, t] @ Wx1 + h1 @ Wh1 + b1)
        h2 = np.tanh(h1 @ Wx2 + h2 @ Wh2 + b2)
    pred = h2 @ w
    return np.mean((pred - TGT) ** 2)


def of_stack(fault=""):
    p = STACK
    h1, h2 = [np.zeros((N, H1))], [np.zeros((N, H2))]
    for t in range(4):
        h1.append(np.tanh(XS[:, t] @ p["Wx1"] + h1[-1] @ p["Wh1"] + p["b1"]))
        h2.append(np.tanh(h1[-1] @ p["Wx2"] + h2[-1] @ p["Wh2"] + p["b2"]))
    g = {k: np.zeros_like(v) for k, v in p.items()}
    d = (2 if fault != "no 2" else 1) * (h2[-1] @ p["w"] - TGT) / N
    g["w"] = h2[-1].T @ d
    dh2, dh1 = np.outer(d, p["w"]), np.zeros((N, H1))
    for t in reversed(range(4)):
        dz2 = dh2 * (1 - h2[t + 1] ** 2)
        g["Wx2"] += h1[t if fault == "h1 before" else t + 1].T @ dz2
        g["Wh2"] += h2[t].T @ dz2
        g["b2"] += dz2.sum(axis=0)
        up = dz2 @ (p["Wh2"] if fault == "Wh2 for Wx2" else p["Wx2"]).T
        if fault == "last step alone" and t < 3:
            up = np.zeros_like(up)
        dz1 = (up + (0 if fault == "no time in layer 1" else dh1)) * (1 - h1[t + 1] ** 2)
        g["Wx1"] += XS[:, t].T @ dz1
        g["Wh1"] += h1[t].T @ dz1
        g["b1"] += dz1.sum(axis=0) if fault != "mean bias" else dz1.mean(axis=0)
        dh2, dh1 = dz2 @ p["Wh2"].T, dz1 @ p["Wh1"].T
    return g


E, HL, VL = 3, 2, 4
SEQ, LABELS = [2, 0, 3], [0, 3, 1]
EMB, WL, BL, WY, BY = draw(1605, (VL, E), (E + HL, 4 * HL), 4 * HL, (HL, VL), VL)
PACKED = {"emb": EMB, "W": WL, "b": BL, "Wy": WY, "by": BY}


def lstm_lm(emb, W, b, Wy, by):
    h, c = np.zeros(2), np.zeros(2)
    losses = []
    for token, label in zip(SEQ, LABELS, strict=True):
        hx = np.hstack([h, emb[token]])
        i, f, g, o = np.split(hx @ W + b, 4)
        i, f, o = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o))
        g = np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        logits = h @ Wy + by
        losses.append(np.log(np.sum(np.exp(logits))) - logits[label])
    return sum(losses) / len(losses)


def of_lm(fault=""):
    h, c, steps = np.zeros(HL), np.zeros(HL), []
    for token in SEQ:
        hx = np.hstack([h, EMB[token]])
        i, f, g, o = np.split(hx @ WL + BL, 4)
        i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        steps.append((hx, i, f, g, o, before, c, h))
    out, dh, dc = {k: np.zeros_like(v) for k, v in PACKED.items()}, np.zeros(HL), np.zeros(HL)
    for t in reversed(range(3)):
        hx, i, f, g, o, before, c, h = steps[t]
        d = (softmax(h @ WY + BY) - np.eye(VL)[LABELS[t]]) / 3
        out["Wy"] += np.outer(c if fault == "c for h" else h, d)
        out["by"] += d
        dh = dh + WY @ d
        slope = 1 - (h if fault == "h²" else np.tanh(c)) ** 2
        dc = dc + dh * o * slope
        di, df, dg, do = dc * g, dc * before, dc * i, dh * np.tanh(c)
        parts = [di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)]
        if fault == "slope twice":
            parts[0] = parts[0] * i * (1 - i)
        if fault == "f for before":
            parts[1] = dc * c * f * (1 - f)
        if fault == "1 - g":
            parts[2] = dg * g * (1 - g)
        dz = np.hstack(parts)
        out["W"] += np.outer(hx, dz)
        out["b"] += dz
        dhx = WL @ dz
        out["emb"][SEQ[t]] += dhx[HL:] if fault != "embedding without Wy" else dhx[HL:] * 0
        dh = dhx[:HL]
        if fault == "dh lost":
            dh = np.zeros(HL)
        dc = dc * (steps[t + 1][2] if fault == "f of the next" and t < 2 else f)
    return out


def course(name, where, says, fault):
    return case(name, where, says, rnn_forward, COURSE, of_course, fault, DA)


def words(name, where, says, fault):
    return case(name, where, says, language_loss, WORDS, of_words, fault)


def stack(name, where, says, fault):
    return case(name, where, says, stacked_rnn, STACK, of_stack, fault)


def lm(name, where, says, fault):
    return case(name, where, says, lstm_lm, PACKED, of_lm, fault)


FORUM = "https://datascience-enthusiast.com/DL/Building_a_Recurrent_Neural_Network-Step_by_Step_v1.html"
WILDML = "https://www.wildml.com/2015/10/recurrent-neural-networks-tutorial-part-3/"
LAYERS = "apache/mxnet/pull/18203"
CLASSIC = "nicklashansen/rnn_lstm_from_scratch/issues/1"
CASES = [
    course("(1 − a)² for 1 − a²", FORUM, ("tanh′",), "(1 - a)²"),
    course("back in the order of time", FORUM, ("order", "revers", "turn"), "forwards"),
    course("the bias's gradient of the first step alone", FORUM, ("first", "alone", "use"), "last bias"),
    course("the state's gradient is passed on as well", FORUM, ("a_next", "a\\("), "adds up"),
    course("the last step's input for every step", FORUM, ("last turn",), "x of the last step"),
    words("truncated after two steps", WILDML, ("truncated", "two steps"), "truncated"),
    words("the word of the loss's step", WILDML, ("U",), "x of t"),
    words("tanh′ of the step, not of the one before", WILDML, ("tanh",), "slope of k"),
    words("no tanh′ from step to step, in nested loops", WILDML, ("tanh",), "no slope"),
    stack("no 2, two layers over time", LAYERS, ("1/2",), "no 2"),
    stack("layer 2 meets layer 1's state before", LAYERS, ("h1",), "h1 before"),
    stack("the weights over time for those between layers", LAYERS, ("Wh2",), "Wh2 for Wx2"),
    stack("layer 1 learns from the last step alone", LAYERS, ("last", "turn", "alone", "use"), "last step alone"),
    stack("no time in layer 1", LAYERS, ("h1", "turn"), "no time in layer 1"),
    stack("a bias averaged in layer 1", LAYERS, ("mean", "1/3"), "mean bias"),
    lm("the cell for the state at the output's weights", CLASSIC, ("\\bc\\b.*\\bh\\b",), "c for h"),
    lm("1 − h² for 1 − tanh²(c)", CLASSIC, ("tanh′",), "h²"),
    lm("the input gate's slope twice", CLASSIC, ("twice",), "slope twice"),
    lm("the cell for the one before at the forget gate", CLASSIC, ("\\bc\\b", "c\\("), "f for before"),
    lm("σ′ for tanh′ at the candidate", CLASSIC, ("tanh′", "σ"), "1 - g"),
    lm("the embedding learns nothing", CLASSIC, ("emb",), "embedding without Wy"),
    lm("the state's gradient is lost between the steps", CLASSIC, ("path", "turn", "h"), "dh lost"),
    lm("the forget gate of the next step", CLASSIC, ("\\bf\\b", "step", "turn"), "f of the next"),
]  # fmt: skip

"""Mistakes in recurrent networks: plain ones and LSTMs."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid

T, D, H, O = 4, 3, 5, 2
x, y, Wxh, Whh, Why, bh, by = draw(61, (T, D), (T, O), (H, D), (H, H), (O, H), H, O)
Whh = 0.5 * Whh
PLAIN = {"x": x, "y": y, "Wxh": Wxh, "Whh": Whh, "Why": Why, "bh": bh, "by": by}


def rnn(x, y, Wxh, Whh, Why, bh, by):
    h = np.zeros(5)
    loss = 0.0
    for t in range(len(x)):
        h = np.tanh(Wxh @ x[t] + Whh @ h + bh)
        output = Why @ h + by
        loss = loss + 0.5 * np.sum((output - y[t]) ** 2)
    return loss


def of_rnn(fault=""):
    h = [np.zeros(H)]
    for t in range(T):
        h.append(np.tanh(Wxh @ x[t] + Whh @ h[-1] + bh))
    g = {name: np.zeros_like(PLAIN[name]) for name in ("Wxh", "Whh", "Why", "bh", "by")}
    dh_next = np.zeros(H)
    for t in reversed(range(T)):
        dy = Why @ h[t + 1] + by - y[t]
        dh = Why.T @ dy + (0 if fault == "one step" else dh_next)
        slope = 1 - h[t + 1] ** 2
        dt = dh / slope if fault == "inverse" else dh * slope
        g["Why"] += np.outer(dy, h[t + 1])
        g["by"] += 0 if fault == "by" else dy
        g["Wxh"] += np.outer(dt, x[t])
        g["Whh"] += np.outer(dt, h[t])
        g["bh"] += dt
        dh_next = Whh.T @ (dh if fault == "no slope back" else dt)
    return g


N, DX = 3, 2
Z = N + DX
xs, ws, cs = draw(62, (T, DX), (4, N, Z), (4, N))
GATES = ("f", "i", "g", "o")
LSTM = {"x": xs} | {f"W_{k}": w for k, w in zip(GATES, ws, strict=True)}
LSTM |= {f"b_{k}": c for k, c in zip(GATES, cs, strict=True)}
UP = draw(63, (T, N))


def lstm(x, W_f, W_i, W_g, W_o, b_f, b_i, b_g, b_o):
    h_prev, C_prev = np.zeros(3), np.zeros(3)
    hs = []
    for t in range(len(x)):
        z = np.concatenate([h_prev, x[t]])
        f = sigmoid(np.dot(W_f, z) + b_f)
        i = sigmoid(np.dot(W_i, z) + b_i)
        g = np.tanh(np.dot(W_g, z) + b_g)
        o = sigmoid(np.dot(W_o, z) + b_o)
        C_prev = f * C_prev + i * g
        h_prev = o * np.tanh(C_prev)
        hs.append(h_prev)
    return np.stack(hs)


def of_lstm(fault=""):
    W, c = dict(zip(GATES, ws, strict=True)), dict(zip(GATES, cs, strict=True))
    h, C, steps = np.zeros(N), np.zeros(N), []
    for t in range(T):
        z = np.concatenate([h, xs[t]])
        a = {k: (np.tanh if k == "g" else sigmoid)(W[k] @ z + c[k]) for k in GATES}
        before, C = C, a["f"] * C + a["i"] * a["g"]
        h = a["o"] * np.tanh(C)
        steps.append((z, a, before, C))
    out = {f"W_{k}": np.zeros((N, Z)) for k in GATES} | {f"b_{k}": np.zeros(N) for k in GATES}
    dh_next, dC_next = np.zeros(N), np.zeros(N)
    for t in reversed(range(T)):
        z, a, before, C = steps[t]
        dh = UP[t] + dh_next
        dC = dh * a["o"] * (1 - np.tanh(C) ** 2) + (0 if fault == "cell" else dC_next)
        into = {"f": dC * before, "i": dC * a["g"], "g": dC * a["i"], "o": dh * np.tanh(C)}
        slope = {k: 1 - a[k] ** 2 if k == "g" else a[k] * (1 - a[k]) for k in GATES}
        if fault == "f":
            slope["f"] = sigmoid(a["f"])
        d = {k: into[k] * slope[k] for k in GATES}
        for k in GATES:
            out[f"W_{k}"] += np.outer(d[k], z)
            out[f"b_{k}"] += d["f" if fault == "biases" and k in "io" else k]
        dz = sum(W[k].T @ (into if fault == "to h" else d)[k] for k in GATES)
        dh_next, dC_next = (np.zeros(N), np.zeros(N)) if fault == "one step" else (dz[:N], a["f"] * dC)
    return out


def plain(name, where, says, fault):
    return Mistake(name, GIT + where, rnn, PLAIN, of_rnn, lambda: of_rnn(fault), says)


def gated(name, where, says, fault):
    return Mistake(name, GIT + where, lstm, LSTM, of_lstm, lambda: of_lstm(fault), says, UP)


CASES = [
    plain("nothing comes back from the next step", "qixianbiao/RNN/issues/2", ("h\\(", "step", "Whh", "turn of"),
          "one step"),
    plain("divided by tanh's slope", "oreilly-japan/deep-learning-from-scratch-2/issues/26", ("tanh", "slope"),
          "inverse"),
    plain("the output's bias learns nothing", "javaidnabi31/RNN-from-scratch/issues/2", ("\\bby\\b", "zero", "missing"),
          "by"),
    gated("σ for σ′ at the forget gate", "CaptainE/RNN-LSTM-in-numpy/issues/1", ("\\bf\\b", "slope", "σ′", "sigmoid"),
          "f"),
    gated("neither h nor C comes back from the next step", "CaptainE/RNN-LSTM-in-numpy/issues/1",
          ("h_prev", "C_prev", "step"), "one step"),
    gated("the cell's gradient set, not added", "apache/mxnet/issues/4057", ("C_prev", "step"), "cell"),
    gated("no slopes of the gates on the way to h", "llSourcell/LSTM_Networks/issues/4",
          ("slope", "σ′", "tanh", "gate"), "to h"),
    gated("the forget gate's gradient for two other biases", "hanbt/learn_dl/issues/53", ("b_i", "b_o", "\\bf\\b"),
          "biases"),
]  # fmt: skip

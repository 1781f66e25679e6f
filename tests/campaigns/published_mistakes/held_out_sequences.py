"""Held out from the search: recurrent networks, which read a sequence step by step: plain ones, LSTMs, GRUs.

If a page describes a mistake without code, the code is what a beginner would write.
"""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

T, D, H, K = 4, 3, 3, 2
x, label, U, V, W, b, c = draw(231, (T, D), (T, K), (H, D), (K, H), (H, H), H, K)
label = np.eye(K)[[0, 1, 1, 0]]
MANY = {"x": x, "y": label, "U": U, "W": W, "V": V, "b": b, "c": c}
ONE = {"x": x, "y": label[:1], "U": U, "W": W, "V": V, "b": b, "c": c}


def many_to_many(x, y, U, W, V, b, c):
    h, loss = {-1: np.zeros(3)}, 0.0
    for t in range(len(x)):
        h[t] = np.tanh(U @ x[t] + W @ h[t - 1] + b)
        o = V @ h[t] + c
        p = np.exp(o) / np.sum(np.exp(o))
        loss += -np.sum(y[t] * np.log(p))
    return loss / len(x)


def many_to_one(x, y, U, W, V, b, c):
    h = np.zeros(3)
    for t in range(len(x)):
        h = np.tanh(U @ x[t] + W @ h + b)
    o = V @ h + c
    p = np.exp(o) / np.sum(np.exp(o))
    return -np.sum(y[0] * np.log(p))


def backward_through_time(one=False, fault=""):
    h = {-1: np.zeros(H)}
    for t in range(T):
        h[t] = np.tanh(U @ x[t] + W @ h[t - 1] + b)
    found = {k: np.zeros_like(MANY[k]) for k in ("U", "W", "V", "b", "c")}
    dh_next = np.zeros(H)
    for t in reversed(range(T)):
        do = softmax(V @ h[t] + c) - label[0 if one else t]
        if (one or "last loss" in fault) and t < T - 1:
            do = np.zeros(K)
        if not one and "sum" not in fault:
            do = do / T
        dh = V.T @ do + dh_next
        dz = dh * (1 - (np.tanh(h[t]) if "twice" in fault else h[t]) ** 2)
        found["V"] += np.outer(do, h[t])
        found["c"] += do
        dU = np.outer(dz, x[t])
        found["U"] = dU if "set" in fault else found["U"] + dU
        found["W"] += np.outer(dz, h[t] if "h_t" in fault else h[t - 1])
        found["b"] += dz
        dh_next = (W if "transpose" in fault else W.T) @ (dh if "no slope" in fault else dz)
        if "one step" in fault and t < T - 1:
            dh_next = np.zeros(H)
    return found


N, X = 2, 2
xs, Wx, Wh, bias, UP = draw(232, (T, X), (4 * N, X), (4 * N, N), 4 * N, (T, N))
STACKED = {"x": xs, "Wx": Wx, "Wh": Wh, "b": bias}


def lstm_stacked(x, Wx, Wh, b):
    h, c, out = np.zeros(2), np.zeros(2), []
    for t in range(len(x)):
        a = Wx @ x[t] + Wh @ h + b
        i, f, o = sigmoid(a[0:2]), sigmoid(a[2:4]), sigmoid(a[4:6])
        g = np.tanh(a[6:8])
        c = f * c + i * g
        h = o * np.tanh(c)
        out.append(h)
    return np.stack(out)


def of_stacked(fault=""):
    h, c, steps = np.zeros(N), np.zeros(N), []
    for t in range(T):
        a = Wx @ xs[t] + Wh @ h + bias
        i, f, o, g = *(sigmoid(a[k : k + 2]) for k in (0, 2, 4)), np.tanh(a[6:8])
        before, h_before = c, h
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append((i, f, o, g, before, h_before, c, h))
    found = {k: np.zeros_like(STACKED[k]) for k in ("Wx", "Wh", "b")}
    dh_next, dc_next = np.zeros(N), np.zeros(N)
    for t in reversed(range(T)):
        i, f, o, g, before, h_before, c, h = steps[t]
        dh = UP[t] + dh_next
        tc = np.tanh(c)
        dc = dc_next + dh * o * (1 - (np.tanh(tc) if "tanh twice" in fault else tc) ** 2)
        di = dc * (i if "own gate" in fault else g)
        df = dc * (c if "C_t" in fault else before)
        do = (dc if "output gate" in fault else dh) * tc
        dg = dc * i
        slope_g = 1 if "no slope" in fault else 1 - g**2
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * slope_g])
        found["Wx"] += np.outer(da, xs[t])
        found["Wh"] += np.outer(da, h if "h_t" in fault else h_before)
        found["b"] += da
        dh_next, dc_next = Wh.T @ da, dc * (1 if "forget" in fault else f)
    return found


G = 3
xg, Wz, Wr, Wn, Uz, Ur, Un, UPG = draw(233, (T, X), (G, X), (G, X), (G, X), (G, G), (G, G), (G, G), (T, G))
GRU = {"x": xg, "Wz": Wz, "Wr": Wr, "Wn": Wn, "Uz": Uz, "Ur": Ur, "Un": Un}


def gru(x, Wz, Wr, Wn, Uz, Ur, Un):
    h, out = np.zeros(3), []
    for t in range(len(x)):
        z = sigmoid(Wz @ x[t] + Uz @ h)
        r = sigmoid(Wr @ x[t] + Ur @ h)
        n = np.tanh(Wn @ x[t] + Un @ (r * h))
        h = (1 - z) * n + z * h
        out.append(h)
    return np.stack(out)


def of_gru(fault=""):
    h, steps = np.zeros(G), []
    for t in range(T):
        z, r = sigmoid(Wz @ xg[t] + Uz @ h), sigmoid(Wr @ xg[t] + Ur @ h)
        n = np.tanh(Wn @ xg[t] + Un @ (r * h))
        steps.append((h, z, r, n))
        h = (1 - z) * n + z * h
    found = {k: np.zeros_like(GRU[k]) for k in GRU if k != "x"}
    dh_next = np.zeros(G)
    for t in reversed(range(T)):
        h, z, r, n = steps[t]
        dh = UPG[t] + dh_next
        dn = dh * (1 - z) * (1 - n**2)
        dz = dh * (n - h if "sign" in fault else h - n) * (1 if "no slope" in fault else z * (1 - z))
        back = Un.T @ dn
        dr = back * h * r * (1 - r)
        found["Wz"] += np.outer(dz, xg[t])
        found["Wr"] += np.outer(dr, xg[t])
        found["Wn"] += np.outer(dn, xg[t])
        found["Uz"] += np.outer(dz, h)
        found["Ur"] += np.outer(dr, h)
        found["Un"] += np.outer(dn, h if "ungated" in fault else r * h)
        direct = 0 if "direct" in fault else dh * z
        dh_next = direct + Uz.T @ dz + Ur.T @ dr + (back if "reset" in fault else back * r)
    return found


def many(name, where, says, fault):
    return Mistake(name, where, many_to_many, MANY, backward_through_time,
                     lambda: backward_through_time(fault=fault), says)  # fmt: skip


def one(name, where, says, fault):
    return Mistake(name, where, many_to_one, ONE, lambda: backward_through_time(True),
                     lambda: backward_through_time(True, fault), says)  # fmt: skip


def stacked(name, where, says, fault):
    return Mistake(name, GIT + where, lstm_stacked, STACKED, of_stacked, lambda: of_stacked(fault), says, UP)


def gates(name, where, says, fault):
    return Mistake(name, GIT + where, gru, GRU, of_gru, lambda: of_gru(fault), says, UPG)


NEURON = "wvabrinskas/Neuron/pull/181"
QUESTION = "https://datascience.stackexchange.com/questions/10545"
BEFORE = ("\\bh\\b", "h\\(", "h_t", "step", "previous", "next", "h_prev")
CASES = [
    many("W for its transpose", QUESTION, ("transpos", "Wᵀ"), "transpose"),
    one("W for its transpose, many to one", QUESTION, ("transpos", "Wᵀ"), "transpose"),
    many("h(t) for h(t − 1)", GIT + NEURON, BEFORE, "h_t"),
    one("h(t) for h(t − 1), many to one", GIT + NEURON, BEFORE, "h_t"),
    many("the last step's loss alone", GIT + "wedeling/EasySurrogate/pull/2", ("last", "step", "alone", "t = 3"),
         "last loss"),
    many("U's gradient set in the loop", GIT + "mratsim/Arraymancer/pull/237", ("first", "t = 0", "step", "alone"),
         "set"),
    one("U's gradient set in the loop, many to one", GIT + "mratsim/Arraymancer/pull/237", ("first", "t = 0", "step",
        "alone"), "set"),
    many("no tanh′ from step to step", GIT + "llSourcell/LSTM_Networks/issues/4", ("tanh", "slope"), "no slope"),
    many("not divided by the steps", GIT + "openai/guided-diffusion/issues/111", ("\\b4\\b", "n times", "mean", "len"),
         "sum"),
    one("one step back, then no more", GIT + "rsokl/MyGrad/pull/4", ("step", "\\bh\\b", "h\\(", "further"), "one step"),
    many("tanh′ of h, and h(t) for h(t − 1)", GIT + NEURON,
         ("(tanh|slope).*(\\bh\\b|h\\(|step)", "(\\bh\\b|h\\(|step).*(tanh|slope)"), "twice h_t"),
    stacked("the input gate times itself", NEURON, ("\\bi\\b.*\\bg\\b", "\\bg\\b.*\\bi\\b"), "own gate"),
    stacked("tanh′ of tanh of the cell", NEURON, ("output", "tanh", "slope"), "tanh twice"),
    stacked("h(t) for h(t − 1), gates", NEURON, BEFORE, "h_t"),
    stacked("the input gate times itself, and h(t) for h(t − 1)", NEURON, ("\\bi\\b.*(\\bh\\b|h\\()",
            "(\\bh\\b|h\\().*\\bi\\b"), "own gate h_t"),
    stacked("C(t) for C(t − 1) at the forget gate", "nicklashansen/rnn_lstm_from_scratch/issues/1",
            ("\\bc\\b", "c\\("), "C_t"),
    stacked("the cell's gradient at the output gate", "lhnguyen102/cuTAGI/issues/77", ("\\bo\\b", "\\bc\\b", "\\bh\\b"),
            "output gate"),
    stacked("the cell forgets nothing on the way back", "nicklashansen/rnn_lstm_from_scratch/issues/1",
            ("\\bf\\b",), "forget"),
    gates("nothing around the gates", "open-lm-engine/accelerated-model-architectures/pull/249",
          ("path", "z ?\\* ?h", "z · h", "\\bz\\b"), "direct"),
    gates("the reset gate not on the way back", "ooples/AiDotNet/pull/722", ("\\br\\b",), "reset"),
    gates("h for r h", "ooples/AiDotNet/pull/722", ("\\br\\b",), "ungated"),
    gates("the update gate's sign", "nntrainer/nntrainer/pull/1269", ("sign", "−1", "-1"), "sign"),
    gates("no σ′ at the update gate, and nothing around it", "open-lm-engine/accelerated-model-architectures/pull/249",
          ("(σ′|slope|sigmoid).*\\bz\\b", "\\bz\\b.*(σ′|slope|sigmoid)"), "no slope direct"),
]  # fmt: skip

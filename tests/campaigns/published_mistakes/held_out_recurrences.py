"""Held out from the search: characters in dicts, gates in classes, states in both directions."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

VOCAB, HID = 4, 3
INPUTS, TARGETS = [0, 2, 1, 3], [2, 1, 3, 0]
WXH, WHH, WHY, BH, BY, HPREV = draw(
    1301, (HID, VOCAB), (HID, HID), (VOCAB, HID), (HID, 1), (VOCAB, 1), (HID, 1)
)  # fmt: skip
CHARS = {"Wxh": WXH, "Whh": WHH, "Why": WHY, "bh": BH, "by": BY, "hprev": HPREV}


def loss_fun(Wxh, Whh, Why, bh, by, hprev):
    xs, hs, ys, ps = {}, {}, {}, {}
    hs[-1] = np.copy(hprev)
    loss = 0
    for t in range(len(INPUTS)):
        xs[t] = np.zeros((4, 1))
        xs[t][INPUTS[t]] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        ys[t] = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(ys[t]) / np.sum(np.exp(ys[t]))
        loss += -np.log(ps[t][TARGETS[t], 0])
    return loss


def of_chars(fault=""):
    hs, g, dhnext = {-1: HPREV}, {k: np.zeros_like(v) for k, v in CHARS.items()}, np.zeros((HID, 1))
    for t in range(4):
        hs[t] = np.tanh(WXH[:, [INPUTS[t]]] + WHH @ hs[t - 1] + BH)
    for t in reversed(range(4)):
        dy = softmax((WHY @ hs[t] + BY).T).T
        if fault != "no target":
            dy[TARGETS[t]] -= 1
        g["Why"] += dy @ hs[t - 1 if fault == "Why before" else t].T
        g["by"] += dy
        dh = WHY.T @ dy + dhnext
        slope = 1 - hs[t] ** (1 if fault == "no square" else 2)
        if fault == "slope before":
            slope = 1 - hs[t - 1] ** 2
        dhraw = slope * dh
        g["bh"] += dhraw
        x = np.zeros((VOCAB, 1))
        x[TARGETS[t] if fault == "targets" else INPUTS[t]] = 1
        g["Wxh"] += dhraw @ x.T
        g["Whh"] += dhraw @ hs[t - 1].T
        dhnext = WHH.T @ dhraw
        if fault == "Wxh back":
            dhnext = dhraw.sum() * np.ones_like(dhraw)
    g["hprev"] = dhnext
    return g


NH, NX, BATCH = 3, 2, 2
XL, WL, BL = draw(1302, (3, NX, BATCH), (4, NH, NH + NX), (4, NH, 1))
WEIGHTS, BIASES = (dict(zip("fioc", several, strict=True)) for several in (WL, BL))
LSTM = {"xs": XL} | {f"W{k}": w for k, w in WEIGHTS.items()} | {f"b{k}": b for k, b in BIASES.items()}
DHL = draw(1303, (NH, BATCH))


class Cell:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x, h_prev, c_prev):
        self.z = np.vstack((h_prev, x))
        self.f = 1 / (1 + np.exp(-(self.W["f"] @ self.z + self.b["f"])))
        self.i = 1 / (1 + np.exp(-(self.W["i"] @ self.z + self.b["i"])))
        self.o = 1 / (1 + np.exp(-(self.W["o"] @ self.z + self.b["o"])))
        self.c_bar = np.tanh(self.W["c"] @ self.z + self.b["c"])
        self.c = self.f * c_prev + self.i * self.c_bar
        self.h = self.o * np.tanh(self.c)
        return self.h, self.c


def many_to_one(xs, Wf, Wi, Wo, Wc, bf, bi, bo, bc):
    W, b = {"f": Wf, "i": Wi, "o": Wo, "c": Wc}, {"f": bf, "i": bi, "o": bo, "c": bc}
    h, c = np.zeros((3, 2)), np.zeros((3, 2))
    for x in xs:
        h, c = Cell(W, b).forward(x, h, c)
    return h


def of_cells(fault=""):
    h = c = np.zeros((NH, BATCH))
    cells, before = [], []
    for x in XL:
        cells.append(Cell(WEIGHTS, BIASES))
        before.append(c)
        h, c = cells[-1].forward(x, h, c)
    g = {k: np.zeros_like(v) for k, v in LSTM.items()}
    dh, dc = DHL, np.zeros((NH, BATCH))
    for t in reversed(range(3)):
        m = cells[t]
        dc = dc + dh * m.o * (1 - np.tanh(m.c) ** 2)
        d = {"o": dh * np.tanh(m.c) * m.o * (1 - m.o), "f": dc * before[t] * m.f * (1 - m.f),
             "i": dc * m.c_bar * m.i * (1 - m.i), "c": dc * m.i * (1 - m.c_bar**2)}  # fmt: skip
        if fault == "tanh of tanh":
            d["c"] = dc * m.i * (1 - np.tanh(m.c_bar) ** 2)
        if fault == "no slope of o":
            d["o"] = dh * np.tanh(m.c)
        if fault == "i and f":
            d["f"], d["i"] = d["i"], d["f"]
        if fault == "c for i":
            d["i"] = dc * m.c * m.i * (1 - m.i)
        for k in "fioc":
            g["W" + k] += d[k] @ m.z.T
            g["b" + k] += d[k].sum(axis=1, keepdims=True)
        dz = sum(WEIGHTS[k].T @ d[k] for k in ("fic" if fault == "no o" else "fioc"))
        dh, g["xs"][t] = dz[:NH], dz[NH:]
        dc = dc * (m.i if fault == "i for f" else m.f)
        if fault == "f of the step before" and t:
            dc = dc / m.f * cells[t - 1].f
    return g


XG, HG, WG, UG, BG = draw(1304, (3, 2, NX), (2, NH), (3, NX, NH), (3, NH, NH), (3, NH))
GRU = {"X": XG, "h0": HG, "Wz": WG[0], "Uz": UG[0], "bz": BG[0], "Wr": WG[1], "Ur": UG[1], "br": BG[1],
       "Wh": WG[2], "Uh": UG[2], "bh": BG[2]}  # fmt: skip
DHG = draw(1305, (2, NH))


def gru_layer(X, h0, Wz, Uz, bz, Wr, Ur, br, Wh, Uh, bh):
    h = h0
    for t in range(3):
        z = 1 / (1 + np.exp(-(X[t] @ Wz + h @ Uz + bz)))
        r = 1 / (1 + np.exp(-(X[t] @ Wr + h @ Ur + br)))
        h_hat = np.tanh(X[t] @ Wh + r * (h @ Uh + bh))
        h = (1 - z) * h + z * h_hat
    return h


def of_gru(fault=""):
    h, cache = HG, []
    for t in range(3):
        z, r = (sigmoid(XG[t] @ WG[k] + h @ UG[k] + BG[k]) for k in (0, 1))
        inner = h @ UG[2] + BG[2]
        h_hat = np.tanh(XG[t] @ WG[2] + r * inner)
        cache.append((h, z, r, inner, h_hat))
        h = (1 - z) * h + z * h_hat
    g, dh = {k: np.zeros_like(v) for k, v in GRU.items()}, DHG
    for t in reversed(range(3)):
        h, z, r, inner, h_hat = cache[t]
        da = dh * z * (1 - h_hat**2)
        dz = dh * (h_hat - h) * z * (1 - z)
        if fault == "h alone at z":
            dz = dh * h_hat * z * (1 - z)
        dr = da * (inner - BG[2] if fault == "no bias at r" else inner) * r * (1 - r)
        dinner = da if fault == "no r" else da * r
        for k, (gate, d, u) in enumerate((("z", dz, dz), ("r", dr, dr), ("h", da, dinner))):
            g["W" + gate] += XG[t].T @ d
            g["U" + gate] += h.T @ u
            g["b" + gate] += (d if fault == "bias ungated" else u).sum(axis=0)
            g["X"][t] += d @ WG[k].T
        keep = z if fault == "z for 1 - z" else 1 - z
        dh = dh * keep + dz @ UG[0].T + dr @ UG[1].T + dinner @ UG[2].T
        if fault == "candidate alone":
            dh = dinner @ UG[2].T
    g["h0"] = dh
    return g


XB, WXF, WHF, WXB, WHB, VB = draw(1306, (4, 2), (3, 2), (3, 3), (3, 2), (3, 3), (2, 6))
BOTH = {"x": XB, "Wxf": WXF, "Whf": WHF, "Wxb": WXB, "Whb": WHB, "V": VB}
TAGS = [0, 1, 1, 0]


def tagger(x, Wxf, Whf, Wxb, Whb, V):
    T = len(x)
    hf, hb = [None] * T, [None] * T
    h = np.zeros(3)
    for t in range(T):
        h = hf[t] = np.tanh(Wxf @ x[t] + Whf @ h)
    h = np.zeros(3)
    for t in range(T - 1, -1, -1):
        h = hb[t] = np.tanh(Wxb @ x[t] + Whb @ h)
    loss = 0.0
    for t in range(T):
        scores = V @ np.concatenate([hf[t], hb[t]])
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss = loss - np.log(p[TAGS[t]])
    return loss / T


def of_tagger(fault=""):
    hf, hb, g = np.zeros((6, 3)), np.zeros((6, 3)), {k: np.zeros_like(v) for k, v in BOTH.items()}
    for t in range(1, 5):  # row 0 and row 5 are the states before the first steps
        hf[t] = np.tanh(WXF @ XB[t - 1] + WHF @ hf[t - 1])
    for t in range(4, 0, -1):
        hb[t] = np.tanh(WXB @ XB[t - 1] + WHB @ hb[t + 1])
    dh = np.zeros((6, 6))
    for t in range(1, 5):
        both = np.concatenate([hf[t], hb[t]])
        d = (softmax(VB @ both) - np.eye(2)[TAGS[t - 1]]) / (1 if fault == "no T" else 4)
        g["V"] += np.outer(d, both)
        dh[t] = VB.T @ d
    if fault == "halves":
        dh = np.hstack((dh[:, 3:], dh[:, :3]))
    back = np.zeros(3)
    for t in range(4, 0, -1):
        da = (dh[t, :3] + back) * (1 - hf[t] ** 2)
        g["Wxf"] += np.outer(da, XB[t - 1])
        g["Whf"] += np.outer(da, hf[t - 1])
        g["x"][t - 1] += WXF.T @ da
        back = WHF.T @ da
    back = np.zeros(3)
    for t in range(1, 5):
        da = (dh[t, 3:] + (0 if fault == "no time" else back)) * (1 - hb[t] ** 2)
        g["Wxb"] += np.outer(da, XB[t - 1])
        g["Whb"] += np.outer(da, hb[t - 1 if fault == "forward neighbour" else t + 1])
        if fault != "x forward alone":
            g["x"][t - 1] += WXB.T @ da
        back = WHB.T @ da
    return g


def chars(name, where, says, fault):
    return case(name, where, says, loss_fun, CHARS, of_chars, fault)


def cells(name, where, says, fault):
    return case(name, where, says, many_to_one, LSTM, of_cells, fault, DHL)


def gates(name, where, says, fault):
    return case(name, where, says, gru_layer, GRU, of_gru, fault, DHG)


def tags(name, where, says, fault):
    return case(name, where, says, tagger, BOTH, of_tagger, fault)


MIN_CHAR = "https://gist.github.com/karpathy/d4dee566867f8291f086"
CLASSIC = "nicklashansen/rnn_lstm_from_scratch/issues/1"
RESET = "nntrainer/nntrainer/pull/1787"
GRU_FIX = "open-lm-engine/accelerated-model-architectures/pull/249"
SEQ = "rsarxiv/seq2seq-attention/issues/7"
CASES = [
    chars("the target is not subtracted", MIN_CHAR, ("target", "1", "label"), "no target"),
    chars("the output's weights meet the state before", MIN_CHAR, ("hs\\[", "step"), "Why before"),
    chars("1 − h for 1 − h²", MIN_CHAR, ("1 − hs", "tanh′"), "no square"),
    chars("tanh′ of the state before", "oreilly-japan/deep-learning-from-scratch-2/issues/26",
          ("tanh′", "step", "slope"), "slope before"),
    chars("targets for inputs", MIN_CHAR, ("xs\\[",), "targets"),
    cells("the input gate for the forget gate on the way to the cell before", CLASSIC,
          ("\\bi\\b.* used instead of .*\\bf\\b",), "i for f"),
    cells("tanh′ of the candidate, which is tanh already", CLASSIC, ("output", "c_bar"), "tanh of tanh"),
    cells("the output gate's slope forgotten", CLASSIC, ("slope", "σ′"), "no slope of o"),
    cells("the gradients of two gates exchanged", CLASSIC, ("exchanged", "swapped"), "i and f"),
    cells("the cell for the candidate at the input gate", CLASSIC, ("\\bc\\b.*c_bar", "c_bar.*\\bc\\b"), "c for i"),
    cells("the output gate not back to h and x", CLASSIC, ("\\bo\\b",), "no o"),
    gates("no bias at the reset gate", RESET, ("\\bbh\\b",), "no bias at r"),
    gates("no reset gate on the way back", RESET, ("\\br\\b",), "no r"),
    gates("the bias as if it were outside the reset gate", RESET, ("\\br\\b",), "bias ungated"),
    gates("the candidate alone at the update gate", GRU_FIX, ("\\bh\\b", "path", "missing"), "h alone at z"),
    gates("z for 1 − z around the gates", GRU_FIX, ("1 − z", "\\bz\\b"), "z for 1 - z"),
    gates("the state through the candidate alone", GRU_FIX, ("only that in",), "candidate alone"),
    tags("not divided by the words", SEQ, ("4", "T"), "no T"),
    tags("the halves exchanged", SEQ, ("exchanged",), "halves"),
    tags("the backward net without its later steps", SEQ, ("turn", "step", "hb"), "no time"),
    tags("the backward net's neighbour on the wrong side", SEQ, ("hb\\[", "step", "h\\("), "forward neighbour"),
    tags("the words learn from the forward net alone", SEQ, ("Wxb", "use", "path"), "x forward alone"),
]  # fmt: skip

"""Held out from the search: truncated and vectorised recurrences, LSTMs and GRUs with caches, lists and dicts."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

WORDS, NEXT, NW, NS = [1, 0, 3, 2, 1, 4], [0, 3, 2, 1, 4, 0], 5, 3
U, V, W = draw(1801, (NS, NW), (NW, NS), (NS, NS))
MODEL = {"U": U, "V": V, "W": W}


def sentence_loss(U, V, W):
    T = len(WORDS)
    s = np.zeros((T + 1, W.shape[0]), dtype=W.dtype)
    o = np.zeros((T, V.shape[0]), dtype=W.dtype)
    for t in np.arange(T):
        s[t] = np.tanh(U[:, WORDS[t]] + W.dot(s[t - 1]))
        o[t] = np.exp(V.dot(s[t])) / np.sum(np.exp(V.dot(s[t])))
    return -np.sum(np.log(o[np.arange(T), NEXT])) / T


def of_sentence(fault=""):
    T, s = len(WORDS), np.zeros((len(WORDS) + 1, NS))
    for t in range(T):
        s[t] = np.tanh(U[:, WORDS[t]] + W @ s[t - 1])
    delta_o = softmax(s[:-1] @ V.T)
    delta_o[np.arange(T), NEXT] -= 1
    delta_o /= T
    dU, dV, dW = np.zeros_like(U), np.zeros_like(V), np.zeros_like(W)
    for t in range(T)[::-1]:
        dV += np.outer(delta_o[t], s[t])
        delta_t = V.T @ delta_o[t] * (1 - s[t] ** 2)
        stop = {"two steps": t - 2, "two steps, no slope": t - 2, "chunks of three": t - t % 3}.get(fault, 0)
        for step in range(max(0, stop), t + 1)[::-1]:
            dW += np.outer(delta_t, s[step - 1])
            dU[:, WORDS[step]] += delta_t
            delta_t = W.T @ delta_t * (1 if fault == "two steps, no slope" else 1 - s[step - 1] ** 2)
    return {"U": dU, "V": dV, "W": dW}


XR, HR, WXR, WHR, BR = draw(1802, (2, 4, 3), (2, 3), (3, 3), (3, 3), (3,))
ROWS = {"x": XR, "h0": HR, "Wx": WXR, "Wh": WHR, "b": BR}
DHR = draw(1803, (2, 4, 3))


def batch_first(x, h0, Wx, Wh, b):
    h = [h0]
    for t in range(x.shape[1]):
        h.append(np.tanh(x[:, t] @ Wx + h[-1] @ Wh + b))
    return np.stack(h[1:], axis=1)


def of_batch_first(fault=""):
    h = [HR]
    for t in range(4):
        h.append(np.tanh(XR[:, t] @ WXR + h[-1] @ WHR + BR))
    h = np.stack(h, axis=1)
    da, dh = np.zeros_like(DHR), np.zeros_like(HR)
    for t in range(3, -1, -1):
        da[:, t] = (DHR[:, t] + dh) * (1 - h[:, t + 1] ** 2)
        dh = da[:, t] @ (WHR if fault == "Wh" else WHR.T)
    before = h[:, 1:] if fault == "states after" else h[:, :-1]
    return {
        "x": da @ WXR.T,
        "h0": dh,
        "Wx": np.einsum("ntd,nth->dh", XR, da),
        "Wh": np.einsum("ntk,nth->kh", before, da),
        "b": da[:, -1].sum(axis=0) if fault == "last bias" else da.sum(axis=(0, 1)),
    }


XS, HS, WXS, WHS, BS = draw(1804, (2, 3, 2), (2, 3), (2, 12), (3, 12), (12,))
LSTM = {"x": XS, "h0": HS, "Wx": WXS, "Wh": WHS, "b": BS}
DHS = draw(1805, (2, 3, 3))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    ai, af, ao, ag = a[:, :H], a[:, H : 2 * H], a[:, 2 * H : 3 * H], a[:, 3 * H :]
    i, f, o, g = 1 / (1 + np.exp(-ai)), 1 / (1 + np.exp(-af)), 1 / (1 + np.exp(-ao)), np.tanh(ag)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c, next_h)
    return next_h, next_c, cache


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, _ = x.shape
    h = np.zeros((N, T, h0.shape[1]), dtype=x.dtype)
    caches = []
    prev_h, prev_c = h0, np.zeros_like(h0)
    for t in range(T):
        prev_h, prev_c, cache = lstm_step_forward(x[:, t, :], prev_h, prev_c, Wx, Wh, b)
        h[:, t, :] = prev_h
        caches.append(cache)
    return h, caches


def of_lstm(fault=""):
    _, caches = lstm_forward(XS, HS, WXS, WHS, BS)
    g, dh, dc = {k: np.zeros_like(v) for k, v in LSTM.items()}, np.zeros_like(HS), np.zeros_like(HS)
    for t in reversed(range(3)):
        x, prev_h, prev_c, Wx, Wh, i, f, o, gg, c, h = caches[t]
        dh = dh + DHS[:, t]
        dc = dc + dh * o * (1 - np.tanh(c) ** (1 if fault == "no square" else 2))
        do = dh * np.tanh(prev_c if fault == "prev_c at o" else c)
        di, df, dg = dc * gg, dc * prev_c, dc * i
        ai, af, ao, ag = di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - gg**2)
        da = np.hstack((af, ai, ao, ag) if fault == "f, i, o, g" else (ai, af, ao, ag))
        g["x"][:, t] = da @ Wx.T
        g["Wx"] += x.T @ da
        g["Wh"] += (h if fault == "next_h" else prev_h).T @ da
        g["b"] += da.sum(axis=0)
        dh, dc = da @ Wh.T, dc * f
    g["h0"] = dh
    return g


VOC, HID = 4, 3
WF, WI, WG, WO, WV = draw(1806, *[(HID, HID + VOC)] * 4, (VOC, HID))
BF, BI, BG, BO, BV = draw(1807, *[(HID, 1)] * 4, (VOC, 1))
GATES = {"W_f": WF, "W_i": WI, "W_g": WG, "W_o": WO, "W_v": WV, "b_f": BF, "b_i": BI, "b_g": BG, "b_o": BO, "b_v": BV}
SEEN, TOLD = [0, 2, 1, 3], [2, 1, 3, 0]


def cell_lists(p):
    h_s, C_s = [np.zeros((HID, 1))], [np.zeros((HID, 1))]
    z_s, f_s, i_s, g_s, o_s, out = [], [], [], [], [], []
    for k in SEEN:
        x = np.zeros((VOC, 1))
        x[k] = 1
        z = np.vstack((h_s[-1], x))
        z_s.append(z)
        f_s.append(sigmoid(np.dot(p["W_f"], z) + p["b_f"]))
        i_s.append(sigmoid(np.dot(p["W_i"], z) + p["b_i"]))
        g_s.append(np.tanh(np.dot(p["W_g"], z) + p["b_g"]))
        o_s.append(sigmoid(np.dot(p["W_o"], z) + p["b_o"]))
        C_s.append(f_s[-1] * C_s[-1] + i_s[-1] * g_s[-1])
        h_s.append(o_s[-1] * np.tanh(C_s[-1]))
        v = np.dot(p["W_v"], h_s[-1]) + p["b_v"]
        out.append(np.exp(v) / np.sum(np.exp(v)))
    return z_s, f_s, i_s, g_s, C_s, o_s, h_s, out


def lstm_loss(W_f, W_i, W_g, W_o, W_v, b_f, b_i, b_g, b_o, b_v):
    p = dict(zip(GATES, (W_f, W_i, W_g, W_o, W_v, b_f, b_i, b_g, b_o, b_v), strict=True))
    out = cell_lists(p)[-1]
    loss = 0
    for t in range(len(TOLD)):
        loss += -np.log(out[t][TOLD[t], 0])
    return loss


def of_lstm_loss(fault=""):
    z_s, f_s, i_s, g_s, C_s, o_s, h_s, out = cell_lists(GATES)
    d = {k: np.zeros_like(v) for k, v in GATES.items()}
    dh_next, dC_next = np.zeros((HID, 1)), np.zeros((HID, 1))
    for t in reversed(range(4)):
        f, i, g, o, C, z = f_s[t], i_s[t], g_s[t], o_s[t], C_s[t + 1], z_s[t]
        dv = out[t].copy()
        dv[TOLD[t]] -= 1
        d["W_v"] += dv @ h_s[t + 1].T
        d["b_v"] += dv
        dh = WV.T @ dv + dh_next
        dC = dh * o * (1 - np.tanh(C) ** 2)
        dC += dC if fault == "dC += dC" else dC_next
        a = {"f": dC * C_s[t] * f * (1 if fault == "σ for σ′ at f" else 1 - f), "i": dC * g * i * (1 - i),
             "g": dC * i * (1 - g**2), "o": dh * np.tanh(C) * o * (1 - o)}  # fmt: skip
        if fault == "f and i":
            a["f"], a["i"] = a["i"], a["f"]
        told = a | {"f": a["i"], "i": a["f"]} if fault == "f and i at the weights" else a
        for k in "figo":
            d["W_" + k] += told[k] @ z.T
            d["b_" + k] += told[k]
        back = a | {"f": a["i"], "i": a["f"]} if fault == "f and i on the way back" else a
        dz = WF.T @ back["f"] + WI.T @ back["i"] + WG.T @ back["g"] + WO.T @ back["o"]
        dh_next, dC_next = dz[:HID], f * dC
    return d


X3, H3, WZ, WR, WC = draw(1808, (3, 2, 1), (3, 1), (3, 5), (3, 5), (3, 5))
GRU = {"x": X3, "h0": H3, "Wz": WZ, "Wr": WR, "Wc": WC}
DH3 = draw(1809, (3, 1))


def gru_dicts(x, h0, Wz, Wr, Wc):
    z, r, c, h = {}, {}, {}, {-1: h0}
    for t in range(3):
        hx = np.concatenate((h[t - 1], x[t]), axis=0)
        z[t] = 1 / (1 + np.exp(-np.dot(Wz, hx)))
        r[t] = 1 / (1 + np.exp(-np.dot(Wr, hx)))
        c[t] = np.tanh(np.dot(Wc, np.concatenate((r[t] * h[t - 1], x[t]), axis=0)))
        h[t] = (1 - z[t]) * h[t - 1] + z[t] * c[t]
    return h[2]


def of_gru(fault=""):
    z, r, c, h = {}, {}, {}, {-1: H3}
    for t in range(3):
        hx = np.vstack((h[t - 1], X3[t]))
        z[t], r[t] = sigmoid(WZ @ hx), sigmoid(WR @ hx)
        c[t] = np.tanh(WC @ np.vstack((r[t] * h[t - 1], X3[t])))
        h[t] = (1 - z[t]) * h[t - 1] + z[t] * c[t]
    g, dh = {k: np.zeros_like(v) for k, v in GRU.items()}, DH3
    for t in reversed(range(3)):
        hx, rhx = np.vstack((h[t - 1], X3[t])), np.vstack((r[t] * h[t - 1], X3[t]))
        da = dh * z[t] * (1 - c[t] ** 2)
        dz = dh * (c[t] - h[t - 1]) * z[t] * (1 - z[t])
        drhx = WC.T @ da
        dr = drhx[:3] * h[t if fault == "h after" else t - 1] * r[t] * (1 - r[t])
        if fault == "z and r":
            dz, dr = dr, dz
        g["Wz"] += dz @ hx.T
        g["Wr"] += dr @ hx.T
        g["Wc"] += da @ rhx.T
        dhx = WZ.T @ dz + WR.T @ dr
        g["x"][t] = dhx[3:] + drhx[3:]
        dh = dh * (1 - z[t]) + dhx[:3] + drhx[:3] * r[t]
    g["h0"] = dh
    return g


def truncated(name, where, says, fault):
    return case(name, where, says, sentence_loss, MODEL, of_sentence, fault)


def rows(name, where, says, fault):
    return case(name, where, says, batch_first, ROWS, of_batch_first, fault, DHR)


def cached(name, where, says, fault):
    return case(name, where, says, lstm_forward, LSTM, of_lstm, fault, DHS)


def gates(name, where, says, fault):
    return case(name, where, says, lstm_loss, GATES, of_lstm_loss, fault)


def updates(name, where, says, fault):
    return case(name, where, says, gru_dicts, GRU, of_gru, fault, DH3)


TBPTT = "https://www.datainterview.com/coding/truncated-bptt?library=numpy"
TUTORIAL = "https://stackoverflow.com/questions/43316403/rnn-back-propagation-through-time-gradient-check"
CAPTAIN = "CaptainE/RNN-LSTM-in-numpy/issues/1"
NABI = "javaidnabi31/RNN-from-scratch/issues/2"
COURSE = "cthorey/CS231/issues/1"
CLASSIC = "nicklashansen/rnn_lstm_from_scratch/issues/1"
RESET = "nntrainer/nntrainer/pull/1787"
CASES = [
    truncated("truncated after two steps, states in one array", TBPTT, ("truncated",), "two steps"),
    truncated("truncated after two steps, and no tanh′", TBPTT, ("tanh′",), "two steps, no slope"),
    truncated("the state's gradient is not passed on between chunks", TBPTT, ("path from s\\[2\\]",),
              "chunks of three"),
    rows("the states after the steps, all at once", TUTORIAL, ("h\\[1\\] … h\\[4\\]",), "states after"),
    rows("Wh for its transpose, by rows", TUTORIAL, ("Wh.T", "transpose"), "Wh"),
    rows("the bias of the last step", TUTORIAL, ("last use",), "last bias"),
    cached("two gates exchanged when they are stacked", COURSE, ("exchanged",), "f, i, o, g"),
    cached("the state after the step at Wh", COURSE, ("prev_h.* used instead",), "next_h"),
    cached("the cell before at the output gate", COURSE,
           ("prev_c.* used instead", "tanh\\(prev_c\\)", "turn before.* instead of `np.tanh"), "prev_c at o"),
    cached("no square in 1 − tanh²(c)", COURSE, ("1 − `np.tanh",), "no square"),
    gates("σ for σ′ at the forget gate, in lists", CAPTAIN, ("σ|1 − |slope",), "σ for σ′ at f"),
    gates("the cell's gradient is added to itself", NABI, ("twice", "added to itself"), "dC += dC"),
    gates("the gradients of two gates exchanged, in lists", CLASSIC, ("exchanged",), "f and i"),
    gates("two gates exchanged at their weights", CLASSIC, ("exchanged",), "f and i at the weights"),
    gates("two gates exchanged on the way back", CLASSIC, ("exchanged on the way back",), "f and i on the way back"),
    updates("the two gates of a GRU exchanged", RESET, ("exchanged",), "z and r"),
    updates("the state after the step at the reset gate", RESET, ("h\\[",), "h after"),
]  # fmt: skip

"""Held out from the search: a GRU with joined inputs, attention over the states of an encoder."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

HR = 3
GR = draw(1606, (3, HR))
WZ, WR, WN = draw(1607, (HR, HR + 2), (HR, HR + 2), (HR, HR + 2))
XG, HG = draw(1608, (3, 2), HR)
GRU = {"x": XG, "h0": HG, "Wz": WZ, "Wr": WR, "Wh": WN}


def gru(x, h0, Wz, Wr, Wh):
    h, hs = h0, []
    for x_t in x:
        hx = np.concatenate([h, x_t])
        z = sigmoid(Wz @ hx)
        r = sigmoid(Wr @ hx)
        h_tilde = np.tanh(Wh @ np.concatenate([r * h, x_t]))
        h = z * h + (1 - z) * h_tilde
        hs.append(h)
    return np.array(hs)


def of_gru(fault=""):
    h, steps = HG, []
    for x in XG:
        hx = np.concatenate([h, x])
        z, r = sigmoid(WZ @ hx), sigmoid(WR @ hx)
        rhx = np.concatenate([r * h, x])
        n = np.tanh(WN @ rhx)
        steps.append((hx, z, r, rhx, n, h))
        h = z * h + (1 - z) * n
    g, dh = {k: np.zeros_like(v) for k, v in GRU.items()}, np.zeros(HR)
    for t in reversed(range(3)):
        hx, z, r, rhx, n, h = steps[t]
        dh = dh + GR[t]
        dn = dh * (1 - z) * (1 - n**2)
        if fault == "z at n":
            dn = dh * z * (1 - n**2)
        dz = dh * (h - n) * z * (1 - z)
        if fault == "n - h":
            dz = -dz
        back = WN.T @ dn
        dr = back[:HR] * h * r * (1 - r)
        if fault == "no h at r":
            dr = back[:HR] * r * (1 - r)
        g["Wh"] += np.outer(dn, hx if fault == "hx at Wh" else rhx)
        g["Wz"] += np.outer(dz, hx)
        g["Wr"] += np.outer(dr, hx)
        both = WZ.T @ dz + WR.T @ dr
        if fault == "no way through z":
            both = WR.T @ dr
        g["x"][t] = both[HR:] + back[HR:]
        if fault == "x through the candidate alone":
            g["x"][t] = back[HR:]
        dh = both[:HR] + back[:HR] * r + dh * z
        if fault == "no r":
            dh = dh + back[:HR] * (1 - r)
    g["h0"] = dh
    return g


ENC, DEC, WC, DOUT = draw(1609, (4, 3), (2, 3), (2, 6), (2, 2))
LUONG = {"H": ENC, "S": DEC, "Wc": WC}


def luong_decoder(H, S, Wc):
    outputs = []
    for s in S:
        score = H @ s
        a = np.exp(score - np.max(score))
        a = a / a.sum()
        context = a @ H
        outputs.append(np.tanh(Wc @ np.concatenate((context, s))))
    return np.stack(outputs)


def of_luong(fault=""):
    g = {k: np.zeros_like(v) for k, v in LUONG.items()}
    for t, s in enumerate(DEC):
        a = softmax(ENC @ s)
        cs = np.concatenate((a @ ENC, s))
        out = np.tanh(WC @ cs)
        du = DOUT[t] * (1 - out**2)
        g["Wc"] += np.outer(du, cs)
        dcs = WC.T @ du
        dctx, ds = (dcs[3:], dcs[:3]) if fault == "halves" else (dcs[:3], dcs[3:])
        da = ENC @ dctx
        de = a * (da - (da.sum() if fault == "no weights in the sum" else a @ da))
        keys = np.outer(de, s)
        if fault == "H set":
            g["H"] = np.outer(a, dctx) + keys
        else:
            g["H"] += np.outer(a, dctx) + keys
        if fault == "no keys":
            g["H"] -= keys
        g["S"][t] = (
            ds if fault == "s directly alone" else ENC.T @ de if fault == "s as a query alone" else ds + ENC.T @ de
        )
    return g


STATES, S, WA, UA, VA, DCTX = draw(1307, (4, 3), 2, (5, 2), (5, 3), 5, 3)
ADDITIVE = {"h": STATES, "s": S, "Wa": WA, "Ua": UA, "va": VA}


def bahdanau(h, s, Wa, Ua, va):
    e = []
    for j in range(len(h)):
        e.append(va @ np.tanh(Wa @ s + Ua @ h[j]))
    e = np.array(e)
    alpha = np.exp(e - np.max(e)) / np.sum(np.exp(e - np.max(e)))
    context = np.zeros(3)
    for j in range(len(h)):
        context = context + alpha[j] * h[j]
    return context


def of_bahdanau(fault=""):
    m = np.tanh(WA @ S + STATES @ UA.T)
    alpha = softmax(m @ VA)
    dalpha = STATES @ DCTX
    de = alpha * (dalpha - alpha @ dalpha)
    if fault == "own alpha":
        de = alpha * (1 - alpha) * dalpha
    g = {"va": de @ m, "Wa": 0, "Ua": np.zeros_like(UA), "s": 0, "h": np.outer(alpha, DCTX)}
    for j in range(4):
        dm = de[j] * VA * (1 if fault == "no tanh" else 1 - m[j] ** 2)
        g["Wa"] = np.outer(dm, S) + (0 if fault == "last j" else g["Wa"])
        g["s"] = WA.T @ dm + (0 if fault == "last j" else g["s"])
        g["Ua"] += np.outer(dm, STATES[j])
        if fault != "values alone":
            g["h"][j] += UA.T @ dm
    if fault == "keys alone":
        g["h"] = g["h"] - np.outer(alpha, DCTX)
    return g


def gates(name, where, says, fault):
    return case(name, where, says, gru, GRU, of_gru, fault, GR)


def luong(name, where, says, fault):
    return case(name, where, says, luong_decoder, LUONG, of_luong, fault, DOUT)


def states(name, where, says, fault):
    return case(name, where, says, bahdanau, ADDITIVE, of_bahdanau, fault, DCTX)


RESET, SEQ = "ooples/AiDotNet/pull/722", "rsarxiv/seq2seq-attention/issues/7"
CASES = [
    gates("z for 1 − z at the candidate", RESET, ("\\bz\\b",), "z at n"),
    gates("the candidate minus the state", RESET, ("sign",), "n - h"),
    gates("no state at the reset gate", RESET, ("\\bh\\b", "h\\(|h0"), "no h at r"),
    gates("the ungated state at the candidate's weights", RESET, ("hx", "r \\* h", "\\br\\b"), "hx at Wh"),
    gates("nothing through the update gate to h and x", RESET, ("\\bz\\b", "Wz"), "no way through z"),
    gates("the inputs through the candidate alone", RESET, ("use", "path", "alone"), "x through the candidate alone"),
    gates("no reset gate on the way to the state", RESET, ("\\br\\b",), "no r"),
    luong("the context's half for the state's", SEQ, ("exchanged",), "halves"),
    luong("no weights in softmax's sum", SEQ, ("sum",), "no weights in the sum"),
    luong("the encoder's gradient set at each step", SEQ, ("last", "written over"), "H set"),
    luong("the encoder learns as values alone", SEQ, ("H @ s", "score"), "no keys"),
    luong("the state does not learn as a query", SEQ, ("score", "H @ s"), "s directly alone"),
    luong("the state learns as a query alone", SEQ, ("concat", "use", "path"), "s as a query alone"),
    states("softmax's diagonal alone over the states", SEQ, ("as for a sigmoid",), "own alpha"),
    states("no tanh′ in the alignment", SEQ, ("tanh",), "no tanh"),
    states("the last state's score alone", SEQ, ("last", "alone"), "last j"),
    states("the states learn as values alone", SEQ, ("Ua @ h",), "values alone"),
    states("the states learn as keys alone", SEQ, ("alpha", "missing", "path"), "keys alone"),
]  # fmt: skip

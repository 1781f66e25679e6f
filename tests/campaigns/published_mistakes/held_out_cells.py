"""Held out from the search: recurrent cells as courses and blogs write them, by columns, by stacked gates, by steps."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid

FORUM = "https://community.deeplearning.ai/t/"
NX, NA, M, T = 3, 3, 2, 3
X, A0, DA = draw(821, (NX, M, T), (NA, M), (NA, M, T))
WF, WI, WC, WO = draw(822, *[(NA, NA + NX)] * 4)
BF, BI, BC, BO = draw(823, *[(NA, 1)] * 4)
COURSE = {"x": X, "a0": A0, "Wf": WF, "bf": BF, "Wi": WI, "bi": BI, "Wc": WC, "bc": BC, "Wo": WO, "bo": BO}


def lstm_cell_forward(xt, a_prev, c_prev, parameters):
    concat = np.concatenate((a_prev, xt), axis=0)
    ft = sigmoid(np.dot(parameters["Wf"], concat) + parameters["bf"])
    it = sigmoid(np.dot(parameters["Wi"], concat) + parameters["bi"])
    cct = np.tanh(np.dot(parameters["Wc"], concat) + parameters["bc"])
    c_next = ft * c_prev + it * cct
    ot = sigmoid(np.dot(parameters["Wo"], concat) + parameters["bo"])
    a_next = ot * np.tanh(c_next)
    return a_next, c_next, (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt)


def lstm_forward(x, a0, Wf, bf, Wi, bi, Wc, bc, Wo, bo):
    parameters = {"Wf": Wf, "bf": bf, "Wi": Wi, "bi": bi, "Wc": Wc, "bc": bc, "Wo": Wo, "bo": bo}
    a_next, c_next, a = a0, np.zeros((3, 2)), []
    for t in range(3):
        a_next, c_next, _ = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a.append(a_next)
    return np.stack(a, axis=2)


def lstm_backward(fault=""):
    a, c, caches = A0, np.zeros((NA, M)), []
    for t in range(T):
        a, c, cache = lstm_cell_forward(X[:, :, t], a, c, COURSE)
        caches.append(cache)
    g = {name: np.zeros_like(value) for name, value in COURSE.items()}
    da_prev, dc_prev = np.zeros((NA, M)), np.zeros((NA, M))
    for t in reversed(range(T)):
        _, c_next, before, c_before, ft, it, cct, ot, xt = caches[t]
        da_next = DA[:, :, t] + da_prev
        slope = 1 - (c_next if fault == "c_next" else np.tanh(c_next)) ** 2
        through = ot * slope * da_next
        dot = da_next * np.tanh(c_next) * ot * (1 - ot)
        if fault == "dot":
            dot = da_next * c_next * ot * (1 - ot)
        dcct = (dc_prev * it + through * it) * (1 - cct**2)
        if fault == "parentheses":
            dcct = dc_prev * it + through * it * (1 - cct**2)
        dit = (dc_prev * cct + through * cct) * it * (1 - it)
        dft = (dc_prev * c_before + through * c_before) * ft * (1 - ft)
        if fault == "forgets ot":
            dft = (dc_prev * c_before + slope * c_before * da_next) * ft * (1 - ft)
        concat = np.concatenate((before, xt), axis=0)
        for k, d in {"f": dft, "i": dit, "c": dcct, "o": dot}.items():
            g["W" + k] += d @ concat.T
            g["b" + k] += d.sum(axis=1, keepdims=True) / (M if fault == "mean" else 1)
        dconcat = WF.T @ dft + WI.T @ dit + WC.T @ dcct + WO.T @ dot
        if fault == "one gate":
            dconcat = WF.T @ dft + WI.T @ dit + WC.T @ dcct
        da_prev, dxt = dconcat[:NA], dconcat[NA:]
        if fault == "halves":
            da_prev, dxt = dxt, da_prev
        dc_prev = dc_prev * ft + through * ft
        if fault == "cell":
            dc_prev = through * ft
        g["x"][:, :, t] = dxt
    g["a0"] = da_prev
    return g


N, D, H = 3, 2, 2
XS, H0, WX, WH, B, DH = draw(824, (N, 3, D), (N, H), (D, 4 * H), (H, 4 * H), 4 * H, (N, 3, H))
STACKED = {"x": XS, "h0": H0, "Wx": WX, "Wh": WH, "b": B}


def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    ai, af, ao, ag = a[:, :2], a[:, 2:4], a[:, 4:6], a[:, 6:]
    i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (i, f, o, g, x, prev_h, prev_c, next_c)


def stacked(x, h0, Wx, Wh, b):
    h, c, hs = h0, np.zeros((3, 2)), []
    for t in range(3):
        h, c, _ = lstm_step(x[:, t], h, c, Wx, Wh, b)
        hs.append(h)
    return np.stack(hs, axis=1)


def of_stacked(fault=""):
    h, c, caches = H0, np.zeros((N, H)), []
    for t in range(3):
        h, c, cache = lstm_step(XS[:, t], h, c, WX, WH, B)
        caches.append(cache)
    out = {name: np.zeros_like(value) for name, value in STACKED.items()}
    dprev_h, dnext_c = np.zeros((N, H)), np.zeros((N, H))
    for t in reversed(range(3)):
        i, f, o, g, x, prev_h, prev_c, next_c = caches[t]
        dnext_h = DH[:, t] + dprev_h
        dc = dnext_c + dnext_h * o * (1 - np.tanh(next_c) ** 2)
        if fault == "dc":
            dc = dnext_c + dnext_h * (1 - np.tanh(next_c) ** 2)
        dai, daf = dc * g * i * (1 - i), dc * prev_c * f * (1 - f)
        dao, dag = dnext_h * np.tanh(next_c) * o * (1 - o), dc * i * (1 - g**2)
        if fault == "order":
            da = np.hstack((dai, daf, dag, dao))
        elif fault == "sigmoid for g":
            da = np.hstack((dai, daf, dao, dc * i * g * (1 - g)))
        else:
            da = np.hstack((dai, daf, dao, dag))
        dnext_c = (dnext_c if fault == "dnext_c" else dc) * f
        out["x"][:, t], dprev_h = da @ WX.T, da @ WH.T
        out["Wx"] += x.T @ da
        out["Wh"] += prev_h.T @ da
        out["b"] += da.sum(axis=0)
    out["h0"] = dprev_h if fault != "h0" else out["h0"]
    return out


XC, YC, U, W, V = draw(825, (4, 3), (4, 2), (4, 3), (4, 4), (2, 4))
W = 0.6 * W
PLAIN = {"U": U, "W": W, "V": V}


def rnn(U, W, V):
    h = {-1: np.zeros(4)}
    loss = 0
    for t in range(4):
        h[t] = sigmoid(U.dot(XC[t]) + W.dot(h[t - 1]))
        o = V.dot(h[t])
        loss = loss + np.sum((o - YC[t]) ** 2) / 2
    return loss


def of_rnn(fault=""):
    h = np.zeros((5, 4))
    for t in range(4):
        h[t] = sigmoid(U @ XC[t] + W @ h[t - 1])
    g = {name: np.zeros_like(value) for name, value in PLAIN.items()}
    carried = np.zeros(4)
    for t in reversed(range(4)):
        do = V @ h[t] - YC[t]
        g["V"] += np.outer(do, h[t])
        dh = V.T @ do + carried
        dz = dh * h[t] * (1 - h[t])
        if fault == "σ′ of h":
            dz = dh * sigmoid(h[t]) * (1 - sigmoid(h[t]))
        g["U"] += np.outer(dz, XC[t])
        before = h[3] if fault == f"h[3] at {t}" else h[t - 1]
        g["W"] += np.outer(dz, before)
        carried = W.T @ dz
    return g


XB, TARGET = draw(826, (5, 4), 5)
LINEAR = {"wx": np.array(0.7), "wRec": np.array(0.9)}


def linear_rnn(wx, wRec):
    """A linear network with one unit; X has a row for each sequence."""
    S = [np.zeros(5)]
    for k in range(4):
        S.append(XB[:, k] * wx + S[-1] * wRec)
    return np.mean((TARGET - S[-1]) ** 2)


def of_linear(fault=""):
    S = [np.zeros(5)]
    for k in range(4):
        S.append(XB[:, k] * 0.7 + S[-1] * 0.9)
    grad = 2 * (S[-1] - TARGET) / 5
    if fault == "sign":
        grad = -grad
    wx_grad, wRec_grad = 0.0, 0.0
    total = np.mean if fault == "mean" else np.sum
    for k in range(4, 0, -1):
        wx_grad += total(grad * XB[:, k - 1])
        wRec_grad += total(grad * S[k] if fault == "S[k]" else grad * S[k - 1])
        grad = grad * (0.7 if fault == "wx" else 0.9)
        if fault == "last":
            break
    return {"wx": np.array(wx_grad), "wRec": np.array(wRec_grad)}


SRC, TGT, WE, WD, UE, UD = draw(827, (3, 2), (3, 2), (3, 3), (3, 3), (3, 2), (3, 2))
WY, CLASSES = draw(828, (4, 3)), np.array([2, 0, 3])
PAIR = {"We": WE, "Ue": UE, "Wd": WD, "Ud": UD, "Wy": WY}


def translate(We, Ue, Wd, Ud, Wy):
    """An encoder and a decoder; the cross-entropy of the decoder's words."""
    h = np.zeros(3)
    for x in SRC:
        h = np.tanh(We @ h + Ue @ x)
    s, loss = h, 0.0
    for x, word in zip(TGT, CLASSES, strict=True):
        s = np.tanh(Wd @ s + Ud @ x)
        scores = Wy @ s
        p = np.exp(scores) / np.sum(np.exp(scores))
        loss = loss - np.log(p[word])
    return loss


def of_translate(fault=""):
    hs, ss = [np.zeros(3)], []
    for x in SRC:
        hs.append(np.tanh(WE @ hs[-1] + UE @ x))
    ss.append(hs[-1])
    for x in TGT:
        ss.append(np.tanh(WD @ ss[-1] + UD @ x))
    g = {name: np.zeros_like(value) for name, value in PAIR.items()}
    ds = np.zeros(3)
    for t in reversed(range(3)):
        e = np.exp(WY @ ss[t + 1])
        d = e / e.sum()
        d[CLASSES[t]] -= 1
        g["Wy"] += np.outer(d, ss[t + 1])
        dz = (WY.T @ d + ds) * (1 - ss[t + 1] ** 2)
        g["Wd"] += np.outer(dz, ss[t])
        g["Ud"] += np.outer(dz, TGT[t])
        ds = WD.T @ dz
    if fault == "encoder":
        ds = np.zeros(3)
    for t in reversed(range(3)):
        dz = ds * (1 - hs[t + 1] ** 2)
        g["We"] += np.outer(dz, hs[t])
        g["Ue"] += np.outer(dz, SRC[t])
        ds = (WD if fault == "Wd" else WE).T @ dz
    return g


def course(name, where, says, fault):
    return case(name, where, says, lstm_forward, COURSE, lstm_backward, fault, DA)


def rows(name, where, says, fault):
    return case(name, where, says, stacked, STACKED, of_stacked, fault, DH)


def plain(name, where, says, fault):
    return case(name, where, says, rnn, PLAIN, of_rnn, fault)


SLOPES = ("tanh", "slope", "σ′", "sigmoid")
FORMULA = "jinzishuai/learn2deeplearn/issues/44"
ROELANTS = "https://binne.notion.site/Assignment-2-RNN-Backpropagation-684ec99c986e473585336e860a02670a"
CASES = [
    course("1 − c² for 1 − tanh²(c)", FORMULA, SLOPES, "c_next"),
    course("the cell for its tanh at the output gate", FORMULA, ("c_next", "tanh"), "dot"),
    course("tanh′ for one of two terms", FORMULA, SLOPES, "parentheses"),
    course("the output gate forgotten at the forget gate", FORMULA, ("\\bot\\b",), "forgets ot"),
    course("biases averaged over the columns", FORUM + "lstm-backward-wrong-output/67533", ("½", "1/2", "0\\.5", "half",
           "mean"), "mean"),
    course("the output gate not back to a and x", FORUM + "dls-5-week-1-exercise-7-lstm-cell-backward-output-is-not-an-"
           "expected-one/22398", ("\\bot\\b", "Wo", "path"), "one gate"),
    course("the parts for a and x exchanged", FORUM + "c5w1a1-wrong-results-of-lstm-backward/8480", ("concat",
           "exchang", "order", "part"), "halves"),
    course("what the next cell passes back is lost", "cthorey/CS231/issues/1", ("c_next", "c_prev", "step", "path"),
           "cell"),
    rows("o forgotten on the way to c", "nicodjimenez/lstm/issues/2", ("\\bo\\b",), "dc"),
    rows("gates in another order", "ooples/AiDotNet.Tensors/pull/907", ("order", "exchang", "part", "\\bag\\b"),
         "order"),
    rows("σ′ for tanh′", "llSourcell/LSTM_Networks/issues/4", SLOPES, "sigmoid for g"),
    rows("the cell's own gradient alone goes back", "cthorey/CS231/issues/1", ("next_c", "prev_c", "step", "path"),
         "dnext_c"),
    rows("the start learns nothing", "Burton2000/CS231n-2017/issues/7", ("h0.*zero", "zero.*h0", "h0"), "h0"),
    plain("σ′ at h", "http://ctan.mirror.garr.it/1/cran/web/packages/rnn/vignettes/rnn_units.html".replace("http:",
          "https:"), ("output", "slope", "sigmoid", "σ′"), "σ′ of h"),
    plain("h[t − 1] at the start is the last h", "qixianbiao/RNN/issues/2", ("h\\[3\\]", "h\\[-1\\]", "last"),
          "h[3] at 0"),
    plain("one h that is not the one before", "VikParuchuri/zero_to_gpt/issues/9", ("h\\[3\\]", "h\\[2\\]"),
          "h[3] at 3"),
    case("averaged twice", ROELANTS, ("1/5", "0\\.2", "mean"), linear_rnn, LINEAR, of_linear, "mean"),
    case("the sign of the difference", ROELANTS, ("sign", "−", "-1", "minus"), linear_rnn, LINEAR, of_linear, "sign"),
    case("the input's weight from step to step", ROELANTS, ("wx",), linear_rnn, LINEAR, of_linear, "wx"),
    case("the state after the step", ROELANTS, ("\\bS", "step"), linear_rnn, LINEAR, of_linear, "S[k]"),
    case("the last step alone", ROELANTS, ("last", "step", "alone", "turn", "S\\["), linear_rnn, LINEAR, of_linear,
         "last"),
    case("the encoder learns nothing", "rsarxiv/seq2seq-attention/issues/7", ("\\bh", "zero", "path", "missing"),
         translate, PAIR, of_translate, "encoder"),
    case("the decoder's weights in the encoder", "rsarxiv/seq2seq-attention/issues/7", ("Wd",), translate, PAIR,
         of_translate, "Wd"),
]  # fmt: skip

"""Held out from the search: state spaces, gated units whose reset gate comes late, alignments, graphs."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

L, DIM, STATE = 4, 2, 3
U, DT, A_LOG, BS, CS, DS, DY = draw(
    851, (L, DIM), (L, DIM), (DIM, STATE), (L, STATE), (L, STATE), DIM, (L, DIM)
)  # fmt: skip
SCAN = {"u": U, "dt": DT, "A_log": A_LOG, "B": BS, "C": CS, "D": DS}


def selective_scan(u, dt, A_log, B, C, D):
    delta = np.log(1 + np.exp(dt))
    A = -np.exp(A_log)
    h = np.zeros((2, 3))
    ys = []
    for t in range(4):
        deltaA = np.exp(delta[t][:, None] * A)
        deltaB_u = delta[t][:, None] * B[t][None, :] * u[t][:, None]
        h = deltaA * h + deltaB_u
        ys.append((h * C[t]).sum(axis=1) + D * u[t])
    return np.stack(ys)


def of_scan(fault=""):
    delta, A = np.log(1 + np.exp(DT)), -np.exp(A_LOG)
    hs, decays = [np.zeros((DIM, STATE))], []
    for t in range(L):
        decays.append(np.exp(delta[t][:, None] * A))
        hs.append(decays[t] * hs[-1] + delta[t][:, None] * BS[t] * U[t][:, None])
    g = {name: np.zeros_like(value) for name, value in SCAN.items()}
    ddelta, dA, dh = np.zeros_like(delta), np.zeros_like(A), np.zeros((DIM, STATE))
    for t in reversed(range(L)):
        dh = dh + DY[t][:, None] * CS[t]
        g["C"][t] = (DY[t][:, None] * hs[t + 1]).sum(axis=0)
        g["D"] += DY[t] * U[t]
        ddecay = dh * hs[t + 1 if fault == "h(t)" else t]
        dA += ddecay * decays[t] * delta[t][:, None]
        if fault != "delta":
            ddelta[t] += (ddecay * decays[t] * A).sum(axis=1)
        ddelta[t] += (dh * BS[t] * U[t][:, None]).sum(axis=1)
        g["B"][t] = (dh * (1 if fault == "B" else delta[t][:, None]) * U[t][:, None]).sum(axis=0)
        g["u"][t] = (dh * BS[t]).sum(axis=1) * delta[t]
        if fault != "skip":
            g["u"][t] += DY[t] * DS
        dh = dh * decays[max(t - 1, 0) if fault == "off by one" else t]
        if fault == "no decay":
            dh = dh / decays[t]
    g["A_log"] = dA if fault == "exp" else -dA * A if fault == "sign" else dA * A
    g["dt"] = ddelta if fault == "softplus" else ddelta * sigmoid(DT)
    return g


X, H0, WX, WH, BX, BH, DO = draw(852, (3, 2), (1, 3), (2, 9), (3, 9), 9, 9, (3, 3))
RESET_LATE = {"x": X, "h0": H0, "w_ih": WX, "w_hh": WH, "b_ih": BX, "b_hh": BH}


def gru(x, h0, w_ih, w_hh, b_ih, b_hh):
    """As PyTorch does it: the reset gate multiplies the product of the state, with its bias."""
    h, hs = h0, []
    for t in range(3):
        gi = x[t : t + 1] @ w_ih + b_ih
        gh = h @ w_hh + b_hh
        r = sigmoid(gi[:, :3] + gh[:, :3])
        z = sigmoid(gi[:, 3:6] + gh[:, 3:6])
        n = np.tanh(gi[:, 6:] + r * gh[:, 6:])
        h = (1 - z) * n + z * h
        hs.append(h)
    return np.concatenate(hs)


def of_gru(fault=""):
    h, steps = H0, []
    for t in range(3):
        gi, gh = X[t : t + 1] @ WX + BX, h @ WH + BH
        r, z = sigmoid(gi[:, :3] + gh[:, :3]), sigmoid(gi[:, 3:6] + gh[:, 3:6])
        n = np.tanh(gi[:, 6:] + r * gh[:, 6:])
        steps.append((h, gh[:, 6:], r, z, n))
        h = (1 - z) * n + z * h
    g = {name: np.zeros_like(value) for name, value in RESET_LATE.items()}
    dh = np.zeros((1, 3))
    for t in reversed(range(3)):
        before, m, r, z, n = steps[t]
        dh = dh + DO[t]
        dn = dh * (z if fault == "z for 1 − z" else 1 - z) * (1 if fault == "tanh" else 1 - n**2)
        dz = dh * (before + n if fault == "sum" else before - n) * z * (1 - z)
        dr = dn * (before @ WH[:, 6:] if fault == "bias of m" else m) * r * (1 - r)
        if fault == "h for m":
            dr = dn * before * r * (1 - r)
        di = np.hstack((dr, dz, dn))
        dg = di if fault == "no r" else np.hstack((dr, dz, dn * r))
        g["x"][t] = (di @ WX.T)[0]
        g["w_ih"] += X[t : t + 1].T @ di
        g["b_ih"] += di[0]
        g["w_hh"] += before.T @ (di if fault == "no r at w_hh" else dg)
        g["b_hh"] += dg[0]
        around = np.zeros((1, 3)) if fault == "around" else dh * z
        dh = dg @ WH.T + around
    g["h0"] = dh
    return g


LOGITS, LABELS = draw(853, (5, 4)), np.array([0, 2, 0, 1, 0])  # 0 is the blank: it stands around the labels


def ctc(logits):
    """The cost of an alignment, by the forward algorithm; no two neighbouring labels are equal."""
    y = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    alpha = [y[0, 0], y[0, 2], 0.0, 0.0, 0.0]
    for t in range(1, 5):
        now = []
        for s in range(5):
            total = alpha[s]
            if s > 0:
                total = total + alpha[s - 1]
            if s > 1 and LABELS[s] != 0:
                total = total + alpha[s - 2]
            now.append(total * y[t, LABELS[s]])
        alpha = now
    return -np.log(alpha[4] + alpha[3])


def of_ctc(fault=""):
    y = softmax(LOGITS)
    alpha, beta = np.zeros((5, 5)), np.zeros((5, 5))
    alpha[0, :2] = y[0, LABELS[:2]]
    beta[4, 3:] = 1.0
    for t in range(1, 5):
        for s in range(5):
            lower = s - 2 if s > 1 and LABELS[s] != 0 else max(s - 1, 0)
            alpha[t, s] = alpha[t - 1, lower : s + 1].sum() * y[t, LABELS[s]]
    for t in (3, 2, 1, 0):
        for s in range(5):
            for to in range(s, min(s + 3, 5)):
                if to < s + 2 or LABELS[to] != 0:
                    beta[t, s] += beta[t + 1, to] * y[t + 1, LABELS[to]]
    if fault == "no beta":
        beta = np.ones_like(beta)
    likelihood = alpha[4, 3:].sum()
    gamma = np.zeros_like(y)
    for s in range(5):
        if fault == "set":
            gamma[:, LABELS[s]] = alpha[:, s] * beta[:, s]
        else:
            gamma[:, LABELS[s]] += alpha[:, s] * beta[:, s]
    gamma = gamma / (1 if fault == "likelihood" else likelihood)
    return {"logits": gamma - y if fault == "sign" else -gamma if fault == "no softmax" else y - gamma}


ADJ = np.array([[0.5, 0.5, 0, 0], [0.2, 0.3, 0.5, 0], [0, 0.4, 0.2, 0.4], [0.3, 0, 0, 0.7]])
NODES, V1, V2, Y = draw(854, (4, 3)), *draw(855, (3, 5), (5, 2)), np.array([0, 1, 1, 0])
TRAIN = np.array([0, 2, 3])
GCN = {"X": NODES, "W1": V1, "W2": V2}


def gcn(X, W1, W2):
    """Two graph convolutions; the cost is a mean over the training nodes."""
    H = np.maximum(0, ADJ @ X @ W1)
    Z = ADJ @ H @ W2
    logp = Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))
    return -np.mean(logp[TRAIN, Y[TRAIN]])


def of_gcn(fault=""):
    H = np.maximum(0, ADJ @ NODES @ V1)
    Z = ADJ @ H @ V2
    d = softmax(Z)
    d[np.arange(4), Y] -= 1
    if fault == "all nodes":
        d = d / 4
    else:
        mask = np.zeros((4, 1))
        mask[TRAIN] = 1
        d = d * mask / (4 if fault == "n" else 3)
    back = ADJ if fault == "A" else ADJ.T
    dW2 = H.T @ d if fault == "dW2" else (ADJ @ H).T @ d
    dH = (d if fault == "no A" else back @ d) @ V2.T
    dH = dH * (1 if fault == "relu" else H > 0)
    dX = dH @ V1.T if fault == "dX" else back @ dH @ V1.T
    return {"X": dX, "W1": (ADJ @ NODES).T @ dH, "W2": dW2}


LINKS = np.array([[1, 1, 0, 1], [1, 1, 1, 0], [0, 1, 1, 0], [1, 0, 1, 1]])
WA, ASRC, ADST, DG = draw(856, (3, 4), 4, 4, (4, 4))
GAT = {"h": NODES, "W": WA, "a_src": ASRC, "a_dst": ADST}


def gat(h, W, a_src, a_dst):
    """A graph attention layer with one head."""
    z = h @ W
    e = (z @ a_src)[:, None] + (z @ a_dst)[None, :]
    e = np.where(e > 0, e, 0.2 * e)
    e = np.where(LINKS > 0, e, -1e9)
    alpha = np.exp(e) / np.exp(e).sum(axis=1, keepdims=True)
    return alpha @ z


def of_gat(fault=""):
    z = NODES @ WA
    e = (z @ ASRC)[:, None] + (z @ ADST)[None, :]
    alpha = softmax(np.where(LINKS > 0, np.where(e > 0, e, 0.2 * e), -1e9))
    dalpha, dz = DG @ z.T, alpha.T @ DG
    axis = 0 if fault == "columns" else 1
    de = alpha * (dalpha - (alpha * dalpha).sum(axis=axis, keepdims=True))
    if fault != "leaky":
        de = de * np.where(e > 0, 1, 0.2)
    ds, dd = de.sum(axis=1), de.sum(axis=0)
    if fault == "exchanged":
        ds, dd = dd, ds
    if fault != "values alone":
        dz = dz + np.outer(ds, ASRC) + np.outer(dd, ADST)
    if fault == "source alone":
        dz = alpha.T @ DG + np.outer(ds, ASRC)
    return {"h": dz @ WA.T, "W": NODES.T @ dz, "a_src": z.T @ ds, "a_dst": z.T @ dd}


def scan(name, where, says, fault):
    return case(name, where, says, selective_scan, SCAN, of_scan, fault, DY)


def late(name, where, says, fault):
    return case(name, where, says, gru, RESET_LATE, of_gru, fault, DO)


MAMBA = "state-spaces/mamba/"
AIDOTNET = "ooples/AiDotNet/pull/722"
TORCH = "pytorch/pytorch/pull/15875"
CTC = "pytorch/pytorch/issues/52241"
PYGAT = "diegoantognini/pyGAT/pull/13"
CASES = [
    scan("the steps' lengths not through the decay", MAMBA + "pull/537", ("deltaA", "path", "delta"), "delta"),
    scan("the state after the step", MAMBA + "pull/537", ("\\bh\\b|\\bh\\(",), "h(t)"),
    scan("B without the step's length", MAMBA + "issues/368", ("delta",), "B"),
    scan("no way through D", MAMBA + "issues/342", ("path|uses",), "skip"),
    scan("the decay of the step before", "proger/accelerated-scan/pull/15", ("deltaA",), "off by one"),
    scan("no decay from step to step", "alxndrTL/mamba.py/issues/65", ("deltaA",), "no decay"),
    scan("the slope of exp forgotten for A", MAMBA + "issues/368", ("exp", "\\bA\\b", "slope"), "exp"),
    scan("A's minus forgotten", MAMBA + "issues/368", ("sign", "minus", "−"), "sign"),
    scan("softplus's slope forgotten", MAMBA + "issues/368", ("softplus", "slope", "\\bdt\\b"), "softplus"),
    late("z for 1 − z", TORCH, ("\\bz\\b|\\bz\\(",), "z for 1 − z"),
    late("no tanh′", AIDOTNET, ("tanh", "slope"), "tanh"),
    late("the sum for the difference at z", TORCH, ("sign|\\bn\\b|\\bn\\(",), "sum"),
    late("the bias left out at the reset gate", "pytorch/pytorch/pull/529", ("gh|b_hh|w_hh",), "bias of m"),
    late("the state at the reset gate", AIDOTNET, ("gh|\\bh\\b|\\bh\\(|h0",), "h for m"),
    late("no reset gate on the way back", AIDOTNET, ("\\br\\b|\\br\\(",), "no r"),
    late("no reset gate for the state's weights", AIDOTNET, ("\\br\\b|\\br\\(|w_hh",), "no r at w_hh"),
    late("nothing goes around the gates", "open-lm-engine/accelerated-model-architectures/pull/249", ("path",
         "z \\* h"), "around"),
    case("an alignment's counts set, not added", CTC, ("add|last|alone|once|several|only",), ctc, {"logits": LOGITS},
         of_ctc, "set"),
    case("not divided by the likelihood", CTC, ("likelihood", "divi", "slope"), ctc, {"logits": LOGITS}, of_ctc,
         "likelihood"),
    case("the counts minus the softmax", CTC, ("sign",), ctc, {"logits": LOGITS}, of_ctc, "sign"),
    case("as if the logits were logarithms of probabilities", CTC, ("softmax|sum|path|\\by\\b",), ctc,
         {"logits": LOGITS}, of_ctc, "no softmax"),
    case("A for its transpose on the way back", "tkipf/gcn/issues/142", ("ADJ", "transpos"), gcn, GCN, of_gcn, "A"),
    case("no A in the weights' gradient", "mys007/ecc/issues/3", ("ADJ",), gcn, GCN, of_gcn, "dW2"),
    case("no A on the way back", "mys007/ecc/issues/3", ("ADJ",), gcn, GCN, of_gcn, "no A"),
    case("no A on the way back to the features", "mys007/ecc/issues/3", ("ADJ",), gcn, GCN, of_gcn, "dX"),
    case("no mask of relu", "mys007/ecc/issues/3", ("relu", "maximum", "mask"), gcn, GCN, of_gcn, "relu"),
    case("divided by all nodes", "tkipf/gcn/issues/142", ("3/4|0\\.75|\\b4\\b|mean",), gcn, GCN, of_gcn, "n"),
    case("all nodes learn", "tkipf/gcn/issues/142", ("all|every|TRAIN|mask|taken|unused|logp",), gcn, GCN, of_gcn,
         "all nodes"),
    case("attention's softmax along the columns", PYGAT, ("axis|axes",), gat, GAT, of_gat, "columns", DG),
    case("no leak on the way back", PYGAT, ("slope|0\\.2|mask|where|leak",), gat, GAT, of_gat, "leaky", DG),
    case("sources and targets exchanged", PYGAT, ("exchang|axis|transpos",), gat, GAT, of_gat, "exchanged", DG),
    case("the features learn as values alone", PYGAT, ("path|use|alone|\\bz\\b",), gat, GAT, of_gat, "values alone",
         DG),
    case("the features learn as sources and values", PYGAT, ("path|use|alone|a_dst",), gat, GAT, of_gat,
         "source alone", DG),
]  # fmt: skip

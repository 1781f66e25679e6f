"""Programs with tokens and graphs: attention of other kinds, rotary positions, experts, message passing."""

import numpy as np

from tests.campaigns.invented_mistakes.record import case
from tests.campaigns.record import draw, softmax

q, cosines, sines, UPR = draw(501, (5, 4), (5, 4), (5, 4), (5, 4))
ROPE = {"q": q, "cos": cosines, "sin": sines}


def rotary(q, cos, sin):
    half = q.shape[-1] // 2
    rotated = np.concatenate([-q[:, half:], q[:, :half]], axis=-1)
    return q * cos + rotated * sin


def rotate(x):
    return np.concatenate([-x[:, 2:], x[:, :2]], axis=-1)


def of_rotary(fault=""):
    g = UPR * sines
    turned = np.concatenate([g[:, 2:], -g[:, :2]], axis=-1)
    if fault == "forwards":
        turned = -turned
    if fault == "sine outside":
        turned = -rotate(UPR) * sines
    return {"q": UPR * cosines + turned}


Qs, Ks, Vs, UPL = draw(502, (5, 3), (5, 3), (5, 2), (5, 2))
LINEAR = {"Q": Qs, "K": Ks, "V": Vs}


def linear_attention(Q, K, V):
    phi_q, phi_k = np.exp(Q), np.exp(K)
    kv = phi_k.T @ V
    z = phi_q @ phi_k.sum(axis=0)
    return (phi_q @ kv) / z[:, None]


def of_linear(fault=""):
    fq, fk = np.exp(Qs), np.exp(Ks)
    kv, z = fk.T @ Vs, fq @ fk.sum(axis=0)
    out = fq @ kv / z[:, None]
    dnum = UPL / z[:, None]
    dz = -(UPL * out).sum(axis=1) / z
    dq, dk, dkv = dnum @ kv.T, Vs @ (fq.T @ dnum).T, fq.T @ dnum
    if fault != "normaliser":
        dq = dq + np.outer(dz, fk.sum(axis=0))
        if fault != "keys' normaliser":
            dk = dk + dz @ fq
    if fault == "slope":
        return {"Q": dq, "K": dk, "V": fk @ dkv}
    return {"Q": dq * fq, "K": dk * fk, "V": fk @ dkv}


s0, enc, Wa, Ua, va, UPC = draw(503, 3, (5, 3), (4, 3), (4, 3), 4, 3)
ADDITIVE = {"s": s0, "H": enc, "Wa": Wa, "Ua": Ua, "va": va}


def additive_attention(s, H, Wa, Ua, va):
    u = np.tanh(H @ Ua.T + Wa @ s)
    e = u @ va
    a = np.exp(e - np.max(e))
    a = a / np.sum(a)
    return a @ H


def of_additive(fault=""):
    u = np.tanh(enc @ Ua.T + Wa @ s0)
    a = softmax(u @ va)
    da = enc @ UPC
    de = a * (da - (a @ da))
    du = np.outer(de, va)
    dz = du * (1 - u**2)
    dpre = dz.sum(axis=0)
    if fault == "last word":
        dpre = dz[-1]
    dH = dz @ Ua
    if fault != "not as values":
        dH = dH + np.outer(a, UPC)
    return {"s": Wa.T @ dpre, "H": dH, "Wa": np.outer(dpre, s0), "Ua": (du if fault == "slope" else dz).T @ enc,
            "va": (dz if fault == "scores" else u).T @ de}  # fmt: skip


xm, Wg, E1, E2, UPM = draw(504, (6, 3), (3, 2), (3, 4), (3, 4), (6, 4))
MIX = {"x": xm, "Wg": Wg, "E1": E1, "E2": E2}


def mixture(x, Wg, E1, E2):
    logits = x @ Wg
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    gate = e / e.sum(axis=1, keepdims=True)
    y1 = np.tanh(x @ E1)
    y2 = np.tanh(x @ E2)
    return gate[:, :1] * y1 + gate[:, 1:] * y2


def of_mixture(fault=""):
    g, y = softmax(xm @ Wg), [np.tanh(xm @ E1), np.tanh(xm @ E2)]
    dg = np.stack([(UPM * y[k]).sum(axis=1) for k in range(2)], axis=1)
    if fault == "mean":
        dg = np.stack([(UPM * y[k]).mean(axis=1) for k in range(2)], axis=1)
    dlogits = g * (dg - (g * dg).sum(axis=1, keepdims=True))
    if fault == "diagonal":
        dlogits = dg * g * (1 - g)
    dy = [UPM * (1 if fault == "ungated" else g[:, [k]]) for k in range(2)]
    if fault == "other gate":
        dy = [UPM * g[:, [1 - k]] for k in range(2)]
    dz = [dy[k] * (1 - y[k] ** 2) for k in range(2)]
    dx = dz[0] @ E1.T + dz[1] @ E2.T
    if fault != "router":
        dx = dx + dlogits @ Wg.T
    return {"x": dx, "Wg": xm.T @ dlogits, "E1": xm.T @ dz[0], "E2": xm.T @ dz[1]}


adj = np.array([[1, 1, 0, 0, 1], [0, 1, 0, 0, 0], [1, 1, 1, 0, 1], [0, 0, 1, 1, 0], [1, 0, 0, 0, 1.0]])
Xg, Wgc, UPN = draw(506, (5, 3), (3, 2), (5, 2))
GRAPH = {"A": adj, "X": Xg, "W": Wgc}


def graph_layer(A, X, W):
    degree = A.sum(axis=1, keepdims=True)
    messages = A @ X / degree
    return np.maximum(messages @ W, 0)


def of_graph(fault=""):
    degree = adj.sum(axis=1, keepdims=True)
    m = adj @ Xg / degree
    dz = UPN * (m @ Wgc > 0)
    dm = dz @ Wgc.T
    if fault == "degree after":
        dX = adj.T @ dm / degree
    elif fault == "not transposed":
        dX = adj @ (dm / degree)
    elif fault == "no degree":
        dX = adj.T @ dm
    else:
        dX = adj.T @ (dm / degree)
    return {"X": dX, "W": (adj @ Xg if fault == "sums" else m).T @ dz}


CASES = [
    case("the normaliser constant", ("path.*\\bz\\b",), linear_attention, LINEAR, of_linear, "normaliser", UPL),
    case("the keys' sum constant", ("path.*(phi_k.*sum|sum)|sum.*missing",),
         linear_attention, LINEAR, of_linear, "keys' normaliser", UPL),
    case("no slope of the feature maps", ("exp|phi",), linear_attention, LINEAR, of_linear, "slope", UPL),
    case("the state learns from the last word", ("last",), additive_attention, ADDITIVE, of_additive, "last word", UPC),
    case("the words not as values", ("a @ H.*missing|path.*H.*a @ H|only its (first )?use|weights",),
         additive_attention, ADDITIVE, of_additive, "not as values", UPC),
    case("no tanh′ for Ua", ("tanh′",), additive_attention, ADDITIVE, of_additive, "slope", UPC),
    case("dz for u in va's gradient", ("\\bu\\b",), additive_attention, ADDITIVE, of_additive, "scores", UPC),
    case("the experts not gated", ("factor.*gate.*missing|gate",), mixture, MIX, of_mixture, "ungated", UPM),
    case("the other expert's gate", ("gate.*(instead|exchang)|exchang",), mixture, MIX, of_mixture, "other gate", UPM),
    case("the gate's softmax as a sigmoid", ("1 − p",), mixture, MIX, of_mixture, "diagonal", UPM),
    case("a mean over the features for the gate", ("mean|1/4|¼|0\\.25",), mixture, MIX, of_mixture, "mean", UPM),
    case("divided by the degree after the sum", ("degree",), graph_layer, GRAPH, of_graph, "degree after", UPN),
    case("A for its transpose", ("transpos",), graph_layer, GRAPH, of_graph, "not transposed", UPN),
    case("sums for means in W's gradient", ("degree|A @ X",), graph_layer, GRAPH, of_graph, "sums", UPN),
]  # fmt: skip

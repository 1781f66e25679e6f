"""Held out from the search: heads in nested dicts, a block after its norm, neighbours, edges, gates by einsum."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

B, T, D, NH = 2, 3, 4, 2
X, WQ, WK, WV, WO = draw(1911, (B, T, D), *[(D, D)] * 4)
HEADS = {"x": X, "Wq": WQ, "Wk": WK, "Wv": WV, "Wo": WO}
DOUT = draw(1912, (B, T, D))


def softmax_rows(s):
    s = s - s.max(axis=-1, keepdims=True)
    e = np.exp(s)
    return e / e.sum(axis=-1, keepdims=True)


def causal_block(x, Wq, Wk, Wv, Wo):
    params = {"attn": {"q": Wq, "k": Wk, "v": Wv, "proj": Wo}, "n_head": 2}
    p = params["attn"]
    b, t, d = x.shape
    hd = d // params["n_head"]
    split = lambda z: z.reshape(b, t, params["n_head"], hd).transpose(0, 2, 1, 3)  # noqa: E731
    q, k, v = split(x @ p["q"]), split(x @ p["k"]), split(x @ p["v"])
    scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(hd)
    mask = np.triu(np.ones((t, t)), k=1) * -1e9
    att = softmax_rows(scores + mask)
    y = (att @ v).transpose(0, 2, 1, 3).reshape(b, t, d)
    return x + y @ p["proj"]


def of_heads(fault=""):
    split = lambda z: z.reshape(B, T, NH, 2).transpose(0, 2, 1, 3)  # noqa: E731
    merge = lambda z: z.transpose(0, 2, 1, 3).reshape(B, T, D)  # noqa: E731
    q, k, v = (split(X @ w) for w in (WQ, WK, WV))
    att = softmax(q @ k.transpose(0, 1, 3, 2) / np.sqrt(2) + np.triu(np.ones((T, T)), 1) * -1e9)
    y = merge(att @ v)
    dWo = np.einsum("btd,bte->de", X if fault == "x at proj" else y, DOUT)
    dy = split(DOUT @ WO.T)
    datt = dy @ v.transpose(0, 1, 3, 2)
    axis = -2 if fault == "axis" else -1
    ds = att * (datt - (att * datt).sum(axis=axis, keepdims=True)) / (1 if fault == "no scale" else np.sqrt(2))
    dq, dk, dv = merge(ds @ k), merge(ds.transpose(0, 1, 3, 2) @ q), merge(att.transpose(0, 1, 3, 2) @ dy)
    g = {n: np.einsum("btd,bte->de", X, z) for n, z in (("Wq", dq), ("Wk", dk), ("Wv", dv))}
    return g | {"Wo": dWo, "x": DOUT + dq @ WQ.T + dk @ WK.T + dv @ WV.T}


XB, W1, B1, W2, B2, G1, G2 = draw(1913, (4, 3), (3, 5), 5, (5, 3), 3, 3, 3)
BLOCK = {"x": XB, "W1": W1, "b1": B1, "W2": W2, "b2": B2, "gamma1": G1, "gamma2": G2}
DB = draw(1914, (4, 3))


def layernorm_forward(x, gamma, eps=1e-5):
    mu = x.mean(axis=-1, keepdims=True)
    var = ((x - mu) ** 2).mean(axis=-1, keepdims=True)
    x_hat = (x - mu) / np.sqrt(var + eps)
    return gamma * x_hat, (x_hat, var, gamma)


def post_norm(x, W1, b1, W2, b2, gamma1, gamma2):
    h, cache1 = layernorm_forward(x, gamma1)
    f = np.maximum(0, h @ W1 + b1) @ W2 + b2
    out, cache2 = layernorm_forward(h + f, gamma2)
    return out, (cache1, cache2)


def of_block(fault=""):
    def back(d, x, gamma, divisor=3):
        sd = np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        x_hat = (x - x.mean(axis=-1, keepdims=True)) / sd
        g = d * gamma
        dx = g - g.mean(axis=-1, keepdims=True) - x_hat * (g * x_hat).sum(axis=-1, keepdims=True) / divisor
        return dx / sd, (d * (x if fault == "x at gamma" else x_hat)).sum(axis=0), x_hat

    h = G1 * back(DB, XB, G1)[2]
    a = h @ W1 + B1
    f = np.maximum(a, 0) @ W2 + B2
    dsum, dgamma2, _ = back(DB, h + f, G2, 1 if fault == "no D" else 3)
    da = (dsum @ W2.T) * (a > 0)
    dh = da @ W1.T + (0 if fault == "no residual" else dsum)
    dx, dgamma1, _ = back(dh, XB, G1, 1 if fault == "no D" else 3)
    return {"x": dx, "W1": h.T @ da, "b1": da.sum(axis=0), "W2": np.maximum(a, 0).T @ dsum, "b2": dsum.sum(axis=0),
            "gamma1": dgamma1, "gamma2": dgamma2}  # fmt: skip


NEIGHBOURS = {0: [1, 2], 1: [0], 2: [0, 1, 3], 3: [2]}
XG, WS, WNB = draw(1915, (4, 3), (3, 2), (3, 2))
SAGE = {"feats": XG, "W_self": WS, "W_neigh": WNB}
DS = draw(1916, (4, 2))


def sage_layer(feats, W_self, W_neigh):
    out = []
    for node, neigh in NEIGHBOURS.items():
        agg = sum(feats[j] for j in neigh) / len(neigh)
        out.append(np.maximum(feats[node] @ W_self + agg @ W_neigh, 0))
    return np.stack(out)


def of_sage(fault=""):
    A = np.zeros((4, 4))
    for node, neigh in NEIGHBOURS.items():
        A[node, neigh] = 1 / len(neigh)
    dz = DS * (XG @ WS + A @ XG @ WNB > 0)
    back = (A > 0).T * 1.0 if fault == "no degrees" else A.T
    dx = dz @ WS.T + back @ dz @ WNB.T
    if fault == "self alone":
        dx = dz @ WS.T
    return {"feats": dx, "W_self": XG.T @ dz, "W_neigh": (A @ XG).T @ dz}


XE, WXE, WHE, BE = draw(1917, (3, 2, 2), (4, 2, 3), (4, 3, 3), (4, 1, 3))
STACKED = {"xs": XE, "Wx": WXE, "Wh": WHE, "b": BE}
DE = draw(1918, (2, 3))


def einsum_lstm(xs, Wx, Wh, b):
    h, c = np.zeros((2, 3)), np.zeros((2, 3))
    for x in xs:
        gates = np.einsum("bi,gio->gbo", x, Wx) + np.einsum("bi,gio->gbo", h, Wh) + b
        i, f, o = 1 / (1 + np.exp(-gates[0])), 1 / (1 + np.exp(-gates[1])), 1 / (1 + np.exp(-gates[2]))
        g = np.tanh(gates[3])
        c = f * c + i * g
        h = o * np.tanh(c)
    return h


def of_einsum(fault=""):
    hs, cs, kept = [np.zeros((2, 3))], [np.zeros((2, 3))], []
    for x in XE:
        z = np.einsum("bi,gio->gbo", x, WXE) + np.einsum("bi,gio->gbo", hs[-1], WHE) + BE
        i, f, o, g = sigmoid(z[0]), sigmoid(z[1]), sigmoid(z[2]), np.tanh(z[3])
        cs.append(f * cs[-1] + i * g)
        hs.append(o * np.tanh(cs[-1]))
        kept.append((i, f, o, g))
    d, dh, dc = {k: np.zeros_like(v) for k, v in STACKED.items()}, DE, np.zeros((2, 3))
    for t in (2, 1, 0):
        i, f, o, g = kept[t]
        dc = dc + dh * o * (1 - np.tanh(cs[t + 1]) ** 2)
        dz = np.stack([dc * g * i * (1 - i), dc * cs[t] * f * (1 - f), dh * np.tanh(cs[t + 1]) * o * (1 - o),
                       dc * i * (1 - g**2)])  # fmt: skip
        if fault == "i and f":
            dz = dz[[1, 0, 2, 3]]
        d["Wx"] += np.einsum("bi,gbo->gio", XE[t], dz)
        d["Wh"] += np.einsum("bi,gbo->gio", hs[t], dz)
        d["b"] += dz.sum(axis=1, keepdims=True)
        d["xs"][t] = np.einsum("gbo,gio->bi", dz, WXE)
        dh = np.einsum("gbo,gio->bi", dz, WHE)
        dc = dc * (1 if fault == "no f" else f)
    return d


XD, KEEP, WDR = draw(1919, (4, 3), (4, 5), (3, 5))
DROPPED = {"x": XD, "W": WDR, "mask": KEEP > 0}
DDR = draw(1920, (4, 5))


def dropped(x, W, mask):
    h = np.maximum(0, x @ W)
    h *= mask
    h /= 0.8
    return h


def of_dropped(fault=""):
    dh = DDR * (1 if fault == "no mask" else KEEP > 0) / (1 if fault == "no scale" else 0.8)
    dz = dh * (XD @ WDR > 0)
    return {"x": dz @ WDR.T, "W": XD.T @ dz}


LM, LW, PADDED = *draw(1921, (2, 4, 3), (3, 5)), [[1, 4, 2, 0], [3, 1, 0, 0]]
MODEL = {"hidden": LM, "W": LW}


def smoothed_lm(hidden, W):
    total, count = 0.0, 0
    for b in range(2):
        for t in range(4):
            y = PADDED[b][t]
            if y == 0:
                continue
            logits = hidden[b, t] @ W
            logp = logits - np.log(np.sum(np.exp(logits)))
            total += -0.9 * logp[y] - 0.1 * np.mean(logp)
            count += 1
    return total / count


def of_smoothed(fault=""):
    y = np.array(PADDED)
    target = np.eye(5)[y] * 0.9 + 0.02
    if fault == "not smoothed":
        target = np.eye(5)[y]
    mask = np.ones(y.shape) if fault == "no mask" else y != 0
    d = (softmax(LM @ LW) - target) * mask[:, :, None] / (8 if fault == "all" else 5)
    return {"hidden": d @ LW.T, "W": np.einsum("bth,btv->hv", LM, d)}


EDGES = [(0, 1), (1, 2), (2, 0), (3, 1), (0, 3), (2, 3)]
XN, WN = draw(1820, (4, 3), (3, 3))
DEG = np.array([2.0, 3.0, 2.0, 3.0])
GRAPH = {"x": XN, "weight": WN}
DGR = draw(1821, (4, 3))


def message_passing(x, weight):
    xw = x @ weight
    out = np.zeros_like(xw)
    for src, dst in EDGES:
        out[dst] += xw[src] / np.sqrt(DEG[src] * DEG[dst])
    for n in range(len(x)):
        out[n] += xw[n] / DEG[n]
    return np.maximum(out, 0)


def of_graph(fault=""):
    xw = XN @ WN
    A = np.diag(1 / DEG)
    for src, dst in EDGES:
        A[dst, src] += 1 / np.sqrt(DEG[src] * DEG[dst])
    dout = DGR * (A @ xw > 0)
    back = {"same direction": A, "no loops": (A - np.diag(1 / DEG)).T}.get(fault, A.T)
    dxw = back @ dout
    return {"x": dxw @ WN.T, "weight": XN.T @ dxw}


def heads(name, where, says, fault):
    return case(name, where, says, causal_block, HEADS, of_heads, fault, DOUT)


def block(name, where, says, fault):
    return case(name, where, says, post_norm, BLOCK, of_block, fault, DB)


def graph(name, where, says, fault):
    return case(name, where, says, sage_layer, SAGE, of_sage, fault, DS)


def gated(name, where, says, fault):
    return case(name, where, says, einsum_lstm, STACKED, of_einsum, fault, DE)


def smooth(name, where, says, fault):
    return case(name, where, says, smoothed_lm, MODEL, of_smoothed, fault)


def edges(name, where, says, fault):
    return case(name, where, says, message_passing, GRAPH, of_graph, fault, DGR)


SDPA = "ooples/AiDotNet.Tensors/issues/49"
NORM = "tenstorrent/tt-metal/issues/53204"
GCN = "apache/systemds/pull/1941"
CLASSIC = "nicklashansen/rnn_lstm_from_scratch/issues/1"
TOKENS = "eladhoffer/utils.pytorch/issues/4"
BURN = "tracel-ai/burn/issues/5568"
CASES = [
    heads("no scale for queries and keys, nested dicts", SDPA, ("division by 1.41421",), "no scale"),
    heads("the block's input at the projection", SDPA, ("\\bx\\b.*used instead",), "x at proj"),
    heads("softmax's sum along the queries, with a causal mask", SDPA, ("wrong axis",), "axis"),
    block("no D in both norms", NORM, ("division by 3",), "no D"),
    block("no way around between two norms", NORM, ("path from h",), "no residual"),
    block("the input for x_hat at gamma, in a helper", NORM, ("x_hat",), "x at gamma"),
    graph("not divided by the neighbours", GCN, ("division by",), "no degrees"),
    graph("nothing through the neighbours", GCN, ("path through agg",), "self alone"),
    gated("two gates of a stack exchanged by their numbers", CLASSIC, ("exchanged",), "i and f"),
    gated("the cell forgets nothing on the way back, by einsum", CLASSIC, ("factor f",), "no f"),
    case("the mask of dropout alone without its scale, in place", "https://cs231n.github.io/neural-networks-2/",
         ("division by 0.8",), dropped, DROPPED, of_dropped, "no scale", DDR),
    smooth("labels not smoothed, in a loop", TOKENS, ("not smoothed",), "not smoothed"),
    smooth("padding counted among the words", BURN, ("divided by 8",), "all"),
    edges("edges backward in their own direction", GCN, ("direction", "transpose"), "same direction"),
    edges("loops of the nodes forgotten", GCN, ("path through `xw\\[n\\] / DEG",), "no loops"),
]  # fmt: skip

"""Held out from the search: blocks of transformers, cross-attention, positions, and their normalisations."""

import numpy as np

from tests.campaigns.record import case, draw, sigmoid, softmax

B, T, D, HEADS = 2, 3, 4, 2
X, WQKV, BQKV, WP, W1, W2, DY = draw(
    841, (B, T, D), (D, 3 * D), 3 * D, (D, D), (D, 6), (6, D), (B, T, D)
)  # fmt: skip
G1, G2 = draw(842, D, D)
BLOCK = {"x": X, "g1": G1, "Wqkv": WQKV, "bqkv": BQKV, "Wp": WP, "g2": G2, "W1": W1, "W2": W2}
FUTURE = np.triu(np.ones((T, T)), 1) * -1e10


def norm(x, g):
    return x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-6) * g


def mha(x, w, b, wp):
    qkv = x @ w + b
    q, k, v = np.split(qkv, 3, axis=-1)
    heads = []
    for i in range(2):
        qi, ki, vi = (a[:, :, 2 * i : 2 * i + 2] for a in (q, k, v))
        scores = qi @ ki.transpose(0, 2, 1) / np.sqrt(2) + FUTURE
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        att = e / e.sum(axis=-1, keepdims=True)
        heads.append(att @ vi)
    return np.concatenate(heads, axis=-1) @ wp


def block(x, g1, Wqkv, bqkv, Wp, g2, W1, W2):
    x = x + mha(norm(x, g1), Wqkv, bqkv, Wp)
    z = norm(x, g2) @ W1
    return x + (z * sigmoid(z)) @ W2


def norm_back(d, x, g, fault=""):
    r = 1 / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + 1e-6)
    gd, n = d * g, x.shape[-1]
    second = x * r**3 / n * np.sum(gd * x, axis=-1, keepdims=True)
    if fault == "g twice":
        second = second * g
    if fault == "no g inside":
        second = x * r**3 / n * np.sum(d * x, axis=-1, keepdims=True)
    if fault == "r²":
        second = x * r**2 / n * np.sum(gd * x, axis=-1, keepdims=True)
    dg = (d * x * (1 if fault == "x for x̂" else r)).sum(axis=(0, 1))
    return gd * r - second, dg


def block_back(fault=""):
    n1 = norm(X, G1)
    q, k, v = np.split(n1 @ WQKV + BQKV, 3, axis=-1)
    atts, outs = [], []
    for i in range(HEADS):
        at = np.s_[:, :, 2 * i : 2 * i + 2]
        att = softmax(q[at] @ k[at].transpose(0, 2, 1) / np.sqrt(2) + FUTURE)
        atts.append(att)
        outs.append(att @ v[at])
    joined = np.concatenate(outs, axis=-1)
    x1 = X + joined @ WP
    n2 = norm(x1, G2)
    z = n2 @ W1
    act = z * sigmoid(z)
    dact = DY @ W2.T
    dz = dact * (sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z)))
    if fault == "silu":
        dz = dact * (sigmoid(z) + act * sigmoid(z) * (1 - sigmoid(z)))
    dn2 = dz @ W1.T
    dx1, dg2 = norm_back(dn2, x1, G2, fault)
    if fault == "prenorm":
        dx1, _ = norm_back(dn2 + DY, x1, G2)
    elif fault != "second skip":
        dx1 = dx1 + DY
    djoined = dx1 @ WP.T
    dqkv = np.zeros((B, T, 3 * D))
    for i in range(HEADS):
        at = np.s_[:, :, 2 * i : 2 * i + 2]
        da = djoined[at] @ v[at].transpose(0, 2, 1)
        ds = atts[i] * (da - (atts[i] * da).sum(axis=-1, keepdims=True))
        if fault == "softmax":
            ds = atts[i] * (1 - atts[i]) * da
        ds = ds / (2 if fault == "d" else np.sqrt(4) if fault == "√D" else np.sqrt(2))
        parts = [ds @ k[at], ds.transpose(0, 2, 1) @ q[at], atts[i].transpose(0, 2, 1) @ djoined[at]]
        if fault == "heads" and i == 1:
            parts[2] = atts[0].transpose(0, 2, 1) @ djoined[at]
        if fault == "q and k":
            parts[:2] = parts[1::-1]
        for j in range(3):
            dqkv[:, :, j * D + 2 * i : j * D + 2 * i + 2] = parts[j]
    dn1 = dqkv @ WQKV.T
    dx, dg1 = norm_back(dn1, X, G1, fault if fault != "prenorm" else "")
    if fault != "first skip":
        dx = dx + dx1
    if fault == "x for n":
        n1 = X
    return {
        "x": dx,
        "g1": dg1,
        "Wqkv": np.einsum("bti,bto->io", n1, dqkv),
        "bqkv": dqkv.sum(axis=0) if fault == "bias" else dqkv.sum(axis=(0, 1)),
        "Wp": np.einsum("bti,bto->io", joined, dx1),
        "g2": dg2,
        "W1": np.einsum("bti,bto->io", n2, dz),
        "W2": np.einsum("bti,bto->io", act, DY),
    }


SRC, TGT, Q, K, V, DO = draw(843, (5, 4), (3, 4), (4, 3), (4, 3), (4, 2), (3, 2))
CROSS = {"memory": SRC, "target": TGT, "Wq": Q, "Wk": K, "Wv": V}
KEEP = np.array([1.0, 1.0, 1.0, 1.0, 0.0])


def cross_attention(memory, target, Wq, Wk, Wv):
    """Attention of a decoder to an encoder's output; the last place of the memory is padding."""
    query, key, value = target @ Wq, memory @ Wk, memory @ Wv
    scores = query @ key.T / np.sqrt(3)
    scores = np.where(KEEP > 0, scores, -1e9)
    weights = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    weights = weights / np.sum(weights, axis=-1, keepdims=True)
    return weights @ value


def cross_back(fault=""):
    query, key, value = TGT @ Q, SRC @ K, SRC @ V
    weights = softmax(np.where(KEEP > 0, query @ key.T / np.sqrt(3), -1e9))
    dvalue = weights.T @ DO
    dweights = DO @ value.T
    inner = (dweights * weights).sum(axis=-1, keepdims=True)
    dscores = weights * (dweights - inner)
    if fault == "plain":
        dscores = dweights * KEEP
    dscores = weights * (dweights / np.sqrt(3) - inner) if fault == "before scale" else dscores / np.sqrt(3)
    dquery, dkey = dscores @ key, dscores.T @ query
    dmemory = dkey @ K.T + dvalue @ V.T
    if fault == "keys alone":
        dmemory = dkey @ K.T
    if fault == "values alone":
        dmemory = dvalue @ V.T
    return {
        "memory": dmemory,
        "target": dquery @ Q.T,
        "Wq": TGT.T @ dquery,
        "Wk": SRC.T @ dkey,
        "Wv": SRC.T @ dvalue,
    }


WTE, WPE, GAMMA, BETA, DL = draw(844, (6, 4), (5, 4), 4, 4, (2, 3, 4))
IDS = np.array([[1, 4, 1], [0, 4, 5]])
EMBEDDED = {"wte": WTE, "wpe": WPE, "gamma": GAMMA, "beta": BETA}


def embed(wte, wpe, gamma, beta):
    x = wte[IDS] + wpe[np.arange(3)]
    mean = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    x = (x - mean) / np.sqrt(variance + 1e-5)
    return gamma * x + beta


def embed_back(fault=""):
    x = WTE[IDS] + WPE[:3]
    axes = (1, 2) if fault == "rank 3" else -1
    rstd = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
    xhat = (x - x.mean(axis=-1, keepdims=True)) * rstd
    d = DL if fault == "gamma" else DL * GAMMA
    dx = rstd * (d - d.mean(axis=axes, keepdims=True) - xhat * (d * xhat).mean(axis=axes, keepdims=True))
    if fault == "std":
        dx = d - d.mean(axis=-1, keepdims=True) - xhat * (d * xhat).mean(axis=-1, keepdims=True)
    dwte, dwpe = np.zeros_like(WTE), np.zeros_like(WPE)
    np.add.at(dwte, IDS, dx)
    if fault == "+=":
        dwte = np.zeros_like(WTE)
        dwte[IDS] += dx
    if fault == "counts":
        dwte /= np.maximum(np.bincount(IDS.ravel(), minlength=6), 1)[:, None]
    dwpe[:3] = dx[0] if fault == "first" else dx.sum(axis=0)
    return {"wte": dwte, "wpe": dwpe, "gamma": (DL * xhat).sum(axis=(0, 1)), "beta": DL.sum(axis=(0, 1))}


def deep(name, where, says, fault):
    return case(name, where, says, block, BLOCK, block_back, fault, DY)


def cross(name, where, says, fault):
    return case(name, where, says, cross_attention, CROSS, cross_back, fault, DO)


def table(name, where, says, fault):
    return case(name, where, says, embed, EMBEDDED, embed_back, fault, DL)


MEGATRON = "NVIDIA/Megatron-LM/pull/6859"
TENSORS = "ooples/AiDotNet.Tensors/issues/49"
CASES = [
    deep("the second way around forgotten", "paiml/entrenar/issues/313", ("path", "way around", "\\bx\\b"),
         "second skip"),
    deep("the first way around forgotten", "paiml/entrenar/issues/313", ("path", "way around", "\\bx\\b"),
         "first skip"),
    deep("the way around goes through the norm too", "Dao-AILab/quack/pull/53", ("path", "norm", "through", "\\bx\\b"),
         "prenorm"),
    deep("the weight twice in the norm's second term", MEGATRON, ("g1|g2|\\bg\\b",), "g twice"),
    deep("no weight within the norm's sum", "karpathy/llm.c/pull/763", ("g1|g2|\\bg\\b",), "no g inside"),
    deep("r² for r³", "flagos-ai/FlagGems/pull/5771", ("sqrt", "slope", "path", "power"), "r²"),
    deep("x for the normalised x at the weights", "state-spaces/mamba/pull/919", ("sqrt", "norm", "\\bx\\b"),
         "x for x̂"),
    deep("silu's slope of its output", "unslothai/unsloth/pull/4550", ("slope", "silu", "z \\*", "output", "sigmoid"),
         "silu"),
    deep("softmax's diagonal alone", "pocketpy/cTensor/pull/31", ("softmax", "slope", "diagonal"), "softmax"),
    deep("divided by d, not by its root", "chelsea0x3b/dfdx/issues/171", ("0\\.707", "√", "sqrt", "root", "scores",
         "factor"), "d"),
    deep("queries and keys exchanged", TENSORS, ("\\bq\\b|\\bqi\\b|\\bki\\b", "exchang"), "q and k"),
    deep("the first head's weights for the second", TENSORS, ("\\batt",), "heads"),
    deep("the norm left out for the weights", "state-spaces/mamba/pull/919", ("\\bx\\b", "norm"), "x for n"),
    deep("the bias's gradient for each place", "karpathy/llm.c/pull/408", ("axis", "axes", "shape", "sum"), "bias"),
    cross("the memory learns as keys alone", "rsarxiv/seq2seq-attention/issues/7", ("value", "path"), "keys alone"),
    cross("the memory learns as values alone", "rsarxiv/seq2seq-attention/issues/7", ("key", "path"), "values alone"),
    cross("no softmax on the way back", TENSORS, ("softmax", "slope", "weights", "exp"), "plain"),
    cross("the scale within the softmax's sum", TENSORS, ("√", "sqrt", "0\\.577", "scale", "softmax", "sum"),
          "before scale"),
    table("means over places and features", "flagos-ai/FlagGems/issues/5392", ("axis", "axes", "mean"), "rank 3"),
    table("gamma left out", "denizyuret/Knet.jl/issues/288", ("gamma",), "gamma"),
    table("not divided by the deviation", "tenstorrent/tt-metal/issues/53204", ("sqrt", "variance", "slope",
          "divi"), "std"),
    table("+= on ids that repeat", "tenstorrent/tt-metal/issues/6232", ("repeat", "last", "once", "more than", "add"),
          "+="),
    table("divided by how often an id occurs", "pytorch/pytorch/issues/190063", ("mean", "average", "count", "times",
          "number of"), "counts"),
    table("positions learn from the first sentence", "karpathy/llm.c/pull/408", ("first", "\\[0\\]", "axis", "alone",
          "example"), "first"),
]  # fmt: skip

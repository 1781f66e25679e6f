"""Held out from the search: batched heads by einsum, blocks with GELU, perplexities, sequences of several lengths."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

B, T, C, NH = 2, 3, 4, 2
HS = C // NH
X, WQKV, BQKV, WP, BP, DY = draw(1701, (B, T, C), (C, 3 * C), 3 * C, (C, C), C, (B, T, C))
ATTN = {"x": X, "c_attn_w": WQKV, "c_attn_b": BQKV, "c_proj_w": WP, "c_proj_b": BP}


def gpt_attention(x, c_attn_w, c_attn_b, c_proj_w, c_proj_b):
    B, T, C = x.shape
    qkv = x @ c_attn_w + c_attn_b
    q, k, v = np.split(qkv, 3, axis=-1)
    q = q.reshape(B, T, 2, 2).transpose(0, 2, 1, 3)
    k = k.reshape(B, T, 2, 2).transpose(0, 2, 1, 3)
    v = v.reshape(B, T, 2, 2).transpose(0, 2, 1, 3)
    att = np.einsum("bhqd,bhkd->bhqk", q, k) / np.sqrt(q.shape[-1])
    causal = np.tril(np.ones((T, T)))
    att = att * causal - 1e10 * (1 - causal)
    att = np.exp(att - att.max(-1, keepdims=True))
    att = att / att.sum(-1, keepdims=True)
    y = np.einsum("bhqk,bhkd->bhqd", att, v)
    y = y.transpose(0, 2, 1, 3).reshape(B, T, C)
    return y @ c_proj_w + c_proj_b


def split(a):
    return a.reshape(B, T, NH, HS).transpose(0, 2, 1, 3)


def merged(a):
    return a.transpose(0, 2, 1, 3).reshape(B, T, C)


def of_attention(fault=""):
    q, k, v = map(split, np.split(X @ WQKV + BQKV, 3, axis=-1))
    causal = np.tril(np.ones((T, T)))
    att = softmax(np.where(causal == 0, -1e10, q @ k.transpose(0, 1, 3, 2) / np.sqrt(HS)))
    y = merged(att @ v)
    flat = lambda a: a.reshape(B * T, -1)  # noqa: E731
    g = {"c_proj_w": flat(y).T @ flat(DY), "c_proj_b": DY.sum(axis=(0, 1))}
    dy = split(DY @ WP.T)
    dv, datt = att.transpose(0, 1, 3, 2) @ dy, dy @ v.transpose(0, 1, 3, 2)
    ds = att * (datt - (datt * att).sum(-1, keepdims=True))
    if fault == "queries' axis":
        ds = att * (datt - (datt * att).sum(-2, keepdims=True))
    if fault == "no att before":
        ds = (datt - (datt * att).sum(-1, keepdims=True)) * causal
    if fault == "att alone":
        ds = att * datt
    ds = ds * np.sqrt(HS) if fault == "times √d" else ds / HS if fault == "d" else ds / np.sqrt(HS)
    dq, dk = ds @ k, ds.transpose(0, 1, 3, 2) @ q
    if fault == "ds transposed":
        dq, dk = ds.transpose(0, 1, 3, 2) @ k, ds @ q
    if fault == "no 1/√d for q":
        dq = dq * np.sqrt(HS)
    if fault == "mean of heads":
        dv = np.broadcast_to(dv.mean(axis=1, keepdims=True), dv.shape)
    parts = [dk, dq, dv] if fault == "k, q, v" else [dq, dk, dv]
    dqkv = np.concatenate([merged(d) for d in parts], axis=-1)
    g["c_attn_w"] = flat(X).T @ flat(dqkv) / (B if fault == "mean over the batch" else 1)
    g["c_attn_b"] = dqkv.sum(axis=(0, 1))
    if fault == "bias of one place":
        g["c_attn_b"] = dqkv.sum(axis=0)[-1]
    g["x"] = dqkv @ WQKV.T
    return g


XB, W1, W2, G1, B1, G2, B2, WA, DO = draw(1702, (3, 4), (4, 5), (5, 4), 4, 4, 4, 4, (4, 4), (3, 4))
BLOCK = {"x": XB, "wa": WA, "w1": W1, "w2": W2, "g1": G1, "b1": B1, "g2": G2, "b2": B2}


def layernorm(x, g, b):
    mu = np.mean(x, axis=-1, keepdims=True)
    variance = np.var(x, axis=-1, keepdims=True)
    return g * (x - mu) / np.sqrt(variance + 1e-5) + b


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def pre_norm_block(x, wa, w1, w2, g1, b1, g2, b2):
    n1 = layernorm(x, g1, b1)
    x = x + n1 @ wa
    n2 = layernorm(x, g2, b2)
    return x + gelu(n2 @ w1) @ w2


def norm_back(d, x, g, fault=""):
    s = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
    n = (x - x.mean(axis=-1, keepdims=True)) * s
    dn = d if fault == "no gain" else d * g
    mean = lambda a: a.mean(axis=-1, keepdims=True)  # noqa: E731
    dx = s * (dn - mean(dn) - n * mean(dn * n))
    if fault == "no mean":
        dx = s * (dn - n * mean(dn * n))
    if fault == "no variance":
        dx = s * (dn - mean(dn))
    if fault == "gain after":
        dx = g * s * (d - mean(d) - n * mean(d * n))
    return dx, (d * n).sum(axis=0), d.sum(axis=0)


def of_block(fault=""):
    g = {}
    n1 = layernorm(XB, G1, B1)
    x1 = XB + n1 @ WA
    n2 = layernorm(x1, G2, B2)
    z = n2 @ W1
    a = gelu(z)
    g["w2"] = a.T @ DO
    c = np.sqrt(2 / np.pi)
    th = np.tanh(c * (z + 0.044715 * z**3))
    slope = 0.5 * (1 + th) + 0.5 * z * (1 - th**2) * c * (1 + 3 * 0.044715 * z**2)
    if fault == "gelu's first term":
        slope = 0.5 * (1 + th)
    if fault == "no 3":
        slope = 0.5 * (1 + th) + 0.5 * z * (1 - th**2) * c * (1 + 0.044715 * z**2)
    if fault == "relu's slope":
        slope = (z > 0) * 1.0
    dz = DO @ W2.T * (gelu(slope) if fault == "gelu of slope" else slope)
    g["w1"] = n2.T @ dz
    d2, g["g2"], g["b2"] = norm_back(dz @ W1.T, x1, G2, fault)
    dx1 = d2 if fault == "no second way around" else DO + d2
    g["wa"] = (XB if fault == "x for its norm" else n1).T @ dx1
    d1, g["g1"], g["b1"] = norm_back(dx1 @ WA.T, XB, G1, fault)
    g["x"] = d1 + (DO if fault == "first way around of DO" else dx1)
    if fault == "no first way around":
        g["x"] = d1
    return g


LOGW, HID = draw(1703, (3, 5), (2, 4, 3))
Y = np.array([[1, 4, 2, 0], [3, 1, 0, 0]])
LENGTHS = np.array([3, 2])
OUTPUT = {"h": HID, "W": LOGW}


def perplexity(h, W):
    logits = (h @ W).reshape(-1, 5)
    targets = Y.reshape(-1)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    nll = -np.log(p[np.arange(8), targets]).mean()
    return np.exp(nll)


def of_perplexity(fault=""):
    p = softmax(HID @ LOGW)
    hot = np.eye(5)[Y]
    nll = -(np.log(p) * hot).sum() / 8
    d = (
        (p - hot)
        / (4 if fault == "steps" else 8)
        * (1 if fault == "no exp" else nll if fault == "nll" else np.exp(nll))
    )
    return {"h": d @ LOGW.T, "W": np.einsum("bth,btv->hv", HID, d)}


def by_length(h, W):
    total = 0.0
    for i, n in enumerate(LENGTHS):
        loss = 0.0
        for t in range(n):
            z = h[i, t] @ W
            z = z - z.max()
            loss += np.log(np.exp(z).sum()) - z[Y[i, t]]
        total += loss / n
    return total / len(LENGTHS)


def of_lengths(fault=""):
    d = np.zeros((2, 4, 5))
    for i, n in enumerate(LENGTHS):
        for t in range(4 if fault == "padding" else n):
            d[i, t] = softmax(HID[i, t] @ LOGW) - np.eye(5)[Y[i, t]]
        d[i] /= {"all steps": 4, "sum": 1}.get(fault, n)
    d = d / (1 if fault == "no batch" else 2)
    if fault == "tokens":
        d = d * LENGTHS[:, None, None] * 2 / LENGTHS.sum()
    if fault == "z for p":
        for i, n in enumerate(LENGTHS):
            d[i, :n] = (HID[i, :n] @ LOGW - np.eye(5)[Y[i, :n]]) / n / 2
    return {"h": d @ LOGW.T, "W": np.einsum("bth,btv->hv", HID, d)}


Q, K, VV, TAU, DATT = draw(1704, (3, 4), (5, 4), (5, 2), 1, (3, 2))
TAU = np.array(1.7)
VALID = np.array([True, True, True, True, False])
SCALED = {"Q": Q, "K": K, "V": VV, "tau": TAU}


def tempered(Q, K, V, tau):
    Qn = Q / np.sqrt(np.sum(Q**2, axis=1, keepdims=True))
    Kn = K / np.sqrt(np.sum(K**2, axis=1, keepdims=True))
    S = np.where(VALID, Qn @ Kn.T / tau, -np.inf)
    P = np.exp(S - np.max(S, axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return P @ V


def of_tempered(fault=""):
    lq, lk = (np.sqrt((a**2).sum(axis=1, keepdims=True)) for a in (Q, K))
    qn, kn = Q / lq, K / lk
    S = qn @ kn.T / TAU
    P = softmax(np.where(VALID, S, -np.inf))
    dP = DATT @ VV.T
    dS = P * (dP - (P * dP).sum(axis=1, keepdims=True))
    if fault == "no mask":
        P0 = softmax(S)
        dS = P0 * (dP - (P0 * dP).sum(axis=1, keepdims=True))
    dqn, dkn = dS @ kn / TAU, dS.T @ qn / TAU
    if fault == "no tau":
        dqn, dkn = dqn * TAU, dkn * TAU
    along = lambda d, n, l: (d - n * (d * n).sum(axis=1, keepdims=True)) / l  # noqa: E731
    dQ, dK = along(dqn, qn, lq), along(dkn, kn, lk)
    if fault == "lengths fixed":
        dQ, dK = dqn / lq, dkn / lk
    if fault == "not divided by the length":
        dQ, dK = dQ * lq, dK * lk
    dtau = -(dS * (qn @ kn.T)).sum() / TAU**2
    if fault == "tau once":
        dtau = dtau * TAU
    if fault == "tau's sign":
        dtau = -dtau
    return {"Q": dQ, "K": dK, "V": P.T @ DATT, "tau": np.array(dtau)}


def attention(name, where, says, fault):
    return case(name, where, says, gpt_attention, ATTN, of_attention, fault, DY)


def block(name, where, says, fault):
    return case(name, where, says, pre_norm_block, BLOCK, of_block, fault, DO)


def tempering(name, says, fault):
    return case(name, "lucidrains/x-transformers/issues", says, tempered, SCALED, of_tempered, fault, DATT)


MHA = "https://primer.edge.bond/ml-coding/3-attention/"
LLM, GPT2 = "karpathy/llm.c/pull/531", "candle-org/candle/pull/95"
MEAN, PADS = "radixark/miles/pull/2796", "d2l-ai/d2l-en/issues/2076"
CASES = [
    attention("softmax's sum along the queries", MHA, ("wrong axis",), "queries' axis"),
    attention("softmax's first factor forgotten", MHA, ("first factor",), "no att before"),
    attention("softmax without its sum, four axes", MHA, ("sum is missing",), "att alone"),
    attention("√d multiplied, not divided", MHA, ("multiplies", "√2", "2 times", "twice"), "times √d"),
    attention("d for √d", MHA, ("√", "twice", "0\\.7"), "d"),
    attention("the scores' gradient transposed for both", LLM, ("transpos",), "ds transposed"),
    attention("the scale forgotten for the queries alone", LLM, ("sqrt", "division", "1.41421 times"), "no 1/√d for q"),
    attention("the heads' mean for the values", "MarcoMeter/episodic-transformer-memory-ppo/pull/22", ("mean",),
              "mean of heads"),
    attention("keys before queries when they are put together", MHA, ("exchanged",), "k, q, v"),
    attention("weights averaged over the batch", MHA, ("1/2", "mean"), "mean over the batch"),
    attention("the bias at the last place alone", GPT2, ("last",), "bias of one place"),
    block("GELU's first term alone, pre-norm", GPT2, ("missing", "use"), "gelu's first term"),
    block("GELU without the cube's 3", GPT2, ("3", "cube", "\\*\\*"), "no 3"),
    block("ReLU's slope for GELU's", GPT2, ("> 0\\) is used instead of the derivative",), "relu's slope"),
    block("the norms' gains forgotten", GPT2, ("\\bg\\b", "g1", "factor"), "no gain"),
    block("the norms' means as constants", GPT2, ("mu", "mean"), "no mean"),
    block("the norms' variances as constants", GPT2, ("var",), "no variance"),
    block("the norms' gains after the means", GPT2, ("after", "\\bg\\b"), "gain after"),
    block("nothing around the feed-forward part", GPT2, ("path", "missing"), "no second way around"),
    block("nothing around the attention", GPT2, ("path", "missing"), "no first way around"),
    block("the attention's input, not normalised, at its weights", GPT2, ("\\bx\\b",), "x for its norm"),
    block("the way around of the output for the attention's", GPT2, ("x", "gradient of"), "first way around of DO"),
    case("no exp in a perplexity", MEAN, ("exp", "nll"), perplexity, OUTPUT, of_perplexity, "no exp"),
    case("the mean's logarithm for the perplexity", MEAN, ("nll", "slope", "derivative"), perplexity, OUTPUT,
         of_perplexity, "nll"),
    case("divided by the steps, not by all words", MEAN, ("2 times", "4"), perplexity, OUTPUT, of_perplexity, "steps"),
    case("divided by all steps, padding too", PADS, ("4 is used instead of the div",), by_length, OUTPUT, of_lengths,
         "all steps"),
    case("not divided by the lengths", PADS, ("division",), by_length, OUTPUT, of_lengths, "sum"),
    case("divided by all words, not by each length", PADS, ("2\\.5 is used instead of the div",), by_length, OUTPUT,
         of_lengths, "tokens"),
    case("not divided by the sentences", PADS, ("2 times",), by_length, OUTPUT, of_lengths, "no batch"),
    case("the padding's errors, in loops", PADS, ("padd", "step", "mask"), by_length, OUTPUT, of_lengths, "padding"),
    case("the scores for the probabilities", PADS, ("z", "used instead of the prob"), by_length, OUTPUT, of_lengths,
         "z for p"),
    tempering("no temperature on the way back", ("tau",), "no tau"),
    tempering("the lengths as constants, for keys and queries", ("`Q\\*\\*2`",), "lengths fixed"),
    tempering("not divided by the lengths, for keys and queries", ("division", "length", "sqrt"),
              "not divided by the length"),
    tempering("the temperature once, not squared", ("tau",), "tau once"),
    tempering("the temperature's sign", ("sign",), "tau's sign"),
    tempering("a mask of padding forgotten before softmax", ("mask", "softmax"), "no mask"),
]  # fmt: skip

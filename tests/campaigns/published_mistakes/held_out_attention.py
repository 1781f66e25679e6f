"""Held out from the search: causal heads in a loop, decoder blocks, language models with padding, chains of labels."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

T, D, NHEADS, DK = 4, 4, 2, 2
X, WQ, WK, WV, WO, BO, DOUT = draw(1401, (T, D), (D, D), (D, D), (D, D), (D, D), D, (T, D))
HEADS = {"x": X, "Wq": WQ, "Wk": WK, "Wv": WV, "Wo": WO, "bo": BO}
CAUSAL = np.tril(np.ones((T, T)))


def causal_attention(x, Wq, Wk, Wv, Wo, bo):
    params = {"Wq": Wq, "Wk": Wk, "Wv": Wv, "Wo": Wo, "bo": bo}
    T, D = x.shape
    n_heads = 2
    d_k = D // n_heads
    Q, K, V = x @ params["Wq"], x @ params["Wk"], x @ params["Wv"]
    mask = np.triu(np.ones((T, T)), k=1).astype(bool)
    heads = []
    for h in range(n_heads):
        cols = slice(h * d_k, (h + 1) * d_k)
        scores = Q[:, cols] @ K[:, cols].T / np.sqrt(d_k)
        scores = np.where(mask, -1e9, scores)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights = weights / weights.sum(axis=-1, keepdims=True)
        heads.append(weights @ V[:, cols])
    concat = np.concatenate(heads, axis=-1)
    return concat @ params["Wo"] + params["bo"]


def of_heads(fault=""):
    Q, K, V = X @ WQ, X @ WK, X @ WV
    dQ, dK, dV, concat = (np.zeros((T, D)) for _ in range(4))
    dconcat = DOUT @ (WO if fault == "Wo as it is" else WO.T)
    for h in range(NHEADS):
        c = slice(h * DK, (h + 1) * DK)
        A = softmax(np.where(CAUSAL == 0, -1e9, Q[:, c] @ K[:, c].T / np.sqrt(DK)))
        concat[:, c] = A @ V[:, c]
        dA = dconcat[:, c] @ V[:, c].T
        dV[:, c] = A.T @ dconcat[:, c]
        dS = A * (dA - (dA * A).sum(axis=-1, keepdims=True))
        if fault == "p - p²":
            dS = dA * A * (1 - A)
        if fault == "sum of all":
            dS = A * (dA - (dA * A).sum())
        if fault == "softmax forgotten":
            dS = dA * CAUSAL
        dS = dS / np.sqrt(D if fault == "√D" else DK)
        dQ[:, c], dK[:, c] = dS @ K[:, c], dS.T @ Q[:, c]
        if fault == "K for Q":
            dK[:, c] = dS.T @ K[:, c]
    g = {"Wq": X.T @ dQ, "Wk": X.T @ dK, "Wv": X.T @ dV, "Wo": concat.T @ DOUT, "bo": DOUT.sum(axis=0)}
    if fault == "Q for x":
        g["Wq"] = Q.T @ dQ
    if fault == "Wo of V":
        g["Wo"] = V.T @ DOUT
    if fault == "Wo transposed":
        g["Wo"] = g["Wo"].T
    return g | {"x": dQ @ WQ.T + dK @ WK.T + dV @ WV.T}


B, L, DM, FF = 2, 3, 4, 5
XB, W1, B1, W2, B2, GAMMA, BETA, DY = draw(1402, (B, L, DM), (DM, FF), FF, (FF, DM), DM, DM, DM, (B, L, DM))
FEED = {"x": XB, "W1": W1, "b1": B1, "W2": W2, "b2": B2, "gamma": GAMMA, "beta": BETA}


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    x_norm = (x - mean) / np.sqrt(var + eps)
    return gamma * x_norm + beta


def feed_forward(x, W1, b1, W2, b2):
    return np.maximum(0, x @ W1 + b1) @ W2 + b2


def post_norm(x, W1, b1, W2, b2, gamma, beta):
    ff = feed_forward(x, W1, b1, W2, b2)
    return layer_norm(x + ff, gamma, beta)


def of_block(fault=""):
    h = np.maximum(0, XB @ W1 + B1)
    s = XB + h @ W2 + B2
    inv = 1 / np.sqrt(s.var(axis=-1, keepdims=True) + 1e-5)
    n = (s - s.mean(axis=-1, keepdims=True)) * inv
    dn = DY * GAMMA
    mean = lambda a: a.mean(axis=-1, keepdims=True)  # noqa: E731
    ds = inv * (dn - mean(dn) - n * mean(dn * n))
    if fault == "inv²":
        ds = inv**2 * (dn - mean(dn) - n * mean(dn * n))
    if fault == "sums":
        ds = inv * (dn - dn.sum(-1, keepdims=True) - n * (dn * n).sum(-1, keepdims=True))
    if fault == "means over all":
        ds = inv * (dn - dn.mean() - n * (dn * n).mean())
    if fault == "s for n":
        ds = inv * (dn - mean(dn) - s * mean(dn * n))
    if fault == "no norm":
        ds = dn
    dh = ds @ W2.T
    dz = dh if fault == "no relu" else dh * (dh > 0) if fault == "relu of dh" else dh * (h > 0)
    flat = lambda a: a.reshape(-1, a.shape[-1])  # noqa: E731
    g = {"W1": flat(XB).T @ flat(dz), "b1": dz.sum(axis=(0, 1)), "W2": flat(h).T @ flat(ds), "b2": ds.sum(axis=(0, 1)),
         "gamma": (DY * (s if fault == "gamma of s" else n)).sum(axis=(0, 1)), "beta": DY.sum(axis=(0, 1)),
         "x": ds + dz @ W1.T}  # fmt: skip
    if fault == "no way around":
        g["x"] = dz @ W1.T
    if fault == "way around of dy":
        g["x"] = DY + dz @ W1.T
    if fault == "first sentence":
        g["W1"], g["W2"] = XB[0].T @ dz[0], h[0].T @ ds[0]
    return g


IDS, NEXT = np.array([[1, 3, 2, 0], [4, 1, 0, 0]]), np.array([[3, 2, 4, 0], [1, 2, 0, 0]])
PAD = 0
EMB, POS, WH, BV = draw(1403, (5, 3), (4, 3), (3, 3), 5)
TIED = {"emb": EMB, "pos": POS, "W": WH, "b": BV}


def tied_model(emb, pos, W, b):
    B, T = IDS.shape
    x = emb[IDS] + pos[:T]
    h = np.tanh(x @ W)
    logits = h @ emb.T + b
    logits = logits - logits.max(axis=-1, keepdims=True)
    log_probs = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    nll = -log_probs[np.arange(B)[:, None], np.arange(T), NEXT]
    mask = (NEXT != PAD).astype(np.float64)
    return (nll * mask).sum() / mask.sum()


def of_tied(fault=""):
    h = np.tanh((EMB[IDS] + POS) @ WH)
    mask = (NEXT != PAD)[:, :, None] * 1.0
    d = softmax(h @ EMB.T + BV) - np.eye(5)[NEXT]
    if fault == "mask the target alone":
        d = softmax(h @ EMB.T + BV) - np.eye(5)[NEXT] * mask
        mask = np.ones_like(mask)
    if fault != "no mask":
        d = d * mask
    d = d / {"all places": 8, "batch": 2}.get(fault, (NEXT != PAD).sum())
    dz = d @ EMB * (1 - h**2)
    dx = dz @ WH.T
    g = {"pos": dx.sum(axis=0), "b": d.sum(axis=(0, 1)), "W": np.einsum("bti,btj->ij", EMB[IDS] + POS, dz)}
    g["emb"] = np.einsum("btv,btj->vj", d, h)
    if fault == "emb set":
        for b, t in np.ndindex(2, 4):
            g["emb"][IDS[b, t]] = dx[b, t]
        return g
    np.add.at(g["emb"], IDS, dx)
    if fault == "W of emb":
        g["W"] = np.einsum("bti,btj->ij", EMB[IDS], dz)
    if fault == "pos of one":
        g["pos"] = dx[0]
    return g


EMIT, TRANS, START = draw(1404, (4, 3), (3, 3), 3)
GOLD = [0, 2, 1, 1]
CHAIN = {"emissions": EMIT, "transitions": TRANS, "start": START}


def crf_nll(emissions, transitions, start):
    score = start[GOLD[0]] + emissions[0, GOLD[0]]
    for t in range(1, len(GOLD)):
        score = score + transitions[GOLD[t - 1], GOLD[t]] + emissions[t, GOLD[t]]
    alpha = start + emissions[0]
    for t in range(1, len(GOLD)):
        alpha = np.log(np.sum(np.exp(alpha[:, None] + transitions), axis=0)) + emissions[t]
    log_z = np.log(np.sum(np.exp(alpha)))
    return log_z - score


def of_chain(fault=""):
    lse = lambda a, axis: np.log(np.exp(a).sum(axis=axis))  # noqa: E731
    alpha, beta = [START + EMIT[0]], [np.zeros(3)]
    for t in range(1, 4):
        alpha.append(lse(alpha[-1][:, None] + TRANS, 0) + EMIT[t])
    for t in range(2, -1, -1):
        beta.insert(0, lse(TRANS + EMIT[t + 1] + beta[0], 1))
    log_z = lse(alpha[-1], 0)
    g = {"emissions": np.exp(np.array(alpha) + np.array(beta) - log_z), "transitions": np.zeros((3, 3))}
    if fault == "alpha alone":
        g["emissions"] = softmax(np.array(alpha))
    g["start"] = g["emissions"][0].copy()
    for t in range(1, 4):
        g["transitions"] += np.exp(alpha[t - 1][:, None] + TRANS + EMIT[t] + beta[t] - log_z)
    if fault == "transposed":
        g["transitions"] = g["transitions"].T
    if fault == "no gold":
        return g
    g["start"][GOLD[0]] -= 0 if fault == "no gold at the start" else 1
    for t in range(4):
        g["emissions"][t, GOLD[t]] -= 1
        if t:
            pair = (GOLD[t], GOLD[t - 1]) if fault == "pair" else (GOLD[t - 1], GOLD[t])
            g["transitions"][pair] -= 1
    return {k: -v for k, v in g.items()} if fault == "sign" else g


def heads(name, where, says, fault):
    return case(name, where, says, causal_attention, HEADS, of_heads, fault, DOUT)


def block(name, where, says, fault):
    return case(name, where, says, post_norm, FEED, of_block, fault, DY)


def tied(name, where, says, fault):
    return case(name, where, says, tied_model, TIED, of_tied, fault)


def chain(name, where, says, fault):
    return case(name, where, says, crf_nll, CHAIN, of_chain, fault)


TRITON, MHA = "triton-lang/triton/issues/4541", "https://primer.edge.bond/ml-coding/3-attention/"
NORM, PADS = "flagos-ai/FlagGems/issues/5392", "tracel-ai/burn/issues/5568"
D2L, CRF = "d2l-ai/d2l-en/issues/2076", "https://www.chenk.top/en/ml-math-derivations/16-conditional-random-fields/"
CASES = [
    heads("√d of the model for √d of a head", MHA, ("√", "1/√2", "0\\.7", "sqrt"), "√D"),
    heads("softmax's diagonal alone, head by head", TRITON, ("as for a sigmoid",), "p - p²"),
    heads("softmax's sum over the whole matrix", MHA, ("whole", "all", "axes", "axis"), "sum of all"),
    heads("keys for queries, head by head", "huggingface/diffusers/pull/14341", ("K",), "K for Q"),
    heads("queries for the inputs at their weights", MHA, ("Q",), "Q for x"),
    heads("the values at the output's weights, heads in a loop", MHA, ("V",), "Wo of V"),
    heads("the output's weights without their transpose", MHA, ("transpos",), "Wo as it is"),
    heads("no softmax on the way back, but a mask", TRITON, ("softmax", "weights"), "softmax forgotten"),
    block("the variance for the deviation", NORM, ("var", "std", "sqrt", "power"), "inv²"),
    block("sums for means in layer norm", NORM, ("sum", "mean"), "sums"),
    block("means over the sentences too", NORM, ("axis", "axes", "all"), "means over all"),
    block("the input for its norm in layer norm", NORM, ("x_norm", "norm"), "s for n"),
    block("the norm left out", "huggingface/candle/pull/3613", ("left out", "missing", "norm"), "no norm"),
    block("relu's mask forgotten in a block", NORM, ("relu", "mask"), "no relu"),
    block("relu's mask of its gradient in a block", NORM, ("relu", "gradient"), "relu of dh"),
    block("the input for its norm at gamma", NORM, ("x_norm",), "gamma of s"),
    block("no way around in a block", NORM, ("path", "missing"), "no way around"),
    block("the way around skips the norm after it", NORM, ("norm", "skip", "DY", "around"), "way around of dy"),
    block("the first sentence alone for the weights", NORM, ("\\[0\\]", "first", "example"), "first sentence"),
    tied("divided by all places, padding too", PADS, ("8", "padding", "mask"), "all places"),
    tied("divided by the sentences", D2L, ("2", "mask"), "batch"),
    tied("no mask of padding", "BrianPulfer/PapersReimplementations/pull/17", ("mask",), "no mask"),
    tied("the mask on the target alone", PADS, ("mask",), "mask the target alone"),
    tied("the lookup's rows set over the head's gradient", MHA, ("repeat", "set", "over", "last"), "emb set"),
    tied("the positions left out at the weights", MHA, ("emb\\[IDS\\]. is used instead of x",), "W of emb"),
    tied("positions learn from the first sentence, tied", MHA, ("first", "\\[0\\]", "example", "axis"), "pos of one"),
    chain("the state before alone for the marginals", CRF, ("alpha", "log_z", "path", "turn"), "alpha alone"),
    chain("transitions the other way round", CRF, ("transpos",), "transposed"),
    chain("the gold path is not subtracted", CRF, ("score",), "no gold"),
    chain("the gold path is not subtracted at the start", CRF, ("start",), "no gold at the start"),
    chain("the gold pairs in reverse order", CRF, ("transpos", "order", "revers", "place"), "pair"),
    chain("the log likelihood's sign", CRF, ("sign",), "sign"),
]  # fmt: skip

"""Held out from the search: layers of courses on vision and captions, encoder blocks, rotated and shared heads."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

XG, GAMMA, BETA, DG = draw(871, (2, 4, 3, 2), (1, 4, 1, 1), (1, 4, 1, 1), (2, 4, 3, 2))
GROUPED = {"x": XG, "gamma": GAMMA, "beta": BETA}


def spatial_groupnorm(x, gamma, beta):
    N, C, H, W = x.shape
    G, eps = 2, 1e-5
    x_group = x.reshape(N, G, C // G * H * W)
    mean = x_group.mean(axis=2, keepdims=True)
    var = x_group.var(axis=2, keepdims=True)
    x_norm = (x_group - mean) / np.sqrt(var + eps)
    return gamma * x_norm.reshape(N, C, H, W) + beta


def of_groups(fault=""):
    x = XG.reshape(2, 2, 12)
    rstd = 1 / np.sqrt(x.var(axis=2, keepdims=True) + 1e-5)
    x_norm = (x - x.mean(axis=2, keepdims=True)) * rstd
    d = (DG if fault == "gamma" else DG * GAMMA).reshape(2, 2, 12)
    n = 2 if fault == "channels of a group" else 12
    dx = rstd / n * (n * d - d.sum(axis=2, keepdims=True) - x_norm * (d * x_norm).sum(axis=2, keepdims=True))
    if fault == "of all groups":
        dx = rstd * (d - d.mean(axis=(1, 2), keepdims=True) - x_norm * (d * x_norm).mean(axis=(1, 2), keepdims=True))
    if fault == "no mean":
        dx = rstd * (d - x_norm * (d * x_norm).mean(axis=2, keepdims=True))
    dgamma = (DG * x_norm.reshape(XG.shape)).sum(axis=(0, 2, 3), keepdims=True)
    if fault == "x at gamma":
        dgamma = (DG * XG).sum(axis=(0, 2, 3), keepdims=True)
    dbeta = DG.sum(axis=(0, 2, 3), keepdims=True)
    return {"x": dx.reshape(XG.shape), "gamma": dgamma, "beta": dbeta / (2 if fault == "beta" else 1)}


FEATURES, PROJ, BP, EMBED, WX, WH, B, VOCAB, BV = draw(
    872, (2, 3), (3, 4), 4, (5, 3), (3, 4), (4, 4), 4, (4, 5), 5
)  # fmt: skip
WORDS_IN, WORDS_OUT = np.array([[1, 3, 2], [1, 4, 0]]), np.array([[3, 2, 4], [4, 2, 0]])
SEEN = WORDS_OUT != 0
CAPTIONS = {
    "W_proj": PROJ, "b_proj": BP, "W_embed": EMBED, "Wx": WX, "Wh": WH, "b": B, "W_vocab": VOCAB, "b_vocab": BV
}  # fmt: skip


def captioning(W_proj, b_proj, W_embed, Wx, Wh, b, W_vocab, b_vocab):
    prev_h = FEATURES.dot(W_proj) + b_proj
    x = W_embed[WORDS_IN]
    h = []
    for t in range(3):
        prev_h = np.tanh(x[:, t, :].dot(Wx) + prev_h.dot(Wh) + b)
        h.append(prev_h)
    h = np.stack(h, axis=1)
    scores = h.reshape(6, 4).dot(W_vocab) + b_vocab
    probs = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probs = probs / np.sum(probs, axis=1, keepdims=True)
    return -np.sum(SEEN.reshape(6) * np.log(probs[np.arange(6), WORDS_OUT.reshape(6)])) / 2


def of_captions(fault=""):
    h0 = FEATURES @ PROJ + BP
    x, hs = EMBED[WORDS_IN], [h0]
    for t in range(3):
        hs.append(np.tanh(x[:, t] @ WX + hs[-1] @ WH + B))
    h = np.stack(hs[1:], axis=1).reshape(6, 4)
    d = softmax(h @ VOCAB + BV)
    d[np.arange(6), WORDS_OUT.ravel()] -= 1
    d = d / (6 if fault == "T" else 1 if fault == "N" else 2)
    if fault != "mask":
        d = d * SEEN.reshape(6, 1)
    g = {name: np.zeros_like(value) for name, value in CAPTIONS.items()}
    g["W_vocab"], g["b_vocab"] = h.T @ d, d.sum(axis=0)
    dh = (d @ VOCAB.T).reshape(2, 3, 4)
    dx, dprev = np.zeros_like(x), np.zeros((2, 4))
    for t in reversed(range(3)):
        dz = (dh[:, t] + dprev) * (1 - hs[t + 1] ** 2)
        dx[:, t], dprev = dz @ WX.T, dz @ WH.T
        if fault == "Wh":
            dprev = dz @ WH
        g["Wx"] += x[:, t].T @ dz
        g["Wh"] += hs[t].T @ dz
        g["b"] = dz.sum(axis=0) if fault == "b set" else g["b"] + dz.sum(axis=0)
    np.add.at(g["W_embed"], WORDS_IN, dx)
    if fault == "embed":
        g["W_embed"][...] = 0.0
        g["W_embed"][WORDS_IN] += dx
    dh0 = dh[:, 0] if fault == "h0" else dprev
    g["W_proj"], g["b_proj"] = FEATURES.T @ dh0, dh0.sum(axis=0)
    return g


X, WQ, WK, WV, WO, F1, F2, G1, G2, DY = draw(
    873, (4, 4), (4, 4), (4, 4), (4, 4), (4, 4), (4, 6), (6, 4), 4, 4, (4, 4)
)  # fmt: skip
DROP = (draw(874, (4, 4)) > -0.5) / 0.75
ENCODER = {"x": X, "Wq": WQ, "Wk": WK, "Wv": WV, "Wo": WO, "F1": F1, "F2": F2, "g1": G1, "g2": G2}


def layer_norm(x, g):
    mu = x.mean(-1, keepdims=True)
    sigma = np.sqrt(((x - mu) ** 2).mean(-1, keepdims=True) + 1e-6)
    return g * (x - mu) / sigma


def encoder(x, Wq, Wk, Wv, Wo, F1, F2, g1, g2):
    """An encoder's block, with the norms after the residual sums, as in the first paper."""
    Q, K, V = x @ Wq, x @ Wk, x @ Wv
    S = Q @ K.T / 2.0
    A = np.exp(S - S.max(axis=-1, keepdims=True))
    A = A / A.sum(axis=-1, keepdims=True)
    y = layer_norm(x + (A @ V @ Wo) * DROP, g1)
    return layer_norm(y + np.maximum(0, y @ F1) @ F2, g2)


def norm_back(d, x, g):
    xc = x - x.mean(-1, keepdims=True)
    sigma = np.sqrt((xc**2).mean(-1, keepdims=True) + 1e-6)
    xhat, dg = xc / sigma, d * g
    return (dg - dg.mean(-1, keepdims=True) - xhat * (dg * xhat).mean(-1, keepdims=True)) / sigma, (d * xhat).sum(0)


def of_encoder(fault=""):
    Q, K, V = X @ WQ, X @ WK, X @ WV
    A = softmax(Q @ K.T / 2.0)
    first = X + (A @ V @ WO) * DROP
    y = layer_norm(first, G1)
    hidden = np.maximum(0, y @ F1)
    dsecond, dg2 = norm_back(DY, y + hidden @ F2, G2)
    dhidden = dsecond @ F2.T * (hidden > 0)
    dy = dsecond + dhidden @ F1.T
    if fault == "dout around":
        dy = DY + dhidden @ F1.T
    if fault == "no way around":
        dy = dhidden @ F1.T
    dfirst, dg1 = norm_back(dy, first, G1)
    dout = dfirst if fault == "dropout" else dfirst * DROP
    dAV = dout @ WO.T
    dA, dV = dAV @ V.T, (A if fault == "A.T" else A.T) @ dAV
    dS = A * (dA - (dA * A).sum(-1, keepdims=True)) / 2.0
    dQ, dK = dS @ K, dS.T @ (K if fault == "K for Q" else Q)
    if fault == "scale of K":
        dK = dK * 2.0
    dx = dfirst + dQ @ WQ.T + dK @ WK.T + dV @ WV.T
    if fault == "dropped around":
        dx = dx - dfirst + dfirst * DROP
    if fault == "no Q":
        dx = dx - dQ @ WQ.T
    dWo = V.T @ dout if fault == "V at Wo" else (A @ V).T @ dout
    return {
        "x": dx, "Wq": X.T @ dQ, "Wk": X.T @ dK, "Wv": X.T @ dV, "Wo": dWo, "F1": y.T @ dhidden,
        "F2": hidden.T @ dsecond, "g1": dg1, "g2": dg2,
    }  # fmt: skip


ANGLES = np.outer(np.arange(4), [1.0, 0.1])
COS, SIN = np.cos(np.hstack((ANGLES, ANGLES))), np.sin(np.hstack((ANGLES, ANGLES)))
XR, RQ, RK, RV, DR = draw(875, (4, 4), (4, 8), (4, 4), (4, 3), (2, 4, 3))
ROTATED = {"x": XR, "Wq": RQ, "Wk": RK, "Wv": RV}
LATER = np.triu(np.full((4, 4), -1e9), 1)


def rotate_half(x):
    return np.concatenate((-x[..., 2:], x[..., :2]), axis=-1)


def apply_rotary(x):
    return x * COS + rotate_half(x) * SIN


def rotated_back(d, fault=""):
    turned = np.concatenate((d[:, 2:] * SIN[:, 2:], -d[:, :2] * SIN[:, :2]), axis=1)
    return d * COS + (-turned if fault == "forwards" else 0 if fault == "cosine alone" else turned)


def multi_query(x, Wq, Wk, Wv):
    """Two heads of queries with one head of keys and values, with rotary positions."""
    k, v = apply_rotary(x @ Wk), x @ Wv
    out = []
    for h in range(2):
        q = apply_rotary(x @ Wq[:, 4 * h : 4 * h + 4])
        scores = q @ k.T / np.sqrt(4) + LATER
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        out.append(p @ v)
    return np.stack(out)


def of_queries(fault=""):
    plain_k = XR @ RK
    k, v = apply_rotary(plain_k), XR @ RV
    dk, dv, dWq, dx = np.zeros((4, 4)), np.zeros((4, 3)), np.zeros_like(RQ), np.zeros_like(XR)
    for h in range(2):
        at = np.s_[:, 4 * h : 4 * h + 4]
        plain_q = XR @ RQ[at]
        q = apply_rotary(plain_q)
        p = softmax(q @ k.T / 2.0 + LATER)
        dp = DR[h] @ v.T
        ds = p * (dp - (dp * p).sum(axis=1, keepdims=True)) / 2.0
        here, there = ds.T @ (plain_q if fault == "q before" else q), p.T @ DR[h]
        if fault == "last head":
            dk, dv = here, there
        else:
            dk, dv = dk + here, dv + there
        dq = rotated_back(ds @ k, fault if fault != "k not back" else "")
        if fault == "q not back":
            dq = ds @ k
        dWq[at] = XR.T @ dq
        dx += dq @ RQ[at].T
    if fault == "mean of heads":
        dk, dv = dk / 2, dv / 2
    dk = dk if fault == "k not back" else rotated_back(dk, fault)
    dx += dk @ RK.T + dv @ RV.T
    return {"x": dx, "Wq": dWq, "Wk": XR.T @ dk, "Wv": XR.T @ dv}


def groups(name, where, says, fault):
    return case(name, where, says, spatial_groupnorm, GROUPED, of_groups, fault, DG)


def caption(name, where, says, fault):
    return case(name, where, says, captioning, CAPTIONS, of_captions, fault)


def post(name, where, says, fault):
    return case(name, where, says, encoder, ENCODER, of_encoder, fault, DY)


def shared(name, where, says, fault):
    return case(name, where, says, multi_query, ROTATED, of_queries, fault, DR)


RNN = "Burton2000/CS231n-2017/issues/7"
REPEATS = ("repeat", "last", "once", "several", "add")
HEADS = "fla-org/flash-linear-attention/pull/384"
TENSORS = "ooples/AiDotNet.Tensors/issues/49"
CANDLE = "candle-org/candle/pull/95"
CASES = [
    groups("gamma left out", "denizyuret/Knet.jl/issues/288", ("gamma",), "gamma"),
    groups("the group's channels for its elements", "mlpack/mlpack/pull/3028", ("\\b12\\b", "\\b6\\b", "mean", "n "),
           "channels of a group"),
    groups("means over all groups", "state-spaces/mamba/pull/547", ("axis|axes|group|mean",), "of all groups"),
    groups("the mean's path forgotten", "mlpack/mlpack/pull/2474", ("mean",), "no mean"),
    groups("x for its norm at gamma", "intel/ipex-llm/pull/94", ("x_norm|\\bx\\b",), "x at gamma"),
    groups("beta averaged over the images", "heyxhh/nnet-numpy/issues/1", ("½|1/2|0\\.5|mean",), "beta"),
    caption("the mask of padding forgotten", "harvard-edge/cs249r_book/pull/1504", ("SEEN|mask|factor",), "mask"),
    caption("divided by the words too", RNN, ("1/3|0\\.33|mean|\\b6\\b",), "T"),
    caption("not divided by the captions", RNN, ("twice|2 times|\\b2\\b|mean",), "N"),
    caption("Wh for its transpose", "qixianbiao/RNN/issues/2", ("Wh.*transpos|transpos.*Wh",), "Wh"),
    caption("the bias's gradient set in the loop", RNN, REPEATS, "b set"),
    caption("rows of words that repeat", "tenstorrent/tt-metal/issues/6232", REPEATS, "embed"),
    caption("the first state's gradient from above alone", RNN, ("h0|prev_h|h\\(|path|gradient of",), "h0"),
    post("the way around skips the norm", "keras-team/keras-io/pull/2144", ("norm|sigma|gradient of|path|g2",),
         "dout around"),
    post("nothing on the way around", "paiml/entrenar/issues/313", ("path|y",), "no way around"),
    post("no dropout on the way back", "NVIDIA/apex/pull/816", ("DROP",), "dropout"),
    post("the dropout's mask on the way around too", "NVIDIA/apex/pull/860", ("DROP|mask",), "dropped around"),
    post("the weights for their transpose at the values", TENSORS, ("transpos",), "A.T"),
    post("keys for queries in the keys' gradient", TENSORS, ("\\bQ\\b|\\bK\\b",), "K for Q"),
    post("the scale forgotten for the keys alone", "facebookresearch/XLM/pull/357", ("2|scale|division",),
         "scale of K"),
    post("x learns nothing as queries", CANDLE, ("path|Q|x @ Wq",), "no Q"),
    post("the values at the output's weights", CANDLE, ("\\bV\\b|A @ V",), "V at Wo"),
    shared("rotated forwards again", "huggingface/candle/pull/3613", ("sign|SIN",), "forwards"),
    shared("the keys not rotated back", "huggingface/candle/pull/3613", ("COS|SIN|rotat|\\bk\\b|x @ Wk",),
           "k not back"),
    shared("the queries not rotated back", "huggingface/candle/pull/3613", ("COS|SIN|rotat|\\bq\\b|x @ Wq",),
           "q not back"),
    shared("the cosine's part alone", "huggingface/candle/pull/3613", ("rotate_half|SIN|path|x\\[",), "cosine alone"),
    shared("queries before their rotation", "huggingface/candle/pull/3613", ("x @ Wq|rotat|before|\\bq\\b",),
           "q before"),
    shared("the last head alone for the shared keys", HEADS, ("last|add|one|head|path|use",), "last head"),
    shared("the shared keys' gradient averaged over the heads", HEADS, ("averaged",), "mean of heads"),
]  # fmt: skip

"""Held out from the search: attention and its projections, positions, tied embeddings, gated layers."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

T, D = 4, 4
X, WQ, WK, WV, WO, UP = draw(261, (T, D), (D, D), (D, D), (D, D), (D, D), (T, D))
SELF = {"x": X, "W_q": WQ, "W_k": WK, "W_v": WV, "W_o": WO}


def self_attention(x, W_q, W_k, W_v, W_o):
    q, k, v = x @ W_q, x @ W_k, x @ W_v
    scores = q @ k.T / np.sqrt(k.shape[-1])
    allowed = np.tril(np.ones((4, 4)))
    masked = np.where(allowed == 1, scores, -1e9)
    e = np.exp(masked - masked.max(axis=-1, keepdims=True))
    probs = e / e.sum(axis=-1, keepdims=True)
    context = probs @ v
    return context @ W_o


def of_attention(fault=""):
    q, k, v = X @ WQ, X @ WK, X @ WV
    scores = q @ k.T / 2
    A = softmax(np.where(np.tril(np.ones((T, T))) == 1, scores, -1e9))
    dcontext = UP if "W_o" in fault else UP @ WO.T
    dA = dcontext @ v.T
    A_back = softmax(scores) if "unmasked" in fault else A
    axis = 0 if "axis" in fault else 1
    dS = A_back * (dA - (A_back * dA).sum(axis=axis, keepdims=True))
    dS = dS if "scale" in fault else dS / 2
    dq = dS @ k
    dk = (dS if "transpose" in fault else dS.T) @ q
    dv = (A if "probs" in fault else A.T) @ dcontext
    dx = dq @ WQ.T + dk @ WK.T + (0 if "v's way" in fault else dv @ WV.T)
    return {"x": dx, "W_q": X.T @ dq, "W_k": X.T @ dk, "W_v": X.T @ dv, "W_o": (A @ v).T @ UP}


S, POS, UPS = draw(262, (4, 4), 7, (4, 4))
RELATIVE = {"scores": S, "pos": POS}


def relative_positions(scores, pos):
    out = np.zeros_like(scores)
    for q in range(4):
        for k in range(4):
            out[q, k] = np.tanh(scores[q, k] + pos[q - k + 3])
    return out


def of_relative(fault=""):
    found = {"scores": np.zeros_like(S), "pos": np.zeros_like(POS)}
    for q in range(4):
        for k in range(4):
            g = UPS[q, k] * (1 - np.tanh(S[q, k] + POS[q - k + 3]) ** 2)
            found["scores"][q, k] = g
            at = k - q + 3 if fault == "reversed" else q - k + 3
            found["pos"][at] = g + (0 if fault == "set" else found["pos"][at])
    return found


TABLE, PLACES, UPE = draw(263, (6, 3), (4, 3), (2, 4, 3))
IDS = np.array([[1, 0, 4, 2], [3, 5, 0, 1]])
EMBED = {"table": TABLE, "places": PLACES, "ids": IDS}


def embed(table, places, ids):
    d_model = 3
    tokens = table[ids] * np.sqrt(d_model)
    return np.tanh(tokens + places)


def of_embedding(fault=""):
    g = UPE * (1 - np.tanh(TABLE[IDS] * np.sqrt(3) + PLACES) ** 2)
    d = np.zeros_like(TABLE)
    np.add.at(d, IDS, g * (1 if "scale" in fault else np.sqrt(3)))
    if "overwritten" in fault:
        d[IDS] = g * np.sqrt(3)
    return {"table": d, "places": g.mean(axis=0) if "mean" in fault else g.sum(axis=0)}


def padded(table, places, ids):
    tokens = np.where((ids > 0)[..., None], table[ids], 0.0)
    return np.tanh(tokens + places)


def of_padded(masked=True):
    keep = (IDS > 0)[..., None]
    g = UPE * (1 - np.tanh(keep * TABLE[IDS] + PLACES) ** 2)
    d = np.zeros_like(TABLE)
    np.add.at(d, IDS, g * keep if masked else g)
    return {"table": d, "places": g.sum(axis=0)}


E, WT, TARGETS = draw(264, (5, 3), (3, 3), (4, 5))
TARGETS = np.eye(5)[[2, 0, 4, 1]]
WORDS = np.array([0, 3, 1, 2])
TIED = {"E": E, "W": WT, "y": TARGETS, "ids": WORDS}


def tied_language_model(E, W, y, ids):
    x = E[ids]
    h = np.tanh(x @ W)
    logits = h @ E.T
    log_p = logits - np.log(np.sum(np.exp(logits), axis=1, keepdims=True))
    return -np.mean(np.sum(y * log_p, axis=1))


def of_tied(uses="both"):
    h = np.tanh(E[WORDS] @ WT)
    d = (softmax(h @ E.T) - TARGETS) / 4
    dz = d @ E * (1 - h**2)
    head, first = d.T @ h, np.zeros_like(E)
    np.add.at(first, WORDS, dz @ WT.T)
    return {"E": {"both": head + first, "head": head, "first": first}[uses], "W": E[WORDS].T @ dz}


XF, WG, WU, WD, UPF = draw(265, (4, 3), (3, 5), (3, 5), (5, 3), (4, 3))
FEED = {"x": XF, "W_gate": WG, "W_up": WU, "W_down": WD}


def swiglu(x, W_gate, W_up, W_down):
    gate = x @ W_gate
    up = x @ W_up
    silu = gate * sigmoid(gate)
    hidden = silu * up
    return hidden @ W_down


def of_swiglu(fault=""):
    gate, up = XF @ WG, XF @ WU
    s = sigmoid(gate)
    silu = gate * s
    dh = UPF @ WD.T
    dup = dh * (gate if "no sigmoid" in fault else silu)
    dgate = dh * up * (s * (1 - s) if "slope" in fault else s + silu * (1 - s))
    if "exchanged" in fault:
        dgate, dup = dup, dgate
    dx = dgate @ WG.T + (0 if "one way" in fault else dup @ WU.T)
    return {"x": dx, "W_gate": XF.T @ dgate, "W_up": XF.T @ dup, "W_down": (silu * up).T @ UPF}


def attention(name, where, says, fault):
    return Mistake(name, GIT + where, self_attention, SELF, of_attention, lambda: of_attention(fault), says, UP)


def feed(name, where, says, fault):
    return Mistake(name, GIT + where, swiglu, FEED, of_swiglu, lambda: of_swiglu(fault), says, UPF)


def case(name, where, says, forward, inputs, right, wrong, upstream=None):
    return Mistake(name, GIT + where, forward, inputs, right, wrong, says, upstream)


AGAIN = ("repeat", "last", "add", "more than once", "twice", "use")
UNSLOTH = "unslothai/unsloth/issues/3314"
CASES = [
    attention("no 1/√d on the way back", "ethen8181/machine-learning/issues/13", ("½", "0\\.5", "2 times", "twice",
              "sqrt", "factor 2"), "scale"),
    attention("the mask forgotten on the way back", "hao-ai-lab/FastVideo/pull/925", ("mask", "allowed", "where"),
              "unmasked"),
    attention("softmax's sum along the columns", "HKUSTDial/flash-sparse-attention/pull/109", ("axis", "sum"), "axis"),
    attention("nothing through W_o", "d2l-ai/d2l-en/pull/439", ("W_o",), "W_o"),
    attention("dS for its transpose at the keys", "feifeibear/long-context-attention/pull/121", ("transpos",),
              "transpose"),
    attention("the weights for their transpose at the values", "feifeibear/long-context-attention/pull/121",
              ("transpos",), "probs"),
    attention("the values' way to x missing", "rasbt/LLMs-from-scratch/pull/68", ("\\bv\\b", "path", "W_v"), "v's way"),
    attention("no 1/√d, and nothing through W_o", "ethen8181/machine-learning/issues/13",
              ("W_o.*(½|0\\.5|2 times|sqrt|twice)", "(½|0\\.5|2 times|sqrt|twice).*W_o"), "scale W_o"),
    case("a position's bias set at each place", "meta-pytorch/attention-gym/issues/20", AGAIN, relative_positions,
         RELATIVE, of_relative, lambda: of_relative("set"), UPS),
    case("a position's bias the other way round", "ZhengkunTian/OpenTransformer/pull/28", ("revers", "order", "flip"),
         relative_positions, RELATIVE, of_relative, lambda: of_relative("reversed"), UPS),
    case("no √d of the embedding", "delzac/cntkx/issues/10", ("sqrt", "1\\.73", "0\\.57", "d_model"), embed, EMBED,
         of_embedding, lambda: of_embedding("scale"), UPE),
    case("positions averaged over the batch", "EleutherAI/bergson/pull/76", ("½", "0\\.5", "1/2", "half", "mean"),
         embed, EMBED, of_embedding, lambda: of_embedding("mean"), UPE),
    case("no √d, and positions averaged", "EleutherAI/bergson/pull/76",
         ("(sqrt|1\\.73|0\\.57).*(½|0\\.5|1/2|half|mean)",
         "(½|0\\.5|1/2|half|mean).*(sqrt|1\\.73|0\\.57)"), embed, EMBED, of_embedding,
         lambda: of_embedding("scale mean"), UPE),
    case("rows written over", "sql-machine-learning/elasticdl/pull/2365", AGAIN, embed, EMBED, of_embedding,
         lambda: of_embedding("overwritten"), UPE),
    case("the padding learns", "google/torchax/pull/11", ("mask", "where", "ids", "keep", "row"), padded, EMBED,
         of_padded, lambda: of_padded(masked=False), UPE),
    case("the head's gradient alone for a tied table", "paiml/entrenar/issues/314", ("use", "path", "ids", "alone",
         "x"), tied_language_model, TIED, of_tied, lambda: of_tied("head")),
    case("the lookup's gradient alone for a tied table", "nntrainer/nntrainer/pull/4025", ("use", "path", "logits",
         "alone"), tied_language_model, TIED, of_tied, lambda: of_tied("first")),
    feed("gate and up exchanged", UNSLOTH, ("swap", "exchang", "gate", "up"), "exchanged"),
    feed("σ′ for silu's slope", "nntrainer/nntrainer/pull/3847", ("path", "silu", "sigmoid", "slope", "gate"), "slope"),
    feed("the gate for silu of it", UNSLOTH, ("silu", "sigmoid", "gate"), "no sigmoid"),
    feed("one way alone back to x", UNSLOTH, ("W_up", "\\bup\\b", "path"), "one way"),
]  # fmt: skip

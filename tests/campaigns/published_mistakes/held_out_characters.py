"""Held out from the search: a network of characters with batch normalisation, step by step, as in makemore."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw

N, SIZE, DIM, HIDDEN, VOCABULARY = 5, 3, 2, 4, 6
C, W1, B1, W2, B2 = draw(831, (VOCABULARY, DIM), (SIZE * DIM, HIDDEN), HIDDEN, (HIDDEN, VOCABULARY), VOCABULARY)
GAIN, BIAS = draw(832, (1, HIDDEN), (1, HIDDEN))
XB = np.array([[0, 0, 3], [1, 2, 3], [4, 4, 4], [0, 5, 1], [2, 2, 0]])
YB = np.array([1, 4, 0, 5, 2])
INPUTS = {"C": C, "W1": W1, "b1": B1, "W2": W2, "b2": B2, "bngain": GAIN, "bnbias": BIAS}


def makemore(C, W1, b1, W2, b2, bngain, bnbias):
    n = 5
    emb = C[XB]
    embcat = emb.reshape(emb.shape[0], -1)
    hprebn = embcat @ W1 + b1
    bnmeani = 1 / n * hprebn.sum(0, keepdims=True)
    bndiff = hprebn - bnmeani
    bndiff2 = bndiff**2
    bnvar = 1 / (n - 1) * bndiff2.sum(0, keepdims=True)
    bnvar_inv = (bnvar + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    hpreact = bngain * bnraw + bnbias
    h = np.tanh(hpreact)
    logits = h @ W2 + b2
    logit_maxes = logits.max(1, keepdims=True)
    norm_logits = logits - logit_maxes
    counts = np.exp(norm_logits)
    counts_sum = counts.sum(1, keepdims=True)
    counts_sum_inv = counts_sum**-1
    probs = counts * counts_sum_inv
    logprobs = np.log(probs)
    return -logprobs[range(n), YB].mean()


def backward(fault=""):
    n = N
    embcat = C[XB].reshape(n, -1)
    hprebn = embcat @ W1 + B1
    bndiff = hprebn - hprebn.mean(0, keepdims=True)
    bnvar = (bndiff**2).sum(0, keepdims=True) / (n - 1)
    bnvar_inv = (bnvar + 1e-5) ** -0.5
    bnraw = bndiff * bnvar_inv
    h = np.tanh(GAIN * bnraw + BIAS)
    logits = h @ W2 + B2
    counts = np.exp(logits - logits.max(1, keepdims=True))
    inverse = counts.sum(1, keepdims=True) ** -1.0
    probs = counts * inverse
    dlogprobs = np.zeros_like(probs)
    dlogprobs[range(n), YB] = -1 if fault == "n" else -1 / n
    dprobs = dlogprobs if fault == "log" else dlogprobs / probs
    dcounts = inverse * dprobs
    if fault != "counts":
        dinverse = (counts * dprobs).sum(1, keepdims=True)
        dsum = (dinverse if fault == "inverse" else -(inverse**2) * dinverse) * (1 if fault != "sign" else -1)
        dcounts = dcounts + dsum
    dnorm = dcounts if fault == "exp" else counts * dcounts
    dlogits = dnorm
    if fault == "p − 1":
        dlogits = probs.copy()
        dlogits[range(n), YB] -= 1
        dlogits = dlogits / (n * VOCABULARY)
    dh = dlogits @ W2.T
    slope = 1 - (GAIN * bnraw + BIAS) ** 2 if fault == "hpreact" else 1 - h**2
    dhpreact = slope * dh
    dbnraw = dhpreact if fault == "gain" else GAIN * dhpreact
    dbnvar = -0.5 * (bnvar + 1e-5) ** (-0.5 if fault == "power" else -1.5) * (bndiff * dbnraw).sum(0, keepdims=True)
    dbndiff2 = np.ones_like(bndiff) * dbnvar / (n if fault == "Bessel" else n - 1)
    dbndiff = bnvar_inv * dbnraw
    if fault != "bndiff":
        dbndiff = dbndiff + (1 if fault == "2" else 2) * bndiff * dbndiff2
    dhprebn = dbndiff.copy()
    if fault == "mean's sign":
        dhprebn = dbndiff + dbndiff.sum(0, keepdims=True) / n
    elif fault == "mean's 1/n":
        dhprebn = dbndiff - dbndiff.sum(0, keepdims=True)
    elif fault != "mean":
        dhprebn = dbndiff - dbndiff.sum(0, keepdims=True) / n
    demb = (dhprebn @ W1.T).reshape(n, SIZE, DIM)
    dC = np.zeros_like(C)
    for k in range(n):
        if fault == "rows":
            dC[XB[k]] += demb[k]
            continue
        for j in range(SIZE):
            dC[XB[k, j]] = demb[k, j] if fault == "set" else dC[XB[k, j]] + demb[k, j]
    return {
        "C": dC,
        "W1": embcat.T @ dhprebn,
        "b1": dhprebn.sum(0),
        "W2": h.T @ dlogits,
        "b2": dlogits.sum(0),
        "bngain": (bndiff * dhpreact if fault == "raw" else bnraw * dhpreact).sum(0, keepdims=True),
        "bnbias": dhpreact.sum(0, keepdims=True),
    }


def case(name, where, says, fault):
    address = where if where.startswith("https") else GIT + where
    return Mistake(name, address, makemore, INPUTS, backward, lambda: backward(fault), says)


LECTURE = "AxundovReyal/NLP"
CASES = [
    case("rows of C that repeat within a word", "karpathy/nn-zero-to-hero/issues/57", ("repeat", "last", "once",
         "more than", "add", "turn"), "rows"),
    case("rows of C set", "karpathy/nn-zero-to-hero/issues/57", ("repeat", "last", "once", "more than", "add", "turn",
         "set"), "set"),
    case("−1 for −1/n", LECTURE, ("\\b5\\b", "mean", "n times"), "n"),
    case("the logarithm's slope forgotten", LECTURE, ("log", "slope", "probs"), "log"),
    case("counts used once", LECTURE, ("counts_sum", "p Σ g is missing", "the sum is missing"), "counts"),
    case("the reciprocal's slope forgotten", LECTURE, ("counts_sum", "slope", "power"), "inverse"),
    case("the sign of the reciprocal's slope", LECTURE, ("counts_sum", "sign", "is added, not subtracted"), "sign"),
    case("exp's slope forgotten", LECTURE, ("exp", "counts", "slope"), "exp"),
    case("p − y divided by all entries", LECTURE, ("\\b6\\b", "1/6", "0\\.1666"), "p − 1"),
    case("tanh′ from its input", LECTURE, ("input", "hpreact", "tanh", "slope"), "hpreact"),
    case("bngain forgotten", "denizyuret/Knet.jl/issues/288", ("bngain",), "gain"),
    case("−½ for −3/2", "apache/mxnet/issues/1053", ("slope", "power", "bnvar", "exponent", "\\*\\*"), "power"),
    case("n for n − 1", "apache/mxnet/issues/1053", ("4/5", "0\\.8", "n - 1", "n − 1", "bias", "4 / 5"), "Bessel"),
    case("bndiff used once", "apache/mxnet/issues/1053", ("bndiff2", "path", "bnvar"), "bndiff"),
    case("the square's 2", "PABannier/nanograd/issues/2", ("½", "0\\.5", "half", "bndiff2", "factor 2"), "2"),
    case("the mean forgotten", LECTURE, ("bnmeani",), "mean"),
    case("the mean added", LECTURE, ("bnmeani.*sign", "sign.*bnmeani", "bnmeani"), "mean's sign"),
    case("the mean's 1/n", LECTURE, ("bnmeani", "\\b5\\b", "mean"), "mean's 1/n"),
    case("bndiff for bnraw at the gain", LECTURE, ("bnraw", "bndiff", "bnvar_inv"), "raw"),
]  # fmt: skip

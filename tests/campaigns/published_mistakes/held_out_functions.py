"""Held out from the search: embeddings, PReLU, maxout, and functions of one's own for PyTorch."""

import numpy as np

from tests.campaigns.record import case, draw

XU, DU = draw(929, (2, 8, 2, 3), (2, 2, 4, 6))


def pixel_shuffle(x):
    n, c, h, w = x.shape
    r = 2
    out = x.reshape(n, c // r**2, r, r, h, w)
    return out.transpose(0, 1, 4, 2, 5, 3).reshape(n, c // r**2, h * r, w * r)


def of_shuffle(fault=""):
    d = DU.reshape(2, 2, 2, 2, 3, 2)
    axes = (0, 1, 5, 3, 2, 4) if fault == "swapped" else (0, 1, 3, 5, 2, 4)
    return {"x": d.transpose(axes).reshape(XU.shape)}


TABLE, POS, WV, DV = draw(930, (6, 4), (3, 4), (4, 4), (2, 3, 4))
IDS = np.array([[1, 4, 1], [0, 4, 4]])
EMBEDDED = {"emb": TABLE, "pos": POS, "W": WV}


def embedding(emb, pos, W):
    h = emb[IDS] * np.sqrt(4) + pos
    return h @ W


def of_embedding(fault=""):
    dh = DV @ WV.T
    demb = np.zeros_like(TABLE)
    np.add.at(demb, IDS, dh * (1 if fault == "scale" else 2))
    if fault == "mean":
        counts = np.bincount(IDS.ravel(), minlength=6)
        demb = demb / np.maximum(counts, 1)[:, None]
    h = TABLE[IDS] * 2 + POS
    return {"emb": demb, "pos": dh[0] if fault == "pos" else dh.sum(axis=0), "W": np.einsum("btd,bto->do", h, DV)}


XY, AY, DY = draw(931, (3, 2, 2, 2), (2,), (3, 2, 2, 2))


def prelu(x, alpha):
    return np.where(x > 0, x, alpha[None, :, None, None] * x)


def of_prelu(fault=""):
    dx = np.where(XY > 0, DY, DY * AY[None, :, None, None])
    terms = DY * np.where(XY > 0, 0, XY)
    da = terms.sum(axis=(0, 2, 3))
    if fault == "shared":
        da = np.full(2, terms.sum())
    if fault == "upstream":
        da = np.where(XY > 0, 0, XY).sum(axis=(0, 2, 3))
    return {"x": dx, "alpha": da}


XM, WM, BM, DM = draw(932, (5, 3), (2, 3, 4), (2, 4), (5, 4))
MAXOUT = {"x": XM, "W": WM, "b": BM}


def maxout(x, W, b):
    z = np.stack([x @ W[k] + b[k] for k in range(2)])
    return z.max(axis=0)


def of_maxout(fault=""):
    z = np.stack([XM @ WM[k] + BM[k] for k in range(2)])
    mask = z == z.max(axis=0)
    dz = (np.ones_like(z) if fault == "both" else mask) * DM
    if fault == "first":
        dz = np.stack([DM, 0 * DM])
    return {"x": sum(dz[k] @ WM[k].T for k in range(2)), "W": np.einsum("ni,kno->kio", XM, dz), "b": dz.sum(axis=1)}


XI, DI = draw(933, (4, 3), (4, 3))


def isrlu(x):
    """The inverse square root linear unit, as the forward pass of a torch.autograd.Function computes it."""
    negatives = np.minimum(x, 0)
    return x / np.sqrt(1 + 1.0 * negatives**2)


def of_isrlu(fault=""):
    nisr = 1 / np.sqrt(1 + np.minimum(XI, 0) ** 2)
    if fault == "no upstream":
        return {"x": nisr**3}
    return {"x": DI * nisr ** (2 if fault == "power" else 3)}


XF, WF, BF, DF = draw(934, (5, 3), (3, 3), 3, (5, 3))
LINEAR = {"x": XF, "weight": WF, "bias": BF}


def linear(x, weight, bias):
    return x @ weight.T + bias


def of_linear(fault=""):
    return {
        "x": DF @ (WF.T if fault == "input" else WF),
        "weight": XF.T @ DF if fault == "weight" else DF.T @ XF,
        "bias": DF.mean(0) if fault == "bias" else DF.sum(0),
    }


VQ = "nadavbh12/VQ-VAE/pull/4"
ISRLU_ISSUE = "pytorch/pytorch/issues/4355"
DOCS = "https://docs.pytorch.org/docs/stable/notes/extending.html"
ORDER = ("reshape", "transpos", "order", "axes")
CASES = [
    case("rows and columns of each block exchanged", "davisking/dlib/pull/336", ORDER, pixel_shuffle, {"x": XU},
         of_shuffle, "swapped", DU),
    case("the embedding's √d forgotten", VQ, ("\\b2\\b", "½", "0\\.5", "half"), embedding, EMBEDDED, of_embedding,
         "scale", DV),
    case("gradients of repeated ids averaged", VQ, ("mean", "averag", "repeat", "divided"), embedding, EMBEDDED,
         of_embedding, "mean", DV),
    case("positions learn from the first sequence", VQ, ("sum", "first", "batch", "broadcast", "\\[0"), embedding,
         EMBEDDED, of_embedding, "pos", DV),
    case("alpha of each channel gets the sum of all", "apache/mxnet/pull/3277", ("axis", "axes", "over everything",
         "all"), prelu, {"x": XY, "alpha": AY}, of_prelu, "shared", DY),
    case("alpha's gradient without what comes in", "apache/mxnet/pull/3277", ("upstream", "incoming", "ones"), prelu,
         {"x": XY, "alpha": AY}, of_prelu, "upstream", DY),
    case("both pieces of a maxout learn", "riccardoandreoni0/CNN-from-scratch/issues/1", ("mask", "every", "all",
         "each"), maxout, MAXOUT, of_maxout, "both", DM),
    case("the first piece of a maxout learns", "riccardoandreoni0/CNN-from-scratch/issues/1", ("first", "z\\[0",
         "branch", "argmax", "piece", "mask", "element"), maxout, MAXOUT, of_maxout, "first", DM),
    case("a function's gradient without grad_out", ISRLU_ISSUE, ("upstream", "incoming", "ones"), isrlu, {"x": XI},
         of_isrlu, "no upstream", DI),
    case("the square of the inverse root for its cube", ISRLU_ISSUE, ("slope", "path", "sqrt", "power", "divi"), isrlu,
         {"x": XI}, of_isrlu, "power", DI),
    case("a square weight transposed in torch", DOCS, ("transpos",), linear, LINEAR, of_linear, "input", DF),
    case("a square weight's gradient transposed in torch", DOCS, ("transpos",), linear, LINEAR, of_linear, "weight",
         DF),
    case("a bias averaged in torch", DOCS, ("mean", "1/5", "0\\.2"), linear, LINEAR, of_linear, "bias", DF),
]  # fmt: skip

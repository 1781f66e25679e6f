"""Held out from the search: convolutions in loops, a network for sentences, heads number by number."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

AP, WP, BP = draw(1811, (2, 4, 4, 2), (3, 3, 2, 3), (1, 1, 1, 3))
PADDED = {"A_prev": AP, "W": WP, "b": BP}
HPARAMETERS = {"pad": 1, "stride": 1}
DZP = draw(1812, (2, 4, 4, 3))


def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    return np.sum(s) + b[0, 0, 0]


def conv_forward(A_prev, W, b):
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f, f, _, n_C = W.shape
    stride, pad = HPARAMETERS["stride"], HPARAMETERS["pad"]
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype)
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    for i in range(m):
        a_prev_pad = A_prev_pad[i]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice_prev = a_prev_pad[h * stride : h * stride + f, w * stride : w * stride + f, :]
                    Z[i, h, w, c] = conv_single_step(a_slice_prev, W[:, :, :, c], b[:, :, :, c])
    return Z


def of_padded(fault=""):
    A_pad = np.pad(AP, ((0, 0), (1, 1), (1, 1), (0, 0)))
    dA_pad = np.zeros_like(A_pad)
    g = {"A_prev": np.zeros_like(A_pad if fault == "not cut" else AP), "W": np.zeros_like(WP), "b": np.zeros_like(BP)}
    da_pad = dA_pad[0]
    for i in range(2):
        if fault != "one for all images":
            da_pad = dA_pad[i]
        for h in range(4):
            for w in range(4):
                for c in range(3):
                    da_pad[h : h + 3, w : w + 3] += WP[:, :, :, c] * DZP[i, h, w, c]
                    g["W"][:, :, :, c] += A_pad[i, h : h + 3, w : w + 3] * DZP[i, h, w, c]
                    g["b"][:, :, :, c] += DZP[i, h, w, c]
        cut = {"not cut": da_pad, "cut at the end": da_pad[:-2, :-2]}.get(fault, da_pad[1:-1, 1:-1])
        g["A_prev"][i] = cut
    return g


IMAGES, K, BK, WD, BD = draw(1853, (3, 1, 6, 6), (2, 1, 3, 3), (2,), (8, 3), (3,))
CNN = {"X": IMAGES, "W1": K, "b1": BK, "W2": WD, "b2": BD, "y": np.array([0, 2, 1])}


def cnn_loss(X, W1, b1, W2, b2, y):
    params = {"conv": {"W": W1, "b": b1}, "fc": {"W": W2, "b": b2}}
    N = X.shape[0]
    rows = []
    for i in range(4):
        rows.append([np.tensordot(X[:, :, i : i + 3, j : j + 3], params["conv"]["W"], axes=([1, 2, 3], [1, 2, 3]))
                     for j in range(4)])  # fmt: skip
    Z = np.stack([np.stack(row, axis=-1) for row in rows], axis=-2) + params["conv"]["b"][None, :, None, None]
    A = np.where(Z > 0, Z, 0)
    P = A.reshape(N, 2, 2, 2, 2, 2).max(axis=(3, 5))
    scores = P.reshape(N, -1) @ params["fc"]["W"] + params["fc"]["b"]
    scores = scores - np.max(scores, axis=1, keepdims=True)
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)
    return -np.log(probs[range(N), y]).sum() / N


def of_cnn(fault=""):
    windows = np.lib.stride_tricks.sliding_window_view(IMAGES, (3, 3), axis=(2, 3))
    Z = np.einsum("ncijkl,ockl->noij", windows, K) + BK[None, :, None, None]
    A = np.maximum(Z, 0)
    blocks = A.reshape(3, 2, 2, 2, 2, 2)
    P = blocks.max(axis=(3, 5))
    d = softmax(P.reshape(3, -1) @ WD + BD)
    d[range(3), CNN["y"]] -= 1
    d /= 1 if fault == "no N" else 3
    dP = (d @ WD.T).reshape(P.shape)
    flat = blocks.transpose(0, 1, 2, 4, 3, 5).reshape(3, 2, 2, 2, 4)
    first = np.eye(4)[flat.argmax(axis=-1)] * dP[..., None]
    dA = first.reshape(3, 2, 2, 2, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(A.shape)
    dZ = dA if fault == "no relu" else dA * (Z > 0)
    dX = np.zeros_like(IMAGES)
    for i in range(4):
        for j in range(4):
            dX[:, :, i : i + 3, j : j + 3] += np.einsum("no,ockl->nckl", dZ[:, :, i, j], K)
    return {"X": dX, "W1": np.einsum("noij,ncijkl->ockl", dZ, windows), "b1": dZ.sum(axis=(0, 2, 3)),
            "W2": P.reshape(3, -1).T @ d, "b2": d.sum(axis=0)}  # fmt: skip


TOKENS = np.array([[1, 0, 3, 1, 2], [4, 4, 0, 2, 1]])
EMB, F2, F3, OUT = draw(1814, (5, 3), (2, 3, 2), (3, 3, 2), (4,))
TEXT = {"E": EMB, "filters2": F2, "filters3": F3, "w": OUT, "tokens": TOKENS, "y": np.array([1.0, 0.0])}


def sentence_cnn(E, filters2, filters3, w, tokens, y):
    x = E[tokens]
    pooled = []
    for filters in (filters2, filters3):
        k = filters.shape[0]
        conv = np.stack([np.einsum("bkd,kdf->bf", x[:, t : t + k], filters) for t in range(x.shape[1] - k + 1)], axis=1)
        act = np.maximum(conv, 0)
        pooled.append(act.max(axis=1))
    feats = np.concatenate(pooled, axis=1)
    p = 1 / (1 + np.exp(-(feats @ w)))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()


def of_text(fault=""):
    x, y, pooled, convs = EMB[TOKENS], TEXT["y"], [], []
    for k, filters in ((2, F2), (3, F3)):
        convs.append(np.stack([np.einsum("bkd,kdf->bf", x[:, t : t + k], filters) for t in range(6 - k)], axis=1))
        pooled.append(np.maximum(convs[-1], 0).max(axis=1))
    feats = np.concatenate(pooled, axis=1)
    d = (1 / (1 + np.exp(-(feats @ OUT))) - y) / 2
    dfeats, dx, g = np.outer(d, OUT), np.zeros_like(x), {"w": feats.T @ d}
    if fault == "parts exchanged":
        dfeats = np.hstack((dfeats[:, 2:], dfeats[:, :2]))
    for n, (k, filters) in enumerate(((2, F2), (3, F3))):
        dpool, act = dfeats[:, 2 * n : 2 * n + 2], np.maximum(convs[n], 0)
        dact = np.repeat(dpool[:, None], 6 - k, axis=1)
        if fault != "all times":
            dact = dact * (np.arange(6 - k)[None, :, None] == act.argmax(axis=1)[:, None])
        dconv = dact * (convs[n] > 0)
        g[f"filters{k}"] = sum(np.einsum("bkd,bf->kdf", x[:, t : t + k], dconv[:, t]) for t in range(6 - k))
        for t in range(6 - k):
            dx[:, t : t + k] += np.einsum("bf,kdf->bkd", dconv[:, t], filters)
    g["E"] = np.zeros_like(EMB)
    if fault == "set":
        for b in range(2):
            for t in range(5):
                g["E"][TOKENS[b, t]] = dx[b, t]
    else:
        np.add.at(g["E"], TOKENS, dx)
    return g


XB, GB, BB = draw(1815, (3, 2, 2, 3), (2,), (2,))
BN = {"x": XB, "gamma": GB, "beta": BB}
DB = draw(1816, (3, 2, 2, 3))


def batchnorm2d(x, gamma, beta):
    mu = np.mean(x, axis=(0, 2, 3), keepdims=True)
    var = np.var(x, axis=(0, 2, 3), keepdims=True)
    x_hat = (x - mu) / np.sqrt(var + 1e-5)
    return gamma.reshape(1, -1, 1, 1) * x_hat + beta.reshape(1, -1, 1, 1)


def of_bn(fault=""):
    axes, m = (0, 2, 3), 3 if fault == "images alone" else 18
    var = XB.var(axis=axes, keepdims=True)
    x_hat = (XB - XB.mean(axis=axes, keepdims=True)) / np.sqrt(var + 1e-5)
    d = DB * GB.reshape(1, -1, 1, 1)
    total, weighted = d.sum(axis=axes, keepdims=True), (d * x_hat).sum(axis=axes, keepdims=True)
    dx = (m * d - total - x_hat * weighted) / (m * np.sqrt(var + 1e-5))
    return {"x": dx, "gamma": (DB * x_hat).sum(axis=axes), "beta": DB.sum(axis=axes)}


XD, WDW, WPW = draw(1817, (2, 3, 4, 4), (3, 3, 3), (3, 3))
SEPARABLE = {"x": XD, "w_dw": WDW, "w_pw": WPW}
DSEP = draw(1818, (2, 3, 2, 2))


def separable(x, w_dw, w_pw):
    B, C, H, W = x.shape
    out = np.zeros((B, C, H - 2, W - 2), dtype=x.dtype)
    for c in range(C):
        for i in range(3):
            for j in range(3):
                out[:, c] += x[:, c, i : i + H - 2, j : j + W - 2] * w_dw[c, i, j]
    hidden = np.maximum(0, out)
    return np.einsum("oc,bchw->bohw", w_pw, hidden)


def of_separable(fault=""):
    windows = np.lib.stride_tricks.sliding_window_view(XD, (3, 3), axis=(2, 3))
    out = np.einsum("bchwij,cij->bchw", windows, WDW)
    dhidden = np.einsum("co,bohw->bchw" if fault == "not transposed" else "oc,bohw->bchw", WPW, DSEP)
    dout = dhidden if fault == "no relu" else dhidden * (out > 0)
    dx = np.zeros_like(XD)
    for i in range(3):
        for j in range(3):
            dx[:, :, i : i + 2, j : j + 2] += dout * WDW[:, i, j][None, :, None, None]
    return {"x": dx, "w_dw": np.einsum("bchw,bchwij->cij", dout, windows),
            "w_pw": np.einsum("bohw,bchw->oc", DSEP, np.maximum(out, 0))}  # fmt: skip


B, T, C, NH = 2, 3, 4, 2
QKV, DATT = draw(1819, (B, T, 3 * C), (B, T, C))


def attention_forward(qkv):
    hs = C // NH
    scale = 1.0 / np.sqrt(hs)
    preatt = np.zeros((B, NH, T, T), dtype=qkv.dtype)
    att = np.zeros((B, NH, T, T), dtype=qkv.dtype)
    out = np.zeros((B, T, C), dtype=qkv.dtype)
    for b in range(B):
        for t in range(T):
            for h in range(NH):
                query = qkv[b, t, h * hs : (h + 1) * hs]
                for t2 in range(t + 1):
                    key = qkv[b, t2, C + h * hs : C + (h + 1) * hs]
                    preatt[b, h, t, t2] = np.dot(query, key) * scale
                e = np.exp(preatt[b, h, t, : t + 1] - np.max(preatt[b, h, t, : t + 1]))
                att[b, h, t, : t + 1] = e / np.sum(e)
                for t2 in range(t + 1):
                    value = qkv[b, t2, 2 * C + h * hs : 2 * C + (h + 1) * hs]
                    out[b, t, h * hs : (h + 1) * hs] += att[b, h, t, t2] * value
    return out


def of_heads(fault=""):
    hs, g = C // NH, np.zeros_like(QKV)
    scale = 1 / np.sqrt(hs)
    for b in range(B):
        for t in range(T):
            for h in range(NH):
                at, d = slice(h * hs, (h + 1) * hs), DATT[b, t, h * hs : (h + 1) * hs]
                keys, values = QKV[b, :, C:][: t + 1, at], QKV[b, :, 2 * C :][: t + 1, at]
                dkeys, dvalues = g[b, :, C:][: t + 1, at], g[b, :, 2 * C :][: t + 1, at]
                pre = keys @ QKV[b, t, at] * scale
                att = softmax(pre)
                datt = values @ d
                dvalues += np.outer(pre if fault == "scores at v" else att, d)
                dpre = att * (datt - att @ datt)
                for t2 in range(t + 1):
                    if fault == "query set":
                        g[b, t, at] = dpre[t2] * keys[t2] * scale
                    else:
                        g[b, t, at] += dpre[t2] * keys[t2] * scale
                    dkeys[t2] += dpre[t2] * QKV[b, t, at] * (1 if fault == "no scale at k" else scale)
    return {"qkv": g}


def padded(name, where, says, fault):
    return case(name, where, says, conv_forward, PADDED, of_padded, fault, DZP)


def cnn(name, where, says, fault):
    return case(name, where, says, cnn_loss, CNN, of_cnn, fault)


def text(name, where, says, fault):
    return case(name, where, says, sentence_cnn, TEXT, of_text, fault)


def parted(name, where, says, fault):
    return case(name, where, says, separable, SEPARABLE, of_separable, fault, DSEP)


def heads(name, where, says, fault):
    return case(name, where, says, attention_forward, {"qkv": QKV}, of_heads, fault, DATT)


STRIDE = "enggen/Deep-Learning-Coursera/issues/7"
TIES = "Theano/Theano/issues/5248"
SCRATCH = "riccardoandreoni0/CNN-from-scratch/issues/1"
LLMC = "karpathy/llm.c/pull/408"
SDPA = "ooples/AiDotNet.Tensors/issues/49"
EMBED = "nntrainer/nntrainer/pull/988"
CASES = [
    padded("the padding is not cut off, image by image", STRIDE, ("pad",), "not cut"),
    padded("the padding is cut off at the end alone", STRIDE, ("padding",), "cut at the end"),
    padded("one padded gradient for all images", STRIDE, ("rows before",), "one for all images"),
    cnn("relu forgotten before max pooling", TIES, ("mask|slope|relu",), "no relu"),
    cnn("not divided by the images, in a whole network", SCRATCH, ("N` in",), "no N"),
    text("every time gets the gradient of the largest", SCRATCH, ("mask|max",), "all times"),
    text("rows of words set, in two loops", EMBED, ("last use",), "set"),
    text("the widths' parts exchanged", SCRATCH, ("exchanged",), "parts exchanged"),
    case("the number of images for the number of all places", "tenstorrent/tt-metal/issues/53204",
         ("divided by 3",), batchnorm2d, BN, of_bn, "images alone", DB),
    parted("the pointwise weights not transposed", SCRATCH, ("w_pw is used instead of w_pw.T",), "not transposed"),
    parted("relu between the two convolutions forgotten", SCRATCH, ("mask|slope|relu",), "no relu"),
    heads("the query's gradient set for each key", LLMC, ("last use",), "query set"),
    heads("no scale for the keys, number by number", SDPA, ("scale",), "no scale at k"),
    heads("the scores for the weights at the values", SDPA, ("preatt",), "scores at v"),
]  # fmt: skip

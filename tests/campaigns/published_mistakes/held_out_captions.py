"""Held out from the search: captions, convolutions and pooling in four loops, an encoder and a decoder, skips."""

import numpy as np

from tests.campaigns.record import case, draw, softmax

CAPTIONS = np.array([[1, 2, 1, 0], [3, 2, 4, 1]])
H0, WEMB, WXC, WHC, BC, WVC, BVC = draw(1901, (2, 3), (5, 2), (2, 3), (3, 3), (3,), (3, 5), (5,))
CAPTION = {"h0": H0, "W_embed": WEMB, "Wx": WXC, "Wh": WHC, "b": BC, "W_vocab": WVC, "b_vocab": BVC}


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x.dot(Wx) + prev_h.dot(Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def temporal_softmax_loss(x, y, mask):
    N, T, V = x.shape
    x_flat = x.reshape(N * T, V)
    y_flat = y.reshape(N * T)
    mask_flat = mask.reshape(N * T)
    probs = np.exp(x_flat - np.max(x_flat, axis=1, keepdims=True))
    probs /= np.sum(probs, axis=1, keepdims=True)
    return -np.sum(mask_flat * np.log(probs[np.arange(N * T), y_flat])) / N


def caption_loss(h0, W_embed, Wx, Wh, b, W_vocab, b_vocab):
    captions_in, captions_out = CAPTIONS[:, :-1], CAPTIONS[:, 1:]
    mask = captions_out != 0
    x = W_embed[captions_in]
    N, T, _ = x.shape
    h = np.zeros((N, T, h0.shape[1]), dtype=x.dtype)
    prev_h, caches = h0, []
    for t in range(T):
        prev_h, cache = rnn_step_forward(x[:, t, :], prev_h, Wx, Wh, b)
        h[:, t, :] = prev_h
        caches.append(cache)
    scores = h.reshape(N * T, -1).dot(W_vocab).reshape(N, T, -1) + b_vocab
    return temporal_softmax_loss(scores, captions_out, mask)


def of_captions(fault=""):
    ids, words = CAPTIONS[:, :-1], CAPTIONS[:, 1:]
    x, h = WEMB[ids], [H0]
    for t in range(3):
        h.append(np.tanh(x[:, t] @ WXC + h[-1] @ WHC + BC))
    hs = np.stack(h[1:], axis=1)
    d = (softmax(hs @ WVC + BVC) - np.eye(5)[words]) / (6 if fault == "N T" else 2)
    if fault != "no mask":
        d = d * (words != 0)[:, :, None]
    g = {"W_vocab": np.einsum("nth,ntv->hv", hs, d), "b_vocab": d.sum(axis=(0, 1))}
    dh_out, dx, dnext = d @ WVC.T, np.zeros_like(x), 0.0
    da = np.zeros_like(hs)
    for t in (2, 1, 0):
        da[:, t] = (dh_out[:, t] + dnext) * (1 - h[t + 1] ** 2)
        dx[:, t], dnext = da[:, t] @ WXC.T, da[:, t] @ WHC.T
    g |= {"Wx": np.einsum("ntd,nth->dh", x, da), "b": da.sum(axis=(0, 1)), "h0": dnext}
    g["Wh"] = np.einsum("ntk,nth->kh", np.stack(h[:-1], axis=1), da)
    g["W_embed"] = np.zeros_like(WEMB)
    if fault == "+=":
        g["W_embed"][ids] += dx
    else:
        np.add.at(g["W_embed"], ids, dx)
    return g


XN, WN, BN = draw(1902, (2, 2, 6, 6), (3, 2, 3, 3), (3,))
NAIVE = {"x": XN, "w": WN, "b": BN}
DN = draw(1903, (2, 3, 3, 3))


def conv_forward_naive(x, w, b, conv_param):
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    H_out, W_out = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out), like=x)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    window = x_pad[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)


def conv_relu_pool_forward(x, w, b):
    a, conv_cache = conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    s = np.maximum(0, a)
    N, C, H, W = s.shape
    out = np.zeros((N, C, H // 2, W // 2), like=x)
    for i in range(H // 2):
        for j in range(W // 2):
            out[:, :, i, j] = np.max(s[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2], axis=(2, 3))
    return out, (conv_cache, a, s)


def of_naive(fault=""):
    pad = np.pad(XN, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(pad, (3, 3), axis=(2, 3))
    a = np.einsum("ncijkl,fckl->nfij", windows, WN) + BN[:, None, None]
    s, ds = np.maximum(a, 0), np.zeros((2, 3, 6, 6))
    for i in range(3):
        for j in range(3):
            window = s[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            mask = window == window.max(axis=(2, 3), keepdims=True)
            if fault == "whole window":
                mask = np.ones_like(window)
            ds[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = mask * DN[:, :, i, j][:, :, None, None]
    da = ds if fault == "no relu" else ds * (a > 0)
    dpad = np.zeros_like(pad)
    for i in range(6):
        for j in range(6):
            dpad[:, :, i : i + 3, j : j + 3] += np.einsum("nf,fckl->nckl", da[:, :, i, j], WN)
    db = da.sum() * np.ones(3) if fault == "one sum" else da.sum(axis=(0, 2, 3))
    return {"x": dpad[:, :, 1:-1, 1:-1], "w": np.einsum("nfij,ncijkl->fckl", da, windows), "b": db}


SRC, TGT = [2, 0, 1], [3, 1, 0, 2]
EE, ED, UE, WE_, UD, WD_, VD = draw(1904, (3, 2), (4, 2), (3, 2), (3, 3), (3, 2), (3, 3), (4, 3))
SEQ = {"Emb_src": EE, "Emb_tgt": ED, "U_enc": UE, "W_enc": WE_, "U_dec": UD, "W_dec": WD_, "V": VD}


def encode(tokens, Emb, U, W):
    h = {-1: np.zeros(W.shape[0])}
    for t, tok in enumerate(tokens):
        h[t] = np.tanh(U @ Emb[tok] + W @ h[t - 1])
    return h


def seq2seq_loss(Emb_src, Emb_tgt, U_enc, W_enc, U_dec, W_dec, V):
    h = encode(SRC, Emb_src, U_enc, W_enc)
    s = {-1: h[len(SRC) - 1]}
    loss = 0.0
    for t in range(len(TGT) - 1):
        s[t] = np.tanh(U_dec @ Emb_tgt[TGT[t]] + W_dec @ s[t - 1])
        logits = V @ s[t]
        probs = np.exp(logits) / np.sum(np.exp(logits))
        loss -= np.log(probs[TGT[t + 1]])
    return loss / (len(TGT) - 1)


def of_seq2seq(fault=""):
    h, s = [np.zeros(3)], []
    for tok in SRC:
        h.append(np.tanh(UE @ EE[tok] + WE_ @ h[-1]))
    s.append(h[-1])
    for t in range(3):
        s.append(np.tanh(UD @ ED[TGT[t]] + WD_ @ s[-1]))
    g, ds = {k: np.zeros_like(v) for k, v in SEQ.items()}, np.zeros(3)
    for t in (2, 1, 0):
        d = softmax(VD @ s[t + 1])
        d[TGT[t] if fault == "not shifted" else TGT[t + 1]] -= 1
        d /= 1 if fault == "no T" else 3
        g["V"] += np.outer(d, s[t + 1])
        da = (VD.T @ d + ds) * (1 - s[t + 1] ** 2)
        g["U_dec"] += np.outer(da, ED[TGT[t]])
        g["W_dec"] += np.outer(da, s[t])
        g["Emb_tgt"][TGT[t]] += UD.T @ da
        ds = WD_.T @ da
    dh = VD.T @ (softmax(VD @ s[1]) - np.eye(4)[TGT[1]]) / 3 * (1 - s[1] ** 2) if fault == "one step" else ds
    dh = WD_.T @ dh if fault == "one step" else dh
    for t in (2, 1, 0):
        da = dh * (1 - h[t + 1] ** 2)
        g["U_enc"] += np.outer(da, EE[SRC[t]])
        g["W_enc"] += np.outer(da, h[t])
        g["Emb_src"][SRC[t]] += UE.T @ da
        dh = WE_.T @ da
    return g


XU, K1, K2 = draw(1905, (2, 2, 4, 4), (2, 2), (3, 4))
UNET = {"x": XU, "k1": K1, "k2": K2}
DU = draw(1906, (2, 3, 4, 4))


def unet(x, k1, k2):
    skip = np.tanh(np.einsum("oc,nchw->nohw", k1, x))
    down = skip.reshape(2, 2, 2, 2, 2, 2).mean(axis=(3, 5))
    up = down.repeat(2, axis=2).repeat(2, axis=3)
    cat = np.concatenate([up, skip], axis=1)
    return np.einsum("oc,nchw->nohw", k2, cat)


def of_unet(fault=""):
    skip = np.tanh(np.einsum("oc,nchw->nohw", K1, XU))
    up = skip.reshape(2, 2, 2, 2, 2, 2).mean(axis=(3, 5)).repeat(2, axis=2).repeat(2, axis=3)
    dcat = np.einsum("oc,nohw->nchw", K2, DU)
    dup, dskip = dcat[:, :2], dcat[:, 2:]
    if fault == "parts":
        dup, dskip = dskip, dup
    blocks = dup.reshape(2, 2, 2, 2, 2, 2)
    ddown = blocks.mean(axis=(3, 5)) if fault == "mean" else blocks.sum(axis=(3, 5))
    spread = ddown.repeat(2, axis=2).repeat(2, axis=3) / 4
    da = (spread if fault == "no skip" else spread + dskip) * (1 - skip**2)
    return {"x": np.einsum("oc,nohw->nchw", K1, da), "k1": np.einsum("nohw,nchw->oc", da, XU),
            "k2": np.einsum("nohw,nchw->oc", DU, np.concatenate([up, skip], axis=1))}  # fmt: skip


def captions(name, where, says, fault):
    return case(name, where, says, caption_loss, CAPTION, of_captions, fault)


def naive(name, where, says, fault):
    return case(name, where, says, conv_relu_pool_forward, NAIVE, of_naive, fault, DN)


def translated(name, where, says, fault):
    return case(name, where, says, seq2seq_loss, SEQ, of_seq2seq, fault)


def skips(name, where, says, fault):
    return case(name, where, says, unet, UNET, of_unet, fault, DU)


EMBED = "nntrainer/nntrainer/pull/988"
PAD = "https://github.com/PaddlePaddle/Paddle/pull/28622"
TOKENS = "eladhoffer/utils.pytorch/issues/4"
TIES = "Theano/Theano/issues/5248"
SCRATCH = "riccardoandreoni0/CNN-from-scratch/issues/1"
SEQ2SEQ = "rsarxiv/seq2seq-attention/issues/7"
BIAS = "sebgao/cTensor/issues/3"
UP = "https://github.com/tenstorrent/tt-metal/issues/6232"
CASES = [
    captions("dW[ids] += with ids that repeat over time", EMBED, ("last use",), "+="),
    captions("no mask of padding, captions flattened", PAD, ("mask",), "no mask"),
    captions("divided by the words, not by the captions", TOKENS, ("divided by 6",), "N T"),
    naive("relu forgotten between loops", TIES, ("mask of s", "relu′"), "no relu"),
    naive("the whole window gets the gradient, in loops", SCRATCH, ("whole gradient",), "whole window"),
    naive("one sum for all biases", BIAS, ("sum",), "one sum"),
    translated("the input word as target", SEQ2SEQ, ("target is that of the step before",), "not shifted"),
    translated("not divided by the target's words", SEQ2SEQ, ("division by 3",), "no T"),
    translated("the encoder learns from the decoder's first step alone", SEQ2SEQ, ("s\\[1\\]",), "one step"),
    skips("nothing through the skip", UP, ("skip",), "no skip"),
    skips("parts of the concatenation exchanged, before a skip", UP, ("exchanged",), "parts"),
    skips("a mean for the sum of an upsampled block", UP, ("averaged",), "mean"),
]  # fmt: skip

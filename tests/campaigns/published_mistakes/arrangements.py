"""Heads, steps and parts in a wrong order; gradients that are clipped, masked in place, or of other labels."""

import numpy as np

from tests.campaigns.record import GIT, Mistake, draw, sigmoid, softmax

# ---- attention with several heads

STEPS, HEADS, SIZE = 4, 3, 2
WQ, WK, WV, WO, X, G = draw(401, *[(6, 6)] * 4, (STEPS, 6), (STEPS, 6))
CAUSAL = np.tril(np.ones((STEPS, STEPS))) == 1
ATTENTION = {"x": X, "Wq": WQ, "Wk": WK, "Wv": WV, "Wo": WO}


def split(a):
    return a.reshape(STEPS, HEADS, SIZE).transpose(1, 0, 2)


def attention(x, Wq, Wk, Wv, Wo):
    q, k, v = split(x @ Wq), split(x @ Wk), split(x @ Wv)
    scores = np.where(CAUSAL, q @ k.transpose(0, 2, 1) / np.sqrt(SIZE), -1e9)
    att = np.exp(scores - scores.max(-1, keepdims=True))
    att = att / att.sum(-1, keepdims=True)
    ctx = att @ v
    merged = ctx.transpose(1, 0, 2).reshape(STEPS, 6)
    return merged @ Wo


def of_attention(fault=""):
    q, k, v = split(X @ WQ), split(X @ WK), split(X @ WV)
    p = softmax(np.where(CAUSAL, q @ k.transpose(0, 2, 1) / np.sqrt(SIZE), -1e9))
    ctx, dmerged = p @ v, G @ WO.T
    dctx = dmerged.reshape(HEADS, STEPS, SIZE) if fault == "split" else split(dmerged)
    dp = dctx @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(-1, keepdims=True)) / np.sqrt(SIZE)
    d = ds @ k, ds.transpose(0, 2, 1) @ q, p.transpose(0, 2, 1) @ dctx
    dq, dk, dv = ((each if fault == "merge" else each.transpose(1, 0, 2)).reshape(STEPS, 6) for each in d)
    merged = ctx.reshape(STEPS, 6) if fault == "at Wo" else ctx.transpose(1, 0, 2).reshape(STEPS, 6)
    dx = dq @ WQ.T + dk @ WK.T + dv @ WV.T
    return {"x": dx, "Wq": X.T @ dq, "Wk": X.T @ dk, "Wv": X.T @ dv, "Wo": merged.T @ G}


# ---- a recurrent net in both directions

WF, WB, VF, VB, XB, GB = draw(402, (2, 3), (2, 3), (3, 3), (3, 3), (4, 2), (4, 6))
BOTH = {"x": XB, "Wf": WF, "Vf": VF, "Wb": WB, "Vb": VB}


def states(x, W, V):
    h, hs = np.zeros(3), []
    for row in x:
        h = np.tanh(row @ W + h @ V)
        hs.append(h)
    return np.stack(hs)


def bidirectional(x, Wf, Vf, Wb, Vb):
    forth = states(x, Wf, Vf)
    back = states(x[::-1], Wb, Vb)[::-1]
    return np.concatenate([forth, back], axis=1)


def of_states(x, W, V, g):
    hs = [np.zeros(3), *states(x, W, V)]
    dW, dV, dx, dh = np.zeros((2, 3)), np.zeros((3, 3)), np.zeros((4, 2)), np.zeros(3)
    for t in (3, 2, 1, 0):
        dz = (g[t] + dh) * (1 - hs[t + 1] ** 2)
        dW, dV, dh = dW + np.outer(x[t], dz), dV + np.outer(hs[t], dz), V @ dz
        dx[t] = W @ dz
    return dW, dV, dx


def of_both(fault=""):
    dWf, dVf, forth = of_states(XB, WF, VF, GB[:, :3])
    dWb, dVb, back = of_states(XB[::-1], WB, VB, GB[:: 1 if fault == "in" else -1, 3:])
    return {"x": forth + back[:: 1 if fault == "out" else -1], "Wf": dWf, "Vf": dVf, "Wb": dWb, "Vb": dVb}


# ---- a recurrent net that reads and writes characters

WXH, WHH, WHY, BH, BY = draw(403, (5, 4), (5, 5), (4, 5), (5, 1), (4, 1))
READ, WRITTEN = [0, 2, 1, 3], [2, 1, 3, 3]
CHARACTERS = {"Wxh": WXH, "Whh": WHH, "Why": WHY, "bh": BH, "by": BY}


def characters(Wxh, Whh, Why, bh, by):
    h, loss = np.zeros((5, 1)), 0.0
    for c, target in zip(READ, WRITTEN, strict=True):
        x = np.zeros((4, 1))
        x[c] = 1
        h = np.tanh(Wxh @ x + Whh @ h + bh)
        y = Why @ h + by
        p = np.exp(y) / np.sum(np.exp(y))
        loss += -np.log(p[target, 0])
    return loss


def of_characters(limit=np.inf):
    hs, eye = [np.zeros((5, 1))], np.eye(4)[:, :, None]
    for c in READ:
        hs.append(np.tanh(WXH @ eye[c] + WHH @ hs[-1] + BH))
    d, dh = {name: np.zeros_like(array) for name, array in CHARACTERS.items()}, np.zeros((5, 1))
    for t in (3, 2, 1, 0):
        y = WHY @ hs[t + 1] + BY
        dy = np.exp(y) / np.sum(np.exp(y)) - eye[WRITTEN[t]]
        dz = (1 - hs[t + 1] ** 2) * (WHY.T @ dy + dh)
        for name, part in (("Wxh", dz @ eye[READ[t]].T), ("Whh", dz @ hs[t].T), ("Why", dy @ hs[t + 1].T),
                           ("bh", dz), ("by", dy)):  # fmt: skip
            d[name] += part
        dh = WHH.T @ dz
    return {name: np.clip(gradient, -limit, limit) for name, gradient in d.items()}


# ---- a gate beside a hidden layer, and the parts of a concatenation

XH, WT, WH, GH = draw(404, (4, 3), (3, 3), (3, 3), (4, 3))


def highway(x, Wt, Wh):
    t = 1 / (1 + np.exp(-(x @ Wt - 1)))
    h = np.maximum(0, x @ Wh)
    return t * h + (1 - t) * x


def of_highway(is_masked=False):
    t, z = sigmoid(XH @ WT - 1), XH @ WH
    dzt, dzh = GH * (np.maximum(0, z) - XH) * t * (1 - t), GH * t * (z > 0)
    around = GH * (z > 0) if is_masked else GH
    return {"x": around * (1 - t) + dzt @ WT.T + dzh @ WH.T, "Wt": XH.T @ dzt, "Wh": XH.T @ dzh}


H, XC, WC, GC = draw(405, (5, 3), (5, 2), (5, 4), (5, 4))


def joined(h, x, W):
    both = np.concatenate([h, x], axis=1)
    return np.tanh(both @ W)


def of_joined(is_swapped=False):
    both = np.concatenate([H, XC], axis=1)
    dz = GC * (1 - np.tanh(both @ WC) ** 2)
    d = dz @ WC.T
    dh, dx = (d[:, 2:], d[:, :2]) if is_swapped else (d[:, :3], d[:, 3:])
    return {"h": dh, "x": dx, "W": both.T @ dz}


# ---- windows with gaps, and smoothed labels

PLANE, KERNEL, GD = draw(406, (5, 6), (2, 2), (3, 3))


def dilated(x, w):
    p = np.pad(x, 1)
    out = np.zeros((3, 3), dtype=x.dtype)
    for i in range(3):
        for j in range(3):
            out[i, j] = np.sum(p[2 * i : 2 * i + 3 : 2, 2 * j : 2 * j + 3 : 2] * w)
    return out


def of_dilated(gap=2):
    p, dw = np.pad(PLANE, 1), np.zeros((2, 2))
    dp = np.zeros_like(p)
    for i in range(3):
        for j in range(3):
            dw += GD[i, j] * p[2 * i : 2 * i + 3 : 2, 2 * j : 2 * j + 3 : 2]
            dp[2 * i : 2 * i + gap + 1 : gap, 2 * j : 2 * j + gap + 1 : gap] += GD[i, j] * KERNEL
    return {"x": dp[1:-1, 1:-1], "w": dw}


XS, WS = draw(407, (5, 3), (3, 4))
HOT = np.eye(4)[[0, 3, 1, 2, 3]]


def smoothed(x, W):
    target = HOT * 0.9 + 0.1 / 4
    z = x @ W
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.mean(np.sum(target * logp, axis=1))


def of_smoothed(target=HOT * 0.9 + 0.1 / 4):
    d = (softmax(XS @ WS) - target) / 5
    return {"x": d @ WS.T, "W": XS.T @ d}


def heads(name, says, fault):
    where = GIT + "jsbaan/transformer-from-scratch/pull/6"
    return Mistake(name, where, attention, ATTENTION, of_attention, lambda: of_attention(fault), says, G)


def both(name, fault):
    where = GIT + "stanfordmlgroup/nlc/issues/8"
    return Mistake(name, where, bidirectional, BOTH, of_both, lambda: of_both(fault), ("reverse", "turn"), GB)


FASTAI = GIT + "fastai/fastai/pull/1814"
CASES = [
    heads("heads split by a reshape alone", ("axes", "order"), "split"),
    heads("heads merged by a reshape alone", ("axes", "order"), "merge"),
    heads("heads unmerged at the output's weights", ("ctx",), "at Wo"),
    both("the backward net's gradient in the order of time", "in"),
    both("the inputs' gradient of the backward net in its own order", "out"),
    Mistake("clipped gradients", GIT + "qixianbiao/RNN/issues/2", characters, CHARACTERS, of_characters,
            lambda: of_characters(0.5), ("clip",)),
    Mistake("a mask applied in place", GIT + "ggml-org/ggml/pull/1521", highway, {"x": XH, "Wt": WT, "Wh": WH},
            of_highway, lambda: of_highway(is_masked=True), ("mask",), GH),
    Mistake("the parts of a concatenation exchanged", GIT + "oreilly-japan/deep-learning-from-scratch-3/issues/39",
            joined, {"h": H, "x": XC, "W": WC}, of_joined, lambda: of_joined(is_swapped=True),
            ("concat", "parts"), GC),
    Mistake("no dilation on the way back", GIT + "huggingface/candle/pull/2337", dilated, {"x": PLANE, "w": KERNEL},
            of_dilated, lambda: of_dilated(gap=1), ("dilation",), GD),
    Mistake("the smoothing shared among the other classes", FASTAI, smoothed, {"x": XS, "W": WS}, of_smoothed,
            lambda: of_smoothed(HOT * 0.9 + 0.1 / 3 * (1 - HOT)), ("smooth", "other classes")),
    Mistake("labels that are not smoothed", FASTAI, smoothed, {"x": XS, "W": WS}, of_smoothed,
            lambda: of_smoothed(HOT), ("smooth",)),
]  # fmt: skip

"""Layers for sequences by hand: an embedding, a recurrent net over three steps, attention.

n sequences of T steps, each with d numbers as input and m as output.
"""

import numpy as np

from demos.layers.record import ByHand

__all__ = ["ATTENTION", "EMBEDDING", "RECURRENT"]

rng = np.random.default_rng(4)


# ---- embedding: a row of W for each token


def embedding(W, ids):  # (words, d), (n, T)
    return W[ids], (W, ids)


def embedding_backward(dout, cache):  # (n, T, d)
    W, ids = cache
    dW = np.zeros_like(W)
    np.add.at(dW, ids, dout)
    return {"W": dW}


EMBEDDING = ByHand(
    "embedding",
    embedding,
    {"W": rng.normal(size=(7, 3)), "ids": np.array([[2, 5, 2, 0], [5, 1, 2, 6]])},
    rng.normal(size=(2, 4, 3)),
    embedding_backward,
    (
        ("only the last use of an id counts", "np.add.at(dW, ids, dout)", "dW[ids] += dout"),
        ("a mean over the uses of an id instead of their sum", '{"W": dW}',
         '{"W": dW / np.maximum(1, np.bincount(ids.ravel(), minlength=len(W)))[:, None]}'),
        ("only the first step of each sequence counts", "np.add.at(dW, ids, dout)",
         "np.add.at(dW, ids[:, 0], dout[:, 0])"),
        ("each row gets the gradient of every token", "np.add.at(dW, ids, dout)", "dW += dout.sum(axis=(0, 1))"),
        ("the ids count from 1", "np.add.at(dW, ids, dout)", "np.add.at(dW, ids - 1, dout)"),
        ("the ids are shifted by one step, as the targets are", "np.add.at(dW, ids, dout)",
         "np.add.at(dW, np.roll(ids, -1, axis=1), dout)"),
        ("id 0 is left out, as if it were padding", "np.add.at(dW, ids, dout)",
         "np.add.at(dW, ids[ids > 0], dout[ids > 0])"),
        ("∂C/∂W is divided by the number of sequences", '{"W": dW}', '{"W": dW / len(ids)}'),
    ),
)  # fmt: skip


# ---- a recurrent net: h(t) = tanh(x(t) Wx + h(t − 1) Wh + b)


def recurrent(x, h0, Wx, Wh, b):  # (n, T, d), (n, m), (d, m), (m, m), (m,)
    h = h0
    states = [h0]
    for t in range(x.shape[1]):
        z = x[:, t] @ Wx + h @ Wh + b
        h = np.tanh(z)
        states.append(h)
    return np.stack(states[1:], axis=1), (x, Wx, Wh, states)


def recurrent_backward(dout, cache):  # (n, T, m)
    x, Wx, Wh, states = cache
    dx, dWx, dWh = np.zeros_like(x), np.zeros_like(Wx), np.zeros_like(Wh)
    db = np.zeros(len(Wh))
    dh = np.zeros_like(states[0])
    for t in reversed(range(x.shape[1])):
        before, h = states[t], states[t + 1]
        dz = (dout[:, t] + dh) * (1 - h**2)
        dx[:, t] = dz @ Wx.T
        dWx += x[:, t].T @ dz
        dWh += before.T @ dz
        db += dz.sum(axis=0)
        dh = dz @ Wh.T
    return {"x": dx, "h0": dh, "Wx": dWx, "Wh": dWh, "b": db}


RECURRENT = ByHand(
    "recurrent net",
    recurrent,
    {
        "x": rng.normal(size=(2, 3, 4)),
        "h0": rng.normal(size=(2, 5)),
        "Wx": rng.normal(size=(4, 5)) / 2,
        "Wh": rng.normal(size=(5, 5)) / 2,
        "b": rng.normal(size=5) / 2,
    },
    rng.normal(size=(2, 3, 5)),
    recurrent_backward,
    (
        ("no gradient comes back from the step after", "dout[:, t] + dh", "dout[:, t]"),
        ("the output's gradient enters at the last step only", "dout[:, t] + dh", "dout[:, t] * (t == 2) + dh"),
        ("∂C/∂Wx of one step only: it is overwritten, not added up", "dWx += x", "dWx = x"),
        ("∂C/∂Wh uses h(t) instead of h(t − 1)", "before.T @ dz", "h.T @ dz"),
        ("Wh is not transposed", "dz @ Wh.T", "dz @ Wh"),
        ("tanh′ is missing", " * (1 - h**2)", ""),
        ("tanh′ is evaluated one step too early", "1 - h**2", "1 - before**2"),
        ("tanh′ is missing in the gradient from the next step", "(dout[:, t] + dh) * (1 - h**2)",
         "dout[:, t] * (1 - h**2) + dh"),
    ),
)  # fmt: skip


# ---- attention: one head, of a sequence on itself


def attention(x, Wq, Wk, Wv):  # (T, d), (d, k), (d, k), (d, m)
    Q, K, V = x @ Wq, x @ Wk, x @ Wv
    S = Q @ K.T / np.sqrt(Q.shape[1])
    e = np.exp(S - S.max(axis=1, keepdims=True))
    P = e / e.sum(axis=1, keepdims=True)
    return P @ V, (x, Wq, Wk, Wv, Q, K, V, P)


def attention_backward(dout, cache):  # (T, m)
    x, Wq, Wk, Wv, Q, K, V, P = cache
    dV = P.T @ dout
    dP = dout @ V.T
    dS = P * (dP - (dP * P).sum(axis=1, keepdims=True))
    dS = dS / np.sqrt(Q.shape[1])  # of Q Kᵀ, before it is scaled
    dQ = dS @ K
    dK = dS.T @ Q
    return {
        "x": dQ @ Wq.T + dK @ Wk.T + dV @ Wv.T,
        "Wq": x.T @ dQ,
        "Wk": x.T @ dK,
        "Wv": x.T @ dV,
    }


ATTENTION = ByHand(
    "attention",
    attention,
    {
        "x": rng.normal(size=(5, 4)),
        "Wq": rng.normal(size=(4, 3)),
        "Wk": rng.normal(size=(4, 3)),
        "Wv": rng.normal(size=(4, 2)),
    },
    rng.normal(size=(5, 2)),
    attention_backward,
    (
        ("1/√d is missing", "dS / np.sqrt(Q.shape[1])", "dS"),
        ("1/d instead of 1/√d", "dS / np.sqrt(Q.shape[1])", "dS / Q.shape[1]"),
        ("dS is not transposed in the gradient of K", "dS.T @ Q", "dS @ Q"),
        ("P is not transposed in the gradient of V", "P.T @ dout", "P @ dout"),
        ("the path through softmax is missing", "P * (dP - (dP * P).sum(axis=1, keepdims=True))", "dP"),
        ("only the diagonal of softmax's Jacobian", "P * (dP - (dP * P).sum(axis=1, keepdims=True))",
         "P * (1 - P) * dP"),
        ("softmax's sum is over the queries", "(dP * P).sum(axis=1", "(dP * P).sum(axis=0"),
        ("the path through the values is missing", " + dV @ Wv.T", ""),
    ),
)  # fmt: skip

"""Whole graphs to lift, beside the same work by hand in NumPy: (program, by hand, how often each runs).

Each function checks that both give the same cost and gradient.
"""

import random

import numpy as np

from autograd import Value, dot, lift, log_sum_exp, softmax
from nn import mean, quadratic
from tests.helpers.lifting import flat, linear, values
from tests.helpers.recurrences import lstm, random_field

__all__ = ["WHOLE"]


def _pair(cost, parameters, by_hand):
    program = lift(cost, parameters)
    (found, gradient), (wanted, parts) = program(), by_hand()
    assert abs(found - wanted) < 1e-11 * max(1.0, abs(wanted))
    np.testing.assert_allclose(gradient, np.concatenate([part.ravel() for part in parts]), rtol=1e-8, atol=1e-11)
    return {"lifted": program, "by hand": by_hand}


def _numbers(nested):
    return np.array([v.data for v in flat(nested)] if isinstance(nested[0], list) else [v.data for v in nested])


def recurrent_net(steps=8, width=12, inputs=6):
    """h = tanh(U x + W h + b), eight times; the quadratic cost of the last h."""
    rng = random.Random(0)
    u, w, b = values(rng, width, inputs), values(rng, width, width), values(rng, width)
    x = [[rng.uniform(-1, 1) for _ in range(inputs)] for _ in range(steps)]
    h = [Value(0.0)] * width
    for moment in x:
        h = [(p + q).tanh() for p, q in zip(linear(u, moment, b), linear(w, h), strict=True)]
    cost = quadratic(h, [0.1] * width)
    U, W, B = _numbers(u).reshape(width, inputs), _numbers(w).reshape(width, width), _numbers(b)
    X = np.array(x)

    def by_hand():
        states = [np.zeros(width)]
        for moment in X:
            states.append(np.tanh(U @ moment + W @ states[-1] + B))
        error = states[-1] - 0.1
        C = 0.5 * error @ error
        dU, dW, dB = np.zeros_like(U), np.zeros_like(W), np.zeros_like(B)
        dh = error
        for t in range(steps - 1, -1, -1):
            dz = dh * (1 - states[t + 1] ** 2)
            dU += np.outer(dz, X[t])
            dW += np.outer(dz, states[t])
            dB += dz
            dh = W.T @ dz
        return C, [dU, dW, dB]

    return _pair(cost, [*flat(u), *flat(w), *b], by_hand)


def soft_k_means(points=60, centres=5, dimensions=3):
    """Soft k-means, −Σ ln Σ e^(−‖x − c‖²/2): each point is drawn to the near centres."""
    rng = random.Random(1)
    c = values(rng, centres, dimensions)
    x = [[rng.uniform(-1, 1) for _ in range(dimensions)] for _ in range(points)]
    cost = 0.0
    for point in x:
        distances = [sum((a - v) ** 2 for a, v in zip(centre, point, strict=True)) for centre in c]
        cost = cost - log_sum_exp([-0.5 * d for d in distances])
    centre, X = _numbers(c).reshape(centres, dimensions), np.array(x)

    def by_hand():
        gaps = X[:, None] - centre  # (points, centres, dimensions)
        scores = -0.5 * (gaps**2).sum(axis=2)
        top = scores.max(axis=1, keepdims=True)
        powers = np.exp(scores - top)
        total = powers.sum(axis=1, keepdims=True)
        C = -(np.log(total) + top).sum()
        share = powers / total
        return C, [-(share[:, :, None] * gaps).sum(axis=0)]

    return _pair(cost, flat(c), by_hand)


def layer_norm(examples=32, width=16):
    """A layer with layer normalisation, gain and bias; the quadratic cost."""
    rng = random.Random(2)
    gain, bias, w = values(rng, width), values(rng, width), values(rng, width, width)
    x = [[rng.uniform(-1, 1) for _ in range(width)] for _ in range(examples)]
    costs = []
    for example in x:
        z = linear(w, example)
        middle = sum(z) / width
        spread = (sum((v - middle) ** 2 for v in z) / width + 1e-5).sqrt()
        outputs = [g * ((v - middle) / spread) + c for v, g, c in zip(z, gain, bias, strict=True)]
        costs.append(quadratic(outputs, [0.3] * width))
    W, G, B, X = _numbers(w).reshape(width, width), _numbers(gain), _numbers(bias), np.array(x)

    def by_hand():
        Z = X @ W.T
        centred = Z - Z.mean(axis=1, keepdims=True)
        std = np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
        xhat = centred / std
        E = (G * xhat + B - 0.3) / examples
        C = 0.5 * examples * (E * E).sum()
        dxhat = E * G
        dZ = (dxhat - dxhat.mean(axis=1, keepdims=True) - xhat * (dxhat * xhat).mean(axis=1, keepdims=True)) / std
        return C, [(E * xhat).sum(axis=0), E.sum(axis=0), dZ.T @ X]

    return _pair(mean(costs), [*gain, *bias, *flat(w)], by_hand)


def heads_of_attention(tokens=6, heads=2, size=4):
    """Self-attention of six tokens with two heads, and a projection of the result."""
    rng = random.Random(3)
    width = heads * size
    wq, wk, wv, mix = (values(rng, width, width) for _ in range(4))
    x = [[rng.uniform(-1, 1) for _ in range(width)] for _ in range(tokens)]
    q, k, v = ([linear(w, token) for token in x] for w in (wq, wk, wv))
    costs = []
    for t in range(tokens):
        seen = []
        for start in range(0, width, size):
            part = slice(start, start + size)
            share = softmax([dot(q[t][part], other[part]) * size**-0.5 for other in k])
            seen += [dot(share, column) for column in zip(*(token[part] for token in v), strict=True)]
        costs.append(quadratic(linear(mix, seen), [0.1] * width))
    Wq, Wk, Wv, M = (_numbers(w).reshape(width, width) for w in (wq, wk, wv, mix))
    X, scale = np.array(x), size**-0.5

    def split(a):
        return a.reshape(tokens, heads, size).transpose(1, 0, 2)

    def joined(a):
        return a.transpose(1, 0, 2).reshape(tokens, width)

    def by_hand():
        Q, K, V = split(X @ Wq.T), split(X @ Wk.T), split(X @ Wv.T)
        scores = scale * (Q @ K.transpose(0, 2, 1))
        powers = np.exp(scores - scores.max(axis=2, keepdims=True))
        P = powers / powers.sum(axis=2, keepdims=True)
        seen = joined(P @ V)
        E = (seen @ M.T - 0.1) / tokens
        C = 0.5 * tokens * (E * E).sum()
        dseen = split(E @ M)
        dP = dseen @ V.transpose(0, 2, 1)
        dS = scale * P * (dP - (dP * P).sum(axis=2, keepdims=True))
        dQ, dK, dV = joined(dS @ K), joined(dS.transpose(0, 2, 1) @ Q), joined(P.transpose(0, 2, 1) @ dseen)
        return C, [dQ.T @ X, dK.T @ X, dV.T @ X, E.T @ seen]

    return _pair(mean(costs), flat([wq, wk, wv, mix]), by_hand)


def gates(steps=12, width=8, inputs=3):
    """An LSTM; the cost is the square of its last h."""
    cost, parameters = lstm(steps, width, inputs)
    W = _numbers(parameters[: -4 * width]).reshape(4 * width, inputs + width)
    b = _numbers(parameters[-4 * width :])
    rng = random.Random(5)
    values(rng, 4 * width, inputs + width + 1)
    X = np.array([[rng.uniform(-1, 1) for _ in range(inputs)] for _ in range(steps)])

    def by_hand():
        h = c = np.zeros(width)
        cache = []
        for x in X:
            row = np.concatenate([x, h])
            z = W @ row + b
            s, g = 1 / (1 + np.exp(-z[: 3 * width])), np.tanh(z[3 * width :])
            i, f, o = s.reshape(3, width)
            before, c = c, f * c + i * g
            t = np.tanh(c)
            h = o * t
            cache.append((row, s, i, f, o, g, before, t))
        dW, db, dh, dc = np.zeros_like(W), np.zeros_like(b), 2 * h, np.zeros(width)
        for row, s, i, f, o, g, before, t in reversed(cache):
            dc = dc + dh * o * (1 - t * t)
            dz = np.concatenate([dc * g, dc * before, dh * t, dc * i * (1 - g * g)])
            dz[: 3 * width] *= s * (1 - s)
            dW += np.outer(dz, row)
            db += dz
            dh, dc = (dz @ W)[inputs:], dc * f
        return h @ h, [dW, db]

    return _pair(cost, parameters, by_hand)


def chain_of_labels(steps=30, labels=6):
    """ln Z of a conditional random field, by the forward algorithm."""
    cost, parameters = random_field(steps, labels)
    E, A = _numbers(parameters[: steps * labels]).reshape(steps, labels), _numbers(parameters[steps * labels :])
    A = A.reshape(labels, labels)

    def by_hand():
        a, shares = E[0], []
        for e in E[1:]:
            scores = a[:, None] + A
            top = scores.max(axis=0)
            powers = np.exp(scores - top)
            total = powers.sum(axis=0)
            shares.append(powers / total)
            a = e + top + np.log(total)
        top = a.max()
        powers = np.exp(a - top)
        C, da = top + np.log(powers.sum()), powers / powers.sum()
        dE, dA = np.empty_like(E), np.zeros_like(A)
        for t in range(steps - 1, 0, -1):
            dE[t] = da
            dscores = shares[t - 1] * da
            dA += dscores
            da = dscores.sum(axis=1)
        dE[0] = da
        return C, [dE, dA]

    return _pair(cost, parameters, by_hand)


WHOLE = {
    "rnn": recurrent_net,
    "lstm": gates,
    "chain_of_labels": chain_of_labels,
    "k_means": soft_k_means,
    "layer_norm": layer_norm,
    "heads": heads_of_attention,
}

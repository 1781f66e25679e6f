"""The transformer of the first names over examples of equal length with one-hot letters: lifted, and by hand."""

from itertools import chain

import numpy as np

from autograd import lift
from demos.first_names import ALPHABET, CONTEXT, HEADS, WIDTH, Transformer

__all__ = ["names"]

SIZE = WIDTH // HEADS


def by_hand(np, arrays, X, Y):
    """Returns cost and gradient by NumPy, or a module with its functions; one-hot letters (n, steps, letters)."""
    (n, steps, _), (E, P, Q, K, V, M, U, D, S) = X.shape, arrays
    mask, scale = np.tril(np.ones((steps, steps), bool)), SIZE**-0.5

    def norm(x):
        r = ((x * x).mean(axis=2, keepdims=True) + 1e-5) ** -0.5
        return x * r, r

    def norm_back(dy, x, r):
        return dy * r - x * (r**3 * (dy * x).mean(axis=2, keepdims=True))

    def split(x):
        return x.reshape(n, steps, HEADS, SIZE).transpose(0, 2, 1, 3)

    def joined(x):
        return x.transpose(0, 2, 1, 3).reshape(n, steps, WIDTH)

    def flat(x):
        return x.reshape(n * steps, -1)

    x0 = X @ E.T + P[:steps]
    x1, r1 = norm(x0)
    s, r2 = norm(x1)
    q, k, v = split(s @ Q.T), split(s @ K.T), split(s @ V.T)
    scores = np.where(mask, scale * (q @ k.transpose(0, 1, 3, 2)), -np.inf)
    powers = np.exp(scores - scores.max(axis=3, keepdims=True))
    p = powers / powers.sum(axis=3, keepdims=True)
    o = joined(p @ v)
    x2 = x1 + o @ M.T
    h0, r3 = norm(x2)
    z = h0 @ U.T
    a = np.maximum(z, 0)
    x3 = x2 + a @ D.T
    L = x3 @ S.T
    top = L.max(axis=2, keepdims=True)
    powers = np.exp(L - top)
    total = powers.sum(axis=2, keepdims=True)
    C = ((np.log(total) + top).sum() - (Y * L).sum()) / (n * steps)
    dL = (powers / total - Y) / (n * steps)
    dx3 = dL @ S
    dz = (dx3 @ D) * (z > 0)
    dx2 = dx3 + norm_back(dz @ U, x2, r3)
    do = split(dx2 @ M)
    dp = do @ v.transpose(0, 1, 3, 2)
    ds = scale * p * (dp - (dp * p).sum(axis=3, keepdims=True))
    dq, dk, dv = joined(ds @ k), joined(ds.transpose(0, 1, 3, 2) @ q), joined(p.transpose(0, 1, 3, 2) @ do)
    dx1 = dx2 + norm_back(dq @ Q + dk @ K + dv @ V, x1, r2)
    dx0 = norm_back(dx1, x0, r1)
    dP = np.concatenate([dx0.sum(axis=0), np.zeros((CONTEXT - steps, WIDTH))])
    S2 = flat(s)
    parts = [flat(dx0).T @ flat(X), dP, flat(dq).T @ S2, flat(dk).T @ S2, flat(dv).T @ S2, flat(dx2).T @ flat(o),
             flat(dz).T @ flat(h0), flat(dx3).T @ flat(a), flat(dL).T @ flat(x3)]  # fmt: skip
    return C, np.concatenate([part.ravel() for part in parts])


def names(n, steps=8):
    """Returns the lifted program and the one by hand, both for n names of seven letters."""
    model = Transformer(seed=1)
    rng = np.random.default_rng(0)
    X, Y = (np.eye(len(ALPHABET))[rng.integers(0, len(ALPHABET), (n, steps))] for _ in range(2))
    examples = np.hstack([X.reshape(n, -1), Y.reshape(n, -1)])
    program = lift(model.cost, model.parameters(), (X.reshape(n, -1), Y.reshape(n, -1)))
    matrices = [model.letters, model.places, model.query, model.key, model.value, model.mix, model.up, model.down,
                model.scores]  # fmt: skip
    arrays = [np.array([v.data for v in chain.from_iterable(matrix)]).reshape(len(matrix), -1) for matrix in matrices]
    (found, gradient), (wanted, parts) = program(examples), by_hand(np, arrays, X, Y)
    places = {value: i for i, value in enumerate(model.parameters())}
    order = [places[value] for matrix in matrices for value in chain.from_iterable(matrix)]
    assert abs(found - wanted) < 1e-12
    np.testing.assert_allclose(gradient[order], parts, rtol=1e-8, atol=1e-13)
    return {"lifted": lambda: program(examples), "by hand": lambda: by_hand(np, arrays, X, Y), "program": program,
            "examples": examples, "arrays": arrays}  # fmt: skip

"""Expressions and short functions in NumPy, each with the kinds of assignments in its recorded program."""

import numpy as np

from autograd import dot, functions, sigmoid, softmax

X = np.array([[0.126, -1.132, 0.64, 0.105], [-0.536, 0.362, 1.304, 0.947], [-0.704, -1.265, -0.623, 0.041]])
W = np.array([[0.3, -0.8], [1.1, 0.4], [-0.5, 0.9], [0.7, -0.2]])
ROW = np.array([0.5, -0.4, 1.1, -0.9])
STACK = np.sin(np.arange(24.0)).reshape(2, 3, 4)
SQUARE = np.array([[1.4, 0.2, -0.3], [0.5, -1.1, 0.8], [-0.7, 0.6, 0.9]])
IDS, MASK = np.array([2, 0, 2, 1, 2]), X > 0


def in_place(x):
    y = x * 2
    y += 1
    y[0] *= 3
    y[:, 1] = x[:, 2]
    return y * x


def stored_row_by_row(x):
    made = np.zeros(x.shape, dtype=x.dtype)
    for k in range(len(x)):
        made[k] = np.tanh(x[k]) * k
    return made


def added_at(x):
    made = np.zeros((3, 2), dtype=x.dtype)
    np.add.at(made, [0, 2, 0, 0], x)
    return made


def one_by_one(x):
    total = 0.0
    for row in x.tolist():
        for entry in row:
            total = total + entry * entry
    return total


def matrix_product_by_loops(a, b):
    return np.array([[sum(a[i, k] * b[k, j] for k in range(a.shape[1])) for j in range(b.shape[1])]
                     for i in range(a.shape[0])])  # fmt: skip


def recurrent(x, w, u):
    h = np.zeros(w.shape[0])
    for t in range(len(x)):
        h = np.tanh(x[t] @ u + h @ w)
    return h


def convolution(x, k):
    out = np.zeros((x.shape[0] - 1, x.shape[1] - 1), dtype=x.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (x[i : i + 2, j : j + 2] * k).sum()
    return out


def writes_into_out(x):
    made = np.zeros(x.shape, dtype=x.dtype)
    np.multiply(x, x, out=made)
    np.add(made, x, out=made)
    return made


# (a function, the kinds of assignments in its program without views); Σ is a Contraction
EXPRESSIONS = [
    ("ufuncs", lambda x: np.exp(np.sin(x)) - np.cos(x) ** 2, ["sin", "exp", "cos", "pow", "sub"], X),
    ("x / (1 + |x|)", lambda x: x / (1 + np.abs(x)), ["abs", "add", "div"], X),
    ("arctan2", lambda x: np.arctan2(x, x + 3), ["add", "arctan2"], X),
    ("square and sqrt", lambda x: np.sqrt(np.square(x) + 1), ["mul", "add", "sqrt"], X),
    ("log1p, expm1", lambda x: np.log1p(x * x) + np.expm1(x), ["mul", "log1p", "expm1", "add"], X),
    ("minus", lambda x: -x, ["neg"], X),
    ("reciprocal", lambda x: 1 / (x + 3), ["add", "div"], X),
    ("maximum", lambda x: np.maximum(x, 0.0), ["maximum"], X),
    ("minimum of two", lambda x: np.minimum(x, x[:, ::-1]), ["minimum"], X),
    ("clip", lambda x: np.clip(x, -0.5, 0.5), None, X),
    ("where", lambda x: np.where(x > 0, x, 0.1 * x), None, X),
    ("where by a mask", lambda x: np.where(MASK, x * 2, -1.0), None, X),
    ("times a mask", lambda x: x * MASK, ["mul"], X),
    ("sigmoid of the library", lambda x: sigmoid(x), ["sigmoid"], X),
    ("relu and softplus", lambda x: functions.relu(x) + functions.softplus(x), ["relu", "softplus", "add"], X),
    ("softmax of the library", lambda x: softmax(x[0]), None, X),
    ("@", lambda x, w: x @ w, ["Σ"], X, W),
    ("@ twice", lambda x, w: (x @ w) @ w.T, ["Σ", "Σ"], X, W),
    ("vector @ matrix", lambda x, w: x @ w, ["Σ"], ROW, W),
    ("matrix @ vector", lambda x, w: x @ w, ["Σ"], X, ROW),
    ("vector @ vector", lambda x, w: x @ w, ["Σ"], ROW, ROW[::-1].copy()),
    ("stack @ stack", lambda x: x @ x.transpose(0, 2, 1), ["Σ"], STACK),
    ("stack @ matrix", lambda x, w: x @ w, ["Σ"], STACK, W),
    ("matrix @ stack", lambda x, w: w.T @ x.transpose(0, 2, 1), ["Σ"], STACK, W),
    ("vector @ stack", lambda x, w: w @ x, ["Σ"], STACK, ROW[:3].copy()),
    ("arithmetic along an axis", lambda x: np.subtract.reduce(x, axis=0), None, X),
    ("stack @ vector", lambda x, w: x @ w, ["Σ"], STACK, ROW),
    ("stacks that broadcast", lambda x: x[:, None] @ x[None].swapaxes(-1, -2), None, STACK),
    ("np.dot", lambda x, w: np.dot(x, w), ["Σ"], X, W),
    ("x.dot", lambda x, w: x.dot(w), ["Σ"], X, W),
    ("np.dot with a number", lambda x: np.dot(2.0, x), ["mul"], X),
    ("matmul with constants", lambda x: W.T @ x.T, ["Σ"], X),
    ("inner", lambda x, w: np.inner(x, w.T), None, X, W),
    ("outer", lambda x, w: np.outer(x, w), None, ROW, ROW[:3].copy()),
    ("tensordot", lambda x, w: np.tensordot(x, w, axes=([1], [0])), None, X, W),
    ("vdot", lambda x, w: np.vdot(x, w), None, ROW, ROW * 2),
    ("trace", lambda x: np.trace(x), None, SQUARE),
    ("einsum", lambda x, w: np.einsum("ij,jk->ik", x, w), ["Σ"], X, W),
    ("einsum without ->", lambda x, w: np.einsum("ij,jk", x, w), ["Σ"], X, W),
    ("einsum without ->, in another order", lambda x: np.einsum("ba", x), [], X),
    ("einsum of all", lambda x, w: np.einsum("ij,ij->", x, w), ["Σ"], X, X**2),
    ("einsum of three", lambda x, w: np.einsum("i,ij,jk->k", x[:, 0], x, w), ["Σ"], X, W),
    ("einsum with blanks", lambda x, w: np.einsum("i j, j k -> i k", x, w), ["Σ"], X, W),
    ("einsum with an ellipsis", lambda x, w: np.einsum("...j,jk->...k", x, w), None, STACK, W),
    ("einsum of a diagonal", lambda x: np.einsum("ii->i", x), None, SQUARE),
    ("einsum of a trace", lambda x: np.einsum("ii", x), None, SQUARE),
    ("einsum with axes as lists", lambda x, w: np.einsum(x, [0, 1], w, [1, 2], [0, 2]), None, X, W),
    ("einsum, optimised", lambda x, w: np.einsum("ij,jk->ik", x, w, optimize=True), None, X, W),
    ("sum", lambda x: x.sum(), ["Σ"], X),
    ("sum along an axis", lambda x: x.sum(axis=0), ["Σ"], X),
    ("sum along the last axis, kept", lambda x: x - x.sum(axis=-1, keepdims=True), ["Σ", "sub"], X),
    ("sum along two axes", lambda x: x.sum(axis=(0, 2)), ["Σ"], STACK),
    ("np.add.reduce", lambda x: np.add.reduce(x), ["Σ"], X),
    ("sum, with an initial number", lambda x: x.sum(axis=0, initial=2.0), None, X),
    ("sum of some", lambda x: x.sum(axis=0, where=MASK), None, X),
    ("sum() of Python", lambda x: sum(x), ["add", "add", "add"], X),
    ("mean", lambda x: x.mean(axis=0), ["Σ", "div"], X),
    ("mean of all", lambda x: np.mean(x), ["Σ", "div"], X),
    ("average", lambda x: np.average(x, axis=1, weights=ROW), None, X),
    ("var", lambda x: x.var(axis=0), None, X),
    ("var with ddof", lambda x: x.var(axis=0, ddof=1, keepdims=True), None, X),
    ("std", lambda x: np.std(x, axis=1), None, X),
    ("norm", lambda x: np.sqrt((x**2).sum(axis=1)), ["pow", "Σ", "sqrt"], X),
    ("np.linalg.norm", lambda x: np.linalg.norm(x), None, X),
    ("max", lambda x: x.max(), ["fold"], X),
    ("max along an axis", lambda x: x - x.max(axis=1, keepdims=True), ["fold", "sub"], X),
    ("min along an axis", lambda x: x.min(axis=0), ["fold"], X),
    ("max along two axes", lambda x: x.max(axis=(0, 2)), ["fold"], STACK),
    ("prod", lambda x: x.prod(axis=1), ["fold"], X),
    ("logaddexp", lambda x: np.logaddexp.reduce(x, axis=1), ["fold"], X),
    ("cumsum", lambda x: np.cumsum(x, axis=1), None, X),
    ("diff", lambda x: np.diff(x, axis=0), ["sub"], X),
    ("median", lambda x: np.median(x, axis=1), None, X),
    ("sort", lambda x: np.sort(x, axis=1), None, X),
    ("softmax by hand", lambda x: np.exp(x) / np.exp(x).sum(axis=1, keepdims=True), ["exp", "exp", "Σ", "div"], X),
    ("log of a sum of exponentials", lambda x: np.log(np.exp(x).sum(axis=0)), ["exp", "Σ", "log"], X),
    ("reshape", lambda x: x.reshape(2, 6) * 2, ["mul"], X),
    ("ravel and transpose", lambda x: x.T.ravel() * 2, ["mul"], X),
    ("flips", lambda x: np.flip(x, 0) * np.fliplr(x), ["mul"], X),
    ("roll", lambda x: np.roll(x, 1, axis=0) * x, ["mul"], X),
    ("repeat and tile", lambda x: np.repeat(x, 2, axis=0) + np.tile(x, (2, 1)), ["add"], X),
    ("concatenate", lambda x: np.concatenate([x, x * 2], axis=1), ["mul"], X),
    ("stack", lambda x: np.stack([x, np.ones(x.shape)], axis=-1), [], X),
    ("hstack, vstack", lambda x: np.vstack([np.hstack([x, x]), np.ones((1, 8))]), [], X),
    ("split", lambda x: np.split(x, 2, axis=1)[1] * 2, ["mul"], X),
    ("pad", lambda x: np.pad(x, 1) * 2, ["mul"], X),
    ("pad at one side", lambda x: np.pad(x, ((1, 0), (0, 2))), [], X),
    ("fancy indices", lambda x: x[IDS] * 2, ["mul"], X),
    ("two fancy indices", lambda x: -np.log(x[np.arange(3), [0, 3, 1]] + 2), ["add", "log", "neg"], X),
    ("boolean indices", lambda x: x[MASK] ** 2, ["pow"], X),
    ("take", lambda x: np.take(x, [1, 1, 0], axis=1), [], X),
    ("diagonal", lambda x: np.diag(x) * 2, ["mul"], SQUARE),
    ("upper triangle", lambda x: np.triu(x), None, SQUARE),
    ("where with indices", lambda x: x[np.where(MASK)], [], X),
    ("a new axis", lambda x: x[:, None, :] - x[None, :, :], ["sub"], X),
    ("broadcast_to", lambda x: np.broadcast_to(x[0], (5, 4)) * 2, ["mul"], X),
    ("in place", in_place, None, X),
    ("stored row by row", stored_row_by_row, None, X),
    ("np.add.at", added_at, None, W),
    ("out=", writes_into_out, ["mul", "add"], X),
    ("a loop on Values", one_by_one, None, X),
    ("a matrix product by loops", matrix_product_by_loops, None, X, W),
    ("an array of Values from a list", lambda x: np.array([x[0, 0] * 2, x[1, 1], 3.0 * x[2, 2]]), None, X),
    ("a list of lists", lambda x: [[x[0, 0], 1.0], [x[1, 1] * 2, x[2, 2]]], None, X),
    ("a single Value", lambda x: x[0, 0] * x[1, 2] + 3, ["mul", "add"], X),
    ("autograd.dot", lambda x: dot(x[0].tolist(), x[1].tolist()), None, X),
    ("autograd.dot with a bias", lambda x: dot(x[0].tolist(), ROW.tolist(), x[1, 1]), None, X),
    ("a recurrent net", recurrent, None, X, SQUARE, W @ np.ones((2, 3)) / 3),
    ("a convolution", convolution, None, X, W[:2]),
    ("a map of rows", lambda x: np.apply_along_axis(np.cumsum, 1, x), None, X),
    ("vectorised comparisons", lambda x: (x * (x > 0)).sum() + (x * (x <= 0)).sum() * 0.1, None, X),
    ("an empty sum", lambda x: x[:0].sum() + x.sum(), None, X),
    ("modf-like", lambda x: np.mod(x, 0.7), None, X),
]  # fmt: skip

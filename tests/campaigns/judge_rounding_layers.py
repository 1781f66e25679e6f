"""Networks and layers for `judge_rounding`: a forward pass, and right backward passes in several algebraic forms.

`forward(m, **inputs)`: m is NumPy. A backward pass takes the inputs and the upstream gradient, in float64 or float32,
and a function `shake`, which adds a relative error of 0 or ε to an intermediate array.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from autograd import relu, sigmoid, softplus

__all__ = ["LAYERS"]


@dataclass
class Case:
    forward: object
    inputs: dict
    passes: dict


def some_scale(rng):
    return float(rng.choice([1e-8, 1e-3, 0.3, 1.0, 1.0, 1.0, 3.0, 30.0, 1e3, 1e8]))


# ---- activations: as the graph has them, and the slope in several forms as a function of z


def by_exp(z):
    return 1 / (1 + np.exp(-z))


ACTIVATIONS = {
    "sigmoid": (sigmoid, by_exp),
    "sigmoid by exp": (by_exp, by_exp),
    "sigmoid by e/(1 + e)": (lambda z: np.exp(z) / (1 + np.exp(z)), by_exp),
    "tanh": (np.tanh, np.tanh),
    "tanh by exp": (lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)), np.tanh),
    "tanh by one exp": (lambda z: 1 - 2 / (np.exp(2 * z) + 1), np.tanh),
    "relu": (relu, lambda z: np.maximum(z, 0)),
    "relu by maximum": (lambda z: np.maximum(z, 0.0), lambda z: np.maximum(z, 0)),
    "softplus": (softplus, lambda z: np.logaddexp(0, z)),
    "softplus by log": (lambda z: np.log(1 + np.exp(z)), lambda z: np.logaddexp(0, z)),
    "swish": (lambda z: z * by_exp(z), lambda z: z * by_exp(z)),
    "none": (lambda z: z, lambda z: z),
}


def slope(name, form, z, a):
    s = by_exp(z)
    match name.split()[0], form:
        case "sigmoid", 0:
            return a * (1 - a)
        case "sigmoid", 1:
            return np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2
        case "sigmoid", _:
            return a - a**2
        case "tanh", 0:
            return 1 - a**2
        case "tanh", 1:
            return 1 / np.cosh(z) ** 2
        case "tanh", _:
            return (1 - a) * (1 + a)
        case "relu", 0:
            return (z > 0).astype(z.dtype)
        case "relu", 2 if name == "relu by maximum":  # at 0 either slope is right
            return (z >= 0).astype(z.dtype)
        case "relu", _:
            return (a > 0) * np.ones_like(z)
        case "softplus", 0:
            return s
        case "softplus", 1:
            return 1 - 1 / (1 + np.exp(z))
        case "softplus", _:
            return 1 - np.exp(-a)
        case "swish", 0:
            return s + z * s * (1 - s)
        case "swish", _:
            return a + s * (1 - a)
    return np.ones_like(z)


# ---- products and sums, in several orders


def matmul(form, A, B):
    if form == 0:
        return A @ B
    if form == 1:
        return np.einsum("ij,jk->ik", A, B)
    total = np.zeros((len(A), B.shape[1]), A.dtype)
    for k in reversed(range(A.shape[1])):
        total = total + A[:, k : k + 1] * B[k : k + 1]
    return total


def rows_summed(form, A):
    if form == 0:
        return A.sum(axis=0)
    if form == 1:
        return np.ones(len(A), A.dtype) @ A
    return sum(reversed(list(A)), np.zeros(A.shape[1], A.dtype))


# ---- fully connected networks


def network(rng):
    depth = int(rng.choice([1, 2, 3, 5, 20]))
    n, width = int(rng.choice([1, 2, 5])), int(rng.choice([1, 2, 4, 6]))
    sizes = [int(rng.integers(1, 5)), *[width] * (depth - 1), int(rng.integers(1, 4))]
    names = [str(rng.choice(list(ACTIVATIONS)))] * depth if rng.random() < 0.7 else list(
        rng.choice(list(ACTIVATIONS), size=depth))  # fmt: skip
    scale, dead = some_scale(rng), ""
    inputs = {"X": rng.normal(size=(n, sizes[0])) * rng.choice([1.0, 1.0, 1e-3, 100.0])}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        inputs[f"W{layer}"] = rng.normal(size=(fan_in, fan_out)) * scale / np.sqrt(fan_in)
        inputs[f"b{layer}"] = rng.normal(size=fan_out) * rng.choice([0.0, 0.1, scale])
        if rng.random() < 0.1:  # a dead neuron, exactly on relu's corner
            dead = " beside dead ones"
            inputs[f"W{layer}"][:, 0] = inputs[f"b{layer}"][0] = 0.0
    cost = str(rng.choice(["output", "squares", "softmax", "logistic"]))
    if cost in ("softmax", "logistic"):
        names[-1] = "none"
    Y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=n)] if cost == "softmax" else rng.integers(
        2, size=(n, sizes[-1])).astype(float)  # fmt: skip

    def forward(m, X, **parameters):
        for layer, name in enumerate(names):
            X = ACTIVATIONS[name][0](X @ parameters[f"W{layer}"] + parameters[f"b{layer}"])
        if cost == "squares":
            return ((X - Y) ** 2).sum() / (2 * n)
        if cost == "softmax":
            e = m.exp(X - X.max(axis=1, keepdims=True))
            return -(Y * m.log(e / e.sum(axis=1, keepdims=True))).sum() / n
        if cost == "logistic":
            return -(Y * m.log(by_exp(X)) + (1 - Y) * m.log(1 - by_exp(X))).mean()
        return X

    def backward(form, given, upstream, shake):
        activations, zs = [given["X"]], []
        for layer, name in enumerate(names):
            zs.append(shake(matmul(form, activations[-1], given[f"W{layer}"]) + given[f"b{layer}"]))
            activations.append(shake(ACTIVATIONS[name][1](zs[-1])))
        a, y = activations[-1], Y.astype(given["X"].dtype)
        if cost == "squares":
            flow = (a - y) * (upstream / n)
        elif cost == "softmax":
            shifted = a - a.max(axis=1, keepdims=True)
            p = np.exp(shifted)
            flow = (shake(p / p.sum(axis=1, keepdims=True)) - y) * (upstream / n)
        elif cost == "logistic":
            flow = (shake(by_exp(a)) - y) / a.dtype.type(a.size) * upstream
        else:
            flow = upstream
        found = {}
        for layer in reversed(range(depth)):
            delta = flow * slope(names[layer], form, zs[layer], activations[layer + 1])
            found[f"W{layer}"] = matmul(form, activations[layer].T, delta)
            found[f"b{layer}"] = rows_summed(form, delta)
            flow = matmul(form, delta, given[f"W{layer}"].T)
        return {**found, "X": flow}

    passes = {
        f"{cost}, {text}{dead}, form {form}": lambda *given, form=form: backward(form, *given)
        for text in (names[0],)
        for form in range(3)
    }
    return Case(forward, inputs, passes)


# ---- batch norm and layer norm


def normalisation(rng):
    n, d = int(rng.choice([1, 2, 7, 30])), int(rng.choice([1, 3, 6]))
    axis = int(rng.integers(2))
    x = rng.normal(size=(n, d)) * some_scale(rng) + rng.choice([0.0, 1.0, 1e4])
    if rng.random() < 0.2:
        x[:, 0] = x[0, 0]  # a feature that does not vary
    inputs = {"x": x, "gamma": rng.normal(size=d), "beta": rng.normal(size=d)}
    small = float(rng.choice([1e-5, 1e-8]))

    def forward(m, x, gamma, beta):
        xc = x - x.mean(axis=axis, keepdims=True)
        return gamma * (xc / m.sqrt((xc**2).mean(axis=axis, keepdims=True) + small)) + beta

    def parts(given, shake):
        x = given["x"]
        xc = shake(x - shake(x.mean(axis=axis, keepdims=True)))
        var = (xc**2).mean(axis=axis, keepdims=True) + x.dtype.type(small)
        return xc, var, shake(xc / np.sqrt(var))

    def closed(given, upstream, shake):
        _, var, xhat = parts(given, shake)
        count, g = xhat.shape[axis], upstream * given["gamma"]
        sums, products = g.sum(axis=axis, keepdims=True), (g * xhat).sum(axis=axis, keepdims=True)
        return (count * g - sums - xhat * products) / (count * np.sqrt(var)), xhat

    def staged(given, upstream, shake):
        xc, var, xhat = parts(given, shake)
        count, g = xhat.shape[axis], upstream * given["gamma"]
        dvar = (g * xc * -0.5 * var**-1.5).sum(axis=axis, keepdims=True)
        dmu = (-g / np.sqrt(var)).sum(axis=axis, keepdims=True) + dvar * (-2 * xc).mean(axis=axis, keepdims=True)
        return g / np.sqrt(var) + dvar * 2 * xc / count + dmu / count, xhat

    def means(given, upstream, shake):
        _, var, xhat = parts(given, shake)
        g = upstream * given["gamma"] / np.sqrt(var)
        return g - g.mean(axis=axis, keepdims=True) - xhat * (g * xhat).mean(axis=axis, keepdims=True), xhat

    def all_three(way, form):
        def passed(given, upstream, shake):
            dx, xhat = way(given, upstream, shake)
            return {"x": dx, "gamma": rows_summed(form, upstream * xhat), "beta": rows_summed(form, upstream)}

        return passed

    ways = {"closed": closed, "staged": staged, "means": means}
    return Case(forward, inputs, {text: all_three(way, form) for form, (text, way) in enumerate(ways.items())})


# ---- softmax, alone and in attention


def softmax(rng):
    n, d = int(rng.choice([1, 2, 5])), int(rng.choice([1, 2, 4, 7]))
    x = rng.normal(size=(n, d)) * rng.choice([1e-8, 1.0, 10.0, 100.0]) + rng.choice([0.0, 0.0, 100.0])
    shift, log = bool(rng.integers(2)), bool(rng.integers(2))

    def forward(m, x):
        e = m.exp(x - x.max(axis=1, keepdims=True) if shift else x)
        p = e / e.sum(axis=1, keepdims=True)
        return m.log(p) if log else p

    def probabilities(x, shifted):
        e = np.exp(x - x.max(axis=1, keepdims=True) if shifted else x)
        return e / e.sum(axis=1, keepdims=True)

    def compact(shifted, given, upstream, shake):
        p = shake(probabilities(given["x"], shifted))
        if log:
            return {"x": upstream - p * upstream.sum(axis=1, keepdims=True)}
        return {"x": p * (upstream - (upstream * p).sum(axis=1, keepdims=True))}

    def jacobian(given, upstream, shake):
        p = shake(probabilities(given["x"], True))
        rows = [np.eye(d, dtype=p.dtype) - q if log else np.diag(q) - np.outer(q, q) for q in p]
        return {"x": np.array([g @ J for g, J in zip(upstream, rows, strict=True)])}

    passes = {"shifted": lambda *a: compact(True, *a), "jacobian": jacobian}
    if np.abs(x).max() < 80:
        passes["not shifted"] = lambda *a: compact(False, *a)
    return Case(forward, {"x": x}, passes)


def attention(rng):
    n, d = int(rng.choice([1, 2, 5])), int(rng.choice([1, 3]))
    inputs = {name: rng.normal(size=(n, d)) * rng.choice([1e-4, 1.0, 5.0, 30.0]) for name in "QKV"}

    def forward(m, Q, K, V):
        s = Q @ K.T / np.sqrt(d)
        e = m.exp(s - s.max(axis=1, keepdims=True))
        return (e / e.sum(axis=1, keepdims=True)) @ V

    def backward(form, given, upstream, shake):
        Q, K, V = (given[name] for name in "QKV")
        root = Q.dtype.type(np.sqrt(d))
        s = shake(matmul(form, Q, K.T) / root if form else matmul(form, Q / root, K.T))
        e = np.exp(s - s.max(axis=1, keepdims=True))
        p = shake(e / e.sum(axis=1, keepdims=True))
        g = shake(matmul(form, upstream, V.T))
        ds = p * (g - (g * p).sum(axis=1, keepdims=True)) if form else p * g - p * (upstream * (p @ V)).sum(
            axis=1, keepdims=True)  # fmt: skip
        return {"Q": matmul(form, ds, K) / root, "K": matmul(form, ds.T, Q / root), "V": matmul(form, p.T, upstream)}

    passes = {f"form {form}": lambda *a, form=form: backward(form, *a) for form in range(3)}
    return Case(forward, inputs, passes)


LAYERS = {"network": network, "normalisation": normalisation, "softmax": softmax, "attention": attention}

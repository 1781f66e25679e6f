"""Recorded forward passes with given gradients, for the tests of verdicts."""

import numpy as np

from autograd import array
from autograd.checking.verdict import Verdict
from autograd.mistakes.judged import Given
from autograd.programs.recorded import Recorded
from autograd.programs.recording import Recorder
from autograd.programs.reverse import BackwardPass

RNG = np.random.default_rng(7)


def recorded(forward, inputs, upstream=None):
    """Records a pass. `forward` returns its named arrays in a dict, the result last."""
    recorder = Recorder(lambda: None)
    values = {name: array(given) for name, given in inputs.items()}
    leaves = {name: recorder.leaf(value, name) for name, value in values.items()}
    with recorder.running():
        made = {name: recorder.array(value) for name, value in forward(**values).items()}
    for name, assignment in made.items():
        assignment.name = assignment.name or name
    result = list(made.values())[-1]
    upstream = np.ones(result.shape) if upstream is None else upstream
    with np.errstate(divide="ignore"):
        backward = BackwardPass(recorder.program, result, upstream)
    named = dict(sorted({**leaves, **made}.items(), key=lambda item: item[1].number))
    return Recorded(recorder.program, result, leaves, named, backward)


def given(found, name, change=None):
    """Returns the gradient of a named array, right or changed."""
    assignment = found.named[name]
    right = found.backward.flows[assignment.number]
    mine = right if change is None else np.asarray(change(right) if callable(change) else change, dtype=float)
    return Given(name, assignment, mine, right, 1e-12 * np.abs(right).max() * np.ones(right.shape))


def verdict(found, *reasons, **changes):
    """Returns a verdict on gradients, by name: None is the right one, a function changes it, an array replaces it."""
    return Verdict(found, [given(found, name, change) for name, change in changes.items()], list(reasons))


def batchnorm(x, gamma, beta):
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc**2).mean(axis=0)
    std = np.sqrt(var + 1e-5)
    xhat = xc / std
    out = gamma * xhat + beta
    return {"mu": mu, "xc": xc, "var": var, "std": std, "xhat": xhat, "out": out}


def batchnorm_recorded(n=6, d=3):
    inputs = {"x": RNG.normal(size=(n, d)), "gamma": RNG.normal(size=d), "beta": RNG.normal(size=d)}
    return recorded(batchnorm, inputs, RNG.normal(size=(n, d)))


def mlp(x, W1, b1, W2, b2, y):
    z1 = x @ W1 + b1
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2
    e = z2 - y
    loss = 0.5 * (e**2).sum() / len(x)
    return {"z1": z1, "h": h, "z2": z2, "e": e, "loss": loss}


def mlp_recorded(n=5, sizes=(3, 4, 2)):
    a, b, c = sizes
    shapes = {"x": (n, a), "W1": (a, b), "b1": (b,), "W2": (b, c), "b2": (c,), "y": (n, c)}
    return recorded(mlp, {name: RNG.normal(size=shape) for name, shape in shapes.items()})


def rnn(x, W, U, b, V):
    h = np.zeros(W.shape[0])
    made = {}
    for t in range(3):
        z = x[t] @ U + h @ W + b
        h = np.tanh(z)
        made |= {f"z({t + 1})": z, f"h({t + 1})": h}
    return made | {"out": h @ V}


def rnn_recorded():
    shapes = {"x": (3, 2), "W": (4, 4), "U": (2, 4), "b": (4,), "V": (4, 2)}
    inputs = {name: RNG.normal(size=shape) for name, shape in shapes.items()}
    return recorded(rnn, inputs, RNG.normal(size=2))


def attention(X, Wq, Wk, Wv):
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    S = Q @ K.T / np.sqrt(Q.shape[-1])
    E = np.exp(S - S.max(axis=-1, keepdims=True))
    P = E / E.sum(axis=-1, keepdims=True)
    return {"Q": Q, "K": K, "V": V, "S": S, "E": E, "P": P, "out": P @ V}


def attention_recorded():
    shapes = {"X": (4, 3), "Wq": (3, 4), "Wk": (3, 4), "Wv": (3, 2)}
    inputs = {name: RNG.normal(size=shape) for name, shape in shapes.items()}
    return recorded(attention, inputs, RNG.normal(size=(4, 2)))

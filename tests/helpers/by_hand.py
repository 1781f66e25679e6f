"""Small forward passes with hand-written backward passes in NumPy. The tests put mistakes into these."""

from types import SimpleNamespace

import numpy as np

from autograd import check_backward
from autograd.checking.forward_pass import forward_pass
from autograd.checking.inputs import Inputs
from autograd.mistakes.judged import Given

RNG = np.random.default_rng(21)
# conftest.py sets RNG to these states before each test and before each file of tests, so that none depends on others
BEGIN = np.random.default_rng(22).bit_generator.state
BEGIN_OF_FILE = np.random.default_rng(23).bit_generator.state


def normal(*shape):
    return RNG.normal(size=shape)


def recorded(forward, inputs, upstream=None):
    """Returns the recorded pass, with the names of its variables."""
    return forward_pass(forward, Inputs(inputs, set()), upstream).recorded


def given(found, name, array=None):
    """Returns a given gradient; without an array, it is the right one."""
    right = found.backward.flows[found.named[name].number]
    array = right if array is None else np.asarray(array, dtype=float)
    return Given(name, found.named[name], array, right, np.full(right.shape, 1e-12 * np.abs(right).max()))


def why(forward, inputs, gradients, upstream=None):
    """Returns the reason that `check_backward` tells for these gradients, after a check that it finds them wrong."""
    with np.errstate(all="ignore"):
        verdict = check_backward(forward, inputs, gradients, upstream)
    assert not verdict.agrees()
    return verdict.why


# ---- batch norm, along the rows


def batchnorm(x, gamma, beta):
    mu = x.mean(axis=0)
    xc = x - mu
    var = (xc**2).mean(axis=0)
    std = np.sqrt(var + 1e-5)
    xhat = xc / std
    return gamma * xhat + beta


BN = {"x": normal(6, 5), "gamma": normal(5), "beta": normal(5)}
BN_OUT = normal(6, 5)


def batchnorm_by_hand(through_mu=1.0, through_var=1.0, gamma=BN["gamma"]):
    """Returns the gradients of `batchnorm`; the arguments multiply the paths through mu and through var."""
    x, n = BN["x"], len(BN["x"])
    xc = x - x.mean(axis=0)
    std = np.sqrt((xc**2).mean(axis=0) + 1e-5)
    dxhat = BN_OUT * gamma
    dvar = (dxhat * xc).sum(axis=0) * -0.5 / std**3
    dxc = dxhat / std + through_var * dvar * 2 * xc / n
    dx = dxc - through_mu * dxc.mean(axis=0)
    return {"x": dx, "gamma": (BN_OUT * xc / std).sum(axis=0), "beta": BN_OUT.sum(axis=0)}


# ---- a network of two layers, examples as rows


def network(x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    return z2 * 1.0


NET = {"x": normal(5, 3), "W1": normal(3, 4), "b1": normal(4), "W2": normal(4, 2), "b2": normal(2)}
NET_OUT = normal(5, 2)


def network_by_hand(dz2=NET_OUT):
    """Returns the values and gradients of `network`, which a test may overwrite."""
    p = SimpleNamespace(**NET, dz2=dz2)
    p.z1 = p.x @ p.W1 + p.b1
    p.a1 = np.tanh(p.z1)
    p.z2 = p.a1 @ p.W2 + p.b2
    p.dW2, p.db2, p.da1 = p.a1.T @ dz2, dz2.sum(axis=0), dz2 @ p.W2.T
    p.dz1 = p.da1 * (1 - p.a1**2)
    return p


def first_layer(p, dz1):
    """Returns the gradients that follow from this dz1."""
    return {"x": dz1 @ p.W1.T, "W1": p.x.T @ dz1, "b1": dz1.sum(axis=0), "W2": p.dW2, "b2": p.db2}


# ---- a recurrent net of three steps


def recurrent(x, U, W, b):
    h = np.full(W.shape[0], 0.5)
    hs = []
    for t in range(3):
        z = x[t] @ U + h @ W + b
        h = np.tanh(z)
        hs.append(h)
    return np.stack(hs)


RNN = {"x": normal(3, 2), "U": normal(2, 4), "W": normal(4, 4), "b": normal(4)}
RNN_OUT = normal(3, 4)


def recurrent_by_hand(slope=lambda z, h: 1 - h * h, back=lambda dz, W: dz @ W.T, steps=(2, 1, 0)):
    """Returns the gradients of `recurrent`. The arguments may replace the slope or a step back, or leave out steps."""
    x, U, W, b = RNN.values()
    hs, zs = [np.full(4, 0.5)], []
    for t in range(3):
        zs.append(x[t] @ U + hs[-1] @ W + b)
        hs.append(np.tanh(zs[-1]))
    dx, dU, dW, db, dh = np.zeros_like(x), np.zeros_like(U), np.zeros_like(W), np.zeros_like(b), 0.0
    for t in (2, 1, 0):
        dz = (RNN_OUT[t] + dh) * slope(zs[t], hs[t + 1])
        dx[t] = dz @ U.T
        if t in steps:
            dU, dW, db = dU + np.outer(x[t], dz), dW + np.outer(hs[t], dz), db + dz
        dh = back(dz, W)
    return {"x": dx, "U": dU, "W": dW, "b": db}

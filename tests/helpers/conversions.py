"""Functions in which a Value becomes a float, each with the remedy that the warning tells."""

import cmath
import functools
import math
import math as m
import statistics
import warnings
from array import array
from math import exp

import numpy as np

from autograd import LeftGraphWarning

AT = np.array([0.5, 1.5, -0.25])
STORE = "np.zeros(shape, like=x), np.zeros_like(x) or np.zeros(shape, dtype=x.dtype)"
ANY = "write it with + - * / and functions that keep Values"


def warned(call, *args, action="always"):
    """Returns the warnings of a call, after a check that all are about Values that become floats."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter(action)
        call(*args)
    assert {one.category for one in caught} <= {LeftGraphWarning}
    return caught


def stored(x):
    out = np.zeros(x.shape)
    for i in range(len(x)):
        out[i] = np.tanh(x[i])  # told
    return out.sum() + x[0]


def convolved(x, like=np.zeros):
    out = like(2)
    for i in range(2):
        for k, weight in enumerate((3.0, -1.0)):
            out[i] += weight * x[i + k]  # told
    return (out * out).sum() + x[0]


def added_at(x):
    out = np.zeros(2)
    np.add.at(out, [0, 1, 0], x)  # told
    return out.sum()


def block(x):
    d = np.zeros((4, 4))
    d[:3, :3] = np.diag(x)  # told
    return d.sum()


def sliced(x):
    out = np.zeros(5)
    out[1:4] = x  # told
    return out @ out


def filled(x):
    out = np.empty(3)
    out.fill(x[0])  # told
    return out.sum()


def in_an_array_of_python(x):
    numbers = array("d", [0.0])
    numbers[0] = x[0]  # told
    return numbers[0] * x[0]


def on_several_lines(x):
    return np.array(  # told
        [x[0], 1.0],
        dtype=float,
    ).sum()


BLOCKS = [(stored, STORE), (convolved, STORE), (added_at, STORE), (block, STORE), (sliced, STORE), (filled, STORE),
          (in_an_array_of_python, STORE), (on_several_lines, "leave the dtype out")]  # fmt: skip
LINES = [
    (lambda x: sum(map(float, x)), "leave float out"),
    (lambda x: max(x, key=float), "leave float out"),
    (lambda x: x.astype(float).sum(), "leave the dtype out"),
    (lambda x: x.astype("float32").sum(), "leave the dtype out"),
    (lambda x: np.asarray(x, dtype=float).sum(), "leave the dtype out"),
    (lambda x: np.asarray(x, float).sum(), "leave the dtype out"),
    (lambda x: np.array(list(x), dtype=np.float64).sum(), "leave the dtype out"),
    (lambda x: np.mean(x, dtype=float), "leave the dtype out"),
    (lambda x: np.sum(x, dtype=np.float64), "leave the dtype out"),
    (lambda x: float(x[0]) * x[1], "leave float(...) out"),
    (lambda x: np.float64(x[0]) * x[1], "leave np.float64(...) out"),
    (lambda x: complex(x[0]).real * x[1], "leave complex(...) out"),
    (lambda x: math.exp(x[0]) * x[1], "write autograd.exp for math.exp"),
    (lambda x: m.tanh(x[0]) * x[1], "write autograd.tanh for math.tanh"),
    (lambda x: exp(x[0]) * x[1], "write autograd.exp for math.exp"),
    (lambda x: cmath.exp(x[0]).real * x[1], "write autograd.exp for cmath.exp"),
    (lambda x: sum(map(math.cos, x)), "write autograd.cos for math.cos"),
    (lambda x: np.vectorize(math.sin)(x).sum(), "write autograd.sin for math.sin"),
    (lambda x: math.fsum(x), "for math.fsum use sum(values)"),
    (lambda x: math.pow(x[0], 2) * x[1], "for math.pow use v ** k"),
    (lambda x: math.tan(x[0]) * x[1], "write autograd.tan for math.tan"),
    (lambda x: math.atan2(x[0], x[1]), "for math.atan2 use autograd.arctan2(v, w)"),
    (lambda x: math.asinh(x[0]) * x[1], "for math.asinh use (v + (v * v + 1).sqrt()).log()"),
    (lambda x: math.erf(x[0]) * x[1], "for math.erf write it in operations there are, or with define_operation"),
    (lambda x: x[0] if math.isfinite(x[0]) else x[1], "write math.isfinite(v.data)"),
    (lambda x: x[0] * len("%.3f" % x[0]), 'f"{v:.3f}" formats a Value'),  # noqa: UP031  it is what people write
    (lambda x: x[0] * len("%s is %g" % ("x", x[0])), 'f"{v:.3f}" formats a Value'),  # noqa: UP031
    (lambda x: np.gradient(x).sum(), ANY),
    (lambda x: np.random.default_rng(0).normal(x[0]) * x[1], ANY),
    (lambda x: statistics.fmean(x), ANY),
    (lambda x: functools.reduce(lambda a, b: math.hypot(a, b), x), "for math.hypot use (v * v + w * w).sqrt()"),
]  # fmt: skip

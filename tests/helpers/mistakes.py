"""Arguments that people pass, rightly or by mistake: numbers of every kind, texts, and other objects."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np

import autograd
from autograd import Value
from tests.helpers.edges import EDGES


class Awkward:
    """An object with a `__float__` that raises."""

    def __float__(self):
        raise RuntimeError("no number")


class Sized:
    def __len__(self):
        return 2


REALS = (2, -3, True, 17, 0.5, Fraction(1, 3), Decimal("1.25"), np.float32(0.5), np.int64(4), np.array(1.5),
         np.bool_(True))  # fmt: skip


TEXTS = ("", "x", "w¹₂₁", "<b>&\"'", "a\nb", "\\N|{}", "\x00", "\ud800", "{a}", "%s",
         "∂C/∂x", "x" * 300, "</script>", "$", "2")  # fmt: skip


ODD = (
    None, "2", b"2", 2j, float, len, object(), Ellipsis, NotImplemented, 10**400, -(10**400), Decimal("sNaN"),
    Decimal("1e999"), Decimal("NaN"), [], (), {}, {"a": 1.0}, {1.0}, range(3), [1.0, "2"], [[1.0], [2.0, 3.0]], [None],
    np.array([]), np.array([1.0, 2.0]), np.array("x"), np.array(None, object), np.zeros((2, 0)), np.ones((2, 2)),
    np.array([1j]), np.datetime64("2026-01-01"), np.array([Value(1.0), 2.0], object), np.array(["1"]), Awkward(),
    Sized(), Exception("x"), np.ma.masked, memoryview(b"12"), bytearray(b"1"), slice(1), np.float64(math.nan),
    lambda *a: a, Value, autograd, -1, 0, 1e9,
)  # fmt: skip


def number(rng):
    return rng.choice(REALS) if rng.random() < 0.3 else rng.choice(EDGES) if rng.random() < 0.5 else rng.uniform(-3, 3)


def value(rng):
    made = Value(number(rng), rng.choice(TEXTS) if rng.random() < 0.5 else "")
    for _ in range(rng.randrange(4)):
        try:
            made = rng.choice(
                [made * 2, made + made, made.tanh(), made.relu(), made * made, -made, made.exp(), made**2]
            )
        except autograd.DomainError:
            break
    if rng.random() < 0.3:
        made.label = rng.choice(TEXTS)
    return made


def anything(rng):
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(ODD)
    if kind < 0.5:
        return rng.choice(TEXTS)
    if kind < 0.65:
        return value(rng)
    if kind < 0.85:
        return number(rng)
    if kind < 0.95:
        return [anything(rng) for _ in range(rng.randrange(4))]
    return {"a": anything(rng), 2: anything(rng)}


def mostly(rng, *good):
    return rng.choice(good) if rng.random() < 0.75 else anything(rng)


def size(rng, *good):
    """Draws as `mostly` does, but no whole number above 100, as a network of that size would take too long."""
    while True:
        made = mostly(rng, *good)
        numbers = made if isinstance(made, list | tuple) else [made]
        if not any(isinstance(n, int | np.integer) and n > 100 for n in numbers):
            return made

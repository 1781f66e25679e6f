"""Edits of a normalisation, (x − mean) / √(variance + ε), as its gradient is written in one line:

    dx = s (g − mean g − xhat · mean(g xhat)),  s = 1/√(variance + ε), g the gradient of xhat

(Ioffe and Szegedy 2015, equations of section 3, put together.) The means are along the normalised axes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ..programs.assignments import Array, Assignment, Constant, Map
from ..programs.reverse import Change, Way
from .edits import Edit, called, uses
from .judged import Recorded

__all__ = ["normalisations"]

CLOSE = 1e-9  # of numbers that are worked out in two ways
LONGEST = 24  # assignments between x and xhat


@dataclass(frozen=True, eq=False)
class _Normalised:
    """xhat, made of x along some axes."""

    x: Assignment
    xhat: Assignment
    axes: tuple[int, ...]
    s: Array  # 1/√(variance + ε), with the axes kept
    inside: tuple[Way, ...]  # the ways from the arithmetic between them to x


def normalisations(recorded: Recorded) -> Iterator[Edit]:
    """Each normalisation with each mistake in its one line."""
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.op.name in ("div", "mul") and len(node.shape) > 0:
            for block in _blocks(recorded, node):
                yield from _edits(block, _factors(recorded, node))


def _factors(recorded: Recorded, xhat: Assignment) -> list[Assignment]:
    """What xhat is multiplied with afterwards: gamma."""
    found = []
    for way in uses(recorded).get(xhat.number, ()):
        node = recorded.program.assignments[way.number]
        if isinstance(node, Map) and node.op.name == "mul" and np.all(node.operands[1 - way.position].value):
            found.append(node.operands[1 - way.position])
    return found


def _edits(block: _Normalised, factors: list[Assignment]) -> Iterator[Edit]:
    shape = block.x.shape
    for text, passed in (*_mistakes(block), *_late(block, factors)):
        yield Edit(
            lambda t, passed=passed: Change(
                rules={way: lambda flow: np.zeros(shape) for way in block.inside},
                jumps={block.xhat.number: (block.x.number, passed)},
            ),
            lambda t, text=text: (
                f"{text}, in {called(block.x)}'s gradient through the normalisation {called(block.xhat)}"
            ),
            3,
            block.inside,
        )


def _late(block: _Normalised, factors: list[Assignment]) -> Iterator[tuple[str, Callable[[Array], Array]]]:
    xhat, s, axes = block.xhat.value, block.s, block.axes
    for gamma in factors:
        yield (f"{called(gamma)} is multiplied after the means, not before them", lambda g, by=gamma.value: by * s * (
            g / by - (g / by).mean(axis=axes, keepdims=True) - xhat * (g / by * xhat).mean(axis=axes, keepdims=True)
        ))  # fmt: skip


def _mistakes(block: _Normalised) -> Iterator[tuple[str, Callable[[Array], Array]]]:
    xhat, s, axes = block.xhat.value, block.s, block.axes
    n = float(np.prod([xhat.shape[axis] for axis in axes]))

    def mean(values: Array) -> Array:
        found: Array = values.mean(axis=axes, keepdims=True)
        return found

    yield "both means are missing", lambda g: s * g
    yield (
        "a factor n is missing before g: g − Σ g − xhat Σ g xhat wants n g",
        lambda g: s / n * (g - n * mean(g) - n * xhat * mean(g * xhat)),
    )
    yield "both means are sums", lambda g: s * (g - n * mean(g) - n * xhat * mean(g * xhat))
    yield "1/n comes twice", lambda g: s * (g - mean(g) / n - xhat * mean(g * xhat) / n)
    yield "1/n is missing in the mean of g", lambda g: s * (g - n * mean(g) - xhat * mean(g * xhat))
    yield "1/n is missing in the mean of g xhat", lambda g: s * (g - mean(g) - n * xhat * mean(g * xhat))
    yield "the factor xhat is missing before mean(g xhat)", lambda g: s * (g - mean(g) - mean(g * xhat))
    yield "the factor xhat is missing inside mean(g xhat)", lambda g: s * (g - mean(g) - xhat * mean(g))
    yield "both factors xhat are missing", lambda g: s * (g - mean(g) - mean(g))
    yield "mean(g xhat) is added, not subtracted", lambda g: s * (g - mean(g) + xhat * mean(g * xhat))
    yield "mean g is added, not subtracted", lambda g: s * (g + mean(g) - xhat * mean(g * xhat))
    yield "both means are added, not subtracted", lambda g: s * (g + mean(g) + xhat * mean(g * xhat))
    yield "the factor 1/√(variance + ε) is missing", lambda g: g - mean(g) - xhat * mean(g * xhat)
    yield "the factor 1/√(variance + ε) comes twice", lambda g: s * s * (g - mean(g) - xhat * mean(g * xhat))
    yield "√(variance + ε) is multiplied with, not divided by", lambda g: (g - mean(g) - xhat * mean(g * xhat)) / s
    yield "x − mean stands in the place of xhat", lambda g: s * (g - mean(g) - xhat / s * mean(g * xhat / s))
    yield (
        "x − mean stands in the place of the xhat inside the mean",
        lambda g: s * (g - mean(g) - xhat * mean(g * xhat / s)),
    )
    yield (
        "x − mean stands in the place of the xhat before the mean",
        lambda g: s * (g - mean(g) - xhat / s * mean(g * xhat)),
    )
    yield "x stands in the place of xhat", lambda g: s * (g - mean(g) - block.x.value * mean(g * block.x.value))
    for others in _axes(xhat.shape):
        if others != axes:
            along = f"along axis {', '.join(map(str, others))}, not {', '.join(map(str, axes))}"
            size = float(np.prod([xhat.shape[axis] for axis in others]))
            for what, k in (("mean", 1.0), ("sum", size / n)):

                def other(values: Array, k: float = k, others: tuple[int, ...] = others) -> Array:
                    found: Array = values.mean(axis=others, keepdims=True) * k
                    return found

                yield f"the {what} of g is {along}", lambda g, of=other: s * (g - of(g) - xhat * mean(g * xhat))
                yield f"the {what} of g xhat is {along}", lambda g, of=other: s * (g - mean(g) - xhat * of(g * xhat))
                yield f"both {what}s are {along}", lambda g, of=other: s * (g - of(g) - xhat * of(g * xhat))
    if n > 1:
        yield "n − 1 stands for n in both means", lambda g: s * (g - n / (n - 1) * (mean(g) + xhat * mean(g * xhat)))
        yield (
            "n − 1 stands for n in the mean of g xhat",
            lambda g: s * (g - mean(g) - n / (n - 1) * xhat * mean(g * xhat)),
        )
    yield "mean(g xhat) is halved", lambda g: s * (g - mean(g) - 0.5 * xhat * mean(g * xhat))
    yield "mean(g xhat) counts twice", lambda g: s * (g - mean(g) - 2.0 * xhat * mean(g * xhat))


def _blocks(recorded: Recorded, xhat: Assignment) -> Iterator[_Normalised]:
    """The arrays of its shape that xhat is a normalisation of, if all of it is made from them."""
    to = uses(recorded)
    inside, frontier = {xhat.number}, {operand.number for operand in xhat.operands if not isinstance(operand, Constant)}
    while frontier and len(inside) < LONGEST:
        at = max(frontier)
        x = recorded.program.assignments[at]
        if frontier == {at} and x.shape == xhat.shape:
            for axes in _axes(x.shape):
                s = _scale(x.value, xhat.value, axes)
                if s is not None and _is_its_own(x.value, xhat.value, s, axes):
                    yield _Normalised(x, xhat, axes, s, tuple(way for way in to.get(at, ()) if way.number in inside))
        frontier.discard(at)
        inside.add(at)
        frontier |= {operand.number for operand in x.operands if not isinstance(operand, Constant)}


def _axes(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    n = len(shape)
    yield from ((axis,) for axis in range(n))
    if n > 1:
        yield tuple(range(n))
    if n == 4:
        yield from ((0, 2, 3), (1, 2, 3), (2, 3))
    if n == 3:
        yield from ((0, 1), (0, 2), (1, 2))


def _scale(x: Array, xhat: Array, axes: tuple[int, ...]) -> Array | None:
    """What x − mean is multiplied with to give xhat, if it is one number for each mean."""
    centred = x - x.mean(axis=axes, keepdims=True)
    size = np.sum(centred**2, axis=axes, keepdims=True)
    if not np.all(size > 0.0):
        return None
    s: Array = np.sum(centred * xhat, axis=axes, keepdims=True) / size
    return s if np.allclose(centred * s, xhat, rtol=CLOSE, atol=CLOSE) and np.all(s > 0.0) else None


def _is_its_own(x: Array, xhat: Array, s: Array, axes: tuple[int, ...]) -> bool:
    """Whether the scale is that of the variance: 1/s² − variance is one small ε everywhere."""
    variance = x.var(axis=axes, keepdims=True)
    epsilon = 1 / (s * s) - variance
    return bool(np.all(np.abs(epsilon) <= 0.01 * variance + 1e-2) and np.ptp(epsilon) <= 1e-6 + 1e-9 * np.max(variance))

"""Makes edits of the gradient of a normalisation, xhat = (x − mean) / √(variance + ε), when it is written in one line:

    dx = s (g − mean g − xhat · mean(g xhat)),  s = 1/√(variance + ε), g the gradient of xhat

The means are along the normalised axes. The formula combines the equations of section 3 of Ioffe and Szegedy 2015.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import prod

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Contraction, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, axes_told, called, fixed, listed, uses
from ..edits import number as called_number
from ..relatives import below
from ..rules import instead

__all__ = ["normalisations"]

CLOSE = 1e-9  # tolerance for numbers that are computed in two ways
LONGEST = 24  # the largest number of assignments between x and xhat


@dataclass(frozen=True, eq=False)
class _Normalised:
    """A normalisation of x along some axes. `made` is the result: xhat, or gamma · xhat."""

    x: Assignment
    made: Assignment
    axes: tuple[int, ...]
    s: Array  # 1/√(variance + ε), with the axes kept
    inside: tuple[Way, ...]  # the ways from the arithmetic between x and `made` back to x
    between: frozenset[int]  # the numbers of the assignments of that arithmetic
    gamma: Assignment | None = None  # a factor in the same arithmetic

    @property
    def factor(self) -> Array:
        """The factor of xhat in `made`: gamma or 1."""
        return np.asarray(1.0) if self.gamma is None else self.gamma.value

    @property
    def xhat(self) -> Array:
        """The normalised numbers."""
        return np.asarray(self.made.value / self.factor)

    @property
    def n(self) -> int:
        """The number of elements in each mean."""
        return prod(self.made.shape[axis] for axis in self.axes)

    @property
    def without_epsilon(self) -> Array:
        """√(variance + ε) / √variance, with the axes kept."""
        return np.asarray(1 / (self.s * self.x.value.std(axis=self.axes, keepdims=True)))

    def mean(self, values: Array) -> Array:
        """Returns the mean along the axes, which are kept."""
        return np.asarray(values.mean(axis=self.axes, keepdims=True))

    def dx(self, g: Array, first: Array, second: Array) -> Array:
        """Returns s (g − first − second): the right dx if first is mean g and second is xhat · mean(g xhat)."""
        return self.s * (g - first - second)


TERMS = ("g itself", "the mean of g", "the mean of g xhat")  # of the formula above

Mistake = Callable[[_Normalised, Array], Array]  # (the normalisation, g) -> a wrong dx

MISTAKES: tuple[tuple[str, Mistake], ...] = (
    ("both means are missing", lambda b, g: b.s * g),
    ("g is not multiplied by n: 1/n times the right n g − Σ g − xhat Σ(g xhat)",
     lambda b, g: b.s / b.n * (g - b.n * b.mean(g) - b.n * b.xhat * b.mean(g * b.xhat))),
    ("both means are sums", lambda b, g: b.dx(g, b.n * b.mean(g), b.n * b.xhat * b.mean(g * b.xhat))),
    ("1/n is applied twice in both means", lambda b, g: b.dx(g, b.mean(g) / b.n, b.xhat * b.mean(g * b.xhat) / b.n)),
    ("1/n is missing in the mean of g", lambda b, g: b.dx(g, b.n * b.mean(g), b.xhat * b.mean(g * b.xhat))),
    ("1/n is missing in the mean of g xhat", lambda b, g: b.dx(g, b.mean(g), b.n * b.xhat * b.mean(g * b.xhat))),
    ("the factor xhat is missing before mean(g xhat)", lambda b, g: b.dx(g, b.mean(g), b.mean(g * b.xhat))),
    ("the factor xhat is missing inside mean(g xhat)", lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g))),
    ("both factors xhat are missing", lambda b, g: b.dx(g, b.mean(g), b.mean(g))),
    ("mean(g xhat) is added, not subtracted", lambda b, g: b.dx(g, b.mean(g), -b.xhat * b.mean(g * b.xhat))),
    ("mean g is added, not subtracted", lambda b, g: b.dx(g, -b.mean(g), b.xhat * b.mean(g * b.xhat))),
    ("both means are added, not subtracted", lambda b, g: b.dx(g, -b.mean(g), -b.xhat * b.mean(g * b.xhat))),
    ("1/√(variance + ε) is missing", lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g * b.xhat)) / b.s),
    ("1/√(variance + ε) is applied twice", lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g * b.xhat)) * b.s),
    ("√(variance + ε) multiplies, but should divide",
     lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g * b.xhat)) / b.s**2),
    ("ε is missing in the factor 1/√(variance + ε)",
     lambda b, g: b.without_epsilon * b.dx(g, b.mean(g), b.xhat * b.mean(g * b.xhat))),
    ("ε is missing in the factor 1/√(variance + ε) and in xhat",
     lambda b, g: b.without_epsilon * b.dx(g, b.mean(g), b.without_epsilon**2 * b.xhat * b.mean(g * b.xhat))),
    ("x − mean is used instead of xhat",
     lambda b, g: b.dx(g, b.mean(g), b.xhat / b.s * b.mean(g * b.xhat / b.s))),
    ("x − mean is used instead of the xhat inside the mean",
     lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g * b.xhat / b.s))),
    ("x − mean is used instead of the xhat before the mean",
     lambda b, g: b.dx(g, b.mean(g), b.xhat / b.s * b.mean(g * b.xhat))),
    ("x is used instead of xhat", lambda b, g: b.dx(g, b.mean(g), b.x.value * b.mean(g * b.x.value))),
    ("x is used instead of the xhat inside the mean",
     lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g * b.x.value))),
    ("x is used instead of the xhat before the mean",
     lambda b, g: b.dx(g, b.mean(g), b.x.value * b.mean(g * b.xhat))),
    ("n − 1 is used instead of n in both means",
     lambda b, g: b.dx(g, *(b.n / (b.n - 1) * m for m in (b.mean(g), b.xhat * b.mean(g * b.xhat))))),
    ("n − 1 is used instead of n in the mean of g xhat",
     lambda b, g: b.dx(g, b.mean(g), b.n / (b.n - 1) * b.xhat * b.mean(g * b.xhat))),
    ("mean(g xhat) is halved", lambda b, g: b.dx(g, b.mean(g), 0.5 * b.xhat * b.mean(g * b.xhat))),
    ("mean(g xhat) is counted twice", lambda b, g: b.dx(g, b.mean(g), 2.0 * b.xhat * b.mean(g * b.xhat))),
)  # fmt: skip


def normalisations(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with a mistake in the one-line gradient of each normalisation, and of all that one line makes."""
    nodes = [node for node in recorded.backward.order if isinstance(node, Map) and node.op.name in ("div", "mul")]
    blocks = [block for node in nodes if node.shape for block in _blocks(recorded, node)]
    plain = {block.made.number for block in blocks if block.gamma is None}
    blocks = [block for block in blocks if block.gamma is None or not plain & block.between]  # else an array is xhat
    together: dict[object, dict[int, tuple[list[_Normalised], list[Mistake], str]]] = {}
    for k, block in enumerate(blocks):
        of_one = sum(other.made is block.made for other in blocks[:k])  # which of the blocks that end in this array
        key = (block.made.place.at if block.made.place else block, block.axes, of_one)
        for at, (text, passed) in enumerate((*_one_line(block), *_of_gamma(recorded, block))):
            yield _edit([block], text, [passed])
            team, rules, _ = together.setdefault(key, {}).setdefault(at, ([], [], text))
            team.append(block)
            rules.append(passed)
        yield _by_another_number(block)
    for several in together.values():
        for team, rules, text in several.values():
            if len(team) > 1:
                yield _edit(team, text, rules)


def _by_another_number(block: _Normalised) -> Edit:
    """Returns a fitted edit with both means multiplied by t, as if they were divided by another number than n."""

    def edit(t: float) -> Edit:
        by = f"divided by {called_number(block.n / t)}, not by {block.n}" if t else "missing"
        rule: Mistake = lambda b, g: b.dx(g, t * b.mean(g), t * b.xhat * b.mean(g * b.xhat))  # noqa: E731
        return _edit([block], f"both means are {by}", [rule])

    return Edit(lambda t: edit(t).change(1.0), lambda t: edit(t).text(1.0), 4, block.inside, fitted=True)


def _edit(team: Sequence[_Normalised], text: str, rules: Sequence[Mistake]) -> Edit:
    change = Change()
    for block, passed in zip(team, rules, strict=True):
        none = dict.fromkeys(block.inside, partial(instead, np.zeros(block.x.shape)))
        jump = {block.made.number: (block.x.number, partial(_back, block, passed))}
        change = change.and_also(Change(rules=none, jumps=jump))
    x, made = (listed(map(called, arrays)) for arrays in ([block.x for block in team], [block.made for block in team]))
    said = (
        f"{text}, in the gradient of {x} through the normalisation {made} (the right one is (g − mean(g) − xhat · "
        "mean(g xhat)) / √(variance + ε), with g the gradient of xhat)"
    )
    return fixed(change, said, 3 + (len(team) > 1), [way for block in team for way in block.inside])


def _back(block: _Normalised, passed: Mistake, flow: Array) -> Array:
    return passed(block, flow * block.factor)


def _one_line(block: _Normalised) -> Iterator[tuple[str, Mistake]]:
    yield from MISTAKES
    for others in _axes(block.made.shape):
        if others != block.axes:
            along = f"over {axes_told(others)}, not over {axes_told(block.axes)}"
            size = prod(block.made.shape[axis] for axis in others) / block.n
            for what, k in (("mean", 1.0), ("sum", size)):
                other = partial(_other_mean, others, k)
                yield f"the {what} of g is {along}", partial(_with_means, other, _right_mean)
                yield f"the {what} of g xhat is {along}", partial(_with_means, _right_mean, other)
                yield f"both {what}s are {along}", partial(_with_means, other, other)


Mean = Callable[[_Normalised, Array], Array]


def _with_means(first: Mean, second: Mean, block: _Normalised, g: Array) -> Array:
    return block.dx(g, first(block, g), block.xhat * second(block, g * block.xhat))


def _right_mean(block: _Normalised, values: Array) -> Array:
    return block.mean(values)


def _other_mean(axes: tuple[int, ...], k: float, block: _Normalised, values: Array) -> Array:
    return np.asarray(values.mean(axis=axes, keepdims=True) * k)


def _of_gamma(recorded: Recorded, block: _Normalised) -> Iterator[tuple[str, Mistake]]:
    """Yields mistakes with a factor gamma of xhat, which belongs to g: it is applied after the means, or some of the
    three terms do not have it, or have it twice.
    """
    products = [recorded.node(way) for way in uses(recorded).get(block.made.number, ())]
    gammas = [x for node in products if isinstance(node, Map) and node.op.name == "mul" for x in node.operands
              if x is not block.made and np.all(x.value)]  # fmt: skip
    for gamma in [block.gamma, *gammas] if block.gamma is not None else gammas:
        yield (
            f"the gradient is multiplied by {called(gamma)} after the means, not before them",
            partial(_after, gamma.value),
        )
        for terms in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), *([(0, 1, 2)] if gamma is block.gamma else [])):
            where = listed(TERMS[k] for k in terms)
            yield f"the factor {called(gamma)} is missing in {where}", partial(_in_terms, 1 / gamma.value, terms)
            yield f"the factor {called(gamma)} is applied twice in {where}", partial(_in_terms, gamma.value, terms)


def _in_terms(by: Array, terms: tuple[int, ...], block: _Normalised, g: Array) -> Array:
    first, second, third = (g * by if k in terms else g for k in range(len(TERMS)))
    return block.dx(first, block.mean(second), block.xhat * block.mean(third * block.xhat))


def _after(by: Array, block: _Normalised, g: Array) -> Array:
    return by * _with_means(_right_mean, _right_mean, block, g / by)


def _blocks(recorded: Recorded, made: Assignment) -> Iterator[_Normalised]:
    """Yields the normalisations that end in `made`: of one array x of the same shape, and at most one factor."""
    inside, frontier = {made.number}, _varying(made)
    while frontier and len(inside) < LONGEST:
        for at in sorted(frontier, reverse=True)[:2]:
            x = recorded.program.assignments[at]
            factors = _factors(recorded, x, inside, frontier) if x.shape == made.shape else None
            if factors is not None and len(factors) < 2 and all(_may_multiply(factor, made) for factor in factors):
                yield from _along_its_axes(recorded, x, made, frozenset(inside), factors)
        at = max(frontier)
        frontier.discard(at)
        inside.add(at)
        frontier |= _varying(recorded.program.assignments[at])


def _along_its_axes(
    recorded: Recorded, x: Assignment, made: Assignment, between: frozenset[int], factors: list[Assignment]
) -> Iterator[_Normalised]:
    if not any(isinstance(recorded.program.assignments[number], Contraction) for number in between):
        return  # there is no mean or sum in between
    ways = tuple(way for way in uses(recorded).get(x.number, ()) if way.number in between)
    for axes in _axes(x.shape):
        block = _Normalised(x, made, axes, np.asarray(1.0), ways, between, next(iter(factors), None))
        s = _scale(x.value, block.xhat, axes)
        if s is not None and _is_its_own(x.value, s, axes):
            yield replace(block, s=s)


def _factors(recorded: Recorded, x: Assignment, inside: set[int], frontier: set[int]) -> list[Assignment] | None:
    """Returns the arrays besides x that the arithmetic after x reads; None if another array of the frontier uses x."""
    assignments = recorded.program.assignments
    if any(x.number in below(recorded)[number] for number in frontier - {x.number}):
        return None
    made_of_x = {x.number}
    for number in sorted(inside):
        if made_of_x & _varying(assignments[number]):
            made_of_x.add(number)
    others = {other for number in inside & made_of_x for other in _varying(assignments[number])} - made_of_x
    return [assignments[number] for number in others]


def _may_multiply(gamma: Assignment, made: Assignment) -> bool:
    sizes = zip(gamma.shape[::-1], made.shape[::-1], strict=False)
    return bool(np.all(gamma.value)) and all(size in (1, n) for size, n in sizes)


def _varying(array: Assignment) -> set[int]:
    return {operand.number for operand in array.operands if not isinstance(operand, Constant)}


def _axes(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    n = len(shape)
    yield from ((axis,) for axis in range(n))
    if n > 1:
        yield tuple(range(n))
    if n > 3:  # without the first axes, or over all but the channels
        yield from ((0, *range(2, n)), *(tuple(range(k, n)) for k in range(1, n - 1)))
    if n == 3:
        yield from ((0, 1), (0, 2), (1, 2))


def _scale(x: Array, xhat: Array, axes: tuple[int, ...]) -> Array | None:
    """Returns the factor from x − mean to xhat, if it is one number for each mean; else None."""
    centred = x - x.mean(axis=axes, keepdims=True)
    size = np.sum(centred**2, axis=axes, keepdims=True)
    if not np.all(size > 0.0):
        return None
    s: Array = np.sum(centred * xhat, axis=axes, keepdims=True) / size
    return s if np.allclose(centred * s, xhat, rtol=CLOSE, atol=CLOSE) and np.all(s > 0.0) else None


def _is_its_own(x: Array, s: Array, axes: tuple[int, ...]) -> bool:
    """Returns whether the scale s is 1/√(variance + ε): 1/s² − variance is the same small ε everywhere."""
    variance = x.var(axis=axes, keepdims=True)
    epsilon = 1 / (s * s) - variance
    return bool(np.all(np.abs(epsilon) <= 0.01 * variance + 1e-2) and np.ptp(epsilon) <= 1e-6 + 1e-9 * np.max(variance))

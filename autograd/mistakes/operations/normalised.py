"""Makes edits of the gradient of a normalisation, xhat = (x − mean) / √(variance + ε), when it is written in one line:

    dx = s (g − mean g − xhat · mean(g xhat)),  s = 1/√(variance + ε), g the gradient of xhat

The means are along the normalised axes. The formula combines the equations of section 3 of Ioffe and Szegedy 2015.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import prod

import numpy as np

from ...programs.assignments import Array, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, axes_told, called, fixed, listed, uses
from ..edits import number as called_number
from ..rules import instead
from .norms import Normalised, norm_axes, normalised

__all__ = ["Mistake", "edited", "normalisations"]

TERMS = ("g itself", "the mean of g", "the mean of g xhat")  # of the formula above

Mistake = Callable[[Normalised, Array], Array]  # (the normalisation, g) -> a wrong dx

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
    ("x is used instead of xhat", lambda b, g: b.dx(g, b.mean(g), b.plain * b.mean(g * b.plain))),
    ("x is used instead of the xhat inside the mean",
     lambda b, g: b.dx(g, b.mean(g), b.xhat * b.mean(g * b.plain))),
    ("x is used instead of the xhat before the mean",
     lambda b, g: b.dx(g, b.mean(g), b.plain * b.mean(g * b.xhat))),
    ("n − 1 is used instead of n in both means",
     lambda b, g: b.dx(g, *(b.n / (b.n - 1) * m for m in (b.mean(g), b.xhat * b.mean(g * b.xhat))))),
    ("n − 1 is used instead of n in the mean of g xhat",
     lambda b, g: b.dx(g, b.mean(g), b.n / (b.n - 1) * b.xhat * b.mean(g * b.xhat))),
    ("only the diagonal of the Jacobian matrix is used: each element as if the others were constants",
     lambda b, g: b.s * g * (1 - 1 / b.n - b.xhat**2 / b.n)),
    ("mean(g xhat) is halved", lambda b, g: b.dx(g, b.mean(g), 0.5 * b.xhat * b.mean(g * b.xhat))),
    ("mean(g xhat) is counted twice", lambda b, g: b.dx(g, b.mean(g), 2.0 * b.xhat * b.mean(g * b.xhat))),
)  # fmt: skip


def normalisations(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits with a mistake in the one-line gradient of each normalisation, or of all that one line made."""
    lines: dict[object, list[Normalised]] = {}
    found = Counter[int]()  # an array may be xhat of several arrays, such as x and x − mean
    for block in normalised(recorded):
        place, number = block.made.place, block.made.number
        lines.setdefault((place and place.at, block.made.shape, block.axes, found[number]), []).append(block)
        found[number] += 1
    for team in lines.values():
        mistakes = [[*_one_line(block), *_of_gamma(recorded, block)] for block in team]
        for several in zip(*mistakes, strict=False):
            yield edited(team, several[0][0], [passed for _, passed in several])
            if len(team) > 1:
                pairs = zip(team, several, strict=True)
                yield from (edited([block], text, [passed]) for block, (text, passed) in pairs)
        yield _by_another_number(team)


def _by_another_number(team: Sequence[Normalised]) -> Edit:
    """Returns a fitted edit with both means multiplied by t, as if they were divided by another number than n."""

    def edit(t: float) -> Edit:
        n = team[0].n
        by = f"divided by {called_number(n / t)}, not by {n}" if t else "missing"
        wrong = partial(_with_means, lambda b, g: t * b.mean(g), lambda b, g: t * b.mean(g))
        return edited(team, f"both means are {by}", [wrong] * len(team))

    ways = [way for block in team for way in block.inside]
    return Edit(lambda t: edit(t).change(1.0), lambda t: edit(t).text(1.0), 4, tuple(ways), fitted=True)


def edited(team: Sequence[Normalised], text: str, passed: Sequence[Mistake], rank: int = 3) -> Edit:
    """Returns an edit in which each normalisation passes back what its mistake gives, not the right gradient."""
    change, ways = Change(), [way for block in team for way in block.inside]
    for block, wrong in zip(team, passed, strict=True):
        rules = dict.fromkeys(block.inside, partial(instead, np.zeros(block.x.shape)))
        jump = {(block.made.number, block.x.number): partial(_back, block, wrong)}
        change = change.and_also(Change(rules=rules, jumps=jump))
    x, made = (listed(map(called, of)) for of in ([b.x for b in team], [b.made for b in team]))
    said = (
        f"{text}, in the gradient of {x} through the normalisation {made} (the right one is (g − mean(g) − xhat · "
        "mean(g xhat)) / √(variance + ε), with g the gradient of xhat)"
    )
    return fixed(change, said, rank + (len(team) > 1), ways)


def _back(block: Normalised, passed: Mistake, flow: Array) -> Array:
    return passed(block, flow * block.factor)


def _one_line(block: Normalised) -> Iterator[tuple[str, Mistake]]:
    yield from MISTAKES
    yield from _over_other_axes(block, np.asarray(1.0))


def _over_other_axes(block: Normalised, gamma: Array) -> Iterator[tuple[str, Mistake]]:
    """Yields mistakes with means or sums over other axes.

    The factor gamma of g, or 1/√(variance + ε) too, may multiply the sum and not what is summed.
    """
    for late in (gamma, gamma * block.s):
        yield from _with_other_means(block, late)


def _with_other_means(block: Normalised, late: Array) -> Iterator[tuple[str, Mistake]]:
    for others in norm_axes(block.made.shape):
        if others != block.axes:
            along = f"over {axes_told(others)}, not over {axes_told(block.axes)}"
            size = prod(block.made.shape[axis] for axis in others) / block.n
            for what, k in (("mean", 1.0), ("sum", size)):
                other = partial(_other_mean, others, k, late)
                yield f"the {what} of g is {along}", partial(_with_means, other, _right_mean)
                yield f"the {what} of g xhat is {along}", partial(_with_means, _right_mean, other)
                yield f"both {what}s are {along}", partial(_with_means, other, other)


Mean = Callable[[Normalised, Array], Array]


def _with_means(first: Mean, second: Mean, block: Normalised, g: Array) -> Array:
    return block.dx(g, first(block, g), block.xhat * second(block, g * block.xhat))


def _right_mean(block: Normalised, values: Array) -> Array:
    return block.mean(values)


def _other_mean(axes: tuple[int, ...], k: float, late: Array, block: Normalised, values: Array) -> Array:
    return np.asarray((values / late).mean(axis=axes, keepdims=True) * late * k)


def _of_gamma(recorded: Recorded, block: Normalised) -> Iterator[tuple[str, Mistake]]:
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
        yield from _over_other_axes(block, gamma.value)
        for terms in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), *([(0, 1, 2)] if gamma is block.gamma else [])):
            where = listed(TERMS[k] for k in terms)
            yield f"the factor {called(gamma)} is missing in {where}", partial(_in_terms, 1 / gamma.value, terms)
            yield f"the factor {called(gamma)} is applied twice in {where}", partial(_in_terms, gamma.value, terms)


def _in_terms(by: Array, terms: tuple[int, ...], block: Normalised, g: Array) -> Array:
    first, second, third = (g * by if k in terms else g for k in range(len(TERMS)))
    return block.dx(first, block.mean(second), block.xhat * block.mean(third * block.xhat))


def _after(by: Array, block: Normalised, g: Array) -> Array:
    return by * _with_means(_right_mean, _right_mean, block, g / by)

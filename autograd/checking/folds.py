"""Edits of a maximum, or minimum, along an axis: to all, in equal shares, to the other end, to all that are equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from .. import table
from ..programs.assignments import Array, Fold, summed_to
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups
from .judged import Recorded

__all__ = ["folds"]

Shares = Callable[[Array, Array, int], Array]  # of (the elements, the chosen ones, kept as an axis; the axis)


def folds(recorded: Recorded) -> Iterator[Edit]:
    """Each choice along an axis, with each mistake in what its elements get."""
    assignments = recorded.program.assignments
    chosen = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Fold)
              and assignments[way.number].op in (table.MAX, table.MIN)]  # type: ignore[attr-defined]  # fmt: skip
    for ways in groups(recorded, chosen, alike=True):
        node = assignments[ways[0].number]
        for text, shares in _mistakes(called(node), called(node.operands[0])):
            yield Edit(
                lambda t, ways=ways, shares=shares: Change(rules={way: _rule(recorded, way, shares) for way in ways}),
                lambda t, text=text: text,
                2 + (len(ways) > 1),
                ways,
            )


def _rule(recorded: Recorded, way: Way, shares: Shares) -> Rule:
    node = recorded.program.assignments[way.number]
    assert isinstance(node, Fold)
    x, y = node.operands[0].value, np.expand_dims(node.value, node.axis)

    def rule(flow: Array) -> Array:
        with np.errstate(all="ignore"):
            return summed_to(np.expand_dims(flow, node.axis) * shares(x, y, node.axis), x.shape)

    return rule


def _mistakes(y: str, x: str) -> Iterator[tuple[str, Shares]]:
    yield f"the mask of {y} is missing: each element of {x} gets the whole gradient", lambda v, m, axis: np.ones_like(v)
    yield (f"each element of {x} gets an equal share, as if {y} were a mean",
           lambda v, m, axis: np.ones_like(v) / v.shape[axis])  # fmt: skip
    yield (f"the smallest element of {x} gets the gradient, not the largest",
           lambda v, m, axis: _first(v == v.min(axis=axis, keepdims=True), axis))  # fmt: skip
    yield (f"the largest element of {x} gets the gradient, not the smallest",
           lambda v, m, axis: _first(v == v.max(axis=axis, keepdims=True), axis))  # fmt: skip
    yield (f"where several elements of {x} are equal, each gets the whole gradient: the graph shares it",
           lambda v, m, axis: (v == m) * 1.0)  # fmt: skip
    yield (f"where several elements of {x} are equal, the first gets the gradient: the graph shares it",
           lambda v, m, axis: _first(v == m, axis))  # fmt: skip
    yield (f"where several elements of {x} are equal, they share the gradient equally: the graph shares it pair by pair",
           lambda v, m, axis: (v == m) / (v == m).sum(axis=axis, keepdims=True))  # fmt: skip
    yield f"{y} itself is a factor, where its mask alone belongs", lambda v, m, axis: (v == m) * v
    yield f"the mask of {y} is the wrong way round", lambda v, m, axis: (v != m) * 1.0
    yield f"{x} itself stands where the mask of {y} belongs", lambda v, m, axis: v
    for k, which in ((0, "first"), (-1, "last")):
        yield (f"the {which} element of {x} gets the gradient, not the chosen one",
               lambda v, m, axis, k=k: _only(v, axis, k))  # fmt: skip


def _first(mask: Array, axis: int) -> Array:
    kept = np.cumsum(mask, axis=axis) == 1
    return (mask & kept) * 1.0


def _only(value: Array, axis: int, k: int) -> Array:
    made = np.zeros_like(value)
    np.moveaxis(made, axis, 0)[k] = 1.0
    return made

"""Edits of the order of elements: transposed, in reverse, shifted; and of one slice that counts alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..programs.assignments import Array, Contraction, View
from ..programs.reverse import Change, Rule, Way
from .edits import Edit, called, groups
from .judged import Given, Recorded
from .turnings import turnings

__all__ = ["orders", "slices", "turned"]


def orders(recorded: Recorded) -> Iterator[Edit]:
    """In sums of products and views: the gradient, or what is passed on of it, with its elements in another order."""
    assignments = recorded.program.assignments
    sums = [way for way in recorded.backward.passed if isinstance(assignments[way.number], Contraction | View)]
    for ways in groups(recorded, sums, alike=True):
        node = assignments[ways[0].number]
        target = node.operands[ways[0].position]
        for text, turn in turnings(node.shape):
            said = f"the gradient of {called(node)} is taken {text} on the way to {called(target)}"
            yield _turning(recorded, ways, said, before=turn)
        for text, turn in turnings(target.shape):
            yield _turning(recorded, ways, f"the gradient of {called(target)} comes {text}", after=turn)


def _turning(
    recorded: Recorded, ways: tuple[Way, ...], text: str, before: Rule | None = None, after: Rule | None = None
) -> Edit:
    def rule(way: Way) -> Rule:
        def passed(flow: Array) -> Array:
            given = recorded.backward.through(way, flow if before is None else before(flow))
            return given if after is None else after(given)

        return passed

    return Edit(lambda t: Change(rules={way: rule(way) for way in ways}), lambda t: text, 4 + (len(ways) > 1), ways)


def turned(givens: list[Given]) -> Iterator[Edit]:
    """A gradient with its entries in another order: transposed, in reverse order along an axis."""
    for given in givens:
        array = given.assignment
        for text, turn in turnings(array.shape):
            yield Edit(
                lambda t, n=array.number, turn=turn: Change(at={n: turn}),
                lambda t, text=text, given=given: f"d{given.name} comes {text}",
                2,
                kind="turned",
                data=(given, text),
            )


def slices(recorded: Recorded) -> Iterator[Edit]:
    """Of what goes back from an array, or to it by one way: one slice counts alone, or one is left out."""
    for node in recorded.backward.order:
        ways = tuple(way for way in recorded.backward.passed if way.number == node.number)
        if not ways or (isinstance(node, View) and not node.name):
            continue
        for text, kept in _slices(node.shape):
            yield Edit(
                lambda t, n=node.number, kept=kept: Change(at={n: kept}),
                lambda t, text=text, node=node: f"of the gradient of {called(node)}, {text}",
                5,
                ways,
            )
    for ways in groups(recorded, recorded.backward.passed, alike=True):
        source = recorded.program.assignments[ways[0].number]
        target = source.operands[ways[0].position]
        for text, kept in _slices(source.shape):
            said = f"on the way from {called(source)} to {called(target)}, {text}"
            yield _turning(recorded, ways, said, before=kept)
        for text, kept in _slices(target.shape):
            said = f"of what comes to {called(target)} from {called(source)}, {text}"
            yield _turning(recorded, ways, said, after=kept)


def _slices(shape: tuple[int, ...]) -> Iterator[tuple[str, Rule]]:
    for axis, size in enumerate(shape):
        if size > 1:
            along = f" along axis {axis}" if len(shape) > 1 else ""
            for k, which in ((0, "first"), (-1, "last")):
                yield f"the {which} one{along} counts alone", lambda flow, axis=axis, k=k: _kept(flow, axis, k)
                if size > 2:
                    yield (f"the {which} one{along} is left out",
                           lambda flow, axis=axis, k=k: flow - _kept(flow, axis, k))  # fmt: skip
            yield (f"the sum{along} stands in every place",
                   lambda flow, axis=axis: np.broadcast_to(flow.sum(axis=axis, keepdims=True), flow.shape))  # fmt: skip
            yield (f"the mean{along} stands in every place",
                   lambda flow, axis=axis: np.broadcast_to(flow.mean(axis=axis, keepdims=True), flow.shape))  # fmt: skip


def _kept(flow: Array, axis: int, k: int) -> Array:
    kept = np.zeros_like(flow)
    at = (*(slice(None),) * axis, k)
    kept[at] = flow[at]
    return kept

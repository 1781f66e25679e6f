"""Makes edits of parts that are written into an array, or added to it, as a transposed convolution does with windows.

The gradient of a part is that of the array at the places of the part. A wrong one is read at other places.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Map, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, leading
from ..rules import instead, of_another
from .windows import Places, in_straight_lines, window, with_other_starts

__all__ = ["written"]

MOST = 400  # the largest number of parts that one source line writes


def written(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the parts of an array take their gradients from other places of it."""
    seen: set[int] = set()
    for whole in recorded.backward.order:
        if isinstance(whole, View) and whole.number not in seen and _has_gaps_or_parts(whole):
            lines: dict[object, dict[Way, Places]] = {}
            for way, at in _parts(recorded, whole, seen).items():
                node, part = recorded.node(way), recorded.target(way)
                key = node.place.at if node.place and node is not whole else part.place and part.place.at
                lines.setdefault((key, part.shape), {})[way] = at
            for parts in lines.values():
                if len(parts) <= MOST:
                    yield from _elsewhere(recorded, whole, parts)


def _has_gaps_or_parts(view: View) -> bool:
    return len(view.operands) > 1 and bool(view.shape)


def _parts(recorded: Recorded, whole: View, seen: set[int]) -> dict[Way, Places]:
    """Returns the ways to the parts of an array, each with the places of its elements.

    A part is what is written to the array, or added to what stands there. The numbers of the arrays on the way to the
    parts are added to `seen`.
    """
    numbers, ones = {whole.number: np.arange(whole.value.size, dtype=float).reshape(whole.shape)}, {}
    ones[whole.number] = np.ones(whole.shape)
    found: dict[Way, Places] = {}
    for node in recorded.backward.order:
        if node.number not in numbers:
            continue
        seen.add(node.number)
        for way in recorded.backward.ways(node):
            target, through = node.operands[way.position], partial(recorded.backward.through, way)
            at, count = through(numbers[node.number]), through(ones[node.number])
            if _is_running_sum(target):
                numbers[target.number] = numbers.get(target.number, 0.0) + at
                ones[target.number] = ones.get(target.number, 0.0) + count
            elif target.shape and (places := _places(whole, at, count)) is not None:
                found[way] = places
    return found


def _is_running_sum(node: Assignment) -> bool:
    """Returns whether a node may be the array, or a window of it, at an earlier step."""
    if isinstance(node, View):
        return len(node.operands) > 1
    return isinstance(node, Map) and node.op is table.ADD


def _places(whole: View, at: Array, count: Array) -> Places | None:
    """Returns the places of a part's elements in an array; None if some element is at two places.

    An element that is cut off is at a place outside, in line with the others.
    """
    here = count == 1.0
    if not here.any() or not np.all(here | (count == 0.0)):
        return None
    found = np.stack(np.unravel_index(np.where(here, at, 0.0).astype(np.int64), whole.shape))
    filled = found if here.all() else in_straight_lines(found, here)
    return filled if np.array_equal(filled[:, here], found[:, here]) else None


def _elsewhere(recorded: Recorded, whole: View, parts: Mapping[Way, Places]) -> Iterator[Edit]:
    ways, at = list(parts), np.stack(list(parts.values()))
    name = called(whole)
    for places, wrong, step in with_other_starts(at):
        text = (
            f"read from {name} with a stride of {wrong}, but the forward pass puts the parts there with one of {step}"
        )
        yield from _read(recorded, whole, ways, places, text)
    first = at.reshape(*at.shape[:2], -1).min(axis=(0, 2))
    if first.any():
        begins = tuple(first.tolist())
        text = f"read from {name} as if the first part began at the first entry, but it begins at {begins}"
        yield from _read(recorded, whole, ways, list(at - first.reshape(-1, *(1,) * (at.ndim - 2))), text)


def _read(recorded: Recorded, whole: View, ways: Sequence[Way], at: Sequence[Places], text: str) -> Iterator[Edit]:
    """Yields edits with the parts' gradients read at these places: on all ways back, or for one factor of each part."""
    flow = recorded.backward.flows[whole.number]
    read = {way: window(flow, places) for way, places in zip(ways, at, strict=True)}
    rules = {way: partial(instead, gradient) for way, gradient in read.items()}
    targets = [recorded.target(way) for way in ways]
    yield fixed(Change(rules=rules), f"the gradient of {called(targets[0])} is {text}", 4, ways)
    below = [leading(recorded, target) for target in targets]
    for of in zip(*below, strict=True) if len({len(each) for each in below}) == 1 and len(below[0]) > 1 else ():
        factor = recorded.target(of[0])
        factor = factor.operands[0] if isinstance(factor, View) else factor
        said = f"for the gradient of {called(factor)}, the gradient of {called(targets[0])} is {text}"
        others = {down: of_another(recorded, down, read[way]) for way, down in zip(ways, of, strict=True)}
        yield fixed(Change(rules=others), said, 5, of)

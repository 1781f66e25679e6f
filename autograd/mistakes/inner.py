"""Edits in which the gradient of one inner array is taken for that of another one: dgate for dup, a user's for an item's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from ..programs.assignments import Assignment, Constant, Leaf, View
from ..programs.recorded import Recorded
from ..programs.reverse import Change
from .edits import Edit, called, fixed, instead, leading
from .relatives import below

__all__ = ["taken_for_another"]

MOST = 40  # arrays, of which each may be taken for each
Alike = Sequence[Assignment]  # one array, or the parts of one that a line of source takes


def taken_for_another(recorded: Recorded) -> Iterator[Edit]:
    """Of two arrays of one shape, neither made of the other one: one's gradient for the other's, or both exchanged."""
    inside = below(recorded)
    for a, b in permutations([*_named(recorded), *_parts(recorded)], 2):
        if _shapes(a) != _shapes(b) or _are_alike(recorded, a, b):
            continue
        is_above = any(array.number in inside[other.number] for array in b for other in a)
        if is_above:
            continue
        by = _taken(recorded, a, b)
        ways = [way for array in a for way in leading(recorded, array)]
        yield fixed(by, f"the gradient of {_called(b)} stands in the place of that of {_called(a)}", 3, ways)
        if a[0].number < b[0].number and not any(array.number in inside[other.number] for array in a for other in b):
            ways += [way for array in b for way in leading(recorded, array)]
            both = by.and_also(_taken(recorded, b, a))
            yield fixed(both, f"the gradients of {_called(a)} and {_called(b)} are exchanged", 3, ways)


def _taken(recorded: Recorded, a: Alike, b: Alike) -> Change:
    flows = recorded.backward.flows
    return Change(at={x.number: partial(instead, flows[y.number]) for x, y in zip(a, b, strict=True)})


def _are_alike(recorded: Recorded, a: Alike, b: Alike) -> bool:
    flows = recorded.backward.flows
    return all(np.array_equal(flows[x.number], flows[y.number]) for x, y in zip(a, b, strict=True))


def _shapes(arrays: Alike) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]


def _called(arrays: Alike) -> str:
    """The array; of parts, what they are parts of, and where they are taken."""
    first = arrays[0]
    if isinstance(first, View) and not first.name and first.place is not None:
        return f"{called(first.operands[0])} in `{first.place.text}`"
    return called(first)


def _named(recorded: Recorded) -> Iterator[Alike]:
    """What has a name, and is no input."""
    inner = [array for array in recorded.named.values() if not isinstance(array, Leaf | Constant)]
    yield from ([array] for array in inner[:MOST] if array.number in recorded.backward.flows)


def _parts(recorded: Recorded) -> Iterator[Alike]:
    """The parts that one line takes of an input in a loop, in the order of the input's elements."""
    found: dict[object, list[View]] = {}
    for array in recorded.backward.order:
        if isinstance(array, View) and isinstance(array.of_one, Leaf) and array.place is not None:
            found.setdefault((array.place.at, array.of_one.number, array.shape), []).append(array)
    several = [sorted(views, key=lambda view: int(view.index.flat[0])) for views in found.values() if len(views) > 1]
    yield from several[:MOST]

"""Makes edits of reshapes and concatenations: the axes, or the parts, are put back in a wrong order.

A view that moves all elements of an array, as x.reshape(n, h, d).transpose(1, 0, 2), reads it in digits: sizes of axes
with the step of each in the array. The gradient is put back with the same digits, in the order of the array's axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import permutations
from math import prod

import numpy as np

from ...programs.assignments import Array, Assignment, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, groups, nothing

__all__ = ["axes_of", "splits"]

MOST_AXES = 5  # the largest number of digits whose orders are all tried
MOST_PARTS = 4  # the largest number of parts of a concatenation that are tried in every order


def splits(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the order in which the axes of a view, or the parts of a concatenation, are put back."""
    yield from _axes(recorded)
    yield from _parts(recorded)
    yield from _reversed_in_time(recorded)


# ---- the axes of a reshape


def axes_of(view: View) -> list[tuple[int, int]]:
    """Returns the size and the step of each digit of a view of all elements of one array, the slowest digit first.

    Returns [] if the view is not of this kind, and where digits of neighbouring steps make one.
    """
    if view.of_one is None or view.value.size != view.of_one.value.size:
        return []
    index, found = view.index.ravel(), list[tuple[int, int]]()
    while index.size > 1:
        step = int(index[1] - index[0])
        breaks = np.flatnonzero(np.diff(index) != step)
        size = int(breaks[0]) + 1 if breaks.size else index.size
        if index.size % size or step <= 0:
            return []
        rows = index.reshape(-1, size)
        if not np.array_equal(rows, rows[:, :1] + step * np.arange(size)):
            return []
        found.insert(0, (size, step))
        index = rows[:, 0]
    return found if index.size and index[0] == 0 else []


def _axes(recorded: Recorded) -> Iterator[Edit]:
    assignments = recorded.program.assignments
    views = [way for way in recorded.backward.passed if isinstance(assignments[way.number], View)]
    for ways in groups(recorded, views, alike=True):
        view = assignments[ways[0].number]
        assert isinstance(view, View)
        digits = axes_of(view)
        if not 2 < len(digits) <= MOST_AXES:
            continue
        sizes = [size for size, _ in digits]
        right = tuple(int(k) for k in np.argsort([-step for _, step in digits]))
        target = view.operands[ways[0].position]
        for axes in permutations(range(len(digits))):
            if axes not in (right, tuple(range(len(digits)))):
                text = (
                    f"on the way from {called(view)} to {called(target)}, the gradient, split into axes of sizes "
                    f"{_written(sizes)}, is put together in the order {_written(axes)}, not {_written(right)}"
                )
                rule = partial(_put_together, sizes, axes, target.shape)
                yield fixed(Change(rules=dict.fromkeys(ways, rule)), text, 4 + (len(ways) > 1), ways)


def _written(numbers: Sequence[int]) -> str:
    return f"({', '.join(map(str, numbers))})"


def _put_together(sizes: Sequence[int], axes: Sequence[int], shape: tuple[int, ...], flow: Array) -> Array:
    return flow.reshape(sizes).transpose(axes).reshape(shape)


# ---- the parts of a concatenation


def _parts(recorded: Recorded) -> Iterator[Edit]:
    teams: dict[object, list[View]] = {}
    for node in recorded.backward.order:
        if isinstance(node, View) and len(node.operands) > 1:
            for axis in range(len(node.shape)):
                sizes = _sizes(node, axis)
                if sizes:
                    teams.setdefault((node.place.at if node.place else node.number, axis, sizes), []).append(node)
    for (_, axis, sizes), nodes in teams.items():  # type: ignore[misc]
        ways = [way for node in nodes for way in recorded.backward.ways(node)]
        for order in permutations(range(len(sizes))):
            if order != tuple(range(len(sizes))):
                text = (
                    f"the gradient of {called(nodes[-1])} is cut into the parts of a concatenation in another order: "
                    f"its parts along axis {axis} have the sizes {_written(sizes)}, in this order"
                )
                rule = partial(_cut, axis, sizes, order)
                yield fixed(Change(at={node.number: rule for node in nodes}), text, 4 + (len(nodes) > 1), ways)


def _sizes(node: View, axis: int) -> tuple[int, ...]:
    """Returns the sizes of the parts of which an array is put together along an axis; () if it is not."""
    along = np.moveaxis(node.source, axis, 0).reshape(node.shape[axis], -1)
    if not along.size or not np.all(along == along[:, :1]):
        return ()
    starts = [0, *(np.flatnonzero(np.diff(along[:, 0])) + 1), node.shape[axis]]
    return tuple(int(size) for size in np.diff(starts)) if 2 < len(starts) <= MOST_PARTS + 1 else ()


def _cut(axis: int, sizes: Sequence[int], order: Sequence[int], flow: Array) -> Array:
    """Returns the gradient with each part taken from where it would be if the parts came in another order."""
    starts = {k: sum(sizes[j] for j in order[:place]) for place, k in enumerate(order)}
    places = [np.arange(starts[k], starts[k] + size) for k, size in enumerate(sizes)]
    return np.take(flow, np.concatenate(places), axis=axis)


# ---- the steps of a loop


def _reversed_in_time(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients from the steps of a loop go to the parts of its input in reverse order."""
    assignments = recorded.program.assignments
    for ways in groups(recorded, recorded.backward.passed, alike=True):
        in_order = sorted(ways)
        targets = [assignments[way.number].operands[way.position] for way in in_order]
        if len(ways) < 2 or not all(isinstance(target, View) for target in targets) or not _are_apart(targets):
            continue
        change = _to_others(recorded, in_order, targets[::-1])
        text = (
            f"the gradients from {called(assignments[in_order[0].number])} go to the steps of "
            f"{called(targets[0].operands[0])} in reverse order: turn them round"
        )
        yield fixed(change, text, 5, ways)


def _are_apart(targets: Sequence[Assignment]) -> bool:
    """Returns whether these are different arrays of one shape, and parts of the same array."""
    wholes = {target.operands[0].number for target in targets}
    return (
        len({target.number for target in targets}) == len(targets)
        and len(wholes) == 1
        and all(prod(target.shape) == prod(targets[0].shape) for target in targets)
    )


def _to_others(recorded: Recorded, ways: Sequence[Way], others: Sequence[Assignment]) -> Change:
    rules: dict[Way, Rule] = {}
    jumps: dict[int, tuple[int, Rule]] = {}
    for way, other in zip(ways, others, strict=True):
        rules[way] = nothing(other.shape)
        jumps[way.number] = (other.number, partial(recorded.backward.through, way))
    return Change(rules=rules, jumps=jumps)

"""Makes edits of reshapes and concatenations: the axes, or the parts, are put back in a wrong order.

A view that moves all elements of an array, such as x.reshape(n, h, d).transpose(1, 0, 2), has digits: the size of each
axis and its step in the array. The gradient is put back with the same digits, in the order of the array's axes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations_with_replacement, permutations

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, Index, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, groups, listed
from ..rules import stopped

__all__ = ["splits"]

MOST_AXES = 5  # the largest number of digits whose orders are all tried
MOST_DIGITS = 7  # the largest number of digits of windows
MOST_PARTS = 4  # the largest number of parts of a concatenation that are tried in every order


def splits(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the order in which the axes of a view, or the parts of a concatenation, are put back."""
    yield from _axes(recorded)
    yield from _windows(recorded)
    yield from _parts(recorded)
    yield from _reversed_in_time(recorded)
    yield from _stacked_in_reverse(recorded)
    yield from _still_in_reverse(recorded)


def _still_in_reverse(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient of a reversed array such as x[::-1] goes to x as it stands."""
    for way in recorded.backward.passed:
        view = recorded.node(way)
        of = view.of_one if isinstance(view, View) else None
        if isinstance(view, View) and of is not None and of.shape == view.shape:
            places = np.arange(view.value.size).reshape(view.shape)
            for axis in range(view.value.ndim):
                if view.shape[axis] > 1 and np.array_equal(view.index, np.flip(places, axis)):
                    text = (
                        f"the gradient of {called(view)} goes to {called(of)} as it stands: {called(view)} is in "
                        f"reverse order along axis {axis}, so its gradient must be reversed first"
                    )
                    yield fixed(Change(rules={way: np.positive}), text, 2, [way])


# ---- the axes of a reshape


def _axes_of(view: View) -> list[tuple[int, int]]:
    """Returns the size and the step of each digit of a view of all elements of one array, the slowest digit first.

    Returns [] if the view is not of this kind. The axes of a plain reshape are digits too.
    """
    if view.of_one is None or view.value.size != view.of_one.value.size:
        return []
    found = _digits_of(view.index)
    steps = [int(np.diff(view.index, axis=axis).flat[0]) for axis, size in enumerate(view.shape) if size > 1]
    of_shape = list(zip((size for size in view.shape if size > 1), steps, strict=True))
    is_even = np.array_equal(view.index.ravel(), _numbers(of_shape))
    return of_shape if is_even and len(of_shape) > len(found) else found


def _numbers(digits: Sequence[tuple[int, int]]) -> Index:
    """Returns the indices of the elements of a view with these digits, in order."""
    index = np.zeros(1, dtype=np.intp)
    for size, step in digits:
        index = np.add.outer(index, step * np.arange(size)).ravel()
    return index


def _digits_of(index: Index) -> list[tuple[int, int]]:
    """Returns the digits of an index, each as large as possible; [] if it has none."""
    index, found = index.ravel(), list[tuple[int, int]]()
    while index.size > 1:
        step = int(index[1] - index[0])
        breaks = np.flatnonzero(np.diff(index) != step)
        size = int(breaks[0]) + 1 if breaks.size else index.size
        rows = index.reshape(-1, size) if index.size % size == 0 else index[:0]
        if step <= 0 or not rows.size or not np.array_equal(rows, rows[:, :1] + step * np.arange(size)):
            return []
        found.insert(0, (size, step))
        index = rows[:, 0]
    return found


def _axes(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of each view, and of the views with the same axes together, such as those of q, k and v."""
    together: dict[object, dict[Way, list[tuple[int, int]]]] = {}
    for way in sorted(recorded.backward.passed):
        view = recorded.node(way)
        digits = _axes_of(view) if isinstance(view, View) else []
        if 2 < len(digits) <= MOST_AXES:
            together.setdefault((frozenset(digits), view.operands[way.position].shape), {})[way] = digits
    for alike in together.values():
        yield from _orders(recorded, alike)
        for way, digits in alike.items() if len(alike) > 1 else ():
            yield from _orders(recorded, {way: digits})


def _orders(recorded: Recorded, of: Mapping[Way, list[tuple[int, int]]]) -> Iterator[Edit]:
    right = sorted(next(iter(of.values())), key=lambda digit: -digit[1])
    sizes = [size for size, _ in right]
    views = [recorded.node(way) for way in of]
    targets = [view.operands[way.position] for view, way in zip(views, of, strict=True)]
    for order in permutations(right):
        if order != tuple(right):
            orders = (_written([right.index(digit) for digit in each]) for each in (order, right))
            text = (
                f"in the gradient of {listed(map(called, targets))} through {listed(map(called, views))}, the axes, of "
                f"sizes {_written(sizes)}, are put together in the order {', not '.join(orders)}"
            )
            rules = {way: partial(_put_together, digits, order, targets[0].shape) for way, digits in of.items()}
            yield fixed(Change(rules=rules), text, 4 + (len(of) > 1), of)


def _written(numbers: Sequence[int]) -> str:
    return f"({', '.join(map(str, numbers))})"


def _put_together(
    digits: Sequence[tuple[int, int]], order: Sequence[tuple[int, int]], shape: tuple[int, ...], flow: Array
) -> Array:
    axes = [digits.index(digit) for digit in order]
    return flow.reshape([size for size, _ in digits]).transpose(axes).reshape(shape)


# ---- the axes of windows


def _windows(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient of windows, as of im2col, is read with its axes in another order."""
    views = [way for way in recorded.backward.passed if _takes_windows(recorded.program.assignments[way.number])]
    for ways in groups(recorded, views, alike=True):
        view = recorded.program.assignments[ways[0].number]
        assert isinstance(view, View)
        sizes = [size for size, _ in _digits_inside(view, ways[0].position)]
        for order in _orders_of_blocks(len(sizes)):
            read = [sizes[k] for k in order]
            text = (
                f"for the gradient of {called(view.operands[ways[0].position])}, the gradient of {called(view)} is "
                f"reshaped to axes of the sizes {_written(read)}, but they are {_written(sizes)}: transpose it"
            )
            rules = {way: partial(_misread, recorded, way, read, order) for way in ways}
            yield fixed(Change(rules=rules), text, 5, ways)


def _takes_windows(node: Assignment) -> bool:
    """Returns whether a view takes elements of one array several times, and nothing else but constants."""
    if not isinstance(node, View) or len(node.shape) < 2:
        return False
    of = [k for k, operand in enumerate(node.operands) if not isinstance(operand, Constant)]
    taken = node.index[node.source == of[0]] if len(of) == 1 else node.index[:0]
    return len(np.unique(taken)) < taken.size


def _digits_inside(view: View, position: int) -> list[tuple[int, int]]:
    """Returns the digits of a view, some of whose elements may be constants; [] if it has none."""
    index, here = view.index.ravel().astype(float), (view.source == position).ravel()
    index[~here] = np.nan
    found = list[tuple[int, int]]()
    while index.size > 1:
        for size in (n for n in range(index.size, 1, -1) if index.size % n == 0):
            rows = index.reshape(-1, size)
            steps = np.diff(rows, axis=1)
            step = steps[np.isfinite(steps)]
            if step.size and np.all(step == step[0]) and step[0] >= 0:
                starts = rows - step[0] * np.arange(size)
                known = np.nanmin(starts, axis=1, initial=np.inf)
                if np.all((starts == known[:, None]) | np.isnan(starts)):
                    found.insert(0, (size, int(step[0])))
                    index = np.where(np.isfinite(known), known, np.nan)
                    break
        else:
            return []
    return found


def _orders_of_blocks(count: int) -> Iterator[tuple[int, ...]]:
    """Yields orders of so many axes in which two blocks of neighbouring axes are exchanged."""
    for a, b, c, d in combinations_with_replacement(range(count + 1), 4):
        if a < b and c < d and count <= MOST_DIGITS:
            every = [*range(count)]
            yield (*every[:a], *every[c:d], *every[b:c], *every[a:b], *every[d:])


def _misread(recorded: Recorded, way: Way, read: Sequence[int], order: Sequence[int], flow: Array) -> Array:
    return recorded.backward.through(way, flow.reshape(read).transpose(np.argsort(order)).reshape(flow.shape))


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
                named = f"the gradient of {called(nodes[-1])}"
                text = (
                    f"{named} is cut into the parts of a concatenation in another order: its parts along axis {axis} "
                    f"have the sizes {_written(sizes)}, in this order"
                )
                if sizes[0] == sizes[-1] and len(sizes) == 2:
                    text = f"the two halves of {named}, along axis {axis}, are exchanged"
                rule = partial(_cut, axis, sizes, order)
                yield fixed(Change(at={node.number: rule for node in nodes}), text, 4 + (len(nodes) > 1), ways)


def _sizes(node: View, axis: int) -> tuple[int, ...]:
    """Returns the sizes of the two to four parts that are concatenated along an axis; () for any other array."""
    lines = [operand.place.path if operand.place else None for operand in node.operands]
    by_line = np.array([k if line is None else lines.index(line) for k, line in enumerate(lines)])
    for source in (node.source, by_line[node.source]):  # a part may be a stack of the steps of a loop
        if sizes := _cuts(source, axis):
            return sizes
    return ()


def _cuts(source: Index, axis: int) -> tuple[int, ...]:
    along = np.moveaxis(source, axis, 0).reshape(source.shape[axis], -1)
    if not along.size or not np.all(along == along[:, :1]):
        return ()
    starts = [0, *(np.flatnonzero(np.diff(along[:, 0])) + 1), source.shape[axis]]
    return tuple(int(size) for size in np.diff(starts)) if 2 < len(starts) <= MOST_PARTS + 1 else ()


def _cut(axis: int, sizes: Sequence[int], order: Sequence[int], flow: Array) -> Array:
    """Returns the gradient with each part taken from where it would be if the parts came in another order."""
    starts = {k: sum(sizes[j] for j in order[:place]) for place, k in enumerate(order)}
    places = [np.arange(starts[k], starts[k] + size) for k, size in enumerate(sizes)]
    return np.take(flow, np.concatenate(places), axis=axis)


# ---- the steps of a loop


def _reversed_in_time(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients from the steps of a loop go to the parts of its input in reverse order."""
    for ways in groups(recorded, recorded.backward.passed, alike=True):
        in_order = sorted(ways)
        targets = [recorded.target(way) for way in in_order]
        if len(ways) < 2 or not all(isinstance(target, View) for target in targets) or not _are_apart(targets):
            continue
        change = _to_others(recorded, in_order, targets[::-1])
        text = (
            f"the gradients from {called(recorded.node(in_order[0]))} go to the steps of "
            f"{called(targets[0].operands[0])} in reverse order: turn them round"
        )
        yield fixed(change, text, 5, ways)


def _stacked_in_reverse(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient of a stack of steps goes to the steps in reverse order."""
    for node in recorded.backward.order:
        by_line: dict[object, list[Way]] = {}
        for way in recorded.backward.ways(node) if isinstance(node, View) else ():
            step = node.operands[way.position]
            by_line.setdefault((step.place.path if step.place else None, step.shape), []).append(way)
        for ways in by_line.values():
            if len(ways) > 1:
                steps = listed(called(node.operands[way.position]) for way in ways)
                rules = {way: partial(recorded.backward.through, other)
                         for way, other in zip(ways, ways[::-1], strict=True)}  # fmt: skip
                text = f"the gradients of {steps} through {called(node)} are taken in reverse order"
                yield fixed(Change(rules=rules), text, 4, ways)


def _are_apart(targets: Sequence[Assignment]) -> bool:
    """Returns whether these are different parts of the same array."""
    wholes = {target.operands[0].number for target in targets}
    return len({target.number for target in targets}) == len(targets) and len(wholes) == 1


def _to_others(recorded: Recorded, ways: Sequence[Way], others: Sequence[Assignment]) -> Change:
    jumps: dict[tuple[int, int], Rule] = {}
    for way, other in zip(ways, others, strict=True):
        jumps[way.number, other.operands[0].number] = partial(_through_another, recorded, way, other)
    return Change(rules=stopped(recorded, ways), jumps=jumps)


def _through_another(recorded: Recorded, way: Way, other: Assignment, flow: Array) -> Array:
    """Returns what goes back along a way, then through another part to the array that both are parts of."""
    return recorded.backward.through(Way(other.number, 0), recorded.backward.through(way, flow))

"""Makes edits of the places to which windows pass gradients back: a wrong stride, or a wrongly removed padding."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array, Constant, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, uses
from .steps import Places, in_straight_lines, window, with_closer_elements, with_other_starts

__all__ = ["places"]

MOST = 400  # the largest number of views of one source line

MODES: dict[str, Callable[[Places, Places], Places]] = {  # of np.pad: the places and sizes -> the places copied from
    "edge": lambda at, size: np.clip(at, 0, size - 1),
    "reflect": lambda at, size: np.where(at < 0, -at, np.where(at < size, at, 2 * size - 2 - at)),
    "symmetric": lambda at, size: np.where(at < 0, -1 - at, np.where(at < size, at, 2 * size - 1 - at)),
    "wrap": lambda at, size: at % size,
}


def places(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of windows go back to other places than the windows were taken from."""
    for ways in _windows(recorded):
        if at := _all_places(recorded, ways):
            yield from _at_other_steps(recorded, ways, at)
            yield from _undilated(recorded, ways, at)
            yield from _beside_the_border(recorded, ways, at)
            yield from _copied_border(recorded, ways, at)


def _windows(recorded: Recorded) -> Iterator[list[Way]]:
    """Yields lists of at most 400 ways: those from windows of one shape that a source line, or any line, takes of an
    array. A use of the whole array counts as a window too, if there are others.
    """
    found: dict[object, list[Way]] = {}
    for way in sorted(recorded.backward.passed):
        node = recorded.program.assignments[way.number]
        target = node.operands[way.position]
        shape = node.shape if _is_of_one(node) else target.shape
        if node.place is not None and shape:
            for line in (node.place.at, None):
                found.setdefault((line, target.number, shape), []).append(way)
    for ways in dict.fromkeys(tuple(ways) for ways in found.values() if len(ways) <= MOST):
        if any(_is_of_one(recorded.program.assignments[way.number]) for way in ways):
            yield list(ways)


def _is_of_one(node: object) -> bool:
    """Returns whether a view takes all its elements from one array, except constants such as a border of zeros."""
    if not isinstance(node, View):
        return False
    of = [operand for operand in node.operands if not isinstance(operand, Constant)]
    return len(of) == 1 and bool(of[0].shape)


def _edit(recorded: Recorded, ways: Sequence[Way], found: Sequence[Places], text: str) -> Edit:
    rules = {
        way: partial(_to_places if _is_of_one(recorded.program.assignments[way.number]) else _moved, recorded, way, at)
        for way, at in zip(ways, found, strict=True)
    }
    return fixed(Change(rules=rules), text, 4, ways)


def _moved(recorded: Recorded, way: Way, at: Places, flow: Array) -> Array:
    passed = recorded.backward.through(way, flow)
    return _put(passed.shape, at, passed)


def _to_places(recorded: Recorded, way: Way, at: Places, flow: Array) -> Array:
    return _put(recorded.program.assignments[way.number].operands[way.position].shape, at, flow)


def _put(shape: tuple[int, ...], at: Places, flow: Array) -> Array:
    """Returns an array of zeros to which each element's gradient is added at its place, unless it lies outside."""
    inside = np.all([(along >= 0) & (along < size) for along, size in zip(at, shape, strict=True)], axis=0)
    passed = np.zeros(shape)
    np.add.at(passed, tuple(along[inside] for along in at), flow[inside])
    return passed


def _taken_from(view: View, position: int) -> Places:
    """Returns the places from which the elements of a view were taken; −1 for constants."""
    here = view.source == position
    found = np.stack(np.unravel_index(np.where(here, view.index, 0), view.operands[position].shape))
    return np.where(here, found, -1)


# ---- the stride


def _at_other_steps(recorded: Recorded, ways: Sequence[Way], found: Sequence[Places]) -> Iterator[Edit]:
    """Yields edits in which windows taken with a stride, such as 2, go back with another one, such as 1."""
    at, name = np.stack(found), _called(recorded, ways)
    for d in range(at.shape[1]):
        for axis in range(at.ndim - 2):
            steps = np.diff(at[:, d], axis=axis + 1)
            if steps.size and steps.flat[0] > 1 and np.all(steps == steps.flat[0]):
                closer = at.copy()
                closer[:, d] -= (steps.flat[0] - 1) * _along(at.shape[2:], axis)
                starts = at[:, d].reshape(len(at), -1).min(axis=1)
                what = "dilation" if np.ptp(starts) else "stride"  # several windows begin at several places
                yield from _elsewhere(recorded, ways, list(closer), name, (1, int(steps.flat[0])), what)
    several = len({place.at for way in ways if (place := recorded.program.assignments[way.number].place)}) > 1
    for from_last in (False, True) if several else (False,):
        for others, wrong, step in with_other_starts(at, from_last):
            yield from _elsewhere(recorded, ways, others, name, (wrong, step), "step" if several else "stride")


def _undilated(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places]) -> Iterator[Edit]:
    """Yields edits in which windows with gaps between their elements go back without the gaps."""
    for closer, step in with_closer_elements(at) if len(at) > 1 else ():
        yield from _elsewhere(recorded, ways, closer, _called(recorded, ways), (1, step), "dilation")


def _called(recorded: Recorded, ways: Sequence[Way]) -> str:
    return called(recorded.program.assignments[ways[0].number].operands[ways[0].position])


def _elsewhere(
    recorded: Recorded, ways: Sequence[Way], at: Sequence[Places], name: str, steps: Sequence[int], what: str = "stride"
) -> Iterator[Edit]:
    """Yields edits with the windows at these places: in their gradients, in those of their factors, or in both.

    `steps` are the wrong and the right one.
    """
    taken = f"a {what} of {steps[0]}, but the forward pass takes them with a {what} of {steps[1]}"
    if not steps[0]:
        taken += ": every window is at the place of the first"
    if steps[0] < 0:
        taken += ": they are shifted in the opposite direction"
    back = _edit(recorded, ways, at, f"the gradients of the windows of {name} are added to {name} with {taken}")
    yield back
    others = _with_windows(recorded, ways, at)
    if not others.rules:
        return
    said = (
        f"in the gradient of the array that multiplies them, the windows of {name} are taken with {taken}",
        f"in all gradients, the windows of {name} are taken with {taken}",
    )
    yield fixed(others, said[0], 5, ways)
    yield fixed(back.change(1.0).and_also(others), said[1], 5, ways)


def _with_windows(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places]) -> Change:
    """Returns the change that uses the windows at these places in the gradients of the factors of the windows."""
    assignments, to, rules = recorded.program.assignments, uses(recorded), {}
    for way, places_of in zip(ways, at, strict=True):
        whole = assignments[way.number].operands[way.position].value
        taken = window(whole, places_of)
        for number, k in to.get(way.number, ()):
            for other in recorded.backward.ways(assignments[number]):
                if other.position != k:
                    rules[other] = partial(_with_factor, recorded, other, k, taken)
    return Change(rules=rules)


def _with_factor(recorded: Recorded, way: Way, k: int, by: Array, flow: Array) -> Array:
    node = recorded.program.assignments[way.number]
    values = [by if position == k else operand.value for position, operand in enumerate(node.operands)]
    return node.back(way.position, flow, node.value, values)


def _along(shape: tuple[int, ...], axis: int) -> Places:
    return np.arange(shape[axis]).reshape(-1, *(1,) * (len(shape) - axis - 1))


# ---- the border


def _beside_the_border(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places]) -> Iterator[Edit]:
    """Yields edits in which the padding around an array is cut off at one end alone, not at both ends or the other."""
    of = recorded.program.assignments[ways[0].number].operands[ways[0].position]
    sizes = range(len(of.shape))
    before = np.array([max(0, -min(int(each[d].min()) for each in at)) for d in sizes])
    behind = np.array([max(0, max(int(each[d].max()) for each in at) - of.shape[d] + 1) for d in sizes])
    instead = "not at both ends" if before.any() and behind.any() else "the wrong one"
    for side, by in (("end", before), ("beginning", -behind)):
        if by.any():
            moved = [each + by.reshape(-1, *(1,) * (each.ndim - 1)) for each in at]
            yield _edit(
                recorded, ways, moved, f"the padding around {called(of)} is cut off only at the {side}, {instead}"
            )


def _copied_border(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places]) -> Iterator[Edit]:
    """Yields edits of a border of copies, as of np.pad(mode="reflect"): cut off, or put back as in another mode."""
    of = recorded.program.assignments[ways[0].number].operands[ways[0].position]
    if any(each.ndim != len(each) + 1 for each in at):
        return
    lines = [_line(each) for each in at]
    if all(np.array_equal(line, each) for line, each in zip(lines, at, strict=True)):
        return
    name, sizes = called(of), np.array(of.shape)
    text = f"the border around {name} is made of copies of its elements, and the gradients of the copies are cut off"
    yield _edit(recorded, ways, lines, text)
    for mode, put in MODES.items():
        moved = [put(line, sizes.reshape(-1, *(1,) * (line.ndim - 1))) for line in lines]
        if not all(np.array_equal(each, other) for each, other in zip(moved, at, strict=True)):
            text = f'the gradients of the border around {name} go back as if it were made by np.pad with mode="{mode}"'
            yield _edit(recorded, ways, moved, text)


def _line(at: Places) -> Places:
    """Returns places one step apart along each axis, from where most elements of the window were taken."""
    steps = np.indices(at.shape[1:])
    starts = np.median((at - steps).reshape(len(at), -1), axis=1).astype(np.int64)
    return np.asarray(steps + starts.reshape(-1, *(1,) * (at.ndim - 1)))


def _all_places(recorded: Recorded, ways: Sequence[Way]) -> list[Places] | None:
    """Returns the places of all elements of windows; None if they are not found. Padding lies outside the array.

    Two windows differ by the same step in all elements, so that a window without padding gives the places of the
    others. If all have padding, a window may still be a box, whose places depend linearly on the indices.
    """
    at, here = zip(*(_taken(recorded, way) for way in ways), strict=True)
    if all(inside.all() for inside in here):
        return list(at)
    whole = next((each for each, inside in zip(at, here, strict=True) if inside.all()), None)
    found = []
    for each, inside in zip(at, here, strict=True):
        if whole is not None and inside.any():
            known = np.argmax(inside)
            step = [a.flat[known] - b.flat[known] for a, b in zip(each, whole, strict=True)]
            filled = whole + np.reshape(step, (-1, *(1,) * inside.ndim))
        else:
            filled = in_straight_lines(each, inside)
        if not np.array_equal(filled[:, inside], each[:, inside]):
            return None
        found.append(filled)
    return found


def _taken(recorded: Recorded, way: Way) -> tuple[Places, NDArray[np.bool_]]:
    """Returns the places from which the elements of a window were taken, and where they are known."""
    node = recorded.program.assignments[way.number]
    if isinstance(node, View) and _is_of_one(node):
        return _taken_from(node, way.position), node.source == way.position
    shape = node.operands[way.position].shape
    return np.indices(shape), np.ones(shape, dtype=bool)

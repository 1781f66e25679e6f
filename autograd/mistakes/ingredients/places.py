"""Makes edits of the places to which windows pass gradients back: a wrong stride, or a wrongly removed padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, Constant, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, uses
from .steps import Places, in_straight_lines, window, with_closer_elements, with_closer_starts

__all__ = ["places"]

MOST = 400  # the largest number of views of one source line


def places(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of windows go back to other places than the windows were taken from."""
    for ways in _windows(recorded):
        yield from _at_other_steps(recorded, ways)
        yield from _undilated(recorded, ways)
        yield from _beside_the_border(recorded, ways)


def _windows(recorded: Recorded) -> Iterator[list[Way]]:
    """Yields lists of at most 400 ways: those from windows of one shape that one source line takes of an array."""
    found: dict[object, list[Way]] = {}
    for way in sorted(recorded.backward.passed):
        view = recorded.program.assignments[way.number]
        if _is_of_one(view) and view.place is not None:
            found.setdefault((view.place.at, view.operands[way.position].number, view.shape), []).append(way)
    yield from (ways for ways in found.values() if len(ways) <= MOST)


def _is_of_one(node: object) -> bool:
    """Returns whether a view takes all its elements from one array, except constants such as a border of zeros."""
    if not isinstance(node, View):
        return False
    of = [operand for operand in node.operands if not isinstance(operand, Constant)]
    return len(of) == 1 and bool(of[0].shape)


def _edit(recorded: Recorded, ways: Sequence[Way], found: Sequence[Places], text: str) -> Edit:
    rules = {way: partial(_to_places, recorded, way, at) for way, at in zip(ways, found, strict=True)}
    return fixed(Change(rules=rules), text, 4, ways)


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


def _at_other_steps(recorded: Recorded, ways: Sequence[Way]) -> Iterator[Edit]:
    """Yields edits in which windows taken with a stride, such as 2, go back with a stride of 1."""
    views = [recorded.program.assignments[way.number] for way in ways]
    each = [(view, way.position) for view, way in zip(views, ways, strict=True) if isinstance(view, View)]
    is_padded = any(len(view.operands) > 1 for view in views)
    found = _continued(each) if is_padded else [_taken_from(view, position) for view, position in each]
    if found is None:
        return
    at, name = np.stack(found), called(views[0].operands[ways[0].position])
    for d in range(at.shape[1]):
        for axis in range(at.ndim - 2):
            steps = np.diff(at[:, d], axis=axis + 1)
            if steps.size and steps.flat[0] > 1 and np.all(steps == steps.flat[0]):
                closer = at.copy()
                closer[:, d] -= (steps.flat[0] - 1) * _along(at.shape[2:], axis)
                starts = at[:, d].reshape(len(at), -1).min(axis=1)
                what = "dilation" if np.ptp(starts) else "stride"  # several windows begin at several places
                yield from _closer(recorded, ways, list(closer), name, int(steps.flat[0]), what)
    yield from _starts(recorded, ways, at, name)


def _starts(recorded: Recorded, ways: Sequence[Way], at: Places, name: str) -> Iterator[Edit]:
    """Yields the edits of `_at_other_steps` for windows that a loop takes: along each axis, and along all axes."""
    for closer, step in with_closer_starts(at):
        yield from _closer(recorded, ways, closer, name, step)


def _undilated(recorded: Recorded, ways: Sequence[Way]) -> Iterator[Edit]:
    """Yields edits in which windows with gaps between their elements go back without the gaps."""
    views = [recorded.program.assignments[way.number] for way in ways]
    at = _continued([(view, way.position) for view, way in zip(views, ways, strict=True) if isinstance(view, View)])
    if at is None or len(at) < 2:
        return
    name = called(views[0].operands[ways[0].position])
    for closer, step in with_closer_elements(at):
        yield from _closer(recorded, ways, closer, name, step, "dilation")


def _closer(
    recorded: Recorded, ways: Sequence[Way], at: Sequence[Places], name: str, step: int, what: str = "stride"
) -> Iterator[Edit]:
    """Yields edits with the windows at these places: in their gradients, in those of their factors, or in both."""
    taken = f"a {what} of 1, but the forward pass takes them with a {what} of {step}"
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


def _beside_the_border(recorded: Recorded, ways: Sequence[Way]) -> Iterator[Edit]:
    """Yields edits in which the zero padding around an array is cut off at one end alone, not at both ends."""
    views = [recorded.program.assignments[way.number] for way in ways]
    if all(len(view.operands) == 1 for view in views):
        return
    at = _continued([(view, way.position) for view, way in zip(views, ways, strict=True) if isinstance(view, View)])
    if at is None:
        return
    of = views[0].operands[ways[0].position]
    sizes = range(len(of.shape))
    before = np.array([max(0, -min(int(each[d].min()) for each in at)) for d in sizes])
    behind = np.array([max(0, max(int(each[d].max()) for each in at) - of.shape[d] + 1) for d in sizes])
    for side, by in (("end", before), ("beginning", -behind)):
        if by.any():
            moved = [each + by.reshape(-1, *(1,) * (each.ndim - 1)) for each in at]
            text = f"the padding around {called(of)} is cut off only at the {side}, not at both ends"
            change = _edit(recorded, ways, moved, text).change(1.0).and_also(_window_that_is_all(recorded, ways, by))
            yield fixed(change, text, 4, ways)


def _window_that_is_all(recorded: Recorded, ways: Sequence[Way], by: Places) -> Change:
    """Returns a Change that also moves the gradient of the window without padding by `by`.

    This window is the whole array, so it is recorded as a use of the array on the same source line, not as a view.
    """
    view = recorded.program.assignments[ways[0].number]
    of = view.operands[ways[0].position]
    at = np.indices(of.shape) + by.reshape(-1, *(1,) * len(of.shape))
    same = [way for way in uses(recorded)[of.number] if way not in ways]
    places_of = {way: recorded.program.assignments[way.number].place for way in same}
    here = [way for way, place in places_of.items() if place and view.place and place.at == view.place.at]
    return Change(rules={way: partial(_moved, recorded, way, at) for way in here})


def _moved(recorded: Recorded, way: Way, at: Places, flow: Array) -> Array:
    passed = recorded.backward.through(way, flow)
    return _put(passed.shape, at, passed)


def _continued(views: Sequence[tuple[View, int]]) -> list[Places] | None:
    """Returns the places of all elements of windows; None if they are not found. Padding lies outside the array.

    Two windows differ by the same step in all elements, so that a window without padding gives the places of the
    others. If all have padding, a window may still be a box, whose places depend linearly on the indices.
    """
    at = [_taken_from(view, position) for view, position in views]
    here = [view.source == position for view, position in views]
    whole = next((each for each, inside in zip(at, here, strict=True) if inside.all()), None)
    found = []
    for each, inside in zip(at, here, strict=True):
        if whole is not None:
            known = np.argmax(inside)
            step = [a.flat[known] - b.flat[known] for a, b in zip(each, whole, strict=True)]
            filled = whole + np.reshape(step, (-1, *(1,) * inside.ndim))
        else:
            filled = in_straight_lines(each, inside)
        if not np.array_equal(filled[:, inside], each[:, inside]):
            return None
        found.append(filled)
    return found

"""Makes edits of the places to which windows pass gradients back: a wrong stride, or a wrongly removed padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...programs.assignments import Array, Constant, Fold, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Rule, Way
from ..edits import Edit, called, fixed, uses
from ..rules import with_operands
from .windows import Places, in_straight_lines, window, with_axes_mistaken, with_other_starts

__all__ = ["places"]

MOST = 400  # the largest number of views of one source line

Rules = dict[Way, Rule]


def places(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradients of windows go back to other places than the windows were taken from."""
    for ways in _windows(recorded):
        if at := _all_places(recorded, ways):
            yield from _at_other_steps(recorded, ways, at)
            yield from _beside_the_border(recorded, ways, at)


def _windows(recorded: Recorded) -> Iterator[list[Way]]:
    """Yields lists of at most 400 ways: those from windows of one shape that a source line, or any line, takes of an
    array. A use of the whole array counts as a window too, if there are others.
    """
    found: dict[object, list[Way]] = {}
    for way in sorted(recorded.backward.passed):
        node = recorded.node(way)
        target = node.operands[way.position]
        shape = node.shape if _is_of_one(node) else target.shape
        if shape:
            for line in (node.place and node.place.at, None):
                found.setdefault((line, target.number, shape), []).append(way)
    for ways in dict.fromkeys(tuple(ways) for ways in found.values() if len(ways) <= MOST):
        if any(_is_of_one(recorded.node(way)) for way in ways):
            yield list(ways)


def _is_of_one(node: object) -> bool:
    """Returns whether a view takes all its elements from one array, except constants such as a border of zeros."""
    if not isinstance(node, View):
        return False
    of = [operand for operand in node.operands if not isinstance(operand, Constant)]
    return len(of) == 1 and bool(of[0].shape)


def _edit(recorded: Recorded, ways: Sequence[Way], found: Sequence[Places], text: str) -> Edit:
    rules = {
        way: partial(_to_places if _is_of_one(recorded.node(way)) else _moved, recorded, way, at)
        for way, at in zip(ways, found, strict=True)
    }
    return fixed(Change(rules=rules), text, 4, ways)


def _moved(recorded: Recorded, way: Way, at: Places, flow: Array) -> Array:
    passed = recorded.backward.through(way, flow)
    return _put(passed.shape, at, passed)


def _to_places(recorded: Recorded, way: Way, at: Places, flow: Array) -> Array:
    return _put(recorded.target(way).shape, at, flow)


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
    starts = at.reshape(*at.shape[:2], -1).min(axis=2)
    wide = [*_wide(at)]
    for chosen in [*([each] for each in wide), *([wide] if len(wide) > 1 else [])]:
        closer = at.copy()
        for d, axis, step in chosen:
            closer[:, d] -= (step - 1) * _along(at.shape[2:], axis)
        begin_apart = any(np.ptp(starts[:, d]) for d, _, _ in chosen)  # then the step lies within each window
        what = "dilation" if begin_apart else "stride"
        yield from _elsewhere(recorded, ways, list(closer), name, _by_steps(what, 1, chosen[0][2]))
    several = len({place.at for way in ways if (place := recorded.node(way).place)}) > 1
    for from_last in (False, True) if several else (False,):
        for others, wrong, step in with_other_starts(at, from_last):
            yield from _elsewhere(recorded, ways, others, name, _by_steps("step" if several else "stride", wrong, step))
    for others, text in with_axes_mistaken(at):
        yield from _elsewhere(recorded, ways, others, name, f"at wrong places: {text}")


def _by_steps(what: str, wrong: int, right: int) -> str:
    told = f"with a {what} of {wrong}, but the forward pass takes them with a {what} of {right}"
    if not wrong:
        told += ": every window is at the place of the first"
    return told if wrong >= 0 else f"{told}: they are shifted in the opposite direction"


def _wide(at: Places) -> Iterator[tuple[int, int, int]]:
    """Yields an axis of the array, an axis of the windows, and the step between neighbours if it is always above 1."""
    for d in range(at.shape[1]):
        for axis in range(at.ndim - 2):
            steps = np.diff(at[:, d], axis=axis + 1)
            if steps.size and steps.flat[0] > 1 and np.all(steps == steps.flat[0]):
                yield d, axis, int(steps.flat[0])


def _called(recorded: Recorded, ways: Sequence[Way]) -> str:
    return called(recorded.target(ways[0]))


def _elsewhere(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places], name: str, taken: str) -> Iterator[Edit]:
    """Yields edits with the windows at these places: in their gradients, in those of their factors, or in both."""
    back = _edit(recorded, ways, at, f"the gradients of the windows of {name} are added to {name} {taken}")
    yield back
    factors, choices = _with_windows(recorded, ways, at)
    if factors:
        said = f"in the gradient of the array that multiplies them, the windows of {name} are taken {taken}"
        yield fixed(Change(rules=factors), said, 5, ways)
    if factors or choices:
        said = f"in all gradients, the windows of {name} are taken {taken}"
        yield fixed(back.change(1.0).and_also(Change(rules={**factors, **choices})), said, 5, ways)


def _with_windows(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places]) -> tuple[Rules, Rules]:
    """Returns the rules that use the windows at these places: for the factors of the windows, and for their maxima."""
    to, factors, choices, taken = uses(recorded), Rules(), Rules(), dict[int, Array]()
    for way, at_of in zip(ways, at, strict=True):
        values = window(recorded.target(way).value, at_of)
        if _is_of_one(recorded.node(way)):
            taken[way.number] = values
        else:  # the operation takes the whole array as a window
            factors |= _of_the_others(recorded, way, values)
    while taken:
        number, values = taken.popitem()
        for way in to.get(number, ()):
            node = recorded.node(way)
            if _is_of_one(node):
                taken[way.number] = node.forward([values])
            elif isinstance(node, Fold):
                choices[way] = node.ready(0, node.forward([values]), [values])
            factors |= _of_the_others(recorded, way, values)
    return factors, choices


def _of_the_others(recorded: Recorded, way: Way, values: Array) -> Rules:
    """Returns the rules of the other operands, with these values for the operand of this way."""
    ways = recorded.backward.ways(recorded.node(way))
    return {w: with_operands(recorded, w, {way.position: values}) for w in ways if w.position != way.position}


def _along(shape: tuple[int, ...], axis: int) -> Places:
    return np.arange(shape[axis]).reshape(-1, *(1,) * (len(shape) - axis - 1))


# ---- the border


def _beside_the_border(recorded: Recorded, ways: Sequence[Way], at: Sequence[Places]) -> Iterator[Edit]:
    """Yields edits in which the padding around an array is cut off at one end alone, not at both ends or the other."""
    of = recorded.target(ways[0])
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
    node = recorded.node(way)
    if isinstance(node, View) and _is_of_one(node):
        return _taken_from(node, way.position), node.source == way.position
    shape = node.operands[way.position].shape
    return np.indices(shape), np.ones(shape, dtype=bool)

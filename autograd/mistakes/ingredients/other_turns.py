"""Lists the arrays of other turns of a loop that may replace a factor of a gradient by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ...programs.assignments import Array, Assignment, Constant
from ...programs.recorded import Recorded
from ...programs.reverse import Way
from ..edits import called, listed, uses

__all__ = ["Data", "Values", "of_another_turn"]

Values = Mapping[Way, Array]
Data = Sequence[Assignment | str]  # what replaces an operand: an array for each way, or a wrong order of its elements


def of_another_turn(recorded: Recorded, rights: dict[Way, Assignment]) -> Iterator[tuple[str, Values, Data]]:
    """Yields wrong factors of a loop: the operand of its last or first turn in every turn, or of the turns in reverse.

    The loop may be a nested one.
    """
    ways = sorted(rights)
    arrays, n = [rights[way] for way in ways], len(ways)
    for inner in (k for k in range(1, n) if n % k == 0):  # the number of runs in each turn
        for which, turn in (("last", arrays[n - inner :]), ("first", arrays[:inner])):
            stuck = [turn[k % inner] for k in range(n)]
            if stuck != arrays and _shapes(stuck) == _shapes(arrays):
                values = {way: array.value for way, array in zip(ways, stuck, strict=True)}
                yield f"in every turn of a loop, {listed(map(called, turn))} from the {which} turn", values, stuck
        for which, k in (("first", 0), ("last", inner - 1)) if inner > 1 else ():
            stuck = [arrays[j - j % inner + k] for j in range(n)]
            if stuck != arrays and _shapes(stuck) == _shapes(arrays):
                names = listed(map(called, dict.fromkeys(stuck)))
                values = {way: array.value for way, array in zip(ways, stuck, strict=True)}
                yield f"{names}, from the {which} turn of the inner loop, in all of its turns,", values, stuck
        zeros = np.zeros(arrays[0].shape)
        if len(set(_shapes(arrays))) == 1 and not isinstance(arrays[0], Constant):
            values = {way: arrays[k - inner].value if k >= inner else zeros for k, way in enumerate(ways)}
            yield "in each turn of a loop, that of the turn before, and zeros in the first turn,", values, ()
        for which, step in (("before", -inner), ("after", inner)):
            moved = [arrays[k + step] if 0 <= k + step < n else arrays[k] for k in range(n)]
            if moved != arrays and _shapes(moved) == _shapes(arrays):
                values = {way: array.value for way, array in zip(ways, moved, strict=True)}
                yield f"in each turn of a loop, that of the turn {which}", values, moved
        before = _start(recorded, arrays)
        if before and len(set(_shapes(arrays))) == 1:
            started = dict(zip(ways, [before, *arrays[:-1]], strict=True))
            values = {way: array.value for way, array in started.items()}
            yield listed(map(called, started.values())), values, [started[way] for way in rights]
        for wrapped in _wrapped(recorded, arrays) if inner == 1 and len(set(_shapes(arrays))) == 1 else ():
            values = {way: array.value for way, array in zip(ways, wrapped, strict=True)}
            yield f"{listed(map(called, wrapped))} (a list at index −1 gives its last entry)", values, wrapped
        turned = [arrays[n - inner - k + 2 * (k % inner)] for k in range(n)]
        if turned != arrays and _shapes(turned) == _shapes(arrays):
            values = {way: array.value for way, array in zip(ways, turned, strict=True)}
            yield "in each turn of a loop, that of the opposite turn (the last for the first)", values, turned


def _wrapped(recorded: Recorded, arrays: Sequence[Assignment]) -> Iterator[list[Assignment]]:
    """Yields the arrays of the turn before, as of a list at t − 1: for the first turn, index −1 is the last of them."""
    yield [arrays[-1], *arrays[:-1]]
    last, start = arrays[-1].place, _start(recorded, arrays)
    made = [a for a in recorded.program.assignments if last and a.place and a.place.path == last.path]
    if made[:-1] == arrays[1:] and made[-1].shape == arrays[0].shape:
        yield [made[-1], *arrays[:-1]]
    if start is not None:
        yield [arrays[-1], start, *arrays[:-2]]


def _start(recorded: Recorded, arrays: Sequence[Assignment]) -> Assignment | None:
    """Returns what the first turn of a loop reads where the second turn reads the first of these arrays, such as h0."""
    first = arrays[0]
    for reader, position in ((recorded.node(way), way.position) for way in uses(recorded).get(first.number, ())):
        for node in recorded.program.assignments[: first.number]:
            is_alike = node.place and reader.place and node.place.at == reader.place.at and type(node) is type(reader)
            if is_alike and position < len(node.operands) and node.operands[position].shape == first.shape:
                return node.operands[position]
    return None


def _shapes(arrays: Sequence[Assignment]) -> list[tuple[int, ...]]:
    return [array.shape for array in arrays]

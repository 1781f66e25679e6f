"""Arrays that stand in one relation to several others: the z of each step, what each step began with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..programs.assignments import Assignment
from ..programs.recorded import Recorded
from .edits import uses

__all__ = ["above", "below", "relatives"]

DEEPEST = 4  # operands of operands …


def relatives(arrays: Sequence[Assignment], shapes: Sequence[tuple[int, ...]]) -> Iterator[list[Assignment]]:
    """For each way to go down from an array to its operands, what all of these arrays have there, of these shapes."""
    paths: list[tuple[int, ...]] = [()]
    for _ in range(DEEPEST):
        longer: list[tuple[int, ...]] = []
        for path in paths:
            first = _at(arrays[0], path)
            longer += [(*path, k) for k in range(len(first.operands))] if first is not None else []
        paths = longer
        for path in paths:
            found = [_at(array, path) for array in arrays]
            if all(x is not None and x.shape == shape for x, shape in zip(found, shapes, strict=True)):
                yield [x for x in found if x is not None]


def above(recorded: Recorded, arrays: Sequence[Assignment]) -> Iterator[list[Assignment]]:
    """What is made of each of these arrays, as long as one thing alone is made of it."""
    to = uses(recorded)
    now = list(arrays)
    for _ in range(DEEPEST):
        ways = [to.get(array.number, []) for array in now]
        if any(len(several) != 1 for several in ways):
            return
        now = [recorded.program.assignments[several[0].number] for several in ways]
        yield now


def _at(array: Assignment, path: tuple[int, ...]) -> Assignment | None:
    for k in path:
        if k >= len(array.operands):
            return None
        array = array.operands[k]
    return array


def below(recorded: Recorded) -> dict[int, set[int]]:
    """For each array, itself and all that it is made of."""
    found: dict[int, set[int]] = {}
    for array in recorded.program.assignments[: recorded.result.number + 1]:
        found[array.number] = {array.number}.union(*(found[operand.number] for operand in array.operands))
    return found

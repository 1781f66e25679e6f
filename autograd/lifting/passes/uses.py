"""Tells which arrays an assignment reads, and which assignments a result needs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from ...programs.assignments import Assignment
from ...programs.backward_kinds import Put, Slope
from ...programs.loops import Loop

__all__ = ["needed", "numbers_of_an_example", "read"]


def read(x: Assignment) -> Iterator[Assignment]:
    """Yields the named arrays that an assignment reads, once for each time it reads them."""
    for k, operand in enumerate(x.operands):
        if isinstance(x, Slope) and k not in x.uses:
            continue
        if operand.name:
            yield operand
        else:
            yield from read(operand)


def needed(assignments: Sequence[Assignment], result: Assignment) -> list[Assignment]:
    """Returns the assignments that the result depends on, in their order; the others are dead code."""
    wanted, found = {result, *read(result)}, []
    for assignment in reversed(assignments):
        made = [*assignment.kept.values(), *assignment.ends.values()] if isinstance(assignment, Loop) else [assignment]
        if isinstance(assignment, Put):
            made = [assignment.operands[0]]
        if not wanted.isdisjoint(made):
            wanted.update(assignment.operands if isinstance(assignment, Loop) else ())
            wanted.update(read(assignment))
            found.append(assignment)
    return found[::-1]


def numbers_of_an_example(assignments: Iterable[Assignment]) -> list[int]:
    """Returns a list of sizes: for each array that varies by example, the count of its numbers for one example."""
    return [math.prod(x.shape) for x in assignments if x.varies and not isinstance(x, Put)]

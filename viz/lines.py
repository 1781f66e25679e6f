"""The lines of a long picture: how many operations stand in each, and which values."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from autograd import Value

__all__ = ["LONGEST_LINE", "depths", "evenly", "lines_of", "period"]

Thing = TypeVar("Thing")
LONGEST_LINE = 3  # operations one after another in a line, even if there is room for more


def depths(below: Mapping[Thing, Sequence[Thing]]) -> dict[Thing, int]:
    """Returns how many operations lie between the leaves and each value or array, counted along the longest way.

    `below` are those from which each is computed, operands before results. An operation counts as late as
    the operations that use it allow.
    """
    found = dict.fromkeys(below, 0)
    users: dict[Thing, list[Thing]] = {value: [] for value in below}
    for value, operands in below.items():
        found[value] = max((found[operand] + 1 for operand in operands), default=0)
        for operand in operands:
            users[operand].append(value)
    for value in reversed(list(below)):
        if found[value]:
            found[value] = min((found[user] - 1 for user in users[value]), default=found[value])
    return found


def evenly(count: int, longest: int = LONGEST_LINE) -> int:
    """Returns the length of lines that are about equally long, and at most `longest`; 0 if one line is enough."""
    return -(-count // -(-count // longest)) if count > longest else 0


def period(depth: Mapping[Value, int]) -> int:
    """Returns after how many operations in a row a graph repeats, as the steps of a recurrence do; 0 if it does not.

    Differences near the leaves and near the result do not count. `depth` is what `depths` returned.
    """
    deepest = max(depth.values())
    at: list[list[str]] = [[] for _ in range(deepest + 1)]
    for value, d in depth.items():
        if value.op is not None:
            at[d].append(value.op.name)
    kinds = [tuple(sorted(names)) for names in at[1:]]
    for length in range(1, deepest // 4 + 1):
        inner = kinds[length : deepest - length]
        if len(inner) >= 2 * length and inner[length:] == inner[:-length]:
            return length
    return 0


def lines_of(below: Mapping[Value, Sequence[Value]], longest: int) -> dict[Value, int]:
    """Returns the line of each value, from 0, with up to `longest` operations in a line; 0 makes one line.

    A leaf stands in the line of the first operation that uses it.
    """
    depth = depths(below)
    lines = {value: (depth[value] - 1) // longest if longest else 0 for value in below if depth[value]}
    for value, operands in below.items():
        for operand in operands:
            if not depth[operand]:
                lines[operand] = min(lines[value], lines.get(operand, lines[value]))
    return {value: lines.get(value, 0) for value in below}

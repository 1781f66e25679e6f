"""Finds the arrays that a loop carries from turn to turn, such as the state of a recurrent net."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..programs.assignments import Assignment, View
from ..programs.recorded import Recorded
from ..programs.reverse import Way
from .edits import uses
from .turns import crosses

__all__ = ["Carried", "carried", "states"]


class Carried(NamedTuple):
    """An operand that each turn but the first one gets from the turn before it.

    `ways` leads back from each turn to that operand: to the first of `read`, to the second, …. `made` has what the
    turns make, so that all of `read` but the first are all of `made` but the last.
    """

    ways: list[Way]
    read: list[Assignment]
    made: list[Assignment]


def carried(recorded: Recorded) -> Iterator[Carried]:
    """Yields each use of an array that a loop carries. A running sum, such as a cost to which turns add, is none."""
    to, lines = uses(recorded), dict[object, list[Assignment]]()
    for node in sorted(recorded.backward.order, key=lambda node: node.number):
        if node.place is not None and not isinstance(node, View):
            lines.setdefault(node.place.path, []).append(node)
    for nodes in lines.values():
        for k in range(len(nodes[0].operands)) if len(nodes) > 1 else ():
            before = [node.operands[k] for node in nodes[1:] if k < len(node.operands)]
            made = lines.get(before[0].place.path, []) if before and before[0].place is not None else []
            is_total = made == nodes and len(to.get(before[0].number, ())) == 1
            is_read_by_all = len(before) == len(nodes) - 1
            if is_read_by_all and made[:-1] == before and all(map(crosses, nodes[1:], before)) and not is_total:
                yield Carried([Way(node.number, k) for node in nodes], [nodes[0].operands[k], *before], made)


def states(recorded: Recorded) -> list[list[Carried]]:
    """Returns a list for each array that a loop carries, such as h or c, with all its uses; in all turns of one shape.

    With other shapes, the turns are layers.
    """
    found: dict[tuple[int, ...], list[Carried]] = {}
    for each in carried(recorded):
        if len({array.shape for array in (*each.read, *each.made)}) == 1:
            found.setdefault(tuple(array.number for array in each.read), []).append(each)
    return list(found.values())

"""Finds arrays that have the same relation to each of several other arrays, such as the state before each step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..programs.assignments import Assignment, Leaf
from ..programs.recorded import Recorded, once
from .edits import base, uses

__all__ = ["above", "below", "reached", "relatives", "variables"]

DEEPEST = 5  # the largest number of steps from an array to an operand of an operand …: past 1/(1 + exp(−z)) to z
HIGHEST = 4  # the largest number of steps from an array to one made of it


def relatives(
    arrays: Sequence[Assignment], shapes: Sequence[tuple[int, ...]], deepest: int = DEEPEST
) -> Iterator[list[Assignment]]:
    """Yields lists of arrays: for each given array, the array that the same sequence of operand positions leads to.

    Such a sequence is, for example, the second operand of the first operand. It has at most `deepest` positions. The
    arrays in a list have the given shapes.
    """
    paths: list[tuple[int, ...]] = [()]
    for _ in range(deepest):
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
    """Yields the list of the arrays that are made of these, then the list made of that list, up to four lists.

    It stops before an array that does not have exactly one use.
    """
    to = uses(recorded)
    now = list(arrays)
    for _ in range(HIGHEST):
        ways = [to.get(array.number, []) for array in now]
        if any(len(several) != 1 for several in ways):
            return
        now = [recorded.node(several[0]) for several in ways]
        yield now


def reached(
    recorded: Recorded, arrays: Sequence[Assignment], of: Mapping[int, Assignment]
) -> Iterator[list[Assignment]]:
    """Yields the list of the first arrays that `of` gives for each of these, or for arrays that are made of them.

    With `of` from numbers of arrays to their activations, these are the activations of products, such as the gates of
    a step. Yields nothing unless every array leads to one.
    """
    found: dict[int, Assignment] = {}
    for several in ([*arrays], *above(recorded, arrays)):
        for array, made in zip(arrays, several, strict=True):
            if made.number in of:
                found.setdefault(array.number, of[made.number])
    if len(found) == len(arrays):
        yield [found[array.number] for array in arrays]


def variables(recorded: Recorded, nodes: Sequence[Assignment]) -> Iterator[list[Assignment]]:
    """Yields lists of what one variable holds in each turn, in the order of the turns that made these nodes.

    A variable has as many values as there are nodes, and their shapes.
    """
    by_base: dict[str, list[Assignment]] = {}
    for array in (array for array in recorded.named.values() if not isinstance(array, Leaf)):
        by_base.setdefault(base(array.name), []).append(array)
    turns = sorted(range(len(nodes)), key=lambda k: nodes[k].number)
    for values in by_base.values():
        if len(values) == len(nodes):
            in_order = [values[turns.index(k)] for k in range(len(nodes))]
            if all(x.shape == node.shape for x, node in zip(in_order, nodes, strict=True)) and in_order != [*nodes]:
                yield in_order


def _at(array: Assignment, path: tuple[int, ...]) -> Assignment | None:
    for k in path:
        if k >= len(array.operands):
            return None
        array = array.operands[k]
    return array


@once
def below(recorded: Recorded) -> dict[int, set[int]]:
    """Returns a dict from the number of each array up to the result to a set of numbers.

    The set has the number of the array itself, and the numbers of all arrays that it depends on.
    """
    found: dict[int, set[int]] = {}
    for array in recorded.program.assignments[: recorded.result.number + 1]:
        found[array.number] = {array.number}.union(*(found[operand.number] for operand in array.operands))
    return found

"""Makes edits of the steps of a loop, or of the calls of a helper: the values of another step are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from ..programs.assignments import Array, Assignment, Leaf
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Way
from .edits import Edit, fixed
from .operations.functions import functions

__all__ = ["values_of_another"]


def values_of_another(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which every step, or call, goes back with the values of another one, such as the last one.

    Each has its own weights: an input that stands in the place of an input is not replaced. If a step ends in a
    function, such as a sigmoid, its output may be the step's own.
    """
    ending = {each.y.number: each.between() | {each.y.number} for each in functions(recorded)}
    for function, lines in _runs(recorded).items():
        yield from _stuck(recorded, function, lines)
        ends = ending.get(lines[-1][0].number, set())
        before = [line for line in lines if line[0].number not in ends]
        if 0 < len(before) < len(lines):
            yield from _stuck(recorded, function, before)


def _stuck(recorded: Recorded, function: str, lines: Sequence[Sequence[Assignment]]) -> Iterator[Edit]:
    n = len(lines[0])
    what = f"call of {function}" if function else "turn of the loop"
    for which, at in (
        (f"the last {what}", [n - 1] * n),
        (f"the first {what}", [0] * n),
        (f"the next {what}", [*range(1, n), n - 1]),
        (f"the {what} before", [0, *range(n - 1)]),
    ):
        rules = {way: partial(_with_values_of, recorded, way, line[at[k]])
                 for line in lines for k, node in enumerate(line) for way in recorded.backward.ways(node)
                 if at[k] != k}  # fmt: skip
        text = f"every {what} goes back with the values of {which}: keep the values of each"
        yield fixed(Change(rules=rules), text, 5, rules)


def _runs(recorded: Recorded) -> dict[str, list[list[Assignment]]]:
    """Returns a dict from the name of each function to lists, one for each line: the arrays of equal shapes it made."""
    by_line: dict[tuple[str, object], list[Assignment]] = {}
    for node in sorted(recorded.backward.order, key=lambda node: node.number):
        if node.place is not None and node.operands:
            by_line.setdefault((node.place.function, node.place.at), []).append(node)
    found: dict[tuple[str, int], list[list[Assignment]]] = {}
    for (function, _), line in by_line.items():
        if len(line) > 1 and len({(node.shape, *(x.shape for x in node.operands)) for node in line}) == 1:
            found.setdefault((function, len(line)), []).append(line)
    return {function: lines for (function, _), lines in sorted(found.items(), key=lambda each: len(each[1]))}


def _with_values_of(recorded: Recorded, way: Way, other: Assignment, flow: Array) -> Array:
    node = recorded.node(way)
    pairs = zip(node.operands, other.operands, strict=True)
    values = [(a if isinstance(a, Leaf) and isinstance(b, Leaf) else b).value for a, b in pairs]
    return node.back(way.position, flow, other.value, values)

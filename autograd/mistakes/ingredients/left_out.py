"""Makes edits in which an array gets a gradient, though the cost does not use it: a condition or mask is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Constant, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, listed
from ..factors import Factors
from ..rules import instead

__all__ = ["left_out", "not_chosen"]

CLOSE = 1e-12
ORDINALS = ("", "first", "second")
Added = dict[int, Array]  # the additional gradient of each array, by its number


def left_out(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which all runs of a line count, not only those that the forward pass uses.

    The others get the same gradient. They may pass it to one of their two operands alone.
    """
    for unused, flow in _unused(recorded):
        names = listed(map(called, unused))
        text = f"{names} count in every run on the way back: the condition that leaves some runs out is missing"
        forks = [_fork(array) for array in unused]
        for to, which in enumerate(ORDINALS, -1) if all(fork is not None for fork in forks) else ((-1, ""),):
            added: Added = {}
            for array in unused:
                _go_back(recorded, array, np.full(array.shape, flow), added, to)
            told = f", for the {which} operand of {listed(called(fork) for fork in forks if fork)}" if which else ""
            if added:
                change = Change(at={number: partial(np.add, more) for number, more in added.items()})
                yield fixed(change, text + told, 4)


def not_chosen(recorded: Recorded, factors: Factors) -> Iterator[Edit]:
    """Yields fitted edits in which all elements count, though a view chooses some of them, by a mask for example.

    The gradients of the chosen ones are one number. The others get the same, or all of them get another one.
    """
    for way, passed in recorded.backward.passed.items():
        view, flow = recorded.node(way), recorded.backward.flows[way.number]
        is_part = isinstance(view, View) and view.of_one is not None and 1 < view.index.size < passed.size
        if is_part and np.any(flow) and np.allclose(flow, flow.flat[0], rtol=CLOSE, atol=0):
            of = called(recorded.target(way))
            text = f"every element of {of} gets a gradient, not only those of {called(view)}"
            yield Edit(partial(_everywhere, way, np.full(passed.shape, flow.flat[0])), partial(_told, text, factors), 2,
                       (way,), fitted=True)  # fmt: skip


def _everywhere(way: Way, flow: Array, t: float) -> Change:
    return Change(rules={way: partial(instead, t * flow)})


def _told(text: str, factors: Factors, t: float) -> str:
    return text if abs(t - 1.0) < CLOSE else f"{text}, and it is {factors.times(t)}"


def _unused(recorded: Recorded) -> Iterator[tuple[Sequence[Assignment], float]]:
    """Yields arrays that the result does not need, though it needs others of their line, and their gradient.

    All numbers in the gradients of these others are equal.
    """
    flows, lines = recorded.backward.flows, dict[object, list[Assignment]]()
    used = {operand.number for node in recorded.program.assignments for operand in node.operands}
    for node in recorded.program.assignments:
        if node.place is not None and not isinstance(node, Constant):
            lines.setdefault(node.place.at, []).append(node)
    for line in lines.values():
        needed = [flows[node.number].ravel() for node in line if node.number in flows]
        unused = [node for node in line if node.number not in flows and node.number not in used]
        if needed and unused:
            numbers = np.concatenate(needed)
            if np.allclose(numbers, numbers[0], rtol=CLOSE, atol=0):
                yield unused, float(numbers[0])


def _varying(array: Assignment) -> list[int]:
    return [k for k, operand in enumerate(array.operands) if not isinstance(operand, Constant)]


def _fork(array: Assignment) -> Assignment | None:
    """Returns the first array, going back, that has two operands which are no constants; None if there is none."""
    while len(varying := _varying(array)) == 1:
        array = array.operands[varying[0]]
    return array if len(varying) == 2 else None


def _go_back(recorded: Recorded, array: Assignment, flow: Array, added: Added, to: int) -> None:
    """Adds what the array passes back to the arrays that get a gradient.

    The first fork passes it to one of its two operands alone, 0 or 1, if `to` says so.
    """
    values, varying = [operand.value for operand in array.operands], _varying(array)
    kept, then = ([varying[to]], -1) if len(varying) == 2 and to >= 0 else (varying, to)
    for k in kept:
        operand, passed = array.operands[k], array.back(k, flow, array.value, values)
        if operand.number in recorded.backward.flows:
            added[operand.number] = added.get(operand.number, 0.0) + passed
        else:
            _go_back(recorded, operand, passed, added, then)

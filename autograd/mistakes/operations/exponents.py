"""Makes edits in which a power of a positive array has another exponent, such as (var + ε)^1.5 for (var + ε)^−1.5.

The gradient of the array, or of what is divided by a function of it, is then multiplied by a further power of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Assignment, Constant, Map, broadcasts
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed, leading, listed, number

__all__ = ["exponents"]

LARGEST = 4.5  # the largest exponent of the further power
POWERS = [half / 2 for half in range(-int(2 * LARGEST), int(2 * LARGEST) + 1) if half]


def exponents(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits for each array of which a root, a power or a quotient is taken, in all runs of its line."""
    lines, beside = dict[object, list[Map]](), _beside(recorded)
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.place is not None and (of := _base(node)) is not None and _is_positive(of):
            lines.setdefault((node.place.at, node.op), []).append(node)
    for nodes in lines.values():
        bases = [of for of in map(_base, nodes) if of is not None]
        yield from _edits(recorded, bases, bases)
        scaled = [
            [array for array in beside.get(node.number, ()) if _is_larger(array, of)]
            for node, of in zip(nodes, bases, strict=True)
        ]
        if all(arrays for arrays in scaled):
            for several in zip(*scaled, strict=False):
                yield from _edits(recorded, bases, several)


def _edits(recorded: Recorded, bases: Sequence[Assignment], arrays: Sequence[Assignment]) -> Iterator[Edit]:
    names, name = (listed(dict.fromkeys(map(called, several))) for several in (arrays, bases))
    ways = [way for array in arrays for way in leading(recorded, array)]
    for power in POWERS:
        at = {array.number: partial(np.multiply, of.value**power) for array, of in zip(arrays, bases, strict=True)}
        text = f"the gradient of {names} is multiplied by {_bracketed(name)}^{number(power)}: an exponent is wrong"
        yield fixed(Change(at=at), text, 5 + (len(arrays) > 1), ways)


def _bracketed(name: str) -> str:
    return f"({name.strip('`')})" if name.startswith("`") else name


def _base(node: Map) -> Assignment | None:
    """Returns the array of which a map takes a root or a power, or by which it divides."""
    if node.op in (table.SQRT, table.POW):
        return node.operands[0]
    return node.operands[1] if node.op is table.DIV else None


def _is_positive(array: Assignment) -> bool:
    return not isinstance(array, Constant) and array.value.size > 1 and bool(np.all(array.value > 0.0))


def _beside(recorded: Recorded) -> dict[int, list[Assignment]]:
    """Returns a dict from the number of an array to the arrays that it, or a function of it, multiplies or divides."""
    found: dict[int, list[Assignment]] = {}
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.op in (table.MUL, table.DIV):
            for array, by in (node.operands, node.operands[::-1]):
                made_of = [*by.operands, *(of for operand in by.operands for of in operand.operands)]
                for of in {by, *made_of} if array.number in recorded.backward.flows else ():
                    found.setdefault(of.number, []).append(array)
    return found


def _is_larger(array: Assignment, base: Assignment) -> bool:
    return array.value.size > base.value.size and broadcasts(base.shape, array.shape)

"""Makes edits in which a power of a positive array has another exponent, such as (var + ε)^1.5 for (var + ε)^−1.5.

The gradient of the array, or of what is divided by a function of it, is then multiplied by a further power of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Assignment, Constant, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed, leading, listed, number
from ..relatives import relatives

__all__ = ["exponents"]

LARGEST = 4.5  # the largest exponent of the further power
POWERS = [half / 2 for half in range(-int(2 * LARGEST), int(2 * LARGEST) + 1) if half]


def exponents(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits for each array of which a root, a power or a quotient is taken, in all runs of its line."""
    lines: dict[object, list[Map]] = {}
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.place is not None and (of := _base(node)) is not None and _is_positive(of):
            lines.setdefault((node.place.at, node.op), []).append(node)
    for nodes in lines.values():
        bases = [of for of in map(_base, nodes) if of is not None]
        yield from _edits(recorded, bases, bases)
        scaled = [_scaled(recorded, node, of) for node, of in zip(nodes, bases, strict=True)]
        if all(arrays for arrays in scaled):
            for several in zip(*scaled, strict=False):
                yield from _edits(recorded, bases, several)


def _edits(
    recorded: Recorded, bases: list[Assignment], arrays: tuple[Assignment, ...] | list[Assignment]
) -> Iterator[Edit]:
    names, name = (listed(dict.fromkeys(map(called, several))) for several in (arrays, bases))
    ways = [way for array in arrays for way in leading(recorded, array)]
    for power in POWERS:
        at = {array.number: partial(np.multiply, of.value**power) for array, of in zip(arrays, bases, strict=True)}
        text = f"the gradient of {names} is multiplied by {_bracketed(name)}^{number(power)}, a wrong exponent"
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


def _scaled(recorded: Recorded, node: Map, base: Assignment) -> list[Assignment]:
    """Returns the larger arrays that the map's result, or a function of it, multiplies or divides."""
    found = []
    for other in recorded.backward.order:
        if isinstance(other, Map) and other.op in (table.MUL, table.DIV) and len(other.operands) == 2:
            for array, by in (other.operands, other.operands[::-1]):
                is_of = by is node or any(node in several for several in relatives([by], [node.shape], deepest=2))
                is_larger = array.value.size > base.value.size and _fits(base.shape, array.shape)
                if is_of and is_larger and array.number in recorded.backward.flows:
                    found.append(array)
    return found


def _fits(shape: tuple[int, ...], larger: tuple[int, ...]) -> bool:
    """Returns whether an array of the first shape is broadcast to the second one."""
    pairs = zip(shape[::-1], larger[::-1], strict=False)
    return len(shape) <= len(larger) and all(size in (1, to) for size, to in pairs)

"""Makes edits of the gradient through a dropout mask: it is drawn anew, or is read off the output.

A dropout mask is an array of zeros and one other number, with which another array is multiplied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, called, fixed, uses
from ..judged import Given, largest
from ..rules import instead, with_operands

__all__ = ["drawn_anew", "read_off"]

CLOSE = 1e-12  # relative tolerance for numbers that are computed in two ways
HIGHEST = 6  # the largest number of operations from an array up to its dropout mask


def read_off(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits whose mask is read off the output x · mask, which is 0 also where x is 0."""
    for way in recorded.backward.passed:
        node = recorded.node(way)
        mask = _mask(node, way.position)
        if mask is None:
            continue
        x, y, number = node.operands[way.position], node.value, _kept(mask)
        is_0 = np.broadcast_to(x.value == 0.0, node.shape)
        right = np.broadcast_to(mask.value, node.shape)
        reads: dict[str, Array] = {
            f"{called(node)} is not 0": np.where(y != 0.0, number, 0.0),
            f"{called(node)} > 0": np.where(y > 0.0, number, 0.0),
            f"{called(node)} is not 0, or where {called(x)} is 0": np.where(is_0, number, right),
            f"{called(node)} is not 0, and as 1 where {called(x)} is 0": np.where(is_0, 1.0, right),
        }
        seen = [right]
        for where, read in reads.items():
            if not any(np.array_equal(read, other) for other in seen):
                seen.append(read)
                change = Change(rules={way: with_operands(recorded, way, {1 - way.position: read})})
                text = f"the mask is read off the output, as {number:.6g} where {where}: keep {called(mask)}"
                yield fixed(change, text, 4, [way], "mask", (mask,))


def _mask(node: Assignment, position: int) -> Assignment | None:
    """Returns the dropout mask with which the operand at `position` is multiplied, or None."""
    if not isinstance(node, Map) or node.op is not table.MUL:
        return None
    other = node.operands[1 - position]
    kept = np.unique(other.value[other.value != 0.0])
    return other if kept.size == 1 and not other.value.all() else None


def _kept(mask: Assignment) -> float:
    """Returns the number by which a dropout mask multiplies what it keeps."""
    return float(mask.value[mask.value != 0.0].flat[0])


def drawn_anew(recorded: Recorded, wrong: Sequence[Given]) -> Iterator[Edit]:
    """Yields edits that use another dropout mask: it keeps numbers that the right mask drops, and drops others."""
    for given in wrong:
        for mask, way, whole in _kept_by_masks(recorded, given.assignment):
            near = np.abs(given.array - whole) <= largest(given.allowed) + CLOSE * np.abs(whole)
            kept = near & (given.array != 0.0)
            was = np.broadcast_to(mask.value != 0.0, kept.shape) & (whole != 0.0)
            if np.all(kept | (given.array == 0.0)) and np.any(kept & ~was) and np.any(was & ~kept):
                change = Change(at={given.assignment.number: partial(instead, np.where(kept, whole, 0.0))})
                text = f"d{given.name} uses a new dropout mask, not {called(mask)}: keep the mask of the forward pass"
                yield fixed(change, text, 5, [way], "mask", (mask,))


def _kept_by_masks(recorded: Recorded, array: Assignment) -> Iterator[tuple[Assignment, Way, Array]]:
    """Yields dropout masks with which an array is multiplied, each with the way back from the product to the factor,
    and with the gradient of the array if the mask kept everything.

    From the array up to the mask, each array must have a single use.
    """
    to, down = uses(recorded), list[Way]()
    node = array
    while len(above := to.get(node.number, [])) == 1 and len(down) < HIGHEST:
        down.insert(0, above[0])
        node = recorded.node(above[0])
        if not isinstance(node, Map) or node.shape != array.shape:
            return
        if (mask := _mask(node, above[0].position)) is not None:
            whole = recorded.backward.flows[node.number] * _kept(mask)
            for way in down[1:]:
                whole = recorded.backward.through(way, whole)
            yield mask, above[0], whole

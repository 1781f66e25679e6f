"""Makes edits in which the mask of one way is applied on another way too, as if a gradient were changed in place."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ... import table
from ...programs.assignments import Array, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit, called, fixed
from ..rules import multiplied
from .choices import choices

__all__ = ["masked_too"]

MOST = 12  # the largest number of masks
MOST_WAYS = 100  # the largest number of ways on which each mask is tried


def masked_too(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that multiply the gradient of one way with the mask of a relu or a dropout on another way."""
    targets = {way: recorded.target(way) for way in recorded.backward.passed}
    for name, of, mask in list(_masks(recorded))[:MOST]:
        alike = [way for way in targets if targets[way].shape == mask.shape]
        for way in alike[:MOST_WAYS]:
            if way.number != of:
                node, target = recorded.node(way), targets[way]
                text = (
                    f"the gradient of {called(target)} through {called(node)} is multiplied by the mask of {name}, "
                    "which belongs to another gradient: d[mask] = 0 changes d in place, so take a copy"
                )
                yield fixed(Change(rules={way: multiplied(recorded, way, mask)}), text, 5, (way,))


def _masks(recorded: Recorded) -> Iterator[tuple[str, int, Array]]:
    """Yields the name, the number of the assignment and the mask of each relu and each product with a mask."""
    for choice in choices(recorded):
        if choice.is_relu:
            yield called(choice.node), choice.node.number, np.asarray(choice.node.value > 0, dtype=float)
    for node in recorded.backward.order:
        if isinstance(node, Map) and node.op is table.MUL:
            for operand in node.operands:
                is_mask = np.isin(operand.value, (0.0, 1.0)).all() and 0.0 < operand.value.mean() < 1.0
                if operand.shape == node.shape and is_mask:
                    yield called(operand), node.number, operand.value

"""Computes the arrays of a forward pass with other numbers for some operands, and passes gradients back with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from ..programs.assignments import Array, Assignment
from ..programs.recorded import Recorded
from ..programs.reverse import Rule, Way

__all__ = ["Anew"]


class Anew:
    """The numbers of all arrays that depend on some operands, computed with other numbers for these operands.

    `operands` maps the way back to each operand to its other numbers. `arrays` maps the number of an array to its own.
    """

    def __init__(
        self, recorded: Recorded, operands: Mapping[Way, Array], arrays: Mapping[int, Array] | None = None
    ) -> None:
        self.recorded, self.operands = recorded, operands
        self.values: dict[int, Array] = dict(arrays or {})
        holding = {way.number for way in operands}
        with np.errstate(all="ignore"):
            for node in recorded.program.assignments:
                depends = any(operand.number in self.values for operand in node.operands)
                if node.number not in self.values and (node.number in holding or depends):
                    self.values[node.number] = node.forward(self._of(node, self.values))

    def rules(self, only: Iterable[int] = ()) -> dict[Way, Rule]:
        """Returns rules for the ways whose slope uses these numbers; with `only`, the numbers of these arrays alone."""
        values = {at: self.values[at] for at in only} or self.values
        rules: dict[Way, Rule] = {}
        for way in self.recorded.backward.passed:
            node = self.recorded.node(way)
            if way.number in values or any(operand.number in values for operand in node.operands):
                operands = self._of(node, values)
                rules[way] = partial(_passed, node, way.position, values.get(way.number, node.value), operands)
        return rules

    def _of(self, node: Assignment, values: Mapping[int, Array]) -> list[Array]:
        return [self.operands[way] if (way := Way(node.number, k)) in self.operands
                else values.get(operand.number, operand.value) for k, operand in enumerate(node.operands)]  # fmt: skip


def _passed(node: Assignment, position: int, y: Array, operands: Sequence[Array], flow: Array) -> Array:
    return node.back(position, flow, y, operands)

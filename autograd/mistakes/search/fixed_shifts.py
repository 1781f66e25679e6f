"""Passes no gradient back to the maximum that a softmax subtracts: people's backward passes take it as fixed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...programs.assignments import Assignment, Fold
from ...programs.recorded import Recorded
from ...programs.reverse import Way
from ...programs.shifts import is_shift, viewed

__all__ = ["fixed_shifts"]

CLOSE = 1e-12  # a gradient counts as zero if it is at most this share of the terms that it is a sum of


def fixed_shifts(recorded: Recorded) -> Recorded:
    """Returns the pass without the ways to such a maximum, whose gradient is zero except for rounding."""
    ways = [way for way in recorded.backward.passed if _is_fixed(recorded, way)]
    return replace(recorded, backward=recorded.backward.without(ways)) if ways else recorded


def _is_fixed(recorded: Recorded, way: Way) -> bool:
    node = recorded.program.assignments[way.number]
    if not is_shift(node, way.position) or not _is_maximum(*node.operands):
        return False
    terms = np.abs(recorded.backward.flows[way.number]).sum()
    return bool(np.all(np.abs(recorded.backward.passed[way]) <= CLOSE * terms))


def _is_maximum(of: Assignment, shift: Assignment) -> bool:
    """Returns whether the shift is a maximum: a fold, or an element of the array."""
    return isinstance(viewed(shift), Fold) or viewed(shift) is viewed(of)

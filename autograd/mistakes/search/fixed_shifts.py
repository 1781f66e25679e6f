"""Passes no gradient back to the maximum that a softmax subtracts: people's backward passes take it as fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...programs.assignments import Assignment, Fold
from ...programs.recorded import Recorded
from ...programs.reverse import Way
from ...programs.shifts import holds, is_shift, viewed

__all__ = ["fixed_shifts"]

CLOSE = 1e-12  # a gradient counts as zero if it is at most this share of the terms that it is a sum of


def fixed_shifts(recorded: Recorded) -> Recorded:
    """Returns the pass without the ways to such a maximum, whose gradient is zero except for rounding.

    If the maximum of one array is subtracted at several places, as above and below a fraction bar, the gradients of all
    places add up to zero.
    """
    alike: dict[object, list[Way]] = {}
    for way in recorded.backward.passed:
        node = recorded.node(way)
        if is_shift(node, way.position) and _is_maximum(*node.operands):
            alike.setdefault((viewed(node.operands[0]).number, recorded.target(way).shape), []).append(way)
    ways = [way for several in alike.values() for way in _fixed(recorded, several)]
    return replace(recorded, backward=recorded.backward.without(ways)) if ways else recorded


def _fixed(recorded: Recorded, ways: Sequence[Way]) -> Sequence[Way]:
    """Returns the ways that are without a gradient: each of them, or all of them together."""
    flows, passed = recorded.backward.flows, recorded.backward.passed
    terms = {way: np.abs(flows[way.number]).sum() for way in ways}
    if np.all(np.abs(np.sum([passed[way] for way in ways], axis=0)) <= CLOSE * sum(terms.values())):
        return ways
    return [way for way in ways if np.all(np.abs(passed[way]) <= CLOSE * terms[way])]


def _is_maximum(of: Assignment, shift: Assignment) -> bool:
    """Returns whether the shift is a maximum: a fold, or an element of the array."""
    return isinstance(viewed(shift), Fold) or holds(viewed(of), viewed(shift))

"""Finds slopes of operations with branches: the slope of the branch that was taken, and that of the other branch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .assignments import Array, Assignment, Fold, Map, summed_to
from .reverse import Rule, Way

__all__ = ["can_flip", "decided", "has_branches", "recorded_slope", "rule", "through", "ties"]


def has_branches(node: Assignment) -> bool:
    """Returns whether the slopes of this assignment jump, as those of relu, abs and mod do."""
    return isinstance(node, Map | Fold) and (node.op.branches or node.op.name in ("abs", "mod"))


def can_flip(node: Assignment) -> bool:
    """Returns whether the operands' numbers choose the branch. Conditions, and the multiples in mod, stay fixed."""
    return isinstance(node, Map | Fold) and node.op.name not in ("where", "mod", "floor_divide")


def recorded_slope(node: Assignment, position: int) -> Array:
    """Returns the slope at the program's own numbers, with a first axis of length 1."""
    assert isinstance(node, Map | Fold)
    return node.slope(position, node.value, [operand.value for operand in node.operands])[None]


def through(node: Assignment, flow: Array, slope: Array) -> Array:
    """Returns flow · slope for several runs; 0 for a branch that was not taken."""
    passed = (np.expand_dims(flow, node.axis + 1) if isinstance(node, Fold) else flow) * slope
    return np.where(slope == 0.0, 0.0, passed) if has_branches(node) else passed


def rule(node: Map | Fold, way: Way, slope: Array) -> Rule:
    """Returns the rule by which a way uses this slope."""
    return lambda flow: summed_to(through(node, flow[None], slope[None])[0], node.operands[way.position].shape)


def ties(node: Assignment) -> NDArray[np.bool_]:
    """Returns a mask of the elements exactly at a corner, where every implementation takes a slope by convention."""
    a, *others = [operand.value for operand in node.operands]
    if isinstance(node, Fold):
        slope = recorded_slope(node, 0)
        return np.logical_not(np.isin(slope, (0.0, 1.0)).all(axis=node.axis + 1, keepdims=True))
    tie: Any = a == others[0] if isinstance(node, Map) and node.op.name in ("maximum", "minimum") else a == 0.0
    return np.broadcast_to(tie, node.shape)[None]


def decided(node: Map | Fold, slope: Array, position: int, side: int) -> Array:
    """Returns the slopes at ties if one of the tied elements gets all: the first for side 0, the last for side 1."""
    if isinstance(node, Map):
        return np.full(slope.shape, float(position == side))
    axis = node.axis + 1
    among = np.flip(slope, axis) if side else slope
    first = np.argmax(among != 0.0, axis=axis)
    chosen = np.zeros(slope.shape)
    np.put_along_axis(chosen, np.expand_dims(first, axis), 1.0, axis)
    return np.flip(chosen, axis) if side else chosen

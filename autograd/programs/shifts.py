"""Shifts: the largest of some numbers, or their mean, taken away from each of them."""

from __future__ import annotations

from .assignments import Assignment, Constant, Contraction, Fold, Map, View

__all__ = ["is_shift"]


def is_shift(node: Assignment, position: int) -> bool:
    """Whether the largest of the numbers is taken away there, or their mean (the number, where there is one only)."""
    if position != 1 or not isinstance(node, Map) or node.op.name != "sub":
        return False
    value, shift = (viewed(operand) for operand in node.operands)
    return isinstance(shift, Fold) or shift is value or summed(shift) is value


def summed(node: Assignment) -> Assignment | None:
    """What it is the sum or the mean of, along some axes."""
    varying = [viewed(operand) for operand in node.operands if not isinstance(operand, Constant)]
    if len(varying) != 1 or isinstance(node, Fold):
        return None
    return varying[0] if isinstance(node, Contraction) else summed(varying[0])


def viewed(node: Assignment) -> Assignment:
    """What an array is a view of; itself, if it is none."""
    while isinstance(node, View) and node.of_one is not None:
        node = node.of_one
    return node

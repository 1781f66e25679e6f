"""Recognises shifts: operations that subtract the maximum or the mean of their operand."""

from __future__ import annotations

from .assignments import Assignment, Constant, Contraction, Fold, Map, View

__all__ = ["holds", "is_shift", "viewed"]


def is_shift(node: Assignment, position: int) -> bool:
    """Returns whether the node subtracts, at this position, a fold (a maximum), or a sum or mean of its operand."""
    if position != 1 or not isinstance(node, Map) or node.op.name != "sub":
        return False
    value, shift = (viewed(operand) for operand in node.operands)
    return isinstance(shift, Fold) or holds(value, shift) or summed(shift) is value


def holds(array: Assignment, other: Assignment) -> bool:
    """Returns whether the other one is this array, or one of those that this array was put together from."""
    return other is array or (isinstance(array, View) and other in array.operands)


def summed(node: Assignment) -> Assignment | None:
    """Returns the array whose sum or mean along some axes the node is; None if it is none."""
    varying = [viewed(operand) for operand in node.operands if not isinstance(operand, Constant)]
    if len(varying) != 1 or isinstance(node, Fold):
        return None
    return varying[0] if isinstance(node, Contraction) else summed(varying[0])


def viewed(node: Assignment) -> Assignment:
    """Returns the array that a view shows, also through several views; the array itself if it is no such view."""
    while isinstance(node, View) and node.of_one is not None:
        node = node.of_one
    return node

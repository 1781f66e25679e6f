"""Runs forward mode on an array program: it computes the change of every array if one of them changes."""

from __future__ import annotations

from .assignments import Array
from .reverse import BackwardPass

__all__ = ["tangents"]


def tangents(backward: BackwardPass, number: int, direction: Array) -> dict[int, Array]:
    """Returns the changes of arrays, by number, if the array with this number changes by `direction`.

    Arrays that do not depend on this array, x, are left out. The changes also say how an edit of the backward pass acts
    on ∂C/∂x: adding Δ to the gradient of another array adds the inner product ⟨Δ, change of the other array⟩ to
    ⟨direction, ∂C/∂x⟩.
    """
    found = {number: direction}
    for node in reversed(backward.order):
        if node.number <= number:
            continue
        values = [operand.value for operand in node.operands]
        for way in backward.ways(node):
            operand = node.operands[way.position].number
            if operand in found:
                change = node.push(way.position, found[operand], node.value, values)
                found[node.number] = found[node.number] + change if node.number in found else change
    return found

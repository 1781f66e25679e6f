"""Forward mode over an array program: how fast every array changes along with one of them."""

from __future__ import annotations

from .assignments import Array
from .reverse import BackwardPass

__all__ = ["tangents"]


def tangents(backward: BackwardPass, number: int, direction: Array) -> dict[int, Array]:
    """The changes of all arrays of a pass that depend on the one with this number, if it changes by `direction`.

    They weigh gradients: Δ added to the gradient of an array makes ⟨direction, ∂C/∂(the one)⟩ grow by ⟨Δ, its change⟩.
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

"""A graph as a list of operations, in the ways in which an engine may compose them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import floats
from ..table import OPERATIONS
from ..value import Value
from .graphs import Graph

__all__ = ["PARTS", "RIGHT_HAND", "SHAPES", "Node", "parts_of", "program"]

# How engines compose some operations of others: a − b as a + (−b), and so on.
Make = Callable[..., Any]
SHAPES: dict[str, Callable[..., Any]] = {
    "neg": lambda make, a: make("mul", a, -1.0),
    "sub": lambda make, a, b: make("add", a, make("neg", b)),
    "div": lambda make, a, b: make("mul", a, make("pow", b, -1.0)),
    "sigmoid": lambda make, a: make("div", 1.0, make("add", make("exp", make("neg", a)), 1.0)),
    "tanh": lambda make, a: _quotient(make, make("exp", make("mul", a, 2.0))),
}
# For each operation of SHAPES, the operations that it is composed of. An operation comes before its parts.
PARTS = {
    "tanh": ("sub", "div"),
    "sigmoid": ("neg", "div"),
    "sub": ("neg", "add"),
    "div": ("pow", "mul"),
    "neg": ("mul",),
}
RIGHT_HAND = "right"  # for a constant to the left of + and *, the operands are swapped, as by __radd__


@dataclass(frozen=True)
class Node:
    """An operation of a program, or a leaf, whose `op` is ""."""

    op: str
    operands: tuple[int | float, ...]  # ints are indices of nodes, floats are constants
    inputs: tuple[float, ...]
    y: float


def _quotient(make: Make, e: Any) -> Any:
    """tanh a = (e − 1) / (e + 1), where e = e²ᵃ."""
    return make("div", make("sub", e, 1.0), make("add", e, 1.0))


@cache
def program(graph: Graph, is_reflected: frozenset[str], shape: frozenset[str]) -> tuple[list[Node], dict[str, int]]:
    """The operations in the order in which they are made, and the index of each named number of the graph."""
    made: list[Node] = []
    place: dict[Value, int] = {}

    def node(op: str, *operands: Any) -> Any:
        """Adds an operation. Its index; if all operands are constants, its result, which is a constant."""
        if op in shape:
            return SHAPES[op](node, *operands)
        if RIGHT_HAND in shape and op in ("add", "mul") and type(operands[0]) is float:
            operands = operands[::-1]
        inputs = tuple(made[x].y if type(x) is int else x for x in operands)
        if int not in map(type, operands):
            return OPERATIONS[op].forward(floats, *inputs)
        made.append(Node(op, operands, inputs, OPERATIONS[op].forward(floats, *inputs)))
        return len(made) - 1

    for value in graph.values:
        if value.op is None:
            made.append(Node("", (), (), value.data))
            place[value] = len(made) - 1
            continue
        operands = [place[x] if isinstance(x, Value) else x for x in value.operands]
        if value.op.name in is_reflected and type(operands[0]) is float:
            operands.reverse()
        place[value] = node(value.op.name, *operands)
    return made, {name: place[value] for name, value in graph.truth.items()}


def parts_of(graph: Graph) -> dict[str, int]:
    """The operations of a graph and of their compositions, each with its number of operands."""
    found = {value.op.name: len(value.operands) for value in graph.values if value.op}
    for whole, parts in PARTS.items():
        found |= dict.fromkeys(parts, 2) if whole in found else {}
    if "neg" in found:
        found["neg"] = 1
    if any(value.op and type(value.operands[0]) is float for value in graph.values):
        found[RIGHT_HAND] = 0
    return found

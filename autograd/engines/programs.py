"""A graph as a list of operations, with some operations composed of others, as in the engine that is judged."""

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
# The operations of which SHAPES composes each one, the composite ones first.
PARTS = {
    "tanh": ("sub", "div"),
    "sigmoid": ("neg", "div"),
    "sub": ("neg", "add"),
    "div": ("pow", "mul"),
    "neg": ("mul",),
}
RIGHT_HAND = "right"  # a constant on the left of + and * becomes the right operand, as in __radd__


@dataclass(frozen=True)
class Node:
    """An operation of a program; a leaf has none."""

    op: str
    operands: tuple[int | float, ...]  # numbers of nodes, and constants
    inputs: tuple[float, ...]
    y: float


def _quotient(make: Make, e: Any) -> Any:
    """Returns tanh a = (e²ᵃ − 1) / (e²ᵃ + 1), where e is e²ᵃ."""
    return make("div", make("sub", e, 1.0), make("add", e, 1.0))


@cache
def program(graph: Graph, is_reflected: frozenset[str], shape: frozenset[str]) -> tuple[list[Node], dict[str, int]]:
    """Returns the operations in the order in which they are made, and the position of each of the graph's names."""
    made: list[Node] = []
    place: dict[Value, int] = {}

    def node(op: str, *operands: Any) -> Any:
        """Adds an operation and returns its position. If all operands are constants, it returns the result."""
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
    """Returns the operations of a graph and those of which they may be composed, with their numbers of operands."""
    found = {value.op.name: len(value.operands) for value in graph.values if value.op}
    for whole, parts in PARTS.items():
        found |= dict.fromkeys(parts, 2) if whole in found else {}
    if "neg" in found:
        found["neg"] = 1
    if any(value.op and type(value.operands[0]) is float for value in graph.values):
        found[RIGHT_HAND] = 0
    return found

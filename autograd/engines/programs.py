"""Turns a graph into a list of operations, in the ways in which an engine may compose them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from .. import floats
from ..table import OPERATIONS
from ..value import Value
from .forwards import way_of
from .graphs import Graph

__all__ = ["PARTS", "RIGHT_HAND", "SHAPES", "Made", "Node", "at", "bare", "parts_of", "program"]

MOST_KNOWN = 512  # programs that are kept, as one search asks for them again and again

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
class Made:
    """The mistakes of an engine in its forward pass. With the defaults, the engine is right."""

    # Wrong computations: the operation; where it is wrong ("left": with a constant on its left, "other": without one,
    # "": everywhere); a row of WAYS or a factor; whether its derivatives are still those of the right operation.
    computes: tuple[tuple[str, str, str | float, bool], ...] = ()
    measured: tuple[tuple[str, tuple[float, ...], float], ...] = ()  # operation, inputs (rounded), result
    places: int | None = None  # the decimal places to which numbers are rounded
    is_whole: bool = False  # numbers lose the digits after the point
    is_unseen: bool = False  # derivatives are computed from the right result
    are_constants: bool = False  # constants too are rounded or lose digits
    returned: frozenset[str] = frozenset()  # operations that change the number of their operand and return it
    kept: frozenset[str] = frozenset()  # operations that return their operand unchanged
    is_late: bool = False  # the backward pass computes derivatives, from inputs that may have changed
    shared: frozenset[str] = frozenset()  # operations that keep things in one place for all their uses
    shared_as: str = ""  # what they keep: "operands"; "numbers" for derivatives; "all": only the last use passes on
    overwritten: frozenset[str] = frozenset()  # operations that change the number of their operand and make a new one


@dataclass(frozen=True)
class Node:
    """An operation of a program, or a leaf, whose `op` is ""."""

    op: str
    operands: tuple[int | float, ...]  # ints are indices of nodes, floats are constants
    inputs: tuple[float, ...]
    y: float
    seen: float = 0.0  # the result from which its derivatives are computed

    @cached_property
    def side(self) -> str:
        """The side of the constant operand: "left" or "right"; "" without one, or if there is a single operand."""
        places = [side for side, x in zip(("left", "right"), self.operands, strict=False) if type(x) is float]
        return places[0] if len(self.operands) == 2 and places else ""

    @cached_property
    def keys(self) -> list[list[tuple[str, int]]]:
        """The keys under which a rule for each operand may stand, the narrowest first."""
        ops = [f"{self.op} {self.side}"] * bool(self.side) + [self.op, ""]
        return [[(op, at) for op in ops for at in (position, -1)] for position in range(len(self.operands))]


def _quotient(make: Make, e: Any) -> Any:
    """Returns tanh a, composed as (e − 1) / (e + 1), where the given e is e²ᵃ."""
    return make("div", make("sub", e, 1.0), make("add", e, 1.0))


def bare(op: object) -> str:
    """Returns an operation without what may be added: the side of a constant, as in "div left", or a position."""
    return str(op).partition(" ")[0]


def at(inputs: Any) -> tuple[float, ...]:
    """Returns the inputs, rounded: the key of a measured number."""
    return tuple(round(float(x), 9) for x in inputs)


@lru_cache(MOST_KNOWN)
def program(graph: Graph, wrong: Made, shape: frozenset[str]) -> tuple[list[Node], dict[str, int]]:
    """Returns a list of the nodes in the order in which they are made, and a dict from each name to a node's index.

    Raises ArithmeticError or ValueError if an operation is not defined for a wrong number.
    """
    made: list[Node] = []
    place: dict[Value, int] = {}
    ways = {(op, side): (way_of(way), is_hidden) for op, side, way, is_hidden in wrong.computes}
    measured = {(op, inputs): y for op, inputs, y in wrong.measured}

    def kept(y: float) -> float:
        return float(int(y)) if wrong.is_whole else y if wrong.places is None else round(y, wrong.places)

    def alone(op: str, *operands: float) -> float:
        """Returns the result of an operation on constants."""
        return float(OPERATIONS[op].forward(floats, *operands))

    def record(op: str, *operands: Any, y: float | None = None) -> Any:
        """Returns the index of a new node, or of an operand that is returned; or a constant, if all operands are."""
        inputs = numbers_of(operands)
        if int not in map(type, operands):
            return alone(op, *inputs)
        right = alone(op, *inputs)
        y = measured.get((op, at(inputs)), right) if y is None else y
        if op in wrong.kept and type(operands[0]) is int:
            return operands[0]
        if op in wrong.returned | wrong.overwritten and type(operands[0]) is int:
            made[operands[0]] = replace(made[operands[0]], y=kept(y))
            if op in wrong.returned:
                return operands[0]
            inputs = (kept(y), *inputs[1:])
        made.append(Node(op, operands, inputs, kept(y), right if wrong.is_unseen else kept(y)))
        return len(made) - 1

    def numbers_of(operands: Any) -> tuple[float, ...]:
        return tuple(made[x].y if type(x) is int else kept(x) if wrong.are_constants else x for x in operands)

    def node(op: str, *operands: Any) -> Any:
        found = ways.get((op, "")) or ways.get((op, "left" if type(operands[0]) is float else "other"))
        if found:
            way, is_hidden = found
            if is_hidden:
                return record(op, *operands, y=way.of(alone, op, *numbers_of(operands)))
            return way.of(record, op, *operands)
        if op in shape:
            return SHAPES[op](node, *operands)
        if RIGHT_HAND in shape and op in ("add", "mul") and type(operands[0]) is float:
            operands = operands[::-1]
        return record(op, *operands)

    for value in graph.values:
        if value.op is None:
            made.append(Node("", (), (), kept(value.data)))
            place[value] = len(made) - 1
            continue
        operands = [place[x] if isinstance(x, Value) else x for x in value.operands]
        place[value] = node(value.op.name, *operands)
        if type(place[value]) is not int:
            raise ValueError("a constant, which is no node of a graph")
    if wrong.is_late:
        made = [replace(one, inputs=numbers_of(one.operands)) for one in made]
    last = {one.op: one for one in made if one.op in wrong.shared}
    for place_of, one in enumerate(made):
        if one.op in last and one is not last[one.op]:
            found = {"numbers": one.operands, "operands": last[one.op].operands, "all": ()}[wrong.shared_as]
            made[place_of] = replace(last[one.op], y=one.y, operands=found)
    return made, {name: place[value] for name, value in graph.truth.items()}


@lru_cache(MOST_KNOWN)
def parts_of(graph: Graph) -> dict[str, int]:
    """Returns a dict from each operation of a graph and of its compositions to its number of operands.

    RIGHT_HAND is in it too, with 0, if some operation has a constant on its left.
    """
    found = {value.op.name: len(value.operands) for value in graph.values if value.op}
    for whole, parts in PARTS.items():
        found |= dict.fromkeys(parts, 2) if whole in found else {}
    if "neg" in found:
        found["neg"] = 1
    if any(value.op and type(value.operands[0]) is float for value in graph.values):
        found[RIGHT_HAND] = 0
    return found

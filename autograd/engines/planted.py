"""Runs a backward pass with planted mistakes. It gives the numbers of an engine that makes these mistakes.

It shares no code with `autograd.walk`. Without mistakes it must give the same numbers, and tests compare them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isinf
from typing import Any

from .. import floats
from ..table import OPERATIONS
from .graphs import CLEAR, Graph
from .orders import ORDERS, STEPS, post_order
from .programs import Made, Node, program
from .rules import Arrival
from .slopes import rule_of

__all__ = ["ACROSS_CALLS", "ALLOWED", "LEAVES_ONLY", "RIGHT", "EndlessError", "Numbers", "Slips", "differs", "numbers"]

ALLOWED = 1e-6  # relative to a number, or to 1 if that is larger: float32 passes, and no mistake does
# What a second call of backward() does with the gradients of the first.
ACROSS_CALLS = ("leaves add up", "all start over", "everything starts over", "all of them add up", "inner ones mix",
                "leaves add up at the end")  # fmt: skip
LEAVES_ONLY = "only leaves start over"  # this is a mistake


class EndlessError(Exception):
    """Raised if a backward pass takes more than `STEPS` steps per node."""


MADE_RIGHT = Made()


@dataclass(frozen=True)
class Slips:
    """The mistakes of an engine. With the defaults, the engine is right."""

    again: str = ACROSS_CALLS[0]  # what a second call does with earlier gradients
    order: str = "topological"  # the order in which nodes pass their gradients on
    kept: str = ""  # what lives on from one backward() to the next: "visited", "order" or "both"
    # The first gradient. "data": the result's number; "adds": 1 is added to the old gradient; "late": 1, set after the
    # pass; "each": 1, set at each visited node.
    seed: str | float = 1.0
    first: float = 0.0  # the gradient of each number before the first pass
    overwrites: frozenset[str] = frozenset()  # "mul", or "mul 0" for one operand: gradients replace earlier ones
    is_merged: bool = False  # equal operands are stored once, as in a set
    merged: frozenset[str] = frozenset()  # operations that pass one gradient on, not two, to two equal operands
    is_cleared: bool = False  # an operation clears the gradients of its operands before it passes its own on
    is_shared: bool = False  # all numbers share one gradient
    is_by_number: bool = False  # the pass takes nodes with equal numbers for one node
    made: Made = MADE_RIGHT  # the mistakes in the forward pass
    unrecorded: frozenset[tuple[str, int]] = frozenset()  # operation and position of operands not found
    places: int | None = None  # the decimal places to which gradients are rounded
    hides: str = ""  # gradients that are 0 where they are read: of "leaves", of "results", or of results "but the last"
    aside: frozenset[str] = frozenset()  # operations for which no mistake is known; graphs with them are not compared
    rules: tuple[tuple[str, int, str | float], ...] = ()  # operation, position (−1: each), a rule or a factor
    measured: tuple[tuple[str, int, tuple[float, ...], float], ...] = ()  # operation, position, inputs (rounded), slope


RIGHT = Slips()


@dataclass
class Numbers:
    """The numbers that a user can read from an engine.

    `data` maps each name to its number. `grads` has one dict per call of backward(), from each name to its gradient
    after that call.
    """

    data: dict[str, float] = field(default_factory=dict)
    grads: list[dict[str, float]] = field(default_factory=list)


def differs(yours: object, right: float) -> bool:
    """Returns whether a number differs from the right one. An object that is no number differs, and so does nan."""
    if not isinstance(yours, float) or isinf(yours) or isinf(right):
        return not isinstance(yours, float) or yours != right
    return not abs(yours - right) <= ALLOWED * max(1.0, abs(right))


def numbers(graph: Graph, slips: Slips = RIGHT, shape: frozenset[str] = frozenset(), turned: int = 0,
            is_lost: bool = False, is_set: bool = False) -> Numbers:  # fmt: skip
    """Returns the numbers of an engine with these mistakes on a graph. Raises EndlessError if its pass does not end.

    `shape` names the operations that it composes of others. The bits of `turned` say for each node whether the pass
    visits the right operand first: if operands are in a set, either order occurs. With `is_lost`, a node that has
    passed its gradient on gets no further gradient, as in an engine that sums gradients up before it stores them.
    With `is_set`, the pass finds the operands in a set, and so visits equal operands once.
    """
    made, names = program(graph, slips.made, shape)
    walk = _Walk(made, slips, turned, is_lost, is_set)
    found = Numbers({name: made[at].y for name, at in names.items()})
    for root in graph.passes:
        if root == CLEAR:
            walk.clear(names.values())
        else:
            walk.backward(names[root])
            found.grads.append({name: walk.read(at) for name, at in names.items()})
    return found


class _Walk:
    """The gradients of a program, and the backward passes on it."""

    def __init__(self, made: list[Node], slips: Slips, turned: int, is_lost: bool, is_set: bool) -> None:
        self.made, self.slips, self.turned, self.is_lost = made, slips, turned, is_lost
        self.is_merged = slips.is_merged or is_set  # only for the order of visits
        self.passed: set[int] = set()
        self.grads: dict[int, float] = {}  # a node without an entry has the gradient `first`
        self.visited: set[int] = set()
        self.order: list[int] = []
        self.steps = 0
        self.hidden, self.root = False, -1
        self.lost = slips.unrecorded
        self.rules = {(op, at): rule_of(rule) for op, at, rule in slips.rules}
        self.measured = {(op, at, inputs): slope for op, at, inputs, slope in slips.measured}

    def get(self, node: int) -> float:
        return self.grads.get(0 if self.slips.is_shared else node, self.slips.first)

    def put(self, node: int, number: float) -> None:
        rounded = number if self.slips.places is None else float(round(number, self.slips.places))
        self.grads[0 if self.slips.is_shared else node] = rounded

    def clear(self, nodes: Iterable[int]) -> None:
        """Sets gradients to 0, as a user's `v.grad = 0.0` does. A gradient that all numbers share is hidden instead."""
        self.hidden = self.slips.is_shared
        for node in nodes:
            if not self.hidden:
                self.put(node, 0.0)

    def read(self, node: int) -> float:
        is_hidden = self.slips.hides and (self.slips.hides == "leaves") is not bool(self.made[node].op)
        is_hidden = is_hidden and not (self.slips.hides == "but the last" and node == self.root)
        return 0.0 if self.hidden or is_hidden else self.get(node)

    def operands(self, node: int) -> list[int]:
        """Returns the operands that the pass finds and that are nodes, in the order of its visits."""
        found = [x for i, x in enumerate(self.made[node].operands) if type(x) is int
                 and not (self.lost and self.lost.intersection(self.made[node].keys[i]))]  # fmt: skip
        found = list(dict.fromkeys(found)) if self.is_merged else found
        return found[::-1] if self.turned >> node & 1 else found

    def backward(self, root: int) -> None:
        """Runs one call of backward() on the number `root`."""
        before = {}
        self.passed.clear()
        if self.slips.again == "all of them add up":
            before, self.grads = self.grads, {}
        elif self.slips.again == "leaves add up at the end":
            before = {node: number for node, number in self.grads.items() if not self.made[node].op}
            self.grads = {node: number for node, number in self.grads.items() if self.made[node].op}
        self.start_over(root)
        self.root = root
        seed = self.slips.seed
        if isinstance(seed, float):
            self.put(root, seed)
        elif seed not in ("late", "each"):
            self.put(root, self.get(root) + 1.0 if seed == "adds" else self.made[root].y)
        if self.slips.order in ("paths", "arrivals"):
            self.along_paths(root)
        else:
            for node in (
                self.topological(root) if self.slips.order == "topological" else ORDERS[self.slips.order](self, root)
            ):
                self.push(node)
        if seed == "late":
            self.put(root, 1.0)
        for node, number in before.items():
            self.grads[node] = self.grads.get(node, 0.0) + number

    def start_over(self, root: int) -> None:
        again = self.slips.again
        if again == "everything starts over":
            self.grads.clear()
        elif again in ("leaves add up", "leaves add up at the end", "all start over", LEAVES_ONLY):
            for node in post_order(self, root, set()):
                if again == "all start over" or bool(self.made[node].op) is (again != LEAVES_ONLY):
                    self.put(node, self.slips.first)

    def push(self, node: int) -> None:
        """Passes a node's gradient on to its operands."""
        self.steps += 1
        if self.steps > STEPS * len(self.made):
            raise EndlessError
        self.passed.add(node)
        if self.slips.seed == "each":
            self.put(node, 1.0)
        made, overwrites = self.made[node], self.slips.overwrites
        merged: dict[Any, tuple[int, Any]] = {}
        for position, operand in enumerate(made.operands):
            if type(operand) is int or (self.slips.is_shared and made.op != "pow"):  # constants have the shared one too
                is_once = self.slips.is_merged or made.op in self.slips.merged
                merged[operand if is_once else position] = (position, operand)
        if self.slips.is_cleared:
            self.clear(x for x in made.operands if type(x) is int)
        for position, operand in merged.values():
            arrives = self.contribution(made, position, self.get(node))
            replaces = overwrites and not overwrites.isdisjoint((made.op, f"{made.op} {position}"))
            if self.is_lost and operand in self.passed:
                continue
            self.put(operand, arrives if replaces else self.get(operand) + arrives)

    def contribution(self, made: Node, position: int, upstream: float) -> float:
        if self.measured:
            slope = self.measured.get((made.op, position, tuple(round(x, 9) for x in made.inputs)))
            if slope is not None:
                return slope * upstream
        rule = (
            None
            if not self.rules
            else next((self.rules[key] for key in made.keys[position] if key in self.rules), None)
        )
        if rule is None:
            return float(OPERATIONS[made.op].slope(floats, made.seen, made.inputs, position)) * upstream
        own = [self.get(x) if type(x) is int else self.slips.first for x in made.operands]
        return rule.of(Arrival(OPERATIONS[made.op], made.seen, made.inputs, position, upstream, own[position],
                               own[-1 - position], bool(made.side)))  # fmt: skip

    def topological(self, root: int) -> list[int]:
        """Returns the nodes found on this call, and those kept from earlier calls, results before operands."""
        if self.slips.kept not in ("visited", "both"):
            self.visited = set()
        if self.slips.kept not in ("order", "both"):
            self.order = []
        self.order += post_order(self, root, self.visited, self.slips.is_by_number)
        return self.order[::-1]

    def along_paths(self, root: int) -> None:
        """Follows every path separately ("paths"), which is right, or passes on all that has arrived ("arrivals")."""
        seed = 1.0 if self.slips.seed == "adds" else self.get(root)
        arrived = [(root, seed)]
        self.put(root, self.get(root) - seed)
        while arrived:
            self.steps += 1
            if self.steps > STEPS * len(self.made):
                raise EndlessError
            node, upstream = arrived.pop()
            self.put(node, upstream + (0.0 if self.slips.overwrites else self.get(node)))
            made, passed = self.made[node], upstream if self.slips.order == "paths" else self.get(node)
            arrived += [(x, self.contribution(made, i, passed)) for i, x in reversed([*enumerate(made.operands)])
                        if type(x) is int]  # fmt: skip

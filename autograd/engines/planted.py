"""A backward pass with planted mistakes. It gives the numbers of an engine that makes these mistakes.

It shares no code with `autograd.walk`. Without mistakes it must give the same numbers, and tests compare them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isinf
from typing import Any

from ..table import OPERATIONS
from .graphs import CLEAR, Graph
from .programs import Node, program
from .rules import RULES, Arrival

__all__ = ["ACROSS_CALLS", "ALLOWED", "RIGHT", "EndlessError", "Numbers", "Slips", "differs", "numbers"]

ALLOWED = 1e-6  # relative to a number, or to 1 if that is larger: float32 passes, and no mistake does
STEPS = 50  # steps per node after which a pass counts as endless
# What a second call of backward() does with the gradients of the first.
ACROSS_CALLS = ("leaves add up", "all start over", "everything starts over", "all of them add up", "inner ones mix")


class EndlessError(Exception):
    """Raised if a backward pass takes more than `STEPS` steps per node."""


@dataclass(frozen=True)
class Slips:
    """The mistakes of an engine. With the defaults, the engine is right."""

    again: str = ACROSS_CALLS[0]  # what a second call does with earlier gradients
    order: str = "topological"  # the order in which nodes pass their gradients on
    kept: str = ""  # what lives on from one backward() to the next: "visited", "order" or "both"
    seed: str | float = 1.0  # the first gradient. "data": the result's number; "adds": 1 is added to the old gradient
    overwrites: frozenset[str] = frozenset()  # "mul", or "mul 0" for one operand: gradients replace earlier ones
    is_merged: bool = False  # equal operands are stored once, as in a set
    is_shared: bool = False  # all numbers share one gradient
    is_reflected: frozenset[str] = frozenset()  # operations that compute a − c for c − a
    unrecorded: tuple[str, int] = ("", 0)  # (operation, position) of an operand that the pass does not find
    rules: tuple[tuple[str, int, str], ...] = ()  # operation, position (−1: each), a name in RULES
    measured: tuple[tuple[str, int, tuple[float, ...], float], ...] = ()  # operation, position, inputs (rounded), slope


RIGHT = Slips()


@dataclass
class Numbers:
    """The numbers that can be read from an engine: each by its name, and its gradient after each backward()."""

    data: dict[str, float] = field(default_factory=dict)
    grads: list[dict[str, float]] = field(default_factory=list)


def differs(yours: object, right: float) -> bool:
    """Whether a number differs from the right one. Something that is no number, or nan, always differs."""
    if not isinstance(yours, float) or isinf(yours) or isinf(right):
        return not isinstance(yours, float) or yours != right
    return not abs(yours - right) <= ALLOWED * max(1.0, abs(right))


def numbers(graph: Graph, slips: Slips = RIGHT, shape: frozenset[str] = frozenset(), turned: int = 0) -> Numbers:
    """The numbers of an engine with these mistakes on a graph. Raises EndlessError if its pass does not end.

    `shape` names the operations that it composes of others. The bits of `turned` say for each node whether the pass
    visits the right operand first: if operands are in a set, either order occurs.
    """
    made, names = program(graph, slips.is_reflected, shape)
    walk = _Walk(made, slips, turned)
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

    def __init__(self, made: list[Node], slips: Slips, turned: int) -> None:
        self.made, self.slips, self.turned = made, slips, turned
        self.grads: dict[int, float] = {}
        self.visited: set[int] = set()
        self.order: list[int] = []
        self.steps = 0
        self.hidden = False
        self.rules = {(op, at): RULES[rule] for op, at, rule in slips.rules}
        self.measured = {(op, at, inputs): slope for op, at, inputs, slope in slips.measured}

    def get(self, node: int) -> float:
        return self.grads.get(0 if self.slips.is_shared else node, 0.0)

    def put(self, node: int, number: float) -> None:
        self.grads[0 if self.slips.is_shared else node] = number

    def clear(self, nodes: Iterable[int]) -> None:
        """Sets gradients to 0, as a user's `v.grad = 0.0` does. This hides a gradient that belongs to the class."""
        self.hidden = self.slips.is_shared
        for node in nodes:
            if not self.hidden:
                self.put(node, 0.0)

    def read(self, node: int) -> float:
        return 0.0 if self.hidden else self.get(node)

    def operands(self, node: int) -> list[int]:
        """The operands that the pass finds and that are nodes, in the order of its visits."""
        op, skipped = self.slips.unrecorded
        found = [x for i, x in enumerate(self.made[node].operands)
                 if type(x) is int and (self.made[node].op, i) != (op, skipped)]  # fmt: skip
        found = list(dict.fromkeys(found)) if self.slips.is_merged else found
        return found[::-1] if self.turned >> node & 1 else found

    def backward(self, root: int) -> None:
        """Does one call of backward()."""
        before = {}
        if self.slips.again == "all of them add up":
            before, self.grads = self.grads, {}
        self.start_over(root)
        seed = self.slips.seed
        self.put(root, self.get(root) + 1.0 if seed == "adds" else self.made[root].y if seed == "data" else float(seed))
        if self.slips.order in ("paths", "arrivals"):
            self.along_paths(root)
        else:
            for node in getattr(self, f"order_{self.slips.order.replace(' ', '_')}")(root):
                self.push(node)
        for node, number in before.items():
            self.grads[node] = self.grads.get(node, 0.0) + number

    def start_over(self, root: int) -> None:
        again = self.slips.again
        if again == "everything starts over":
            self.grads.clear()
        elif again in ("leaves add up", "all start over"):
            for node in self.post_order(root, set()):
                if self.made[node].op or again == "all start over":
                    self.put(node, 0.0)

    def push(self, node: int) -> None:
        """Passes a node's gradient on to its operands."""
        self.steps += 1
        if self.steps > STEPS * len(self.made):
            raise EndlessError
        made = self.made[node]
        merged: dict[Any, tuple[int, Any]] = {}
        for position, operand in enumerate(made.operands):
            if type(operand) is int or (self.slips.is_shared and made.op != "pow"):  # constants have the shared one too
                merged[operand if self.slips.is_merged else position] = (position, operand)
        for position, operand in merged.values():
            arrives = self.contribution(made, position, self.get(node))
            replaces = not self.slips.overwrites.isdisjoint((made.op, f"{made.op} {position}"))
            self.put(operand, arrives if replaces else self.get(operand) + arrives)

    def contribution(self, made: Node, position: int, upstream: float) -> float:
        if self.measured:
            slope = self.measured.get((made.op, position, tuple(round(x, 9) for x in made.inputs)))
            if slope is not None:
                return slope * upstream
        rule = self.rules.get((made.op, position)) or self.rules.get((made.op, -1)) or self.rules.get(("", -1))
        arrival = Arrival(OPERATIONS[made.op], made.y, made.inputs, position, upstream)
        return rule.of(arrival) if rule else arrival.slope * upstream

    def post_order(self, root: int, visited: set[int]) -> Iterator[int]:
        """The nodes that the root depends on, operands before results. It does not recurse: one graph is too deep."""
        stack: list[tuple[int, bool]] = [(root, False)]
        while stack:
            node, is_done = stack.pop()
            if is_done:
                yield node
            elif node not in visited:
                visited.add(node)
                stack.append((node, True))
                stack += [(x, False) for x in reversed(self.operands(node))]

    # ---- the orders in which nodes pass their gradients on

    def order_topological(self, root: int) -> list[int]:
        if self.slips.kept not in ("visited", "both"):
            self.visited = set()
        if self.slips.kept not in ("order", "both"):
            self.order = []
        self.order += self.post_order(root, self.visited)
        return self.order[::-1]

    def order_tape(self, root: int) -> range:
        """All nodes, the last made first. This is right too, but differs from the topological order."""
        return range(len(self.made) - 1, -1, -1)

    def order_unsorted(self, root: int) -> list[int]:
        return list(self.post_order(root, set()))

    def order_one_step(self, root: int) -> list[int]:
        return [root]

    def order_depth_first(self, root: int) -> Iterator[int]:
        stack, visited = [root], set()
        while stack:
            node = stack.pop()
            if node not in visited:
                visited.add(node)
                yield node
                stack += reversed(self.operands(node))

    def order_stack(self, root: int) -> Iterator[int]:
        """Depth first, where a node is marked as visited when it is pushed on the stack."""
        stack, visited = [root], {root}
        while stack:
            node = stack.pop()
            yield node
            for operand in self.operands(node):
                if operand not in visited:
                    visited.add(operand)
                    stack.append(operand)

    def order_breadth_first(self, root: int) -> Iterator[int]:
        queue, visited = [root], {root}
        for node in queue:
            yield node
            for operand in self.operands(node):
                if operand not in visited:
                    visited.add(operand)
                    queue.append(operand)

    def order_breadth_first_along_every_path(self, root: int) -> Iterator[int]:
        queue = [root]
        for node in queue:
            yield node
            queue += self.operands(node)

    def order_depth_first_along_every_path(self, root: int) -> Iterator[int]:
        stack = [root]
        while stack:
            node = stack.pop()
            yield node
            stack += reversed(self.operands(node))

    def order_of_use(self, root: int) -> list[int]:
        """The order of an engine whose numbers share one list of operands."""
        used = dict.fromkeys(x for node in range(len(self.made)) for x in self.made[node].operands if type(x) is int)
        return list(dict.fromkeys([root, *used]))

    def along_paths(self, root: int) -> None:
        """Takes each path by itself ("paths"), which is right, or passes on all that arrived so far ("arrivals")."""
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

"""Defines the types for a loop in a graph: the block that repeats, and the nodes that the block reads at each step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids
from ..recorded.nodes import Applied, Sum

__all__ = ["Carried", "Growing", "Numbers", "Past", "Read", "Repeated", "Same", "Stepped", "Unrolled", "operands"]

Numbers = NDArray[np.float64]


class Same(NamedTuple):
    """A node that every step reads."""

    node: int


class Carried(NamedTuple):
    """The operand `of` of the body at the step before; the first step reads the node `first` instead."""

    of: int
    first: int


class Stepped(NamedTuple):
    """A different node, or a different plain number, at each step."""

    nodes: Ids | None
    numbers: Numbers | None = None

    @property
    def key(self) -> tuple[bool, bytes]:
        """A key that is equal for two operands that agree at every step."""
        values = self.numbers if self.nodes is None else self.nodes
        assert values is not None
        return self.nodes is None, values.tobytes()


Read = Same | Carried | Stepped


class Growing(NamedTuple):
    """A node that is Σ number · weight · result over earlier results; weight −1 means that there is no weight."""

    results: list[int]
    weights: list[int]
    numbers: list[float]


class Past(NamedTuple):
    """Growing sums as one node of a loop's body: over results before the loop, and over a node at earlier steps."""

    of: int  # the node of the body that is summed
    first: list[int]  # the results before the loop
    weights: Ids  # (steps, results): −1 for no weight
    numbers: Numbers  # (steps, results): 0 for no term


class Repeated(NamedTuple):
    """A block of nodes, repeated. Operand k ≥ 0 of the body is its node k at the same step; k < 0 is `read[~k]`."""

    nodes: Ids  # (steps, width): the graph's nodes; column k is node k of the body
    body: dict[int, Sum | Applied | Past]  # each after its operands; nodes from `width` on are new
    read: list[Read]

    @property
    def kind(self) -> tuple[Any, ...]:
        """A key: loops with equal keys can run side by side."""
        body: list[tuple[int, ...]] = []
        for x in self.body.values():
            if isinstance(x, Past):
                body.append((int(self.nodes[0, 0]),))  # a kind that no other loop has
            else:
                body.append((id(x.op), len(x.inputs)) if isinstance(x, Applied) else (0, len(x.u), len(x.w)))
        return len(self.nodes), tuple(body)

    @property
    def sums(self) -> dict[int, Sum | Applied]:
        """The nodes of the body that are no sums over earlier steps."""
        return {k: x for k, x in self.body.items() if not isinstance(x, Past)}

    @property
    def pasts(self) -> dict[int, Past]:
        """The nodes of the body that are sums over earlier steps."""
        return {k: x for k, x in self.body.items() if isinstance(x, Past)}

    @property
    def outside(self) -> list[int]:
        """The nodes outside the loop that the loop reads."""
        found: list[int] = []
        for x in self.read:
            if isinstance(x, Stepped):
                found += [] if x.nodes is None else x.nodes.tolist()
            else:
                found.append(x.node if isinstance(x, Same) else x.first)
        for past in self.pasts.values():
            found += [*past.first, *past.weights[past.weights >= 0].tolist()]
        return found


class Unrolled(NamedTuple):
    """A normal form with a record for each node."""

    nodes: dict[int, Sum | Applied]  # each after its operands
    outputs: list[int]
    constants: range  # the numbers that stand for plain numbers
    size: int  # all nodes have numbers below it


def operands(node: Sum | Applied | Growing | Repeated) -> list[int]:
    """Returns a list of the operands of a node; for a loop, of the nodes outside the loop that it reads."""
    if isinstance(node, Repeated):
        return node.outside
    if isinstance(node, Growing):
        return [*node.results, *(weight for weight in node.weights if weight >= 0)]
    return [*node.u, *node.v, *node.w] if isinstance(node, Sum) else node.inputs

"""Steps that repeat, as nodes of a graph: the block that all steps are, and what it reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids
from ..recorded.nodes import Applied, Sum

__all__ = ["Carried", "Growing", "Numbers", "Past", "Read", "Repeated", "Same", "Stepped", "Unrolled", "operands"]

Numbers = NDArray[np.float64]


class Same(NamedTuple):
    """What every step reads."""

    node: int


class Carried(NamedTuple):
    """What the step before made, or carried: an operand of the body; the first step reads the node `first`."""

    of: int
    first: int


class Stepped(NamedTuple):
    """Another node, or another plain number, at each step."""

    nodes: Ids | None
    numbers: Numbers | None = None

    @property
    def key(self) -> tuple[bool, bytes]:
        """The same for two that are the same at each step."""
        values = self.numbers if self.nodes is None else self.nodes
        assert values is not None
        return self.nodes is None, values.tobytes()


Read = Same | Carried | Stepped


class Growing(NamedTuple):
    """Σ number · weight · result over earlier results, a node of a graph; a weight of −1 is 1."""

    results: list[int]
    weights: list[int]
    numbers: list[float]


class Past(NamedTuple):
    """The same at the steps of a loop: of what came before it, and of what a node of the body was at earlier steps."""

    of: int
    first: list[int]
    weights: Ids  # (steps, results): −1 where there is none
    numbers: Numbers  # (steps, results): 0 where there is no term


class Repeated(NamedTuple):
    """A block of nodes, repeated. An operand k of the body is its node k, of the same step; or, below 0, `read[~k]`."""

    nodes: Ids  # (steps, width): the numbers of the first nodes of the body, at each step
    body: dict[int, Sum | Applied | Past]  # each after what it is made of; some may be beyond the width
    read: list[Read]

    @property
    def kind(self) -> tuple[Any, ...]:
        """Loops of one kind can be worked out side by side."""
        body: list[tuple[int, ...]] = []
        for x in self.body.values():
            if isinstance(x, Past):
                body.append((int(self.nodes[0, 0]),))  # no other
            else:
                body.append((id(x.op), len(x.inputs)) if isinstance(x, Applied) else (0, len(x.u), len(x.w)))
        return len(self.nodes), tuple(body)

    @property
    def sums(self) -> dict[int, Sum | Applied]:
        """The body without sums over the past."""
        return {k: x for k, x in self.body.items() if not isinstance(x, Past)}

    @property
    def pasts(self) -> dict[int, Past]:
        """The sums over the past."""
        return {k: x for k, x in self.body.items() if isinstance(x, Past)}

    @property
    def outside(self) -> list[int]:
        """The nodes that it needs."""
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
    """A normal form whose nodes are looked at one by one."""

    nodes: dict[int, Sum | Applied]  # each after what it is made of
    outputs: list[int]
    constants: range  # the numbers of plain numbers
    size: int  # every number of a node is below it


def operands(node: Sum | Applied | Growing | Repeated) -> list[int]:
    """The numbers of what a node is made of, or the nodes of a loop."""
    if isinstance(node, Repeated):
        return node.outside
    if isinstance(node, Growing):
        return [*node.results, *(weight for weight in node.weights if weight >= 0)]
    return [*node.u, *node.v, *node.w] if isinstance(node, Sum) else node.inputs

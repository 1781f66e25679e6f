"""Steps that repeat, as nodes of a graph: the block that all steps are, and what it reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids
from ..recorded.nodes import Applied, Sum

__all__ = ["Carried", "Numbers", "Read", "Repeated", "Same", "Stepped"]

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


class Repeated(NamedTuple):
    """A block of nodes, repeated. An operand k of the body is its node k, of the same step; or, below 0, `read[~k]`."""

    nodes: Ids  # (steps, width): the numbers of the first nodes of the body, at each step
    body: dict[int, Sum | Applied]  # each after what it is made of; some may be beyond the width
    read: list[Read]

    @property
    def kind(self) -> tuple[Any, ...]:
        """Loops of one kind can be worked out side by side."""
        body = [
            (id(x.op), len(x.inputs)) if isinstance(x, Applied) else (0, len(x.u), len(x.w)) for x in self.body.values()
        ]
        return len(self.nodes), tuple(body)

    @property
    def outside(self) -> list[int]:
        """The nodes that it needs."""
        found: list[int] = []
        for x in self.read:
            if isinstance(x, Stepped):
                found += [] if x.nodes is None else x.nodes.tolist()
            else:
                found.append(x.node if isinstance(x, Same) else x.first)
        return found

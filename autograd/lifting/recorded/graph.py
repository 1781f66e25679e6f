"""The graph that was recorded, as arrays.

Its nodes are numbered: the leaves first, in order of first use, then the inner nodes, each after what it is made of,
then the plain numbers among the operands.
"""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np

from ...operation import Op
from ...value import Value
from ...walk import topological
from ..layout import Ids
from .nodes import starts

__all__ = ["Graph"]


class Graph:
    """The inner nodes below the outputs, from the leaves up, and their operands one after another."""

    def __init__(self, outputs: Sequence[Value], also: Iterable[Value] = ()) -> None:
        """Walk the graph; the leaves in `also` are among its leaves, whether it uses them or not."""
        self.inner = inner = topological(*outputs)[::-1]
        n = len(inner)
        number = _Numbers(zip(inner, range(-n, 0), strict=True))
        lists = [node.operands for node in inner]
        operands = np.array([*map(number.__getitem__, chain.from_iterable(lists))], int)
        for leaf in also:
            number[leaf]
        self.leaves, self.first = number.leaves, len(number.leaves)
        self.plain = self.first + n  # plain numbers have this number and those above it
        shifted = np.where(operands < -n, self.first - 1 - operands, self.plain + operands)
        self.operands: Ids = np.where(operands < 0, shifted, operands)
        self.start = starts([*map(len, lists)])
        self.number = dict(zip(chain(number.leaves, inner), range(self.plain), strict=True))
        self.data = np.array([*[v._data for v in chain(number.leaves, inner)], *map(float, number.plain)])
        codes: dict[int, int] = {id(None): 0}
        self.ops: list[Op | None] = [None]
        for op in {id(node.op): node.op for node in inner}.values():
            codes[id(op)] = len(self.ops)
            self.ops.append(op)
        self.kind: Ids = np.array([codes[id(node.op)] for node in inner], int)  # which of the operations each node has

    @property
    def owner(self) -> Ids:
        """The inner node that each operand is of."""
        return np.repeat(np.arange(len(self.kind)), np.diff(self.start))

    def at(self, op: Op) -> Ids:
        """The inner nodes of an operation."""
        code = next((code for code, one in enumerate(self.ops) if one is op), -1)
        return np.flatnonzero(self.kind == code)


class _Numbers(dict[Any, int]):
    """The inner nodes' numbers, from behind; leaves and plain numbers get theirs when they are first asked for."""

    def __init__(self, inner: Iterable[tuple[Any, int]]) -> None:
        super().__init__(inner)
        self.leaves: list[Value] = []
        self.plain: dict[str, int] = {}  # by how they are written, which tells 0.0 from −0.0
        self.below = -len(self) - 1

    def __missing__(self, x: Any) -> int:
        if type(x) is float:
            return self.plain.setdefault(repr(x), self.below - len(self.plain))
        self.leaves.append(x)
        return self.setdefault(x, len(self.leaves) - 1)

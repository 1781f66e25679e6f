"""Holds the nodes of a graph as arrays: sums of products, and other operations.

Row k is a node; it comes after its operands. The operands lie from `start[k]` to `start[k + 1]`. An operation has its
inputs there. A sum Σ c·u·v + Σ d·w + constant has first all u, then all v, then all w.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...operation import Op

__all__ = ["Applied", "Ids", "Nodes", "Numbers", "Sum", "each_once", "hashes", "starts"]

Ids = NDArray[np.int64]  # nodes, each by its number
Numbers = NDArray[np.float64]


class Sum(NamedTuple):
    """Σ c·u·v + Σ d·w + constant; u, v and w are nodes, each by its number."""

    u: list[int]
    v: list[int]
    c: list[float]
    w: list[int]
    d: list[float]
    constant: float


class Applied(NamedTuple):
    """Any other operation on nodes."""

    op: Op
    inputs: list[int]


class Nodes(NamedTuple):
    """The nodes of a graph, a row for each."""

    numbers: Ids
    ops: list[Op | None]  # the operations that occur; None stands for sums
    kind: Ids  # the position of each node's operation in `ops`
    start: Ids  # where the operands of each node begin, and where those of the last node end
    products: Ids  # the number of products u·v of each sum
    operands: Ids
    scale: Numbers  # one number for each operand: c for u, d for w, 1 for any other
    constant: Numbers

    @classmethod
    def of(cls, records: Mapping[int, Sum | Applied]) -> "Nodes":
        """Returns the nodes of these records, which are given by node number, as arrays."""
        ops: dict[int, int] = {id(None): 0}
        found: list[Op | None] = [None]
        kind, counts, products, operands, scale, constant = [], [], [], [], [], []
        for x in records.values():
            if isinstance(x, Sum):
                mine = [*x.u, *x.v, *x.w]
                scale += [*x.c, *([1.0] * len(x.v)), *x.d]
            else:
                mine = x.inputs
                scale += [1.0] * len(mine)
                if ops.setdefault(id(x.op), len(found)) == len(found):
                    found.append(x.op)
            kind.append(0 if isinstance(x, Sum) else ops[id(x.op)])
            products.append(len(x.u) if isinstance(x, Sum) else 0)
            constant.append(x.constant if isinstance(x, Sum) else 0.0)
            operands += mine
            counts.append(len(mine))
        return cls(
            np.array(list(records), int),
            found,
            np.array(kind, int),
            starts(counts),
            np.array(products, int),
            np.array(operands, int),
            np.array(scale, float),
            np.array(constant, float),
        )

    def record(self, k: int) -> Sum | Applied:
        """Returns the node in row k as a `Sum` or an `Applied`."""
        begin, end = self.start[k], self.start[k + 1]
        mine, op = self.operands[begin:end].tolist(), self.ops[self.kind[k]]
        if op is not None:
            return Applied(op, mine)
        n, scale = int(self.products[k]), self.scale[begin:end].tolist()
        return Sum(mine[:n], mine[n : 2 * n], scale[:n], mine[2 * n :], scale[2 * n :], float(self.constant[k]))

    def chosen(self, rows: Ids) -> "Nodes":
        """Returns the nodes of some rows, in this order."""
        counts = np.diff(self.start)[rows]
        start = starts(counts)
        which = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], counts)
        parts = self.products[rows], self.operands[which], self.scale[which], self.constant[rows]
        return Nodes(self.numbers[rows], self.ops, self.kind[rows], start, *parts)

    @property
    def owner(self) -> Ids:
        """For each operand, the row of the node that it belongs to."""
        return np.repeat(np.arange(len(self.numbers)), np.diff(self.start))


def starts(counts: Sequence[int] | Ids) -> Ids:
    """Returns where each part begins, and where the last one ends, from the lengths of the parts."""
    made: Ids = np.concatenate([[0], np.cumsum(counts, dtype=int)])
    return made


def hashes(keys: NDArray[Any], start: Ids, operands: Ids) -> NDArray[np.uint64]:
    """Returns a hash of each node's key and operands: equal nodes have equal hashes."""
    slot = np.arange(len(operands)) - np.repeat(start[:-1], np.diff(start))
    weights = np.random.default_rng(0).integers(1, 2**63, int(slot.max(initial=0)) + 1, dtype=np.uint64)
    mixed = (operands + 1).astype(np.uint64) * weights[slot]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    total = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed)])
    made: NDArray[np.uint64] = np.diff(total[start]) + keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return made


def each_once(nodes: Nodes, size: int) -> tuple[Nodes, Ids]:
    """Merges nodes with the same operation and the same operands (common-subexpression elimination).

    Returns the nodes that are left, and an array that maps each node to the one that stands for it.
    """
    same = np.arange(size)
    keys = nodes.kind + len(nodes.ops) * nodes.products
    if len(np.unique(hashes(keys, nodes.start, nodes.operands))) == len(keys):
        return nodes, same  # if there were duplicates, the first two would have equal operands and equal hashes
    first: dict[Any, int] = {}
    known = same.tolist()
    operands, scale, start = nodes.operands.tolist(), nodes.scale.tolist(), nodes.start.tolist()
    columns = (part.tolist() for part in (nodes.numbers, nodes.kind, nodes.products, nodes.constant))
    for k, (number, *kind) in enumerate(zip(*columns, strict=True)):
        begin, end = start[k], start[k + 1]
        key = (*kind, *map(known.__getitem__, operands[begin:end]), *scale[begin:end])
        known[number] = first.setdefault(key, number)
    same = np.array(known)
    renamed = nodes._replace(operands=same[nodes.operands])
    return renamed.chosen(np.flatnonzero(same[nodes.numbers] == nodes.numbers)), same

"""Reads the recorded graph into arrays.

Its nodes are numbered. First come the leaves, in order of first use, then the inner nodes, each after its operands,
then the plain numbers among the operands. Sums, products and similar nodes are also written as sums of terms c·x·y.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ... import table
from ...operation import Op
from ...value import Value
from ...walk import topological
from .multiplying_out import SMALLEST
from .nodes import Ids, Numbers, starts

__all__ = ["NOTHING", "Graph", "Terms"]

NOTHING = -1  # stands for a missing factor of a term


class Terms(NamedTuple):
    """The terms of the inner nodes, each node's from left to right: c·x·y, c·x or c."""

    start: Ids  # where the terms of each node begin, and where those of the last node end
    owner: Ids  # for each term, the inner node that it belongs to
    x: Ids
    y: Ids
    c: Numbers

    @property
    def there(self) -> NDArray[np.bool_]:
        """An array of bools: whether each inner node is a sum of terms."""
        return np.diff(self.start) > 0

    @property
    def multiples(self) -> Ids:
        """The terms that are a whole node by themselves, of the form c·x."""
        alone = self.start[:-1][np.diff(self.start) == 1]
        found: Ids = alone[(self.x[alone] != NOTHING) & (self.y[alone] == NOTHING)]
        return found


class Graph:
    """The inner nodes that the outputs depend on, from the leaves up, and all their operands in one array."""

    def __init__(self, outputs: Sequence[Value], also: Iterable[Value] = ()) -> None:
        """Walks the graph; leaves in `also` become leaves of it even if no output depends on them."""
        self.inner = inner = topological(*outputs)[::-1]
        n = len(inner)
        number = _Numbers(zip(inner, range(-n, 0), strict=True))
        lists = [node.operands for node in inner]
        operands = np.fromiter(map(number.__getitem__, chain.from_iterable(lists)), int)
        for leaf in also:
            number[leaf]
        self.leaves, self.first = number.leaves, len(number.leaves)
        self.plain = self.first + n  # plain numbers are numbered from here on
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
        # For each inner node, where its operation stands in `ops`.
        self.kind: Ids = np.array([codes[id(node.op)] for node in inner], int)

    @property
    def owner(self) -> Ids:
        """For each operand, the inner node that it belongs to."""
        return np.repeat(np.arange(len(self.kind)), np.diff(self.start))

    @cached_property
    def terms(self) -> Terms:
        """The inner nodes as sums of products."""
        return _terms(self)

    def at(self, op: Op) -> Ids:
        """Returns the positions of the inner nodes that have this operation."""
        code = next((code for code, one in enumerate(self.ops) if one is op), -1)
        return np.flatnonzero(self.kind == code)


class _Numbers(dict[Any, int]):
    """The numbers of all nodes. Inner nodes count from −n to −1; leaves and plain numbers get a number at first use."""

    def __init__(self, inner: Iterable[tuple[Any, int]]) -> None:
        super().__init__(inner)
        self.leaves: list[Value] = []
        self.plain: dict[float | str, int] = {}  # zeros by their text, so that 0.0 and −0.0 stay different
        self.below = -len(self) - 1

    def __missing__(self, x: Any) -> int:
        if type(x) is float:
            made = self.plain.setdefault(x or repr(x), self.below - len(self.plain))
            return self.setdefault(x, made) if x else made
        self.leaves.append(x)
        return self.setdefault(x, len(self.leaves) - 1)


def _terms(graph: Graph) -> Terms:
    """Returns the terms of all inner nodes; a node that is no sum of terms has none."""
    begin, count, operands = graph.start[:-1], np.diff(graph.start), graph.operands
    plain = np.append(graph.data, 1.0)
    plain[: graph.plain] = np.nan
    made: list[tuple[Ids, Ids, Ids, Numbers | float]] = []  # (owners, x, y, c), left terms before right ones

    def add(owner: Ids, x: Ids, y: Ids | int = NOTHING, c: Numbers | float = 1.0) -> None:
        made.append((owner, x, np.broadcast_to(y, x.shape), np.broadcast_to(c, x.shape)))

    for op, sign in ((table.ADD, 1.0), (table.SUB, -1.0)):
        at = graph.at(op)
        add(at, operands[begin[at]])
        add(at, operands[begin[at] + 1], c=sign)
    at = graph.at(table.NEG)
    add(at, operands[begin[at]], c=-1.0)
    at = graph.at(table.MUL)
    add(at, operands[begin[at]], operands[begin[at] + 1])
    at = graph.at(table.DIV)
    by = np.abs(plain[operands[begin[at] + 1]])
    at = at[(by > SMALLEST) & (by < 1 / SMALLEST)]
    add(at, operands[begin[at]], c=1.0 / plain[operands[begin[at] + 1]])
    at = graph.at(table.POW)
    at = at[plain[operands[begin[at] + 1]] == 2.0]
    add(at, operands[begin[at]], operands[begin[at]])
    at = graph.at(table.DOT)
    pairs = count[at] // 2
    each, slot = np.repeat(at, pairs), np.arange(pairs.sum()) - np.repeat(starts(pairs)[:-1], pairs)
    first = begin[each] + slot
    add(each, operands[first], operands[first + np.repeat(pairs, pairs)])
    at = at[count[at] % 2 == 1]
    add(at, operands[begin[at] + count[at] - 1])
    owner, x, y, c = map(np.concatenate, zip(*made, strict=True))
    order = np.argsort(owner, kind="stable")
    owner, x, y, c = (part[order] for part in (owner, x, y, c))
    for factor in (x, y):
        taken = factor >= graph.plain
        c[taken] *= plain[factor[taken]]
        factor[taken] = NOTHING
    turned = x == NOTHING
    x[turned], y[turned] = y[turned], NOTHING
    return Terms(starts(np.bincount(owner, minlength=len(count))), owner, x, y, c)

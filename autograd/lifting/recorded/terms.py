"""Nodes as sums of products: the terms c·x·y of all that are one, one after another."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ... import table
from ..layout import Ids
from .graph import Graph
from .multiplying_out import SMALLEST
from .nodes import Numbers, starts

__all__ = ["NOTHING", "Terms", "terms_of"]

NOTHING = -1  # in the place of a factor that a term does not have


class Terms(NamedTuple):
    """The terms of the inner nodes, from left to right: c·x·y, c·x or c."""

    start: Ids  # where the terms of each node begin, and where the last one's end
    owner: Ids  # the node that each term is of
    x: Ids
    y: Ids
    c: Numbers

    @property
    def there(self) -> NDArray[np.bool_]:
        """Which of the nodes are sums of terms."""
        return np.diff(self.start) > 0

    @property
    def multiples(self) -> Ids:
        """The terms of the nodes that are c·x."""
        alone = self.start[:-1][np.diff(self.start) == 1]
        found: Ids = alone[(self.x[alone] != NOTHING) & (self.y[alone] == NOTHING)]
        return found


def terms_of(graph: Graph) -> Terms:
    """The terms of a graph's nodes."""
    begin, count, operands = graph.start[:-1], np.diff(graph.start), graph.operands
    plain = np.append(graph.data, 1.0)
    plain[: graph.plain] = np.nan
    made: list[tuple[Ids, Ids, Ids, Numbers | float]] = []  # (owners, x, y, c), what stands further left first

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

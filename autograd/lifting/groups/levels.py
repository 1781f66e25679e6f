"""Finds the levels of a graph: all nodes of a level can be computed at once, from nodes of lower levels."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..layout import Ids, Layout
from ..recorded.nodes import Nodes, Sum, hashes
from ..repeats.steps import Repeated
from .bundles import Sums
from .ragged import padded
from .recognition import Group, arranged, arranged_sums

__all__ = ["levels", "worked_out"]


def levels(nodes: Nodes, is_plain: NDArray[np.bool_], order: Iterable[Any]) -> list[list[Any]]:
    """Returns lists of nodes, given by their rows, or of loops: a list for each kind on each level.

    The lists are in order from the leaves up.

    `order` has rows and loops, each after its operands. `is_plain` tells which numbers stand for plain numbers.
    """
    level = [0] * len(is_plain)
    above = level.__getitem__
    alike: dict[tuple[int, Any], list[Any]] = {}
    numbers, start, operands = nodes.numbers.tolist(), nodes.start.tolist(), nodes.operands.tolist()
    fixed = np.array([op is not None and len(op.slopes) > 0 for op in nodes.ops])[nodes.kind]
    kinds = hashes(nodes.kind, nodes.start, np.where(fixed[nodes.owner], is_plain[nodes.operands], -1)).tolist()
    for item in order:
        if isinstance(item, Repeated):
            height, kind = 1 + max(map(above, item.outside), default=0), item.kind
            for made in item.nodes.ravel().tolist():
                level[made] = height
        else:
            height, kind = 1 + max(map(above, operands[start[item] : start[item + 1]]), default=0), kinds[item]
            level[numbers[item]] = height
        alike.setdefault((height, kind), []).append(item)

    def place(key: tuple[int, Any]) -> tuple[int, int]:
        first = alike[key][0]
        return key[0], int(first.nodes[0, 0]) if isinstance(first, Repeated) else numbers[first]

    return [alike[key] for key in sorted(alike, key=place)]


def worked_out(layout: Layout, nodes: Nodes, alike: list[int]) -> list[Group]:
    """Returns groups of the nodes in these rows, which are of one kind; each group gets an array in the layout."""
    return [group._replace(array=layout.add(group.nodes, group.shape, group.read))
            for group in _groups(layout, nodes, np.array(alike))]  # fmt: skip


def _groups(layout: Layout, nodes: Nodes, alike: Ids) -> Iterator[Group]:
    """Yields groups of these nodes, which apply the same operation and may differ in the number of their terms."""
    counts = nodes.start[alike + 1] - nodes.start[alike]
    lengths, first, which = np.unique(
        counts * (int(counts.max()) + 1) + nodes.products[alike], return_index=True, return_inverse=True
    )
    if len(lengths) > 1:
        ragged = _ragged(layout, nodes, alike)
        if ragged is not None:
            yield from ragged
            return
    op = nodes.ops[nodes.kind[alike[0]]]
    for i in np.argsort(first):
        some = alike[which == i]
        columns = nodes.start[some][:, None] + np.arange(counts[first[i]])
        numbers, ids = nodes.numbers[some], nodes.operands[columns]
        if op is not None:
            yield from arranged(layout, op, numbers, ids)
            continue
        n, scale = nodes.products[some[0]], nodes.scale[columns]
        there = (np.ones((len(some), terms), bool) for terms in (n, ids.shape[1] - 2 * n))
        parts = ids[:, :n], ids[:, n : 2 * n], scale[:, :n], ids[:, 2 * n :], scale[:, 2 * n :], nodes.constant[some]
        yield from arranged_sums(layout, Sums(numbers, *parts, *there))


def _ragged(layout: Layout, nodes: Nodes, alike: Ids) -> list[Group] | None:
    """Returns groups of nodes that differ in the number of their terms, as under a causal mask; None if none fit."""
    if len(alike) < 3:
        return None
    numbers, made_of = nodes.numbers[alike], [nodes.record(k) for k in alike.tolist()]
    if not isinstance(made_of[0], Sum):
        rows = [np.array(node.inputs) for node in made_of]  # type: ignore[union-attr]
        found = padded(layout, [rows])
        if found is None:
            return None
        return arranged(layout, made_of[0].op, numbers, found.factors[0], found.mask)
    sums: list[Sum] = made_of  # type: ignore[assignment]
    coefficients = {c for node in sums for c in (*node.c, *node.d)}
    if len(coefficients) != 1 or any(node.constant or bool(node.u) == bool(node.w) for node in sums):
        return None
    products = bool(sums[0].u)
    if any(bool(node.u) != products for node in sums):
        return None
    if products:
        pairs = [np.array(node.u) for node in sums], [np.array(node.v) for node in sums]
        found = padded(layout, pairs) or padded(layout, pairs[::-1])
    else:
        found = padded(layout, [[np.array(node.w) for node in sums]])
    if found is None:
        return None
    scale = np.full(found.mask.shape, coefficients.pop())
    no_nodes, no_numbers, no_mask = (np.zeros((len(alike), 0), kind) for kind in (int, float, bool))
    made = Sums(numbers, no_nodes, no_nodes, no_numbers, no_nodes, no_numbers, np.zeros(len(alike)), no_mask, no_mask)
    if products:
        made = made._replace(u=found.factors[0], v=found.factors[1], c=scale, products=found.mask)
    else:
        made = made._replace(w=found.factors[0], d=scale, singles=found.mask)
    return arranged_sums(layout, made)

"""The levels of a graph: its nodes, those together that can be worked out at once, as groups."""

from collections.abc import Container, Iterator, Mapping
from typing import Any

import numpy as np

from ..layout import Layout
from ..recorded.normal_form import Applied, Sum
from ..repeats.steps import Repeated
from .bundles import Sums
from .ragged import padded
from .recognition import Group, arranged, arranged_sums

__all__ = ["levels", "worked_out"]

Nodes = Mapping[int, Sum | Applied]


def levels(
    nodes: Mapping[int, Sum | Applied] | Mapping[int, Sum | Applied | Repeated], constants: Container[int], size: int
) -> list[list[int]]:
    """The nodes, alike ones of a level together, from the leaves up."""
    level = [0] * size
    above = level.__getitem__
    alike: dict[tuple[Any, ...], list[int]] = {}
    for number, node in nodes.items():
        key: tuple[Any, ...]
        if isinstance(node, Sum):
            height = 1 + max(max(map(above, ids), default=0) for ids in (node.u, node.v, node.w))
            key = height, 0
        elif isinstance(node, Applied):
            height = 1 + max(map(above, node.inputs))
            plain = (i in constants for i in node.inputs) if node.op.slopes else ()
            key = height, id(node.op), *plain
        else:
            height = 1 + max(map(above, node.outside), default=0)
            key = height, 1, node.kind
            for made in node.nodes.ravel().tolist():
                level[made] = height
        level[number] = height
        alike.setdefault(key, []).append(number)
    return [alike[key] for key in sorted(alike, key=lambda key: (key[0], alike[key][0]))]


def worked_out(layout: Layout, nodes: Nodes, alike: list[int]) -> list[Group]:
    """The groups of nodes of one level that are alike, each with an array of its own in the layout."""
    return [group._replace(array=layout.add(group.nodes, group.shape, group.read))
            for group in _groups(layout, nodes, alike)]  # fmt: skip


def _groups(layout: Layout, nodes: Nodes, alike: list[int]) -> Iterator[Group]:
    """The groups that the nodes of a level make, which are alike but for the number of their terms."""
    by_length: dict[Any, list[int]] = {}
    for node in alike:
        found = nodes[node]
        length = (len(found.u), len(found.w)) if isinstance(found, Sum) else len(found.inputs)
        by_length.setdefault(length, []).append(node)
    first = nodes[alike[0]]
    if len(by_length) > 1:
        ragged = _ragged(layout, nodes, alike)
        if ragged is not None:
            yield from ragged
            return
    for some in by_length.values():
        if isinstance(first, Sum):
            yield from arranged_sums(layout, _sums(nodes, some))
        else:
            ids = np.array([nodes[node].inputs for node in some])  # type: ignore[union-attr]  # all are alike
            yield from arranged(layout, first.op, np.array(some), ids)


def _ragged(layout: Layout, nodes: Nodes, alike: list[int]) -> list[Group] | None:
    """The group of nodes that are alike but for the number of their terms, as those of a causal mask are."""
    made_of = [nodes[node] for node in alike]
    if len(alike) < 3:
        return None
    if not isinstance(made_of[0], Sum):
        rows = [np.array(node.inputs) for node in made_of]  # type: ignore[union-attr]
        found = padded(layout, [rows])
        if found is None:
            return None
        return arranged(layout, made_of[0].op, np.array(alike), found.factors[0], found.mask)
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
    made = Sums(
        np.array(alike), no_nodes, no_nodes, no_numbers, no_nodes, no_numbers, np.zeros(len(alike)), no_mask, no_mask
    )
    if products:
        made = made._replace(u=found.factors[0], v=found.factors[1], c=scale, products=found.mask)
    else:
        made = made._replace(w=found.factors[0], d=scale, singles=found.mask)
    return arranged_sums(layout, made)


def _sums(nodes: Mapping[int, Any], alike: list[int]) -> Sums:
    *parts, constants = zip(*(nodes[node] for node in alike), strict=True)
    kinds = int, int, float, int, float
    matrices: Any = (np.array(part, kind).reshape(len(alike), -1) for part, kind in zip(parts, kinds, strict=True))
    u, v, c, w, d = matrices
    there = (np.ones(terms.shape, bool) for terms in (c, d))
    return Sums(np.array(alike), u, v, c, w, d, np.array(constants), *there)

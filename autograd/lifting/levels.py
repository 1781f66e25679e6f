"""The levels of a graph: its nodes, those together that can be worked out at once."""

from collections.abc import Container, Mapping
from typing import Any

import numpy as np

from .layout import Layout
from .normal_form import Applied, Sum
from .recognition import Group, Sums, arranged, arranged_sums
from .repeats import Repeated

__all__ = ["levels", "worked_out"]


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
            key = height, 0, len(node.u), len(node.w)
        elif isinstance(node, Applied):
            height = 1 + max(map(above, node.inputs))
            key = height, id(node.op), *(i in constants for i in node.inputs)
        else:
            height = 1 + max(map(above, node.outside), default=0)
            key = height, 1, node.kind
            for made in node.nodes.ravel().tolist():
                level[made] = height
        level[number] = height
        alike.setdefault(key, []).append(number)
    return [alike[key] for key in sorted(alike, key=lambda key: (key[0], alike[key][0]))]


def worked_out(layout: Layout, nodes: Mapping[int, Sum | Applied], alike: list[int]) -> list[Group]:
    """The groups of nodes of one level that are alike, each with an array of its own in the layout."""
    first = nodes[alike[0]]
    if isinstance(first, Applied):
        ids = np.array([nodes[node].inputs for node in alike])  # type: ignore[union-attr]  # all are alike
        made = arranged(layout, first.op, np.array(alike), ids)
    else:
        made = arranged_sums(layout, _sums(nodes, alike))
    return [group._replace(array=layout.add(group.nodes, group.shape, group.read)) for group in made]


def _sums(nodes: Mapping[int, Any], alike: list[int]) -> Sums:
    *parts, constants = zip(*(nodes[node] for node in alike), strict=True)
    kinds = int, int, float, int, float
    matrices: Any = (np.array(part, kind).reshape(len(alike), -1) for part, kind in zip(parts, kinds, strict=True))
    return Sums._make([np.array(alike), *matrices, np.array(constants)])

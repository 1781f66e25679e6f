"""Nodes that can be worked out together: those of one level that apply the same operation to equally many operands."""

from typing import Any

import numpy as np

from .layout import CONSTANTS, INPUTS, PARAMETERS, Layout
from .normal_form import Applied, NormalForm, Sum
from .recognition import Group, Sums, arranged, arranged_sums

__all__ = ["grouped"]


def grouped(form: NormalForm, parameters: list[int], inputs: list[int]) -> tuple[Layout, list[Group]]:
    """The groups of a graph, each after those it needs, and the arrays they are laid out in.

    `parameters` and `inputs` are the numbers of leaves; with inputs it is one example's graph.
    """
    size = form.size
    data = np.full(size, np.nan)
    data[: len(form.leaves)] = [leaf.data for leaf in form.leaves]
    data[list(form.constants)] = list(form.constants.values())
    array_of = np.full(size, CONSTANTS)
    position_of = np.arange(size)
    for leaves, array in ((parameters, PARAMETERS), (inputs, INPUTS)):
        array_of[leaves] = array
        position_of[leaves] = np.arange(len(leaves))
    plain = size - len(form.constants)
    root = form.outputs[0] if len(form.outputs) == 1 else -1
    layout = Layout(bool(inputs), data, array_of, position_of, len(parameters), len(inputs), plain, root)
    groups: list[Group] = []
    for nodes in _levels(form):
        first = form.nodes[nodes[0]]
        if isinstance(first, Applied):
            ids = np.array([form.nodes[node].inputs for node in nodes])  # type: ignore[union-attr]  # all are alike
            made = arranged(layout, first.op, np.array(nodes), ids)
        else:
            made = arranged_sums(layout, _sums(form, nodes))
        for group in made:
            array = layout.add(group.nodes, group.shape, group.read)
            groups.append(group._replace(array=array))
    return layout, groups


def _levels(form: NormalForm) -> list[list[int]]:
    """The nodes, alike ones of a level together, from the leaves up."""
    level = [0] * form.size
    above = level.__getitem__
    alike: dict[tuple[int, ...], list[int]] = {}
    for number, node in form.nodes.items():
        key: tuple[int, ...]
        if isinstance(node, Sum):
            height = 1 + max(max(map(above, ids), default=0) for ids in (node.u, node.v, node.w))
            key = height, 0, len(node.u), len(node.w)
        else:
            height = 1 + max(map(above, node.inputs))
            key = height, id(node.op), *(i in form.constants for i in node.inputs)
        level[number] = height
        alike.setdefault(key, []).append(number)
    return [alike[key] for key in sorted(alike, key=lambda key: (key[0], alike[key][0]))]


def _sums(form: NormalForm, nodes: list[int]) -> Sums:
    *parts, constants = zip(*(form.nodes[node] for node in nodes), strict=True)
    kinds = int, int, float, int, float
    matrices: Any = (np.array(part, kind).reshape(len(nodes), -1) for part, kind in zip(parts, kinds, strict=True))
    return Sums._make([np.array(nodes), *matrices, np.array(constants)])

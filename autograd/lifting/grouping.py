"""Nodes that can be worked out together: those of one level that apply the same operation to equally many operands."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from .bundles import Sums
from .layout import CONSTANTS, INPUTS, PARAMETERS, Layout
from .normal_form import NormalForm, Sum
from .ragged import padded
from .recognition import Group, arranged, arranged_sums

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
        for group in _groups(layout, form, nodes):
            array = layout.add(group.nodes, group.shape, group.read)
            groups.append(group._replace(array=array))
    return layout, groups


def _groups(layout: Layout, form: NormalForm, nodes: list[int]) -> Iterator[Group]:
    """The groups that the nodes of a level make, which are alike but for the number of their terms."""
    by_length: dict[Any, list[int]] = {}
    for node in nodes:
        found = form.nodes[node]
        length = (len(found.u), len(found.w)) if isinstance(found, Sum) else len(found.inputs)
        by_length.setdefault(length, []).append(node)
    first = form.nodes[nodes[0]]
    if len(by_length) > 1:
        ragged = _ragged(layout, form, nodes)
        if ragged is not None:
            yield from ragged
            return
    for some in by_length.values():
        if isinstance(first, Sum):
            yield from arranged_sums(layout, _sums(form, some))
        else:
            ids = np.array([form.nodes[node].inputs for node in some])  # type: ignore[union-attr]  # all are alike
            yield from arranged(layout, first.op, np.array(some), ids)


def _ragged(layout: Layout, form: NormalForm, nodes: list[int]) -> list[Group] | None:
    """The group of nodes that are alike but for the number of their terms, as those of a causal mask are."""
    alike = [form.nodes[node] for node in nodes]
    if len(nodes) < 3:
        return None
    if not isinstance(alike[0], Sum):
        rows = [np.array(node.inputs) for node in alike]  # type: ignore[union-attr]
        found = padded(layout, [rows])
        if found is None:
            return None
        return arranged(layout, alike[0].op, np.array(nodes), found.factors[0], found.mask)
    sums: list[Sum] = alike  # type: ignore[assignment]
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
    no_nodes, no_numbers, no_mask = (np.zeros((len(nodes), 0), kind) for kind in (int, float, bool))
    made = Sums(
        np.array(nodes), no_nodes, no_nodes, no_numbers, no_nodes, no_numbers, np.zeros(len(nodes)), no_mask, no_mask
    )
    if products:
        made = made._replace(u=found.factors[0], v=found.factors[1], c=scale, products=found.mask)
    else:
        made = made._replace(w=found.factors[0], d=scale, singles=found.mask)
    return arranged_sums(layout, made)


def _levels(form: NormalForm) -> list[list[int]]:
    """The nodes, alike ones of a level together, from the leaves up."""
    level = [0] * form.size
    above = level.__getitem__
    alike: dict[tuple[int, ...], list[int]] = {}
    for number, node in form.nodes.items():
        key: tuple[int, ...]
        if isinstance(node, Sum):
            height = 1 + max(max(map(above, ids), default=0) for ids in (node.u, node.v, node.w))
            key = height, 0
        else:
            height = 1 + max(map(above, node.inputs))
            plain = (i in form.constants for i in node.inputs) if node.op.slopes else ()
            key = height, id(node.op), *plain
        level[number] = height
        alike.setdefault(key, []).append(number)
    return [alike[key] for key in sorted(alike, key=lambda key: (key[0], alike[key][0]))]


def _sums(form: NormalForm, nodes: list[int]) -> Sums:
    *parts, constants = zip(*(form.nodes[node] for node in nodes), strict=True)
    kinds = int, int, float, int, float
    matrices: Any = (np.array(part, kind).reshape(len(nodes), -1) for part, kind in zip(parts, kinds, strict=True))
    u, v, c, w, d = matrices
    there = (np.ones(terms.shape, bool) for terms in (c, d))
    return Sums(np.array(nodes), u, v, c, w, d, np.array(constants), *there)

"""Divides a graph into groups: nodes of one level that apply the same operation to equally many operands."""

from itertools import chain
from typing import Any

import numpy as np

from ..layout import CONSTANTS, INPUTS, PARAMETERS, Layout
from ..recorded.nodes import Nodes
from ..recorded.normal_form import NormalForm
from ..repeats.repeats import rolled
from ..repeats.steps import Repeated, Unrolled, operands
from .levels import levels, worked_out
from .loops import Repetition, repetition
from .recognition import Group

__all__ = ["grouped", "laid_out"]

DEEP = 16  # levels: with fewer, a program is short without loops


def grouped(
    form: NormalForm, parameters: list[int], inputs: list[int], loops: bool = False
) -> tuple[Layout, list[Group | Repetition]]:
    """Returns the layout of a graph's arrays, and a list of its groups, each after the groups it reads.

    `parameters` and `inputs` are the numbers of leaves. If there are inputs, the graph is that of one example. If
    `loops` is true, steps that repeat become loops.
    """
    layout = laid_out(form, parameters, inputs)
    nodes, size = form.nodes, len(form.data)
    found: list[list[Any]] = levels(nodes, np.arange(size) >= form.plain, range(len(nodes.numbers)))
    used: set[int] = set()
    if loops and len(found) >= DEEP:
        records = {number: nodes.record(k) for k, number in enumerate(nodes.numbers.tolist())}
        repeating = rolled(Unrolled(records, form.outputs, range(form.plain, size), size))
        loose = {number: node for number, node in repeating.items() if not isinstance(node, Repeated)}
        nodes, row = Nodes.of(loose), {number: k for k, number in enumerate(loose)}
        last = max(int(node.nodes.max()) if isinstance(node, Repeated) else k for k, node in repeating.items())
        layout.fresh(max(0, 1 + last - size))  # loops may have made new nodes
        numbers = np.arange(len(layout.array_of))
        order = (row.get(number, node) for number, node in repeating.items())
        found = levels(nodes, (form.plain <= numbers) & (numbers < size), order)
        used = {*form.outputs, *chain.from_iterable(map(operands, repeating.values()))}
    groups: list[Group | Repetition] = []
    for alike in found:
        if isinstance(alike[0], Repeated):
            groups.append(repetition(layout, alike, used))
        else:
            groups += worked_out(layout, nodes, alike)
    return layout, groups


def laid_out(form: NormalForm, parameters: list[int], inputs: list[int]) -> Layout:
    """Returns the layout of the leaves and the plain numbers."""
    size = len(form.data)
    array_of, position_of = np.full(size, CONSTANTS), np.arange(size)
    for leaves, array in ((parameters, PARAMETERS), (inputs, INPUTS)):
        array_of[leaves] = array
        position_of[leaves] = np.arange(len(leaves))
    root = form.outputs[0] if len(form.outputs) == 1 else -1
    return Layout(bool(inputs), form.data, array_of, position_of, len(parameters), len(inputs), form.plain, root)

"""Nodes that can be worked out together: those of one level that apply the same operation to equally many operands."""

from itertools import chain

import numpy as np

from ..layout import CONSTANTS, INPUTS, PARAMETERS, Layout
from ..recorded.normal_form import NormalForm
from ..repeats.repeats import rolled
from ..repeats.steps import Repeated, operands
from .levels import levels, worked_out
from .loops import Repetition, repetition
from .recognition import Group

__all__ = ["grouped", "laid_out"]

DEEP = 16  # levels: what has fewer needs no loops to be short


def grouped(
    form: NormalForm, parameters: list[int], inputs: list[int], loops: bool = False
) -> tuple[Layout, list[Group | Repetition]]:
    """The groups of a graph, each after those it needs, and the arrays they are laid out in.

    `parameters` and `inputs` are the numbers of leaves; with inputs it is one example's graph. Steps that repeat become
    loops, if `loops` says so.
    """
    layout = laid_out(form, parameters, inputs)
    straight = levels(form.nodes, form.constants, form.size)
    loops = loops and len(straight) >= DEEP
    nodes = rolled(form) if loops else form.nodes
    if loops:  # there may be new nodes among them
        last = max(int(node.nodes.max()) if isinstance(node, Repeated) else k for k, node in nodes.items())
        layout.fresh(max(0, 1 + last - form.size))
    used = {*form.outputs, *chain.from_iterable(map(operands, nodes.values()))} if loops else set()
    groups: list[Group | Repetition] = []
    for alike in levels(nodes, form.constants, len(layout.array_of)) if loops else straight:
        if isinstance(nodes[alike[0]], Repeated):
            groups.append(repetition(layout, [nodes[node] for node in alike], used))  # type: ignore[misc]  # all are alike
        else:
            groups += worked_out(layout, nodes, alike)  # type: ignore[arg-type]  # no loop is among these
    return layout, groups


def laid_out(form: NormalForm, parameters: list[int], inputs: list[int]) -> Layout:
    """The layout of the leaves and the plain numbers."""
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
    return Layout(bool(inputs), data, array_of, position_of, len(parameters), len(inputs), plain, root)

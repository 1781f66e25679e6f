"""Nodes that can be worked out together: those of one level that apply the same operation to equally many operands."""

import numpy as np

from ..layout import CONSTANTS, INPUTS, PARAMETERS, Layout
from ..recorded.normal_form import NormalForm
from ..repeats.repeats import rolled
from ..repeats.steps import Repeated
from .levels import levels, worked_out
from .loops import Repetition, repetition
from .recognition import Group

__all__ = ["grouped"]

DEEP = 16  # levels: what has fewer needs no loops to be short


def grouped(
    form: NormalForm, parameters: list[int], inputs: list[int], loops: bool = False
) -> tuple[Layout, list[Group | Repetition]]:
    """The groups of a graph, each after those it needs, and the arrays they are laid out in.

    `parameters` and `inputs` are the numbers of leaves; with inputs it is one example's graph. Steps that repeat become
    loops, if `loops` says so.
    """
    nodes, size = form.nodes, len(form.data)
    array_of, position_of = np.full(size, CONSTANTS), np.arange(size)
    for leaves, array in ((parameters, PARAMETERS), (inputs, INPUTS)):
        array_of[leaves] = array
        position_of[leaves] = np.arange(len(leaves))
    root = form.outputs[0] if len(form.outputs) == 1 else -1
    layout = Layout(bool(inputs), form.data, array_of, position_of, len(parameters), len(inputs), form.plain, root)
    is_plain = np.arange(size) >= form.plain
    found = levels(nodes, is_plain, range(len(nodes.numbers)))
    used: set[int] = set()
    if loops and len(found) >= DEEP:
        order = rolled(form)
        found = levels(nodes, is_plain, order)
        straight = nodes.chosen(np.array([item for item in order if not isinstance(item, Repeated)], int))
        used = {*form.outputs, *straight.operands.tolist()}
        used.update(*(item.outside for item in order if isinstance(item, Repeated)))
    groups: list[Group | Repetition] = []
    for alike in found:
        if isinstance(alike[0], Repeated):
            groups.append(repetition(layout, alike, used))
        else:
            groups += worked_out(layout, nodes, alike)
    return layout, groups

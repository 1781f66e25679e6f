"""Makes both passes of a small irregular graph as operations on single numbers, which run on plain floats.

A call of a NumPy function takes as long as twenty operations on floats. So arrays of two or three numbers cost more
time than they save.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...programs.assignments import Assignment, Constant, Leaf, Map, View
from ...programs.backward_kinds import Buffer, Put, Slope
from ..groups.grouping import laid_out
from ..groups.levels import worked_out
from ..groups.loops import Repetition, needs_arrays
from ..groups.recognition import Group
from ..layout import Laid, Layout
from ..recorded.normal_form import NormalForm
from .forward import ForwardPass, forward_pass
from .reverse import BackwardPass, backward_pass

__all__ = ["single_numbers"]

MOST = 160  # operations: larger graphs become arrays
SHARED = 2  # nodes in a group, on average: from here on arrays are faster


def single_numbers(
    form: NormalForm, parameters: list[int], layout: Layout, groups: Sequence[Group | Repetition]
) -> tuple[ForwardPass, BackwardPass] | None:
    """Returns both passes of a graph with one output and no inputs; None if it is large or regular, or needs arrays."""
    if not _is_irregular(form, layout, groups):
        return None
    forward = _number_by_number(form, parameters)
    known: dict[Assignment, bool] = {}
    if not all(_is_single(x, known) for x in forward.assignments):
        return None
    back = backward_pass(forward)
    return (forward, back) if all(_is_single(x, known) for x in back.assignments) else None


def _number_by_number(form: NormalForm, parameters: list[int]) -> ForwardPass:
    alone = laid_out(form, parameters, [])
    places = {alone.place(np.array([node]), Laid((), active=True)): k for k, node in enumerate(parameters)}
    made = [group for k in range(len(form.nodes.numbers)) for group in worked_out(alone, form.nodes, [k])]
    return forward_pass(alone, made, form.outputs, single=True, places=places)


def _is_irregular(form: NormalForm, layout: Layout, groups: Sequence[Group | Repetition]) -> bool:
    nodes = form.nodes
    terms = np.where(nodes.kind == 0, np.diff(nodes.start) - nodes.products, 1)
    if terms.sum() > MOST or len(terms) >= SHARED * len(groups):
        return False
    if any(needs_arrays(nodes.ops[kind]) for kind in np.unique(nodes.kind)):
        return False
    return not any(isinstance(group, Repetition) or _is_layer(layout, group) for group in groups)


def _is_layer(layout: Layout, group: Group) -> bool:
    return len(group.nodes) > 1 and any(bundle.is_sum and bundle.weighs(layout) for bundle in group.bundles)


def _is_single(x: Assignment, known: dict[Assignment, bool]) -> bool:
    """Returns whether an expression consists of single numbers alone. `known` is a memo: expressions share operands."""
    if x not in known:
        known[x] = _is_number(x) and all(_is_single(y, known) for y in _read(x))
    return known[x]


def _is_number(x: Assignment) -> bool:
    if isinstance(x, Put):
        return x.index.shape == ()
    if isinstance(x, View):
        return x.shape == () and isinstance(x.operands[0], Leaf)
    return x.shape == () and isinstance(x, Map | Slope | Constant | Buffer)


def _read(x: Assignment) -> Sequence[Assignment]:
    return () if isinstance(x, View) else x.operands[1:] if isinstance(x, Put) else x.operands

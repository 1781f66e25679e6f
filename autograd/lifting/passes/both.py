"""Both passes of a graph, with what they share under names."""

from __future__ import annotations

from ..groups.grouping import grouped
from ..recorded.normal_form import NormalForm
from .common import common_subexpressions_named
from .forward import ForwardPass, forward_pass
from .reverse import BackwardPass, backward_pass

__all__ = ["both_passes"]


def both_passes(
    form: NormalForm, numbers: tuple[list[int], list[int]], single: bool, backward: bool
) -> tuple[ForwardPass, BackwardPass | None]:
    """The forward pass of a normal form, and the backward pass of a single output; `numbers` are those of the leaves
    that are parameters, and inputs."""
    layout, groups = grouped(form, *numbers, loops=True)
    forward = forward_pass(layout, groups, form.outputs, single)
    back = backward_pass(forward) if single and backward else None
    passes = common_subexpressions_named(forward.assignments, back.assignments if back else ())
    forward.assignments = passes[0]
    if back:
        back.assignments = passes[1]
    return forward, back

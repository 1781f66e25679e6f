"""Makes the forward and the backward pass of a graph, with names for common subexpressions."""

from __future__ import annotations

from ..groups.grouping import grouped
from ..recorded.normal_form import NormalForm
from .common import common_subexpressions_named
from .forward import ForwardPass, forward_pass
from .reverse import BackwardPass, backward_pass
from .single_numbers import single_numbers

__all__ = ["both_passes"]


def both_passes(
    form: NormalForm, numbers: tuple[list[int], list[int]], single: bool, backward: bool, floats: bool = False
) -> tuple[ForwardPass, BackwardPass | None]:
    """Returns the forward pass of a normal form, and the backward pass or None.

    There is a backward pass if `backward` is true and the output is single.

    `numbers` has the node numbers of the parameters and of the inputs. With `floats`, a small irregular graph that has
    a backward pass and no inputs gets passes on single numbers.
    """
    layout, groups = grouped(form, *numbers, loops=True)
    backward = backward and single
    alone = single_numbers(form, numbers[0], layout, groups) if floats and backward and not numbers[1] else None
    forward = alone[0] if alone else forward_pass(layout, groups, form.outputs, single)
    back = alone[1] if alone else backward_pass(forward) if backward else None
    passes = common_subexpressions_named(forward.assignments, back.assignments if back else ())
    forward.assignments = passes[0]
    if back:
        back.assignments = passes[1]
    return forward, back

"""The rules that several kinds of edits share: what goes back along a way instead of the right gradient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np

from ..programs.assignments import Array
from ..programs.recorded import Recorded
from ..programs.reverse import Change, Rule, Way

__all__ = ["all_multiplied", "instead", "multiplied", "of_another", "stopped", "with_operands"]


def instead(by: Array, flow: Array) -> Array:
    """Returns `by`, whatever gradient arrives. `partial(instead, by)` is a rule."""
    return by


def stopped(recorded: Recorded, ways: Iterable[Way]) -> dict[Way, Rule]:
    """Returns rules for ways that pass nothing back: they give zeros."""
    return {way: partial(instead, np.zeros(recorded.target(way).shape)) for way in ways}


def multiplied(recorded: Recorded, way: Way, by: Array | float) -> Rule:
    """Returns the rule that multiplies what the way passes back."""
    return lambda flow: recorded.backward.through(way, flow) * by


def all_multiplied(recorded: Recorded, ways: Iterable[Way], by: float) -> Change:
    """Returns the change that multiplies what these ways pass back."""
    return Change(rules={way: multiplied(recorded, way, by) for way in ways})


def of_another(recorded: Recorded, way: Way, gradient: Array) -> Rule:
    """Returns the rule that passes this gradient back along the way, whatever gradient arrives."""
    return lambda flow: recorded.backward.through(way, gradient)


def with_operands(recorded: Recorded, way: Way, others: Mapping[int, Array]) -> Rule:
    """Returns the rule with other numbers for some operands; `others` maps their positions to the numbers."""
    node = recorded.node(way)
    operands = [others.get(k, operand.value) for k, operand in enumerate(node.operands)]
    return lambda flow: node.back(way.position, flow, node.value, operands)

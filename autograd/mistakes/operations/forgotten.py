"""Makes edits in which a function passes its slope back alone, without the gradient that comes in.

The right gradient of x in y = f(x) is g f′(x), with g the incoming gradient. A backward pass of a layer that returns
f′(x), or the derivative at g, has forgotten to multiply by g.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ... import table
from ...programs.assignments import Array
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..edits import Edit
from .functions import Function
from .slopes import words
from .teams import teams

__all__ = ["forgotten"]

Alone = Callable[[Function, float, Array], Array]  # (the function, t, the incoming gradient) -> the gradient of x


def forgotten(recorded: Recorded, in_one_run: bool = False) -> Iterator[Edit]:
    """Yields edits in which the gradient of x is the slope alone, or is divided by a number of rows or columns later.

    They change all runs of a line, or, `in_one_run`, one of several. Where every incoming gradient is the same number,
    such as 1, nothing is yielded: it would be a factor.
    """
    for team in teams(recorded, in_one_run):
        flows = [recorded.backward.flows[function.y.number] for function in team]
        alike = all(not function.is_softmax and function.x.shape == function.y.shape for function in team)
        if not alike or all(np.ptp(flow) == 0.0 for flow in flows):
            continue
        shapes = {function.x.shape for function in team}
        sizes = {1, *(shape[axis] for shape in shapes if shape for axis in (0, -1))}
        for op, formula in ((table.TANH, "g · 1 − y²"), (table.SIGMOID, "g · y · 1 − y")):
            if {function.op for function in team} == {op}:
                yield _edit(team, "unbracketed", f"brackets are missing in the derivative of {{y}}: {formula} is "
                            "computed, with y = {y} and the incoming gradient g", _unbracketed, 1.0)  # fmt: skip
        for t in (1 / size for size in sorted(sizes)):
            yield _edit(
                team, "alone", "{d} alone {d_is} passed back, not multiplied by the incoming gradient", _slope, t
            )
            yield _edit(team, "inverse alone", "1 divided by {d} is passed back alone, not {d} times the incoming "
                        "gradient", _inverse, t)  # fmt: skip
            yield _edit(team, "alone of gradient", "{p} of the incoming gradient is passed back alone, not {d} "
                        "times the incoming gradient", _of_gradient, t)  # fmt: skip
            if {function.op for function in team} == {table.SIGMOID}:
                yield _edit(team, "half alone", "1 − {y} alone is passed back, not {d} times the incoming gradient",
                            _complement, t)  # fmt: skip
                yield _edit(team, "bracketed alone", "σ(1 − σ(g)), with g the incoming gradient, is passed back alone, "
                            "not {d} times g", _bracketed, t)  # fmt: skip
            is_one_op = team[0].op is not table.RELU and {function.op for function in team} == {team[0].op}
            if is_one_op and any((function.x.value <= 0).any() for function in team):
                yield _edit(team, "mask alone", "the mask ({x} > 0) alone is passed back, not {d} times the incoming "
                            "gradient", _mask, t)  # fmt: skip
            if all(map(_has_two_slopes, team)):
                yield _edit(team, "alone in one branch", "where {p} {p_is} not 1, {p} is passed back alone, not "
                            "multiplied by the incoming gradient", _in_one_branch, t)  # fmt: skip


def _edit(team: Sequence[Function], kind: str, text: str, alone: Alone, t: float) -> Edit:
    made = Change()
    for function in team:
        made = made.and_also(function.passing(partial(alone, function, t)))
    ways = tuple(way for function in team for way in function.inside)
    rank = 4 + (len(team) > 1) + (t != 1.0)
    return Edit(lambda t: made, lambda t: text.format(**words(team)), rank, ways, kind="slope",
                data=(team, kind, text, {}))  # fmt: skip


def _slope(function: Function, t: float, flow: Array) -> Array:
    return t * function.slope(function.y.value, function.x.value)


def _inverse(function: Function, t: float, flow: Array) -> Array:
    return t / function.slope(function.y.value, function.x.value)


def _of_gradient(function: Function, t: float, flow: Array) -> Array:
    return t * function.slope(function.of(flow), flow)


def _unbracketed(function: Function, t: float, flow: Array) -> Array:
    y = function.y.value
    return flow - y * y if function.op is table.TANH else flow * y - y


def _mask(function: Function, t: float, flow: Array) -> Array:
    return t * np.where(function.x.value > 0, 1.0, 0.0)


def _complement(function: Function, t: float, flow: Array) -> Array:
    return t * (1 - function.y.value)


def _bracketed(function: Function, t: float, flow: Array) -> Array:
    return t * function.of(1 - function.of(flow))


def _in_one_branch(function: Function, t: float, flow: Array) -> Array:
    slope = function.slope(function.y.value, function.x.value)
    return np.where(slope == 1.0, flow, t * slope)


def _has_two_slopes(function: Function) -> bool:
    """Returns whether the slopes are 1 and one other number, as those of a leaky ReLU."""
    slopes = np.unique(function.slope(function.y.value, function.x.value))
    return len(slopes) == 2 and slopes[1] == 1.0 and slopes[0] != 0.0

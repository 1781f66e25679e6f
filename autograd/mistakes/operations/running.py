"""Makes edits that treat kept numbers, such as running averages, as if they were the mean and variance of x itself.

For xhat = (x − m) s with kept numbers m and s, the right gradient of x is s g, with g the gradient of xhat. That of
batch normalisation in training has two means besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

import numpy as np

from ... import table
from ...programs.assignments import Array, Assignment, Map
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..edits import Edit, axes_told, called, fixed
from ..relatives import below

__all__ = ["running"]


def running(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits that subtract the means over each set of axes along which the kept numbers do not vary."""
    for node in recorded.backward.order:
        if not (isinstance(node, Map) and node.op in (table.DIV, table.MUL)):
            continue
        difference, spread = node.operands
        if not (isinstance(difference, Map) and difference.op is table.SUB and spread.shape):
            continue
        x, mean = difference.operands
        if not any(x.number in below(recorded)[kept.number] for kept in (mean, spread)):
            s = np.broadcast_to(1 / spread.value if node.op is table.DIV else spread.value, node.shape)
            m = np.broadcast_to(mean.value, node.shape)
            many = range(len(node.shape))
            for axes in (axes for count in many for axes in combinations(many, count + 1)):
                if not (np.ptp(s, axis=axes).any() or np.ptp(m, axis=axes).any()):
                    yield from _edits(node, axes, s)


def _edits(node: Assignment, axes: tuple[int, ...], s: Array) -> Iterator[Edit]:
    way = Way(node.number, 0)
    x, mean = node.operands[0].operands
    text = (
        f"{called(mean)} and {called(node.operands[1])} are treated as the mean and standard deviation of {called(x)} "
        f"along {axes_told(axes)}, with a gradient of their own: in {called(node)} they do not depend on {called(x)}"
    )
    for step_by_step in (False, True):
        rule = partial(_as_if_its_own, node.value, s, axes, step_by_step)
        yield fixed(Change(rules={way: rule}), text, 3, [way])


def _as_if_its_own(xhat: Array, s: Array, axes: tuple[int, ...], step_by_step: bool, g: Array) -> Array:
    """Returns s (g − mean g − xhat · mean(g xhat)). Step by step, the mean of xhat is not taken to be 0."""
    mean = partial(np.mean, axis=axes, keepdims=True)
    centred = xhat - mean(xhat) if step_by_step else xhat
    return np.asarray(s * (g - mean(g) - centred * mean(g * xhat)))

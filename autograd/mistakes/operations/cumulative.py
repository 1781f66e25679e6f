"""Makes edits of running sums: the gradient of S = np.cumsum(x) is a sum from the end, Σ dS over all later places.

In other edits, a sum that a loop adds up goes on from one entry of a gradient to the next, as if never set to 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, Contraction, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change, Way
from ..anew import Anew
from ..edits import Edit, called, fixed, groups, leading, listed
from ..rules import stopped

__all__ = ["cumulative", "sums_not_set_to_zero"]

CLOSE = 1e-12  # relative tolerance for numbers that are computed in two ways
WRONG: tuple[tuple[str, Callable[[Array, int], Array]], ...] = (
    ("summed from the start, not from the end", lambda flow, axis: flow.cumsum(axis=axis)),
    ("passed back unchanged, not summed from the end", lambda flow, axis: flow),
    ("summed over the whole axis, not from the end", lambda flow, axis: _total(flow, axis)),
    ("summed from the end without its own place", lambda flow, axis: _total(flow, axis) - flow.cumsum(axis=axis)),
)


def cumulative(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits of the gradient of each running sum, and one in which the sum of all stands in its place."""
    for node in recorded.backward.order:
        found = _summed(node)
        if found is not None:
            x, axis = found
            ways = leading(recorded, node)
            none = stopped(recorded, ways)
            for text, rule in WRONG:
                jump = {(node.number, x.number): partial(_along, rule, axis)}
                said = f"the gradient of the running sum {called(node)} is {text}"
                yield fixed(Change(none, jumps=jump), said, 3, ways)
            anew = Anew(recorded, {}, {node.number: _total(x.value, axis)})
            jump = {(node.number, x.number): partial(_along, _total, axis)}
            text = f"the sum over the whole axis is used instead of the running sum {called(node)}"
            yield fixed(Change({**anew.rules(), **none}, jumps=jump), text, 3, ways)


def _summed(node: Assignment) -> tuple[Assignment, int] | None:
    """Returns x and the axis if an array is the running sum of its first operand x; else None."""
    if not isinstance(node, View) or len(node.operands) < 3 or node.operands[0].shape != node.shape:
        return None
    x = node.operands[0]
    near = (axis for axis in range(len(node.shape))
            if np.allclose(x.value.cumsum(axis=axis), node.value, rtol=CLOSE, atol=CLOSE))  # fmt: skip
    axis = next(near, None)
    return None if axis is None else (x, axis)


def _total(value: Array, axis: int) -> Array:
    return np.broadcast_to(value.sum(axis=axis, keepdims=True), value.shape)


def _along(rule: Callable[[Array, int], Array], axis: int, flow: Array) -> Array:
    return rule(flow, axis)


def sums_not_set_to_zero(recorded: Recorded) -> Iterator[Edit]:
    """Yields edits in which the gradient from a product is a running sum along an axis."""
    products = [way for way in recorded.backward.passed if isinstance(recorded.node(way), Contraction)]
    for ways in groups(recorded, products):
        targets = [recorded.target(way) for way in ways]
        for axis in range(min(len(array.shape) for array in targets)):
            if all(array.shape[axis] > 1 for array in targets):
                rules = {way: partial(_going_on, recorded, way, axis) for way in ways}
                text = (
                    f"the sum in the gradient of {listed(map(called, targets))} is not set to 0 for each entry along "
                    f"axis {axis}: each entry also has the sums of those before it"
                )
                yield fixed(Change(rules=rules), text, 4 + (len(ways) > 1), ways)


def _going_on(recorded: Recorded, way: Way, axis: int, flow: Array) -> Array:
    return np.cumsum(recorded.backward.through(way, flow), axis=axis)

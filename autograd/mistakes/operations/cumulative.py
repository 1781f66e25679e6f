"""Makes edits of running sums: the gradient of S = np.cumsum(x) is a sum from the end, Σ dS over all later places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from ...programs.assignments import Array, Assignment, View
from ...programs.recorded import Recorded
from ...programs.reverse import Change
from ..anew import Anew
from ..edits import Edit, called, fixed, leading
from ..rules import stopped

__all__ = ["cumulative"]

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
                jump = {node.number: (x.number, partial(_along, rule, axis))}
                said = f"the gradient of the running sum {called(node)} is {text}"
                yield fixed(Change(none, jumps=jump), said, 3, ways)
            anew = Anew(recorded, {}, {node.number: _total(x.value, axis)})
            jump = {node.number: (x.number, partial(_along, _total, axis))}
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

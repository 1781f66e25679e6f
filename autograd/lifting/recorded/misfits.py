"""Finds nodes whose numbers may no longer follow from their operands, because a leaf was changed after recording.

Most graphs are lifted unchanged, so the check must be fast: all nodes of an operation are checked together. Nodes that
fail it, and nodes that it does not know, are then checked one by one in `diagnostics.changes`.
"""

from itertools import chain
from typing import Any

import numpy as np

from ... import table
from ...arrays.rules import ARRAYS
from ...operation import Op
from ...value import Value
from .graph import Graph
from .nodes import Numbers

__all__ = ["misfits"]

CLOSE = 1e-13  # relative: smaller than the rounding that `diagnostics.changes` allows


def misfits(graph: Graph) -> list[Value]:
    """Returns the inner nodes whose number or slopes may not follow from their operands, or cannot be checked here."""
    slopes = np.full(len(graph.operands), np.nan)  # a node keeps no slopes by plain numbers
    slopes[graph.operands < graph.plain] = [*chain.from_iterable([node.local_grads for node in graph.inner])]
    numbers, y = graph.data[graph.operands], graph.data[graph.first : graph.plain]
    fits = np.zeros(len(y), bool)
    with np.errstate(all="ignore"):
        for op in graph.ops:
            if op is table.DOT:
                fits |= _fitting_sums(graph, y, numbers, slopes)
            elif op is not None and op.slopes and table.OPERATIONS.get(op.name) is op:
                at = graph.at(op)
                operands = graph.start[at] + np.arange(len(op.slopes))[:, None]
                fits[at] = _fitting(op, y[at], numbers[operands], slopes[operands])
    return [graph.inner[k] for k in np.flatnonzero(~fits)]


def _fitting(op: Op, y: Numbers, inputs: Numbers, slopes: Numbers) -> Any:
    """Returns an array of bools: whether each node of an operation fits.

    `inputs` and `slopes` have a row for each operand.
    """
    now = op.forward(ARRAYS, *inputs)
    found = _are_close(now, y)
    for position, then in enumerate(slopes):
        found &= np.isnan(then) | _are_close(op.slope(ARRAYS, now, inputs, position), then)
    return found


def _fitting_sums(graph: Graph, y: Numbers, numbers: Numbers, slopes: Numbers) -> Any:
    """Returns an array of bools: whether each inner node is a `dot` that fits.

    Its slope by a factor must be the number of the other factor.
    """
    n, owner, counts = len(y), graph.owner, np.diff(graph.start)
    pairs = (counts // 2)[owner]
    slot = np.arange(len(owner)) - graph.start[owner]
    is_bias = slot == 2 * pairs
    partner = graph.start[owner] + np.where(is_bias, slot, (slot + pairs) % np.maximum(2 * pairs, 1))
    factors = np.where(is_bias, 1.0, numbers[partner])
    misfits = np.bincount(owner, ~np.isnan(slopes) & (slopes != factors), n)
    terms = np.where(is_bias | (slot < pairs), numbers * factors, 0.0)
    close = _are_close(np.bincount(owner, terms, n), y, np.bincount(owner, np.abs(terms), n))
    made = np.zeros(n, bool)
    at = graph.at(table.DOT)
    made[at] = close[at] & (misfits[at] == 0)
    return made


def _are_close(a: Any, b: Any, size: Any = 0.0) -> Any:
    apart = np.abs(a - b)
    return (a == b) | ((apart <= CLOSE * np.maximum(np.maximum(np.abs(a), np.abs(b)), size)) & (apart < np.inf))

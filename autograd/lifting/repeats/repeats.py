"""Finds the runs of a graph: blocks of nodes that repeat, each reading what the block before made, as in a recurrence.

The nodes stand in topological order. A run is a stretch of this order in which the same operations return after every
P nodes, the period. To guess P, nodes are compared by their operation and by the distances to their operands. Operands
that lie further back than a few blocks are left out of the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..recorded.nodes import Applied, Sum
from .blocks import block
from .growing import grown, grows_evenly, whole_again
from .phases import phased
from .steps import Repeated, Unrolled, operands
from .stretches import FEWEST, Flat, Run

__all__ = ["rolled"]

TRIED = 3  # periods tried for each power of 2
SINGLE = 3  # loops with sums over earlier steps: with more of them, as in a batch, arrays are faster than loops
LOW, FAR = 4, 12  # operations: a node of so few is low, if the nodes that read it have so many more
LEAST = 12  # nodes: a shorter run stays as it is


def rolled(form: Unrolled) -> dict[int, Sum | Applied | Repeated]:
    """Returns a dict of the nodes of a graph, each after its operands.

    A run becomes one entry, under the number of its first node; nodes that need no loop stay outside of it.
    """
    if len(form.nodes) < LEAST:
        return dict(form.nodes)
    even = grown(form)
    if even is not None:
        made = _rolled(even)
        if 1 <= sum(isinstance(node, Repeated) and bool(node.pasts) for node in made.values()) <= SINGLE:
            return whole_again(made)
    return _rolled(form)


def _rolled(form: Unrolled) -> dict[int, Sum | Applied | Repeated]:
    """Returns the nodes and loops of the order that has more nodes in loops."""
    order, low = _deepest_first(form)
    made = _in_order(form, order)
    if low:
        other = _in_order(form, [*low, *(number for number in order if number not in low)])
        made = max(made, other, key=_in_loops)
    return made


def _in_loops(nodes: dict[int, Sum | Applied | Repeated]) -> int:
    return sum(node.nodes.size for node in nodes.values() if isinstance(node, Repeated))


def _in_order(form: Unrolled, numbers: list[int]) -> dict[int, Sum | Applied | Repeated]:
    flat = Flat(form, numbers)
    taken = np.zeros(len(numbers), bool)
    found: dict[int, Run] = {}
    for start, period, steps in _candidates(flat):
        for at, until in flat.sequences(start, period, steps):
            free = ~taken[at:until].reshape(-1, period).any(axis=1)
            for begin, end in _stretches(np.append(free, False)):
                run = flat.run(at + begin * period, period, end - begin) if end - begin >= FEWEST else None
                if run is not None and grows_evenly(flat, run):
                    run = phased(flat, run, *_free(taken, run))
                    if run is not None:
                        taken[run.at : run.until] = True
                        found[run.at] = run
    made: dict[int, Sum | Applied | Repeated] = {}
    at = 0
    while at < len(numbers):
        run = found.get(at)
        if run is None:
            made[numbers[at]] = form.nodes[numbers[at]]
            at += 1
            continue
        made |= {numbers[i]: form.nodes[numbers[i]] for i in run.ahead}
        repeated = block(flat, run)
        made[int(repeated.nodes[0, 0])] = repeated
        made |= {numbers[i]: form.nodes[numbers[i]] for i in run.behind}
        at = run.until
    return made


def _free(taken: NDArray[np.bool_], run: Run) -> tuple[int, int]:
    """Returns a run's stretch of nodes with up to a block on each side that no other run has, as (start, end)."""
    period = run.rows.shape[1]
    begin, end = max(0, run.at - period), min(len(taken), run.until + period)
    front, back = np.flatnonzero(taken[begin : run.at]), np.flatnonzero(taken[run.until : end])
    return begin + int(front[-1]) + 1 if len(front) else begin, run.until + int(back[0]) if len(back) else end


def _deepest_first(form: Unrolled) -> tuple[list[int], dict[int, None]]:
    """Returns the numbers of the nodes in topological order, and of those that may come before all others.

    Of a node's operands, the one with the longest chain below it comes first. So nodes that read the steps of a chain,
    and are needed only at the end, stand behind the chain, not within it. A node of a few operations on leaves, such as
    a logarithm of a probability, may be read by some steps: it stands at the first of them, or before all steps.
    """
    height = [0] * form.size
    below: dict[int, list[int]] = {}
    low: list[int] = []
    for number, node in form.nodes.items():
        inner = below[number] = [x for x in reversed(operands(node)) if x in below]
        inner.sort(key=height.__getitem__)
        height[number] = 1 + height[inner[-1]] if inner else 1
        low += [x for x in inner if height[x] <= LOW and height[number] - height[x] > FAR]
    order = _reached(sorted(dict.fromkeys(form.outputs), key=height.__getitem__), below)
    first = {*_reached(low, below)}
    return list(order), {number: None for number in order if number in first}


def _reached(roots: list[int], below: dict[int, list[int]]) -> dict[int, None]:
    """Returns the nodes that these nodes need, each after its operands, of which the last comes first."""
    order: dict[int, None] = {}
    stack = [*roots]
    while stack:
        number = stack[-1]
        if number in order:
            stack.pop()
            continue
        missing = [x for x in below[number] if x not in order]
        if missing:
            stack += missing
        else:
            stack.pop()
            order[number] = None
    return order


def _candidates(flat: Flat) -> Iterator[tuple[int, int, int]]:
    """Returns an iterator over stretches that may be runs, as (start, period, steps), the longest first."""
    n = len(flat.keys)
    found: dict[tuple[int, int, int], None] = {}
    reach = 4
    while reach // 4 * FEWEST <= n:
        hashed = flat.hashed(reach)
        order = np.argsort(hashed, kind="stable")
        same = hashed[order[1:]] == hashed[order[:-1]]
        distance = (order[1:] - order[:-1])[same]
        distance = distance[(distance > reach // 4) & (distance <= reach // 2)]
        if reach == 4:
            distance = np.concatenate([distance, np.ones(1, int)])
        lengths, counts = np.unique(distance, return_counts=True)
        for k in np.argsort(-counts, kind="stable")[:TRIED]:
            period = int(lengths[k])
            agree = np.concatenate([hashed[period:] == hashed[:-period], [False]])
            alike = np.concatenate([flat.keys[period:] == flat.keys[:-period], [False]])
            for begin, end in _stretches(alike):
                inside = agree[begin:end]
                if inside.any() and (longest := max(b - a for a, b in _stretches(np.append(inside, False)))) >= period:
                    steps = (end - begin) // period + 1
                    if steps >= FEWEST and longest and steps * period >= LEAST:
                        found[begin, period, steps] = None
        reach *= 2
    return iter(sorted(found, key=lambda x: (-x[1] * x[2], x[1])))


def _stretches(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Returns the stretches in which the array is true, as (start, end); its last element must be False."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true]).astype(np.int8)))
    return [*zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]

"""Blocks of a graph that repeat, each reading what the one before it made: the steps of a recurrence.

The nodes stand in the order in which they are worked out. A run is a stretch of it in which the same operations come
again after every P nodes. Candidates for P come from nodes that agree in their operation and in how far behind them
their operands stand; where operands stand further away than a few blocks, they say nothing about the block.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..recorded.normal_form import NormalForm
from .blocks import block
from .steps import Repeated
from .stretches import FEWEST, Flat, Run

__all__ = ["rolled"]

TRIED = 3  # lengths of a block, of each order of magnitude
LEAST = 12  # nodes: a shorter run stays as it is


def rolled(form: NormalForm) -> list[int | Repeated]:
    """The nodes of a graph, by their rows, each after what it is made of, with loops in the place of runs."""
    if len(form.nodes.numbers) < LEAST:
        return [*range(len(form.nodes.numbers))]
    order = _deepest_first(form)
    flat = Flat(form, order)
    taken = np.zeros(len(order), bool)
    found: dict[int, Run] = {}
    for start, period, steps in _candidates(flat):
        for at, until in flat.sequences(start, period, steps):
            free = ~taken[at:until].reshape(-1, period).any(axis=1)
            for begin, end in _stretches(np.append(free, False)):
                run = flat.run(at + begin * period, period, end - begin) if end - begin >= FEWEST else None
                if run is not None:
                    taken[run.at : run.until] = True
                    found[run.at] = run
    made: list[int | Repeated] = []
    at = 0
    while at < len(order):
        run = found.get(at)
        if run is None:
            made.append(order[at])
            at += 1
            continue
        stretch = np.array(order[run.at : run.until]).reshape(run.steps, run.period)
        made += stretch[:, run.early].ravel().tolist()
        made.append(block(flat, run))
        made += stretch[:, run.late].ravel().tolist()
        at = run.until
    return made


def _deepest_first(form: NormalForm) -> list[int]:
    """The nodes, by their rows, each after what it is made of, of which the longest chain comes first.

    So what is made of the steps of a chain, and is needed at the end, stands behind the chain and not in between.
    """
    nodes = form.nodes
    row = np.full(len(form.data), -1)
    row[nodes.numbers] = np.arange(len(nodes.numbers))
    start, operands = nodes.start.tolist(), row[nodes.operands].tolist()
    height: list[int] = []
    below: list[list[int]] = []
    for begin, end in pairwise(start):
        inner = sorted([x for x in operands[begin:end][::-1] if x >= 0], key=height.__getitem__)
        below.append(inner)
        height.append(1 + height[inner[-1]] if inner else 1)
    order: dict[int, None] = {}
    stack = sorted(dict.fromkeys(row[form.outputs].tolist()), key=height.__getitem__)
    while stack:
        k = stack[-1]
        if k in order:
            stack.pop()
            continue
        missing = [x for x in below[k] if x not in order]
        if missing:
            stack += missing
        else:
            stack.pop()
            order[k] = None
    return list(order)


def _candidates(flat: Flat) -> Iterator[tuple[int, int, int]]:
    """Stretches that may be runs, (start, period, steps), those that cover most first."""
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
    """Where it is true on end; the last is False."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true]).astype(np.int8)))
    return [*zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]

"""A graph as arrays, in which stretches of nodes are compared: which of them are runs, whose blocks repeat."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from ..layout import Ids
from ..recorded.nodes import Sum
from .steps import Growing, Same, Stepped, Unrolled

__all__ = ["FEWEST", "Flat", "Run"]

FEWEST = 6  # repetitions: fewer are written out, as the notes write z¹, z², …
LAGS = 4  # blocks that an operand may lie behind


class Run(NamedTuple):
    """A stretch of nodes that repeats, and what its block reads."""

    at: int
    period: int
    steps: int
    columns: list[Any]  # of each operand: how many blocks behind, and which node of the block; or Same, or Stepped
    before: dict[tuple[int, int], int]  # the node that stands for one of a block before the first
    early: list[int]  # nodes of the block that need no step before
    late: list[int]  # and those that no later step needs

    @property
    def until(self) -> int:
        """Where it ends."""
        return self.at + self.period * self.steps


class Flat:
    """A normal form as arrays: the operands of all nodes one after another, and their plain numbers."""

    def __init__(self, form: Unrolled, numbers: list[int]) -> None:
        self.form, self.numbers = form, numbers
        kinds: dict[tuple[Any, ...], int] = {}
        keys, operands, plain, counts, plains = [], [], [], [], []
        apart = form.outputs if len(form.outputs) == 1 else []  # it stands for itself
        for number in numbers:
            node = form.nodes[number]
            key: tuple[Any, ...]
            if isinstance(node, Sum):
                key = 0, len(node.u), len(node.w)
                operands += node.u + node.v + node.w
                counts.append(2 * len(node.u) + len(node.w))
                plain += node.c + node.d
                plain.append(node.constant)
                plains.append(len(node.c) + len(node.d) + 1)
            elif isinstance(node, Growing):
                key = (-1,)
                operands.append(node.results[-1])
                counts.append(1)
                plains.append(0)
            else:
                key = id(node.op), *(i in form.constants for i in node.inputs)
                operands += node.inputs
                counts.append(len(node.inputs))
                plains.append(0)
            if number in apart:
                key = (number, *key)
            keys.append(kinds.setdefault(key, len(kinds)))
        self.keys = np.array(keys)
        self.operands, self.plain = np.array(operands, int), np.array(plain, float)
        self.start, self.plain_start = (np.concatenate([[0], np.cumsum(part)]) for part in (counts, plains))
        place = np.full(form.size, -1)
        place[numbers] = np.arange(len(numbers))
        self.place = place[self.operands]  # of each operand in the order; −1 for leaves and plain numbers
        self.owner = np.repeat(np.arange(len(numbers)), counts)
        self.slot = np.arange(len(operands)) - self.start[self.owner]

    def hashed(self, reach: int) -> Ids:
        """A number for each node's operation and operands, those at most `reach` behind it by their distance."""
        distance = np.where(self.place < 0, 0, self.owner - self.place)
        near = np.where(distance <= reach, distance, 0).astype(np.uint64)
        weights = np.random.default_rng(0).integers(1, 2**63, int(self.slot.max()) + 2, dtype=np.uint64)
        mixed = (near + np.uint64(1)) * weights[self.slot]
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        made: Ids = np.add.reduceat(mixed, self.start[:-1]) + self.keys.astype(np.uint64) * np.uint64(
            0x9E3779B97F4A7C15
        )
        return made

    def sequences(self, start: int, period: int, steps: int) -> list[tuple[int, int]]:
        """The parts of a stretch, from where to where, in each of which a step needs the one before.

        Several sequences may stand one after another. The first steps of each read other nodes than most steps do.
        """
        places = self.place[self.start[start] : self.start[start + period * steps]].reshape(steps, -1)
        relative = places - start - period * np.arange(steps)[:, None]
        usual = np.median(relative, axis=0)
        is_usual = (relative == usual) & (places >= start)
        moving = (2 * is_usual.sum(axis=0) > steps) & (usual < period) & (usual >= -LAGS * period)
        if not (moving & (usual < 0)).any():
            return []
        begins = ~is_usual[:, moving].all(axis=1)
        begins[1:] &= ~begins[:-1]
        bounds = np.flatnonzero(np.concatenate([begins, [True]]))
        parts = [(int(a), int(b)) for a, b in pairwise([0, *bounds[bounds > 0].tolist()]) if b - a >= FEWEST]
        return [(start + period * a, start + period * b) for a, b in parts]

    def run(self, start: int, period: int, steps: int) -> Run | None:
        """The run that begins there, or one or a few blocks later; None if no step needs the one before."""
        for skipped in range(min(LAGS, steps - FEWEST) + 1):
            run = self._run(start + skipped * period, period, steps - skipped)
            if run is not None:
                return run
        return None

    def _run(self, at: int, period: int, steps: int) -> Run | None:
        until = at + period * steps
        begin, end = self.start[at], self.start[until]
        ids, places = (part[begin:end].reshape(steps, -1) for part in (self.operands, self.place))
        within = places[-1] >= at
        relative = places - at - period * np.arange(steps)[:, None]
        behind, which = np.divmod(relative[-1], period)
        behind = np.where(within, -behind, 0)
        first = np.arange(steps)[:, None] < behind  # what is read there is of no block
        if behind.max(initial=0) == 0 or behind.max() > LAGS or behind.max() >= steps:
            return None
        if not np.where(within, np.where(first, places < at, relative == relative[-1]), places < at).all():
            return None
        constant = (ids == ids[0]).all(axis=0)
        before: dict[tuple[int, int], int] = {}
        columns: list[Any] = []
        for k in range(ids.shape[1]):
            if not within[k]:
                columns.append(Same(int(ids[0, k])) if constant[k] else Stepped(ids[:, k].copy()))
                continue
            lag, node = int(behind[k]), int(which[k])
            columns.append((lag, node))
            for step in range(lag):
                if before.setdefault((lag - step, node), int(ids[step, k])) != ids[step, k]:
                    return None
        early, late = _apart(period, self.owner[begin : begin + len(columns)] - at, columns)
        run = Run(at, period, steps, columns, before, early, late)
        return run if len(early) + len(late) < period else None


def _apart(period: int, owner: Ids, columns: list[Any]) -> tuple[list[int], list[int]]:
    """The nodes of a block that need no other step: what leads to no circle, and what no circle leads to."""
    reads: list[list[int]] = [[] for _ in range(period)]
    users: list[list[int]] = [[] for _ in range(period)]
    for k, column in zip(owner.tolist(), columns, strict=True):
        if type(column) is tuple:
            reads[k].append(column[1])
            users[column[1]].append(k)
    gone: set[int] = set()
    found = []
    for ways, back in ((reads, users), (users, reads)):
        left = [sum(x not in gone for x in way) for way in ways]
        ready = [k for k in range(period) if left[k] == 0 and k not in gone]
        peeled = []
        while ready:
            k = ready.pop()
            peeled.append(k)
            for x in back[k]:
                left[x] -= 1
                if left[x] == 0 and x not in gone:
                    ready.append(x)
        gone |= set(peeled)
        found.append(sorted(peeled))
    return found[0], found[1]
